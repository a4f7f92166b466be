"""What is asked of the repository: words and facets, as they stand in an address that can be shared."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Self
from urllib.parse import quote_plus

from django import forms
from django.http import QueryDict

from meetings.finding import Query, asked

# The facets as addresses name them, and as the index does
FACETS = {
    "round": "round", "year": "year", "question": "question", "topic": "topic",
    "group": "stakeholder_group", "region": "region", "country": "country", "language": "language",
}  # fmt: skip
# What can be narrowed to: besides facets, which are counted, contributors, who are too many for it
NARROWINGS = {**FACETS, "author": "author"}
MOST_CHARACTERS = 300
MOST_VALUES = 20  # of one facet
MOST_PAGES = 500
VALUE = re.compile(r"[\w./-]{1,140}")


def clean(typed: str) -> str:
    """Return what was typed without what no page shows: signs of control, halves of characters."""
    kept = typed[: 4 * MOST_CHARACTERS]
    seen = "".join(" " if unicodedata.category(each) in {"Cc", "Cs"} else each for each in kept)
    # one more than is looked for, so that the page says that it was cut
    return " ".join(seen.split())[: MOST_CHARACTERS + 1]


class Words(forms.Field):
    """Words as somebody typed them; nothing that is typed is refused."""

    def to_python(self, value: Any) -> str:
        """Return them without what no page shows."""
        return clean(str(value or ""))


class Values(forms.Field):
    """The values of a facet that were chosen; what cannot be one is left out."""

    widget = forms.MultipleHiddenInput

    def to_python(self, value: Any) -> tuple[str, ...]:
        """Return them once each, in order."""
        return tuple(sorted({each for each in value or () if VALUE.fullmatch(each)}))[:MOST_VALUES]


class NarrowingForm(forms.Form):
    """The form of the repository: whatever is sent can be searched for."""

    text = Words(required=False)
    round = Values(required=False)
    year = Values(required=False)
    question = Values(required=False)
    topic = Values(required=False)
    group = Values(required=False)
    region = Values(required=False)
    country = Values(required=False)
    language = Values(required=False)
    author = Values(required=False)
    order = forms.CharField(required=False, max_length=10)
    more = forms.CharField(required=False, max_length=10)
    page = forms.IntegerField(required=False, min_value=1, max_value=MOST_PAGES)


@dataclass(frozen=True, slots=True)
class Narrowed:
    """What is asked for."""

    text: str = ""
    chosen: Mapping[str, tuple[str, ...]] = field(default_factory=dict)  # by the names of addresses
    newest: bool = False
    more: str = ""  # the facet of which all values are shown
    page: int = 1

    @classmethod
    def read(cls, sent: QueryDict) -> Self:
        """Return what was sent; a number of a page that is none is the first."""
        form = NarrowingForm(sent)
        form.is_valid()
        given = form.cleaned_data
        more = given.get("more", "")
        return cls(
            text=given.get("text", ""),
            chosen={name: values for name in NARROWINGS if (values := given.get(name))},
            newest=given.get("order") == "new",
            more=more if more in FACETS else "",
            page=given.get("page") or 1,
        )

    @property
    def words(self) -> Query:
        """Return the words that are looked for."""
        return asked(self.text)

    def __bool__(self) -> bool:
        """Say whether anything is asked for."""
        return bool(self.text or self.chosen)

    def without(self, name: str, value: str) -> Narrowed:
        """Return it without a value of a facet, from the first page on."""
        left = tuple(each for each in self.chosen.get(name, ()) if each != value)
        return replace(self, chosen={**self.chosen, name: left}, page=1)

    def narrowed_to(self, name: str, value: str) -> Narrowed:
        """Return it with a value more, from the first page on."""
        return replace(
            self, chosen={**self.chosen, name: (*self.chosen.get(name, ()), value)}, page=1
        )

    def query(self, *, page: int = 1, newest: bool | None = None, more: str = "") -> str:
        """Return it as the query of an address: always the same for the same."""
        pairs = [("text", self.text)] if self.text else []
        pairs += [(name, value) for name in NARROWINGS for value in self.chosen.get(name, ())]
        if self.newest if newest is None else newest:
            pairs.append(("order", "new"))
        if more:
            pairs.append(("more", more))
        if page > 1:
            pairs.append(("page", str(page)))
        return "&".join(f"{name}={quote_plus(value)}" for name, value in pairs)
