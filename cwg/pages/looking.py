"""What is looked for in the repository of a group, or of all groups, and what the index finds."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Self

from django.http import QueryDict
from django.urls import reverse

from consultations import search
from consultations.reading import PublicContribution
from cwg.frame import group_or_404
from cwg.fresh.memory import part
from cwg.pages import authors
from cwg.pages.authors import Author
from cwg.pages.facets import Names
from cwg.pages.narrowed import Narrowed
from meetings import finding
from meetings.finding import Found, Query
from meetings.frame import frame


@dataclass(frozen=True, slots=True)
class Of:
    """The group whose repository is looked through, and the frame of its pages."""

    pk: int
    slug: str
    frame: Mapping[str, Any]


def kept(slug: str = "") -> tuple[Of | None, Names]:
    """Return what is made once for all searches in a group, or in all. Raises Http404."""
    return part(("the repository", slug), lambda: _made(slug))


def _made(slug: str) -> tuple[Of | None, Names]:
    if not slug:
        return None, Names.of(None)
    group = group_or_404(slug)
    of = Of(group.pk, slug, {**frame(group), "group": {"slug": slug}})
    return of, Names.of(group)


@dataclass(frozen=True, slots=True)
class Looked:
    """What is looked for, and where."""

    group: Of | None
    names: Names
    asked: Narrowed
    words: Query
    authors: Mapping[str, Author]  # those chosen, by how the address names them

    @classmethod
    def of(cls, sent: QueryDict, slug: str) -> Self:
        """Return what the query of an address asks for. Raises Http404 for a group not kept here."""
        group, names = kept(slug)
        asked = Narrowed.read(sent)
        return cls(
            group, names, asked, asked.words,
            authors.chosen(asked.chosen.get("author", ()), group.slug if group else ""),
        )  # fmt: skip

    @property
    def ranked(self) -> bool:
        """Say whether some fit better than others: words are looked for, and no order is asked for."""
        return not self.asked.newest and any(not each.without for each in self.words.terms)

    def find(
        self, *, limit: int, offset: int = 0, newest: bool = True, facets: Collection[str] = ()
    ) -> Found:
        """Ask the index for the keys of what fits, and how many share each of `facets`."""
        return finding.search(
            self.words, **self._where, limit=limit, offset=offset, newest=newest, facets=facets
        )

    def every_key(self) -> Iterator[int]:
        """Yield the keys of all that fits, the newest first."""
        return map(search.key, finding.every_key(self.words, **self._where))

    @property
    def _where(self) -> dict[str, Any]:
        chosen = self.names.chosen(self.asked)
        if self.authors:
            chosen["author"] = [key for each in self.authors.values() for key in each.keys]
        return {
            "kinds": (search.KIND,),
            "group": self.group.pk if self.group else None,
            "chosen": chosen,
        }

    def name(self, narrowing: str, value: str) -> str:
        """Return what a value is called to which the contributions are narrowed."""
        if narrowing == "author":
            return self.authors[value].name
        return self.names.name(narrowing, value)

    def read(self, keys: Iterable[int]) -> list[PublicContribution]:
        """Return contributions by key, in order, as everybody reads them, without those that are gone."""
        found = search.read(keys, self.names.shared)
        return [each for each in found if each.row.consultation_id in self.names.rounds]

    def address(self, name: str, *words: str) -> str:
        """Return the address of one of the repository's pages with what is asked for."""
        query = self.asked.query()
        return f"{self.plain(name, *words)}{f'?{query}' if query else ''}"

    def plain(self, name: str, *words: str) -> str:
        """Return the address of one of the repository's pages, of this group or of all."""
        if self.group is None:
            return reverse(f"pages:all_{name}", args=words)
        return reverse(f"pages:{name}", args=[self.group.slug, *words])
