"""What the pictures of the delegations' desk and of a meeting's workplace are taken of: examples."""

from __future__ import annotations

from datetime import datetime, timedelta

from cwg.accounts.management.commands.demo_accounts import PASSWORD
from cwg.accounts.models import User
from meetings import (
    attendance,
    attributing,
    commenting,
    delegations,
    drafting,
    entering,
    invitations,
    planning,
    registering,
    submitting,
)
from meetings.drafting import Change, Part
from meetings.models import (
    DelegateTerm,
    Document,
    Meeting,
    MemberState,
    Outcome,
    OutcomeComment,
    WorkingGroup,
)
from tests.browser.mailed import mailed
from tests.meetings.desk.delegating import make_delegate, make_draft, with_co_sponsors
from tests.meetings.planned import make_agenda

type Keys = dict[str, int | str]
LONG = "Bridging the digital divide in landlocked and small island developing countries: " * 2


def load(group: WorkingGroup, empty: WorkingGroup, at: datetime) -> Keys:
    """Make a meeting to come with its papers, one that is held now, and people; return their keys."""
    staff = User.objects.get(email="secretariat@example.org")
    nobody = make_delegate(empty, "KE", "nothing-yet@example.org")
    nobody.set_password(PASSWORD)
    nobody.save()
    soon = planning.new_from_last(
        group, at.date() + timedelta(days=5), at.date() + timedelta(days=6), at=at,
        number=planning.next_ordinal(group),
    ).meeting  # fmt: skip
    coming = planning.new_from_last(
        group, at.date() + timedelta(days=60), at.date() + timedelta(days=61), at=at,
        number=planning.next_ordinal(group),
    ).meeting  # fmt: skip
    made = make_agenda(soon, *AGENDA)
    make_agenda(coming, *AGENDA)
    return (
        {"soon": soon.pk, "coming": coming.pk, "group": group.pk}
        | _people(group, staff, at)
        | _documents(coming, soon, at)
        | _registered(soon, staff, at)
        | _held(soon, made[0].pk, staff, at)
    )


AGENDA = (
    "Opening of the meeting and approval of the agenda",
    "Reports on Internet-related public policy activities of the Union",
    ".Report by the secretariat on the implementation of Resolutions 101, 102 and 133",
    "Contributions of Member States",
    "Other business",
)


def _people(group: WorkingGroup, staff: User, at: datetime) -> Keys:
    """Invite one whose link is good, and another whose link was used."""
    keys: Keys = {}
    for name in ("good", "used"):
        term = delegations.invite(
            group, MemberState.objects.get(iso="GH"), f"{name}-invitation@example.org",
            "Ama Example", DelegateTerm.Role.DELEGATE, by=staff, at=at,
        )  # fmt: skip
        link = invitations.link(term, by=staff, at=at)
        keys[f"invitation_{name}"] = link[link.index("/accounts/") :]
        if name == "used":
            term.person.set_password(PASSWORD)
            term.person.save()
            keys["term"] = term.pk
    return keys


def _documents(coming: Meeting, soon: Meeting, at: datetime) -> Keys:
    """Let one delegation write to both meetings: each state in which a document stands."""
    by = User.objects.get(email="focal-point-ke@example.org")
    bare = drafting.begin(
        coming, MemberState.objects.get(iso="KE"), Change({"title": "Begun"}), by=by, at=at
    )
    draft = with_co_sponsors(
        make_draft(coming, by, title=LONG.strip(": "), at=at), by, "NO", "BR", at=at
    )
    draft = drafting.save(
        draft, Part.TOPIC, Change(proposal=TOPIC), saves=draft.saves, by=by, at=at
    ).document
    submitting.ask_co_sponsors(draft, by=by, at=at)
    received = _sent(coming, by, at, "A common way to measure meaningful connectivity")
    late = _sent(soon, by, at, "Views on the agenda of the meeting")
    gone = _sent(coming, by, at, "A proposal that was overtaken by events")
    submitting.withdraw(gone, "Overtaken by events.", by=by, at=at)
    return {
        "bare": bare.pk, "paper": draft.pk, "received": received.pk, "late": late.pk,
        "gone": gone.pk, "cosponsor": mailed("submitting.ask"),
    }  # fmt: skip


def _registered(meeting: Meeting, staff: User, at: datetime) -> Keys:
    """Register documents of a meeting, public ones and one for members; the first was revised."""
    planning.publish_agenda(meeting, by=staff, at=at)
    item = meeting.agenda_items.get(title__en="Contributions of Member States")
    by = User.objects.get(email="focal-point-no@example.org")
    made = []
    for title in (LONG.strip(": "), "Views of Norway on fees", "Transit through neighbours"):
        sent = _sent(meeting, by, at, title)
        sent = registering.decide_late(sent, Document.LateDecision.TAKEN, by=staff, at=at)
        made.append(registering.register(sent, by=staff, at=at))
    first, second, third = made
    for each in (first, second):
        each.agenda_items.set([item])
        registering.publish(each, by=staff)
    entry = registering.Entry("secretariat", {"title": {"en": "Report on activities"}}, meeting)
    entering.enter(meeting.group, entry, by=staff, at=at)
    return {"registered": first.pk, "restricted": third.pk, "printed": first.ordinal or 0}


TOPIC = {
    "title": "Meaningful connectivity to the Internet in landlocked developing countries",
    "background": "Landlocked countries depend on their neighbours for transit.",
    "questions": "What are the main challenges?\nWhich policies have worked?",
}


def _sent(meeting: Meeting, by: User, at: datetime, title: str) -> Document:
    return submitting.submit(make_draft(meeting, by, title=title, at=at), by=by, at=at)


AGREED = (
    "to invite Member States to comment on the draft guidelines by the end of the year",
    "to return to the matter at its next meeting",
)


def _held(meeting: Meeting, item: int, staff: User, at: datetime) -> Keys:
    """Let a meeting be held: people, outcomes, statements, comments on what it drafted."""
    attendance.bring_in(
        meeting,
        "Ana Example,BR,Head of delegation\nBo Example,NO,Delegate,remote\n"
        "Cy Example,KE,Delegate\nDi Example,An organization of examples,Observer,remote",
    )
    first = meeting.agenda_items.get(pk=item)
    outcomes = [
        Outcome.objects.create(
            meeting=meeting, position=place, kind="agreed", action={"en": action}, agenda_item=first
        )
        for place, action in enumerate(AGREED, 1)
    ]
    brazil = MemberState.objects.get(iso="BR")
    said = "The wording should follow Resolution 102 (Rev. Bucharest, 2022)."
    attributing.record_statement(first, said, member_state=brazil, speaker="Ana Example", by=staff)
    commenting.open_window(meeting, at + timedelta(days=4), by=staff, at=at)
    for place, email in enumerate(("focal-point-ke@example.org", "focal-point-no@example.org")):
        person = User.objects.get(email=email)
        term = DelegateTerm.objects.get(person=person, group=meeting.group)
        commenting.comment(outcomes[place], said, member_state=term.member_state, by=person, at=at)
    answered = OutcomeComment.objects.order_by("pk").first()
    assert answered is not None
    commenting.answer(answered, "The reference was added.", by=staff, at=at)
    return {"number": meeting.number}
