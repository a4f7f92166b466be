"""What is put into the index: an entry for each thing that is found, its text in parts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from hashlib import blake2b

# What hits are counted by and narrowed to; an entry has none, one or several values of each. Those that
# follow from each other stand together, so that the engine counts few different words: what an entry
# is about, and who speaks in it
ABOUT = ("kind", "group", "round", "year", "question", "topic")
SPEAKING = ("stakeholder_group", "region", "country", "language")
FACETS = (*ABOUT[2:], *SPEAKING)
NARROWING = ("author",)  # has too many values to be counted: hits are narrowed to it only


@dataclass(frozen=True, slots=True)
class Part:
    """A text of an entry and where it stands: "answer 12", "file 7 3" (attachment and page)."""

    where: str
    text: str
    language: str = ""


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing that is found, as "contribution:123"; `order` is higher the newer it is."""

    key: str
    kind: str
    group: int | None = None
    facets: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    order: int = 0
    parts: tuple[Part, ...] = ()

    def values(self, name: str) -> tuple[str, ...]:
        """Return its values of a facet, its kind or its group."""
        if name == "kind":
            return (self.kind,)
        if name == "group":
            return () if self.group is None else (str(self.group),)
        return self.facets.get(name, ())

    @property
    def version(self) -> str:
        """Return the digest of all that is indexed of it: equal where nothing changed."""
        digest = blake2b(digest_size=8)
        facets = sorted((name, values) for name, values in self.facets.items() if values)
        said = [self.kind, repr(self.group), repr(self.order), repr(facets)]
        for part in self.parts:
            said += (part.where, part.language, part.text)
        digest.update("\0".join(said).encode("utf-8", "replace"))
        return digest.hexdigest()
