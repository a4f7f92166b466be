"""A process that is killed while it finalises leaves a draft or a whole edition, and no lock."""

from __future__ import annotations

import signal
from pathlib import Path

import pytest

from cwg.accounts.models import User
from cwg.report import finalising
from cwg.report.clearance import State
from cwg.report.models import Report
from meetings import editions
from meetings.models import Document, Edition, EditionFile, Settlement
from tests.at_once import run_apart, shared
from tests.report.steps import AT, accept_blockers, cleared, standing

pytestmark = pytest.mark.django_db(transaction=True)

BEFORE = (
    "its document is kept", "the first file is made", "all files are made", "the chain is locked",
    "the edition is kept", "the second file is kept", "the promise is settled",
    "all is ready to be committed",
)  # fmt: skip


def rows() -> tuple[int, ...]:
    """Count what finalising writes."""
    papers = Document.objects.filter(kind="report").count()
    settled = Settlement.objects.filter(by_document__kind="report").count()
    return papers, Edition.objects.count(), EditionFile.objects.count(), settled


def killed(point: str, database: str) -> None:
    """Finalise in a process that is killed once `point` is true."""
    ended = run_apart("tests.report.dying", point, database=database)
    assert ended.returncode == -signal.SIGKILL, ended.stderr


@pytest.mark.parametrize("point", BEFORE)
def test_killed_in_the_middle_it_leaves_a_draft(
    report: Report, secretary: User, chair: User, tmp_path: Path, point: str
) -> None:
    cleared(report, secretary, chair)
    accept_blockers(report, secretary)
    with shared(tmp_path) as database:
        killed(point, database)
        assert rows() == (0, 0, 0, 0)
        assert standing(report) is State.CLEARED
        edition = finalising.finalise(report, by=secretary, at=AT)
        assert rows() == (1, 1, 4, 0)
        assert (edition.designation, standing(report)) == ("", State.FINALISED)
        assert list(editions.verify()) == []


def test_killed_after_the_last_step_it_leaves_a_whole_edition(
    report: Report, secretary: User, chair: User, tmp_path: Path
) -> None:
    cleared(report, secretary, chair)
    accept_blockers(report, secretary)
    with shared(tmp_path) as database:
        killed("all is committed", database)
        assert rows() == (1, 1, 4, 1)
        assert standing(report) is State.FINALISED
        assert list(editions.verify()) == []
        with pytest.raises(editions.NothingChangedError):
            finalising.finalise(Report.objects.get(pk=report.pk), by=secretary, at=AT)
