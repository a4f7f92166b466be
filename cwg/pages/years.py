"""The rounds of a group over the years, in pictures that the server draws, each with its table.

What is not known is shown as missing, never as nought: of a round of the past whose contributions are
not kept here nothing is counted.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from consultations import counting
from consultations.access import public_consultations
from consultations.counting import Facet
from consultations.models import StakeholderGroup
from cwg.frame import group_or_404, house_today
from cwg.fresh.memory import part
from cwg.pages.life import Life, shown
from cwg.pages.years_counted import Bar, Chart, Line, Round, Year, by_value, by_year, chart, total
from cwg.pages.years_topics import TopicList, topic_lists
from meetings.frame import frame
from meetings.languages import in_any_language
from meetings.models import Region, WorkingGroup
from meetings.same_for_all import same_for_all

MOST_ROUNDS = 200  # the latest; a group of twenty years has some thirty
NARROWEST = 0.8  # percent of the line: a round of a few weeks is still seen


@dataclass(frozen=True, slots=True)
class Picture:
    """All that the page shows."""

    first: int
    last: int
    rounds: tuple[Round, ...]  # the earliest first
    years: tuple[Year, ...]
    published: Line
    charts: tuple[Chart, ...]
    lists: tuple[TopicList, ...]
    elsewhere: tuple[Round, ...]  # rounds on topics that no list has

    @property
    def not_kept(self) -> int:
        """Return of how many rounds the contributions are not kept here."""
        return sum(each.published is None for each in self.rounds)

    @property
    def ticks(self) -> tuple[tuple[float, int], ...]:
        """Return where on the line each year begins, in percent."""
        whole = self.last - self.first + 1
        return tuple(
            (round(100 * place / whole, 2), each.year) for place, each in enumerate(self.years)
        )


@require_safe
@same_for_all
def over_the_years(request: HttpRequest, slug: str) -> HttpResponse:
    """Show the rounds of a group on one line, who contributed over the years, and which topics never came."""
    working_group = group_or_404(slug)
    picture = part(("over the years", slug), lambda: drawn(working_group))
    return render(request, "pages/years.html", {**frame(working_group), "picture": picture})


def drawn(group: WorkingGroup) -> Picture | None:
    """Return the picture of a group's rounds; None where there is none. Nine queries, however many."""
    house, at = house_today(group), timezone.now()
    rows = shown(public_consultations().filter(group=group)).order_by("-key", "slug")
    found = sorted(rows[:MOST_ROUNDS], key=lambda each: (each.key, each.slug))
    if not found:
        return None
    lives = [Life.of_itself(each, house, at) for each in found]
    counted = counting.published_by_round([each.pk for each in found], (Facet.GROUP, Facet.REGION))
    # of a round that is over, whose record says that it is not whole, nothing received means not kept
    numbers: dict[int, int | None] = {
        each.pk: None
        if each.record_incomplete and not each.last_number
        else sum(counted[each.pk][Facet.GROUP].values())
        for each in found
    }
    spans = [_span(each) for each in lives]
    first = min(start.year for start, _ in spans)
    last = max(at.year, *(end.year for _, end in spans))
    rounds = [
        Round(
            each.title or each.heading or each.consultation.key, each.consultation.get_absolute_url(),
            start.year, each.window, numbers[each.consultation.pk],
            _bar(start, end, first, last) if _is_known(each) else None,
        )
        for each, (start, end) in zip(lives, spans, strict=True)
    ]  # fmt: skip
    years = by_year(rounds, first, last)
    by_key = {each.pk: one for each, one in zip(found, rounds, strict=True)}
    lists, drawing = topic_lists(group, lives, by_key)
    return Picture(
        first, last, tuple(rounds), years, total(years, rounds),
        (
            chart("By stakeholder group", _groups(), by_value(Facet.GROUP, counted, by_key), years),
            chart("By region", _regions(), by_value(Facet.REGION, counted, by_key), years),
        ),
        lists, tuple(by_key[key] for key in by_key if key not in drawing),
    )  # fmt: skip


def _is_known(life: Life) -> bool:
    found, decided = life.consultation, life.consultation.decided_by
    as_decided = decided is not None and decided.window_from is not None
    return found.opening().known or life.deadline.first.known or as_decided


def _span(life: Life) -> tuple[date, date]:
    """Return the first and the last day of a round, as far as they are known; else its key's month."""
    found = life.consultation
    opens, closes = found.opening().first_day, life.deadline.now.first_day
    if (decided := found.decided_by) is not None:
        opens, closes = opens or decided.window_from, closes or decided.window_to
    if found.closed_from is not None:
        last = (found.closed_from - timedelta(microseconds=1)).astimezone(
            ZoneInfo(found.group.zone)
        )
        closes = last.date()
    year = int(found.key[:4]) if found.key[:4].isdigit() else life.day.year
    begun = opens or closes or date(year, 1, 1)
    return begun, max(closes or begun, begun)


def _bar(start: date, end: date, first: int, last: int) -> Bar:
    begins, days = date(first, 1, 1), (date(last, 12, 31) - date(first, 1, 1)).days + 1
    length = max(100 * ((end - start).days + 1) / days, NARROWEST)
    return Bar(min(round(100 * (start - begins).days / days, 2), 100 - NARROWEST), round(length, 2))


def _groups() -> dict[str, str]:
    return {**dict(StakeholderGroup.choices), "": "Not given"}


def _regions() -> dict[str, str]:
    rows = Region.objects.filter(system="office").order_by("pk")
    return {**{each.code: in_any_language(each.name) for each in rows}, "": "Country not published"}
