"""Which contributions to a round say nearly the same: found by their words, and shown, never removed.

Words are compared without case, signs and spaces, three in a row at a time (shingles). Of the
shingles of a text the smallest under each of a few orders are kept; two texts share such a smallest
one as likely as they share shingles at all (Broder's min-hash). Several together make a fingerprint,
so that texts half of whose shingles are the same share one more often than not, and strangers hardly ever.
Finding those like one contribution takes the same few queries among ten as among a million.
"""

from __future__ import annotations

import random
import re
import unicodedata
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import blake2b

from django.db.models import Count, Min

from consultations import reading
from consultations.models import Consultation, Contribution, Fingerprint, Question
from meetings.typesetting.tree import Origin, OriginKind, Span
from meetings.typesetting.word_difference import Fate, Piece, whole, word_difference

# Chinese is written without spaces: each letter is a word
_WORD = re.compile(r"[^\W_\u2e80-\U0003ffff]+|[^\W_]")
IN_A_ROW = 3
FEWEST_WORDS = 5  # shorter texts are alike by chance
FINGERPRINTS, ORDERS = 6, 3
ALIKE = 0.5  # of the shingles of both
MOST_FOUND = 10
# Enough to tell a text that came twice from the thousands that begin with the same phrase
MOST_ASKED = 50_000
MOST_GROUPS = 50
_PRIME = (1 << 61) - 1
_CHANCE = random.Random(20160211)  # noqa: S311  # the same orders for ever, no secret
_TURNS = [
    (_CHANCE.randrange(1, _PRIME), _CHANCE.randrange(_PRIME)) for _ in range(FINGERPRINTS * ORDERS)
]


def words(contribution: Contribution) -> list[str]:
    """Return the words of everything a contribution says, in order, as they are compared."""
    said = [*(str(each.text) for each in contribution.answers.all()), str(contribution.text)]
    return words_of("\n".join(said))


def words_of(text: str) -> list[str]:
    """Return the words of a text, in order, as they are compared."""
    return _WORD.findall(unicodedata.normalize("NFKC", text).casefold())


def shingles(said: Sequence[str]) -> frozenset[int]:
    """Return what stands in a row, as numbers; of fewer words than that the whole."""
    rows = [" ".join(said[at : at + IN_A_ROW]) for at in range(max(len(said) - IN_A_ROW + 1, 1))]
    return frozenset(_number(row) for row in rows) if said else frozenset()


def fingerprints(said: Sequence[str]) -> list[int]:
    """Return the fingerprints of a text; none of one that is too short to tell anything."""
    if len(said) < FEWEST_WORDS:
        return []
    found = shingles(said)
    least = [min((turn * each + by) % _PRIME for each in found) for turn, by in _TURNS]
    return [
        _number(f"{place} {least[place * ORDERS : (place + 1) * ORDERS]}")
        for place in range(FINGERPRINTS)
    ]


def _number(text: str) -> int:
    return int.from_bytes(blake2b(text.encode(), digest_size=8).digest()) >> 1


def keep(contribution: Contribution) -> None:
    """Keep the fingerprints of a contribution anew; for `consultations.standing`, in its transaction."""
    contribution.fingerprints.all().delete()
    Fingerprint.objects.bulk_create(  # bulk: computed from the text, whose own history is kept
        Fingerprint(
            contribution=contribution, consultation_id=contribution.consultation_id, value=value
        )
        for value in fingerprints(words(contribution))
    )


@dataclass(frozen=True, slots=True)
class Like:
    """Another contribution to the same round, and how much of both is the same, in percent."""

    row: Contribution
    percent: int


def likeness(ours: frozenset[int], theirs: frozenset[int]) -> float:
    """Return which part of the shingles of both texts is the same, from 0 to 1."""
    together = len(ours | theirs)
    return len(ours & theirs) / together if together else 0.0


