"""The dates of a group that everybody may put into a calendar: openings, closings, meetings."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, time

from auditlog.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.db.models import Count, Max, Model

from consultations import announcing
from consultations.access import public_consultations
from consultations.models import Consultation
from meetings.deadline import Moment
from meetings.icalendar import Event, unique
from meetings.languages import in_any_language
from meetings.models import Meeting, WorkingGroup
from meetings.site_address import absolute, host
from meetings.wording.messages import messages


@dataclass(frozen=True, slots=True)
class Changed:
    """How often a row was changed, and when last."""

    times: int
    last: datetime


def events(group: WorkingGroup) -> list[Event]:
    """Return what stands in a group’s calendar, in the order of time; the number of queries is fixed.

    What is known only by its month has no day to stand on, and is left out.
    """
    rounds = list(
        public_consultations()
        .filter(group=group)
        .select_related("group")
        .prefetch_related("consultation_topics__topic", "extensions")
    )
    meetings = list(Meeting.objects.filter(group=group).select_related("group"))
    told = _changes(Consultation, rounds)
    found = [event for each in rounds for event in _of_round(each, told.get(each.pk))]
    said = _changes(Meeting, meetings)
    found += [_of_meeting(each, group, said.get(each.pk)) for each in meetings]
    return sorted(found, key=lambda each: (_when(each), each.uid))


def event_of(meeting: Meeting) -> Event:
    """Return a meeting as it stands in its group's calendar."""
    return _of_meeting(meeting, meeting.group, _changes(Meeting, [meeting]).get(meeting.pk))


def _when(event: Event) -> datetime:
    if event.at is not None:
        return event.at
    assert event.first_day is not None
    return datetime.combine(event.first_day, time(0), UTC)


def _of_round(consultation: Consultation, changed: Changed | None) -> Iterator[Event]:
    moves = len(consultation.extensions.all())
    deadline = consultation.deadline()
    closes = f"Closes on {deadline.words(messages('en'))}."
    extended = f" Extended {'once' if moves == 1 else f'{moves} times'}." if moves else ""
    for kind, verb, moment, text in (
        ("opening", "Opens", consultation.opening(), closes),
        ("closing", "Closes", deadline.now, f"{closes}{extended}"),
    ):
        if moment.at is None and moment.day is None:
            continue
        words = moment.words(messages("en"))
        yield Event(
            uid=unique((kind, consultation.key, consultation.group.slug), host()),
            # the house's own time stands in words: a midnight shows on the day that it begins
            title=f"{verb} {words}: {announcing.name(consultation)}",
            address=absolute(consultation.get_absolute_url()),
            changed=_since(changed, moment),
            at=moment.at, first_day=moment.day, text=text,
            sequence=(changed.times if changed else 0) + moves,
        )  # fmt: skip


def _since(changed: Changed | None, moment: Moment) -> datetime:
    return changed.last if changed else moment.starts or datetime.min.replace(tzinfo=UTC)


def _of_meeting(meeting: Meeting, group: WorkingGroup, changed: Changed | None) -> Event:
    series = "" if meeting.series == Meeting.Series.OWN else "open consultation "
    return Event(
        uid=unique(("meeting", meeting.number, group.slug), host()),
        title=f"{group} {series}meeting {meeting.ordinal}",
        address=absolute(meeting.get_absolute_url()),
        changed=changed.last if changed else datetime.combine(meeting.first_day, time(0), UTC),
        first_day=meeting.first_day, last_day=meeting.last_day,
        place=in_any_language(meeting.place),
        sequence=changed.times if changed else 0,
        cancelled=meeting.cancelled_on is not None,
    )  # fmt: skip


def _changes(model: type[Model], rows: Iterable[Model]) -> dict[int, Changed]:
    """Return how often and when the history says that rows were changed, by key."""
    entries = (
        LogEntry.objects.filter(
            content_type=ContentType.objects.get_for_model(model),
            object_id__in=[row.pk for row in rows],
        )
        .order_by()
        .values_list("object_id")
        .annotate(times=Count("pk"), last=Max("timestamp"))
    )
    # the first entry says that it was made
    return {key: Changed(times - 1, last) for key, times, last in entries}
