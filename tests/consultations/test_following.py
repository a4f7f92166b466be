"""Following by e-mail: asked for, confirmed, told, ended, forgotten; nothing is told of an address."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.conf import settings as site
from django.core.management import call_command
from django.db import models
from django.db.models.functions import Cast
from django.test import Client
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from consultations import following, limits
from consultations.models import Consultation, Extension, Subscription
from cwg.duties.registry import DUTIES
from meetings import outbox
from meetings.models import Meeting, Message, WorkingGroup
from tests.at_once import Stop, at_once, shared
from tests.consultations.making import CLOSES, OPENS, make_group, make_round

pytestmark = pytest.mark.django_db

What = Subscription.What
NOW = timezone.now().replace(microsecond=0)
PAGE = "/example-group/follow/"
TELLING_QUERIES = 10


@pytest.fixture
def round_() -> Consultation:
    return make_round(opens_at=NOW - timedelta(days=1), closes_at=NOW + timedelta(days=30))


@pytest.fixture
def group(round_: Consultation) -> WorkingGroup:
    return round_.group


def links(message: Message) -> list[str]:
    """Give the addresses in a mail, without the site's."""
    return re.findall(rf"{re.escape(site.SITE_ADDRESS)}(\S+)", message.body)


def follows(group: WorkingGroup, what: str, email: str, **relation: Any) -> Subscription:
    return Subscription.objects.create(
        group=group, what=what, email=email, asked_at=OPENS, confirmed_at=OPENS, **relation
    )


# Asked for and confirmed


def test_who_asks_is_mailed_a_link_and_follows_once_the_button_is_pressed(
    client: Client, group: WorkingGroup
) -> None:
    sent = {"what": "consultations", "email": " Reader@Example.org "}
    answer = client.post(PAGE, sent, follow=True)
    assert answer.redirect_chain == [(f"{PAGE}asked/", 302)]
    assert "on its way" in answer.content.decode()
    mail = Message.objects.get()
    assert (mail.to, mail.private, mail.rule) == ("reader@example.org", True, "following.confirm")
    (link,) = links(mail)
    for _ in range(2):  # a program that fetches each link of a mail confirms nothing
        page = client.get(link)
        assert "Confirm that you follow all open consultations of EG" in page.content.decode()
    assert Subscription.objects.get().confirmed_at is None
    assert "You now follow" in client.post(link).content.decode()
    begun = Subscription.objects.get().confirmed_at
    assert begun is not None
    client.post(link)
    assert Subscription.objects.get().confirmed_at == begun
    assert client.cookies == {}


def test_the_answer_is_the_same_whether_an_address_is_known_or_not(
    client: Client, group: WorkingGroup
) -> None:
    follows(group, "consultations", "known@example.org")
    answers = []
    for email in ("known@example.org", "unknown@example.org"):
        answer = client.post(PAGE, {"what": "consultations", "email": email})
        answers.append((answer.status_code, answer["Location"], answer.content))
    assert answers[0] == answers[1]
    # what differs is told to the address itself
    rules = {each.to: each.rule for each in Message.objects.all()}
    assert rules == {
        "known@example.org": "following.already", "unknown@example.org": "following.confirm",
    }  # fmt: skip


def test_each_thing_that_is_offered_can_be_followed(client: Client, round_: Consultation) -> None:
    topic = round_.consultation_topics.get().topic
    page = client.get(f"{PAGE}?what=consultation:{round_.slug}")
    form = page.context["form"]
    assert form.initial["what"] == f"consultation:{round_.slug}"
    offered = ["consultations", "meetings", f"consultation:{round_.slug}", f"topic:{topic.key}"]
    for what in offered:
        assert client.post(PAGE, {"what": what, "email": "a@example.org"}).status_code == 302
    assert {
        (each.what, each.consultation, each.topic) for each in Subscription.objects.all()
    } == {
        ("consultations", None, None), ("meetings", None, None),
        ("consultation", round_, None), ("topic", None, topic),
    }  # fmt: skip


