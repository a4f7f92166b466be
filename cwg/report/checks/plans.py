"""What the report tells as still to come although its day is past."""

from __future__ import annotations

import re
from bisect import bisect_left
from calendar import monthrange
from collections.abc import Iterator
from datetime import date

from cwg.report.checks.findings import Record, Slip, quoted, rule
from cwg.report.checks.lexicon import NEAR, Lexicon
from cwg.report.checks.places import Place
from cwg.report.checks.reading import Checked
from meetings.languages import in_language
from meetings.models import Kind, Outcome
from meetings.record import outcome_facts, session_facts
from meetings.severity import Severity
from meetings.wording.facts import Viewpoint
from meetings.wording.sentences import told_as_done

# Between "will" and a bare year: "be held in 2025"; more words may belong to something else
MOST_WORDS = 3


@rule(
    "plan-past", Severity.WARNING,
    "Typed words that tell as still to come what lies before the report’s date",
)  # fmt: skip
def plan_past(checked: Checked) -> Iterator[Slip]:
    """Find "will be held on …" of a day that is past; "would launch" stays: it is told from the meeting."""
    if checked.lexicon is None:
        return
    targets = _Targets(checked)
    summaries = {
        str(pk): outcome for pk, outcome in checked.told_outcomes.items()
        if outcome.kind == Kind.SUMMARY
    }  # fmt: skip
    for place in checked.places:
        if not place.has_typed:
            continue
        outcome = (
            summaries.get(place.record.key) if place.record.model == "meetings.outcome" else None
        )
        if outcome is not None:
            yield from _summary(checked, checked.lexicon, place, outcome)
            continue
        for first, last in checked.lexicon.sentences(place.text):
            found = _past(place, first, last, checked.lexicon, targets)
            if found:
                said = f"{quoted(place.text[first:last])} tells as still to come what was {found}."
                key = f"{place.record.model} {place.record.key} {found}"
                yield Slip(place, said, key)


def _summary(checked: Checked, lexicon: Lexicon, place: Place, outcome: Outcome) -> Iterator[Slip]:
    """Compare a summary's changed wording with what the record holds of it."""
    facts = outcome_facts(outcome, checked.language, checked.day)
    view = Viewpoint(checked.day, session_facts(checked.report.session, checked.language))
    done = told_as_done(facts, view)
    would = _typed(lexicon, "future.submitted", place)
    was = _typed(lexicon, "future.was_submitted", place)
    if done and would and not was:
        said = f"{quoted(place.text)}: the record holds that it was submitted."
    elif was and not would and facts.settled is None and outcome.session is not None:
        if outcome.session.ends() < checked.day:
            return  # nobody recorded it: another rule's finding
        said = f"{quoted(place.text)}: that session has not ended, and nothing is recorded of it."
    else:
        return
    yield Slip(
        place, said, f"outcome {outcome.pk}",
        Record("meetings.outcome", str(outcome.pk), "wording"),
    )  # fmt: skip


def _typed(lexicon: Lexicon, name: str, place: Place) -> bool:
    return lexicon.pattern(name).search(place.typed) is not None


class _Targets:
    """The days, months and sessions that a sentence may name, and which of them are past."""

    def __init__(self, checked: Checked) -> None:
        self.day = checked.day
        self.months: list[str] = checked.house.messages.dates["months"]
        names = "|".join(map(re.escape, self.months))
        self.dates = re.compile(
            rf"(?:(?:\d{{1,2}}(?:\s?[-–]\s?|\s\w{{1,3}}\s))?(\d{{1,2}})\s)?\b({names})\s(\d{{4}})\b|(?<=\bin\s)(\d{{4}})\b"
        )
        own = checked.report.session
        self.past = {}
        for session in checked.record.sessions:
            over = session.ends() < checked.day and session.pk != own.pk
            for text in (session.label, session.long_label):
                label = in_language(text, checked.language)
                if label and over:
                    self.past[label] = session
        labels = sorted(self.past, key=len, reverse=True)
        self.sessions = (
            re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, labels))})(?![\w-])")
            if labels
            else None
        )

    def past_days(self, text: str) -> Iterator[re.Match[str]]:
        """Yield the days, months and years of `text` that lie before the report's date."""
        for match in self.dates.finditer(text):
            if self._last_day(match) < self.day:
                yield match

    def _last_day(self, match: re.Match[str]) -> date:
        try:
            if match[4]:
                return date(int(match[4]), 12, 31)
            year, month = int(match[3]), self.months.index(match[2]) + 1
            return date(year, month, int(match[1]) if match[1] else monthrange(year, month)[1])
        except ValueError:
            return date.max  # no such day, no such year: nothing to compare

    def past_sessions(self, text: str) -> Iterator[re.Match[str]]:
        """Yield the sessions named in `text` that are over by the report's date."""
        if self.sessions is not None:
            yield from self.sessions.finditer(text)


def _past(place: Place, first: int, last: int, lexicon: Lexicon, targets: _Targets) -> str:
    """Return the day or session, past by now, that a sentence tells of as still to come; else ""."""
    sentence, typed = place.text[first:last], place.typed[first:last]
    submitted = list(lexicon.pattern("future.submitted").finditer(typed))
    markers = list(lexicon.pattern("future.marker").finditer(typed))
    if not submitted and not markers:
        return ""
    days, sessions = list(targets.past_days(sentence)), list(targets.past_sessions(sentence))
    for marker in submitted:
        for session in _after(marker, sessions):
            between = sentence[marker.end() : session.start()]
            if ";" in between:
                break
            if lexicon.before("future.before", between, len(between)):
                return f"at {session[0]}"
    for marker in markers:
        if place.in_quotation(first + marker.start()):
            continue
        if day := _told_by(marker, days, sentence, lexicon):
            return f"over by {day}"
        if session_named := _told_by(marker, sessions, sentence, lexicon):
            return f"at {session_named}"
    return ""


def _after(marker: re.Match[str], named: list[re.Match[str]]) -> Iterator[re.Match[str]]:
    """Yield those of `named`, in their order, that stand at most NEAR letters after a marker."""
    for at in range(bisect_left(named, marker.end(), key=re.Match.start), len(named)):
        if named[at].start() > marker.end() + NEAR:
            return
        yield named[at]


def _told_by(
    marker: re.Match[str], named: list[re.Match[str]], sentence: str, lexicon: Lexicon
) -> str:
    """Return the first of `named` that a marker tells of as still to come; else ""."""
    for match in _after(marker, named):
        clause = sentence[marker.end() : match.start()]
        if "," in clause or ";" in clause:
            break
        if not lexicon.before("future.before", clause, len(clause)):
            continue
        if match[0].isdecimal() and len(clause.split()) > MOST_WORDS:
            continue
        if lexicon.pattern("future.over").search(marker[0] + clause, len(marker[0])):
            break  # what is over stands before all that follows, too
        return match[0]
    return ""
