"""What is put into the index: an entry for each thing that is found, its text in parts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from hashlib import blake2b

# What hits are counted by and narrowed to; an entry has none, one or several values of each
FACETS = (
    "round", "year", "question", "topic", "stakeholder_group", "region", "country", "language",
    "author",
)  # fmt: skip


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
