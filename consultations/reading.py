"""What everybody reads of a contribution: only what its sender agreed to, without what is redacted.

Pages, feeds, files and exports take it from here, so that none of them can show another text.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import connection
from django.db.models import Prefetch, QuerySet

from consultations.models import (
    Answer,
    Attachment,
    Contribution,
    Organisation,
    Question,
    StakeholderGroup,
)
from meetings.languages import LANGUAGES

REDACTED = "[redacted by the secretariat]"
# The fields of a contribution that tell its sender
SENDER = (
    "way", "name", "job_title", "stakeholder_group",
    "publish_name", "publish_organisation", "publish_country",
)  # fmt: skip
GROUPS: dict[str, str] = dict(StakeholderGroup.choices)
# The organizations and the answers of the contributions on a page of a list, in the database's own
# words: Django takes many times longer to put such questions together than a database to answer them,
# and this is the page most often made anew.
BESIDE = """
SELECT contribution_id, position, id, name FROM consultations_organisation
WHERE contribution_id IN ({keys})
UNION ALL
SELECT contribution_id, NULL, question_id, NULL FROM consultations_answer
WHERE contribution_id IN ({keys})
ORDER BY position, id
"""
# All that contributions say, likewise: for each page of hits, and for each of a million entries; in the
# order of these models, of which answers stand as the round asks (`Answer.Meta.ordering`).
SAID = """
SELECT contribution_id, 'organisation' AS what, position AS first, 0 AS second, 0 AS third, id,
  0 AS its_own, name AS text
FROM consultations_organisation WHERE contribution_id IN ({keys})
UNION ALL
SELECT said.contribution_id, 'answer', COALESCE(above.position, asked.position),
  COALESCE(asked.parent_id, 0), asked.position, said.id, asked.id, said.text
FROM consultations_answer said JOIN consultations_question asked ON asked.id = said.question_id
LEFT JOIN consultations_question above ON above.id = asked.parent_id
WHERE said.contribution_id IN ({keys})
UNION ALL
SELECT contribution_id, 'redaction', 0, 0, 0, id, 0, passage
FROM consultations_redaction WHERE contribution_id IN ({keys})
UNION ALL
SELECT contribution_id, 'attachment', 0, 0, 0, id, id, ''
FROM consultations_attachment WHERE contribution_id IN ({keys})
ORDER BY first, second, third, id
"""


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of a public text: words as they were written, or the mark where a passage stood."""

    text: str
    redacted: bool = False


@dataclass(frozen=True, slots=True)
class PublicAnswer:
    """What a contribution says to one question."""

    question: Question
    pieces: tuple[Piece, ...]


@dataclass(frozen=True, slots=True)
class Sender:
    """Who sent a contribution, as far as they agreed to say so in public."""

    name: str
    job_title: str
    organisations: tuple[str, ...]
    country: str
    stakeholder_group: str
    entered: str = ""  # how it came, where not by the form

    @property
    def in_short(self) -> str:
        """Return the organizations, else the name, else that neither is published."""
        return "; ".join(self.organisations) or self.name or "Name not published"

    @property
    def in_full(self) -> str:
        """Return who it is from, as a citation names them: organizations and person."""
        known = filter(None, ["; ".join(self.organisations), self.name])
        return ", ".join(known) or "Name not published"


@dataclass(frozen=True, slots=True)
class PublicContribution:
    """A published contribution as everybody reads it."""

    row: Contribution
    sender: Sender
    language: str  # by its own name
    text: tuple[Piece, ...]
    answers: tuple[PublicAnswer, ...]
    attachments: tuple[Attachment, ...]
    withheld: tuple[Attachment, ...]

    @property
    def redactions(self) -> int:
        """Return how often a passage was taken out."""
        pieces = [*self.text, *(piece for each in self.answers for piece in each.pieces)]
        return sum(piece.redacted for piece in pieces)


def pieces(text: str, passages: Iterable[str]) -> tuple[Piece, ...]:
    """Return a text with a mark in place of each occurrence of the passages.

    Passages that overlap or touch become one mark.
    """
    hidden = bytearray(len(text))
    for passage in filter(None, passages):
        at = text.find(passage)
        while at >= 0:
            hidden[at : at + len(passage)] = b"\1" * len(passage)
            at = text.find(passage, at + 1)
    if not any(hidden):
        return (Piece(text),) if text else ()
    found: list[Piece] = []
    start = 0
    for end in range(1, len(text) + 1):
        if end == len(text) or hidden[end] != hidden[start]:
            found.append(Piece(REDACTED, True) if hidden[start] else Piece(text[start:end]))
            start = end
    return tuple(found)


