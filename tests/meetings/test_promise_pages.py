"""The ledger of promises over HTTP: found, filtered, settled, refused."""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from auditlog.models import LogEntry
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from meetings.access import groups_of
from meetings.models import (
    Decision,
    Document,
    Meeting,
    Outcome,
    RoleTerm,
    Session,
    Settlement,
    WorkingGroup,
)
from meetings.promises import State, state
from tests.conftest import signed_in
from tests.two_groups import make_person

LEDGER = "/secretariat/promises/"
DAY = "2026-01-21"


def outcome(meeting: int, position: int) -> Outcome:
    return Outcome.objects.get(
        meeting__group__slug="cwg-internet", meeting__ordinal=meeting, position=position
    )


def words(answer: Any) -> str:
    """Return what a page says, without its markup."""
    text = re.sub(r"<[^>]+>", " ", answer.content.decode())
    return " ".join(html.unescape(text).split())


def listed(answer: Any) -> list[str]:
    """Return the outcomes in the ledger's rows, in their order."""
    return [row.by for row, _, _ in answer.context["rows"]]


def cells(answer: Any) -> list[list[str]]:
    """Return the text of every cell of the ledger's table."""
    body = answer.content.decode().split("<tbody>")[1].split("</tbody>")[0]
    return [
        [
            " ".join(html.unescape(re.sub(r"<[^>]+>", " ", cell)).split())
            for cell in re.findall(r"<td[^>]*>(.*?)</td>", row, re.DOTALL)
        ]
        for row in body.split("<tr>")[1:]
    ]


def another_group(promises: int = 1) -> WorkingGroup:
    """Make a group whose meeting promised something."""
    group = WorkingGroup.objects.create(slug="wg-example")
    group.names.create(acronym={"en": "WG EXAMPLE"})
    held = Meeting.objects.create(
        group=group, ordinal=3, first_day=date(2014, 2, 3), last_day=date(2014, 2, 4)
    )
    for place in range(promises):
        Outcome.objects.create(
            meeting=held, position=place, kind="request", addressee={"fr": "le Secrétariat"},
            action={"fr": f"d’étudier {place}"},
        )  # fmt: skip
    return group


def test_the_ledger_of_a_day_as_people_read_it(as_secretary: Client) -> None:
    lldcs = "“Ensuring meaningful connectivity to the Internet for landlocked developing countries (LLDCs)”"
    languages = "“The role of public policy in promoting multilingualization of the Internet”"
    submitted = (
        "The summary was submitted as part of the Chair’s report to Council 2025. Council 2025"
    )
    assert cells(as_secretary.get(LEDGER, {"day": DAY})) == [
        [f"Summary of {lldcs} to Council 2026", "22nd meeting, a)", "Council 2026", "Open",
         "Record it as submitted"],
        ["The Secretariat: to contribute to this effort where it concerns the CWG-Internet Terms of "
         "Reference CWG on WSIS & SDGs: to prepare a gap analysis for Council on the impact of "
         "WSIS+20 for ITU’s ongoing work and mandates, for Council’s review and consideration",
         "23rd meeting, a)", "no day named", "Open", "Record what was sent"],
        ["Topics for future consultations", "23rd meeting, b)", "waits for PP-26",
         "Waits for an event", "PP-26 has decided…"],
        [f"Launch of the consultation on {lldcs}, February-September 2025", "21st meeting, a)",
         "February 2025", "To confirm",
         "It was launched: confirm 22nd meeting, a) goes on from it"],
        [f"Summary of {languages} to Council 2025", "21st meeting, b)", "Council 2025", "Kept",
         submitted],
        ["Summary of “The developmental aspects to strengthen the Internet” to Council 2025",
         "20th meeting, b)", "Council 2025", "Kept", submitted],
        [f"Launch of the consultation on {languages}, October 2024-January 2025",
         "19th meeting, b)", "October 2024", "Kept", "20th meeting, a) 4 October 2024"],
    ]  # fmt: skip


def test_today_is_what_is_shown_unless_asked(as_secretary: Client) -> None:
    answer: Any = as_secretary.get(LEDGER)
    assert answer.context["day"] == timezone.localdate()
    assert "As it stands today" in words(answer)
    assert "As it stood on 21 January 2026. Today’s ledger" in words(
        as_secretary.get(LEDGER, {"day": DAY})
    )