def test_what_is_not_public_or_over_is_not_offered(client: Client, round_: Consultation) -> None:
    make_round(round_.group, slug="secret", key="2026-09", announced_at=None)
    make_round(
        round_.group,
        slug="over",
        key="2020-01",
        opens_at=NOW - timedelta(days=9),
        closes_at=NOW - timedelta(days=2),
    )
    page = client.get(PAGE).content.decode()
    assert "2026-09" not in page
    for what in (
        "consultation:secret",
        "consultation:over",
        "topic:topic-2026-09",
        "consultation:nowhere",
    ):
        answer = client.post(PAGE, {"what": what, "email": "a@example.org"})
        assert answer.status_code == 422
        assert 'value="a@example.org"' in answer.content.decode()
    assert not Subscription.objects.exists()
    assert client.get("/nowhere/follow/").status_code == 404


def test_a_bad_address_is_said_and_kept(client: Client, group: WorkingGroup) -> None:
    page = client.post(PAGE, {"what": "meetings", "email": "reader at home"})
    assert page.status_code == 422
    assert 'value="reader at home"' in page.content.decode()
    assert "Enter a valid email address." in page.content.decode()


def test_nobody_is_flooded(client: Client, group: WorkingGroup, monkeypatch: Any) -> None:
    minutes = iter(NOW + timedelta(minutes=2 * number) for number in range(100))
    monkeypatch.setattr("consultations.views.following.timezone.now", lambda: next(minutes))
    for _ in range(6):
        assert client.post(PAGE, {"what": "meetings", "email": "a@example.org"}).status_code == 302
    assert Message.objects.count() == 4
    answers = [
        client.post(PAGE, {"what": "meetings", "email": f"{n}@example.org"}) for n in range(20)
    ]
    codes = [each.status_code for each in answers]
    assert codes == [302] * 14 + [429] * 6
    assert "Too much was asked for from here" in answers[-1].content.decode()
    assert limits.allowed(("other", 1), "a@example.org")


def test_asked_for_twice_within_a_minute_is_one_mail(client: Client, group: WorkingGroup) -> None:
    for second in (1, 20, 50, 70):
        at = datetime(2026, 3, 2, 8, 0, tzinfo=UTC) + timedelta(seconds=second)
        following.ask(group, "meetings", "a@example.org", at=at)
    assert Message.objects.count() == 2
    assert Subscription.objects.count() == 1


def test_what_fills_in_the_hidden_field_is_answered_and_forgotten(
    client: Client, group: WorkingGroup
) -> None:
    sent = {"what": "meetings", "email": "a@example.org", "website": "x"}
    assert client.post(PAGE, sent).status_code == 302
    assert not Subscription.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_asked_for_twice_at_once_is_one(tmp_path: Path) -> None:
    group = make_round().group
    with shared(tmp_path):
        stop = Stop()
        with pytest.MonkeyPatch.context() as patch:
            first = stop.after(Subscription.objects.filter)
            patch.setattr(Subscription.objects, "filter", first)

            def ask() -> Message:
                return following.ask(group, "meetings", "a@example.org", at=NOW)

            answers = at_once(stop, ask, ask)
        assert answers[0] == answers[1]
        assert Subscription.objects.count() == 1


# Told


def test_each_address_that_follows_is_told_once(round_: Consultation) -> None:
    group, topic = round_.group, round_.consultation_topics.get().topic
    other = make_round(group, slug="other", key="2026-09")
    follows(group, "consultations", "all@example.org")
    follows(group, "consultation", "round@example.org", consultation=round_)
    follows(group, "topic", "topic@example.org", topic=topic)
    for what, relation in (
        ("consultations", {}),
        ("consultation", {"consultation": round_}),
        ("topic", {"topic": topic}),
    ):
        follows(group, what, "thrice@example.org", **relation)
    follows(group, "meetings", "meetings@example.org")
    follows(group, "consultation", "another@example.org", consultation=other)
    follows(make_group("elsewhere"), "consultations", "elsewhere@example.org")
    never = follows(group, "consultations", "never@example.org")
    Subscription.objects.filter(pk=never.pk).update(confirmed_at=None)
    ended = follows(group, "consultations", "ended@example.org")
    Subscription.objects.filter(pk=ended.pk).update(ended_at=NOW)
    assert following.tell_announced(round_, at=NOW) == 4
    assert sorted(Message.objects.values_list("to", flat=True)) == [
        "all@example.org", "round@example.org", "thrice@example.org", "topic@example.org",
    ]  # fmt: skip
    assert following.tell_announced(round_, at=NOW) == 0  # told twice is one mail
    assert Message.objects.count() == 4
    mail = Message.objects.get(to="round@example.org")
    assert mail.subject == f"Open consultation: An example topic of {round_.key}"
    assert links(mail)[0] == round_.get_absolute_url()
    assert mail.unsubscribe == site.SITE_ADDRESS + links(mail)[1]
    assert (mail.group, mail.state, mail.private) == (group, Message.State.DUE, False)


