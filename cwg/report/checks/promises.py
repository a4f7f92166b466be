"""What meetings promised, and whether the record says that it was done."""

from __future__ import annotations

from collections.abc import Iterator

from consultations.models import Consultation
from consultations.outcomes import Round, topics_of
from cwg.report.checks.findings import Record, Slip, quoted, rule
from cwg.report.checks.places import Place
from cwg.report.checks.reading import Checked, known_by, settlement_of
from meetings.languages import in_language
from meetings.models import Kind, Outcome
from meetings.promises import due_day
from meetings.severity import Severity
from meetings.typesetting.tree import plain
from meetings.wording import dates

LAUNCHES = frozenset({Kind.LAUNCHED, Kind.WOULD_LAUNCH})


@rule(
    "launch-not-recorded", Severity.WARNING,
    "A launch that was promised, is past its month or is gone on from, and that no later outcome records",
)  # fmt: skip
def launch_not_recorded(checked: Checked) -> Iterator[Slip]:
    for about in checked.rounds:
        for place, promise in enumerate(about.outcomes):
            if promise.kind != Kind.WOULD_LAUNCH or known_by(settlement_of(promise), checked.day):
                continue
            later = about.outcomes[place + 1 :]
            if any(outcome.kind in LAUNCHES for outcome in later):
                continue
            due = due_day(promise)
            if later or (due is not None and due < checked.day):
                yield from _not_launched(checked, promise, later, about)


def _not_launched(
    checked: Checked, promise: Outcome, later: list[Outcome], about: Round
) -> Iterator[Slip]:
    """Yield one slip, at the promise; where that is not told, at what goes on from it."""
    at = next(
        (checked.told[each.pk] for each in (promise, *later) if each.pk in checked.told), None
    )
    if at is None:
        return
    said = f"{quoted(_as_far_as_the_window(at))}: no later outcome records the launch."
    if promise.pk not in checked.told:
        said = f"{quoted(at.text)} goes on from a launch that no outcome records."
    gone_on = [checked.told[each.pk].name for each in later if each.pk in checked.told]
    if gone_on and promise.pk in checked.told:
        said += f" {gone_on[0]} goes on from it."
    said += _opened(checked, about.consultations)
    yield Slip(
        at, said, f"outcome {promise.pk}", Record("meetings.outcome", str(promise.pk), "settlement")
    )


def _as_far_as_the_window(place: Place) -> str:
    """Return the words of a launch until its window has been said; all where it says none."""
    ends = [at for at, span in enumerate(place.spans) if span.origin.field == "window_from"]
    if not ends:
        return place.text
    said = len(plain(place.spans[: ends[-1] + 1]))
    return place.text[: said + (place.text[said : said + 1] == ")")]


def _opened(checked: Checked, consultations: list[Consultation]) -> str:
    """Return the sentence on the day the round opened, where the record holds it."""
    for consultation in consultations:
        day = consultation.opening().first_day
        if day is not None and day <= checked.day and not consultation.opens_month:
            return f" The consultation opened on {dates.day(checked.house.messages, day)}."
    return ""


@rule(
    "summary-not-submitted", Severity.WARNING,
    "A summary promised for a session that is past, and nobody recorded that it was submitted",
)  # fmt: skip
def summary_not_submitted(checked: Checked) -> Iterator[Slip]:
    followed = {
        outcome.follows_id for outcome in checked.outcomes
        if outcome.kind == Kind.SUMMARY and outcome.meeting.last_day <= checked.day
    }  # fmt: skip
    for outcome in _told(checked, Kind.SUMMARY):
        session = outcome.session
        if session is None or outcome.pk in followed or session.ends() >= checked.day:
            continue
        if known_by(settlement_of(outcome), checked.day):
            continue
        label = in_language(session.label, checked.language) or session.key
        ended = (
            f"ended on {dates.day(checked.house.messages, session.last_day)}"
            if session.last_day else "is past"
        )  # fmt: skip
        yield Slip(
            checked.told[outcome.pk],
            f"“{label}” {ended}, and nobody has recorded that the summary was submitted to it.",
            f"outcome {outcome.pk}",
            Record("meetings.outcome", str(outcome.pk), "settlement"),
        )


@rule(
    "goes-on-from-another-topic", Severity.WARNING,
    "A launch or a summary that goes on from an outcome about other topics",
)  # fmt: skip
def goes_on_from_another_topic(checked: Checked) -> Iterator[Slip]:
    by_key = {outcome.pk: outcome for outcome in checked.outcomes}
    for outcome in _told(checked, Kind.LAUNCHED, Kind.WOULD_LAUNCH, Kind.SUMMARY):
        earlier = by_key.get(outcome.follows_id or 0)
        if earlier is None or not topics_of(earlier) or not topics_of(outcome):
            continue
        if topics_of(earlier) & topics_of(outcome):
            continue
        yield Slip(
            checked.told[outcome.pk],
            f"{quoted(checked.told[outcome.pk].text)} goes on from {_where(checked, earlier)}, "
            "which is about another topic.",
            f"outcome {outcome.pk}",
            Record("meetings.outcome", str(outcome.pk), "follows"),
        )


def _told(checked: Checked, *kinds: Kind) -> Iterator[Outcome]:
    for outcome in checked.outcomes:
        if outcome.kind in kinds and outcome.pk in checked.told:
            yield outcome


def _where(checked: Checked, outcome: Outcome) -> str:
    place: Place | None = checked.told.get(outcome.pk)
    return place.name if place else f"an outcome of meeting {outcome.meeting.number}"