NARROWED = [
    ({"state": "open"}, ["22nd meeting, a)", "23rd meeting, a)"]),
    ({"state": "late"}, []),
    ({"state": "waiting"}, ["23rd meeting, b)"]),
    ({"state": "to_confirm"}, ["21st meeting, a)"]),
    ({"state": "kept"}, ["21st meeting, b)", "20th meeting, b)", "19th meeting, b)"]),
    ({"state": "not_done"},
     ["22nd meeting, a)", "23rd meeting, a)", "23rd meeting, b)", "21st meeting, a)"]),
    ({"addressee": "the Secretariat"}, ["23rd meeting, a)"]),
    ({"year": "2024"}, ["20th meeting, b)", "19th meeting, b)"]),
    ({"year": "2025", "state": "kept"}, ["21st meeting, b)"]),
    ({"cycle": "pp-22"}, []),
    ({"cycle": "after-pp-26"}, []),
    ({"cycle": "pp-26", "state": "waiting"}, ["23rd meeting, b)"]),
    ({"text": "MULTILINGUAL"}, ["21st meeting, b)", "19th meeting, b)"]),
    ({"text": "gap analysis"}, ["23rd meeting, a)"]),
    ({"text": "PP-26"}, ["23rd meeting, b)"]),
    # by the session it aims at, and by where it can be read that it was kept
    ({"text": "council 2026"}, ["22nd meeting, a)", "21st meeting, b)", "20th meeting, b)"]),
    ({"text": "as part of"}, ["21st meeting, b)", "20th meeting, b)"]),
    ({"text": "21"}, ["21st meeting, a)", "21st meeting, b)"]),
    ({"text": "21 a"}, ["21st meeting, a)"]),
    ({"text": "21/b"}, ["21st meeting, b)"]),
    ({"text": "nothing of the kind"}, []),
]  # fmt: skip


@pytest.mark.parametrize(("asked", "found"), NARROWED)
def test_the_ledger_narrowed(as_secretary: Client, asked: dict[str, str], found: list[str]) -> None:
    answer = as_secretary.get(LEDGER, {"day": DAY, **asked})
    assert listed(answer) == found
    if not found:
        assert "Nothing was promised that fits." in words(answer)


def test_what_cannot_be_asked_is_said_at_its_place(as_secretary: Client) -> None:
    answer: Any = as_secretary.get(LEDGER, {"day": "2026-02-31", "state": "<b>", "year": "x"})
    assert answer.context["filter"].form.errors == {
        "day": ["Enter a valid date."],
        "state": ["Select a valid choice. <b> is not one of the available choices."],
        "year": ["Select a valid choice. x is not one of the available choices."],
    }
    assert len(listed(answer)) == 7
    assert "&lt;b&gt;" in answer.content.decode()


def test_before_the_first_promise_the_page_says_what_will_stand_there(as_secretary: Client) -> None:
    assert "Promises will stand here once" in words(as_secretary.get(LEDGER, {"day": "2020-01-01"}))


# Several groups


def test_only_people_of_a_group_see_its_promises(as_secretary: Client, secretary: Any) -> None:
    other = another_group()
    theirs = Outcome.objects.get(meeting__group=other)
    assert "d’étudier" not in words(as_secretary.get(LEDGER))
    assert "WG EXAMPLE" not in words(as_secretary.get(LEDGER))
    for address in ("", "decided/"):
        assert as_secretary.get(f"{LEDGER}{theirs.pk}/{address}").status_code == 404
        assert as_secretary.post(f"{LEDGER}{theirs.pk}/{address}").status_code == 404
    RoleTerm.objects.create(
        person=secretary, group=other, role="secretariat", from_day=date(2000, 1, 1)
    )
    client = signed_in(secretary)
    assert "Le Secrétariat: d’étudier 0" in words(client.get(LEDGER))
    assert "WG EXAMPLE, 3rd meeting, a)" in words(client.get(LEDGER))
    assert listed(client.get(LEDGER, {"group": "wg-example"})) == ["3rd meeting, a)"]
    assert listed(client.get(LEDGER, {"addressee": "le Secrétariat"})) == ["3rd meeting, a)"]
    assert listed(client.get(LEDGER, {"text": "étudier"})) == ["3rd meeting, a)"]
    # twelve years old and as easy to find: by cycle, by year
    assert listed(client.get(LEDGER, {"cycle": "pp-22"})) == ["3rd meeting, a)"]
    assert listed(client.get(LEDGER, {"year": "2014"})) == ["3rd meeting, a)"]


