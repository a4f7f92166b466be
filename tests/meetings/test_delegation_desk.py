"""The desk's own page and the delegation's: what stands there, for whom."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from cwg.accounts.models import User
from meetings import delegations
from meetings.models import DelegateTerm, Meeting, Outcome, WorkingGroup
from tests.conftest import signed_in
from tests.meetings.delegating import Role, make_delegate, plain, state, told
from tests.two_groups import make_group, make_person

pytestmark = pytest.mark.django_db

TODAY = timezone.localdate()
PEOPLE = "/desk/own/delegation/"


@pytest.fixture
def own() -> WorkingGroup:
    group = make_group("own")
    group.zone_words = {"en": "Geneva time"}
    group.save()
    return group


@pytest.fixture
def focal(own: WorkingGroup) -> DelegateTerm:
    return make_delegate(own, "NO", Role.FOCAL_POINT)


@pytest.fixture
def delegate(own: WorkingGroup) -> DelegateTerm:
    return make_delegate(own, "NO")


@pytest.fixture
def theirs(own: WorkingGroup) -> DelegateTerm:
    """Somebody of another delegation to the same group."""
    return make_delegate(own, "KE", Role.FOCAL_POINT)


def make_meeting(group: WorkingGroup, ordinal: int, in_days: int, **facts: Any) -> Meeting:
    first = TODAY + timedelta(days=in_days)
    return Meeting.objects.create(
        group=group, ordinal=ordinal, first_day=first, last_day=first + timedelta(1), **facts
    )


def ask(group: WorkingGroup, addressee: str, action: str) -> Outcome:
    held = Meeting.objects.filter(group=group, ordinal=1).first() or Meeting.objects.create(
        group=group, ordinal=1, first_day=date(2020, 2, 3), last_day=date(2020, 2, 4)
    )
    return Outcome.objects.create(
        meeting=held, kind="request", addressee={"en": addressee}, action={"en": action},
        position=held.outcomes.count() + 1,
    )  # fmt: skip


# Home


def test_home_shows_the_next_meetings_with_their_deadlines(
    own: WorkingGroup, delegate: DelegateTerm
) -> None:
    make_meeting(own, 2, -30)
    make_meeting(own, 3, 5)
    make_meeting(own, 4, 60)
    make_meeting(own, 5, 90, cancelled_on=TODAY)
    make_meeting(own, 6, 120, documents_due=datetime(2099, 1, 31, 11, tzinfo=UTC))
    make_meeting(own, 7, 400)
    make_meeting(make_group("other"), 8, 10)
    (part,) = signed_in(delegate.person).get("/desk/").context["parts"]
    due = TODAY + timedelta(days=46)
    assert [(each.name, each.over) for each in part.meetings] == [
        ("3rd meeting", True), ("4th meeting", False), ("6th meeting", False),
    ]  # fmt: skip
    assert plain(part.meetings[1].deadline) == f"{due:%-d %B %Y}, 23:59 Geneva time"
    assert plain(part.meetings[2].deadline) == "31 January 2099, 12:00 Geneva time"
    # a few hours around midnight the zone's day is another one than the server's
    assert part.meetings[1].left in {"45 days left", "46 days left", "47 days left"}


def test_home_shows_what_is_asked_of_member_states(
    own: WorkingGroup, delegate: DelegateTerm
) -> None:
    ask(own, "Member States", "to send their experience")
    ask(own, "the Secretariat", "to send a circular")
    ask(own, "interested member States and Sector Members", "to comment")
    ask(make_group("other"), "Member States", "to do something else")
    being_recorded = ask(own, "Member States", "to keep a secret")
    being_recorded.meeting = make_meeting(own, 2, -10, planned_at=timezone.now())
    being_recorded.save()
    page = signed_in(delegate.person).get("/desk/")
    (part,) = page.context["parts"]
    assert [row.what for row in part.asked] == [
        "Member States: to send their experience",
        "Interested member States and Sector Members: to comment",
    ]
    assert "You are a delegate." in page.content.decode()
    Meeting.objects.filter(ordinal=2).update(closed_on=TODAY)  # bulk: a test's own
    (part,) = signed_in(delegate.person).get("/desk/").context["parts"]
    assert [row.what for row in part.asked][-1] == "Member States: to keep a secret"


def test_home_leads_to_draft_outcomes_while_comments_are_taken(
    own: WorkingGroup, delegate: DelegateTerm
) -> None:
    at = timezone.now()
    open_until = datetime(2099, 1, 31, 11, tzinfo=UTC)
    make_meeting(own, 2, -90, comments_from=at - timedelta(20), comments_until=at - timedelta(1))
    make_meeting(own, 3, -30, comments_from=at - timedelta(1), comments_until=open_until)
    make_meeting(own, 4, -10)
    make_meeting(
        make_group("other"), 5, -30, comments_from=at - timedelta(1), comments_until=open_until
    )
    client = signed_in(delegate.person)
    page = client.get("/desk/")
    (part,) = page.context["parts"]
    assert [(each.name, plain(each.until)) for each in part.drafted] == [
        ("3rd meeting", "31 January 2099, 12:00 Geneva time")
    ]
    address = "/desk/own/meetings/3/outcomes/"
    assert f'href="{address}"' in page.content.decode()
    # the page itself says the same time, and the meeting's page leads there too
    assert "comment until 31 January 2099, 12:00 Geneva time" in plain(
        client.get(address).content.decode()
    )
    assert f'href="{address}"' in client.get("/desk/own/meetings/3/").content.decode()
    assert "/outcomes/" not in client.get("/desk/own/meetings/4/").content.decode()


@pytest.mark.parametrize("rows", [1, 3])
def test_home_asks_as_much_however_much_stands_there(
    own: WorkingGroup, delegate: DelegateTerm, rows: int
) -> None:
    for number in range(rows):
        make_meeting(
            own, 10 + number, 30, comments_from=timezone.now() - timedelta(1),
            comments_until=timezone.now() + timedelta(1),
        )  # fmt: skip
        ask(own, "Member States", f"to do {number}")
    client = signed_in(delegate.person)
    with CaptureQueriesContext(
        connection,
    ) as asked:
        client.get("/desk/")
    assert len(asked) == 19


def test_who_opens_the_desk(
    own: WorkingGroup, delegate: DelegateTerm, client: Client, stranger: User
) -> None:
    assert client.get("/desk/")["Location"] == "/accounts/login/?next=/desk/"
    assert signed_in(stranger).get("/desk/").status_code == 403
    assert signed_in(make_person(own, "lead")).get("/desk/").status_code == 403
    assert signed_in(delegate.person).get("/desk/").status_code == 200


# The delegation's page


def test_who_sees_whom(
    own: WorkingGroup, focal: DelegateTerm, delegate: DelegateTerm, theirs: DelegateTerm,
    client: Client, stranger: User,
) -> None:  # fmt: skip
    for term, rows in (
        (focal, [(focal, False), (delegate, True)]),
        (delegate, [(focal, False), (delegate, False)]),
        (theirs, [(theirs, False)]),
    ):
        page = signed_in(term.person).get(PEOPLE)
        assert page.context["rows"] == rows
        assert ("Invite a delegate" in page.content.decode()) is (term.role == Role.FOCAL_POINT)
        assert page["Cache-Control"] == "private, no-store"
    elsewhere = make_delegate(make_group("other"), "NO", email="elsewhere@example.org")
    lead = make_person(own, "lead")
    for person in (elsewhere.person, lead, stranger):
        asked = signed_in(person)
        for address in (PEOPLE, f"{PEOPLE}{delegate.pk}/remove/"):
            there, absent = asked.get(address), asked.get(address.replace("own", "nowhere"))
            assert (there.status_code, absent.status_code) == (404, 404)
            assert there["Cache-Control"] == "private, no-store"
    assert client.get(PEOPLE).status_code == 302


@pytest.mark.parametrize("people", [1, 3])
def test_the_list_of_people_asks_as_much_however_many_there_are(
    own: WorkingGroup, focal: DelegateTerm, people: int
) -> None:
    for number in range(people):
        make_delegate(own, "NO", email=f"p{number}@example.org")
    client = signed_in(focal.person)
    with CaptureQueriesContext(connection) as asked:
        assert len(client.get(PEOPLE).context["rows"]) == people + 1
    assert len(asked) == 8


def test_the_focal_point_invites_a_delegate(own: WorkingGroup, focal: DelegateTerm) -> None:
    client = signed_in(focal.person)
    typed = {"email": "new@example.org", "name": "New Person"}
    assert client.post(PEOPLE, typed | {"email": "x"}).status_code == 422
    # nothing that is sent besides makes a focal point, or a delegate of another Member State
    sent = typed | {"role": "focal_point", "member_state": "KE", "group": "other"}
    answer = client.post(PEOPLE, sent, follow=True)
    assert [str(each) for each in answer.context["messages"]] == [
        "new@example.org is invited; the mail leaves now."
    ]
    term = DelegateTerm.objects.get(person__email="new@example.org")
    assert (term.group, term.member_state, term.role) == (own, focal.member_state, "delegate")
    again = client.post(PEOPLE, typed)
    assert again.context["form"].errors == {
        "email": ["new@example.org is in this delegation already. Nobody is invited twice."]
    }
    assert "Invited; no password yet" in again.content.decode()
    client.post(PEOPLE, {"again": term.pk})
    assert told()[0] == ("delegations.invite", "new@example.org")


def test_the_focal_point_removes_a_delegate_and_nobody_else(
    own: WorkingGroup, focal: DelegateTerm, delegate: DelegateTerm, theirs: DelegateTerm
) -> None:
    client = signed_in(focal.person)
    ally = make_delegate(own, "KE", email="ally@example.org")
    answers = {
        term.person.email: (
            client.get(address).status_code,
            client.post(address, {"reason": "x"}).status_code,
        )
        for term in (focal, theirs, ally)
        for address in (f"{PEOPLE}{term.pk}/remove/",)
    }
    assert answers == {
        focal.person.email: (403, 403), theirs.person.email: (404, 404),
        ally.person.email: (404, 404),
    }  # fmt: skip
    assert client.get(f"{PEOPLE}{2**70}/remove/").status_code == 404
    address = f"{PEOPLE}{delegate.pk}/remove/"
    assert client.post(address, {"reason": ""}).status_code == 422
    assert client.post(address, {"reason": "Left"}).status_code == 302
    assert [*delegations.people(own, state("NO"), TODAY)] == [focal]
    assert signed_in(delegate.person).get("/desk/").status_code == 403


def test_a_delegate_invites_and_removes_nobody(
    own: WorkingGroup, focal: DelegateTerm, delegate: DelegateTerm
) -> None:
    other = make_delegate(own, "NO", email="other@example.org")
    client = signed_in(delegate.person)
    assert client.post(PEOPLE, {"email": "a@example.org", "name": "A"}).status_code == 403
    assert client.post(PEOPLE, {"again": other.pk}).status_code == 403
    assert client.post(f"{PEOPLE}{other.pk}/remove/", {"reason": "x"}).status_code == 403
    assert DelegateTerm.objects.on(TODAY).count() == 3