def plain(pieces: Iterable[Piece]) -> str:
    """Return the words of a public text, its marks among them."""
    return "".join(piece.text for piece in pieces)


def public_text(text: str, passages: Iterable[str]) -> str:
    """Return a text as everybody reads it, as plain words."""
    return plain(pieces(text, passages))


def sender(contribution: Contribution) -> Sender:
    """Return who sent a contribution, as far as they agreed to say so."""
    organisations = contribution.organisations.all() if contribution.publish_organisation else ()
    return _of_row(contribution, [str(each.name) for each in organisations])


def _of_row(contribution: Contribution, organisations: Iterable[str]) -> Sender:
    country = contribution.country if contribution.publish_country else None
    return _sender(contribution, organisations, str(country) if country else "")


def _sender(said: Any, organisations: Iterable[str], country: str) -> Sender:
    """Apply the sender's consent to what stands in the fields `SENDER` of a row, however it was read."""
    by_form = said.way in {Contribution.Way.FORM, Contribution.Way.ARCHIVE}
    return Sender(
        name=str(said.name) if said.publish_name else "",
        job_title=str(said.job_title) if said.publish_name else "",
        organisations=tuple(organisations) if said.publish_organisation else (),
        country=country if said.publish_country else "",
        stakeholder_group=GROUPS.get(said.stakeholder_group, ""),
        entered="" if by_form else str(Contribution.Way(said.way).label),
    )


def known_sender(contribution: Contribution) -> str:
    """Return who sent a contribution, for the secretariat, which sees what is not published too."""
    names = "; ".join(str(each.name) for each in contribution.organisations.all())
    return ", ".join(filter(None, (names, str(contribution.name)))) or "Nobody named"


def public(contribution: Contribution) -> PublicContribution:
    """Return a published contribution as everybody reads it; ask before whether it is published."""
    return _public(
        contribution,
        sender(contribution),
        [(each.question, str(each.text)) for each in contribution.answers.all()],
        list(contribution.attachments.all()),
        [str(each.passage) for each in contribution.redactions.all()],
    )


def _public(
    contribution: Contribution,
    sender: Sender,
    answers: Iterable[tuple[Question, str]],
    files: Collection[Attachment],
    passages: Collection[str],
) -> PublicContribution:
    return PublicContribution(
        row=contribution,
        sender=sender,
        language=LANGUAGES[contribution.language],
        text=pieces(str(contribution.text), passages),
        answers=tuple(PublicAnswer(question, pieces(text, passages)) for question, text in answers),
        attachments=tuple(each for each in files if not each.withheld_for),
        withheld=tuple(each for each in files if each.withheld_for),
    )


@dataclass(slots=True)
class _Said:
    """What stands beside the row of a contribution, in order."""

    organisation: list[str] = field(default_factory=list)
    answer: list[tuple[int, str]] = field(default_factory=list)  # question, text
    redaction: list[str] = field(default_factory=list)
    attachment: list[int] = field(default_factory=list)


def all_public(
    contributions: Iterable[Contribution], questions: Mapping[int, Question] | None = None
) -> list[PublicContribution]:
    """Return published contributions as everybody reads them, in one to three lean queries.

    For lists and for the index: most of the time of prefetching goes into the queries that Django
    prepares for each row and each of its relations. `questions` are those that the caller has, by
    key; others are asked for.
    """
    contributions = list(contributions)
    said = _said([each.pk for each in contributions])
    wanted = {question for each in said.values() for question, _ in each.answer}
    asked = dict(questions or {})
    if lacking := wanted - asked.keys():
        asked |= Question.objects.in_bulk(lacking)
    sent = {key for each in said.values() for key in each.attachment}
    files = Attachment.objects.in_bulk(sent) if sent else {}
    return [
        _public(
            each,
            _of_row(each, of.organisation),
            [(asked[question], text) for question, text in of.answer],
            [files[key] for key in of.attachment if key in files],
            of.redaction,
        )
        for each in contributions
        for of in [said[each.pk]]
    ]


