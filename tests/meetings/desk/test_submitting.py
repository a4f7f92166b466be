"""A document's way to the secretariat: receipt, late, co-sponsors, a topic, later ones, withdrawn."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from auditlog.models import LogEntry

from cwg.accounts.models import User
from meetings import drafting, numbering, proposing, submitting, submitting_mails
from meetings.drafting import Change, Part
from meetings.models import (
    DelegateTerm,
    Document,
    Meeting,
    Message,
    NumberSeries,
    Source,
    Topic,
    WorkingGroup,
)
from tests.meetings.desk.delegating import (
    NOW,
    make_delegate,
    make_draft,
    make_group,
    make_meeting,
    with_co_sponsors,
    word,
)

pytestmark = pytest.mark.django_db


def mails(rule: str) -> list[Message]:
    return list(Message.objects.filter(rule=rule).order_by("pk"))


def proposing_draft(draft: Document, by: User, title: str = "Mending of nets") -> Document:
    texts = {"title": title, "background": "Holes.", "questions": "1. Which holes?\n\n- Who mends?"}
    change = Change(proposal=texts)
    return drafting.save(draft, Part.TOPIC, change, saves=draft.saves, by=by, at=NOW).document


# Submitted


def test_submission_gives_a_receipt_at_once(draft: Document, pole: User) -> None:
    held = submitting.submit(draft, by=pole, at=NOW)
    assert re.fullmatch(r"R(-[2-9A-HJ-NP-Z]{4}){2}", held.receipt or "")
    assert (held.state, held.submitted_at, held.submitted_by, held.late, held.number) == (
        "received", NOW, pole, False, "",
    )  # fmt: skip
    mail = mails("submitting.receipt")
    assert [(each.to, each.subject) for each in mail] == [(pole.email, f"Received: {held.receipt}")]
    assert "It gets its number when the secretariat registers it." in mail[0].body


def test_the_history_begins_with_the_submission(draft: Document, pole: User) -> None:
    assert not LogEntry.objects.get_for_object(draft).exists()
    submitting.submit(draft, by=pole, at=NOW)
    entry = LogEntry.objects.get_for_object(draft).get()
    assert (entry.actor, entry.additional_data) == (
        pole, {"activity": "submitting.submit", "reason": ""},
    )  # fmt: skip
    assert "receipt" in entry.changes_dict


def test_a_second_time_it_is_the_same_one(draft: Document, pole: User) -> None:
    first = submitting.submit(draft, by=pole, at=NOW)
    second = submitting.submit(draft, by=pole, at=NOW + timedelta(days=1))
    assert (first.receipt, first.submitted_at) == (second.receipt, second.submitted_at)
    assert len(mails("submitting.receipt")) == 1


def test_what_a_draft_lacks_is_named_with_its_place(meeting: Meeting, pole: User) -> None:
    draft = make_draft(meeting, pole, purpose="action")
    drafting.save(
        draft, Part.TEXT, Change(without=[draft.files.get().pk]), saves=2, by=pole, at=NOW
    )
    drafting.save(draft, Part.TOPIC, Change(proposal={"title": "T"}), saves=3, by=pole, at=NOW)
    assert [(each.part, each.words) for each in submitting.lacks(draft)] == [
        ("text", "Add its text in English, the language of the original: Word or PDF."),
        ("text", "It is for action: say what the meeting is asked to do."),
        ("topic", "Give the questions to be asked about the topic."),
    ]
    with pytest.raises(submitting.IncompleteError, match="Add its text in English"):
        submitting.submit(draft, by=pole, at=NOW)
    draft.refresh_from_db()
    assert draft.is_draft


def test_what_changed_since_it_was_looked_over_is_not_submitted(
    draft: Document, pole: User, colleague: User
) -> None:
    drafting.save(draft, Part.TEXT, Change({"summary": "X"}), saves=2, by=colleague, at=NOW)
    with pytest.raises(submitting.ChangedMeanwhileError):
        submitting.submit(draft, by=pole, at=NOW, saves=2)
    assert submitting.submit(draft, by=pole, at=NOW, saves=3).receipt


@pytest.mark.parametrize(("seconds", "late"), [(-1, False), (0, True)])
def test_late_is_what_arrives_after_the_deadline(
    draft: Document, meeting: Meeting, pole: User, seconds: int, late: bool
) -> None:
    ends = meeting.documents_deadline().ends
    assert ends is not None
    held = submitting.submit(draft, by=pole, at=ends + timedelta(seconds=seconds))
    assert (held.late, held.late_decision) == (late, "")
    body = mails("submitting.receipt")[0].body
    assert ("the secretariat decides whether it is taken" in body) == late


def test_a_meeting_that_is_closed_takes_none(draft: Document, meeting: Meeting, pole: User) -> None:
    meeting.closed_on = NOW.date()
    meeting.save()
    with pytest.raises(submitting.MeetingOverError, match="Your draft is kept"):
        submitting.submit(draft, by=pole, at=NOW)


# Numbers


@pytest.fixture
def numbering_group(fish: WorkingGroup) -> WorkingGroup:
    fish.number_at_submission = True
    fish.save()
    return fish


def test_where_the_group_numbers_at_submission(
    numbering_group: WorkingGroup, meeting: Meeting, pole: User, kenyan: User
) -> None:
    first, second = (
        submitting.submit(make_draft(meeting, each), by=each, at=NOW) for each in (pole, kenyan)
    )
    assert [(e.number, e.key, e.ordinal, e.state, e.registered_at) for e in (first, second)] == [
        ("CWG-Fish-23/1", "23-1", 1, "registered", NOW),
        ("CWG-Fish-23/2", "23-2", 2, "registered", NOW),
    ]
    later = drafting.begin_later(first, "rev", by=pole, at=NOW)
    drafting.save(
        later, Part.TEXT, Change({"changed": "All."}, files=[word()]), saves=0, by=pole, at=NOW
    )
    held = submitting.submit(later, by=pole, at=NOW)
    assert (held.number, held.key, held.ordinal) == ("CWG-Fish-23/1 Rev.1", "23-1-rev-1", 1)
    assert "Its number is CWG-Fish-23/1 Rev.1." in mails("submitting.receipt")[-1].body


def test_a_late_one_has_no_number_before_the_secretariat_decided(
    numbering_group: WorkingGroup, meeting: Meeting, pole: User
) -> None:
    ends = meeting.documents_deadline().ends
    assert ends is not None
    assert submitting.submit(make_draft(meeting, pole), by=pole, at=ends).number == ""
    assert not NumberSeries.objects.exists()


def test_what_cannot_be_submitted_takes_no_number(
    numbering_group: WorkingGroup, meeting: Meeting, pole: User, kenyan: User
) -> None:
    Topic.objects.create(group=meeting.group, key="nets", title={"fr": "Filets", "en": "Nets"})
    draft = proposing_draft(make_draft(meeting, pole), pole, "Nets")
    with pytest.raises(submitting.IncompleteError, match="has a topic “Nets” already"):
        submitting.submit(draft, by=pole, at=NOW)
    assert submitting.submit(make_draft(meeting, kenyan), by=kenyan, at=NOW).ordinal == 1


def test_a_key_that_a_record_file_gave_is_left_to_its_document(
    numbering_group: WorkingGroup, meeting: Meeting, pole: User
) -> None:
    Document.objects.create(group=meeting.group, meeting=meeting, key="23-1", title={"en": "Old"})
    held = submitting.submit(make_draft(meeting, pole), by=pole, at=NOW)
    assert (held.number, held.key.startswith("draft-pl-")) == ("CWG-Fish-23/1", True)
    assert numbering.read(meeting, held.number) is not None


# Co-sponsors


def test_a_co_sponsor_confirms_by_the_link_of_its_mail(
    draft: Document, pole: User, kenyan: User
) -> None:
    held = with_co_sponsors(draft, pole, "KE", "BR")
    asked = submitting.ask_co_sponsors(held, by=pole, at=NOW)
    assert [str(each) for each in asked] == ["Kenya", "Brazil"]
    submitting.ask_co_sponsors(held, by=pole, at=NOW)
    mail = mails("submitting.ask")
    # Brazil has no delegation here; one text is mailed once
    assert [(each.to, each.private, each.subject) for each in mail] == [
        (kenyan.email, True, "Your co-sponsorship is asked for")
    ]
    found = re.search(r"/desk/co-sponsor/([^/\s]+)/", mail[0].body)
    assert found is not None
    source, person = submitting_mails.by_token(found[1], NOW)
    assert (source, person) == (asked[0], kenyan)
    now = submitting.answer(source, confirmed=True, saves=held.saves, by=person, at=NOW)
    assert (now.confirmed_at, now.confirmed_by) == (NOW, kenyan)
    assert mails("submitting.answered")[0].body.startswith(
        "Kenya confirmed the co-sponsorship of “On nets”."
    )


def test_a_link_ends_with_the_term_and_with_the_source(
    draft: Document, pole: User, kenyan: User
) -> None:
    held = with_co_sponsors(draft, pole, "KE")
    source = submitting.ask_co_sponsors(held, by=pole, at=NOW)[0]
    token = submitting_mails.token(source, kenyan)
    foreign = submitting_mails.token(source, pole)
    assert submitting_mails.by_token(token, NOW)[0] == source
    for wrong in (foreign, token[:-1], "", "x:y"):
        with pytest.raises(submitting_mails.LinkError):
            submitting_mails.by_token(wrong, NOW)
    term = DelegateTerm.objects.get(person=kenyan)
    term.to_day = NOW.date() - timedelta(days=1)
    term.save()
    with pytest.raises(submitting_mails.LinkError):
        submitting_mails.by_token(token, NOW)
    term.to_day = None
    term.save()
    with_co_sponsors(held, pole, "BR")
    with pytest.raises(submitting_mails.LinkError):
        submitting_mails.by_token(token, NOW)


def test_pending_ones_are_asked_and_shown_when_it_is_submitted(
    draft: Document, pole: User, kenyan: User
) -> None:
    held = submitting.submit(with_co_sponsors(draft, pole, "KE"), by=pole, at=NOW)
    source = held.sources.get(member_state__iso="KE")
    assert (source.asked_at, source.is_pending) == (NOW, True)
    assert "Pending co-sponsors: Kenya." in mails("submitting.receipt")[0].body
    assert [each.iso for each in submitting.named(held)] == ["PL", "KE"]
    submitting.answer(source, confirmed=False, saves=held.saves, by=kenyan, at=NOW)
    assert [each.iso for each in submitting.named(held)] == ["PL"]
    with pytest.raises(submitting.AnsweredError, match="Kenya has declined"):
        submitting.answer(source, confirmed=True, saves=held.saves, by=kenyan, at=NOW)
    entry = LogEntry.objects.get_for_object(source).latest("pk")
    assert entry.additional_data["activity"] == "submitting.answer"


def test_in_a_draft_the_answer_may_be_changed_and_is_for_the_text_that_was_read(
    draft: Document, pole: User, kenyan: User
) -> None:
    held = with_co_sponsors(draft, pole, "KE")
    source = submitting.ask_co_sponsors(held, by=pole, at=NOW)[0]
    read = held.saves
    submitting.answer(source, confirmed=True, saves=read, by=kenyan, at=NOW)
    assert submitting.answer(source, confirmed=False, saves=read, by=kenyan, at=NOW).declined_at
    drafting.save(held, Part.TEXT, Change({"summary": "X"}), saves=read, by=pole, at=NOW)
    with pytest.raises(submitting.ChangedMeanwhileError):
        submitting.answer(source, confirmed=True, saves=read, by=kenyan, at=NOW)
    with_co_sponsors(held, pole)
    with pytest.raises(submitting.NotAskedError):
        submitting.answer(source, confirmed=True, saves=read, by=kenyan, at=NOW)


# A topic


def test_one_act_makes_the_document_and_the_topic(
    draft: Document, pole: User, kenyan: User
) -> None:
    held = proposing_draft(with_co_sponsors(draft, pole, "KE", "BR"), pole)
    source = submitting.ask_co_sponsors(held, by=pole, at=NOW)[0]
    submitting.answer(source, confirmed=True, saves=held.saves, by=kenyan, at=NOW)
    assert not Topic.objects.exists()
    held = submitting.submit(held, by=pole, at=NOW)
    topic = Topic.objects.get()
    assert (topic.key, topic.title, topic.background, topic.proposed_in) == (
        "mending-of-nets", {"en": "Mending of nets"}, {"en": "Holes."}, held,
    )  # fmt: skip
    assert [each.text for each in topic.questions.all()] == [
        {"en": "Which holes?"}, {"en": "Who mends?"},
    ]  # fmt: skip
    # Brazil did not answer yet
    assert [each.iso for each in topic.proposed_by.order_by("iso")] == ["KE", "PL"]
    brazilian = make_delegate(held.group, "BR")
    pending = Source.objects.get(member_state__iso="BR")
    submitting.answer(pending, confirmed=True, saves=held.saves, by=brazilian, at=NOW)
    assert [each.iso for each in topic.proposed_by.order_by("iso")] == ["BR", "KE", "PL"]


def test_earlier_topics_on_the_same_matter_are_found(
    draft: Document, pole: User, kenyan: User
) -> None:
    group = draft.group
    for key, title in {
        "holes": "Holes in nets and their mending", "boats": "Boats of public interest",
        "fish": "Council Working Group on fish",
    }.items():  # fmt: skip
        Topic.objects.create(group=group, key=key, title={"en": title})
    Topic.objects.create(group=make_group("birds"), key="n", title={"en": "Mending nests"})
    secret = proposing_draft(make_draft(draft.meeting, kenyan), kenyan, "Mending by machines")  # type: ignore[arg-type]
    submitting.submit(secret, by=kenyan, at=NOW)
    poland, kenya = draft.member_state_id, secret.member_state_id

    def found(state: int | None, title: str) -> list[tuple[str, tuple[str, ...]]]:
        return [(e.topic.key, e.in_common) for e in proposing.earlier(group, state, title)]

    assert found(poland, "The Mending of NETS by a working group") == [
        ("holes", ("mending", "nets"))
    ]
    assert found(poland, "Boats") == [("boats", ("boats",))]
    assert found(poland, "Something else") == []
    assert [key for key, _ in found(poland, "")] == ["fish", "boats", "holes"]
    # what another delegation proposed is not read before it is registered
    assert [key for key, _ in found(kenya, "")] == ["mending-by-machines", "fish", "boats", "holes"]


# Withdrawn


def test_a_withdrawn_one_keeps_its_number_and_says_why(
    fish: WorkingGroup, meeting: Meeting, pole: User
) -> None:
    fish.number_at_submission = True
    fish.save()
    held = submitting.submit(make_draft(meeting, pole), by=pole, at=NOW)
    with pytest.raises(submitting.ReasonMissingError):
        submitting.withdraw(held, "  ", by=pole, at=NOW)
    gone = submitting.withdraw(held, "Overtaken.", by=pole, at=NOW)
    assert (gone.state, gone.number, gone.withdrawn_reason) == (
        "withdrawn", "CWG-Fish-23/1", "Overtaken.",
    )  # fmt: skip
    entry = LogEntry.objects.get_for_object(held).latest("pk")
    assert entry.additional_data == {"activity": "submitting.withdraw", "reason": "Overtaken."}
    with pytest.raises(submitting.NotSubmittedError):
        submitting.withdraw(held, "Again.", by=pole, at=NOW)
    with pytest.raises(drafting.NoParentError):
        drafting.begin_later(held, "rev", by=pole, at=NOW)
    assert submitting.submit(make_draft(meeting, pole), by=pole, at=NOW).number == "CWG-Fish-23/2"


def test_a_draft_is_deleted_and_a_closed_meetings_document_stays(
    draft: Document, meeting: Meeting, pole: User
) -> None:
    with pytest.raises(submitting.NotSubmittedError):
        submitting.withdraw(draft, "Why not.", by=pole, at=NOW)
    held = submitting.submit(draft, by=pole, at=NOW)
    meeting.closed_on = NOW.date()
    meeting.save()
    with pytest.raises(submitting.ClosedMeetingError):
        submitting.withdraw(held, "Too late.", by=pole, at=NOW)


def test_a_draft_goes_to_another_meeting_without_its_items(
    draft: Document, meeting: Meeting, pole: User
) -> None:
    other = make_meeting(meeting.group, 24, in_days=200)
    items = list(meeting.agenda_items.all()[:1])
    drafting.save(draft, Part.ABOUT, Change(agenda_items=items), saves=2, by=pole, at=NOW)
    drafting.save(draft, Part.ABOUT, Change({"meeting": other}), saves=3, by=pole, at=NOW)
    draft.refresh_from_db()
    assert (draft.meeting, draft.agenda_items.count()) == (other, 0)


def test_nothing_comes_after_what_was_withdrawn(draft: Document, pole: User) -> None:
    held = submitting.submit(draft, by=pole, at=NOW)
    later = drafting.begin_later(held, "rev", by=pole, at=NOW)
    change = Change({"changed": "All."}, files=[word()])
    drafting.save(later, Part.TEXT, change, saves=0, by=pole, at=NOW)
    submitting.withdraw(held, "A mistake.", by=pole, at=NOW)
    with pytest.raises(drafting.NoParentError, match="stands as “withdrawn”"):
        submitting.submit(later, by=pole, at=NOW)
    later.refresh_from_db()
    assert (later.is_draft, later.receipt) == (True, None)
