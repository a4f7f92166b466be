"""Passages under tags, and what guests say about a draft: what stays, what is refused and why."""

from __future__ import annotations

from datetime import timedelta

import pytest
from auditlog.models import LogEntry
from django.core.exceptions import ValidationError

from consultations.models import Attachment, Contribution, Standing, SummaryGuest, TaggedPassage
from consultations.summary import commenting, mails, second_reading, tagging
from consultations.summary.commenting import Guest
from consultations.summary.finalising import held_up_by
from consultations.summary.states import FinalError, ReasonMissingError, State, state
from consultations.summary.tagging import Place
from tests.consultations.making import make_contribution, make_round
from tests.consultations.summarizing import AT, LATER, Desk, make_desk

pytestmark = pytest.mark.django_db
SOON = AT + timedelta(hours=1)


@pytest.fixture
def desk() -> Desk:
    return make_desk()


@pytest.fixture
def one(desk: Desk) -> Contribution:
    return desk.contribution(answers={1: "More <b>languages</b> for all."}, text="Thank you.")


# Tags


def test_words_are_tagged_where_they_stand_and_untagged_with_their_history(
    desk: Desk, one: Contribution
) -> None:
    held = tagging.add(desk.round, "  Many   languages ", by=desk.writer, question=desk.question(1))
    assert held.name == "Many languages"
    place = Place(desk.question(1), 5, 21)
    made = tagging.tag(held, one, place, "<b>languages</b>", by=desk.writer, at=AT)
    again = Place(desk.question(1), 5, 21)
    with pytest.raises(tagging.TaggedAlreadyError, match="These words have this tag already"):
        tagging.tag(held, one, again, "<b>languages</b>", by=desk.reader, at=AT)
    with pytest.raises(tagging.TagUsedError, match="A passage stands under “Many languages”"):
        tagging.remove(held, by=desk.writer)
    off = tagging.untag(made, by=desk.reader, at=LATER)
    assert tagging.untag(made, by=desk.lead, at=LATER + timedelta(days=1)) == off
    off.refresh_from_db()
    assert (off.made_by, off.removed_by, off.removed_at) == (desk.writer, desk.reader, LATER)
    tagging.tag(held, one, place, "<b>languages</b>", by=desk.writer, at=LATER)
    assert TaggedPassage.objects.count() == 2
    entries = LogEntry.objects.filter(content_type__model="taggedpassage").order_by("pk")
    assert [(each.actor, each.action) for each in entries] == [
        (desk.writer, LogEntry.Action.CREATE), (desk.reader, LogEntry.Action.UPDATE),
        (desk.writer, LogEntry.Action.CREATE),
    ]  # fmt: skip


def test_a_tag_of_one_question_takes_words_of_its_answers_alone(
    desk: Desk, one: Contribution
) -> None:
    of_one = tagging.add(desk.round, "Languages", by=desk.writer, question=desk.question(1))
    of_all = tagging.add(desk.round, "Languages", by=desk.writer)
    thanks = Place(None, 0, 5)
    with pytest.raises(tagging.NotTogetherError):
        tagging.tag(of_one, one, thanks, "Thank", by=desk.writer, at=AT)
    assert tagging.tag(of_all, one, thanks, "Thank", by=desk.writer, at=AT).question is None
    with pytest.raises(tagging.TaggedAlreadyError, match="The round has a tag of this name"):
        tagging.add(desk.round, "LANGUAGES", by=desk.writer)
    with pytest.raises(tagging.TaggedAlreadyError, match="This question has a tag of this name"):
        tagging.add(desk.round, "languages", by=desk.writer, question=desk.question(1))
    other = make_round(desk.round.group, slug="other", key="2027-01")
    with pytest.raises(ValidationError, match="one of another round"):
        tagging.add(desk.round, "Else", by=desk.writer, question=other.questions.first())


def test_words_that_do_not_stand_there_are_not_tagged(desk: Desk, one: Contribution) -> None:
    held = tagging.add(desk.round, "Languages", by=desk.writer)
    asked = desk.question(1)
    one.redactions.create(passage="for all", reason="An example.", made_at=AT)
    file = Attachment.objects.create(
        contribution=one, name="a.pdf", kind="pdf", path="a", size=1, sha256="0", added_at=AT
    )
    two = desk.contribution(answers={1: "Fewer forms."})
    for place, words in (
        (Place(asked, 0, 4), "Less"), (Place(asked, 4, 4), ""), (Place(asked, 0, 400), "More"),
        (Place(asked), "More"), (Place(desk.question(2), 0, 4), "More"),
        (Place(asked, 22, 29), "for all"),  # redacted
        (Place(attachment=file, page=1), " "),
    ):  # fmt: skip
        with pytest.raises(tagging.NotThereError):
            tagging.tag(held, one, place, words, by=desk.writer, at=AT)
    with pytest.raises(tagging.NotThereError):
        tagging.tag(held, two, Place(attachment=file, page=1), "Words", by=desk.writer, at=AT)
    assert (
        tagging.tag(held, one, Place(attachment=file, page=1), "Words", by=desk.writer, at=AT).page
        == 1
    )
    waiting = make_contribution(desk.round, Standing.AWAITING, answers={1: "More."})
    with pytest.raises(tagging.NotPublishedError):
        tagging.tag(held, waiting, Place(asked, 0, 4), "More", by=desk.writer, at=AT)