def test_the_groups_of_a_person(
    group: WorkingGroup, secretary: Any, stranger: Any, administrator: Any
) -> None:
    day = date(2026, 1, 21)
    other = another_group()
    WorkingGroup.objects.create(slug="only-named", record_kept_here=False)
    RoleTerm.objects.create(
        person=stranger, group=other, role="reader", from_day=day, to_day=day
    )  # fmt: skip
    assert list(groups_of(secretary, day)) == [group]
    assert list(groups_of(administrator, day).filter(record_kept_here=True)) == [group, other]
    assert list(groups_of(stranger, day)) == [other]
    assert list(groups_of(stranger, date(2026, 1, 22))) == []
    secretary.is_active = administrator.is_active = False
    assert list(groups_of(secretary, day)) == list(groups_of(administrator, day)) == []


def test_a_reader_sees_and_does_not_act(as_reader: Client) -> None:
    answer = as_reader.get(LEDGER, {"day": DAY})
    said = words(answer)
    assert "Topics for future consultations" in said
    assert "PP-26 has decided" not in said
    assert "Record it as submitted" not in said
    assert "/cwg-internet/meetings/22/#outcome-a" in answer.content.decode()
    promise = outcome(22, 1)
    page = as_reader.get(f"{LEDGER}{promise.pk}/")
    assert (page.status_code, 'name="how"' in page.content.decode()) == (200, False)
    assert as_reader.post(f"{LEDGER}{promise.pk}/", {"how": "kept"}).status_code == 403
    assert as_reader.get(f"{LEDGER}{outcome(23, 2).pk}/decided/").status_code == 403
    assert not Settlement.objects.filter(promise=promise).exists()


def test_somebody_without_a_role_comes_not_in(as_stranger: Client, group: WorkingGroup) -> None:
    assert as_stranger.get(LEDGER).status_code in {302, 403}


# The acts


def promise_page(client: Client, promise: Outcome, **sent: str) -> Any:
    return client.post(f"{LEDGER}{promise.pk}/", sent)


def test_each_promise_is_one_act_from_being_settled(as_secretary: Client) -> None:
    page = as_secretary.get(LEDGER, {"day": DAY}).content.decode()
    for act, address in (
        ("Record it as submitted", f"{outcome(22, 1).pk}/#settle"),
        ("Record what was sent", f"{outcome(23, 1).pk}/#settle"),
        ("PP-26 has decided…", f"{outcome(23, 2).pk}/decided/"),
        ("It was launched: confirm", f"{outcome(21, 1).pk}/#settle"),
    ):
        assert f'<a href="{LEDGER}{address}">{act}</a>' in page


def test_a_summary_is_recorded_as_submitted(as_secretary: Client) -> None:
    promise, council = outcome(22, 1), Session.objects.get(key="council-2026")
    form = as_secretary.get(f"{LEDGER}{promise.pk}/").context["form"]
    assert form.initial == {
        "how": "kept", "at_session": council.pk,
        "fact": "The summary was submitted to Council 2026.",
    }  # fmt: skip
    answer = promise_page(
        as_secretary, promise, how="kept", at_session=str(council.pk),
        fact="Submitted as Document C26/51.", source="C26/51",
    )  # fmt: skip
    assert (answer.status_code, answer["Location"]) == (302, LEDGER)
    assert "“Summary of “Ensuring" in words(as_secretary.get(LEDGER))
    assert (promise.settlement.fact, promise.settlement.at_session) == (
        "Submitted as Document C26/51.", council,
    )  # fmt: skip
    assert state(promise, date(2026, 5, 8)) == State.KEPT


