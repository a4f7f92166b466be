"""Two groups that keep their records here, each with a row of every kind; and what they share."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from auditlog.models import LogEntry
from django.db import models

from consultations import names, naming, standing
from consultations.models import Consultation, Contribution, Standing
from cwg.accounts.models import User
from cwg.report.models import Consideration, Passage, Reference, Report, ReportType
from meetings import history
from meetings.models import (
    Body,
    DelegateTerm,
    Document,
    GroupName,
    Instrument,
    Meeting,
    MemberState,
    Message,
    Officer,
    Outcome,
    Participant,
    Region,
    Revision,
    RoleTerm,
    Session,
    Settlement,
    Topic,
    WorkingGroup,
)

PASSWORD = "correct horse battery"
LONG_AGO = date(2000, 1, 1)
AT = datetime(2019, 7, 1, 12, tzinfo=UTC)


def make_group(slug: str) -> WorkingGroup:
    """Make a group whose record is kept here."""
    group = WorkingGroup.objects.create(slug=slug, subject={"en": f"subject of {slug}"})
    name = slug.upper()
    GroupName.objects.create(group=group, acronym={"en": name}, name={"en": f"Group {name}"})
    return group


def make_person(group: WorkingGroup | None, role: str, email: str = "") -> User:
    """Make somebody with a role in `group` since long ago."""
    at = f"{role}-{group.slug if group else 'nowhere'}@example.org"
    person = User.objects.create_user(email or at, PASSWORD)
    if group is not None:
        RoleTerm.objects.create(person=person, group=group, role=role, from_day=LONG_AGO)
    return person


@dataclass(frozen=True, slots=True)
class SharedRows:
    """What belongs to no group."""

    body: Body
    session: Session
    instrument: Instrument
    revision: Revision
    report_type: ReportType

    def rows(self) -> list[models.Model]:
        """Give one row of each kind that is shared."""
        return [
            self.body, self.session, self.instrument, self.revision, self.report_type,
            Region.objects.all()[0], MemberState.objects.all()[0],
        ]  # fmt: skip


def make_shared() -> SharedRows:
    """Make what the groups share."""
    body = Body.objects.create(key="assembly", name={"en": "Assembly"}, short={"en": "A"})
    session = Session.objects.create(
        body=body, key="assembly-2030", year=2030, label={"en": "A-30"}
    )
    instrument = Instrument.objects.create(key="res-1", body=body, kind="resolution", number="1")
    revision = Revision.objects.create(instrument=instrument, label={"en": "2030"})
    kind = ReportType.objects.create(key="plain", name={"en": "Plain report"})
    return SharedRows(body, session, instrument, revision, kind)


def make_rows(group: WorkingGroup, shared: SharedRows) -> list[models.Model]:
    """Make a row of each kind in `group`; each names the group somewhere in what it prints."""
    said = group.slug.upper()
    with history.activity("tests.make_rows"):
        meeting = Meeting.objects.create(
            group=group, ordinal=1, first_day=date(2019, 3, 1), last_day=date(2019, 3, 2)
        )
        participant = Participant.objects.create(
            meeting=meeting, name=f"Participant of {said}", organisation=f"House of {said}"
        )
        officer = Officer.objects.create(
            group=group, key="someone", role="chair", name={"en": f"Chair of {said}"}
        )
        topic = Topic.objects.create(group=group, key="topic", title={"en": f"Topic of {said}"})
        document = Document.objects.create(
            group=group, key="d", number=f"{said} 1", meeting=meeting, title={"en": "D"}
        )
        outcome = Outcome.objects.create(
            meeting=meeting, kind="would_launch", window_from=date(2019, 6, 1),
            window_to=date(2019, 9, 1),
        )  # fmt: skip
        outcome.outcome_topics.create(topic=topic)
        settlement = Settlement.objects.create(
            promise=outcome, how="kept", on=date(2019, 6, 2), by_document=document
        )
        consultation = Consultation.objects.create(group=group, slug="round", key="2029-06")
        made = Contribution.objects.create(
            consultation=consultation, name=f"Contributor to {said}", created_at=AT, saved_at=AT
        )
        contribution = standing.move(standing.locked(made), Standing.AWAITING, "tests", at=AT)
        called = f"Contributor of {said}"
        contributor = naming.make(
            group_id=group.pk, kind="organisation", name=called, folded=names.fold(called)
        )
        report = Report.objects.create(
            group=group, slug="assembly-2030", session=shared.session, first_day=date(2019, 1, 1),
            last_day=date(2019, 12, 31), as_of=date(2020, 1, 15), signed_by=officer,
        )  # fmt: skip
        Passage.objects.create(report=report, text={"en": f"Draft of {said}"})
        reference = Reference.objects.create(report=report, revision=shared.revision)
        consideration = Consideration.objects.create(
            report=report, on=report.as_of, decision=Consideration.Decision.NOTED
        )
        mail = Message.objects.create(
            group=group, key=f"tests/{group.slug}", rule="tests", to=f"{group.slug}@example.org",
            subject=f"Mail of {said}", body=f"Text of {said}", state="held",
            written_at=datetime(2020, 1, 15, tzinfo=UTC), due_at=datetime(2020, 1, 15, tzinfo=UTC),
        )  # fmt: skip
    delegate = DelegateTerm.objects.create(
        person=make_person(None, "", f"delegate-{group.slug}@example.org"), group=group,
        member_state=MemberState.objects.all()[0], from_day=LONG_AGO,
    )  # fmt: skip
    term = make_person(group, "reader", f"member-{group.slug}@example.org").role_terms.get()
    changed = LogEntry.objects.get_for_object(meeting)[0]
    return [
        group, meeting, officer, topic, document, settlement, consultation, report, term, changed,
        term.person, outcome, reference, consideration, mail, contribution, contributor,
        participant,
        delegate,
    ]  # fmt: skip


def by_label(rows: list[Any]) -> dict[str, models.Model]:
    """Give rows by the label of their model: "meetings.meeting"."""
    return {row._meta.label_lower: row for row in rows}
