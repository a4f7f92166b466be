"""The record of which pictures are taken: the demo record, and examples of what it has none of."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from django.core.management import call_command
from django.utils import timezone

from consultations import alike_names, following, intake, intake_mails
from consultations.models import Consultation, Standing, Subscription
from cwg.accounts.models import User
from cwg.report.models import Report
from meetings import outbox
from meetings.models import Meeting, Outcome, Topic, WorkingGroup
from tests.browser import meeting_on_screen as desk_and_meeting
from tests.browser.mailed import mailed
from tests.browser.rounds import make_full_rounds, make_queue
from tests.browser.summaries import make_summary, open_to_guests
from tests.consultations.making import make_contribution, make_round
from tests.two_groups import make_group


def load() -> dict[str, int | str]:
    """Load it into an empty database; return the keys and private links that addresses need.

    The pictures of what nobody has entered yet are those of a second group, an example.
    """
    for command in ("load_demo", "demo_accounts"):
        call_command(command, verbosity=0)
    empty = make_group("example-group")
    meeting = Meeting.objects.get(group__record_kept_here=True, ordinal=22)
    launch = Outcome.objects.get(kind="would_launch", settlement=None)
    report = Report.objects.latest("as_of")
    noted = report.considerations.create(on=date(2026, 5, 1), decision="noted")
    keys: dict[str, int | str] = {
        "meeting": meeting.pk, "report": report.pk, "consideration": noted.pk,
        "promise": launch.pk, "waiting": Outcome.objects.get(kind="deferred").pk,
    }  # fmt: skip
    at = timezone.now()
    made = make_full_rounds(meeting.group)
    return (
        keys
        | _mails(made, at)
        | _private(made, at)
        | _summary(made)
        | _desk(meeting.group, at)
        | desk_and_meeting.load(meeting.group, empty, at)
        | _contributors()
    )


def _contributors() -> dict[str, int | str]:
    """Return two that are offered as alike."""
    pair = alike_names.offered().order_by("-percent", "pk")[0]
    return {"contributor": pair.other_id, "other_contributor": pair.one_id}


def _summary(consultation: Consultation) -> dict[str, int | str]:
    """Make a summary with something found, and a guest who commented on it."""
    writer, reader = (
        User.objects.get(email=f"{name}@example.org") for name in ("editor", "secretariat")
    )
    made = make_summary(consultation, writer, reader)
    page = urlsplit(open_to_guests(made, writer, reader)).path
    return {"summarized": consultation.pk, "draft_summary": page}


def _mails(consultation: Consultation, at: datetime) -> dict[str, int | str]:
    """Write one mail of each state that a list shows, and somebody who follows."""
    group = consultation.group
    mail = outbox.Mail(
        key="example", rule="following.meeting", to="reader@example.org", group=group,
        subject="An example of a mail", body="Its text.\n\nWith a second paragraph.", held=True,
    )  # fmt: skip
    held = outbox.write(mail, at=at)
    Subscription.objects.create(
        group=group, what="consultations", email="all@example.org", asked_at=at, confirmed_at=at
    )
    following.ask(group, "consultation", "new@example.org", at=at, consultation=consultation)
    asked = Subscription.objects.get(email="new@example.org")
    return {
        "mail": held.pk, "follow_confirm": mailed("following.confirm"),
        "follow_end": urlsplit(following.end_address(asked)).path,
    }  # fmt: skip


def _private(consultation: Consultation, at: datetime) -> dict[str, int | str]:
    """Make what private links lead to: an empty draft, a whole one, one sent, one received."""
    told: dict[str, Any] = {
        "publish_name": True,
        "language": "en",
        "job_title": "Teacher of an example school",
    }
    empty = make_contribution(consultation, Standing.DRAFT, answers={}, **told)
    draft = make_contribution(consultation, Standing.DRAFT, text="Further remarks.", **told)
    sent = make_contribution(consultation, Standing.DRAFT, **told)
    intake.send(sent, at=at)
    received = make_contribution(consultation, text="Further remarks.", **told)
    for row in (draft, received):
        row.attachments.create(
            name="an-example-paper-with-a-name-as-long-as-some-are.pdf", kind="pdf", path="none",
            size=123_456, sha256="0", added_at=row.created_at,
        )  # fmt: skip
    return {
        "empty": intake_mails.token(empty), "draft": intake_mails.token(draft),
        "sent": intake_mails.token(sent), "received": intake_mails.token(received),
        "confirm": mailed("intake.confirm"),
    }  # fmt: skip


def _desk(group: WorkingGroup, at: datetime) -> dict[str, int | str]:
    """Make a queue, and rounds to be launched, announced, extended."""
    day = timedelta(days=1)
    queue = make_queue(group, User.objects.get(email="editor@example.org"))
    ready = make_round(
        group, slug="ready-example", key="2031-12", announced_at=None, opens_at=at + day,
        closes_at=at + 60 * day,
    )  # fmt: skip
    today = at.date()
    held = Meeting.objects.create(
        group=group, ordinal=24, first_day=today - 10 * day, last_day=today - 9 * day
    )
    decision = Outcome.objects.create(
        meeting=held, kind="would_launch", position=1, window_from=today.replace(day=1),
        window_to=(today + 90 * day).replace(day=1),
    )  # fmt: skip
    decision.outcome_topics.create(topic=Topic.objects.get(key="topic-2031-12"))
    numbers = {row.number: row.pk for row in queue.contributions.all()}
    return {
        "decision": decision.pk, "round": queue.pk, "ready": ready.pk, "first": numbers[33], "other": numbers[31],
        "declined": numbers[32],
    }  # fmt: skip
