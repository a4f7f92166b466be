"""What the clock reminds of before a meeting: the secretariat of its steps, delegations of the deadline.

Each mail is written once for each person and day: a step whose day moved is told anew. Only meetings
that were planned here remind anybody.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta

from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone

from meetings import checklist, outbox
from meetings.access import staff_of
from meetings.checklist import Look, Step
from meetings.languages import in_any_language
from meetings.models import DelegateTerm, Meeting, Message
from meetings.outbox import Mail
from meetings.record import name_on
from meetings.site_address import absolute
from meetings.wording import dates
from meetings.wording.messages import messages

type ToldIn = Callable[[Meeting], str]

# A meeting that ended so long ago reminds nobody any more
STILL = timedelta(days=365)
# So long after a step was due, or the meeting planned, it is told: less than until the outbox forgets
# that it was (30 days after a mail left, which is a week before the day at the earliest)
TOLD_FOR = timedelta(days=20)
# So long before documents are due their focal points are told
DEADLINE_NEAR = timedelta(days=7)


def remind_staff(at: datetime, told_in: ToldIn) -> int:
    """Write to lead and editors of each step that is due within a week or late; return how many.

    `told_in` says which report tells of a meeting, "" for none.
    """
    return _written(_to_staff(at, told_in), at)


def count_to_remind_staff(at: datetime, told_in: ToldIn) -> int:
    """Return how many mails `remind_staff` would write."""
    return len(_unwritten(_to_staff(at, told_in)))


def remind_delegations(at: datetime) -> int:
    """Write to the focal points that documents are due soon; somebody approves it first."""
    return _written(_to_delegations(at), at)


def count_to_remind_delegations(at: datetime) -> int:
    """Return how many mails `remind_delegations` would write."""
    return len(_unwritten(_to_delegations(at)))


def _written(mails: Iterator[Mail], at: datetime) -> int:
    found = _unwritten(mails)
    for mail in found:
        outbox.write(mail, at=at)
    return len(found)


def _unwritten(mails: Iterator[Mail]) -> list[Mail]:
    found = {mail.key: mail for mail in mails}
    written = set(Message.objects.filter(key__in=found).values_list("key", flat=True))
    return [mail for key, mail in found.items() if key not in written]


def _planned(at: datetime) -> QuerySet[Meeting]:
    since = timezone.localdate(at) - STILL
    planned = Meeting.objects.filter(
        planned_at__isnull=False, cancelled_on=None, last_day__gte=since,
        group__record_kept_here=True,
    )  # fmt: skip
    return planned.select_related("group").prefetch_related("group__names").order_by("pk")


def _to_staff(at: datetime, told_in: ToldIn) -> Iterator[Mail]:
    day = timezone.localdate(at)
    for meeting in _planned(at):
        known = checklist.facts(meeting, told_in(meeting))
        asked = [
            step for step in checklist.steps(meeting, known, day)
            if step.look(day) in (Look.NOW, Look.LATE) and day <= _told_until(meeting, step)
        ]  # fmt: skip
        if not asked:
            continue
        terms = staff_of(meeting.group, day).order_by("pk")
        addresses = dict(terms.values_list("person", "person__email"))
        for step in asked:
            for person, email in addresses.items():
                yield _step_mail(meeting, step, person, email, at)


def _told_until(meeting: Meeting, step: Step) -> date:
    planned = meeting.planned_at
    began = timezone.localdate(planned) if planned is not None else date.min
    return max(step.due or date.min, began) + TOLD_FOR


def _step_mail(meeting: Meeting, step: Step, person: int, email: str, at: datetime) -> Mail:
    due = f"{step.due:%Y-%m-%d}" if step.due else ""
    when = dates.day(messages("en"), step.due) if step.due else ""
    late = step.look(timezone.localdate(at)) is Look.LATE
    page = absolute(reverse("admin:meeting", args=[meeting.pk]))
    return Mail(
        key=f"reminding.step/{meeting.pk}/{step.key}/{due}/{person}", rule="reminding.step", to=email,
        subject=f"{_named(meeting)}: {step.what.lower()}{', late' if late else ''}",
        body=(
            f"{step.what}: {'it was' if late else 'it is'} due by {when}.\n\n"
            f"Where the meeting stands:\n\n{page}\n"
        ),
        group=meeting.group,
    )  # fmt: skip


def _to_delegations(at: datetime) -> Iterator[Mail]:
    day = timezone.localdate(at)
    for meeting in _planned(at).filter(invited_on__isnull=False, last_day__gte=day):
        deadline = meeting.documents_deadline()
        ends = deadline.ends
        if ends is None or not ends - DEADLINE_NEAR <= at < ends:
            continue
        terms = DelegateTerm.objects.on(day).filter(
            group=meeting.group, role=DelegateTerm.Role.FOCAL_POINT, person__is_active=True
        )
        words = deadline.words(messages("en"))
        for person, email in terms.order_by("pk").values_list("person", "person__email"):
            yield Mail(
                key=f"reminding.deadline/{meeting.pk}/{ends:%Y-%m-%dT%H:%M}/{person}",
                rule="reminding.deadline", to=email,
                subject=f"{_named(meeting)}: documents are due by {words}",
                body=(
                    f"Documents for the meeting of {_days(meeting)} are due by {words}.\n\n"
                    f"Your delegation’s desk:\n\n{absolute(reverse('desk:home'))}\n"
                ),
                group=meeting.group, held=True,
            )  # fmt: skip


def _named(meeting: Meeting) -> str:
    name = name_on(meeting.group, meeting.first_day)
    acronym = in_any_language(name.acronym) if name else meeting.group.slug
    return f"{acronym}, {meeting.get_series_display()} {meeting.ordinal}"


def _days(meeting: Meeting) -> str:
    return dates.days(messages("en"), meeting.first_day, meeting.last_day)