# Comments


@pytest.fixture
def read(desk: Desk, one: Contribution) -> Desk:
    """A draft of one paragraph that a second reader agreed to."""
    desk.write("One asks for more languages [1].", 1)
    desk.read()
    return desk


def invite(desk: Desk) -> SummaryGuest:
    """Open the window as `open_window` does, for one guest, without a mail."""
    desk.summary.opened_at, desk.summary.open_until = AT, LATER
    desk.summary.save()
    guest: SummaryGuest = desk.summary.guests.create(
        email="guest@example.org",
        name="Example guest",
        organisation="Example Society",
        invited_at=AT,
    )
    return guest


def test_a_draft_that_nobody_else_read_is_shown_to_nobody(desk: Desk, one: Contribution) -> None:
    desk.write("One asks for more languages [1].", 1)
    with pytest.raises(commenting.NotReadError):
        commenting.open_window(desk.summary, [Guest("a@example.org")], LATER, by=desk.lead, at=AT)
    desk.read()
    desk.write("And for fewer forms [1].", 1)
    with pytest.raises(commenting.NotReadError):
        commenting.open_window(desk.summary, [Guest("a@example.org")], LATER, by=desk.lead, at=AT)


def test_a_window_has_guests_and_an_end(read: Desk) -> None:
    with pytest.raises(commenting.NobodyInvitedError):
        commenting.open_window(read.summary, [], LATER, by=read.lead, at=AT)
    with pytest.raises(commenting.NotLaterError):
        commenting.open_window(read.summary, [Guest("a@example.org")], AT, by=read.lead, at=AT)
    with pytest.raises(ValidationError):
        commenting.open_window(read.summary, [Guest("nobody")], LATER, by=read.lead, at=AT)
    assert not SummaryGuest.objects.exists()
    assert [each.email for each in commenting.offered(read.summary)] == ["person@example.org"]


def test_a_guest_comments_while_it_is_open_and_each_comment_is_answered(read: Desk) -> None:
    guest = invite(read)
    about = read.summary.paragraphs.get()
    said = commenting.comment(guest, " Say which. ", at=SOON, paragraph=about, form_key="k1")
    assert commenting.comment(guest, "Say which.", at=SOON, form_key="k1") == said
    assert (said.name, said.organisation, said.text, said.about) == (
        "Example guest", "Example Society", "Say which.", "One asks for more languages [1].",
    )  # fmt: skip
    whole = commenting.comment(guest, "<script>", at=SOON, name="Somebody else")
    assert (whole.name, whole.paragraph, whole.about) == ("Somebody else", None, "")
    assert state(read.summary, SOON) == State.OPEN
    reasons = " ".join(_held_up(read))
    assert "2 comments are not answered." in reasons
    assert "It is open for comments: close the window first." in reasons
    with pytest.raises(ReasonMissingError):
        commenting.answer(said, "not_taken", " ", by=read.writer, at=SOON)
    commenting.answer(said, "not_taken", "It is said already.", by=read.writer, at=SOON)
    with pytest.raises(commenting.AnsweredAlreadyError, match="not taken: “It is said already."):
        commenting.answer(said, "taken", by=read.lead, at=SOON)
    commenting.answer(whole, "taken", by=read.writer, at=SOON)
    commenting.close(read.summary, by=read.lead, at=SOON)
    assert commenting.close(read.summary, by=read.lead, at=LATER).open_until == SOON
    with pytest.raises(commenting.NotOpenError):
        commenting.comment(guest, "Too late.", at=SOON)
    assert _held_up(read) == []


def _held_up(desk: Desk) -> list[str]:
    desk.summary.refresh_from_db()
    return held_up_by(desk.summary, SOON)


def test_a_comment_has_words_a_name_and_a_paragraph_of_this_draft(read: Desk) -> None:
    guest = invite(read)
    with pytest.raises(commenting.NothingSaidError) as refused:
        commenting.comment(guest, "  ", at=SOON)
    assert refused.value.field == "text"
    guest.name = ""
    with pytest.raises(commenting.NothingSaidError) as refused:
        commenting.comment(guest, "Words.", at=SOON)
    assert refused.value.field == "name"
    gone = read.write("To be removed [1].", 1)
    pk = gone.pk
    gone.delete()
    gone.pk = pk
    with pytest.raises(commenting.GoneError):
        commenting.comment(guest, "Words.", at=SOON, name="Me", paragraph=gone)


def test_a_link_is_signed_and_of_one_version(read: Desk) -> None:
    guest = invite(read)
    text = mails.token(guest)
    assert commenting.guest_of(text) == guest
    for wrong in ("", "x", text[:-1], text.swapcase(), mails.token(SummaryGuest(pk=999))):
        assert commenting.guest_of(wrong) is None
    guest.link_version = 2
    guest.save()
    assert commenting.guest_of(text) is None


def test_what_is_final_takes_no_comment_and_no_reader(read: Desk) -> None:
    guest = invite(read)
    commenting.close(read.summary, by=read.lead, at=SOON)
    read.finalise()
    with pytest.raises(FinalError):
        commenting.comment(guest, "Words.", at=SOON)
    with pytest.raises(FinalError):
        second_reading.ask(read.summary, read.reader, by=read.lead, at=LATER)
