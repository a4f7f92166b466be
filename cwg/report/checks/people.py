"""The Chair as the report names and speaks of the Chair, and speakers whose country is named."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from cwg.report.checks.countries import named_speakers
from cwg.report.checks.findings import Record, Slip, quoted, rule
from cwg.report.checks.lexicon import NEAR, Lexicon
from cwg.report.checks.places import NOT_TYPED, Place
from cwg.report.checks.reading import Checked
from meetings.languages import in_language
from meetings.models import Officer
from meetings.severity import Severity
from meetings.wording import dates

NAME = re.compile(r"[\w’'-]+", re.UNICODE)


@rule(
    "signatory-not-in-office", Severity.BLOCKER,
    "A report signed by somebody who does not hold that office in the group on its date",
)  # fmt: skip
def signatory_not_in_office(checked: Checked) -> Iterator[Slip]:
    officer, report = checked.report.signed_by, checked.report
    if officer is None:
        return
    name = in_language(officer.name, checked.language) or officer.key
    if officer.group_id != report.group_id:
        said = f"“{name}”, who signs, is no officer of this group."
    elif not officer.in_office_on(checked.day):
        term = _term(officer, checked)
        day = dates.day(checked.house.messages, checked.day)
        said = f"“{name}”, who signs, was in office {term}; the report is dated {day}."
    else:
        return
    at = checked.by_anchor.get("signature") or checked.places[-1]
    yield Slip(
        at, said, f"officer {officer.pk}",
        Record("report.report", str(report.pk), "signed_by"), beside=said,
    )  # fmt: skip


def _term(officer: Officer, checked: Checked) -> str:
    said = checked.house.messages
    begins = f"from {dates.day(said, officer.from_day)}" if officer.from_day else ""
    ends = f"until {dates.day(said, officer.to_day)}" if officer.to_day else ""
    return " ".join(filter(None, (begins, ends)))


@rule(
    "chair-name", Severity.WARNING,
    "Somebody typed as Chair who did not chair the group in the period or on the report’s date",
)  # fmt: skip
def chair_name(checked: Checked) -> Iterator[Slip]:
    if checked.lexicon is None:
        return
    for place in checked.places:
        if not place.has_typed:
            continue
        yield from _other_officers(checked, place, checked.lexicon)
        yield from _unknown_chair(checked, place, checked.lexicon)
        yield from _other_address(checked, place, checked.lexicon)


def _other_officers(checked: Checked, place: Place, lexicon: Lexicon) -> Iterator[Slip]:
    """Yield officers of the group, typed as its Chair, who were not in that time."""
    chairing = {officer.pk for officer in checked.chairs} | checked.in_the_chair
    standing = {in_language(each.name, checked.language) for each in checked.chairs}
    for officer in checked.record.officers:
        name = in_language(officer.name, checked.language)
        if officer.pk in chairing or not name or name in standing:
            continue
        serving = checked.serves(officer)
        for match in _typed_name(name, place.typed, lexicon):
            first, last = lexicon.sentence_at(place.text, match.start())
            near = place.text[max(first, match.start() - NEAR) : min(last, match.end() + NEAR)]
            if lexicon.pattern("chair.former").search(near):
                continue
            if serving and not _apposition(lexicon, near, match[0]):
                continue
            if not any(lexicon.pattern(f"chair.{w}").search(near) for w in ("word", "act")):
                continue
            yield Slip(
                place, f"“{name}” was not Chair at that time: {quoted(place.text[first:last])}",
                f"{place.record.model} {place.record.key} officer {officer.pk}",
            )  # fmt: skip


def _typed_name(name: str, typed: str, lexicon: Lexicon) -> Iterator[re.Match[str]]:
    """Yield where a name is typed: in full, or the family name after a form of address."""
    if name in typed:
        yield from re.finditer(rf"(?<!\w){re.escape(name)}(?!\w)", typed)
    elif _family(name) in typed:
        yield from lexicon.pattern("chair.address", name=_spaced(_family(name))).finditer(typed)


def _family(name: str) -> str:
    """Return the family name: the part in capitals, else the last."""
    parts = name.split()
    return next((part for part in parts if part.isupper() and len(part) > 1), parts[-1])


def _spaced(words: str) -> str:
    """Return a pattern for `words` where spaces do not count."""
    return re.escape(words).replace(r"\ ", r"\s")


def _apposition(lexicon: Lexicon, sentence: str, name: str) -> bool:
    """Say whether a sentence calls somebody its Chair: "the Chair, Ms A. B.", "Ms A. B., Chair"."""
    word, person = lexicon.pattern("chair.word").pattern, _spaced(name)
    before = rf"(?:{word}) \s* ,? \s (?:\w+\.?\s){{0,2}} {person}"
    after = rf"{person} (?:\s\([^()]*\))? ,? \s (?:the\s)? (?:{word})"
    return re.search(f"{before}|{after}", sentence, re.VERBOSE) is not None


def _unknown_chair(checked: Checked, place: Place, lexicon: Lexicon) -> Iterator[Slip]:
    """Yield a typed "The Group was chaired by …" with a name that no Chair of that time bears."""
    acronym = _spaced(checked.house.group.acronym.text or NOT_TYPED)
    pattern = lexicon.pattern("chair.chaired_by", group=f"{acronym}|{NOT_TYPED}")
    known = set()
    for officer in checked.record.officers:
        known |= set(NAME.findall(in_language(officer.name, checked.language).casefold()))
    for match in pattern.finditer(place.typed):
        words = [w for w in NAME.findall(match["name"].casefold()) if len(w) > 2]
        if any(word in known for word in words):
            continue  # an officer: the rule above knows the terms
        yield Slip(
            place, f"{quoted(match[0])}: the record knows no Chair of that name.",
            f"{place.record.model} {place.record.key} {match['name'][:60]}",
        )  # fmt: skip


def _other_address(checked: Checked, place: Place, lexicon: Lexicon) -> Iterator[Slip]:
    """Yield a typed "Ms" before somebody whom the record addresses as "Mr"."""
    for officer in checked.record.officers:
        name = in_language(officer.name, checked.language)
        address = in_language(officer.form_of_address, checked.language)
        if not name or not address or not officer.gender or not checked.serves(officer):
            continue
        if _family(name) not in place.text:
            continue
        pattern = lexicon.pattern("chair.address", name=_spaced(_family(name)))
        for match in pattern.finditer(place.text):
            if place.typed[match.start()] != place.text[match.start()]:
                continue
            woman = match["address"].casefold() in lexicon.words("chair.women")
            if woman != (officer.gender == Officer.Gender.FEMALE):
                said = f"{quoted(match[0])}: the record says “{address} {name}”."
                yield Slip(place, said, f"{place.record.model} {place.record.key} {officer.pk}")


@rule(
    "chair-pronoun", Severity.WARNING,
    "A typed his, her or their, he or she, that does not fit the Chair of that day",
)  # fmt: skip
def chair_pronoun(checked: Checked) -> Iterator[Slip]:
    if checked.lexicon is None:
        return
    for place in checked.places:
        if not place.has_typed:
            continue
        officer = _chair_of(checked, place)
        possessive = in_language(officer.possessive, checked.language) if officer else ""
        if possessive:
            yield from _possessives(place, possessive, checked.lexicon)
            yield from _pronouns(place, possessive, checked.lexicon)


def _chair_of(checked: Checked, place: Place) -> Officer | None:
    """Return whom "the Chair" means at a place: at a meeting's outcome, the Chair of that day."""
    if place.record.model == "meetings.outcome":
        outcome = checked.told_outcomes.get(int(place.record.key))
        if outcome is not None:
            if outcome.meeting_id in checked.with_chairing:
                return None
            return _in_office(checked, outcome.meeting.last_day)
    return checked.report.signed_by or _in_office(checked, checked.day)