def test_a_launch_is_confirmed_by_the_outcome_that_went_on_from_it(as_secretary: Client) -> None:
    promise, later = outcome(21, 1), outcome(22, 1)
    form = as_secretary.get(f"{LEDGER}{promise.pk}/").context["form"]
    assert form.initial == {"how": "kept", "by": str(later.pk)}
    assert promise_page(as_secretary, promise, how="kept", by=str(later.pk)).status_code == 302
    assert (promise.settlement.by_outcome, promise.settlement.on) == (later, None)
    answer = as_secretary.get(LEDGER, {"day": DAY, "text": "21 a"})
    assert cells(answer)[0][3:] == ["Kept", "22nd meeting, a) day not known"]


def test_a_document_settles_a_request(as_secretary: Client, group: WorkingGroup) -> None:
    promise = outcome(23, 1)
    sent = Document.objects.create(
        group=group, key="c26-7", number="C26/7", title={"en": "D"},
        session=Session.objects.get(key="council-2026"), link="https://example.org/c26-7",
    )  # fmt: skip
    answer = promise_page(as_secretary, promise, how="kept", on="2026-01-20", document=str(sent.pk))
    assert answer.status_code == 302
    row = as_secretary.get(LEDGER, {"text": "23 a"}).content.decode()
    assert '<a href="https://example.org/c26-7">C26/7</a>' in row


REFUSED: list[tuple[dict[str, str], dict[str, list[str]]]] = [
    ({}, {"how": ["This field is required."]}),
    ({"how": "kept", "on": "2025-10-01"}, {
        "fact": ["Name the later outcome, the document, or what happened and where it can be read."]}),
    ({"how": "kept", "fact": "It was sent.", "source": "A page"}, {
        "on": ["Give the day, or the session where no day is known; only what a later outcome tells "
               "needs neither."]}),
    ({"how": "dropped", "on": "2025-10-01", "fact": "It was not sent.", "source": "A page"},
     {"reason": ["Say why."]}),
    ({"how": "kept", "on": "2025-09-14", "fact": "It was sent.", "source": "A page"}, {
        "on": ["“22 a) Summary for a session” was made at the meeting of 15 September 2025; it cannot "
               "have been settled before."]}),
    ({"how": "kept", "on": "2999-01-01", "fact": "It was sent.", "source": "A page"},
     {"on": ["That day has not come yet."]}),
    ({"how": "kept", "on": "2025-10-01", "fact": "It was\u0007 sent.", "source": "A page"}, {
        "fact": ["This text holds a character that cannot be printed (U+0007, at place 7). Remove "
                 "it; the rest can stay as it is."]}),
    ({"how": "kept", "by": "999999"}, {
        "by": ["Select a valid choice. 999999 is not one of the available choices."]}),
]  # fmt: skip


@pytest.mark.parametrize(("sent", "errors"), REFUSED)
def test_what_is_wrong_is_said_at_its_field_and_kept(
    as_secretary: Client, sent: dict[str, str], errors: dict[str, list[str]]
) -> None:
    promise = outcome(22, 1)
    answer = promise_page(as_secretary, promise, **sent)
    assert answer.context["form"].errors == errors
    assert "Nothing was recorded yet. What you typed is kept" in words(answer)
    for name in ("fact", "source"):
        assert answer.context["form"][name].value() == sent.get(name)
    assert not Settlement.objects.filter(promise=promise).exists()


def test_two_people_settle_one_promise_and_the_second_is_told(as_secretary: Client) -> None:
    promise = outcome(22, 1)
    sent = {"how": "kept", "on": "2025-10-01", "fact": "It was sent.", "source": "A page"}
    assert promise_page(as_secretary, promise, **sent).status_code == 302
    answer = promise_page(as_secretary, promise, **(sent | {"fact": "It was sent by post."}))
    assert answer.context["form"].non_field_errors() == [
        "“22 a) Summary for a session” is settled already: kept. Nothing was changed. Take that back "
        "first if it was wrong."
    ]
    assert "It was sent by post." in answer.content.decode()


def test_a_settlement_is_taken_back_with_a_reason(as_secretary: Client) -> None:
    promise = outcome(19, 2)
    page = as_secretary.get(f"{LEDGER}{promise.pk}/")
    assert "Take this back" in words(page)
    refused = promise_page(as_secretary, promise, take_back="1", reason="")
    assert refused.context["form"].errors == {"reason": ["This field is required."]}
    assert promise_page(as_secretary, promise, take_back="1", reason="A slip").status_code == 302
    assert not Settlement.objects.filter(promise=promise).exists()
    gone = promise_page(as_secretary, promise, take_back="1", reason="A slip")
    assert gone.context["form"].non_field_errors() == [
        "“19 b) Consultation to be launched” is not settled, so there is nothing to take back."
    ]