@pytest.mark.parametrize("number", [1, 30])
def test_announcing_asks_as_often_however_many_follow(
    number: int, django_assert_num_queries: Any
) -> None:
    round_ = make_round()
    topic = round_.consultation_topics.get().topic
    for place in range(number):
        follows(round_.group, "consultations", f"all{place}@example.org")
        follows(round_.group, "consultation", f"round{place}@example.org", consultation=round_)
        follows(round_.group, "topic", f"topic{place}@example.org", topic=topic)
    with django_assert_num_queries(TELLING_QUERIES):
        assert following.tell_announced(round_, at=NOW) == 3 * number


def test_an_extension_is_told_with_who_decided_and_why() -> None:
    round_ = make_round()
    follows(round_.group, "consultations", "a@example.org")
    made = Extension.objects.create(
        consultation=round_, was=CLOSES, now=CLOSES + timedelta(days=7),
        decided_on=date(2026, 5, 20), decided_by={"en": "The Chair"}, reason="A holiday.",
    )  # fmt: skip
    following.tell_extended(made, at=NOW)
    mail = Message.objects.get()
    said = mail.body.replace("\xa0", " ")
    assert (
        "Extended from 29 May 2026, 23:59 Geneva time to 5 June 2026, 23:59 Geneva time. "
        "Decided by The Chair on 20 May 2026: A holiday." in said
    )


def test_a_meeting_that_begins_soon_is_told_once_somebody_approved_it() -> None:
    group = make_group()
    at = datetime(2026, 3, 2, 8, tzinfo=UTC)
    held = Meeting.objects.create(
        group=group, ordinal=7, first_day=date(2026, 3, 20), last_day=date(2026, 3, 21),
        place={"en": "Geneva"},
    )  # fmt: skip
    Meeting.objects.create(
        group=group, ordinal=8, first_day=date(2026, 9, 1), last_day=date(2026, 9, 1)
    )
    assert following.tell_meetings(at) == 0
    follows(group, "meetings", "a@example.org")
    follows(group, "meetings", "b@example.org")
    assert following.count_to_tell_meetings(at) == 2
    assert (following.tell_meetings(at), following.tell_meetings(at)) == (2, 0)
    assert following.count_to_tell_meetings(at) == 0
    mail = Message.objects.order_by("pk")[0]
    assert (mail.state, held.get_absolute_url() in mail.body) == (Message.State.HELD, True)
    assert "Geneva" in mail.body
    held.first_day = date(2026, 3, 19)
    held.save()
    assert following.tell_meetings(at) == 2  # another day is news
    held.cancelled_on = date(2026, 3, 3)
    held.first_day = date(2026, 3, 18)
    held.save()
    assert following.tell_meetings(at) == 0


# Ended


def test_one_click_ends_it_and_what_waits_does_not_leave(round_: Consultation) -> None:
    followed = follows(round_.group, "consultations", "a@example.org")
    following.tell_announced(round_, at=NOW)
    mail = Message.objects.get()
    address = mail.unsubscribe.removeprefix(site.SITE_ADDRESS)
    strict = Client(enforce_csrf_checks=True)
    page = strict.get(address).content.decode()
    assert "End following all open consultations of EG" in page
    followed.refresh_from_db()
    assert followed.ended_at is None  # fetched is not clicked
    # as RFC 8058 has it: no cookie, no page before
    answer = strict.post(
        address, "List-Unsubscribe=One-Click", content_type="application/x-www-form-urlencoded"
    )
    assert (answer.status_code, answer.cookies) == (200, {})
    followed.refresh_from_db()
    mail.refresh_from_db()
    assert followed.ended_at is not None
    assert mail.state == Message.State.STOPPED
    assert outbox.send_due(NOW + timedelta(days=1)) == 0
    for ask in (strict.get, strict.post):
        assert "You no longer follow" in ask(address).content.decode()
    after = make_round(round_.group, slug="next", key="2027-01")
    assert following.tell_announced(after, at=NOW) == 0


