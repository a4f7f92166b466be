"""The outbox in the secretariat's site: read, corrected, approved, stopped, sent again."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from auditlog.models import LogEntry
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cwg.accounts.models import User
from meetings import outbox
from meetings.forms.mails import seen
from meetings.models import Message, RoleTerm, WorkingGroup
from tests.conftest import signed_in
from tests.two_groups import LONG_AGO, make_group, make_person

pytestmark = pytest.mark.django_db

AT = datetime(2026, 3, 2, 8, tzinfo=UTC)
APPROVING_QUERIES = 6
State = Message.State


@pytest.fixture
def own() -> WorkingGroup:
    return make_group("own")


@pytest.fixture
def lead(own: WorkingGroup) -> User:
    return make_person(own, "lead")


@pytest.fixture
def client(lead: User) -> Client:
    return signed_in(lead)


def written(group: WorkingGroup | None, number: int = 1, **facts: Any) -> Message:
    told: dict[str, Any] = {
        "rule": "test", "to": f"reader-{number}@example.org", "subject": f"Subject {number}",
        "body": f"The text of {number}.", "held": True,
    }  # fmt: skip
    slug = group.slug if group else ""
    return outbox.write(outbox.Mail(key=f"{slug}/{number}", group=group, **(told | facts)), at=AT)


def address(message: Message) -> str:
    return reverse("admin:mail", args=[message.pk])


def posted(client: Client, message: Message, act: str, **typed: str) -> Any:
    said = {"subject": message.subject, "body": message.body, "seen": seen(message), "act": act}
    return client.post(address(message), said | typed)


def test_a_secretariat_sees_the_mails_of_its_own_group_alone(
    client: Client, own: WorkingGroup, lead: User
) -> None:
    other = make_group("other")
    written(own)
    written(other, 2)
    written(None, 3)
    page = client.get(reverse("admin:mails")).content.decode()
    assert "Subject 1" in page
    assert "Subject 2" not in page
    assert "Subject 3" not in page
    # who only reads in the other group sees none of its addresses
    RoleTerm.objects.create(person=lead, group=other, role="reader", from_day=LONG_AGO)
    page = signed_in(lead).get(reverse("admin:mails")).content.decode()
    assert "Subject 2" not in page
    assert signed_in(lead).get(address(Message.objects.get(subject="Subject 2"))).status_code == 404
    seen_by_all = signed_in(User.objects.create_superuser("a@example.org", "x"))
    page = seen_by_all.get(reverse("admin:mails")).content.decode()
    assert all(f"Subject {number}" in page for number in (1, 2, 3))


def test_the_list_is_paged_and_narrowed(client: Client, own: WorkingGroup) -> None:
    for number in range(60):
        written(own, number, held=number % 2 == 0)
    first = client.get(reverse("admin:mails"))
    assert (len(first.context["rows"]), first.context["page"].paginator.count) == (50, 60)
    assert len(client.get(reverse("admin:mails") + "?page=2").context["rows"]) == 10
    due = client.get(reverse("admin:mails") + "?state=due").context["rows"]
    assert {each.state for each, _ in due} == {State.DUE}
    found = client.get(reverse("admin:mails") + "?text=READER-7@").context["rows"]
    assert [each.to for each, _ in found] == ["reader-7@example.org"]
    assert "No mail fits" in client.get(reverse("admin:mails") + "?text=zzz").content.decode()


@pytest.mark.parametrize("rows", [1, 3])
def test_the_list_asks_as_often_however_many_there_are(
    client: Client, own: WorkingGroup, rows: int, django_assert_num_queries: Any
) -> None:
    for number in range(rows):
        written(own, number)
    with django_assert_num_queries(11):
        client.get(reverse("admin:mails"))


def test_a_mail_is_corrected_and_approved_with_one_click(
    client: Client, own: WorkingGroup, lead: User
) -> None:
    made = written(own)
    answer = posted(client, made, "approve", subject="A better subject", body="A better text.")
    assert answer["Location"] == address(made)
    made.refresh_from_db()
    assert (made.subject, made.state, made.decided_by) == ("A better subject", State.DUE, lead)
    page = client.get(address(made)).content.decode()
    assert f"Approved by {lead} (due)" in page
    assert "The text of 1." in page  # what it said, in the history


def test_what_somebody_else_changed_meanwhile_is_said_and_nothing_typed_is_lost(
    client: Client, own: WorkingGroup, lead: User
) -> None:
    made = written(own)
    before = Message.objects.get()
    outbox.correct(made, "By somebody else", "Their text.", by=lead)
    answer = posted(client, before, "approve", subject="Mine", body="My text.")
    page = answer.content.decode()
    for words in ("Somebody changed this mail", "Their text.", "My text.", 'value="Mine"'):
        assert words in page
    made.refresh_from_db()
    assert (made.subject, made.state) == ("By somebody else", State.HELD)
    # having seen it, the person may go on with their own words
    again = {"subject": "Mine", "body": "My text.", "act": "approve"}
    assert client.post(address(made), again | {"seen": seen(made)}).status_code == 302


def test_stopping_needs_a_reason_and_keeps_what_was_typed(
    client: Client, own: WorkingGroup
) -> None:
    made = written(own)
    page = posted(client, made, "stop", subject="Half a").content.decode()
    assert "Give the reason" in page
    assert 'value="Half a"' in page
    made.refresh_from_db()
    assert (made.subject, made.state) == ("Subject 1", State.HELD)
    assert posted(client, made, "stop", reason="It is out of date.").status_code == 302
    assert Message.objects.get().state == State.STOPPED
    assert "It is out of date." in client.get(address(made)).content.decode()
    assert posted(client, Message.objects.get(), "retry").status_code == 302
    assert Message.objects.get().state == State.DUE


def test_one_that_was_perhaps_sent_is_decided_by_a_person(
    client: Client, own: WorkingGroup
) -> None:
    made = written(own)
    Message.objects.update(state=State.UNCERTAIN)
    page = client.get(address(made)).content.decode()
    assert "Nobody knows whether this mail left" in page
    assert outbox.message_id(made).strip("<>") in page
    made.refresh_from_db()
    assert posted(client, made, "take_as_sent", reason="Seen in the log.").status_code == 302
    assert Message.objects.get().state == State.SENT


def test_nobody_reads_a_private_text(own: WorkingGroup) -> None:
    made = written(own, private=True)
    for client in (
        signed_in(make_person(own, "editor")),
        signed_in(User.objects.create_superuser("administrator@example.org", "x")),
    ):
        page = client.get(address(made))
        assert "The text of 1." not in page.content.decode()
        assert "so its text is not shown here" in page.content.decode()
        assert [*page.context["form"].fields] == ["reason", "seen"]
    assert posted(client, made, "approve", body="Another text.").status_code == 302
    made.refresh_from_db()
    assert (made.state, made.body) == (State.DUE, "The text of 1.")


def test_several_are_approved_at_once(client: Client, own: WorkingGroup) -> None:
    held = [written(own, number) for number in range(3)]
    theirs = written(make_group("other"), 9)
    Message.objects.filter(pk=held[2].pk).update(state=State.STOPPED)
    ticked = [str(each.pk) for each in [*held, theirs]] + ["x", "9" * 40]
    answer = client.post(reverse("admin:mails"), {"mail": ticked}, follow=True)
    assert "2 mails are approved; 2 stood in another state by now." in answer.content.decode()
    states = [each.state for each in Message.objects.order_by("pk")]
    assert states == [State.DUE, State.DUE, State.STOPPED, State.HELD]
    nothing = client.post(reverse("admin:mails"), follow=True).content.decode()
    assert "Tick the mails to approve first." in nothing


def test_all_that_wait_under_the_filter_are_approved_on_every_page(
    client: Client, own: WorkingGroup, lead: User
) -> None:
    place = f"{reverse('admin:mails')}?state=held&text=Subject&page=2"
    held = [written(own, number) for number in range(52)]
    apart = [written(own, 60, subject="Another"), written(make_group("other"), 61)]
    apart.append(written(own, 62, held=False))
    page = client.get(place)
    assert "Approve all 52 that wait under this filter, on every page" in page.content.decode()
    # what is written after the page was looked at is not approved unseen; what was stopped stays so
    apart.append(written(own, 63))
    stopped = held.pop()
    outbox.stop(stopped, "Not this one.", by=lead)
    later = held.pop()
    Message.objects.filter(pk=later.pk).update(due_at=timezone.now() + timedelta(days=9))
    answer = client.post(place, {"all": page.context["all"]["until"]}, follow=True)
    assert "51 mails are approved." in answer.content.decode()
    assert list(
        Message.objects.exclude(state=State.DUE).order_by("pk").values_list("pk", "state")
    ) == [
        (stopped.pk, State.STOPPED), (apart[0].pk, State.HELD), (apart[1].pk, State.HELD),
        (apart[3].pk, State.HELD),
    ]  # fmt: skip
    later.refresh_from_db()
    assert later.due_at > timezone.now() + timedelta(days=8)
    held[0].refresh_from_db()
    assert (held[0].decided_by, held[0].due_at > AT) == (lead, True)
    assert "Approved" in client.get(address(held[0])).content.decode()
    entry = LogEntry.objects.get_for_object(held[0]).latest("pk")
    assert (entry.actor, entry.changes) == (lead, {"state": ["To be approved", "Due"]})
    assert entry.additional_data == {"activity": "outbox.approve", "reason": ""}
    for nonsense in ("x", "", "9" * 40):
        again = client.post(place, {"all": nonsense}, follow=True).content.decode()
        assert "Look at the list once more. Nothing was changed." in again
    assert Message.objects.filter(state=State.HELD).count() == 3


@pytest.mark.parametrize("number", [1, 30])
def test_approving_all_asks_as_often_however_many_there_are(
    number: int, own: WorkingGroup, lead: User, django_assert_num_queries: Any
) -> None:
    for place in range(number):
        written(own, place)
    with django_assert_num_queries(APPROVING_QUERIES):
        assert outbox.approve_all(Message.objects.all(), at=AT, by=lead) == number


def test_who_only_reads_the_mails_approves_none(own: WorkingGroup) -> None:
    made = [written(own, number) for number in range(51)]
    reader = signed_in(make_person(own, "reader"))
    answer = reader.post(reverse("admin:mails"), {"all": str(made[-1].pk)})
    assert answer.status_code == 403
    assert Message.objects.filter(state=State.HELD).count() == 51


def test_the_home_says_which_mails_wait_for_somebody(client: Client, own: WorkingGroup) -> None:
    def rows() -> list[tuple[str, str]]:
        sections = client.get("/secretariat/").context["cockpit"].sections
        return [
            (task.what, task.address)
            for section in sections if section.key == "mails" for task in section.tasks
        ]  # fmt: skip

    assert rows() == []
    for number, state in enumerate([State.HELD, State.HELD, State.FAILED, State.UNCERTAIN]):
        written(own, number)
        Message.objects.filter(subject=f"Subject {number}").update(state=state)
    written(make_group("other"), 9)
    assert rows() == [
        ("2 mails wait for approval", "/secretariat/mails/?state=held"),
        ("1 mail could not be sent", "/secretariat/mails/?state=failed"),
        ("1 mail was perhaps sent", "/secretariat/mails/?state=uncertain"),
    ]
    for _, link in rows():
        assert client.get(link).context["rows"]
    assert (
        "mails wait"
        not in signed_in(make_person(own, "reader")).get("/secretariat/").content.decode()
    )


TEXT = st.text(max_size=300)
QUIET = settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


@QUIET
@given(asked=st.dictionaries(st.sampled_from(["state", "group", "text", "page"]), TEXT))
def test_no_question_to_the_list_is_a_fault(client: Client, asked: dict[str, str]) -> None:
    assert client.get(reverse("admin:mails"), asked).status_code == 200


@QUIET
@given(
    typed=st.dictionaries(st.sampled_from(["subject", "body", "reason", "seen", "mail"]), TEXT),
    act=st.sampled_from(["save", "approve", "stop", "retry", "take_as_sent", "x", ""]),
    right=st.booleans(),
)
def test_no_form_about_a_mail_is_a_fault(
    client: Client, own: WorkingGroup, typed: dict[str, str], act: str, right: bool
) -> None:
    made = written(own)
    said = typed | ({"seen": seen(Message.objects.get(pk=made.pk))} if right else {})
    assert client.post(address(made), said | {"act": act}).status_code in {200, 302}
    assert client.post(reverse("admin:mails"), typed).status_code == 302


def test_the_times_of_a_mail_are_those_of_its_group(client: Client, own: WorkingGroup) -> None:
    mail = written(own)  # at 8 in UTC, in March
    assert own.zone == "Europe/Zurich"
    listed = client.get(reverse("admin:mails")).content.decode()
    assert "written 2 March 2026, 09:00" in listed
    page = client.get(address(mail)).content.decode()
    assert "2 March 2026, 09:00" in page
    assert "times are those of its zone, Europe/Zurich" in page
    own.zone = "Asia/Tokyo"
    own.save()
    assert "written 2 March 2026, 17:00" in client.get(reverse("admin:mails")).content.decode()