def _said(contributions: Collection[int]) -> dict[int, _Said]:
    """Return what stands beside the rows of contributions, by key: one query."""
    found = {key: _Said() for key in contributions}
    if not found:
        return found
    keys = ", ".join(str(int(key)) for key in found)  # numbers: nothing that could be quoted
    with connection.cursor() as cursor:
        cursor.execute(SAID.format(keys=keys))  # bulk: reads only
        for key, what, *_, its_own, text in cursor.fetchall():
            said = found[key]
            if what == "answer":
                said.answer.append((its_own, text))
            elif what == "organisation":
                said.organisation.append(text)
            elif what == "redaction":
                said.redaction.append(text)
            else:
                said.attachment.append(its_own)
    return found


def with_all_it_says(contributions: QuerySet[Contribution]) -> QuerySet[Contribution]:
    """Return contributions with what `public` asks for, in a number of queries that does not grow."""
    return contributions.select_related("country").prefetch_related(
        "organisations", "answers__question", "attachments", "redactions"
    )


def with_senders(contributions: QuerySet[Contribution]) -> QuerySet[Contribution]:
    """Return contributions for the secretariat's lists: who sent them, without their texts."""
    return (
        contributions.select_related("country")
        .defer("text")
        .prefetch_related(
            Prefetch("organisations", Organisation.objects.only("contribution_id", "name")),
            Prefetch("answers", Answer.objects.only("contribution_id", "question_id")),
        )
    )


@dataclass(frozen=True, slots=True)
class ListedContribution:
    """A published contribution as lists show it, without its text."""

    number: int
    example: bool
    received_at: datetime
    sender: Sender
    answered: frozenset[int]  # the keys of the questions that it answers


def rows_for_a_list(contributions: QuerySet[Contribution]) -> QuerySet[Contribution, Any]:
    """Return what `for_a_list` reads of contributions, the latest first, to be narrowed and cut."""
    return contributions.order_by("-number").values_list(
        "pk", "number", "example", "received_at", "country_id", *SENDER, named=True
    )


def for_a_list(
    rows: QuerySet[Contribution, Any], countries: Mapping[int, str]
) -> list[ListedContribution]:
    """Return contributions for a list, in two lean queries; `rows` are those of `rows_for_a_list`.

    `countries` are the names of the countries that senders published, by their key.
    """
    found = list(rows)
    organisations: dict[int, list[str]] = {each.pk: [] for each in found}
    answered: dict[int, set[int]] = {each.pk: set() for each in found}
    for key, question, name in _beside(list(organisations)):
        if name is None:
            answered[key].add(question)
        else:
            organisations[key].append(name)
    return [
        ListedContribution(
            each.number,
            each.example,
            each.received_at,
            _sender(each, organisations[each.pk], countries.get(each.country_id, "")),
            frozenset(answered[each.pk]),
        )
        for each in found
    ]


def _beside(keys: list[int]) -> list[tuple[int, int, str | None]]:
    """Return what stands beside contributions, by key: (contribution, key of its own, name)."""
    if not keys:
        return []
    places = ", ".join(["%s"] * len(keys))
    with connection.cursor() as cursor:
        cursor.execute(BESIDE.format(keys=places), [*keys, *keys])  # bulk: reads only
        return [(key, own, name) for key, _, own, name in cursor.fetchall()]


@dataclass(frozen=True, slots=True)
class NumberedQuestion:
    """A question of a round with its number, and the areas below it."""

    row: Question
    number: str  # empty for a round's only invitation, and for what stands below a question
    areas: tuple[NumberedQuestion, ...] = ()


def questions(rows: Iterable[Question]) -> tuple[NumberedQuestion, ...]:
    """Return a round's questions in order; one alone has no number."""
    rows = sorted(rows, key=lambda each: (each.position, each.pk))
    above = [each for each in rows if each.parent_id is None]
    return tuple(
        NumberedQuestion(
            each,
            str(place) if len(above) > 1 else "",
            tuple(NumberedQuestion(under, "") for under in rows if under.parent_id == each.pk),
        )
        for place, each in enumerate(above, 1)
    )


def question_labels(asked: Iterable[NumberedQuestion]) -> dict[int, str]:
    """Return what lists call each question: its number, or that it is the only one, by key."""
    labels = {}
    for question in asked:
        labels[question.row.pk] = question.number or "The question"
        for place, under in enumerate(question.areas, 1):
            labels[under.row.pk] = f"{question.number or 1}.{place}"
    return labels
