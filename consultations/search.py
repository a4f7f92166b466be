"""What of a contribution is indexed: what everybody reads of it, and nothing else.

Only published contributions of public rounds; of them the sender's consent holds, redacted passages
are left out, and so are withheld files. The words inside its files come from `meetings.file_texts`.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Self

from django.db.models import QuerySet

from consultations import naming, reading
from consultations.access import public_contributions
from consultations.models import (
    Attachment,
    ConsultationTopic,
    Contribution,
    Question,
    Standing,
)
from consultations.reading import PublicContribution
from meetings import file_texts
from meetings.finding import Entry, Part
from meetings.models import MemberState

KIND = "contribution"
type Pages = Mapping[str, list[tuple[int, str]]]  # of files by their place: (number, text)


def published() -> QuerySet[Contribution]:
    """Return the contributions that everybody finds."""
    return public_contributions().filter(standing=Standing.PUBLISHED)


def to_index() -> QuerySet[Contribution]:
    """Return them with rows that many of them share, each of which is made once for all."""
    return published().prefetch_related("consultation", "country__region")


def key(of_index: str) -> int:
    """Return the key of a contribution by its key in the index."""
    return int(of_index.partition(":")[2])


@dataclass(frozen=True, slots=True)
class Shared:
    """Rows that many contributions share, by key, for callers who keep them and read them only."""

    questions: Mapping[int, Question]
    countries: Mapping[int, MemberState]

    @classmethod
    def of(cls, rounds: Collection[int]) -> Self:
        """Return those of the contributions to some rounds."""
        return cls(
            {each.pk: each for each in Question.objects.filter(consultation__in=rounds)},
            MemberState.objects.in_bulk(),
        )


def read(keys: Iterable[int], shared: Shared | None = None) -> list[PublicContribution]:
    """Return published contributions by key, in that order, without those that are gone."""
    wanted = list(keys)
    rows = published().filter(pk__in=wanted)
    if shared is None:
        found = reading.all_public(rows.select_related("consultation", "country__region"))
    else:
        found = reading.all_public(_with(rows, shared), shared.questions)
    by_key = {each.row.pk: each for each in found}
    return [by_key[key] for key in wanted if key in by_key]


def _with(rows: Iterable[Contribution], shared: Shared) -> Iterator[Contribution]:
    """Give contributions the countries that they share; those that nobody kept are asked for."""
    for each in rows:
        if country := shared.countries.get(each.country_id or 0):
            each.country = country
        yield each


def pages_of(read: Iterable[PublicContribution]) -> dict[str, list[tuple[int, str]]]:
    """Return the words inside the files of contributions that everybody may have: one query."""
    return file_texts.pages_of(str(each.path) for one in read for each in one.attachments)


def parts(read: PublicContribution, pages: Pages | None = None) -> tuple[Part, ...]:
    """Return the texts of a contribution with their places: "answer 12", "text", "title", "file 7 3".

    An answer's number is its question's key, a file's its own key and the page. Without `pages` what
    stands inside files is left out.
    """
    language = str(read.row.language)
    said = [(f"answer {each.question.pk}", _words(each.pieces)) for each in read.answers]
    said += [("text", _words(read.text)), ("title", _sender(read))]
    said += _of_files(read.attachments, pages or {})
    return tuple(Part(where, text, language) for where, text in said if text.strip())


def _words(pieces: Iterable[reading.Piece]) -> str:
    return "\n".join(each.text for each in pieces if not each.redacted)


def _sender(read: PublicContribution) -> str:
    sender = read.sender
    return "; ".join(filter(None, (*sender.organisations, sender.name)))


def _of_files(attachments: Iterable[Attachment], pages: Pages) -> list[tuple[str, str]]:
    found = []
    for each in attachments:
        found.append((f"file {each.pk} 0", str(each.name)))
        found += [(f"file {each.pk} {page}", text) for page, text in pages.get(each.path, ())]
    return found


def entries(contributions: Collection[Contribution]) -> Iterator[Entry]:
    """Return the entries of contributions of `to_index`, in a number of queries that does not grow."""
    read = reading.all_public(contributions)
    pages = pages_of(read)
    topics = listed_topics({each.row.consultation_id for each in read})
    named = naming.keys_by_contribution([each.row.pk for each in read])
    return (
        _entry(each, pages, topics[each.row.consultation_id], named[each.row.pk]) for each in read
    )


def listed_topics(rounds: Collection[int]) -> dict[int, tuple[str, ...]]:
    """Return the listed topics on which the topics of rounds draw, by round: one query."""
    found: dict[int, set[str]] = {each: set() for each in rounds}
    related = ConsultationTopic.objects.filter(
        consultation__in=list(rounds), topic__draws_on__isnull=False
    )
    for held, listed in related.values_list("consultation", "topic__draws_on"):
        found[held].add(str(listed))
    return {held: tuple(sorted(listed)) for held, listed in found.items()}


def _entry(
    read: PublicContribution, pages: Pages, topics: tuple[str, ...], named: tuple[str, ...]
) -> Entry:
    row = read.row
    country = row.country if row.publish_country else None
    facets = {
        "round": (str(row.consultation_id),),
        "year": (row.consultation.key[:4],),
        "question": tuple(str(each.question.pk) for each in read.answers),
        "topic": topics,
        "stakeholder_group": (str(row.stakeholder_group),) if row.stakeholder_group else (),
        "region": (country.region.code,) if country is not None else (),
        "country": (country.iso,) if country is not None else (),
        "language": (str(row.language),),
        "author": named,
    }
    assert row.published_at is not None, "a published contribution has its day"
    return Entry(
        key=f"{KIND}:{row.pk}", kind=KIND, group=row.consultation.group_id,
        facets={name: values for name, values in facets.items() if values},
        order=int(row.published_at.timestamp()), parts=parts(read, pages),
    )  # fmt: skip
