"""What was finalised never changes, and a change made past the program is found."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection, transaction
from django.db.models import ProtectedError

from meetings import editions
from meetings.models import Document, Edition, EditionFile, FrozenError, Session, WorkingGroup
from meetings.typesetting import tree as typeset

AT = datetime(2026, 2, 3, 12, 30, tzinfo=UTC)
FACT = typeset.Origin(typeset.OriginKind.FACT)


def written(words: str) -> typeset.Document:
    """Return a document of one paragraph."""
    paragraph = typeset.Paragraph((), (typeset.Span(words, FACT),), anchor="one")
    return typeset.Document("en", "Title", sections=(typeset.Section("1", (), (), (paragraph,)),))


@pytest.fixture
def paper(group: WorkingGroup) -> Document:
    """A document of a session."""
    session = Session.objects.get(key="council-2026")
    return Document.objects.create(
        group=group, key="c26-51", number="C26/51", session=session, kind="report",
        title={"en": "Report"},
    )  # fmt: skip


def freeze(paper: Document, words: str = "Once.", **more: Any) -> Edition:
    """Keep an edition of `paper` that says `words`, with two files."""
    document = written(words)
    files: dict[str, Callable[[], bytes]] = {
        "text": words.encode,
        "pdf": lambda: b"%PDF " + words.encode(),
    }
    return editions.freeze(paper, document, files, at=AT, by_name="A clerk", **more)


def test_an_edition_keeps_its_words_its_files_and_their_hashes(paper: Document) -> None:
    edition = freeze(paper)
    assert (edition.designation, edition.slug, str(edition)) == ("", "original", "C26/51")
    kept = Edition.objects.get()
    assert editions.document_of(kept) == written("Once.")
    assert {file.form: bytes(file.content) for file in kept.files.all()} == {
        "text": b"Once.", "pdf": b"%PDF Once.",
    }  # fmt: skip
    assert {file.sha256 for file in kept.files.all()} == {
        editions.sha256(b"Once."), editions.sha256(b"%PDF Once."),
    }  # fmt: skip
    assert list(editions.verify()) == []


def test_later_editions_are_numbered_by_their_series(paper: Document) -> None:
    names = [
        freeze(paper, words, series=series, reason=reason).designation
        for words, series, reason in (
            ("One.", "revision", ""), ("Two.", "revision", "A day was wrong."),
            ("Three.", "corrigendum", "A name."), ("Four.", "revision", "A title."),
        )
    ]  # fmt: skip
    assert names == ["", "Rev.1", "Corr.1", "Rev.2"]
    with pytest.raises(editions.NothingChangedError):
        freeze(paper, "Four.", reason="Again.")
    with pytest.raises(editions.NoReasonError):
        freeze(paper, "Five.")
    assert Edition.objects.count() == 4


ATTACKS: dict[str, Callable[[Edition, EditionFile], Any]] = {
    "save": lambda edition, file: edition.save(),
    "save a field": lambda edition, file: edition.save(update_fields=["reason"]),
    "force": lambda edition, file: edition.save(force_update=True),
    "delete": lambda edition, file: edition.delete(),
    "update": lambda edition, file: Edition.objects.update(reason="x"),
    "update one": lambda edition, file: Edition.objects.filter(pk=edition.pk).update(reason="x"),
    "delete all": lambda edition, file: Edition.objects.all().delete(),
    "bulk update": lambda edition, file: Edition.objects.bulk_update([edition], ["reason"]),
    "upsert": lambda edition, file: Edition.objects.bulk_create(
        [edition], update_conflicts=True, update_fields=["reason"], unique_fields=["id"]
    ),
    "base manager": lambda edition, file: Edition._base_manager.filter(pk=edition.pk).update(number=9),
    "through the document": lambda edition, file: edition.document.editions.all().delete(),
    "file save": lambda edition, file: file.save(),
    "file delete": lambda edition, file: file.delete(),
    "files of the edition": lambda edition, file: edition.files.update(content=b"x"),
    "files deleted": lambda edition, file: edition.files.all().delete(),
}  # fmt: skip


@pytest.mark.parametrize("attack", ATTACKS)
def test_no_ordinary_way_changes_an_edition(paper: Document, attack: str) -> None:
    edition = freeze(paper)
    file = edition.files.get(form="text")
    edition.reason, file.content = "changed", b"changed"
    with pytest.raises(FrozenError):
        ATTACKS[attack](edition, file)
    assert Edition.objects.get().reason == ""
    assert bytes(EditionFile.objects.get(form="text").content) == b"Once."
    assert list(editions.verify()) == []


def test_what_an_edition_is_of_stays(paper: Document) -> None:
    freeze(paper)
    with pytest.raises(ProtectedError):
        paper.delete()
    with pytest.raises(ProtectedError):
        Document.objects.filter(pk=paper.pk).delete()


@pytest.mark.parametrize(
    "values",
    [
        {"series": "original", "number": 1},
        {"series": "revision", "number": 0, "reason": "x"},
        {"series": "revision", "number": 1, "reason": ""},
    ],
)
def test_the_database_refuses_an_edition_without_number_or_reason(
    paper: Document, values: dict[str, Any]
) -> None:
    row = Edition(
        document=paper, language="en", tree="{}", tree_sha256="0", words="0", finalised_by="x",
        finalised_at=AT, seal="0", **values,
    )  # fmt: skip
    with pytest.raises(IntegrityError), transaction.atomic():
        row.save()
    assert not Edition.objects.exists()


def test_one_edition_of_each_number_and_one_file_of_each_format(paper: Document) -> None:
    edition = freeze(paper)
    twin = Edition(
        document=paper, language="en", tree="{}", tree_sha256="0", words="0", finalised_by="x",
        finalised_at=AT, seal="0",
    )  # fmt: skip
    with pytest.raises(IntegrityError), transaction.atomic():
        twin.save()
    with pytest.raises(IntegrityError), transaction.atomic():
        EditionFile(edition=edition, form="text", sha256="0", content=b"").save()


def test_a_process_that_dies_in_the_middle_leaves_nothing(paper: Document) -> None:
    def broken() -> bytes:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        editions.freeze(
            paper, written("Once."), {"docx": lambda: b"x", "pdf": broken}, at=AT, by_name="A clerk"
        )
    assert (Edition.objects.count(), EditionFile.objects.count()) == (0, 0)


@pytest.mark.parametrize(
    ("table", "change", "what"),
    [
        ("meetings_edition", "reason = 'later'", "its seal does not agree"),
        ("meetings_edition", "finalised_by = 'Somebody'", "its seal does not agree"),
        ("meetings_edition", "tree = '{}'", "its text is not the one that was finalised"),
        ("meetings_editionfile", "sha256 = 'x'", "is not the one that was finalised"),
    ],
)
def test_a_change_made_past_the_program_is_found(
    paper: Document, table: str, change: str, what: str
) -> None:
    freeze(paper)
    freeze(paper, "Twice.", reason="More.")
    out = StringIO()
    call_command("verify_editions", stdout=out)
    assert out.getvalue() == "2 editions verified.\n"
    with connection.cursor() as cursor:
        cursor.execute(f"UPDATE {table} SET {change}")
    err = StringIO()
    with pytest.raises(CommandError, match=r"^2 of 2 editions do not verify\.$"):
        call_command("verify_editions", stdout=StringIO(), stderr=err)
    assert what in err.getvalue()
