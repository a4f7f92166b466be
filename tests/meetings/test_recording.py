"""Recording a meeting on one page, over HTTP."""

from __future__ import annotations

from datetime import date
from html.parser import HTMLParser
from typing import Any

import pytest
from auditlog.models import LogEntry
from django.test import Client

from meetings.models import (
    REQUIRED,
    SAYS,
    Document,
    Kind,
    Meeting,
    Outcome,
    Settlement,
    Topic,
    WorkingGroup,
)
from meetings.recording import (
    ChangedMeanwhileError,
    Draft,
    NeededElsewhereError,
    NotLaterError,
    NoTopicError,
    record_outcomes,
    stamp,
)
from meetings.settling import OutcomeNotLaterError, Settling, settle


class Fields(HTMLParser):
    """What a browser would send back from a page, nothing changed."""

    def __init__(self) -> None:
        super().__init__()
        self.sent: dict[str, list[str]] = {}
        self._select = self._area = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = {name: value or "" for name, value in attrs}
        name = said.get("name", "")
        if tag == "input" and name:
            chosen = said.get("type") not in {"checkbox", "radio"} or "checked" in said
            if chosen:
                self.sent.setdefault(name, []).append(said.get("value", ""))
        elif tag == "select":
            self._select = name
        elif tag == "option" and self._select and "selected" in said:
            self.sent.setdefault(self._select, []).append(said.get("value", ""))
        elif tag == "textarea":
            self._area = name
            self.sent[name] = [""]

    def handle_endtag(self, tag: str) -> None:
        if tag == "select":
            self._select = ""
        if tag == "textarea":
            self._area = ""

    def handle_data(self, data: str) -> None:
        if self._area:
            self.sent[self._area][0] = (self.sent[self._area][0] + data).lstrip("\n")


def page(meeting: Meeting) -> str:
    return f"/secretariat/meetings/meeting/{meeting.pk}/outcomes/"


def fields(client: Client, meeting: Meeting) -> dict[str, list[str]]:
    reader = Fields()
    reader.feed(client.get(page(meeting)).content.decode())
    return {name: value for name, value in reader.sent.items() if name != "q"}


def kinds(meeting: Meeting) -> list[str]:
    return [str(outcome) for outcome in meeting.outcomes.all()]


def test_saving_unchanged_changes_nothing(as_secretary: Client, twentieth: Meeting) -> None:
    before, kept = stamp(twentieth), LogEntry.objects.count()
    answer = as_secretary.post(page(twentieth), fields(as_secretary, twentieth))
    assert (answer.status_code, stamp(twentieth)) == (302, before)
    assert LogEntry.objects.count() == kept


def test_a_promised_launch_that_is_kept_writes_the_outcome(
    as_secretary: Client, group: WorkingGroup
) -> None:
    promise = Outcome.objects.get(meeting__ordinal=21, position=1)
    meeting = Meeting.objects.create(
        group=group, ordinal=24, first_day=date(2026, 3, 2), last_day=date(2026, 3, 2)
    )
    sent = fields(as_secretary, meeting) | {f"promise-{promise.pk}-how": ["kept"]}
    assert as_secretary.post(page(meeting), sent).status_code == 302
    assert kinds(meeting) == ["24 a) Consultation launched"]
    launched = meeting.outcomes.get()
    assert [launched.follows, list(launched.topics.all())] == [promise, list(promise.topics.all())]
    assert (launched.window_from, launched.window_to) == (date(2025, 2, 1), date(2025, 9, 1))
    settlement = Settlement.objects.get(promise=promise)
    assert (settlement.how, settlement.on, settlement.by_outcome) == (
        "kept", date(2026, 3, 2), launched,
    )  # fmt: skip


def test_a_new_outcome_takes_over_what_it_follows(
    as_secretary: Client, group: WorkingGroup
) -> None:
    launched = Outcome.objects.get(meeting__ordinal=21, position=1)
    meeting = Meeting.objects.create(
        group=group, ordinal=24, first_day=date(2026, 3, 2), last_day=date(2026, 3, 2)
    )
    sent = fields(as_secretary, meeting) | {
        "outcomes-0-kind": ["launched"],
        "outcomes-0-follows": [str(launched.pk)],
    }
    assert as_secretary.post(page(meeting), sent).status_code == 302
    outcome = meeting.outcomes.get()
    assert [str(topic) for topic in outcome.topics.all()] == [
        str(topic) for topic in launched.topics.all()
    ]
    assert outcome.window_from == date(2025, 2, 1)


def test_topics_are_printed_in_the_order_chosen(as_secretary: Client, twentieth: Meeting) -> None:
    keys = ["multilingualization", "lldcs"]
    chosen = [str(Topic.objects.get(key=key).pk) for key in keys]
    sent = fields(as_secretary, twentieth) | {"outcomes-0-topics": [*chosen, ""]}
    assert as_secretary.post(page(twentieth), sent).status_code == 302
    launched = twentieth.outcomes.get(position=1)
    assert [said.topic.key for said in launched.outcome_topics.order_by("position")] == keys
    sent = fields(as_secretary, twentieth) | {"outcomes-0-topics": [*reversed(chosen), ""]}
    assert as_secretary.post(page(twentieth), sent).status_code == 302
    assert [said.topic.key for said in launched.outcome_topics.order_by("position")] == keys[::-1]


