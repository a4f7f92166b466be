"""The slots that a passage of a report may hold, and what they print."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from meetings.languages import in_language
from meetings.models import Instrument, Officer, Revision
from meetings.typesetting.tree import OriginKind, Spans
from meetings.wording import dates, patterns
from meetings.wording.facts import NOTHING, Fact, House, MeetingFacts, SessionFacts
from meetings.wording.sentences import days, joined, ordinal, when


@dataclass(frozen=True, slots=True)
class Cited:
    """An instrument as a report cites it, in one language."""

    key: str
    body: Fact
    body_short: Fact
    after: bool  # the body stands after the numbers in a list of references
    kind: str
    number: Fact
    revision: Fact


def cited(instrument: Instrument, revision: Revision, language: str) -> Cited:
    """Return how a report cites `instrument` in the state of `revision`."""
    body, key = instrument.body, str(instrument.pk)
    return Cited(
        key=instrument.key,
        body=Fact(in_language(body.name, language), "meetings.body", str(body.pk), "name"),
        body_short=Fact(in_language(body.short, language), "meetings.body", str(body.pk), "short"),
        after=body.citation == body.Citation.AFTER,
        kind=instrument.kind,
        number=Fact(instrument.number, "meetings.instrument", key, "number"),
        revision=Fact(
            in_language(revision.label, language), "meetings.revision", str(revision.pk), "label"
        ),
    )


def kind_word(citation: Cited, house: House, count: int) -> Spans:
    """Return "Resolution" or "Resolutions"."""
    words = house.messages.kinds[citation.kind]
    text = words["one" if count == 1 else "other"]
    return Fact(text, "meetings.instrument", citation.number.key, "kind").spans(house.messages)


def _worded(citation: Cited, house: House) -> dict[str, str]:
    """Say whether a word for its kind stands beside the number: Resolution 102, but A/RES/70/125."""
    return {"worded": "yes" if house.messages.kinds[citation.kind]["one"] else "no"}


def numbered(citation: Cited, house: House) -> Spans:
    """Return number and revision: 102 (Rev. Kyoto, 1994)."""
    pattern, origin = house.pattern("cited_number")
    return patterns.fill(
        pattern, house.language,
        {
            "number": citation.number.spans(house.messages),
            "revision": citation.revision.spans(house.messages),
        },
        {"revised": "yes" if citation.revision.text else "no"}, origin,
    )  # fmt: skip


def listed(citations: Iterable[Cited], house: House, *, formal: bool) -> tuple[Spans, ...]:
    """Return one entry for each body and kind, in the order of the report's instruments."""
    together: dict[tuple[str, str], list[Cited]] = {}
    for citation in citations:
        together.setdefault((citation.body.text, citation.kind), []).append(citation)
    return tuple(_entry(group, house, formal=formal) for group in together.values())


def _entry(group: list[Cited], house: House, *, formal: bool) -> Spans:
    first, said = group[0], house.messages
    after = formal and first.after
    pattern, origin = house.pattern("cited_after" if after else "cited_before")
    return patterns.fill(
        pattern, house.language,
        {
            "body": (first.body if formal else first.body_short).spans(said),
            "kind": kind_word(first, house, len(group)),
            "numbers": joined(
                [numbered(citation, house) for citation in group],
                said.lists["middle"], said.lists["last"],
            ),
        },
        _worded(first, house), origin,
    )  # fmt: skip


def citation_values(citation: Cited, house: House) -> dict[str, Spans]:
    """Return what the slots of one instrument print."""
    said = house.messages
    full, origin = house.pattern("cited_before")
    one = {
        "body": citation.body.spans(said),
        "kind": kind_word(citation, house, 1),
        "numbers": numbered(citation, house),
    }
    key = citation.key
    return {
        key: numbered(citation, house),
        f"{key}.number": citation.number.spans(said),
        f"{key}.revision": citation.revision.spans(said),
        f"{key}.body": citation.body.spans(said),
        f"{key}.kind": one["kind"],
        f"{key}.full": patterns.fill(full, house.language, one, _worded(citation, house), origin),
        f"{key}.formal": _entry([citation], house, formal=True),
    }


def officer_values(officer: Officer | None, house: House) -> dict[str, Spans]:
    """Return what the slots about the Chair print; all of them missing where there is none."""
    said = house.messages
    facts = officer_facts(officer, house.language)
    return {
        "chair": officer_spans(officer, house),
        "chair.name": facts["name"].spans(said),
        "chair.address": facts["form_of_address"].spans(said),
        "chair.possessive": _possessive(officer, house).spans(said),
        "chair.title": role_word(officer, house),
        "chair.country": facts["country"].spans(said),
    }


def _possessive(officer: Officer | None, house: House) -> Fact:
    """Return his, her, their: as typed, else as the gender has it."""
    typed = officer_facts(officer, house.language)["possessive"]
    if typed.text or officer is None:
        return typed
    usual = house.messages.possessives.get(officer.gender, "")
    return Fact(usual, "meetings.officer", str(officer.pk), "gender" if usual else "possessive")


