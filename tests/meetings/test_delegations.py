"""Who comes into a delegation and who leaves it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from auditlog.models import LogEntry
from django.core.exceptions import ValidationError

from cwg.accounts.models import User
from meetings import delegations, invitations
from meetings.access import Membership, may_remove, memberships
from meetings.delegations import hand_over, invite, invite_again, remove
from meetings.models import DelegateTerm, Message, WorkingGroup
from tests.at_once import Stop, at_once, shared
from tests.meetings.delegating import AT, DAY, Role, make_delegate, plain, state, told
from tests.two_groups import LONG_AGO, make_group, make_person

pytestmark = pytest.mark.django_db

LATER = AT + timedelta(days=30)
NORWAY = ("NO", "Norway")


@pytest.fixture
def own() -> WorkingGroup:
    return make_group("own")


@pytest.fixture
def lead(own: WorkingGroup) -> User:
    return make_person(own, "lead")


def invited(
    group: WorkingGroup, email: str, iso: str = "NO", role: str = Role.DELEGATE,
    by: Any = None, at: datetime = AT,
) -> DelegateTerm:  # fmt: skip
    return invite(group, state(iso), email, "Ada Example", role, by=by, at=at)


def terms(group: WorkingGroup) -> list[tuple[str, str, str, str, str]]:
    """Return every term: address, Member State, role, from, until."""
    return [
        (
            term.person.email.partition("@")[0], term.member_state.iso, term.role,
            f"{term.from_day}", f"{term.to_day or ''}",
        )
        for term in DelegateTerm.objects.filter(group=group).order_by("from_day", "pk")
    ]  # fmt: skip


def test_somebody_new_is_invited_with_a_link(own: WorkingGroup, lead: User) -> None:
    term = invited(own, " Ada@Example.org ", role=Role.FOCAL_POINT, by=lead)
    assert (term.person.email, str(term.person)) == ("ada@example.org", "Ada Example")
    assert not term.person.has_usable_password()
    assert terms(own) == [("ada", "NO", "focal_point", "2026-03-02", "")]
    mail = Message.objects.get()
    assert (mail.private, mail.state, mail.group, mail.to) == (True, "due", own, "ada@example.org")
    assert mail.subject == "Invitation: Delegation to OWN: Norway"
    assert plain(mail.body) == (
        "The secretariat of OWN invites you to a delegation.\n\nDelegation: Norway\n"
        "Working group: OWN\nAs: focal point\n\n"
        "Set your password until 16 March 2026, 09:00 Zurich time:\n\n"
        f"{invitations.link(term, by=lead, at=AT)}\n\nThe link works once. From then on you sign in with "
        "this address; the delegation’s desk stands at\n\nhttp://127.0.0.1:8000/desk/\n\n"
        "If the link is too old, ask whoever invited you to send it again. If you do not expect "
        "this invitation, do nothing: nobody can sign in before a password is set.\n"
    )
    entry = LogEntry.objects.get_for_object(term).get()
    assert (entry.actor, entry.additional_data) == (
        lead, {"activity": "delegations.invite", "reason": ""},
    )  # fmt: skip


def test_somebody_who_signs_in_is_told_without_a_link(own: WorkingGroup) -> None:
    focal = make_delegate(own, "NO", Role.FOCAL_POINT)
    ada = make_person(None, "", "ada@example.org")
    term = invited(own, "ADA@example.org", by=focal.person)
    assert (term.person, term.person.get_full_name()) == (ada, "")  # a name is not given to others
    mail = Message.objects.get()
    assert (mail.rule, mail.private) == ("delegations.added", False)
    assert mail.body.startswith(
        "focal_point-no@example.org, focal point of the delegation, added you to a delegation.\n"
    )
    assert "/accounts/invitation/" not in mail.body


@pytest.mark.parametrize(
    ("email", "role", "error"),
    [
        ("delegate-no@example.org", Role.DELEGATE, delegations.AlreadyThereError),
        ("delegate-ke@example.org", Role.DELEGATE, delegations.ElsewhereError),
        ("closed@example.org", Role.DELEGATE, delegations.ClosedAccountError),
        ("new@example.org", Role.FOCAL_POINT, delegations.FocalPointStandsError),
        ("no address", Role.DELEGATE, ValidationError),
    ],
)
def test_who_cannot_be_invited(
    own: WorkingGroup, email: str, role: str, error: type[Exception]
) -> None:
    for iso in ("NO", "KE"):
        make_delegate(own, iso)
    make_delegate(own, "NO", Role.FOCAL_POINT)
    User.objects.create_user("closed@example.org", is_active=False)
    before, people = terms(own), User.objects.count()
    with pytest.raises(error):
        invited(own, email, role=role)
    assert (terms(own), User.objects.count(), told()) == (before, people, [])


def test_a_person_is_in_delegations_to_two_groups_and_comes_back(own: WorkingGroup) -> None:
    other = make_group("other")
    first = invited(own, "ada@example.org")
    invited(other, "ada@example.org", "KE", Role.FOCAL_POINT)
    remove(first, by=None, day=LATER.date(), reason="Moved", at=LATER)
    invited(own, "ada@example.org", "KE", at=LATER)
    assert terms(own) == [
        ("ada", "NO", "delegate", "2026-03-02", "2026-03-31"),
        ("ada", "KE", "delegate", "2026-04-01", ""),
    ]
    assert terms(other) == [("ada", "KE", "focal_point", "2026-03-02", "")]


def test_an_invitation_is_sent_again_until_there_is_a_password(own: WorkingGroup) -> None:
    term = invited(own, "ada@example.org")
    again = invite_again(term, by=None, at=LATER)
    assert invitations.link(term, by=None, at=LATER) in again.body
    assert invite_again(term, by=None, at=LATER) == again  # twice within a minute is once
    term.person.set_password("x")
    term.person.save()
    with pytest.raises(delegations.AlreadySignsInError, match="Ada Example signs in already"):
        invite_again(term, by=None, at=LATER)
    remove(term, by=None, day=LATER.date(), reason="Left", at=LATER)
    with pytest.raises(delegations.EndedError):
        invite_again(term, by=None, at=LATER)


# They leave


def test_whoever_is_removed_is_in_no_longer_from_that_day_on(own: WorkingGroup, lead: User) -> None:
    term = make_delegate(own, "NO")
    remove(term, by=lead, day=DAY, reason="  Left the ministry ", at=AT)
    assert terms(own) == [("delegate-no", "NO", "delegate", "2000-01-01", "2026-03-01")]
    person = User.objects.get(pk=term.person_id)
    assert memberships(person, DAY - timedelta(days=1)) == (
        Membership(own.pk, term.member_state_id, focal_point=False),
    )
    assert memberships(User.objects.get(pk=person.pk), DAY) == ()
    entry = LogEntry.objects.get_for_object(term).latest("pk")
    assert (entry.actor, entry.additional_data) == (
        lead, {"activity": "delegations.remove", "reason": "Left the ministry"},
    )  # fmt: skip
    mail = Message.objects.get()
    assert (mail.rule, mail.to) == ("delegations.removed", person.email)
    assert "ministry" not in mail.body
    with pytest.raises(delegations.EndedError, match="no longer. Nothing was changed"):
        remove(term, by=lead, day=DAY, reason="Again", at=AT)


def test_a_term_that_would_end_before_it_counted_is_taken_back(own: WorkingGroup) -> None:
    term = invited(own, "ada@example.org")
    with pytest.raises(delegations.ReasonMissingError):
        remove(term, by=None, day=DAY, reason=" ", at=AT)
    with pytest.raises(delegations.BeforeTermError, match="begins on 2 March 2026"):
        remove(term, by=None, day=DAY - timedelta(days=1), reason="Wrong", at=AT)
    assert terms(own) == [("ada", "NO", "delegate", "2026-03-02", "")]
    remove(term, by=None, day=DAY, reason="A wrong address", at=AT)
    assert terms(own) == []
    assert LogEntry.objects.latest("pk").additional_data == {
        "activity": "delegations.remove", "reason": "A wrong address",
    }  # fmt: skip
    assert terms(own) == [] and invited(own, "ada@example.org").pk  # the same day again


def test_who_removes_whom_at_the_desk(own: WorkingGroup) -> None:
    focal, delegate = make_delegate(own, "NO", Role.FOCAL_POINT), make_delegate(own, "NO")
    other, theirs = make_delegate(own, "KE", Role.FOCAL_POINT), make_delegate(own, "KE")
    every = [focal, delegate, other, theirs]
    found = {(by.pk, of.pk) for by in every for of in every if may_remove(by.person, of, DAY)}
    assert found == {(focal.pk, delegate.pk), (other.pk, theirs.pk)}


# Another focal point


@pytest.fixture
def focal(own: WorkingGroup) -> DelegateTerm:
    make_delegate(own, "KE", Role.FOCAL_POINT)
    return make_delegate(own, "NO", Role.FOCAL_POINT)


@pytest.fixture
def delegate(own: WorkingGroup) -> DelegateTerm:
    return make_delegate(own, "NO")


OF_KENYA = ("focal_point-ke", "KE", "focal_point", "2000-01-01", "")


def over(
    own: WorkingGroup, to: DelegateTerm, was: DelegateTerm | None, day: date = DAY, **facts: Any
) -> DelegateTerm:
    said: dict[str, Any] = {"reason": "Letter of 1 March", "by": None} | facts
    return hand_over(own, state("NO"), to.person, day=day, at=AT, was=was, **said)


@pytest.mark.parametrize("stays", [True, False])
def test_a_focal_point_hands_over(
    own: WorkingGroup, lead: User, focal: DelegateTerm, delegate: DelegateTerm, stays: bool
) -> None:
    begun = over(own, delegate, focal, by=lead, stays=stays)
    ended = [
        OF_KENYA,
        ("focal_point-no", "NO", "focal_point", "2000-01-01", "2026-03-01"),
        ("delegate-no", "NO", "delegate", "2000-01-01", "2026-03-01"),
    ]
    stayed = [("focal_point-no", "NO", "delegate", "2026-03-02", "")] if stays else []
    assert terms(own) == [
        *ended, *stayed, ("delegate-no", "NO", "focal_point", "2026-03-02", ""),
    ]  # fmt: skip
    assert {
        entry.additional_data["reason"]
        for entry in LogEntry.objects.filter(additional_data__activity="delegations.hand_over")
        if entry.actor == lead
    } == {"Letter of 1 March"}
    assert told() == [
        ("delegations.handed_over", "delegate-no@example.org"),
        ("delegations.handed_over", "focal_point-no@example.org"),
    ]
    if stays:  # and back on the same day: what did not count is gone
        back = DelegateTerm.objects.get(person=focal.person, to_day=None)
        over(own, back, begun)
        assert terms(own) == [
            *ended, ("delegate-no", "NO", "delegate", "2026-03-02", ""),
            ("focal_point-no", "NO", "focal_point", "2026-03-02", ""),
        ]  # fmt: skip


def test_the_first_focal_point_begins(own: WorkingGroup, delegate: DelegateTerm) -> None:
    over(own, delegate, None)
    assert terms(own) == [
        ("delegate-no", "NO", "delegate", "2000-01-01", "2026-03-01"),
        ("delegate-no", "NO", "focal_point", "2026-03-02", ""),
    ]


def test_a_hand_over_that_cannot_be(
    own: WorkingGroup, focal: DelegateTerm, delegate: DelegateTerm
) -> None:
    stranger = make_delegate(make_group("other"), "NO", email="stranger@example.org")
    of_kenya = DelegateTerm.objects.get(group=own, member_state__iso="KE")
    refused: dict[type[Exception], Callable[[], Any]] = {
        delegations.ReasonMissingError: lambda: over(own, delegate, focal, reason=" "),
        delegations.AlreadyFocalPointError: lambda: over(own, focal, focal),
        delegations.NotThereError: lambda: over(own, stranger, focal),
        delegations.ChangedMeanwhileError: lambda: over(own, delegate, None),
        delegations.BeforeTermError: lambda: over(own, delegate, focal, LONG_AGO - timedelta(1)),
    }
    before = terms(own)
    for error, act in refused.items():
        with pytest.raises(error):
            act()
    with pytest.raises(delegations.NotThereError, match="is not in the delegation of Norway"):
        over(own, of_kenya, focal)
    assert (terms(own), told()) == (before, [])


@pytest.mark.django_db(transaction=True)
def test_two_who_hand_over_at_once_are_one_after_the_other(
    as_migrated: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    own = make_group("own")
    focal = make_delegate(own, "NO", Role.FOCAL_POINT)
    one, two = (make_delegate(own, "NO", email=f"{name}@example.org") for name in ("one", "two"))
    stop = Stop()
    monkeypatch.setattr(delegations, "_step_down", stop.after(delegations._step_down))
    with shared(tmp_path):
        first, second = at_once(stop, lambda: over(own, one, focal), lambda: over(own, two, focal))
        assert isinstance(first, DelegateTerm), first
        assert isinstance(second, delegations.ChangedMeanwhileError), second
        assert str(second).startswith("one@example.org is the focal point now")
        assert [
            term.person.email for term in DelegateTerm.objects.on(DAY).filter(role=Role.FOCAL_POINT)
        ] == ["one@example.org"]


@pytest.mark.django_db(transaction=True)
def test_two_who_invite_the_same_at_once_invite_them_once(
    as_migrated: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    own, stop = make_group("own"), Stop()
    monkeypatch.setattr(delegations, "_account", stop.after(delegations._account))
    with shared(tmp_path):
        first, second = at_once(
            stop, lambda: invited(own, "ada@example.org"), lambda: invited(own, "ada@example.org")
        )
        assert isinstance(first, DelegateTerm), first
        assert isinstance(second, delegations.AlreadyThereError), second
        assert (DelegateTerm.objects.count(), User.objects.count(), len(told())) == (1, 1, 1)
