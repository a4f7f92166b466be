"""Days, months and windows as a house prints them."""

from __future__ import annotations

from datetime import date, timedelta

from meetings.wording.messages import Messages


def _parts(messages: Messages, first: date, last: date) -> dict[str, str | int]:
    months = messages.dates["months"]
    return {
        "first": first.day,
        "first_month": months[first.month - 1],
        "first_year": first.year,
        "last": last.day,
        "last_month": months[last.month - 1],
        "last_year": last.year,
        "day": last.day,
        "month": months[last.month - 1],
        "year": last.year,
    }


def _say(messages: Messages, pattern: str, first: date, last: date) -> str:
    return str(messages.dates[pattern].format_map(_parts(messages, first, last)))


def day(messages: Messages, on: date) -> str:
    """Return one day: 4 October 2024."""
    return _say(messages, "day", on, on)


def month(messages: Messages, on: date) -> str:
    """Return the month of a day: October 2024."""
    return _say(messages, "month", on, on)


def days(messages: Messages, first: date, last: date, style: str = "hyphen") -> str:
    """Return a span of days: 19-20 February 2025, 31 January – 1 February 2024.

    In the style "and", two days that follow each other are said with a word: 3 and 4 February 2020.
    """
    if first == last:
        return day(messages, first)
    two = style == "and" and last - first == timedelta(days=1)
    if first.year != last.year:
        return _say(messages, "two_days_two_years" if two else "two_years", first, last)
    if first.month != last.month:
        return _say(messages, "two_days_one_year" if two else "one_year", first, last)
    return _say(messages, "two_days" if two else "one_month", first, last)


def when(
    messages: Messages, first: date, last: date, style: str = "hyphen"
) -> tuple[str, str, str]:
    """Return a span of days as (before, days, after) with its preposition: on 18 October 2023."""
    if style == "from_to" and first != last:
        if first.year != last.year:
            pattern = "from_to_two_years"
        elif first.month != last.month:
            pattern = "from_to_one_year"
        else:
            pattern = "from_to_one_month"
        return "", _say(messages, pattern, first, last), ""
    before, _, after = messages.dates["on"].partition("{days}")
    return before, days(messages, first, last, style), after


def window(messages: Messages, first: date, last: date, style: str = "long") -> str:
    """Return a window in months: February 2024 – September 2024, or February-September 2025."""
    if (first.year, first.month) == (last.year, last.month):
        return _say(messages, "month", first, last)
    if style == "short":
        two_years = first.year != last.year
        return _say(
            messages, "window_short_two_years" if two_years else "window_short", first, last
        )
    return _say(messages, "window", first, last)


def period(messages: Messages, first: date, last: date) -> str:
    """Return a period by its months: October 2023 to January 2026."""
    same = (first.year, first.month) == (last.year, last.month)
    return _say(messages, "month" if same else "period", first, last)


def held(messages: Messages, first: date, last: date) -> tuple[str, str, str]:
    """Return a period as (before, months, after) with its preposition: in October 2023.

    Several months are "from October 2023 to January 2026".
    """
    same = (first.year, first.month) == (last.year, last.month)
    before, _, after = messages.dates["held_month" if same else "held_months"].partition("{period}")
    return before, period(messages, first, last), after


def years(messages: Messages, first: date, last: date) -> str:
    """Return a period by its years: 2023 to 2026."""
    return str(first.year) if first.year == last.year else _say(messages, "years", first, last)
