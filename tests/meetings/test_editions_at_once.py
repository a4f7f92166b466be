"""Editions frozen at the same moment: each has its number, and its place in the chain of seals."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from meetings import editions
from meetings.models import Document, Edition, Session, WorkingGroup
from tests.at_once import Stop, at_once, shared
from tests.meetings.test_editions import freeze

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def papers(group: WorkingGroup) -> list[Document]:
    """Four documents of a session."""
    session = Session.objects.get(key="council-2026")
    return [
        Document.objects.create(group=group, key=key, session=session, title={"en": key})
        for key in ("a", "b", "c", "d")
    ]


def test_documents_frozen_at_once_stand_in_one_chain(
    papers: list[Document], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stop = Stop()
    monkeypatch.setattr(editions, "_seal", stop.after(editions._seal))
    acts: list[Callable[[], Edition]] = [lambda paper=paper: freeze(paper) for paper in papers]  # type: ignore[misc]  # a default keeps the document
    with shared(tmp_path):
        answers = at_once(stop, *acts)
        assert sorted(Edition.objects.all(), key=str) == sorted(answers, key=str)
        assert len(answers) == 4
        assert list(editions.verify()) == []


def test_a_document_frozen_twice_at_once_has_two_editions_or_a_refusal(
    papers: list[Document], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(editions, "next_of", (stop := Stop()).after(editions.next_of))
    with shared(tmp_path):
        one, same, other, silent = at_once(
            stop,
            lambda: freeze(papers[0], "One."),
            lambda: freeze(papers[0], "One.", reason="Again."),
            lambda: freeze(papers[1], "One."),
            lambda: freeze(papers[0], "Two."),
        )
        assert (one.designation, other.designation) == ("", "")
        assert isinstance(same, editions.NothingChangedError), same
        assert isinstance(silent, editions.NoReasonError), silent
        assert list(editions.verify()) == []