@pytest.fixture
def conference(group: WorkingGroup) -> Session:
    """Let the conference meet on a day that has come whenever this is run."""
    pp = Session.objects.get(key="pp-26")
    pp.first_day = pp.last_day = date(2026, 1, 20)
    pp.save()
    return pp


def decided(client: Client, promise: Outcome, **sent: str) -> Any:
    told = {"on": "2026-01-20", "decided": "It was continued.", "source": "A page"}
    means = {f"means-{promise.pk}": "wakes", f"reason-{promise.pk}": ""}
    return client.post(f"{LEDGER}{promise.pk}/decided/", told | means | sent)


def test_when_the_event_has_happened_one_act_wakes_what_waited(
    as_secretary: Client, conference: Session
) -> None:
    promise = outcome(23, 2)
    page = as_secretary.get(f"{LEDGER}{promise.pk}/decided/")
    assert page.context["form"].rows()[0][1].value() == "wakes"
    assert decided(as_secretary, promise).status_code == 302
    decision = Decision.objects.get()
    assert (decision.on, decision.decided) == (date(2026, 1, 20), {"en": "It was continued."})
    assert "PP-26 decided It was continued. (20 January 2026; A page)" in words(
        as_secretary.get(f"{LEDGER}{promise.pk}/")
    )
    assert listed(as_secretary.get(LEDGER, {"day": "2026-01-20", "state": "open"})) == [
        "22nd meeting, a)", "23rd meeting, a)", "23rd meeting, b)",
    ]  # fmt: skip
    again: Any = as_secretary.get(f"{LEDGER}{promise.pk}/decided/")
    assert "No promise waits for PP-26 any more." in words(again)


def test_a_decision_is_taken_back_with_a_reason_and_what_it_woke_waits_again(
    as_secretary: Client, as_reader: Client, conference: Session
) -> None:
    promise = outcome(23, 2)
    page, back = f"{LEDGER}{promise.pk}/", f"{LEDGER}{promise.pk}/decision/back/"
    assert back not in as_secretary.get(page).content.decode()
    decided(as_secretary, promise)
    assert f'href="{back}">Take the decision back</a>' in as_secretary.get(page).content.decode()
    assert back not in as_reader.get(page).content.decode()
    assert as_reader.post(back, {"reason": "A slip"}).status_code == 403
    shown = words(as_secretary.get(back))
    assert "It was continued. (20 January 2026; A page)" in shown
    assert "Topics for future consultations 23rd meeting, b)" in shown
    refused = as_secretary.post(back, {"reason": " "})
    assert refused.context["form"].errors == {"reason": ["This field is required."]}
    assert Decision.objects.exists()
    assert as_secretary.post(back, {"reason": "It was another"})["Location"] == page
    assert not Decision.objects.exists()
    entry = LogEntry.objects.get_for_model(Decision).latest("pk")
    assert entry.additional_data == {"activity": "waking.take_back", "reason": "It was another"}
    again = as_secretary.post(back, {"reason": "Once more"}, follow=True)
    assert "Nothing was changed." in words(again)
    assert "Waits for an event" in words(again)


def test_a_negative_decision_drops_it_in_the_same_act(
    as_secretary: Client, conference: Session
) -> None:
    promise = outcome(23, 2)
    means, reason = f"means-{promise.pk}", f"reason-{promise.pk}"
    refused = decided(as_secretary, promise, **{means: "drops"})
    assert refused.context["form"].errors == {reason: ["Say why."]}
    assert "It was continued." in refused.content.decode()
    assert not Decision.objects.exists()
    sent = {means: "drops", reason: "The mandate ended"}
    assert decided(as_secretary, promise, **sent).status_code == 302
    assert (promise.settlement.how, promise.settlement.reason) == ("dropped", "The mandate ended")


