"""Slips of the pen: brackets, quotation marks, doubled words and spaces, what was left to be filled."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator

from cwg.report.checks.findings import Slip, quoted, rule
from cwg.report.checks.lexicon import Lexicon
from cwg.report.checks.places import Place
from cwg.report.checks.reading import Checked
from meetings.severity import Severity
from meetings.typesetting.tree import plain

BRACKETS = ("()", "[]", "（）", "［］", "【】")
MIXED = ({"“", '"'}, {"”", '"'})
# "a)", "ii)" anywhere, "1)" where a list begins: labels, not the end of a bracket
LABEL = re.compile(r"(?:(?<=\s)|^)(?:[a-z]|[ivx]{1,5})\)|(?:^|(?<=[;:,.–]\s)|(?<=and\s))\d{1,2}\)")


@rule(
    "bracket-unbalanced", Severity.BLOCKER,
    "A bracket or quotation mark opened and never closed, or closed and never opened",
)  # fmt: skip
def bracket_unbalanced(checked: Checked) -> Iterator[Slip]:
    if checked.lexicon is None:
        return
    quotations = checked.lexicon.marks("quotation_marks")
    loose: dict[str, list[tuple[Place, int, str]]] = defaultdict(list)
    for place in checked.places:
        wrong = unbalanced(place.text, (*BRACKETS, *quotations))
        for number, (at, mark) in enumerate(wrong):
            if number and {mark, wrong[number - 1][1]} in MIXED:
                continue  # one quotation, its two ends of different kinds
            loose[place.trunk].append((place, at, mark))
        single = _single_mark_open(place.text, checked.lexicon)
        if single is not None:
            loose[place.trunk].append((place, single, place.text[single]))
    for found in loose.values():
        for place, at, mark in _not_across(found, quotations):
            yield _loose(place, at, mark, quotations)


def _loose(place: Place, at: int, mark: str, quotations: tuple[str, ...]) -> Slip:
    name = "bracket" if any(mark in pair for pair in BRACKETS) else "quotation mark"
    opened = any(mark == pair[0] for pair in (*BRACKETS, *quotations, "‘’"))
    if mark == '"':
        said, words = "A quotation mark has no partner", place.text[max(0, at - 20) : at + 30]
    elif opened:
        said, words = f"A {name} is opened and never closed", place.text[at : at + 60]
    else:
        said, words = f"A {name} is closed and never opened", place.text[max(0, at - 40) : at + 1]
    key = f"{place.record.model} {place.record.key} {place.record.field}"
    return Slip(place, f"{said}: {quoted(words)}", f"{key} {mark} {words[:40]}")


def unbalanced(text: str, pairs: tuple[str, ...]) -> list[tuple[int, str]]:
    """Return the marks of `text` that have no partner, with their places.

    List labels ("a)", "(i)") are no brackets left open; a straight quotation
    mark closes what one before it opened.
    """
    closes = {pair[1]: pair[0] for pair in pairs}
    opens = {pair[0] for pair in pairs}
    labels = {match.end() - 1 for match in LABEL.finditer(text)}
    stack: list[tuple[int, str]] = []
    standing: Counter[str] = Counter()  # how many of each mark stand in the stack
    wrong: list[tuple[int, str]] = []
    spare = 0  # brackets that a label may have closed in the place of the real one
    for at, mark in enumerate(text):
        if mark in opens or (mark == '"' and not standing[mark]):
            stack.append((at, mark))
            standing[mark] += 1
        elif mark == '"':
            _close(stack, standing, wrong, mark)
        elif mark in closes:
            wanted = closes[mark]
            if standing[wanted]:
                spare += at in labels
                _close(stack, standing, wrong, wanted)
            elif at in labels:
                continue
            elif mark == ")" and spare:
                spare -= 1
            else:
                wrong.append((at, mark))
    return sorted([*wrong, *stack])


def _close(
    stack: list[tuple[int, str]],
    standing: Counter[str],
    wrong: list[tuple[int, str]],
    wanted: str,
) -> None:
    """Take the latest `wanted` from the stack; what was opened after it has no partner."""
    while stack:
        at, mark = stack.pop()
        standing[mark] -= 1
        if mark == wanted:
            return
        wrong.append((at, mark))


def _single_mark_open(text: str, lexicon: Lexicon) -> int | None:
    """Return where a single quotation mark opens that nothing closes; apostrophes look like closing."""
    pair = "".join(lexicon.marks("single_quotation_marks"))
    if not pair:
        return None
    opened, closed = text.count(pair[0]), text.count(pair[1])
    return text.rindex(pair[0]) if opened > closed else None


def _not_across(
    found: list[tuple[Place, int, str]], quotations: tuple[str, ...]
) -> list[tuple[Place, int, str]]:
    """Leave out quotations that run on from one typed paragraph into the items below it."""
    opens = {pair[1]: pair[0] for pair in quotations if pair[0] != pair[1]}
    left: dict[int, tuple[Place, int, str]] = {}
    by_mark: dict[str, list[int]] = defaultdict(list)  # the numbers of those left
    for number, (place, at, mark) in enumerate(found):
        opened = by_mark[opens[mark]] if mark in opens else []
        before = [each for each in opened if left[each][0] is not place]
        if before and place.record.model == "report.passage":
            # each paragraph of a long quotation opens again, only the last one closes
            for each in before:
                del left[each]
            by_mark[opens[mark]] = [each for each in opened if each in left]
        else:
            left[number] = place, at, mark
            by_mark[mark].append(number)
    return list(left.values())


@rule("word-doubled", Severity.WARNING, "A word that stands twice")
def word_doubled(checked: Checked) -> Iterator[Slip]:
    if checked.lexicon is None:
        return
    shortest = checked.lexicon.number("doubled.from_letters", 5)
    allowed = checked.lexicon.words("doubled.allowed")
    twice = re.compile(
        rf"(?<![\w’'\-.])([^\W\d_]{{{shortest},}})\s+\1(?![\w’']|-\w|\.\w)", re.IGNORECASE
    )
    for place in checked.places:
        for count, match in enumerate(twice.finditer(place.text)):
            if match[1].casefold() in allowed or _is_numeral(match[1]):
                continue
            words = place.text[max(0, match.start() - 20) : match.end() + 20]
            key = f"{place.record.model} {place.record.key} {match[1].casefold()} {count}"
            yield Slip(place, f"“{match[0]}” stands twice: {quoted(words)}", key)


def _is_numeral(word: str) -> bool:
    return len(word) == 1 and word.isupper() and word not in {"A", "I"}


@rule("space-doubled", Severity.NOTE, "Two spaces where one would do")
def space_doubled(checked: Checked) -> Iterator[Slip]:
    if checked.lexicon is None:
        return
    for place in checked.places:
        for match in re.finditer(r"(?<=\S)\s{2,}(?=\S)", place.text):
            words = place.text[max(0, match.start() - 20) : match.end() + 20]
            before = place.text[max(0, match.start() - 20) : match.start()]
            key = f"{place.record.model} {place.record.key} {before}"
            yield Slip(place, f"Two spaces stand here: {quoted(words)}", key)


@rule("editor-bracket", Severity.BLOCKER, "Words in square brackets, left over from an editor")
def editor_bracket(checked: Checked) -> Iterator[Slip]:
    """Find [words] that nobody quoted; an omission, a [sic] or a [word] in a quotation may stay."""
    if checked.lexicon is None:
        return
    allowed = checked.lexicon.words("brackets.allowed")
    note = checked.lexicon.pattern("brackets.note")
    for place in checked.places:
        for match in re.finditer(r"\[([^\[\]]*)\]", place.text):
            inside = match[1].strip()
            if inside.casefold() in allowed and (
                inside.isalpha() or place.in_quotation(match.start())
            ):
                continue
            if place.missing in match[0]:
                continue
            if place.in_quotation(match.start()) and not note.search(inside):
                continue
            said = f"Square brackets were left in the text: {quoted(match[0])}"
            yield Slip(place, said, f"{place.record.model} {place.record.key} {match[0][:60]}")


@rule(
    "slot-unresolved", Severity.BLOCKER,
    "A slot, or a mark, that was to be filled and was not",
)  # fmt: skip
def slot_unresolved(checked: Checked) -> Iterator[Slip]:
    braces = re.compile(r"\{\u2060?\{[^{}]*\}?\}?|\{%[^%]*%?\}?|\{[a-z_.]+\}|\}\}|%\}")
    words = checked.lexicon.pattern("unfilled.words") if checked.lexicon else None
    for place in checked.places:
        found = [(match[0], "This slot was never filled") for match in braces.finditer(place.text)]
        if words is not None:
            found += [
                (match[0], "This was left to be filled")
                for match in words.finditer(place.typed)
            ]  # fmt: skip
        for mark, said in found:
            key = f"{place.record.model} {place.record.key} {mark[:60]}"
            yield Slip(place, f"{said}: {quoted(mark)}", key.replace("\u2060", ""))
        yield from _missing(place)


def _missing(place: Place) -> Iterator[Slip]:
    """Yield each fact that the sentence names and the record does not know."""
    for number, span in enumerate(place.spans):
        if span.text == place.missing:
            words = plain(place.spans[max(0, number - 1) : number + 2])
            origin = span.origin
            record = (
                type(place.record)(origin.model, origin.key, origin.field) if origin.key else None
            )
            key = f"{place.record.model} {place.record.key} {origin.model} {origin.key} {origin.field}"
            yield Slip(place, f"A fact is missing here: {quoted(words)}", key, record)