def test_an_outcome_rests_on_documents(as_secretary: Client, twentieth: Meeting) -> None:
    paper = Document.objects.create(
        group=twentieth.group, meeting=twentieth, key="20-4", title={"en": "Proposal"}
    )
    sent = fields(as_secretary, twentieth) | {"outcomes-0-documents": [str(paper.pk)]}
    assert as_secretary.post(page(twentieth), sent).status_code == 302
    assert list(twentieth.outcomes.get(position=1).documents.all()) == [paper]
    entry = LogEntry.objects.order_by("-pk")[0]
    assert entry.changes == {
        "documents": {"type": "m2m", "operation": "add", "objects": ["Proposal"]}
    }


def test_more_rows_keep_what_was_typed(as_secretary: Client, twentieth: Meeting) -> None:
    sent = fields(as_secretary, twentieth) | {"outcomes-2-kind": ["noted"], "more": ["1"]}
    answer: Any = as_secretary.post(page(twentieth), sent)
    rows = answer.context["formset"].forms
    assert len(rows) == 8
    assert rows[2]["kind"].value() == "noted"
    assert twentieth.outcomes.count() == 2


def test_each_kind_says_what_its_sentence_prints(as_secretary: Client, twentieth: Meeting) -> None:
    """The boxes that a kind shows are those of which its pattern, or the database, knows."""
    for kind, names in REQUIRED.items():
        assert set(names) - {"wording"} <= set(SAYS[kind])
    answer: Any = as_secretary.get(page(twentieth))
    launched = answer.context["formset"].forms[0].facts()
    assert [box.field.name for box in launched if not box.elsewhere] == [
        "topics", "window_from", "window_to", "follows",
    ]  # fmt: skip


def test_the_order_follows_the_numbers(as_secretary: Client, twentieth: Meeting) -> None:
    sent = fields(as_secretary, twentieth) | {"outcomes-0-ORDER": ["2"], "outcomes-1-ORDER": ["1"]}
    assert as_secretary.post(page(twentieth), sent).status_code == 302
    assert kinds(twentieth) == ["20 a) Summary for a session", "20 b) Consultation launched"]


def test_what_is_wrong_is_said_at_its_field_and_nothing_typed_is_lost(
    as_secretary: Client, twentieth: Meeting
) -> None:
    sent = fields(as_secretary, twentieth) | {
        "outcomes-0-window_to": [""],
        "outcomes-1-wording": ["The {{ colour }} summary"],
        "outcomes-2-kind": ["request"],
        "outcomes-2-action": ["<script>alert(1)</script> \u0007"],
    }
    answer: Any = as_secretary.post(page(twentieth), sent)
    errors = [form.errors for form in answer.context["formset"].forms]
    assert errors[0]["window_to"] == ["“Consultation launched” needs its last month."]
    assert errors[1]["wording"][0].startswith("There is no slot “colour”. Here there are: action,")
    assert errors[2]["addressee"] == ["“Request” needs who is asked."]
    assert errors[2]["action"][0].startswith(
        "This text holds a character that cannot be printed (U+0007, at place 27)."
    )
    said = answer.content.decode()
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in said
    assert "<script>alert" not in said
    assert "The {{ colour }} summary" in said
    assert kinds(twentieth) == ["20 a) Consultation launched", "20 b) Summary for a session"]


def test_the_preview_prints_the_unsaved_form(as_secretary: Client, twentieth: Meeting) -> None:
    sent = fields(as_secretary, twentieth) | {
        "outcomes-0-window_to": ["2025-03"],
        "outcomes-2-kind": ["noted"],
        "outcomes-2-action": ["the report"],
    }
    answer = as_secretary.post(page(twentieth), sent, headers={"X-Preview": "1"})
    said = " ".join(answer.content.decode().split())
    assert "(October 2024 – March 2025)" in said
    assert "The Group took note of the report." in said
    assert "<form" not in said
    assert twentieth.outcomes.count() == 2


def test_two_people_on_one_page_are_told(as_secretary: Client, twentieth: Meeting) -> None:
    mine = fields(as_secretary, twentieth) | {"outcomes-0-window_to": ["2025-04"]}
    theirs = fields(as_secretary, twentieth) | {"outcomes-0-window_to": ["2025-05"]}
    assert as_secretary.post(page(twentieth), theirs).status_code == 302
    answer: Any = as_secretary.post(page(twentieth), mine)
    assert answer.context["problem"] == str(ChangedMeanwhileError())
    assert "What is saved now" in answer.content.decode()
    assert 'value="2025-04"' in answer.content.decode()
    assert twentieth.outcomes.first().window_to == date(2025, 5, 1)  # type: ignore[union-attr]


