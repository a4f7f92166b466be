"""A draft: begun, saved part by part, never silently over each other, deleted; nothing of it is kept."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from auditlog.models import LogEntry
from django.db import IntegrityError, transaction

from cwg.accounts.models import User
from meetings import drafting, submitting
from meetings.drafting import Change, Part
from meetings.models import AgendaItem, Document, DraftSave, Meeting, Source, TopicProposal
from tests.meetings.desk.delegating import (
    NOW,
    make_draft,
    make_meeting,
    states,
    with_co_sponsors,
    word,
)

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(hours=1)


def kept(folder: Path) -> list[Path]:
    return sorted(folder.rglob("*.docx"))


def test_a_draft_is_begun_once_by_one_form(meeting: Meeting, pole: User) -> None:
    poland = states("PL")[0]
    change = Change({"title": "On nets", "purpose": "action", "original_language": "fr"})
    made = [
        drafting.begin(meeting, poland, change, by=pole, at=NOW, form_key="a" * 20)
        for _ in range(2)
    ]
    assert made[0].pk == made[1].pk
    document = Document.objects.get()
    assert (document.title, document.purpose, document.original_language, document.saves) == (
        {"fr": "On nets"}, "action", "fr", 1,
    )  # fmt: skip
    assert (document.state, document.receipt, document.saved_by) == ("draft", None, pole)
    source = document.sources.get()
    assert (source.member_state.iso, source.confirmed_at) == ("PL", NOW)


def test_a_meeting_that_is_over_or_called_off_takes_none(meeting: Meeting, pole: User) -> None:
    past = make_meeting(meeting.group, 22, in_days=-10)
    off = make_meeting(meeting.group, 24, cancelled_on=NOW.date())
    closed = make_meeting(meeting.group, 25, closed_on=NOW.date())
    taken = Meeting.objects.taking_documents(NOW.date())
    assert list(taken) == [meeting]
    for each in (past, off, closed):
        with pytest.raises(drafting.NoMeetingError):
            drafting.begin(each, states("PL")[0], Change({"title": "T"}), by=pole, at=NOW)
    assert not Document.objects.exists()


def test_each_part_is_saved_and_its_delegation_sees_who_did(
    draft: Document, colleague: User, meeting: Meeting
) -> None:
    item = AgendaItem.objects.get(meeting=meeting, position=2)
    foreign = make_meeting(meeting.group, 24).agenda_items.get(position=1)
    about = Change({"contact": "Ann, ann@example.org"}, agenda_items=[item, foreign])
    drafting.save(draft, Part.ABOUT, about, saves=2, by=colleague, at=LATER)
    drafting.save(
        draft, Part.TOPIC, Change(proposal={"title": "Nets", "questions": "Why?\nHow?"}),
        saves=3, by=colleague, at=LATER,
    )  # fmt: skip
    draft.refresh_from_db()
    assert list(draft.agenda_items.all()) == [item]
    assert (draft.contact, draft.saves, draft.saved_by) == ("Ann, ann@example.org", 4, colleague)
    assert TopicProposal.objects.get().questions == {"en": "Why?\nHow?"}
    saves = DraftSave.objects.values_list("number", "part", "by__email", "at")
    assert list(saves) == [
        (1, "about", "focal_point-pl-fish@example.org", NOW),
        (2, "text", "focal_point-pl-fish@example.org", NOW),
        (3, "about", "delegate-pl-fish@example.org", LATER),
        (4, "topic", "delegate-pl-fish@example.org", LATER),
    ]


def test_what_changes_nothing_is_no_save(draft: Document, pole: User) -> None:
    same = Change({"summary": "Nets have holes."})
    assert drafting.save(draft, Part.TEXT, same, saves=2, by=pole, at=LATER).document.saves == 2
    assert DraftSave.objects.count() == 2


def test_the_same_form_that_comes_again_is_the_same_save(
    draft: Document, pole: User, colleague: User, own_files: Path
) -> None:
    form = Change({"summary": "Other words."}, files=[word("fr")])
    first = drafting.save(draft, Part.TEXT, form, saves=2, by=pole, at=LATER).document
    again = drafting.save(draft, Part.TEXT, form, saves=2, by=pole, at=LATER).document
    assert (first.saves, again.saves, draft.files.count()) == (3, 3, 2)
    # once a colleague has changed it, it is no longer the same
    drafting.save(draft, Part.TEXT, Change({"summary": "Hers."}), saves=3, by=colleague, at=LATER)
    with pytest.raises(drafting.StaleError) as refused:
        drafting.save(draft, Part.TEXT, form, saves=2, by=pole, at=LATER)
    assert refused.value.document.summary == {"en": "Hers."}


def test_the_second_of_two_who_read_the_same_is_refused_and_told_who(
    draft: Document, pole: User, colleague: User
) -> None:
    first = Change({"summary": "The colleague’s words."})
    drafting.save(draft, Part.TEXT, first, saves=2, by=colleague, at=LATER)
    second = Change({"summary": "My words."}, files=[word(text="Mine.")])
    with pytest.raises(drafting.StaleError) as refused:
        drafting.save(draft, Part.TEXT, second, saves=2, by=pole, at=LATER)
    assert str(refused.value).startswith("delegate-pl-fish@example.org saved this page at ")
    assert refused.value.document.summary == {"en": "The colleague’s words."}
    draft.refresh_from_db()
    assert draft.summary == {"en": "The colleague’s words."}


def test_a_save_of_another_part_is_in_nobodys_way(
    draft: Document, pole: User, colleague: User
) -> None:
    drafting.save(draft, Part.TEXT, Change({"summary": "New."}), saves=2, by=colleague, at=LATER)
    drafting.save(draft, Part.ABOUT, Change({"contact": "Ann"}), saves=2, by=pole, at=LATER)
    draft.refresh_from_db()
    assert (draft.summary, draft.contact, draft.saves) == ({"en": "New."}, "Ann", 4)


def test_a_file_is_replaced_in_its_language_and_format(
    draft: Document, pole: User, own_files: Path, django_capture_on_commit_callbacks: object
) -> None:
    before = kept(own_files)
    assert len(before) == 1
    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[operator]
        drafting.save(
            draft, Part.TEXT, Change(files=[word(text="Newer."), word("fr")]),
            saves=2, by=pole, at=LATER,
        )  # fmt: skip
    files = draft.files.values_list("language", "form", "version", "note")
    assert [each[:3] for each in files] == [
        ("en", "docx", "original"), ("fr", "docx", "courtesy"),
    ]  # fmt: skip
    assert all(each[3] for each in files)
    assert len(kept(own_files)) == 2
    assert not set(before) & set(kept(own_files))
    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[operator]
        french = draft.files.get(language="fr")
        drafting.save(draft, Part.TEXT, Change(without=[french.pk]), saves=3, by=pole, at=LATER)
    assert len(kept(own_files)) == 1


def test_a_file_whose_row_fails_is_not_kept(draft: Document, pole: User, own_files: Path) -> None:
    before = kept(own_files)
    nowhere: Any = None  # no row can name it
    bad = Change({"summary": "S"}, files=[word("fr"), word(nowhere)])
    with pytest.raises(IntegrityError), transaction.atomic():
        drafting.save(draft, Part.TEXT, bad, saves=2, by=pole, at=LATER)
    assert kept(own_files) == before
    draft.refresh_from_db()
    assert (draft.files.count(), draft.summary) == (1, {"en": "Nets have holes."})


def test_another_language_of_the_original_takes_the_texts_along(
    draft: Document, pole: User
) -> None:
    drafting.save(draft, Part.TOPIC, Change(proposal={"title": "Nets"}), saves=2, by=pole, at=LATER)
    drafting.save(
        draft, Part.ABOUT, Change({"original_language": "fr", "title": "Des filets"}),
        saves=3, by=pole, at=LATER,
    )  # fmt: skip
    draft.refresh_from_db()
    assert (draft.title, draft.summary) == ({"fr": "Des filets"}, {"fr": "Nets have holes."})
    assert TopicProposal.objects.get().title == {"fr": "Nets"}
    assert draft.files.get().version == "courtesy"  # it is in English


def test_co_sponsors_stand_in_the_order_agreed(draft: Document, pole: User) -> None:
    with_co_sponsors(draft, pole, "KE", "BR", "KE", "PL")
    draft.refresh_from_db()
    with_co_sponsors(draft, pole, "JP", "KE")
    sources = draft.sources.values_list("member_state__iso", "position")
    assert list(sources) == [("PL", 1), ("JP", 2), ("KE", 3)]


def test_who_confirmed_a_text_is_pending_again_when_it_changes(
    draft: Document, pole: User, kenyan: User
) -> None:
    held = with_co_sponsors(draft, pole, "KE")
    source = submitting.ask_co_sponsors(held, by=pole, at=NOW)[0]
    submitting.answer(source, confirmed=True, saves=held.saves, by=kenyan, at=NOW)
    plain = drafting.save(held, Part.ABOUT, Change({"contact": "Ann"}), saves=3, by=pole, at=LATER)
    assert (plain.asked_anew, Source.objects.get(pk=source.pk).confirmed_at) == ((), NOW)
    saved = drafting.save(
        held, Part.TEXT, Change({"summary": "Other."}), saves=4, by=pole, at=LATER
    )
    assert saved.asked_anew == ("Kenya",)
    assert Source.objects.get(pk=source.pk).is_pending
    assert draft.sources.get(member_state__iso="PL").confirmed_at == NOW


def test_nothing_about_a_draft_is_in_the_history(
    meeting: Meeting, pole: User, kenyan: User
) -> None:
    before = LogEntry.objects.count()
    draft = make_draft(meeting, pole)
    held = with_co_sponsors(draft, pole, "KE")
    drafting.save(held, Part.TOPIC, Change(proposal={"title": "Nets"}), saves=3, by=pole, at=NOW)
    drafting.save(
        held, Part.ABOUT, Change(agenda_items=list(meeting.agenda_items.all())), saves=4, by=pole, at=NOW
    )  # fmt: skip
    source = submitting.ask_co_sponsors(held, by=pole, at=NOW)[0]
    submitting.answer(source, confirmed=True, saves=5, by=kenyan, at=NOW)
    drafting.delete(held)
    assert LogEntry.objects.count() == before
    # there is something that could have been kept
    meeting.place = {"en": "Geneva"}
    meeting.save()
    assert LogEntry.objects.count() == before + 1


def test_a_deleted_draft_is_gone_with_its_files(
    draft: Document, pole: User, own_files: Path, django_capture_on_commit_callbacks: object
) -> None:
    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[operator]
        drafting.delete(draft)
    assert not Document.objects.exists()
    assert kept(own_files) == []
    with pytest.raises(drafting.GoneError):
        drafting.save(draft, Part.TEXT, Change({"summary": "S"}), saves=2, by=pole, at=LATER)


def test_what_was_submitted_is_no_draft(draft: Document, pole: User) -> None:
    held = submitting.submit(draft, by=pole, at=NOW)
    with pytest.raises(drafting.NotDraftError, match=held.receipt):
        drafting.save(draft, Part.TEXT, Change({"summary": "S"}), saves=2, by=pole, at=LATER)
    with pytest.raises(drafting.NotDraftError):
        drafting.delete(draft)


def test_a_revision_begins_with_what_the_newest_says(draft: Document, pole: User) -> None:
    with_co_sponsors(draft, pole, "KE")
    with pytest.raises(drafting.NoParentError):
        drafting.begin_later(draft, "rev", by=pole, at=NOW)
    held = submitting.submit(draft, by=pole, at=NOW)
    first = drafting.begin_later(held, "rev", by=pole, at=NOW)
    assert drafting.begin_later(held, "rev", by=pole, at=NOW) == first
    assert (first.parent, first.relation, first.title, first.summary, first.meeting) == (
        held, "rev", held.title, held.summary, held.meeting,
    )  # fmt: skip
    assert [(each.member_state.iso, each.is_pending) for each in first.sources.all()] == [
        ("PL", False), ("KE", True),
    ]  # fmt: skip
    drafting.save(
        first, Part.TEXT, Change({"summary": "More.", "changed": "All."}, files=[word()]),
        saves=0, by=pole, at=NOW,
    )  # fmt: skip
    second = drafting.begin_later(submitting.submit(first, by=pole, at=NOW), "rev", by=pole, at=NOW)
    assert (second.parent, second.summary) == (held, {"en": "More."})
    correction = drafting.begin_later(held, "corr", by=pole, at=NOW)
    assert (correction.parent, correction.relation, correction.summary) == (held, "corr", None)


def test_the_form_that_begins_sent_again_writes_over_nobody(
    meeting: Meeting, pole: User, colleague: User
) -> None:
    poland = states("PL")[0]
    change = Change({"title": "On nets", "purpose": "action", "original_language": "en"})
    made = drafting.begin(meeting, poland, change, by=pole, at=NOW, form_key="a" * 20)
    drafting.save(made, Part.ABOUT, Change({"title": "On ropes"}), saves=1, by=colleague, at=NOW)
    with pytest.raises(drafting.StaleError):
        drafting.begin(meeting, poland, change, by=pole, at=NOW, form_key="a" * 20)
    assert Document.objects.get().title == {"en": "On ropes"}
