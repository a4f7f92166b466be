"""The pages on which the secretariat launches, announces, extends, corrects and moves a round."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from consultations import rounds
from consultations.models import Consultation, Subscription
from meetings.models import Meeting, Message, Outcome, Topic, WorkingGroup
from tests.conftest import signed_in
from tests.consultations.making import make_group, make_round
from tests.two_groups import make_person

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)
NOW = timezone.now()
ZURICH = ZoneInfo("Europe/Zurich")
# Days are typed and settled in the zone of the group, whatever day it is in UTC
TODAY = NOW.astimezone(ZURICH).date()
LIST_QUERIES = 15


@pytest.fixture
def group(db: None) -> WorkingGroup:
    return make_group()


@pytest.fixture
def desk(group: WorkingGroup) -> Client:
    return signed_in(make_person(group, "editor"))


@pytest.fixture
def open_round(group: WorkingGroup) -> Consultation:
    at = NOW.replace(minute=30, second=0, microsecond=0)
    return make_round(
        group, opens_at=at - 10 * DAY, closes_at=at + 10 * DAY, announced_at=at - 20 * DAY
    )


def page(name: str, row: Any) -> str:
    return reverse(f"admin:{name}", args=[row.pk])


def decided(group: WorkingGroup) -> Outcome:
    last = NOW.date() - 30 * DAY
    held = Meeting.objects.create(group=group, ordinal=1, first_day=last, last_day=last)
    made = Outcome.objects.create(
        meeting=held, kind="would_launch", position=1, window_from=NOW.date().replace(day=1),
        window_to=(NOW + 90 * DAY).date().replace(day=1),
    )  # fmt: skip
    topic = Topic.objects.create(group=group, key="islands", title={"en": "Islands"})
    made.outcome_topics.create(topic=topic)
    return made


def test_a_round_is_launched_from_a_decision_and_announced(
    desk: Client, group: WorkingGroup
) -> None:
    outcome = decided(group)
    assert "Launch the round" in desk.get(reverse("admin:launches")).content.decode()
    form = desk.get(page("launch", outcome)).context["form"]
    typed = {
        "heading": form.initial["heading"], "slug": form.initial["slug"],
        "key": form.initial["key"], "opens_day": (TODAY + 3 * DAY).isoformat(),
        "opens_clock": "09:00", "closes_day": (TODAY + 60 * DAY).isoformat(),
        "closes_clock": "00:00",
    }  # fmt: skip
    refused = desk.post(page("launch", outcome), typed)
    assert (refused.status_code, [*refused.context["form"].errors]) == (422, ["closes_day"])
    assert "Close at 23:59 of the day before" in refused.content.decode()
    answer = desk.post(page("launch", outcome), typed | {"closes_clock": "23:59"})
    made = Consultation.objects.get()
    assert answer["Location"] == page("consultations_consultation_change", made)
    assert made.closes_at is not None
    local = made.closes_at.astimezone(ZURICH)
    assert (local.hour, local.minute, made.decided_by) == (23, 59, outcome)
    assert "rests on this decision already" in desk.get(page("launch", outcome)).content.decode()
    assert "Launch the round" not in desk.get(reverse("admin:launches")).content.decode()

    Subscription.objects.create(
        group=group, what="consultations", email="all@example.org", asked_at=NOW, confirmed_at=NOW
    )
    shown = desk.get(page("round_announce", made)).content.decode()
    assert "It goes to 1 address, through the outbox." in shown
    assert "Islands" in shown
    assert not Message.objects.exists()
    desk.post(page("round_announce", made))
    assert Message.objects.get().subject in shown
    assert Outcome.objects.get(pk=outcome.pk).settlement.on == TODAY + 3 * DAY
    again = desk.post(page("round_announce", made))
    assert "Nobody is told twice." in again.content.decode()
    assert Message.objects.count() == 1


def test_what_lacks_is_said_and_nothing_announced(desk: Client, group: WorkingGroup) -> None:
    made = make_round(group, announced_at=None, closes_at=None)
    answer = desk.post(page("round_announce", made))
    assert "it needs the instants" in answer.content.decode()
    made.refresh_from_db()
    assert made.announced_at is None


def test_an_extension_is_previewed_and_then_made(desk: Client, open_round: Consultation) -> None:
    until = (NOW + 20 * DAY).date()
    typed = {
        "closes_day": until.isoformat(), "closes_clock": "23:59", "decided_by": "the Chair",
        "decided_on": NOW.astimezone(ZURICH).date().isoformat(), "reason": "Translations.",
    }  # fmt: skip
    address = page("round_extend", open_round)
    shown = desk.post(address, typed | {"preview": "1"})
    assert "Decided by the Chair on" in shown.context["words"]
    assert "Extend it" in shown.content.decode()
    assert not open_round.extensions.exists()
    refused = desk.post(address, typed | {"closes_clock": "00:00", "preview": "1"})
    assert [*refused.context["form"].errors] == ["closes_day"]
    refused = desk.post(address, typed | {"reason": "", "extend": "1"})
    assert [*refused.context["form"].errors] == ["reason"]
    assert 'value="the Chair"' in refused.content.decode()
    words = shown.context["words"]
    again = desk.post(address, typed | {"reason": "Weather.", "shown": words, "extend": "1"})
    assert "It was changed since it was shown." in again.content.decode()
    assert not open_round.extensions.exists()
    desk.post(address, typed | {"shown": words, "extend": "1"})
    made = open_round.extensions.get()
    assert made.now == datetime.combine(until, datetime.min.time(), ZURICH).replace(
        hour=23, minute=59
    )
    form = desk.get(page("consultations_consultation_change", open_round)).content.decode()
    assert "extensions-0-now" not in form  # read, not written


def test_what_was_announced_is_seen_by_everybody_and_stays(
    group: WorkingGroup, open_round: Consultation
) -> None:
    waits = make_round(group, slug="waits", key="2031-01", announced_at=None)
    lead = signed_in(make_person(group, "lead"))
    said = {
        each: lead.get(page("consultations_consultation_change", each)).content.decode()
        for each in (open_round, waits)
    }
    assert "Who can see this: everybody." in said[open_round]
    assert "Who can see this: people with a role in EG." in said[waits]
    assert ['name="group"' in each for each in said.values()] == [False, True]
    remove = [page("consultations_consultation_delete", each) for each in (open_round, waits)]
    assert [each in said[row] for each, row in zip(remove, said, strict=True)] == [False, True]
    assert [lead.get(each).status_code for each in remove] == [403, 200]
    chosen = {
        "action": "delete_selected", "_selected_action": [open_round.pk, waits.pk], "post": "yes",
    }  # fmt: skip
    lead.post("/secretariat/consultations/consultation/", chosen)
    assert set(Consultation.objects.all()) == {open_round, waits}
    lead.post(remove[1], {"post": "yes"})
    assert set(Consultation.objects.all()) == {open_round}


def test_dates_are_corrected_with_a_reason(desk: Client, open_round: Consultation) -> None:
    address = page("round_correct", open_round)
    form = desk.get(address).context["form"]
    typed = {
        name: value.strftime("%Y-%m-%d" if name.endswith("day") else "%H:%M")
        for name, value in form.initial.items()
    }
    later = (TODAY + 12 * DAY).isoformat()
    assert desk.post(address, typed | {"closes_day": later}).status_code == 422
    before = open_round.opens_at
    desk.post(address, typed | {"closes_day": later, "reason": "A slip."})
    open_round.refresh_from_db()
    assert open_round.closes_at is not None
    closes = open_round.closes_at.astimezone(ZURICH).date().isoformat()
    assert (open_round.opens_at, closes) == (before, later)


def test_an_address_is_changed_and_the_old_one_leads_on(
    desk: Client, open_round: Consultation, client: Client
) -> None:
    old = open_round.get_absolute_url()
    address = page("round_address", open_round)
    assert desk.post(address, {"slug": "not an address", "reason": "x"}).status_code == 422
    desk.post(address, {"slug": "islands", "reason": "Its topic."})
    open_round.refresh_from_db()
    assert client.get(old)["Location"] == open_round.get_absolute_url()
    assert open_round.slug == "islands"


def test_a_letter_is_entered(desk: Client, open_round: Consultation) -> None:
    address = page("round_enter", open_round)
    question = open_round.questions.get(position=1)
    typed = {
        "way": "paper", "arrived_on": (NOW - DAY).date().isoformat(), "language": "fr",
        "organisations": "Example Institute\n\nExample Society", "stakeholder_group": "academia",
        "email": "letter@example.org", f"answer_{question.pk}": "Une réponse.",
        "publish_text": "on", "consent": "Ticked on the form.", "whole": "1",
    }  # fmt: skip
    refused = desk.post(address, typed | {"consent": "", "email": "nothing"})
    assert (refused.status_code, sorted(refused.context["form"].errors)) == (
        422, ["consent", "email"],
    )  # fmt: skip
    assert "Une réponse." in refused.content.decode()
    refused = desk.post(address, typed | {"organisations": ""})
    assert [*refused.context["form"].errors] == ["name"]
    answer = desk.post(address, typed)
    made = open_round.contributions.get()
    assert answer["Location"] == page("contribution", made)
    assert (made.reference, made.get_way_display()) == (
        "EG/OC-2026-03/1", "On paper, entered by the secretariat",
    )  # fmt: skip
    assert [str(each) for each in made.organisations.all()] == [
        "Example Institute", "Example Society",
    ]  # fmt: skip


def test_somebody_who_began_nothing_is_let_in_late(desk: Client, group: WorkingGroup) -> None:
    closed = make_round(group, closes_at=NOW - DAY, opens_at=NOW - 20 * DAY)
    address = page("round_late", closed)
    assert address in desk.get(page("consultations_consultation_change", closed)).content.decode()
    typed = {
        "name": "Late Person", "email": "late@example.org", "until_day": str(TODAY + 2 * DAY),
        "until_clock": "23:59", "reason": "Ill.",
    }  # fmt: skip
    for wrong, place in (({"until_day": str(TODAY - DAY)}, "until_day"), ({"email": ""}, "email")):
        refused = desk.post(address, typed | wrong)
        assert (refused.status_code, [*refused.context["form"].errors]) == (422, [place])
        assert "Late Person" in refused.content.decode()
    assert not closed.contributions.exists()
    for _ in range(2):  # pressed twice it is one draft, and one mail
        desk.post(address, typed)
    assert closed.contributions.get().standing == "draft"
    mail = Message.objects.get()
    assert (mail.to, mail.rule) == ("late@example.org", "intake.late")
    own = mail.body[mail.body.index("/example-group/contribute/") :].split()[0]
    assert "Late Person" in Client().get(f"{own}about-you/").content.decode()
    waits = make_round(group, slug="waits", key="2031-01", announced_at=None)
    assert desk.post(page("round_late", waits), typed).status_code == 422


# The admin's own form


def form_of(desk: Client, round_: Consultation) -> tuple[str, dict[str, Any]]:
    address = page("consultations_consultation_change", round_)
    shown = desk.get(address).context
    sent: dict[str, Any] = {}
    for form in (
        shown["adminform"].form,
        *(f for s in shown["inline_admin_formsets"] for f in s.formset),
    ):
        for bound in form:
            value = bound.value()
            if isinstance(value, datetime):
                local = value.astimezone(ZURICH)
                sent |= {
                    f"{bound.html_name}_0": f"{local:%Y-%m-%d}",
                    f"{bound.html_name}_1": f"{local:%H:%M:%S}",
                }
            elif isinstance(value, dict):
                sent |= {f"{bound.html_name}_{code}": text for code, text in value.items()}
            elif value not in (None, False):
                sent[bound.html_name] = value
    for formset in shown["inline_admin_formsets"]:
        for bound in formset.formset.management_form:
            sent[bound.html_name] = bound.value()
    return address, sent


def test_before_it_is_announced_its_dates_are_typed_in_the_groups_zone(
    desk: Client, group: WorkingGroup
) -> None:
    made = make_round(group, announced_at=None)
    address, sent = form_of(desk, made)
    midnight = sent | {"closes_at_0": "2026-06-05", "closes_at_1": "00:00:00"}
    refused = desk.post(address, midnight)
    assert "Close at 23:59 of the day before: 4" in refused.content.decode()
    answer = desk.post(address, midnight | {"closes_at_1": "23:59:00"})
    assert answer.status_code == 302, answer.context["errors"]
    made.refresh_from_db()
    assert made.closes_at == datetime(2026, 6, 5, 21, 59, tzinfo=UTC)


def test_once_it_is_announced_dates_and_address_have_pages_of_their_own(
    desk: Client, open_round: Consultation
) -> None:
    address, sent = form_of(desk, open_round)
    assert not {"slug", "closes_at_0", "opens_month"} & set(sent)
    closes, announced = open_round.closes_at, open_round.announced_at
    forged = {"slug": "other", "closes_at_0": "2040-01-01", "closes_at_1": "10:00:00"}
    answer = desk.post(address, sent | forged | {"heading_en": "New heading"})
    assert answer.status_code == 302, answer.context["errors"]
    open_round.refresh_from_db()
    assert (open_round.slug, open_round.closes_at) == ("example-round", closes)
    assert (open_round.heading, open_round.announced_at) == ({"en": "New heading"}, announced)


def test_saving_a_round_never_takes_back_a_number(open_round: Consultation) -> None:
    stale = Consultation.objects.select_related("group").get(pk=open_round.pk)
    Consultation.objects.filter(pk=open_round.pk).update(last_number=7)
    stale.heading = {"en": "Typed meanwhile"}
    stale.save()
    open_round.refresh_from_db()
    assert (open_round.last_number, open_round.heading) == (7, {"en": "Typed meanwhile"})


def test_who_only_reads_is_offered_no_act(open_round: Consultation, group: WorkingGroup) -> None:
    reader = signed_in(make_person(group, "reader"))
    address = page("consultations_consultation_change", open_round)
    shown = reader.get(address)
    assert shown.context["acts"] == []
    assert page("round_summary", open_round) in shown.content.decode()  # to be read
    assert (
        "Launch from" not in reader.get("/secretariat/consultations/consultation/").content.decode()
    )


def test_the_window_of_a_decision_stands_where_no_day_is_typed(
    desk: Client, group: WorkingGroup
) -> None:
    outcome = decided(group)
    form = desk.get(page("launch", outcome)).context["form"]
    typed = {name: form.initial[name] for name in ("heading", "slug", "key")}
    desk.post(page("launch", outcome), typed)
    made = Consultation.objects.get()
    assert (made.opens_month, made.closes_month) == (outcome.window_from, outcome.window_to)
    assert isinstance(made.opens_month, date)


@pytest.mark.parametrize("many", [1, 3])
def test_the_list_of_rounds_says_window_and_state_in_a_fixed_number_of_queries(
    desk: Client, open_round: Consultation, many: int, django_assert_num_queries: Any
) -> None:
    for number in range(1, many):
        make_round(open_round.group, slug=f"s{number}", key=f"2031-0{number}")
    with django_assert_num_queries(LIST_QUERIES):
        listed = desk.get(reverse("admin:consultations_consultation_changelist"))
    rows = listed.context["cl"].result_list
    assert len(rows) == many
    text = listed.text.replace("\xa0", " ")
    assert "An example topic of 2026-03" in text
    assert "Open for contributions" in text
    assert rounds.told_words(open_round).replace("\xa0", " ") in text


def test_what_was_told_of_its_dates_stands_in_words(desk: Client, open_round: Consultation) -> None:
    told = page("consultations_consultation_change", open_round)
    form = desk.get(told).context["adminform"].form
    assert [name for name in form.fields if name.startswith(("opens", "closes"))] == []
    Consultation.objects.update(announced_at=None)
    form = desk.get(told).context["adminform"].form
    assert [name for name in form.fields if name.startswith(("opens", "closes"))] == [
        "opens_at", "opens_day", "opens_month", "closes_at", "closes_day", "closes_month",
    ]  # fmt: skip
