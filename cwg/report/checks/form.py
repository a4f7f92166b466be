"""The form of the report: its head, its cover, the group's acronym, references to paragraphs."""

from __future__ import annotations

import re
from collections.abc import Iterator

from cwg.report.checks.findings import Record, Slip, quoted, rule
from cwg.report.checks.lexicon import NEAR
from cwg.report.checks.places import Place
from cwg.report.checks.reading import Checked
from meetings.languages import in_language
from meetings.severity import Severity

# After an acronym: the word ends, and no number of a document follows ("-11/2", " 8/28")
NO_NUMBER = r"(?!\w|-\w|[\s-]\d+/\d)"
# C26/51, PP-26/34: the letters of the body, the year of the session, the number
NUMBER_OF_SESSION = re.compile(r"^([A-Z]{1,4})-?(\d{2})/\d+")


@rule(
    "head-of-another-document", Severity.BLOCKER,
    "A title, source or number left over from another document, group or session",
)  # fmt: skip
def head_of_another_document(checked: Checked) -> Iterator[Slip]:
    report = checked.report
    key = str(report.pk)
    for field in ("title", "source"):
        typed = in_language(getattr(report, field), checked.language)
        if not typed:
            continue
        for said, about in (*_other_groups(checked, typed), *_other_sessions(checked, typed)):
            yield Slip(
                checked.at_head(field), f"{quoted(typed)} {said}.", f"{field} {about}",
                Record("report.report", key, field),
            )  # fmt: skip
    number = report.document_number
    year = NUMBER_OF_SESSION.match(number)
    if year and int(year[2]) != report.session.year % 100:
        session = in_language(report.session.label, checked.language) or report.session.key
        said = f"“{number}” is no number of {session}, to which the report goes."
        yield Slip(
            checked.at_head("number"), said, "document_number",
            Record("report.report", key, "document_number"), beside=session,
        )  # fmt: skip
    for other in checked.other_reports if number else ():
        if other.document_number == number:
            yield Slip(
                checked.at_head("number"), f"“{number}” is the number of another report: {other.slug}.",
                f"document_number of {other.pk}", Record("report.report", key, "document_number"),
            )  # fmt: skip


def _other_groups(checked: Checked, typed: str) -> Iterator[tuple[str, str]]:
    """Yield what a typed line says of another group, its own parent acronyms left out."""
    own = {
        in_language(name.acronym, checked.language).casefold()
        for name in checked.record.group.names.all()
    }
    for name in checked.names_of_others:
        for text in (
            in_language(name.acronym, checked.language),
            in_language(name.name, checked.language),
        ):
            if text and text.casefold() not in own and _word(text).search(_plain(typed)):
                yield f"names another group, {text}", f"group {name.group_id}"
                break


def _other_sessions(checked: Checked, typed: str) -> Iterator[tuple[str, str]]:
    own = in_language(checked.report.session.label, checked.language)
    if own and _word(own).search(_plain(typed)):
        return  # it names its own session; another may stand beside it
    for session in checked.record.sessions:
        label = in_language(session.label, checked.language)
        if session.pk == checked.report.session_id or not label:
            continue
        if session.body_id == checked.report.session.body_id and _word(label).search(_plain(typed)):
            yield f"names {label}; the report goes to {own}", f"session {session.pk}"


def _plain(text: str) -> str:
    return text.replace("\u2011", "-").replace("\u00a0", " ")


def _word(words: str) -> re.Pattern[str]:
    return re.compile(rf"(?<![\w-]){re.escape(_plain(words))}(?![\w-])", re.IGNORECASE)


@rule(
    "two-acronyms", Severity.WARNING,
    "An earlier or misspelt acronym of the group typed where the report uses the present one",
)  # fmt: skip
def two_acronyms(checked: Checked) -> Iterator[Slip]:
    present = checked.house.group.acronym.text
    if not present or checked.lexicon is None:
        return
    earlier = {
        in_language(name.acronym, checked.language) for name in checked.record.group.names.all()
    } - {present, ""}
    patterns = [(old, _acronym(old)) for old in earlier]
    letters = re.split(r"[\s-]+", _plain(present))
    if len(letters) > 1:
        loose = r"[\s-]?".join(map(re.escape, letters))
        patterns.append(("", re.compile(rf"(?<![\w-]){loose}{NO_NUMBER}")))
    former = checked.lexicon.pattern("acronyms.former")
    for place in checked.places:
        found = [
            match for old, pattern in patterns if place.has_typed
            for match in pattern.finditer(place.typed)
            if (old or match[0] != _plain(present)) and not place.in_quotation(match.start())
        ]  # fmt: skip
        if not found or former.search(place.text):
            continue
        for match in found:
            said = f"“{match[0]}” is typed here; on its date the report calls the group {present}."
            key = f"{place.record.model} {place.record.key} {match[0]}"
            yield Slip(place, said, key, beside=present)


def _acronym(text: str) -> re.Pattern[str]:
    """Find an acronym in running text; before a number it names a document of that time."""
    return re.compile(rf"(?<![\w-]){re.escape(_plain(text))}{NO_NUMBER}")


@rule("cover-row-empty", Severity.WARNING, "A row of the cover without text: it is not printed")
def cover_row_empty(checked: Checked) -> Iterator[Slip]:
    for place in checked.places:
        if place.part == "cover" and not place.spans:
            label = place.name.removeprefix("cover: ")
            said = f"The row “{label}” of the cover is empty, so it is not printed."
            yield Slip(place, said, f"passage {place.record.key}")


@rule(
    "paragraph-typed", Severity.WARNING,
    "A paragraph’s number typed as plain text: there is none of that number, or it may move",
)  # fmt: skip
def paragraph_typed(checked: Checked) -> Iterator[Slip]:
    if checked.lexicon is None:
        return
    numbers = {place.name for place in checked.places}
    dotted = any(re.fullmatch(r"\d+\.\d+", name) for name in numbers)
    for place in checked.places:
        if not place.has_typed:
            continue
        for match in checked.lexicon.pattern("paragraphs.reference").finditer(place.typed):
            if place.in_quotation(match.start()) or _of_another(checked, place, match):
                continue
            cited = re.findall(r"\d+(?:\.\d+)*", match["number"] + (match["more"] or ""))
            gone = [number for number in cited if number not in numbers]
            whole = all("." not in number for number in cited)
            if dotted and whole and (gone or not match["section"]):
                continue  # a whole number is not how this report counts its paragraphs
            said = (
                f"there is no {' or '.join(gone)} in this report" if gone
                else "its number may move; a slot {{ paragraph.NAME }} follows it"
            )  # fmt: skip
            key = f"{place.record.model} {place.record.key} {match[0].strip()}"
            yield Slip(place, f"{quoted(match[0])} is typed here: {said}.", key)


def _of_another(checked: Checked, place: Place, match: re.Match[str]) -> bool:
    """Say whether a paragraph of another document is meant: "of Resolution …", "…, paragraph 5"."""
    assert checked.lexicon is not None
    after = place.typed[match.end() : match.end() + NEAR]
    if checked.lexicon.pattern("paragraphs.of_another").match(after):
        return True
    before = checked.lexicon.before("paragraphs.after_another", place.typed, match.start())
    return before is not None
