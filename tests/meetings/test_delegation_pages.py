"""Delegations in the secretariat's site: seen, invited to, removed from, handed over."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from meetings.models import DelegateTerm, WorkingGroup
from tests.conftest import signed_in
from tests.meetings.delegating import Role, make_delegate, told
from tests.two_groups import make_group, make_person

pytestmark = pytest.mark.django_db

TODAY = timezone.localdate()
LIST = "/secretariat/delegations/"
NORWAY = f"{LIST}own/NO/"


@pytest.fixture
def own() -> WorkingGroup:
    return make_group("own")


@pytest.fixture
def as_editor(own: WorkingGroup) -> Client:
    return signed_in(make_person(own, "editor"))


def shown(page: Any) -> list[tuple[str, str, int, str]]:
    return [
        (str(row["group"]), row["state"].iso, row["people"], str(row["focal"] or ""))
        for row in page.context["rows"]
    ]


def said(answer: Any) -> list[str]:
    return [str(each) for each in answer.context["messages"]]


def test_the_list_shows_who_has_no_focal_point(own: WorkingGroup, as_editor: Client) -> None:
    other = make_group("other")
    make_delegate(own, "NO")
    make_delegate(own, "NO", Role.FOCAL_POINT)
    make_delegate(own, "KE")
    make_delegate(other, "CH", Role.FOCAL_POINT)
    ended = make_delegate(own, "FR", Role.FOCAL_POINT)
    ended.to_day = ended.from_day
    ended.save()
    page = as_editor.get(LIST)
    own_rows = [("OWN", "KE", 1, ""), ("OWN", "NO", 2, "focal_point-no@example.org")]
    assert shown(page) == own_rows
    assert page.content.decode().count(">Missing<") == 1
    both = make_person(own, "lead", "both@example.org")
    both.role_terms.create(group=other, role="editor", from_day=ended.from_day)
    as_both = signed_in(both)
    others = [("OTHER", "CH", 1, "focal_point-ch@example.org")]
    assert shown(as_both.get(LIST)) == others + own_rows
    assert shown(as_both.get(f"{LIST}?group=other")) == others
    assert as_both.get(f"{LIST}?group=nowhere&page=9").status_code == 200
    assert "Delegations of the Member States" in as_editor.get("/secretariat/").content.decode()
    reader = signed_in(make_person(own, "reader"))
    assert "Delegations of the Member States" not in reader.get("/secretariat/").content.decode()


@pytest.mark.parametrize("number", [1, 3])
def test_the_lists_ask_as_much_however_many_there_are(
    own: WorkingGroup, as_editor: Client, number: int
) -> None:
    for iso in ("NO", "KE", "CH")[:number]:
        make_delegate(own, iso, Role.FOCAL_POINT)
    for each in range(number):
        make_delegate(own, "NO", email=f"p{each}@example.org")
    counts = []
    for address in (LIST, NORWAY):
        with CaptureQueriesContext(connection) as asked:
            as_editor.get(address)
        counts.append(len(asked))
    assert counts == [11, 13]


def test_somebody_is_invited_removed_and_invited_again(
    own: WorkingGroup, as_editor: Client
) -> None:
    typed = {"member_state": "NO", "email": "ada@example.org", "name": "Ada", "role": "focal_point"}
    add = f"{LIST}invite/"
    assert as_editor.get(f"{add}?member_state=NO").context["form"]["member_state"].value() == "NO"
    wrong = as_editor.post(add, typed | {"member_state": "XX", "role": "chair"})
    assert (wrong.status_code, set(wrong.context["form"].errors)) == (422, {"member_state", "role"})
    answer = as_editor.post(add, typed, follow=True)
    assert answer.redirect_chain == [(NORWAY, 302)]
    assert said(answer) == ["ada@example.org is invited; the mail leaves now."]
    twice = as_editor.post(add, typed)
    assert (twice.status_code, [*twice.context["form"].errors]) == (422, ["email"])
    term = DelegateTerm.objects.get()
    assert "Invited; no password yet" in as_editor.get(NORWAY).content.decode()
    assert said(as_editor.post(NORWAY, {"again": term.pk}, follow=True)) == [
        "The invitation of Ada is mailed again."
    ]
    assert as_editor.post(NORWAY, {"again": "x"}).status_code == 422
    remove = f"{NORWAY}{term.pk}/remove/"
    assert as_editor.post(remove, {"reason": ""}).status_code == 422
    assert said(as_editor.post(remove, {"reason": "A wrong address"}, follow=True)) == [
        "Ada is in the delegation no longer."
    ]
    assert as_editor.get(remove).status_code == 404
    assert as_editor.post(add, typed).status_code == 302
    rules = [rule for rule, _ in told()]
    assert rules[0] == "delegations.invite" and "delegations.removed" in rules


def test_a_list_is_invited_and_its_bad_lines_named(own: WorkingGroup, as_editor: Client) -> None:
    sent = SimpleUploadedFile("p.csv", b"a@example.org,A & B,NO,\nbad,B,NO,\n")
    page = as_editor.post(f"{LIST}list/", {"people": sent})
    assert page.status_code == 200
    text = page.content.decode()
    assert "<strong>1 person is invited.</strong> 1 line to mend." in text
    assert "Line 2: E-mail: Enter a valid email address." in text
    assert "A &amp; B (a@example.org), delegate, Norway" in text
    assert as_editor.post(f"{LIST}list/").status_code == 422


def test_a_hand_over_is_recorded(own: WorkingGroup, as_editor: Client) -> None:
    focal, delegate = make_delegate(own, "NO", Role.FOCAL_POINT), make_delegate(own, "NO")
    kenyan = make_delegate(own, "KE")
    address = f"{NORWAY}hand-over/"
    page = as_editor.get(address)
    assert "Focal point now: focal_point-no@example.org." in page.content.decode()
    assert [key for key, _ in page.context["form"]["to"].field.choices] == ["", delegate.pk]
    typed = {
        "to": delegate.pk, "before": "leaves", "day": f"{TODAY}", "reason": "Letter",
        "was": focal.pk,
    }  # fmt: skip
    for wrong, field in (
        ({"to": kenyan.pk}, "to"), ({"reason": ""}, "reason"), ({"was": ""}, "was"),
        ({"day": "1999-12-31"}, "day"), ({"day": "2999-12-31"}, "day"), ({"before": ""}, "before"),
    ):  # fmt: skip
        refused = as_editor.post(address, typed | wrong)
        assert (refused.status_code, [*refused.context["form"].errors]) == (422, [field])
    answer = as_editor.post(address, typed, follow=True)
    assert said(answer) == [
        f"delegate-no@example.org is the focal point from {TODAY:%-d %B %Y} on."
    ]
    text = answer.content.decode()
    assert "Handed over" in text and ": Letter" in text
    assert "focal_point-no@example.org, focal point, 1 January 2000 to" in text
    now = DelegateTerm.objects.on(TODAY).filter(member_state=focal.member_state)
    assert [(each.person, each.role) for each in now] == [(delegate.person, "focal_point")]


def test_what_a_reader_or_another_group_may(own: WorkingGroup) -> None:
    """The whole table stands in tests/test_matrix.py; here that nothing is done by sending."""
    focal, delegate = make_delegate(own, "NO", Role.FOCAL_POINT), make_delegate(own, "NO")
    other = make_group("other")
    sent = {
        f"{LIST}invite/": {
            "group": "own", "member_state": "NO", "email": "x@example.org", "name": "X",
            "role": "delegate",
        },
        NORWAY: {"again": delegate.pk},
        f"{NORWAY}{delegate.pk}/remove/": {"reason": "x"},
        f"{NORWAY}hand-over/": {
            "to": delegate.pk, "before": "stays", "day": f"{TODAY}", "reason": "x",
            "was": focal.pk,
        },
    }  # fmt: skip
    for person in (
        make_person(own, "reader"), make_person(own, "chair"), make_person(other, "lead"),
        delegate.person,
    ):  # fmt: skip
        client = signed_in(person)
        for address, typed in sent.items():
            client.post(address, typed)
    assert {*DelegateTerm.objects.filter(group=own)} == {focal, delegate}
    # the lead of the other group may invite, to the own group alone
    assert [*DelegateTerm.objects.exclude(group=own).values_list("group__slug", flat=True)] == [
        "other"
    ]
