"""Every rule of a row is held by the database, and says its sentence."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import IntegrityError, models, transaction

from consultations.models import (
    Answer,
    Consultation,
    Contribution,
    ContributionCount,
    Extension,
    FormerAddress,
    Question,
    Subscription,
)
from cwg.accounts.models import User
from cwg.report.models import (
    AcceptedFinding,
    Clearance,
    Comment,
    Consideration,
    Passage,
    Report,
    ReportType,
    TypePassage,
)
from meetings.models import (
    Body,
    Chairing,
    Decision,
    DelegateTerm,
    Document,
    DocumentFile,
    DraftSave,
    Edition,
    EditionFile,
    FilePage,
    FileReading,
    GroupName,
    HousePattern,
    Instrument,
    ListedTopic,
    Meeting,
    MeetingVisit,
    MemberState,
    Message,
    NumberSeries,
    Officer,
    Outcome,
    OutcomeComment,
    OutcomeTopic,
    Participant,
    Region,
    Revision,
    RoleTerm,
    Session,
    Settlement,
    Source,
    Topic,
    Waking,
    WorkingGroup,
)
from tests.consultations.broken_contributors import BROKEN_CONTRIBUTORS
from tests.consultations.broken_summaries import ALLOWED, BROKEN_SUMMARIES

AT = datetime(2024, 10, 4, 12, tzinfo=UTC)
DAY, EARLIER = date(2024, 10, 4), date(2024, 10, 3)
WHY: dict[str, Any] = {
    "decided_on": DAY, "decided_by": {"en": "The Chair"}, "reason": "Late answers",
}  # fmt: skip
NOTHING: dict[str, Any] = {"decided_on": None, "decided_by": None, "reason": ""}
MONTH, LATER = date(2024, 10, 1), date(2025, 1, 1)


def meeting() -> Meeting:
    return Meeting.objects.get(series="own", ordinal=20)


def council() -> Session:
    return Session.objects.get(key="council-2025")


def outcome(**facts: Any) -> Outcome:
    return Outcome(meeting=meeting(), **facts)


def promise() -> Outcome:
    return Outcome.objects.get(meeting__ordinal=21, position=1)


def later() -> Outcome:
    return Outcome.objects.get(meeting__ordinal=22, position=1)


def settlement(**facts: Any) -> Settlement:
    told = {"fact": "It was.", "source": "A page"} | facts
    return Settlement(promise=promise(), **({"how": "kept", "on": DAY} | told))


def decision(**facts: Any) -> Decision:
    told = {"session": council(), "on": DAY, "decided": {"en": "So."}, "source": "A page"}
    return Decision(group=meeting().group, **(told | facts))


def consultation(**facts: Any) -> Consultation:
    group = WorkingGroup.objects.get(record_kept_here=True)
    return Consultation(group=group, **({"slug": "a-new-one", "key": "2030-01"} | facts))


def contribution(**facts: Any) -> Contribution:
    """Return one received as the second of the round that the fixture made the first of."""
    told = {"standing": "awaiting", "number": 2, "reference": "x/2", "received_at": AT}
    round_ = Consultation.objects.order_by("pk")[0]
    return Contribution(consultation=round_, created_at=AT, saved_at=AT, **(told | facts))


def extension(**facts: Any) -> Extension:
    return Extension(consultation=Consultation.objects.all()[0], **facts)


def subscription(**facts: Any) -> Subscription:
    told = {"email": "a@example.org", "asked_at": AT, "what": "consultations"}
    return Subscription(group=meeting().group, **(told | facts))


def followed_twice(**facts: Any) -> Subscription:
    subscription(**facts).save()
    return subscription(**facts)


def merged_into_itself() -> Contribution:
    row = Contribution.objects.latest("pk")
    row.standing, row.merged_into = "merged", row
    return row


def passage(**facts: Any) -> Passage:
    return Passage(report=Report.objects.get(), **({"text": {"en": "Words"}} | facts))


def type_passage(**facts: Any) -> TypePassage:
    kind = ReportType.objects.order_by("key")[0]
    return TypePassage(type=kind, **({"text": {"en": "Words"}} | facts))


def state() -> MemberState:
    return MemberState.objects.order_by("iso")[0]


def paper(**facts: Any) -> Document:
    """Return a document of a meeting, which nobody wrote here."""
    told = {"key": "p", "title": {"en": "P"}, "meeting": meeting()}
    return Document(group=meeting().group, **(told | facts))


def paper_after(**facts: Any) -> Document:
    parent = paper(key="first", number="Z 1", ordinal=1)
    parent.save()
    told = {
        "parent": parent,
        "relation": "rev",
        "relation_number": 1,
        "ordinal": 1,
        "number": "Z 1 Rev.1",
    }
    return paper(**(told | facts))


def twice_after() -> Document:
    paper_after().save()
    return paper(
        key="q", number="Z 1 Rev.1 bis", parent=Document.objects.get(key="first"), relation="rev",
        relation_number=1, ordinal=1,
    )  # fmt: skip


def second[Row: models.Model](first: Row, **change: Any) -> Row:
    """Save `first`, and return another like it with `change`."""
    first.save()
    row = type(first)._default_manager.get(pk=first.pk)
    row.pk, row._state.adding = None, True
    for name, value in change.items():
        setattr(row, name, value)
    return row


def saved(row: Any) -> Any:
    row.save()
    return row


def delegate(**facts: Any) -> DelegateTerm:
    person = User.objects.filter(email="d@example.org").first()
    told = {
        "person": person or User.objects.create_user("d@example.org"), "group": meeting().group,
        "member_state": state(), "from_day": DAY,
    }  # fmt: skip
    return DelegateTerm(**(told | facts))


def participant(**facts: Any) -> Participant:
    return Participant(meeting=meeting(), **({"name": "A", "organisation": "B"} | facts))


def remark(**facts: Any) -> OutcomeComment:
    return OutcomeComment(outcome=promise(), member_state=state(), text="T", made_at=AT, **facts)


def again(model: type[models.Model], **change: Any) -> models.Model:
    """Return a copy of the first row of `model`, with `change`."""
    row = model._default_manager.order_by("pk")[0]
    row.pk, row._state.adding = None, True
    for name, value in change.items():
        setattr(row, name, value)
    return row


def page_again() -> FilePage:
    reading = FileReading.objects.create(path="received/ab/example", tried_at=AT)
    reading.pages.create(page=1, text="An example.")
    return FilePage(reading=reading, page=1, text="Another example.")


BROKEN: dict[str, list[Callable[[], models.Model]]] = {
    "meetings_document_ordinal_once": [
        lambda: second(paper(number="Z 1", ordinal=1), key="q", number="Z 2")
    ],
    "meetings_document_relation_once": [twice_after],
    "meetings_document_relation_complete": [
        lambda: paper(relation="rev"),
        lambda: paper(relation_number=1, ordinal=1, number="Z 1"),
        lambda: paper_after(relation=""),
    ],
    "meetings_document_numbered_whole": [
        lambda: paper(ordinal=1),
        lambda: paper(ordinal=1, number="Z 1", meeting=None, session=council()),
        lambda: paper_after(number=""),
    ],
    "meetings_document_registered_with_number": [lambda: paper(registered_at=AT)],
    "meetings_document_receipt_when_submitted": [
        lambda: paper(member_state=state(), submitted_at=AT),
        lambda: paper(member_state=state(), receipt="r"),
        lambda: paper(submitted_at=AT, receipt="r"),
    ],
    "meetings_document_late_when_submitted": [
        lambda: paper(late=True),
        lambda: paper(member_state=state(), submitted_at=AT, receipt="r", late_decision="held"),
    ],
    "meetings_document_draft_not_public": [lambda: paper(member_state=state(), public=True)],
    "meetings_document_withdrawn_after_submission": [
        lambda: paper(member_state=state(), withdrawn_at=AT)
    ],
    "meetings_document_withdrawn_with_instant": [lambda: paper(withdrawn_reason="So.")],
    "meetings_document_file_once": [
        lambda: second(
            DocumentFile(
                document=saved(paper()), language="en", form="pdf", path="p", size=1, sha256="0",
                added_at=AT,
            )
        )
    ],
    "meetings_number_series_once": [lambda: second(NumberSeries(meeting=meeting(), series="INF"))],
    "meetings_draft_save_once": [
        lambda: second(DraftSave(document=saved(paper()), number=1, part="about", at=AT))
    ],
    "meetings_meeting_visit_once": [
        lambda: second(
            MeetingVisit(
                person=User.objects.create_user("f@example.org"), meeting=meeting(), this=AT
            )
        )
    ],
    "meetings_source_once": [
        lambda: second(Source(document=saved(paper()), member_state=state()))
    ],
    "meetings_source_confirmed_or_declined": [
        lambda: Source(
            document=saved(paper()), member_state=state(), confirmed_at=AT, declined_at=AT
        )
    ],
    "meetings_meeting_comments_window": [
        lambda: again(Meeting, ordinal=99, comments_from=AT),
        lambda: again(Meeting, ordinal=99, comments_until=AT),
        lambda: again(Meeting, ordinal=99, comments_from=AT, comments_until=AT),
    ],
    "meetings_delegate_term_once": [
        lambda: second(delegate(to_day=DAY), to_day=LATER)
    ],
    "meetings_delegate_term_one_at_a_time": [
        lambda: second(delegate(), from_day=LATER)
    ],
    "meetings_delegate_term_one_focal_point": [
        lambda: second(
            delegate(role="focal_point"), person=User.objects.create_user("e@example.org")
        )
    ],
    "meetings_delegate_term_days_in_order": [lambda: delegate(to_day=EARLIER)],
    "meetings_participant_of_somebody": [lambda: participant(organisation="")],
    "meetings_participant_of_state_once": [
        lambda: second(participant(member_state=state(), organisation=""))
    ],
    "meetings_participant_of_organization_once": [lambda: second(participant())],
    "meetings_outcome_comment_answered_whole": [
        lambda: remark(answer="Done."),
        lambda: remark(answered_at=AT),
    ],
    "contributions_number_once": [lambda: contribution(number=1)],
    "contributions_numbered_when_received": [
        lambda: contribution(standing="sent"),
        lambda: contribution(number=None),
        lambda: contribution(reference=None),
        lambda: contribution(received_at=None),
        lambda: contribution(standing="draft", number=None, reference=None),
    ],
    "contributions_merged_into_one": [
        lambda: contribution(standing="merged"),
        lambda: contribution(merged_into=Contribution.objects.latest("pk")),
    ],
    "contributions_not_merged_into_itself": [merged_into_itself],
    "contributions_published_with_consent": [
        lambda: contribution(standing="published", publish_text=True),
        lambda: contribution(standing="published", published_at=AT),
    ],
    "contributions_answer_once": [
        lambda: Answer(
            contribution=Answer.objects.create(
                contribution=Contribution.objects.latest("pk"), question=Question.objects.all()[0], text="A"
            ).contribution,
            question=Question.objects.all()[0], text="B",
        )
    ],
    "contributions_count_once": [lambda: again(ContributionCount)],
    "contributions_count_not_negative": [lambda: again(ContributionCount, facet="x", number=-1)],
    "consultations_announced_with_both_instants": [
        lambda: consultation(announced_at=AT),
        lambda: consultation(announced_at=AT, opens_at=AT),
        lambda: consultation(announced_at=AT, opens_day=DAY, closes_at=AT),
    ],
    "consultations_former_address_once": [lambda: again(FormerAddress)],
    "subscriptions_to_what_they_say": [
        lambda: subscription(what="consultation"),
        lambda: subscription(what="topic"),
        lambda: subscription(topic=Topic.objects.all()[0]),
        lambda: subscription(
            what="topic", topic=Topic.objects.all()[0], consultation=Consultation.objects.all()[0]
        ),
    ],
    "subscriptions_once_to_all": [
        followed_twice, lambda: followed_twice(what="meetings")
    ],
    "subscriptions_once_to_a_round": [
        lambda: followed_twice(what="consultation", consultation=Consultation.objects.all()[0])
    ],
    "subscriptions_once_to_a_topic": [
        lambda: followed_twice(what="topic", topic=Topic.objects.all()[0])
    ],
    "messages_sent_once_with_its_instant": [
        lambda: Message(state="sent", key="x", to="a@example.org", written_at=AT, due_at=AT),
        lambda: Message(state="due", key="x", to="a@example.org", written_at=AT, due_at=AT, sent_at=AT),
    ],
    "meetings_body_name_once": [lambda: again(Body, key="other")],
    "meetings_instrument_once": [lambda: again(Instrument, key="other")],
    "meetings_revision_once": [lambda: again(Revision)],
    "meetings_revision_one_a_day": [
        lambda: Revision(
            instrument=Revision.objects.create(
                instrument=Instrument.objects.all()[0], label={"en": "X"}, in_force_from=DAY
            ).instrument,
            label={"en": "Y"}, in_force_from=DAY,
        )
    ],
    "meetings_revision_one_without_label": [
        lambda: Revision(
            instrument=Revision.objects.create(instrument=Instrument.objects.all()[0]).instrument
        )
    ],
    "meetings_listed_topic_once": [lambda: again(ListedTopic)],
    "meetings_listed_topic_from_1": [lambda: again(ListedTopic, position=0)],
    "meetings_session_once": [lambda: again(Session, key="other")],
    "meetings_session_days_in_order": [
        lambda: again(Session, key="x", label={"en": "x"}, year=2024, first_day=DAY, last_day=EARLIER),
        lambda: again(Session, key="x", label={"en": "x"}, year=2024, first_day=DAY, last_day=None),
        lambda: again(Session, key="x", label={"en": "x"}, year=2024, first_day=None, last_day=DAY),
    ],
    "meetings_session_opens_in_its_year": [
        lambda: again(Session, key="x", label={"en": "x"}, year=2023, first_day=DAY, last_day=DAY)
    ],
    "meetings_group_name_days_in_order": [
        lambda: again(GroupName, from_day=DAY, to_day=EARLIER)
    ],
    "meetings_group_name_one_from_a_day": [
        lambda: again(GroupName, group=GroupName.objects.create(
            group=WorkingGroup.objects.all()[0], acronym={"en": "X"}, from_day=DAY
        ).group, from_day=DAY)
    ],
    "meetings_group_name_one_from_the_start": [lambda: again(GroupName)],
    "meetings_house_pattern_once": [
        lambda: HousePattern(
            group=HousePattern.objects.create(
                group=WorkingGroup.objects.all()[0], name="agreed", text={"en": "{action}"}
            ).group,
            name="agreed", text={"en": "{action}"},
        )
    ],
    "meetings_region_once": [lambda: again(Region)],
    "meetings_region_seats_of_administrative": [
        lambda: Region(system="office", code="x", name={"en": "X"}, seats=3, position=9)
    ],
    "meetings_member_state_iso": [lambda: again(MemberState, iso="x1")],
    "meetings_officer_key_once": [lambda: again(Officer)],
    "meetings_officer_days_in_order": [
        lambda: again(Officer, key="x", from_day=DAY, to_day=EARLIER)
    ],
    "meetings_role_term_once": [lambda: again(RoleTerm)],
    "meetings_role_term_days_in_order": [
        lambda: again(RoleTerm, from_day=DAY, to_day=EARLIER)
    ],
    "meetings_meeting_number_once": [lambda: again(Meeting)],
    "meetings_meeting_number_from_1": [lambda: again(Meeting, ordinal=0)],
    "meetings_meeting_days_in_order": [
        lambda: again(Meeting, ordinal=99, first_day=DAY, last_day=EARLIER)
    ],
    "meetings_chairing_once": [
        lambda: Chairing(
            meeting=Chairing.objects.create(
                meeting=meeting(), officer=Officer.objects.get(key="berezowski")
            ).meeting,
            officer=Officer.objects.get(key="berezowski"),
        )
    ],
    "meetings_document_key_once": [lambda: again(Document, number="Y 2")],
    "meetings_document_number_once": [lambda: again(Document, key="other")],
    "meetings_document_of_one_place": [
        lambda: again(Document, key="x", number="", session=council()),
        lambda: again(Document, key="x", number="", meeting=None),
    ],
    "meetings_topic_key_once": [lambda: again(Topic, title={"en": "Other"})],
    "meetings_topic_title_once": [lambda: again(Topic, key="other")],
    "meetings_outcome_launched_complete": [lambda: outcome(kind="launched")],
    "meetings_outcome_would_launch_complete": [lambda: outcome(kind="would_launch")],
    "meetings_outcome_summary_complete": [lambda: outcome(kind="summary")],
    "meetings_outcome_deferred_complete": [lambda: outcome(kind="deferred")],
    "meetings_outcome_request_complete": [
        lambda: outcome(kind="request"),
        lambda: outcome(kind="request", addressee={"en": "the Secretariat"}),
        lambda: outcome(kind="request", action={"en": "to report"}),
    ],
    "meetings_outcome_noted_complete": [lambda: outcome(kind="noted")],
    "meetings_outcome_agreed_complete": [lambda: outcome(kind="agreed")],
    "meetings_outcome_referred_complete": [
        lambda: outcome(kind="referred", action={"en": "it"}),
        lambda: outcome(kind="referred", session=council()),
    ],
    "meetings_outcome_free_complete": [lambda: outcome(kind="free")],
    "meetings_outcome_window_in_order": [
        lambda: outcome(kind="no_consensus", window_from=MONTH),
        lambda: outcome(kind="no_consensus", window_to=MONTH),
        lambda: outcome(kind="no_consensus", window_from=LATER, window_to=MONTH),
        lambda: outcome(kind="no_consensus", window_from=DAY, window_to=LATER),
    ],
    "meetings_outcome_changed_wording_has_reason": [
        lambda: outcome(kind="no_consensus", wording={"en": "So."})
    ],
    "meetings_outcome_condition_has_event": [
        lambda: outcome(kind="deferred", until="next_meeting", condition={"en": "decide"})
    ],
    "meetings_outcome_deferred_to_event": [lambda: outcome(kind="deferred", until="session")],
    "meetings_outcome_recall_complete": [
        lambda: outcome(kind="no_consensus", recalls={"en": "to study"}),
        lambda: outcome(kind="no_consensus", recalls_group=WorkingGroup.objects.all()[0]),
    ],
    "meetings_outcome_topic_once": [lambda: again(OutcomeTopic)],
    "meetings_settlement_when": [
        lambda: settlement(on=None),
        lambda: settlement(at_session=council()),
        lambda: settlement(at_session=council(), by_outcome=later()),
    ],
    "meetings_settlement_has_evidence": [
        lambda: settlement(fact="", source=""),
        lambda: settlement(source=""),
        lambda: settlement(fact=""),
    ],
    "meetings_settlement_not_by_itself": [lambda: settlement(by_outcome=promise())],
    "meetings_settlement_has_reason": [lambda: settlement(how="dropped")],
    "meetings_decision_has_source": [lambda: decision(source="")],
    "consultations_slug_once": [lambda: again(Consultation, key="other")],
    "consultations_key_once": [lambda: again(Consultation, slug="other")],
    "consultations_opens_known_one_way": [
        lambda: consultation(opens_day=DAY, opens_month=MONTH),
        lambda: consultation(opens_month=DAY),
    ],
    "consultations_closes_known_one_way": [
        lambda: consultation(closes_day=DAY, closes_at=datetime(2024, 10, 4, tzinfo=UTC))
    ],
    "consultations_closes_after_it_opens": [
        lambda: consultation(
            opens_at=datetime(2024, 10, 4, 9, tzinfo=UTC),
            closes_at=datetime(2024, 10, 4, 8, tzinfo=UTC),
        )
    ],
    "consultations_closes_on_a_later_day": [
        lambda: consultation(opens_day=DAY, closes_day=EARLIER),
        lambda: consultation(opens_month=LATER, closes_day=DAY),
        lambda: consultation(opens_at=datetime(2024, 10, 6, 0, tzinfo=UTC), closes_day=DAY),
        lambda: consultation(opens_day=DAY, closes_at=datetime(2024, 10, 2, 23, tzinfo=UTC)),
        lambda: consultation(opens_month=LATER, closes_at=datetime(2024, 12, 31, 9, tzinfo=UTC)),
    ],
    "consultations_closes_in_a_later_month": [
        lambda: consultation(opens_month=LATER, closes_month=MONTH),
        lambda: consultation(opens_day=date(2024, 11, 1), closes_month=MONTH),
        lambda: consultation(opens_at=datetime(2024, 11, 2, 0, tzinfo=UTC), closes_month=MONTH),
    ],
    "consultations_one_decider": [
        lambda: consultation(decided_by=promise(), decided_at=council())
    ],
    "consultations_extension_later": [
        lambda: Extension(
            consultation=Consultation.objects.all()[0], was=datetime(2024, 10, 4, tzinfo=UTC),
            now=datetime(2024, 10, 4, tzinfo=UTC), decided_on=DAY, decided_by={"en": "The Chair"},
            reason="Late answers",
        )
    ],
    "consultations_extension_on_a_later_day": [lambda: extension(was_day=DAY, now_day=EARLIER)],
    "consultations_extension_known_one_way": [
        extension,
        lambda: extension(was_day=EARLIER),
        lambda: extension(was=AT, now=AT + timedelta(1), was_day=EARLIER, now_day=DAY, **WHY),
        *(
            lambda name=name: extension(was=AT, now=AT + timedelta(1), **(WHY | {name: NOTHING[name]}))
            for name in WHY
        ),
    ],
    "report_slug_once": [lambda: again(Report)],
    "report_days_in_order": [lambda: again(Report, slug="x", last_day=date(2000, 1, 1))],
    "report_passage_shape_fits_part": [
        lambda: passage(part="cover", shape="heading"),
        lambda: passage(part="body", shape="rule"),
    ],
    "report_passage_has_text": [lambda: passage(shape="numbered", text=None)],
    "report_passage_row_has_label": [lambda: passage(part="cover", shape="row")],
    "report_finding_accepted_once": [lambda: again(AcceptedFinding)],
    "report_finding_accepted_with_reason": [
        lambda: again(AcceptedFinding, subject="other", reason="")
    ],
    "report_type_passage_shape_fits_part": [lambda: type_passage(part="cover", shape="heading")],
    "report_type_passage_has_text": [lambda: type_passage(shape="heading", text=None)],
    "report_type_passage_row_has_label": [lambda: type_passage(part="cover", shape="row")],
    "meetings_edition_once": [lambda: again(Edition)],
    "meetings_edition_number": [
        lambda: again(Edition, number=1), lambda: again(Edition, series="revision", reason="So"),
    ],
    "meetings_edition_has_reason": [lambda: again(Edition, series="revision", number=1)],
    "meetings_edition_file_once": [lambda: again(EditionFile)],
    "report_clearance_one_waiting": [lambda: again(Clearance)],
    "report_clearance_answered": [
        lambda: again(Clearance, answer="withdrawn", answered_by="Somebody"),
        lambda: again(Clearance, answer="withdrawn", answered_at=AT),
        lambda: again(Clearance, answered_at=AT),
    ],
    "report_clearance_keeps_what_was_cleared": [
        lambda: again(Clearance, answer="cleared", answered_at=AT, answered_by="Somebody"),
    ],
    "report_clearance_returned_has_reason": [
        lambda: again(Clearance, answer="returned", answered_at=AT, answered_by="Somebody"),
    ],
    "report_comment_done_says_how": [
        lambda: again(Comment, done_at=AT), lambda: again(Comment, done_how="So"),
    ],
    "meetings_file_page_once": [page_again],
    "report_comment_says_something": [lambda: again(Comment, text="")],
    "report_consideration_once": [lambda: again(Consideration)],
    **BROKEN_CONTRIBUTORS,
    **BROKEN_SUMMARIES,
}  # fmt: skip
# A row that does not exist yet has no number of its own; the activity refuses it too
ONLY_SAVED = {"meetings_outcome_follows_another"}
OTHERS_SEE_TO_IT = {"consultations_topic_once", "report_reference_once"}


@pytest.fixture
def record(group: WorkingGroup, django_user_model: Any) -> WorkingGroup:
    """The demo record, a document and a role beside it."""
    Document.objects.create(
        group=group, key="d", number="Y 1", meeting=meeting(), title={"en": "D"}
    )
    person = django_user_model.objects.create_user("somebody@example.org")
    RoleTerm.objects.create(person=person, group=group, role="reader", from_day=DAY)
    AcceptedFinding.objects.create(
        report=Report.objects.get(), rule="by-hand", subject="outcome 1", words="W", reason="So",
        on=DAY,
    )  # fmt: skip
    report = Report.objects.get()
    Clearance.objects.create(report=report, sent_at=AT, sent_by="Somebody")
    Comment.objects.create(
        report=report, anchor="a", quoted="W", text="T", by_name="Somebody", at=AT
    )
    Consideration.objects.create(report=report, on=DAY, decision="noted")
    edition = Edition.objects.create(
        document=Document.objects.get(key="d"), language="en", tree="{}", tree_sha256="0", words="0",
        finalised_by="Somebody", finalised_at=AT, seal="0",
    )  # fmt: skip
    EditionFile.objects.create(edition=edition, form="text", sha256="0", content=b"")
    contribution(number=1, reference="x/1").save()
    round_ = Consultation.objects.order_by("pk")[0]
    ContributionCount.objects.create(consultation=round_, standing="awaiting", number=1)
    FormerAddress.objects.create(group=group, slug="as-it-was", consultation=round_)
    return group


CASES = [(name, place) for name, rows in BROKEN.items() for place in range(len(rows))]


@pytest.mark.parametrize(("name", "place"), CASES)
def test_the_database_refuses(record: WorkingGroup, name: str, place: int) -> None:
    row = BROKEN[name][place]()
    with pytest.raises(IntegrityError), transaction.atomic():
        row.save()


@pytest.mark.parametrize(("name", "place"), CASES)
def test_the_rule_says_its_sentence(record: WorkingGroup, name: str, place: int) -> None:
    row = BROKEN[name][place]()
    sentences = {
        str(constraint.violation_error_message)
        for model in type(row).__mro__
        if hasattr(model, "_meta")
        for constraint in model._meta.constraints
        if constraint.name.removesuffix("_en") == name
    }
    with pytest.raises(ValidationError) as refused:
        row.validate_constraints()
    assert sentences & set(refused.value.messages)


def test_an_outcome_cannot_go_on_from_itself(record: WorkingGroup) -> None:
    row = promise()
    row.follows = row
    with pytest.raises(IntegrityError), transaction.atomic():
        row.save()


def test_a_text_in_no_language_is_no_text(record: WorkingGroup) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        outcome(kind="request", addressee={}, action={"en": "to report"}).save()


def test_a_promise_is_woken_once(record: WorkingGroup) -> None:
    for words in ("So.", "Not so."):
        made = decision(decided={"en": words})
        made.save()
        waking = Waking(decision=made, promise=promise())
        if words == "So.":
            waking.save()
            continue
        with pytest.raises(ValidationError, match="Waking with this Promise already exists"):
            waking.full_clean()
        with pytest.raises(IntegrityError), transaction.atomic():
            waking.save()


def test_a_decision_in_no_language_is_none(record: WorkingGroup) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        decision(decided={}).save()


def test_every_rule_has_been_broken() -> None:
    rules = {
        constraint.name.removesuffix("_en")
        for app in ("meetings", "consultations", "report")
        for model in apps.get_app_config(app).get_models()
        for constraint in model._meta.constraints
        if not constraint.name.endswith(("_fr", "_es", "_ru", "_ar", "_zh"))
    }
    assert rules - ONLY_SAVED - OTHERS_SEE_TO_IT == set(BROKEN)


AS_EARLY_AS_MAY_BE: list[dict[str, Any]] = [
    {"opens_day": DAY, "closes_day": DAY},
    {"opens_day": date(2024, 10, 31), "closes_month": MONTH},
    {"opens_month": MONTH, "closes_month": MONTH},
    # 23.30 on the 31st in Zurich, 0.30 on the 1st in Zurich
    {"opens_at": datetime(2024, 10, 31, 22, 30, tzinfo=UTC), "closes_month": MONTH},
    {"opens_month": LATER, "closes_at": datetime(2024, 12, 31, 23, 30, tzinfo=UTC)},
    {"opens_day": LATER, "closes_at": datetime(2024, 12, 31, 23, 30, tzinfo=UTC)},
]


def test_a_round_that_closes_first_in_its_own_zone_is_refused(record: WorkingGroup) -> None:
    midnight = datetime(2024, 10, 31, 23, 30, tzinfo=UTC)  # half past midnight in Zurich
    row = consultation(opens_at=midnight, closes_month=MONTH)
    with pytest.raises(ValidationError, match="It closes before it opens"):
        row.full_clean()
    record.zone = "Africa/Abidjan"
    record.save()
    consultation(opens_at=midnight, closes_month=MONTH).full_clean()


@pytest.mark.parametrize("place", range(len(ALLOWED)))
def test_what_the_rules_of_summaries_must_still_allow(record: WorkingGroup, place: int) -> None:
    ALLOWED[place]().save()


def test_what_the_rules_must_still_allow(record: WorkingGroup) -> None:
    paper(member_state=state()).save()
    paper(
        key="r", member_state=state(), submitted_at=AT, receipt="r", late=True, late_decision="held",
        withdrawn_at=AT, withdrawn_reason="So.",
    ).save()  # fmt: skip
    paper_after(key="s").save()
    paper(key="t", number="Y INF/1", ordinal=1, series="INF", public=True, registered_at=AT).save()
    delegate(to_day=LATER).save()
    delegate(from_day=date(2025, 1, 2), role="focal_point").save()
    remark(answer="Done.", answered_at=AT).save()
    participant(member_state=state()).save()
    participant().save()
    outcome(kind="no_consensus").save()
    outcome(kind="deferred", until="session", awaits=council(), condition={"en": "agree"}).save()
    settlement().save()
    Settlement.objects.all().delete()
    settlement(on=None, by_outcome=later()).save()
    decision().save()
    consultation(opens_month=MONTH, closes_day=DAY).save()
    for place, times in enumerate(AS_EARLY_AS_MAY_BE):
        row = consultation(slug=f"x{place}", key=f"2031-{place}", **times)
        row.full_clean()
        row.save()
    contribution(standing="draft", number=None, reference=None, received_at=None).save()
    contribution(standing="published", published_at=AT, publish_text=True).save()
    contribution(number=3, reference="x/3", published_at=AT).save()
    consultation(slug="n", key="2032-01", announced_at=AT, opens_at=AT, closes_at=AT).save()
    subscription(ended_at=AT).save()
    subscription().save()
    subscription(email="b@example.org").save()
    again(Session, key="x", label={"en": "x"}, first_day=None, last_day=None).save()
    again(Meeting, series="open_consultation").save()
    again(Topic, key="x", title={"fr": "Un sujet"}).save()
    again(Topic, key="y", title={"es": "Un tema"}).save()