def test_who_ended_it_may_follow_again(client: Client, group: WorkingGroup) -> None:
    followed = follows(group, "meetings", "a@example.org")
    following.end(followed, at=NOW)
    client.post(PAGE, {"what": "meetings", "email": "a@example.org"})
    (link,) = links(Message.objects.get())
    client.post(link)
    assert Subscription.objects.filter(ended_at=None).get().confirmed_at is not None


def test_links_that_lead_nowhere_say_so(client: Client, group: WorkingGroup) -> None:
    followed = follows(group, "meetings", "a@example.org")
    end = following.end_address(followed).removeprefix(site.SITE_ADDRESS)
    other = make_group("elsewhere")
    for address in (
        f"{PAGE}confirm/x/", f"{PAGE}end/x/", f"{PAGE}end/{followed.pk}:x/", f"{end[:-2]}/",
        end.replace("example-group", other.slug),
    ):  # fmt: skip
        for ask in (client.get, client.post):
            answer = ask(address)
            assert answer.status_code == 404
            assert "This link leads nowhere" in answer.content.decode()
    following.ask(group, "consultations", "b@example.org", at=NOW)
    (confirm,) = links(Message.objects.get())
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("time.time", lambda: NOW.timestamp() + 8 * 24 * 60 * 60)
        assert client.post(confirm).status_code == 404
    following.end(Subscription.objects.get(email="b@example.org"), at=NOW)
    assert (client.get(confirm).status_code, client.post(confirm).status_code) == (404, 404)


# Forgotten


def test_what_nobody_confirmed_and_what_was_ended_is_forgotten_in_time(group: WorkingGroup) -> None:
    following.ask(group, "meetings", "never@example.org", at=NOW)
    ended = follows(group, "meetings", "ended@example.org")
    following.end(ended, at=NOW)
    follows(group, "meetings", "stays@example.org")
    assert following.forget(NOW + timedelta(days=6)) == 0
    assert following.forget(NOW + timedelta(days=8)) == 1
    assert following.forget(NOW + timedelta(days=31)) == 1
    assert [each.email for each in Subscription.objects.all()] == ["stays@example.org"]


def test_thirty_days_after_it_ended_an_address_stands_nowhere(round_: Consultation) -> None:
    gone = follows(round_.group, What.CONSULTATIONS, "gone@example.org")
    follows(round_.group, What.CONSULTATIONS, "stays@example.org")
    following.tell_announced(round_, at=NOW)
    outbox.send_due(NOW)
    following.end(gone, at=NOW + timedelta(minutes=1))
    assert where("gone@example.org") == ["meetings.Message.to", "consultations.Subscription.email"]
    for duty in (each for each in DUTIES if "forgotten" in each.words):
        duty.do(NOW + timedelta(days=30, minutes=2))
    assert where("gone@example.org") == []
    assert where("stays@example.org") == ["consultations.Subscription.email"]


def where(words: str) -> list[str]:
    """Return the columns of the whole database in which words stand."""
    return [
        f"{model._meta.label}.{field.name}"
        for model in apps.get_models()
        for field in model._meta.concrete_fields
        if isinstance(field, models.CharField | models.TextField | models.JSONField)
        and model._base_manager.annotate(as_text=Cast(field.name, models.TextField()))
        .filter(as_text__icontains=words)
        .exists()
    ]


def test_the_record_file_holds_no_address(group: WorkingGroup, tmp_path: Path, capsys: Any) -> None:
    follows(group, "meetings", "reader@example.org")
    following.ask(group, "consultations", "asking@example.org", at=NOW)
    call_command("dump_record", group.slug)
    said = capsys.readouterr().out
    assert "example-round" in said
    assert "reader@" not in said
    assert "asking@" not in said


# Whatever is typed


TEXT = st.text(max_size=300)
QUIET = settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


@QUIET
@given(typed=st.dictionaries(st.sampled_from(["what", "email", "website", "x"]), TEXT))
def test_no_form_is_a_fault(client: Client, group: WorkingGroup, typed: dict[str, str]) -> None:
    assert client.post(PAGE, typed).status_code in {302, 422, 429}
    assert client.get(PAGE, typed).status_code == 200


@QUIET
@given(
    token=st.text(st.characters(exclude_characters="/?#", exclude_categories=["Cs"]), min_size=1)
)
def test_no_link_is_a_fault(client: Client, group: WorkingGroup, token: str) -> None:
    for kind in ("confirm", "end"):
        assert client.get(f"{PAGE}{kind}/{token}/").status_code == 404
