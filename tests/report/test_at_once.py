"""Two people act on reports at the same moment: one is done, the other is refused by name."""

from __future__ import annotations

from collections.abc import Callable
from io import StringIO
from pathlib import Path

import pytest
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.db import transaction
from django.urls import reverse

from cwg.accounts.models import User
from cwg.report import clearance, drafting, files, finalising
from cwg.report.clearance import State
from cwg.report.gather import gather
from cwg.report.models import Clearance, FinalisedError, Passage, Report
from meetings import editions
from meetings.models import Document, Edition, EditionFile, RoleTerm
from meetings.typesetting.text import render_text
from tests.at_once import Stop, at_once, shared
from tests.conftest import signed_in
from tests.report.steps import AT, accept_blockers, cleared, rename_topic, said, standing
from tests.two_groups import make_group, make_person, make_rows, make_shared

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def files_in_no_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """Make the files of an edition at once: what is in them is shown elsewhere."""
    monkeypatch.setattr(files, "render_document", lambda document, form: form.encode())


def ready(report: Report, lead: User, chair: User) -> Callable[[], Edition]:
    """Bring a report to where it can be finalised; return what finalises it."""
    cleared(report, lead, chair)
    accept_blockers(report, lead)
    return lambda: finalising.finalise(report, by=lead, at=AT)


def verified() -> str:
    """Return what `verify_editions` says; it raises where an edition is broken."""
    out = StringIO()
    call_command("verify_editions", stdout=out)
    return out.getvalue()


