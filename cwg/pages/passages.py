"""Where the words stand in a contribution that was found: answer 2; annex.pdf, page 7."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.urls import reverse

from consultations import search
from consultations.data.records import Round, path_of
from consultations.reading import PublicContribution
from meetings import finding
from meetings.finding import Part, Pieces, Query

A_BEGINNING = 240  # characters of a text in which nothing was looked for


@dataclass(frozen=True, slots=True)
class Passage:
    """A passage: what the place is called in which it stands, its address, the text in pieces."""

    place: str
    address: str
    pieces: Pieces


def passages(
    words: Query, found: Sequence[PublicContribution], rounds: Mapping[int, Round]
) -> list[tuple[Passage, ...]]:
    """Return the passages of some contributions, of each at least how its text begins: one query.

    The words inside files are read only of those whose own words are not all that was asked for.
    """
    own = [search.parts(each) for each in found]
    missing = [
        finding.lacking(words, parts) if each.attachments else Query()
        for each, parts in zip(found, own, strict=True)
    ]
    pages = search.pages_of(each for each, terms in zip(found, missing, strict=True) if terms)
    shown = []
    for read, parts, terms in zip(found, own, missing, strict=True):
        marked = finding.highlight(words, parts, most=1 if terms else 2)
        if terms:
            whole = search.parts(read, pages)
            inside = finding.near(terms, (each for each in whole if each.where.startswith("file")))
            marked += finding.highlight(words, inside, most=1)
        held = rounds[read.row.consultation_id]
        placed = [passage for each in marked if (passage := _placed(each, read, held))]
        shown.append(tuple(placed) or _beginning(parts))
    return shown


def _placed(found: finding.Passage, read: PublicContribution, held: Round) -> Passage | None:
    """Return a passage with its place; None of one in what stands above it anyway, its sender."""
    kind, *of = found.where.split()
    page = path_of(held.group, held.key, read.row.number)
    if kind == "text":
        place = "Further remarks" if read.answers else "Text"
        return Passage(place, f"{page}#text", found.pieces)
    if kind == "answer":
        key = int(of[0])
        number = next(n for n, each in enumerate(read.answers, 1) if each.question.pk == key)
        label = held.labels.get(key, "")
        place = f"Answer {label}" if label and label != "The question" else "Answer"
        to = f"{page}#answer-{number}"
        return Passage(place, to, found.pieces)
    if kind == "file":
        file = next(each for each in read.attachments if each.pk == int(of[0]))
        to = reverse(
            "consultations:attachment", args=[held.group, held.key, read.row.number, file.pk]
        )
        if of[1] == "0":
            return Passage(str(file.name), to, found.pieces)
        return Passage(f"{file.name}, page {of[1]}", f"{to}#page={of[1]}", found.pieces)
    return None


def _beginning(parts: Iterable[Part]) -> tuple[Passage, ...]:
    """Return how the text of a contribution begins."""
    whole = next((each.text for each in parts if each.where.startswith(("answer", "text"))), "")
    text = " ".join(whole[: 2 * A_BEGINNING].split())
    if len(text) > A_BEGINNING:
        text = f"{text[:A_BEGINNING].rpartition(' ')[0] or text[:A_BEGINNING]} …"
    return (Passage("", "", ((text, False),)),) if text else ()
