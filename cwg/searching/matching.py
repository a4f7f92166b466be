"""In queries: what a word may stand in, in every language, alike on both databases.

SQLite folds the case of ASCII letters only. A word with others is looked for as typed, in small
letters, in capitals and with a capital at its beginning.
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Iterable, Sequence

from django.db.models import Model, Q, QuerySet

from cwg.searching.asking import Asked
from meetings.languages import LANGUAGES
from meetings.models import (
    AgendaItem,
    GroupName,
    Kind,
    Meeting,
    OutcomePoint,
    OutcomeTopic,
    Revision,
)

NOTHING = Q(pk__in=())
MONTHS = {name.casefold(): number for number, name in enumerate(calendar.month_name) if name}
YEAR = re.compile(r"(?:19|20|21)\d\d")
NTH = re.compile(r"(\d{1,4})(?:st|nd|rd|th)?")


def variants(word: str) -> list[str]:
    """Return the spellings under which `word` is looked for."""
    if word.isascii():
        return [word]
    return list(dict.fromkeys((word, word.lower(), word.upper(), word.capitalize())))


def said(word: str, *fields: str) -> Q:
    """Return the condition that one of `fields`, texts by language, holds `word`."""
    found = NOTHING
    for field in fields:
        for language in LANGUAGES:
            for variant in variants(word):
                found |= Q(**{f"{field}__{language}__icontains": variant})
    return found


def written(word: str, *fields: str) -> Q:
    """Return the condition that one of `fields`, lines of text, holds `word`."""
    found = NOTHING
    for field in fields:
        for variant in variants(word):
            found |= Q(**{f"{field}__icontains": variant})
    return found


def among[Row: Model](rows: QuerySet[Row], owner: str) -> Q:
    """Return the condition that one of `rows` is a part of the row, by its field `owner`."""
    return Q(pk__in=rows.order_by().values(owner))


def every(conditions: Iterable[Q]) -> Q:
    """Return the condition that each of `conditions` holds; nothing fulfils none."""
    found: Q | None = None
    for condition in conditions:
        found = condition if found is None else found & condition
    return NOTHING if found is None else found


def number_in(field: str, number: str) -> Q:
    """Return the condition that `field` holds `number` whole: 23/7 in CWG-23/7, not in 123/71."""
    slashed = re.sub(r"[/-](?=\d+$)", "/", number)
    return Q(**{f"{field}__iregex": rf"(^|[^0-9a-zA-Z]){re.escape(slashed)}($|[^0-9])"})


def meeting_says(word: str, asked: Asked) -> Q:
    """Return the condition that a meeting, as people call it, holds `word`."""
    low = word.casefold()
    found = said(word, "place") | written(word, "cluster")
    found |= among(AgendaItem.objects.filter(said(word, "title")), "meeting")
    names = GroupName.objects.filter(said(word, "acronym", "name"))
    found |= Q(group__in=names.order_by().values("group"))
    if "meeting".startswith(low.removesuffix("s")) and len(low) > 2:
        found |= ~NOTHING
    if low in {"open", "consultation"}:
        found |= Q(series=Meeting.Series.OPEN_CONSULTATION)
    if low in MONTHS:
        found |= Q(first_day__month=MONTHS[low]) | Q(last_day__month=MONTHS[low])
    if YEAR.fullmatch(low):
        found |= Q(first_day__year=int(low))
    if nth := NTH.fullmatch(low):
        found |= Q(ordinal=int(nth[1]))
        if len(asked.words) > 1:  # a day of a date, not a number of its own
            found |= Q(first_day__day=int(nth[1])) | Q(last_day__day=int(nth[1]))
    return found


def outcome_says(word: str) -> Q:
    """Return the condition that an outcome holds `word`: in its words, topics, session or kind."""
    low = word.casefold()
    found = said(word, "action", "wording", "addressee", "recalls", "condition")
    found |= said(word, "session__label", "awaits__label")
    found |= among(OutcomeTopic.objects.filter(said(word, "topic__title")), "outcome")
    found |= among(OutcomePoint.objects.filter(said(word, "text")), "outcome")
    return found | Q(kind__in=[kind for kind in Kind if low in kind.label.casefold()])


def instrument_says(word: str, kinds: Sequence[tuple[str, str]]) -> Q:
    """Return the condition that an instrument holds `word`: in its name, body or revisions."""
    low = word.casefold()
    found = written(word, "number", "key") | said(word, "title", "body__name", "body__short")
    found |= among(Revision.objects.filter(said(word, "label")), "instrument")
    return found | Q(kind__in=[value for value, label in kinds if low in label.casefold()])
