"""The window of a round, as different parts of the record say it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from consultations.models import Consultation
from consultations.outcomes import Round
from cwg.report.checks.findings import Record, Slip, rule
from cwg.report.checks.reading import Checked, settlement_of
from meetings.languages import in_language
from meetings.models import Kind, Outcome, Settlement
from meetings.severity import Severity
from meetings.wording import dates

type Window = tuple[date | None, date | None]
type Month = tuple[int | None, int]  # year, where it is said, and month


@dataclass(frozen=True, slots=True)
class Claim:
    """What one part of the record says of a window: its first month, its last, or both."""

    words: str
    record: Record
    first: Month | None = None
    last: tuple[Month, ...] = ()  # any of these will do

    def differs(self, outcome: Outcome) -> bool:
        """Say whether an outcome says another window."""
        begins, ends = outcome.window_from, outcome.window_to
        assert begins is not None
        assert ends is not None
        first = self.first is not None and not _is(self.first, begins)
        last = bool(self.last) and not any(_is(month, ends) for month in self.last)
        return first or last


def _is(month: Month, day: date) -> bool:
    return month[1] == day.month and month[0] in {None, day.year}


@rule(
    "window-differs", Severity.WARNING,
    "A window that another outcome on the same round, the heading of its page or its dates say otherwise",
)  # fmt: skip
def window_differs(checked: Checked) -> Iterator[Slip]:
    """Find at most one slip a round, at the outcome that stands alone, else at the last told."""
    for about in checked.rounds:
        said = [outcome for outcome in about.outcomes if _says_window(outcome)]
        told = [outcome for outcome in said if outcome.pk in checked.told]
        if not told:
            continue
        claims = [claim for each in about.consultations for claim in _claims(checked, each)]
        windows = Counter(map(_window, said))
        # of several that stand alone, the last
        odd = max(reversed(told), key=lambda outcome: _against(outcome, windows, claims))
        if _against(odd, windows, claims):
            yield _slip(checked, odd, said, claims, about)


def _says_window(outcome: Outcome) -> bool:
    """Say whether an outcome says a window that nobody replaced."""
    if outcome.kind not in {Kind.LAUNCHED, Kind.WOULD_LAUNCH} or not outcome.window_from:
        return False
    settlement = settlement_of(outcome)
    return settlement is None or settlement.how == Settlement.How.KEPT


def _window(outcome: Outcome) -> Window:
    return outcome.window_from, outcome.window_to


def _against(outcome: Outcome, windows: Counter[Window], claims: list[Claim]) -> int:
    others = windows.total() - windows[_window(outcome)]
    return others + sum(claim.differs(outcome) for claim in claims)


def _slip(
    checked: Checked, odd: Outcome, said: list[Outcome], claims: list[Claim], about: Round
) -> Slip:
    parts, others = [], [other for other in said if _window(other) != _window(odd)]
    for other in others:
        place = checked.told.get(other.pk)
        where = place.name if place else f"an outcome of meeting {other.meeting.number}"
        parts.append(f"{where} says “{_printed(checked, other)}”")
    against = [claim for claim in claims if claim.differs(odd)]
    parts += [claim.words for claim in against]
    record = Record("meetings.outcome", str(odd.pk), "window_from")
    if against and not others:
        record = against[0].record
    sentence = f"“{_printed(checked, odd)}”: {'; '.join(parts)}."
    return Slip(
        checked.told[odd.pk], sentence, f"round {about.outcomes[0].pk}", record, beside=sentence
    )


def _printed(checked: Checked, outcome: Outcome) -> str:
    begins, ends = outcome.window_from, outcome.window_to
    return dates.window(checked.house.messages, begins, ends) if begins and ends else ""


def _claims(checked: Checked, consultation: Consultation) -> Iterator[Claim]:
    heading = in_language(consultation.heading, checked.language)
    first, last = _months_of(heading, checked.house.messages.dates["months"])
    key = str(consultation.pk)
    if first is not None:
        yield Claim(
            f"the heading of the round’s page says “{heading}”",
            Record("consultations.consultation", key, "heading"), first, (last,) if last else (),
        )  # fmt: skip
    said = checked.house.messages
    opens, closes = consultation.opening().first_day, closing(consultation, checked.day)
    month = (opens.year, opens.month) if opens else None
    if opens is not None:
        when = (
            dates.window(said, opens, opens) if consultation.opens_month else dates.day(said, opens)
        )
        yield Claim(
            f"the round opens {'in' if consultation.opens_month else 'on'} {when}",
            Record("consultations.consultation", key, "opens_month"), first=month,
        )  # fmt: skip
    if closes is not None:
        held = consultation.meeting
        ends = [(closes.year, closes.month)]
        if held is not None and not held.cancelled_on and held.last_day >= closes:
            ends.append((held.last_day.year, held.last_day.month))
        only_month = bool(consultation.closes_month) and closes.day == 1
        when = dates.window(said, closes, closes) if only_month else dates.day(said, closes)
        yield Claim(
            f"the round closes {'in' if only_month else 'on'} {when}",
            Record("consultations.consultation", key, "closes_month"), last=tuple(ends),
        )  # fmt: skip


def closing(consultation: Consultation, day: date) -> date | None:
    """Return the day on which a round closes, after the extensions decided by `day`."""
    deadline = consultation.deadline()
    decided = [move.now for move in deadline.moves if (move.decided_on or day) <= day]
    days = [moment.first_day for moment in (deadline.first, *decided)]
    return max((each for each in days if each is not None), default=None)


def _months_of(heading: str, months: list[str]) -> tuple[Month | None, Month | None]:
    """Return the first and the last month that a heading names; no last where it names one.

    A month alone counts with its year only. A heading that names more than two
    months, or none, says nothing that could be compared.
    """
    names = "|".join(map(re.escape, months))
    found = [
        (int(match[2]) if match[2] else None, months.index(match[1]) + 1)
        for match in re.finditer(rf"\b({names})\b(?:,?\s+(\d{{4}}))?", heading)
    ]
    match found:
        case [(year, month)] if year is not None:
            return (year, month), None
        case [(begun, first), (year, last)] if year is not None:
            return (begun or (year - 1 if first > last else year), first), (year, last)
    return None, None