def test_two_who_finalise_a_report_make_one_edition(
    report: Report, secretary: User, chair: User, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    finalise, stop = ready(report, secretary, chair), Stop()
    monkeypatch.setattr(finalising, "_document", stop.after(finalising._document))
    with shared(tmp_path):
        first, second = at_once(stop, finalise, finalise)
        assert isinstance(first, Edition), first
        assert isinstance(second, editions.NothingChangedError), second
        assert str(second) == "The latest edition says the same words; no new edition was made."
        assert (Edition.objects.get(), EditionFile.objects.count()) == (first, 4)
        assert Document.objects.filter(kind="report").get() == first.document
        assert list(editions.verify()) == []


def test_reports_of_two_groups_finalised_at_once_stand_in_one_chain(
    report: Report, secretary: User, chair: User, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    group = make_group("other")
    make_rows(group, make_shared())
    others = Report.objects.select_related("session", "type").get(group=group)
    lead, their_chair = (make_person(group, role) for role in (RoleTerm.Role.LEAD, "chair"))
    acts = ready(report, secretary, chair), ready(others, lead, their_chair)
    stop = Stop()
    monkeypatch.setattr(editions, "_seal", stop.after(editions._seal))
    with shared(tmp_path):
        first, second = at_once(stop, *acts)
        assert isinstance(first, Edition), first
        assert isinstance(second, Edition), second
        assert verified() == "2 editions verified.\n"


def test_two_reports_are_not_finalised_under_one_number(
    report: Report, secretary: User, chair: User, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun = Report(
        group=report.group, type=report.type, session=report.session, slug="twin",
        first_day=report.first_day, last_day=report.last_day, as_of=report.as_of,
        signed_by=report.signed_by, document_number="C26/51",
    )  # fmt: skip
    twin = drafting.begin(begun)
    report.document_number = "C26/51"
    report.save()
    acts = ready(report, secretary, chair), ready(twin, secretary, chair)
    accept_blockers(report, secretary)  # those that came with its twin
    stop = Stop()
    monkeypatch.setattr(finalising, "_document", stop.after(finalising._document))
    with shared(tmp_path):
        first, second = at_once(stop, *acts)
        assert isinstance(first, Edition), first
        assert isinstance(second, ValidationError), second
        assert second.messages == ["A number once given is never given again."]
        assert Edition.objects.get() == first


def seen_by_the_chair(report: Report, lead: User) -> str:
    """Send the report to the Chair; return the hash of what the Chair reads."""
    clearance.send(report, by=lead, at=AT)
    return editions.words_of(said(report))


def clear_as_read(report: Report, chair: User, seen: str) -> Callable[[], int]:
    """Return what clears the report as the Chair's page does; it answers with the page's status."""
    address = reverse("admin:report_report_reading", args=[report.pk])
    client = signed_in(chair)
    return lambda: client.post(address, {"act": "clear", "seen": seen}).status_code


def shown_as_changed(report: Report, seen: str, lead: User) -> None:
    """Hold that only what was seen is cleared, and that the other words are not finalised."""
    answer = Clearance.objects.get()
    read = clearance.cleared_document(answer)
    assert (answer.answer, answer.words, editions.words_of(read)) == ("cleared", seen, seen)
    assert ("Islands" in render_text(read), "Islands" in render_text(said(report))) == (False, True)
    assert standing(report) is State.CHANGED
    with pytest.raises(finalising.NotClearedError, match="changed since it was cleared"):
        finalising.finalise(report, by=lead, at=AT)


def test_what_changes_while_the_chair_clears_is_not_cleared(
    report: Report, secretary: User, chair: User, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen, stop = seen_by_the_chair(report, secretary), Stop()
    clear = clear_as_read(report, chair, seen)
    monkeypatch.setattr(Report, "locked", stop.after(Report.locked))
    with shared(tmp_path):
        assert at_once(stop, clear, rename_topic) == [302, None]
        shown_as_changed(report, seen, secretary)


def test_what_the_chair_clears_while_it_changes_is_what_was_seen(
    report: Report, secretary: User, chair: User, tmp_path: Path
) -> None:
    seen, stop = seen_by_the_chair(report, secretary), Stop()
    clear = clear_as_read(report, chair, seen)

    def rename() -> None:
        with transaction.atomic():
            stop.after(rename_topic)()

    with shared(tmp_path):
        assert at_once(stop, rename, clear) == [None, 302]
        shown_as_changed(report, seen, secretary)


def test_what_changes_while_it_is_finalised_is_not_in_the_edition(
    report: Report, secretary: User, chair: User, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    finalise, stop = ready(report, secretary, chair), Stop()
    monkeypatch.setattr(finalising, "gather", stop.after(gather))
    with shared(tmp_path):
        edition, _ = at_once(stop, finalise, rename_topic)
        assert isinstance(edition, Edition), edition
        assert edition.words == Clearance.objects.get().words
        kept = render_text(editions.document_of(edition))
        assert ("Islands" in kept, "Islands" in render_text(said(report))) == (False, True)
        assert standing(report) is State.DRAFT


def test_a_draft_taken_back_at_the_moment_it_is_cleared_has_one_answer(
    report: Report, secretary: User, chair: User, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen, document, stop = seen_by_the_chair(report, secretary), said(report), Stop()
    monkeypatch.setattr(Report, "locked", stop.after(Report.locked))
    with shared(tmp_path):
        taken, refused = at_once(
            stop,
            lambda: clearance.take_back(report, by=secretary, at=AT, reason="A slip."),
            lambda: clearance.clear(report, document, seen=seen, by=chair, at=AT),
        )
        assert isinstance(taken, Clearance), taken
        assert isinstance(refused, clearance.NotWithTheChairError), refused
        assert str(refused) == (
            "The draft is not with the Chair now: it was taken back, or answered already."
        )
        assert Clearance.objects.get().answer == "withdrawn"


def test_a_report_that_is_being_finalised_is_not_removed(
    report: Report, secretary: User, chair: User, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    finalise, stop = ready(report, secretary, chair), Stop()
    monkeypatch.setattr(finalising, "_document", stop.after(finalising._document))
    with shared(tmp_path):
        one, row, rows = at_once(stop, finalise, report.delete, Report.objects.all().delete)
        assert isinstance(one, Edition), one
        assert isinstance(row, FinalisedError), row
        assert isinstance(rows, FinalisedError), rows
        assert standing(report) is State.FINALISED


def test_two_who_write_a_paragraph_at_once_do_not_overwrite_each_other(
    report: Report, chair: User, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    own = Passage.objects.get(report=report, key="recommendation")
    seen, stop = clearance.stamp(own), Stop()
    monkeypatch.setattr(clearance, "stamp", stop.after(clearance.stamp))
    with shared(tmp_path):
        first, second = at_once(
            stop,
            lambda: clearance.write_own(own, "The first.", seen=seen, by=chair),
            lambda: clearance.write_own(own, "The second.", seen=seen, by=chair),
        )
        assert isinstance(first, Passage), first
        assert isinstance(second, clearance.WrittenMeanwhileError), second
        assert second.passage.text == Passage.objects.get(pk=own.pk).text == {"en": "The first."}
