"""The secretariat's desk over HTTP: the queue, one contribution and every act on it."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from consultations import counting, intake, moderation, standing
from consultations.intake_mails import own_page
from consultations.models import Consultation, Contribution, Standing
from meetings.models import Message, WorkingGroup
from tests.conftest import signed_in
from tests.consultations.making import MEANWHILE, make_contribution, make_group, make_round
from tests.two_groups import make_person

pytestmark = pytest.mark.django_db

QUEUE = "/secretariat/contributions/"
QUEUE_QUERIES = 15
CONTRIBUTION_QUERIES = 20
SAID = (
    "We ask the Group to keep the Internet open for everybody and to bring fibre to every village."
)


@pytest.fixture
def group(db: None) -> WorkingGroup:
    return make_group()


@pytest.fixture
def round_(group: WorkingGroup) -> Consultation:
    return make_round(group)


@pytest.fixture
def desk(group: WorkingGroup) -> Client:
    """Give a browser of an editor."""
    return signed_in(make_person(group, "editor"))


@pytest.fixture
def lead(group: WorkingGroup) -> Client:
    """Give a browser of the lead."""
    return signed_in(make_person(group, "lead"))


def address(of: Contribution) -> str:
    return reverse("admin:contribution", args=[of.pk])


def act(client: Client, on: Contribution, name: str, query: str = "", **typed: Any) -> Any:
    sent = {"act": name, **{f"{name}-{field}": value for field, value in typed.items()}}
    return client.post(f"{address(on)}{query}", sent)


def stands(of: Contribution) -> str:
    return str(Contribution.objects.get(pk=of.pk).standing)


def listed(client: Client, query: str = "") -> list[int | None]:
    return [row[0].number for row in client.get(f"{QUEUE}{query}").context["rows"]]


# The queue


def test_what_came_last_stands_first_and_pages_go_by_key(
    desk: Client, round_: Consultation
) -> None:
    made = [
        make_contribution(round_, at=MEANWHILE + timedelta(minutes=place // 2))
        for place in range(35)
    ]
    latest = [each.number for each in reversed(made)]
    page = desk.get(QUEUE)
    assert [row[0].number for row in page.context["rows"]] == latest[:30]
    assert listed(desk, f"?after={page.context['more']}") == latest[30:]
    # what was acted on meanwhile shifts nothing
    moderation.publish(made[-1], at=MEANWHILE, by=make_person(None, "somebody"))
    assert listed(desk, f"?after={page.context['more']}") == latest[30:]


def test_what_nobody_confirmed_is_not_there(desk: Client, round_: Consultation) -> None:
    made = make_contribution(round_, Standing.SENT)
    assert listed(desk) == []
    assert desk.get(address(made)).status_code == 404


def test_the_queue_is_narrowed_by_round_and_standing(desk: Client, round_: Consultation) -> None:
    second = make_round(round_.group, slug="second", key="2026-04")
    make_contribution(round_)
    make_contribution(second, Standing.PUBLISHED)
    make_contribution(second)
    assert listed(desk, f"?round={second.pk}") == [2]
    assert listed(desk, "?standing=published") == [1]
    assert listed(desk, "?standing=nothing&round=x&after=y&like=z") == [2, 1]
    told = {each.row: each.tally for each in desk.get(QUEUE).context["rounds"]}
    assert told == {
        round_: counting.Tally(awaiting=1), second: counting.Tally(awaiting=1, published=1)
    }  # fmt: skip


@pytest.mark.parametrize("many", [2, 30])
def test_the_queue_asks_as_often_for_many(
    desk: Client, round_: Consultation, many: int, django_assert_num_queries: Any
) -> None:
    for place in range(many):
        make_contribution(round_, answers={1: SAID}, at=MEANWHILE + timedelta(minutes=place))
    desk.get(QUEUE)
    with django_assert_num_queries(QUEUE_QUERIES):
        assert len(desk.get(QUEUE).context["rows"]) == many


def test_several_are_published_from_the_queue(desk: Client, round_: Consultation) -> None:
    made = [make_contribution(round_) for _ in range(3)]
    sent = {"chosen": [each.pk for each in made[:2]]}
    answer = desk.post(f"{QUEUE}?round={round_.pk}", sent, follow=True)
    assert answer.redirect_chain == [(f"{QUEUE}?round={round_.pk}", 302)]
    assert [str(each) for each in answer.context["messages"]] == ["2 contributions are published."]
    assert [stands(each) for each in made] == ["published", "published", "awaiting"]


def test_what_changed_meanwhile_publishes_nothing_and_what_was_chosen_is_kept(
    desk: Client, round_: Consultation
) -> None:
    made = [make_contribution(round_) for _ in range(2)]
    moderation.publish(made[0], at=MEANWHILE, by=make_person(None, "somebody"))
    answer = desk.post(QUEUE, {"chosen": [each.pk for each in made]})
    assert "stands as “Published” already. Nothing was changed." in answer.content.decode()
    assert [(row[0].number, row[3]) for row in answer.context["rows"]] == [(2, True)]
    assert stands(made[1]) == "awaiting"


def test_what_is_not_to_be_published_cannot_be_chosen(desk: Client, round_: Consultation) -> None:
    unpublished = make_contribution(round_, publish_text=False)
    refused = make_contribution(round_)
    moderation.propose_to_decline(refused, "No.", at=MEANWHILE, by=make_person(None, "somebody"))
    page = desk.get(QUEUE)
    assert [row[2] for row in page.context["rows"]] == [False, False]
    for each in (unpublished, refused):
        assert desk.post(QUEUE, {"chosen": each.pk}).context["problem"]
        assert stands(each) == "awaiting"
    assert desk.post(QUEUE, {"chosen": "x"}).context["problem"].startswith("Choose")
    assert listed(desk, "?standing=refusals") == [2]


# One contribution


def test_the_whole_contribution_stands_on_one_screen(desk: Client, round_: Consultation) -> None:
    made = make_contribution(
        round_, answers={2: "Second.", 1: "First."}, text="<b>More</b>", publish_organisation=True,
        job_title="Example Engineer",
    )  # fmt: skip
    page = desk.get(address(made))
    assert page.context["answers"] == [
        ("1", "Example question 1?", "First."), ("2", "Example question 2?", "Second."),
    ]  # fmt: skip
    said = page.content.decode()
    for words in (
        "Example Person", "Example Engineer", "person@example.org", "Example Organization",
        "&lt;b&gt;More&lt;/b&gt;", "As the public would see it", "By the form",
    ):  # fmt: skip
        assert words in said, words
    assert page.context["public"].sender.name == ""


@pytest.mark.parametrize("many", [1, 9])
def test_one_contribution_asks_as_often_however_much_it_holds(
    desk: Client, round_: Consultation, many: int, django_assert_num_queries: Any
) -> None:
    made = make_contribution(
        round_, answers=dict.fromkeys((1, 2, 3)[: 1 + many % 3], SAID),
        organisations=[f"Organization {place}" for place in range(many)],
    )  # fmt: skip
    for place in range(many):
        make_contribution(round_, answers={1: f"{SAID} {place}"})
        made.redactions.create(passage="fibre", reason="r", made_at=MEANWHILE)
        made.attachments.create(
            name="a.pdf", kind="pdf", path="p", size=1, sha256="0", added_at=MEANWHILE
        )
    desk.get(address(made))
    with django_assert_num_queries(CONTRIBUTION_QUERIES):
        assert len(desk.get(address(made)).context["alike"]) == many


def test_an_act_leads_to_the_next_one_and_at_the_end_to_the_queue(
    desk: Client, round_: Consultation
) -> None:
    made = [
        make_contribution(round_, at=MEANWHILE + timedelta(minutes=place)) for place in range(3)
    ]
    query = f"?round={round_.pk}"
    assert act(desk, made[1], "publish", query)["Location"] == f"{address(made[0])}{query}"
    # nothing stands below: back to the first that is left
    assert act(desk, made[0], "pass_on", query)["Location"] == f"{address(made[2])}{query}"
    assert act(desk, made[2], "publish", query)["Location"] == f"{QUEUE}{query}"
    assert [stands(each) for each in made] == ["passed", "published", "published"]


def test_a_second_person_declines_and_the_history_tells_all(
    desk: Client, lead: Client, round_: Consultation
) -> None:
    made = make_contribution(round_)
    page = act(desk, made, "decline", reason=" ")
    assert (page.status_code, [*page.context["acts"][0].errors]) == (422, ["reason"])
    act(desk, made, "decline", reason="Off the topic.")
    said = desk.get(address(made)).content.decode()
    assert "A second person confirms, or drops the proposal." in said
    assert 'value="confirm"' not in said
    refused = act(desk, made, "confirm")
    assert "a second person does" in refused.content.decode()
    assert stands(made) == "awaiting"
    assert "Off the topic." in lead.get(address(made)).content.decode()
    act(lead, made, "confirm")
    assert (stands(made), Message.objects.get().to) == ("declined", "person@example.org")
    told = [said for said, _ in lead.get(address(made)).context["history"]]
    assert told[:2] == ["Declined by a second person; the reason was mailed", "Proposed to decline"]


def test_a_secretariat_of_one_says_so(desk: Client, round_: Consultation, settings: Any) -> None:
    settings.DECLINE_ALONE = True
    made = make_contribution(round_)
    assert "lets one person decline" in desk.get(address(made)).content.decode()
    act(desk, made, "decline", reason="Off the topic.")
    assert stands(made) == "declined"
    said = desk.get(address(made)).content.decode()
    assert "Declined by one person alone" in said


def test_the_contributor_is_asked_with_a_link_that_is_theirs(
    desk: Client, round_: Consultation
) -> None:
    made = make_contribution(round_)
    act(desk, made, "ask", question="For whom do you write?")
    assert "For whom do you write?" in Message.objects.get().body
    assert (
        'value="ask"' not in desk.get(address(make_contribution(round_, email=""))).content.decode()
    )


def test_a_redaction_shows_at_once_as_the_public_will_see_it(
    desk: Client, round_: Consultation
) -> None:
    made = make_contribution(round_, answers={1: "Call Mrs Example, 555 0100."})
    refused = act(desk, made, "redact", passage="not there", reason="A name.")
    assert "do not stand in the contribution" in refused.content.decode()
    assert "not there" in refused.content.decode()  # nothing typed is lost
    assert act(desk, made, "redact", passage="Mrs Example", reason="A name.")["Location"] == (
        address(made)
    )
    page = desk.get(address(made))
    shown = "".join(each.text for each in page.context["public_answers"][0][2])
    assert shown == "Call [redacted by the secretariat], 555 0100."
    act(desk, made, "restore", which=made.redactions.get().pk, reason="It is public.")
    assert not made.redactions.exists()


def test_a_file_is_withheld_and_released_again(desk: Client, round_: Consultation) -> None:
    made = make_contribution(round_)
    file = made.attachments.create(
        name="a.pdf", kind="pdf", path="p", size=1, sha256="0", added_at=MEANWHILE
    )
    other = make_contribution(round_).attachments.create(
        name="b.pdf", kind="pdf", path="p", size=1, sha256="0", added_at=MEANWHILE
    )
    assert act(desk, made, "withhold", which=other.pk, reason="x").status_code == 422
    act(desk, made, "withhold", which=file.pk, reason="A photograph.")
    file.refresh_from_db()
    assert file.withheld_for == "A photograph."
    act(desk, made, "release", which=file.pk, reason="It is free.")
    file.refresh_from_db()
    assert file.withheld_for == ""


def test_merging_is_taken_back(desk: Client, round_: Consultation) -> None:
    made, other = make_contribution(round_), make_contribution(round_)
    elsewhere = make_round(round_.group, slug="second", key="2026-04")
    make_contribution(elsewhere)
    assert act(desk, made, "merge", number=9).status_code == 422
    assert act(desk, made, "merge", number=made.number).status_code == 422
    act(desk, made, "merge", number=other.number)
    assert stands(made) == "merged"
    act(desk, made, "take_back", reason="Two texts.")
    assert stands(made) == "awaiting"


def test_a_late_window_is_opened_for_one(desk: Client, round_: Consultation) -> None:
    made = make_contribution(round_)
    day = (timezone.now() + timedelta(days=3)).date()
    act(desk, made, "late", day=day.isoformat(), clock="23:59", reason="Illness.")
    until = Contribution.objects.get(pk=made.pk).late_until
    assert until is not None
    mail = Message.objects.get()
    assert (mail.rule, mail.to, own_page(made) in mail.body) == ("intake.late", made.email, True)
    told = Client().get(own_page(made).removeprefix(settings.SITE_ADDRESS)).content.decode()
    assert f"The consultation is open for you until {day:%-d}" in told.replace("\xa0", " ")
    assert "The secretariat opened the consultation for you once more" in told
    on_paper = make_contribution(round_, email="")
    refused = act(desk, on_paper, "late", day=day.isoformat(), clock="23:59", reason="Illness.")
    assert (refused.status_code, Message.objects.count()) == (422, 1)
    assert act(desk, made, "late", day="2020-01-01", clock="10:00", reason="x").status_code == 422
    assert act(desk, made, "late", day="0001-01-01", clock="00:00", reason="x").status_code == 422


def test_two_are_shown_side_by_side(desk: Client, round_: Consultation) -> None:
    made, other = (make_contribution(round_, answers={1: f"{SAID} {end}"}) for end in "AB")
    page = desk.get(reverse("admin:contribution_beside", args=[made.pk, other.pk]))
    assert page.context["rows"][0]["one"][-1] == (True, " A")
    assert "<mark> B</mark>" in page.content.decode()
    elsewhere = make_contribution(make_round(round_.group, slug="second", key="2026-04"))
    for pair in ((made.pk, elsewhere.pk), (made.pk, made.pk)):
        assert desk.get(reverse("admin:contribution_beside", args=pair)).status_code == 404


def test_campaigns_are_told_and_their_members_listed(desk: Client, round_: Consultation) -> None:
    made = [make_contribution(round_, answers={1: SAID}) for _ in range(3)]
    make_contribution(round_, answers={1: "Something else with words of its own entirely."})
    page = desk.get(reverse("admin:round_alike", args=[round_.pk]))
    assert [(each.first, each.number) for each in page.context["groups"]] == [(made[0], 3)]
    assert listed(desk, f"?like={made[0].pk}") == [3, 2, 1]


def test_only_the_secretariat_reads_contributions(
    round_: Consultation, group: WorkingGroup
) -> None:
    made = make_contribution(round_)
    for role in ("reader", "chair", "vice_chair"):
        client = signed_in(make_person(group, role))
        answers = [client.get(each).status_code for each in (QUEUE, address(made))]
        assert (role, answers) == (role, [403, 403])
        assert "Contributions</a>" not in client.get("/secretariat/").content.decode()
        assert act(client, made, "publish").status_code == 403
    assert stands(made) == "awaiting"


def test_a_file_is_given_to_the_secretariat_only_as_a_file(
    desk: Client, round_: Consultation, settings: Any, tmp_path: Any
) -> None:
    settings.MEDIA_ROOT = tmp_path
    (tmp_path / "kept").write_bytes(b"%PDF-")
    made = make_contribution(round_)
    file = made.attachments.create(
        name="a “b”.pdf", kind="pdf", path="kept", size=5, sha256="0", added_at=MEANWHILE
    )
    answer: Any = desk.get(reverse("admin:contribution_file", args=[made.pk, file.pk]))
    assert b"".join(answer.streaming_content) == b"%PDF-"
    assert answer["Content-Disposition"].startswith("attachment")
    assert answer["Content-Security-Policy"] == (
        "sandbox; default-src 'none'; frame-ancestors 'none'"
    )
    assert answer["X-Content-Type-Options"] == "nosniff"
    file.path = "gone"
    file.save()
    gone = desk.get(reverse("admin:contribution_file", args=[made.pk, file.pk]))
    assert gone.status_code == 404


def test_what_its_sender_changed_is_new_again(desk: Client, round_: Consultation) -> None:
    first, second = (
        make_contribution(round_, at=MEANWHILE + timedelta(minutes=place)) for place in range(2)
    )
    held = standing.locked(first)
    held.saved_at = MEANWHILE + timedelta(days=1)
    standing.move(held, Standing.AWAITING, "intake.change", at=held.saved_at)
    assert listed(desk) == [first.number, second.number]
    assert [row[0].changed for row in desk.get(QUEUE).context["rows"]] == [True, False]


# What nobody read


def hidden(page: Any) -> dict[str, str]:
    """Return what a page of the desk carries in hidden boxes about when texts were saved."""
    found = re.findall(r'name="([a-z]*-?seen[-0-9]*)" value="([^"]+)"', page.content.decode())
    return dict(found)


def test_what_its_sender_changed_since_is_not_published_unread(
    desk: Client, round_: Consultation
) -> None:
    made = make_contribution(round_)
    address = f"{QUEUE}{made.pk}/"
    queue, page = hidden(desk.get(QUEUE)), hidden(desk.get(address))
    assert [*queue, *page] == [f"seen-{made.pk}", "publish-seen"]
    change = intake.Change({"text": "What nobody of the secretariat read."})
    intake.save(made, change, at=MEANWHILE + timedelta(minutes=1))
    for answer in (
        desk.post(QUEUE, {"chosen": made.pk, **queue}),
        desk.post(address, {"act": "publish", **page}),
    ):
        assert "changed it since you opened this page" in answer.content.decode()
    assert stands(made) == "awaiting"
    # the page that said so shows the new text, and publishes that
    desk.post(address, {"act": "publish", **hidden(answer)})
    assert stands(made) == "published"
