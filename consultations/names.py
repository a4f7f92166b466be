"""Names as they are compared: the same in another spelling, alike, and as an address says them.

Pure functions over texts. What is the same by `fold` is one contributor; what is only alike is
offered to the secretariat (`consultations.alike_names`).
"""

from __future__ import annotations

import random
import re
import unicodedata
from collections.abc import Callable
from hashlib import blake2b, sha256

from django.utils.text import slugify

_WORD = re.compile(r"\w+")
LONGEST_FOLDED, LONGEST_SLUG = 200, 60
# What two names of one organization differ by
FILLERS = frozenset({
    "the", "of", "and", "for", "de", "des", "du", "la", "le", "les", "et", "y", "del", "el",
    "co", "corp", "inc", "ltd", "llc", "limited", "gmbh", "sa", "ag", "plc",
})  # fmt: skip
ALIKE = 0.5  # of the parts of both
SAME_LETTERS = 60  # in percent: the first letters of the words are the other name
SHORTEST, LONGEST = 2, 8  # letters of a short form
BANDS, ROWS = 8, 2
_PRIME = (1 << 61) - 1
_CHANCE = random.Random(20130131)  # noqa: S311  # the same orders for ever, no secret
_TURNS = [(_CHANCE.randrange(1, _PRIME), _CHANCE.randrange(_PRIME)) for _ in range(BANDS * ROWS)]


def words(name: str) -> list[str]:
    """Return the words of a name without case, accents and signs, in order."""
    letters = unicodedata.normalize("NFKD", name).casefold()
    plain = "".join(each for each in letters if not unicodedata.combining(each))
    return _WORD.findall(plain.replace("_", " "))


def fold(name: str) -> str:
    """Return a name without case, accents, signs, spaces and a leading “The”.

    Two names that fold alike are one. A name of signs only folds to itself; a very long one to its
    beginning and a sum of the rest.
    """
    found = words(name)
    if len(found) > 1 and found[0] == "the":
        del found[0]
    folded = "".join(found) or name.strip().casefold()
    if len(folded) > LONGEST_FOLDED:
        return folded[:136] + sha256(folded.encode()).hexdigest()
    return folded


def slug(name: str, otherwise: str, is_taken: Callable[[str], bool]) -> str:
    """Return how the address of a name ends: the first of name, name-2, name-3 … that is not taken.

    A name without a Latin letter is called `otherwise`.
    """
    base = slugify(name)[:LONGEST_SLUG].strip("-_") or otherwise
    found, number = base, 1
    while is_taken(found):
        number += 1
        found = f"{base}-{number}"
    return found


def keys(name: str) -> list[int]:
    """Return numbers, one of which two names share the more likely, the more alike they are.

    Their words in any order, the first letters of the words or a short form that could be such, and
    what stands smallest among their parts under a few orders (min-hash, as in
    `consultations.likeness`).
    """
    said = _telling(name)
    found = {_number(f"words {' '.join(sorted(said))}"), *map(_number, _short(said))}
    least = [min((turn * each + by) % _PRIME for each in _parts(said)) for turn, by in _TURNS]
    found |= {_number(f"{band} {least[band * ROWS : (band + 1) * ROWS]}") for band in range(BANDS)}
    return sorted(found)


def percent(one: str, other: str) -> int:
    """Return how much of two names is the same, from 0 to 100; 0 where it is too little to say."""
    ours, theirs = _telling(one), _telling(other)
    if sorted(ours) == sorted(theirs):
        return 100
    parts, others = _parts(ours), _parts(theirs)
    same = len(parts & others) / len(parts | others)
    if same >= ALIKE:
        return min(round(100 * same), 99)
    return SAME_LETTERS if set(_short(ours)) & set(_short(theirs)) else 0


def _telling(name: str) -> list[str]:
    """Return the words that tell a name from another."""
    said = words(name)
    return [each for each in said if each not in FILLERS] or said or [name.strip()]


def _short(said: list[str]) -> list[str]:
    """Return what a name is called in short, or that it may be such a short form itself."""
    if len(said) == 1 and SHORTEST <= len(said[0]) <= LONGEST:
        return [f"short {said[0]}"]
    if 2 < len(said) <= LONGEST:
        return [f"short {''.join(each[0] for each in said)}"]
    return []


def _parts(said: list[str]) -> frozenset[int]:
    """Return the runs of three letters of each word, with its beginning and its end."""
    whole = [f" {word} " for word in said]
    return frozenset(_number(word[at : at + 3]) for word in whole for at in range(len(word) - 2))


def _number(text: str) -> int:
    return int.from_bytes(blake2b(text.encode(), digest_size=8).digest()) >> 1