def test_sixty_outcomes_are_saved_at_once(as_secretary: Client, group: WorkingGroup) -> None:
    meeting = Meeting.objects.create(
        group=group, ordinal=24, first_day=date(2026, 3, 2), last_day=date(2026, 3, 2)
    )
    sent = fields(as_secretary, meeting)
    for place in range(60):
        sent |= {
            f"outcomes-{place}-kind": ["noted"],
            f"outcomes-{place}-action": [f"report {place}"],
        }
    sent["outcomes-TOTAL_FORMS"] = ["60"]
    assert as_secretary.post(page(meeting), sent).status_code == 302
    assert kinds(meeting)[-1] == "24 bh) Noted"


def test_history_keeps_who_what_and_why(as_secretary: Client, twentieth: Meeting) -> None:
    sent = fields(as_secretary, twentieth) | {"outcomes-0-window_to": ["2025-06"]}
    as_secretary.post(page(twentieth), sent)
    entry = LogEntry.objects.order_by("-pk")[0]
    assert entry.changes == {"window_to": ["2025-01-01", "2025-06-01"]}
    assert entry.actor_email == "secretariat@example.org"
    assert entry.additional_data == {"activity": "recording.record_outcomes", "reason": ""}


def test_a_reader_may_not_record(as_reader: Client, twentieth: Meeting) -> None:
    assert as_reader.get("/secretariat/").status_code == 200
    assert as_reader.get(page(twentieth)).status_code == 403
    assert as_reader.post(page(twentieth), {}).status_code == 403


def test_rules_across_rows_hold_in_the_activity(twentieth: Meeting) -> None:
    earlier = Outcome.objects.get(meeting__ordinal=19, position=2)
    late = Outcome.objects.get(meeting__ordinal=21, position=1)
    first = twentieth.outcomes.get(position=1)
    drafts = [Draft(each, list(each.topics.all())) for each in twentieth.outcomes.all()]

    with pytest.raises(OutcomeNotLaterError):
        settle(Settling(late, "kept", date(2024, 10, 4), by=first))
    with pytest.raises(NeededElsewhereError):
        record_outcomes(twentieth, drafts[1:], [first], seen=stamp(twentieth))
    with pytest.raises(NoTopicError):
        record_outcomes(twentieth, [Draft(first), drafts[1]], seen=stamp(twentieth))
    drafts[0].outcome.follows = late
    with pytest.raises(NotLaterError):
        record_outcomes(twentieth, drafts, seen=stamp(twentieth))
    with pytest.raises(ChangedMeanwhileError):
        record_outcomes(twentieth, drafts, seen="")
    drafts[0].outcome.follows = earlier
    record_outcomes(twentieth, drafts, seen=stamp(twentieth))


def test_a_title_of_markup_is_printed_as_typed(as_secretary: Client, group: WorkingGroup) -> None:
    Topic.objects.create(
        group=group, key="markup", title={"en": "<b>#eval</b> {{ x }} {% y %} $z$ مرحبا"}
    )
    meeting = Meeting.objects.get(group=group, ordinal=23)
    sent = fields(as_secretary, meeting) | {
        "outcomes-2-kind": [Kind.LAUNCHED],
        "outcomes-2-topics": [str(Topic.objects.get(key="markup").pk)],
        "outcomes-2-window_from": ["2026-02"],
        "outcomes-2-window_to": ["2026-03"],
    }
    assert as_secretary.post(page(meeting), sent).status_code == 302
    said = as_secretary.get(page(meeting)).content.decode()
    assert "the topic: &lt;b&gt;#eval&lt;/b&gt; {{ x }} {% y %} $z$ مرحبا" in " ".join(
        said.replace("\n", " ").split()
    )


NOT_WHOLE = "The page was not sent whole. Go back, and send it again."


@pytest.mark.parametrize(
    ("count", "said"),
    [
        ("9" * 5000, NOT_WHOLE),
        ("many", NOT_WHOLE),
        ("", NOT_WHOLE),
        ("1000", "A meeting has at most 200 outcomes."),
    ],
)
def test_more_rows_than_a_page_takes_are_refused_in_one_sentence(
    as_secretary: Client, twentieth: Meeting, count: str, said: str
) -> None:
    sent = fields(as_secretary, twentieth)
    answer: Any = as_secretary.post(
        page(twentieth), {**sent, "outcomes-TOTAL_FORMS": [count], "more": "1"}
    )
    assert answer.status_code == 200
    assert answer.context["formset"].non_form_errors() == [said]
    assert said in answer.content.decode()
    assert Outcome.objects.filter(meeting=twentieth).count() == 2


def test_more_rows_are_five(as_secretary: Client, twentieth: Meeting) -> None:
    sent = fields(as_secretary, twentieth)
    before = int(sent["outcomes-TOTAL_FORMS"][0])
    answer: Any = as_secretary.post(page(twentieth), {**sent, "more": "1"})
    assert len(answer.context["rows"]) == before + 5
