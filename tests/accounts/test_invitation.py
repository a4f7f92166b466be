"""An invitation followed: the page, the first password, the desk; and where signing in leads."""

from __future__ import annotations

import logging
from datetime import timedelta

import pytest
from auditlog.models import LogEntry
from django.core import signing
from django.test import Client
from django.utils import timezone

from cwg.accounts import accepting
from cwg.accounts.models import User
from cwg.discreet import DiscreetFormatter
from meetings import delegations, invitations
from meetings.models import DelegateTerm, Message, RoleTerm, WorkingGroup
from tests.conftest import PASSWORD
from tests.meetings.delegating import Role, link_in, make_delegate, state
from tests.two_groups import LONG_AGO, make_group

pytestmark = pytest.mark.django_db

CHOSEN = {"new_password1": "another horse battery", "new_password2": "another horse battery"}
OVER = "This link sets no password"


@pytest.fixture
def own() -> WorkingGroup:
    return make_group("own")


@pytest.fixture
def term(own: WorkingGroup) -> DelegateTerm:
    """Somebody who was invited a moment ago."""
    return delegations.invite(
        own, state("NO"), "ada@example.org", "Ada Example", Role.DELEGATE,
        by=None, at=timezone.now(),
    )  # fmt: skip


@pytest.fixture
def link(term: DelegateTerm) -> str:
    return link_in(Message.objects.get())


def over(client: Client, address: str) -> bytes:
    """Return the page that says what a link is worth, the same to reading and to sending."""
    read, sent = client.get(address), client.post(address, CHOSEN)
    assert (read.status_code, sent.status_code) == (404, 404)
    assert OVER in read.content.decode()
    assert read.content == sent.content
    assert read["Cache-Control"] == "private, no-store"
    return read.content


def test_a_link_sets_the_first_password_once(client: Client, term: DelegateTerm, link: str) -> None:
    for _ in range(3):  # a scanner's visits use nothing up
        page = client.get(link)
        assert page.status_code == 200
    said = page.content.decode()
    for word in ("Norway", "OWN", "Delegate", "ada@example.org"):
        assert f">{word}<" in said
    assert "The secretariat of OWN invites you" in said
    assert "Ada" not in said  # who holds a link that went astray learns no name
    assert page["Cache-Control"] == "private, no-store"
    answer = client.post(link, CHOSEN)
    assert (answer.status_code, answer["Location"]) == (302, "/desk/")
    assert client.get("/desk/").context["user"] == term.person
    term.person.refresh_from_db()
    assert term.person.check_password(CHOSEN["new_password1"])
    entry = LogEntry.objects.get_for_object(term).latest("pk")
    assert (entry.actor, entry.additional_data) == (
        term.person, {"activity": "delegations.accept", "reason": ""},
    )  # fmt: skip
    used = over(Client(), link)
    assert used == over(Client(), "/accounts/invitation/no-such-link/")
    assert used == over(Client(), link.replace("/accounts/invitation/", "/accounts/invitation/x"))


def test_the_page_says_which_focal_point_invites_also_after_a_hand_over(
    client: Client, own: WorkingGroup
) -> None:
    focal = make_delegate(own, "NO", Role.FOCAL_POINT)
    delegations.invite(
        own, state("NO"), "ben@example.org", "Ben", Role.DELEGATE, by=focal.person,
        at=timezone.now(),
    )  # fmt: skip
    DelegateTerm.objects.filter(pk=focal.pk).update(to_day=LONG_AGO)
    page = client.get(link_in(Message.objects.get())).content.decode()
    assert "focal_point-no@example.org, focal point of the delegation, invites you" in page


@pytest.mark.parametrize(
    ("typed", "problem"),
    [
        ({"new_password2": "another"}, "The two password fields didn’t match."),
        (
            {"new_password1": "12345678", "new_password2": "12345678"},
            "This password is too common.",
        ),
        ({"new_password1": "", "new_password2": ""}, "This field is required."),
    ],
)
def test_a_password_that_cannot_be_uses_nothing_up(
    client: Client, link: str, typed: dict[str, str], problem: str
) -> None:
    answer = client.post(link, CHOSEN | typed)
    assert answer.status_code == 422
    assert problem in [each for errors in answer.context["form"].errors.values() for each in errors]
    assert client.post(link, CHOSEN).status_code == 302


def test_a_link_ends_with_its_days_its_term_and_any_password(term: DelegateTerm, link: str) -> None:
    at = timezone.now()
    token = link.split("/")[3]
    late = at + invitations.WITHIN + timedelta(minutes=1)
    assert invitations.by_link(token, at=at).term == term
    with pytest.raises(invitations.LinkError, match="it is too old"):
        invitations.by_link(token, at=late)
    forged = signing.Signer(salt="another").sign_object([term.pk, "", late.timestamp()])
    for text in (forged, signing.Signer(salt="meetings.invitations").sign_object("x"), "", "::"):
        with pytest.raises(invitations.LinkError):
            invitations.by_link(text, at=at)
    tomorrow = timezone.localdate(at) + timedelta(days=1)
    DelegateTerm.objects.filter(pk=term.pk).update(from_day=LONG_AGO, to_day=tomorrow)
    assert invitations.by_link(token, at=at).term == term
    DelegateTerm.objects.filter(pk=term.pk).update(to_day=tomorrow - timedelta(days=2))
    over(Client(), link)
    DelegateTerm.objects.filter(pk=term.pk).update(to_day=None)
    User.objects.filter(pk=term.person_id).update(is_active=False)
    over(Client(), link)
    User.objects.filter(pk=term.person_id).update(is_active=True)
    assert Client().get(link).status_code == 200
    term.person.set_password("set through the sign-in page")
    term.person.save()
    over(Client(), link)
    term.person.set_unusable_password()  # as an administrator may; an old link is worth nothing
    term.person.save()
    over(Client(), link)


def test_the_second_of_two_who_follow_a_link_at_once_sets_nothing(
    term: DelegateTerm, link: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    token, seen = link.split("/")[3], invitations.by_link(link.split("/")[3], at=timezone.now())
    accepting.accept(token, "the first horse", at=timezone.now())
    # as the second read it, before the first had saved
    monkeypatch.setattr(invitations, "by_link", lambda *_, **__: seen)
    with pytest.raises(invitations.LinkError):
        accepting.accept(token, "the second horse", at=timezone.now())
    assert User.objects.get(pk=term.person_id).check_password("the first horse")


def test_the_link_stands_in_no_log(link: str) -> None:
    line = logging.LogRecord("x", logging.INFO, "", 0, f"Not Found: {link}", None, None)
    assert DiscreetFormatter().format(line) == "Not Found: /accounts/invitation/[…]/"


def test_where_signing_in_leads(client: Client, own: WorkingGroup, stranger: User) -> None:
    both = make_delegate(own, "NO", email="both@example.org")
    RoleTerm.objects.create(person=both.person, group=own, role="editor", from_day=LONG_AGO)
    past = make_delegate(own, "NO", email="past@example.org")
    past.to_day = LONG_AGO
    past.save()
    make_delegate(own, "NO")
    for name, address in {
        "delegate-no": "/desk/", "both": "/secretariat/", "past": "/secretariat/",
        "stranger": "/secretariat/",
    }.items():  # fmt: skip
        typed = {"login": f"{name}@example.org", "password": PASSWORD}
        assert client.post("/accounts/login/", typed)["Location"] == address, name
        assert client.get("/accounts/login/")["Location"] == address, name
        client.post("/accounts/logout/")
    asked = client.post("/accounts/login/?next=/accounts/2fa/", typed)
    assert asked["Location"] == "/accounts/2fa/"