REFUSED_DECISIONS: list[tuple[Callable[[int], dict[str, str]], dict[str, list[str]]]] = [
    (lambda pk: {"on": "2026-01-19"},
     {"on": ["PP-26 did not open before 20 January 2026; it cannot have decided earlier."]}),
    (lambda pk: {"on": "2999-01-01"}, {"on": ["That day has not come yet."]}),
    (lambda pk: {"source": ""}, {"source": ["This field is required."]}),
    (lambda pk: {f"means-{pk}": "waits"},
     {"__all__": ["Name at least one promise that waited for this decision."]}),
]  # fmt: skip


@pytest.mark.parametrize(("sent", "errors"), REFUSED_DECISIONS)
def test_what_is_wrong_with_a_decision_is_said(
    as_secretary: Client,
    conference: Session,
    sent: Callable[[int], dict[str, str]],
    errors: dict[str, list[str]],
) -> None:
    promise = outcome(23, 2)
    answer = decided(as_secretary, promise, **sent(promise.pk))
    assert answer.context["form"].errors == errors
    assert not Decision.objects.exists()


def test_what_is_no_promise_or_waits_for_nothing_has_no_page(as_secretary: Client) -> None:
    assert as_secretary.get(f"{LEDGER}{outcome(22, 2).pk}/").status_code == 404
    assert as_secretary.get(f"{LEDGER}{outcome(22, 1).pk}/decided/").status_code == 404
    assert as_secretary.get(f"{LEDGER}999999/").status_code == 404


# How much it asks, and what it draws


def asked(client: Client, **narrowed: str) -> int:
    with CaptureQueriesContext(connection) as queries:
        assert client.get(LEDGER, narrowed).status_code == 200
    return len(queries)


def test_the_page_asks_as_often_at_one_row_as_at_three(as_administrator: Client, db: None) -> None:
    counts = []
    for promises in (1, 3, 60):
        group = another_group(promises)
        counts.append((asked(as_administrator), len(listed(as_administrator.get(LEDGER)))))
        for meeting in Meeting.objects.filter(group=group):
            meeting.delete()
        group.delete()
    assert counts == [(18, 1), (18, 3), (18, 50)]


def test_the_picture_says_what_the_table_says(as_secretary: Client) -> None:
    answer: Any = as_secretary.get(LEDGER, {"day": DAY})
    picture = answer.context["picture"]
    assert [(lane.label, lane.word) for lane in picture.lanes] == [
        ("19 b)", "Kept"), ("20 b)", "Kept"), ("21 a)", "To confirm"), ("21 b)", "Kept"),
        ("22 a)", "Open"), ("23 a)", "Open"), ("23 b)", "Waits"),
    ]  # fmt: skip
    assert [tick.name for tick in picture.sessions] == ["Council 2025", "Council 2026", "PP-26"]
    assert [tick.name for tick in picture.meetings] == ["19", "20", "21", "22", "23"]
    assert [(state.value, label) for state, label, _ in picture.legend] == [
        ("open", "Open"), ("waiting", "Waits for an event"), ("to_confirm", "To confirm"),
        ("kept", "Kept"),
    ]  # fmt: skip
    assert len({shape for _, _, shape in picture.legend}) >= 3
    assert "timeline" in answer.content.decode()
    assert (
        "timeline" not in as_secretary.get(LEDGER, {"state": "late", "day": DAY}).content.decode()
    )


def test_pages_of_fifty_keep_what_was_asked(as_administrator: Client, db: None) -> None:
    another_group(60)
    first: Any = as_administrator.get(LEDGER, {"year": "2014"})
    assert len(listed(first)) == 50
    assert 'href="?year=2014&amp;page=2"' in first.content.decode()
    second = as_administrator.get(LEDGER, {"year": "2014", "page": "2"})
    assert len(listed(second)) == 10
    assert len(listed(as_administrator.get(LEDGER, {"page": "x"}))) == 50


def test_people_with_a_role_elsewhere_only(group: WorkingGroup) -> None:
    """A part in one group opens nothing of another."""
    client = signed_in(make_person(another_group(), RoleTerm.Role.LEAD))
    assert listed(client.get(LEDGER)) == ["3rd meeting, a)"]
    assert client.get(f"{LEDGER}{outcome(22, 1).pk}/").status_code == 404