def officer_facts(officer: Officer | None, language: str) -> dict[str, Fact]:
    """Return the facts of an officer in one language."""
    if officer is None:
        empty = Fact("", "meetings.officer", "", "")
        return dict.fromkeys(("name", "form_of_address", "possessive", "country"), empty)
    key = str(officer.pk)
    facts = {
        field: Fact(in_language(getattr(officer, field), language), "meetings.officer", key, field)
        for field in ("name", "form_of_address", "possessive")
    }
    printed = in_language(officer.country_printed, language)
    if not printed and officer.country:
        printed = in_language(officer.country.name, language)
    return {**facts, "country": Fact(printed, "meetings.officer", key, "country")}


def officer_spans(officer: Officer | None, house: House, *, short: bool = False) -> Spans:
    """Return an officer as printed: Mr N. N. (Country); `short` leaves the form of address out."""
    facts = officer_facts(officer, house.language)
    pattern, origin = house.pattern("officer")
    said = house.messages
    acting = officer is not None and officer.role == officer.Role.ACTING_CHAIR and not short
    return patterns.fill(
        pattern, house.language,
        {
            **{name: fact.spans(said) for name, fact in facts.items()},
            "role": role_word(officer, house),
        },
        {
            "addressed": "yes" if facts["form_of_address"].text and not short else "no",
            "country_known": "yes" if facts["country"].text else "no",
            "acting": "yes" if acting else "no",
        },
        origin,
    )  # fmt: skip


def role_word(officer: Officer | None, house: House) -> Spans:
    """Return what an officer is: Chair; or the title that texts of that time print."""
    if officer is None:
        return NOTHING.spans(house.messages)
    printed = in_language(officer.title_printed, house.language)
    if not printed:
        printed = house.messages.roles[officer.role]
    return Fact(printed, "meetings.officer", str(officer.pk), "role").spans(house.messages)


def chairs_spans(officers: list[Officer], first: date, last: date, house: House) -> Spans:
    """Return everybody who chaired in the period, with the days where it changed."""
    if len(officers) < 2:
        return officer_spans(officers[0] if officers else None, house)
    items = [_term_spans(officer, first, last, house) for officer in officers]
    return joined(items, house.messages.lists["middle"], house.messages.lists["last"])


def _term_spans(officer: Officer, first: date, last: date, house: House) -> Spans:
    """Return an officer with the days of the term that fall into the period."""
    begins = officer.from_day is not None and officer.from_day > first
    ends = officer.to_day is not None and officer.to_day < last
    if not begins and not ends:
        return officer_spans(officer, house)
    name = "chair_between" if begins and ends else "chair_from" if begins else "chair_until"
    if officer.from_day == officer.to_day:
        name = "chair_on"
    pattern, origin = house.pattern(name)
    return patterns.fill(
        pattern, house.language,
        {
            "officer": officer_spans(officer, house),
            "first": _day(officer, "from_day", house),
            "day": _day(officer, "from_day" if name == "chair_from" else "to_day", house),
        },
        {"acting": "yes" if officer.role == officer.Role.ACTING_CHAIR else "no"}, origin,
    )  # fmt: skip


def _day(officer: Officer, field: str, house: House) -> Spans:
    day = getattr(officer, field)
    text = dates.day(house.messages, day) if day else ""
    return Fact(text, "meetings.officer", str(officer.pk), field).spans(house.messages)


def meetings_spans(held: list[MeetingFacts], house: House) -> Spans:
    """Return the meetings of the period in one phrase: the eighth and ninth meetings, held …."""
    said = house.messages
    if not held:
        return NOTHING.spans(said)
    pattern, origin = house.pattern("meetings")
    middle, last = said.lists["middle"], said.lists["last"]
    each = [when(meeting, house) for meeting in held]
    # "on 3 and 4 May and on 5 June": days said in words need the preposition again
    once = [each[0], *(days(meeting, house) for meeting in held[1:])]
    in_figures = house.day_ranges == "hyphen"
    modes = {meeting.mode for meeting in held}
    return patterns.fill(
        pattern, house.language,
        {
            "ordinals": joined([ordinal(meeting, house) for meeting in held], middle, last),
            "whens": joined(once if in_figures else each, middle, last),
            "whens_each": joined(each, middle, last),
        },
        {"count": len(held), "mode": modes.pop() or "unknown" if len(modes) == 1 else "several"},
        origin,
    )  # fmt: skip


def session_values(name: str, session: SessionFacts, house: House) -> dict[str, Spans]:
    """Return what the slots of a session print, under `name`."""
    long = session.long_label if session.long_label.text else session.label
    return {
        name: session.label.spans(house.messages),
        f"{name}.long": long.spans(house.messages),
    }


def plain_fact(text: str, model: str, key: str, field: str, house: House) -> Spans:
    """Return one fact, shown as missing where it is empty."""
    return Fact(text, model, key, field).spans(house.messages, OriginKind.FACT)
