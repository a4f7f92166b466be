"""Citations that somebody typed: found in whatever spelling, and told apart by their instrument."""

from __future__ import annotations

import re
from collections.abc import Container, Iterable, Iterator
from dataclasses import dataclass

from cwg.report.checks.lexicon import Lexicon
from cwg.report.checks.places import NOT_TYPED, Place
from meetings.languages import in_language
from meetings.models import Instrument, Revision


@dataclass(frozen=True, slots=True)
class Typed:
    """A citation in plain text: its words, the number, the revision in brackets (or "")."""

    place: Place
    words: str
    kind: str
    number: str
    revision: str
    before: str  # what stands before it, and after: there the body is named
    after: str


def typed_citations(place: Place, lexicon: Lexicon) -> Iterator[Typed]:
    """Yield the citations typed at a place, quotations left out: those are somebody else's words."""
    if not place.has_typed:
        return
    kind, revision, between = (
        lexicon.pattern(f"citations.{name}") for name in ("kind", "revision", "between")
    )
    number = re.compile(r"(?:No\.?\s)?(\d{1,4})(?![\d/.-]*\d|\s?/)\b")
    text = place.typed
    for match in kind.finditer(text):
        at = match.end() + (text[match.end() : match.end() + 1] in {"s", "S"})
        if place.in_quotation(match.start()) or text[at : at + 1] != " ":
            continue
        at += 1
        found: list[tuple[str, str]] = []
        while (cited := number.match(text, at)) is not None:
            at = cited.end()
            said = re.compile(r"\s*").match(text, at)
            revised = revision.match(text, said.end() if said else at)
            if revised is not None:
                at = revised.end()
            found.append((cited[1], revised[0] if revised else ""))
            joined = between.match(text, at)
            if joined is None or not number.match(text, joined.end()):
                break
            at = joined.end()
        if not found:
            continue
        yield from _each(place, found, match, at, revision)


def _each(
    place: Place,
    found: list[tuple[str, str]],
    kind: re.Match[str],
    at: int,
    revision: re.Pattern[str],
) -> Iterator[Typed]:
    text = place.typed
    before, after = place.text[max(0, kind.start() - 60) : kind.start()], place.text[at : at + 90]
    shared = re.match(r"[^.;:,()]*", after)
    trailing = revision.match(after, shared.end()) if shared else None
    last = found[-1][1] or (trailing[0] if trailing and " of " in f" {shared[0]}" else "")  # type: ignore[index]  # shared matched
    for number, revised in found:
        yield Typed(
            place, text[kind.start() : at].strip(), kind[0].casefold(), number, revised or last,
            before, after,
        )  # fmt: skip


def typed_revisions(place: Place, lexicon: Lexicon) -> Iterator[str]:
    """Yield revisions typed after a number that came from the record."""
    if not place.has_typed:
        return
    for match in lexicon.pattern("citations.revision").finditer(place.typed):
        before = place.typed[: match.start()].rstrip()
        if before.endswith(NOT_TYPED) and _is_number(place, len(before) - 1):
            yield match[0]


def _is_number(place: Place, at: int) -> bool:
    """Say whether the letter `at` belongs to the number of an instrument."""
    for span in place.spans:
        if at < len(span.text):
            return span.origin.model == "meetings.instrument" and span.origin.field == "number"
        at -= len(span.text)
    return False


YEAR = re.compile(r"\d{4}|C(\d{2})(?!\d)")


def year_of(revision: str) -> int | None:
    """Return the year of a revision as printed, whatever the spelling: the last that it names."""
    found = list(YEAR.finditer(revision))
    if not found:
        return None
    return 2000 + int(found[-1][1]) if found[-1][1] else int(found[-1][0])


def same_revision(typed: str, revision: Revision, language: str) -> bool:
    """Say whether `typed` is a spelling of `revision`: the year tells, else the words."""
    label = in_language(revision.label, language)
    one, other = year_of(typed), year_of(label)
    if one is None or other is None:
        return _folded(typed) == _folded(label)
    return one == other


def _folded(text: str) -> str:
    return re.sub(r"[\W_]+", " ", text).casefold().strip()


def meant(
    typed: Typed, numbered: Iterable[Instrument], cited: Container[int], language: str
) -> Instrument | None:
    """Return the instrument that a typed citation means; None where the record does not hold it.

    `numbered` are the instruments of that number. The kind has to agree, and the
    body where the text names one beside it. Of several, one that the report
    cites comes first.
    """
    same = [each for each in numbered if typed.kind.startswith(_kind_words(each))]
    named = [each for each in same if _body_beside(each, typed, language)]
    if named:
        same = named
    return min(same, key=lambda each: each.pk not in cited, default=None)


def _kind_words(instrument: Instrument) -> tuple[str, ...]:
    words = {
        Instrument.Kind.RESOLUTION: ("resolution", "résolution"),
        Instrument.Kind.DECISION: ("decision", "décision"),
        Instrument.Kind.RECOMMENDATION: ("recommendation", "recommandation"),
    }
    return words.get(Instrument.Kind(instrument.kind), ("",))


def _body_beside(instrument: Instrument, typed: Typed, language: str) -> bool:
    body = instrument.body
    for name in (in_language(body.short, language), in_language(body.name, language)):
        if not name:
            continue
        word = rf"(?<!\w){re.escape(name)}(?!\w)"
        before = typed.before.rstrip()
        if re.search(rf"{word}$", before) or re.match(rf"[^.;,]{{0,40}}{word}", typed.after):
            return True
    return False
