"""An agenda saved as a whole: its stamp, its numbers once it is public, its documents."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from meetings import agenda, closing
from meetings.agenda import Renumbered
from meetings.models import AgendaItem, Document, Meeting, MemberState, Outcome, Statement
from meetings.open_meeting import ClosedError
from meetings.outline import Line
from tests.at_once import Stop, at_once, shared
from tests.meetings.planned import AT, make_agenda


@pytest.fixture
def meeting(twentieth: Meeting) -> Meeting:
    """A meeting with an agenda of four items."""
    make_agenda(twentieth, "Opening", "Contributions", ".From States", "Report")
    return twentieth


def read(meeting: Meeting) -> list[str]:
    return [str(each) for each in agenda.of(Meeting.objects.get(pk=meeting.pk))]


def save(meeting: Meeting, lines: Sequence[Line], confirmed: bool = False) -> Meeting:
    return agenda.save(meeting, lines, seen=agenda.stamp(meeting), confirmed=confirmed)


def paper(meeting: Meeting, key: str, **facts: object) -> Document:
    return Document.objects.create(
        **{"group": meeting.group, "meeting": meeting, "key": key, "title": {"en": key}} | facts
    )


def test_an_agenda_is_written_as_a_whole(meeting: Meeting) -> None:
    opening, contributions, states, report = agenda.lines(meeting)
    save(
        meeting,
        [
            replace(report, title="Report of the last meeting"), replace(states, depth=0),
            replace(contributions, depth=1), Line(2, "New"), opening,
        ],
    )  # fmt: skip
    assert read(meeting) == [
        "1 Report of the last meeting", "2 From States", "2.1 Contributions", "2.1.1 New", "3 Opening",
    ]  # fmt: skip
    kept = agenda.lines(meeting)
    assert (kept[0].key, kept[1].key, kept[4].key) == (report.key, states.key, opening.key)
    save(meeting, kept[1:4])
    assert read(meeting) == ["1 From States", "1.1 Contributions", "1.1.1 New"]
    assert AgendaItem.objects.filter(meeting=meeting).count() == 3


def test_saving_what_is_read_changes_nothing(meeting: Meeting) -> None:
    before = agenda.stamp(meeting)
    save(meeting, agenda.lines(meeting))
    assert agenda.stamp(meeting) == before


def test_a_title_in_another_language_stays(meeting: Meeting) -> None:
    item = meeting.agenda_items.get(title__en="Opening")
    item.title = {"en": "Opening", "fr": "Ouverture"}
    item.save()
    opening, *others = agenda.lines(meeting)
    save(meeting, [replace(opening, title="Beginning"), *others])
    item.refresh_from_db()
    assert item.title == {"en": "Beginning", "fr": "Ouverture"}
    item.title = {"fr": "Ouverture"}
    item.save()
    save(meeting, agenda.lines(meeting))
    item.refresh_from_db()
    assert item.title == {"fr": "Ouverture"}


def test_documents_are_put_on_items_and_drafts_are_left_alone(meeting: Meeting) -> None:
    one, two = paper(meeting, "one"), paper(meeting, "two")
    draft = paper(meeting, "draft", member_state=MemberState.objects.get(iso="BR"))
    opening, contributions, states, report = agenda.lines(meeting)
    draft.agenda_items.set([item_of(states)])
    save(meeting, [opening, contributions, replace(states, documents=(one.pk, two.pk)), report])
    assert agenda.lines(meeting)[2].documents == (one.pk, two.pk)
    save(meeting, [opening, contributions, replace(states, documents=(two.pk,)), report])
    assert [each.key for each in item_of(states).documents.order_by("key")] == ["draft", "two"]
    with pytest.raises(agenda.NotOfThisMeetingError):
        save(meeting, [replace(opening, documents=(draft.pk,))])


def item_of(line: Line) -> AgendaItem:
    assert line.key is not None
    return AgendaItem.objects.get(pk=line.key)


def test_numbers_that_people_know_change_only_where_that_is_said(meeting: Meeting) -> None:
    opening, contributions, states, report = agenda.lines(meeting)
    save(meeting, [contributions, states, opening, report])
    meeting.agenda_published_at = AT
    meeting.save()
    contributions, states, opening, report = agenda.lines(meeting)
    with pytest.raises(agenda.NumbersMoveError) as asked:
        save(meeting, [opening, contributions, states])
    assert asked.value.moved == (
        Renumbered("Contributions", "1", "2"), Renumbered("From States", "1.1", "2.1"),
        Renumbered("Opening", "2", "1"), Renumbered("Report", "3", ""),
    )  # fmt: skip
    assert read(meeting) == ["1 Contributions", "1.1 From States", "2 Opening", "3 Report"]
    save(meeting, [contributions, states, replace(opening, title="Begin"), report, Line(0, "New")])
    assert read(meeting)[2:] == ["2 Begin", "3 Report", "4 New"]
    save(meeting, [opening, contributions, states], confirmed=True)
    assert read(meeting) == ["1 Opening", "2 Contributions", "2.1 From States"]


def test_an_item_with_something_under_it_is_not_removed(meeting: Meeting) -> None:
    opening, contributions, states, report = agenda.lines(meeting)
    Outcome.objects.filter(meeting=meeting, position=1).update(agenda_item=report.key)
    Statement.objects.create(agenda_item=item_of(opening), text="It was said.")
    for left in ([opening, contributions, states], [contributions, states, report]):
        with pytest.raises(agenda.NeededElsewhereError):
            save(meeting, left)
    save(meeting, [opening, report])
    assert read(meeting) == ["1 Opening", "2 Report"]


def test_what_is_of_another_meeting_or_twice_is_refused(meeting: Meeting) -> None:
    other = Meeting.objects.get(group=meeting.group, ordinal=21)
    foreign, *_ = make_agenda(other, "Theirs")
    opening, *_ = agenda.lines(meeting)
    for wrong in ([Line(0, "Mine now", foreign.pk)], [opening, opening]):
        with pytest.raises(agenda.NotOfThisMeetingError):
            save(meeting, wrong)


def test_who_read_an_older_agenda_overwrites_nothing(meeting: Meeting) -> None:
    seen = agenda.stamp(meeting)
    opening, *others = agenda.lines(meeting)
    save(meeting, [replace(opening, title="First"), *others])
    with pytest.raises(agenda.ChangedMeanwhileError):
        agenda.save(meeting, [replace(opening, title="Second"), *others], seen=seen)
    assert read(meeting)[0] == "1 First"


def test_the_agenda_of_a_closed_meeting_does_not_change(meeting: Meeting) -> None:
    lines = agenda.lines(meeting)
    closing.say_no_outcome(meeting, {each.item.pk: "None." for each in closing.missing(meeting)})
    closing.close(meeting, on=meeting.last_day)
    with pytest.raises(ClosedError, match="Reopen it first"):
        save(meeting, lines[:1])


@pytest.mark.django_db(transaction=True)
def test_two_who_save_at_once_do_not_overwrite_each_other(
    meeting: Meeting, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen, (opening, *others) = agenda.stamp(meeting), agenda.lines(meeting)
    stop = Stop()
    monkeypatch.setattr(agenda, "stamp", stop.after(agenda.stamp))

    def retitle(title: str) -> Meeting:
        return agenda.save(meeting, [replace(opening, title=title), *others], seen=seen)

    with shared(tmp_path):
        first, second = at_once(stop, lambda: retitle("One"), lambda: retitle("Two"))
        assert first == meeting
        assert isinstance(second, agenda.ChangedMeanwhileError), second
        assert read(meeting)[0] == "1 One"