def like(contribution: Contribution) -> list[Like]:
    """Return those nearly the same as a contribution, the most alike first: at most MOST_FOUND.

    Six queries, however many there are.
    """
    ours = shingles(words(contribution))
    values = [each.value for each in contribution.fingerprints.all()]
    shared = Fingerprint.objects.filter(
        consultation=contribution.consultation_id, value__in=values
    ).exclude(contribution=contribution)
    keys = shared.order_by("value", "contribution").values_list("contribution", flat=True)
    # in the order in which they came, among those that share as many
    most = [key for key, _ in Counter(sorted(keys[:MOST_ASKED])).most_common(2 * MOST_FOUND)]
    rows = Contribution.objects.filter(pk__in=most).select_related("consultation", "country")
    found = [
        Like(each, round(100 * part))
        for each in rows.prefetch_related("organisations", "answers")
        if (part := likeness(ours, shingles(words(each)))) >= ALIKE
    ]
    return sorted(found, key=lambda each: (-each.percent, each.row.number or 0))[:MOST_FOUND]


def shares_a_fingerprint(values: Sequence[int]) -> dict[str, object]:
    """Return the condition on contributions that share one of `values`, for a list of them."""
    return {
        "pk__in": Fingerprint.objects.filter(value__in=values).order_by().values("contribution")
    }


@dataclass(frozen=True, slots=True)
class Alike:
    """Contributions that say nearly the same: how many share a fingerprint, and the first of them."""

    first: Contribution
    number: int

    @property
    def sender(self) -> str:
        """Return who sent the first of them, for the secretariat."""
        return reading.known_sender(self.first)


def groups(consultation: Consultation) -> list[Alike]:
    """Return the groups of a round that say nearly the same, the largest first: at most MOST_GROUPS.

    Three queries, however many contributions there are.
    """
    shared = (
        Fingerprint.objects.filter(consultation=consultation)
        .order_by()
        .values("value")
        .annotate(number=Count("contribution"), first=Min("contribution"))
        .filter(number__gt=1)
        .order_by("-number", "first")
    )
    largest: dict[int, int] = {}
    for row in shared[: MOST_GROUPS * FINGERPRINTS]:
        largest.setdefault(row["first"], row["number"])
    keys = list(largest)[:MOST_GROUPS]
    rows = Contribution.objects.filter(pk__in=keys).prefetch_related("organisations").in_bulk()
    return [Alike(rows[key], largest[key]) for key in keys if key in rows]


@dataclass(frozen=True, slots=True)
class Beside:
    """One answer of two contributions: the words of each, those that differ told from the others."""

    question: Question | None
    one: tuple[Piece, ...]
    other: tuple[Piece, ...]


def beside(one: Contribution, other: Contribution) -> list[Beside]:
    """Return what two contributions say, question by question, then their free texts."""
    ours = {each.question_id: each for each in one.answers.all()}
    theirs = {each.question_id: each for each in other.answers.all()}
    asked = {each.question_id: each.question for each in [*ours.values(), *theirs.values()]}
    order = sorted(asked.values(), key=lambda each: (each.position, each.pk))
    rows = [_beside(each, _text(ours.get(each.pk)), _text(theirs.get(each.pk))) for each in order]
    if one.text or other.text:
        rows.append(_beside(None, str(one.text), str(other.text)))
    return rows


def _text(answer: object) -> str:
    return str(getattr(answer, "text", ""))


def _beside(question: Question | None, one: str, other: str) -> Beside:
    origin = Origin(OriginKind.PHRASE)
    old, new = ((Span(text, origin),) if text else () for text in (one, other))
    pieces = word_difference(old, new) if old and new else (
        whole(Fate.REMOVED, old) + whole(Fate.ADDED, new)
    )  # fmt: skip
    return Beside(
        question,
        tuple(each for each in pieces if each.fate != Fate.ADDED),
        tuple(each for each in pieces if each.fate != Fate.REMOVED),
    )