def _in_office(checked: Checked, day: date) -> Officer | None:
    chairs = [
        officer for officer in checked.record.officers
        if officer.role != Officer.Role.VICE_CHAIR and officer.in_office_on(day)
    ]  # fmt: skip
    return chairs[-1] if chairs else None


def _possessives(place: Place, possessive: str, lexicon: Lexicon) -> Iterator[Slip]:
    own = lexicon.words("chair.own")
    for match in _typed(place, lexicon, "chair.possessive", "possessive"):
        plural = match["possessive"] == "their" and match["verb"].casefold() not in own
        if match["possessive"].casefold() != possessive.casefold() and not plural:
            yield _misfit(place, match[0], possessive)
    for match in _typed(place, lexicon, "chair.possessive_before", "possessive"):
        if match["possessive"].casefold() != possessive.casefold():
            yield _misfit(place, match[0], possessive)


def _typed(place: Place, lexicon: Lexicon, name: str, group: str) -> Iterator[re.Match[str]]:
    """Yield where a pattern is found, its `group` typed and not quoted."""
    for match in lexicon.pattern(name).finditer(place.text):
        at = match.start(group)
        if place.typed[at] == place.text[at] and not place.in_quotation(at):
            yield match


def _misfit(place: Place, words: str, possessive: str) -> Slip:
    said = f"{quoted(words)}: the record says “{possessive}” of the Chair of that day."
    return Slip(place, said, f"{place.record.model} {place.record.key} {words[:60]}")


def _pronouns(place: Place, possessive: str, lexicon: Lexicon) -> Iterator[Slip]:
    """Yield he or she, said of the Chair: after a verb, or in a sentence that goes on from one."""
    wanted = lexicon.said.get("chair", {}).get("pronouns", {}).get(possessive.casefold())
    if wanted is None:
        return
    for match in _typed(place, lexicon, "chair.pronoun_after", "pronoun"):
        if match["pronoun"].casefold() != wanted:
            yield _misfit(place, match[0], possessive)
    about_chair = False
    for first, last in lexicon.sentences(place.text):
        sentence = place.text[first:last]
        goes_on = lexicon.pattern("chair.pronoun").search(sentence)
        if goes_on is None:
            about_chair = lexicon.pattern("chair.subject").search(sentence) is not None
            continue
        at = first + goes_on.start("pronoun")
        typed = place.typed[at] == place.text[at] and not place.in_quotation(at)
        if about_chair and typed and goes_on["pronoun"].casefold() != wanted:
            yield _misfit(place, sentence, possessive)


@rule(
    "country-named", Severity.WARNING,
    "The country of a speaker named beside a verb of saying, where speakers are not named",
)  # fmt: skip
def country_named(checked: Checked) -> Iterator[Slip]:
    if checked.lexicon is None:
        return
    named: dict[tuple[Place, str], list[str]] = {}
    for place, country, words in named_speakers(checked, checked.lexicon):
        named.setdefault((place, words), []).append(country)
    for (place, words), countries in named.items():
        together = ", ".join(countries)
        yield Slip(
            place, f"{quoted(words)} names {together} as a speaker; speakers are not named.",
            f"{place.record.model} {place.record.key} {together}",
        )  # fmt: skip
