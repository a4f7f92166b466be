"""The engine's own terms: its schema, what a question is in them, an entry as its document."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path

import tantivy

from meetings.finding import words
from meetings.finding.asking import Query, Term
from meetings.finding.entry import ABOUT, NARROWING, SPEAKING, Entry
from meetings.finding.usual import Usual

# The columns that are counted, and the facets of which each of their words is made
COUNTED = {"about": ABOUT, "speaking": SPEAKING}
NARROWED = (*ABOUT, *SPEAKING, *NARROWING)
_Occur = tantivy.Occur
# Of some kinds there are very many entries: their words stand in fields of their own, so that whoever
# searches them alone need not leave out the others, one by one
VERY_MANY = frozenset({"contribution"})
MANY, FEW = "of_many", "of_few"
# Between facets, and between the values of one; neither is a letter of any
_NEXT, _OR = "\x1f", "\x1e"


def _schema() -> tantivy.Schema:
    builder = tantivy.SchemaBuilder()
    for name in ("key", "version"):
        builder.add_text_field(name, stored=True, tokenizer_name="raw", index_option="basic")
    for of in (MANY, FEW):
        builder.add_text_field(f"words_{of}", tokenizer_name="whitespace", index_option="position")
        for name in ("stems", "usual"):
            builder.add_text_field(f"{name}_{of}", tokenizer_name="whitespace", index_option="freq")
    for name in NARROWED:
        builder.add_text_field(name, tokenizer_name="raw", index_option="basic")
    for name in COUNTED:
        # its words are not looked for, but without an index they could not be counted
        builder.add_text_field(name, fast=True, tokenizer_name="raw", index_option="basic")
    builder.add_unsigned_field("order", fast=True)
    return builder.build()


SCHEMA = _schema()


class BrokenIndexError(Exception):
    """An index that cannot be opened, read or written: it is to be built anew."""


@contextmanager
def guarded() -> Iterator[None]:
    """Tell by one error of whatever the engine says of a broken index, its panics included."""
    try:
        yield
    except (ValueError, OSError, RuntimeError) as error:
        raise BrokenIndexError(str(error)) from error
    except BaseException as error:
        # what its own threads stumble over has this name, and no class that can be imported
        if type(error).__name__ != "PanicException":
            raise
        raise BrokenIndexError(str(error)) from error


def make(folder: Path) -> tantivy.Index:
    """Make an empty index in an empty folder."""
    return tantivy.Index(SCHEMA, path=str(folder), reuse=False)


def document(entry: Entry, usual: Usual) -> tantivy.Document:
    """Return an entry as the engine takes it."""
    document = tantivy.Document()
    document.add_text("key", entry.key)
    document.add_text("version", entry.version)
    document.add_unsigned("order", max(entry.order, 0))
    for name in NARROWED:
        for value in entry.values(name):
            document.add_text(name, value)
    for column, names in COUNTED.items():
        values = (_OR.join(sorted({*entry.values(name)})) for name in names)
        document.add_text(column, _NEXT.join(values))
    of = MANY if entry.kind in VERY_MANY else FEW
    for part in entry.parts:
        taken = usual.taken(part.text, part.language)
        document.add_text(f"words_{of}", taken.words)  # no phrase runs from one part into the next
        document.add_text(f"stems_{of}", taken.stems)
        if taken.usual:
            document.add_text(f"usual_{of}", taken.usual)
    return document


@lru_cache(50_000)
def told(column: str, word: str) -> Mapping[str, tuple[str, ...]]:
    """Return the values of each facet of which a word of a counted column is made."""
    said = zip(COUNTED[column], word.split(_NEXT), strict=True)
    return {name: tuple(filter(None, each.split(_OR))) for name, each in said}


def term(field: str, value: str) -> tantivy.Query:
    """Return the question for one word of a field."""
    return tantivy.Query.term_query(SCHEMA, field, value)


class Asker:
    """What makes the engine's questions; it knows which words occur at all, and which are usual."""

    def __init__(self, searcher: tantivy.Searcher, usual: Usual) -> None:
        self._searcher = searcher
        self.usual = usual

    def narrowed(
        self, query: Query, narrowing: Mapping[str, Collection[str]], *, as_typed: bool = False
    ) -> tantivy.Query:
        """Return the question for what meets `query` and has one of the values of each field.

        `as_typed`, words must stand themselves, and their stems do not do.
        """
        kinds = narrowing.get("kind", ())
        fields = [MANY] if kinds and VERY_MANY.issuperset(kinds) else [MANY, FEW]
        if kinds and VERY_MANY.isdisjoint(kinds):
            fields = [FEW]

        def said(asked: Term, *, as_typed: bool = False) -> tantivy.Query:
            return _any([self._term(asked, of, as_typed=as_typed) for of in fields])

        must = [said(each, as_typed=as_typed) for each in query.terms if not each.without]
        never = [said(each) for each in query.terms if each.without]
        theirs = bool(must) and {*kinds} == VERY_MANY  # only theirs stand in these fields
        for field, values in sorted(narrowing.items()):
            if field == "kind" and theirs:
                continue
            any_of = [term(field, value) for value in sorted(values)]
            must.append(tantivy.Query.const_score_query(_any(any_of), 0.0))
        return _all(must or [tantivy.Query.all_query()], never)

    def other_forms(self, query: Query, narrowing: Mapping[str, Collection[str]]) -> tantivy.Query:
        """Return the question for what meets `query`, but not with all words as they are typed."""
        kinds = {name: values for name, values in narrowing.items() if name == "kind"}
        as_typed = self.narrowed(query, kinds, as_typed=True)
        return _all([self.narrowed(query, narrowing)], [as_typed])

    def _term(self, asked: Term, of: str, *, as_typed: bool = False) -> tantivy.Query:
        if asked.phrase:
            return self._phrase(asked, of)
        if asked.prefix:
            return _beginning(asked.words[0], of)
        if as_typed:
            return _any([term(f"words_{of}", word) for word in asked.words])
        return _any([term(field, form) for field, form in self._forms(asked.words, of)])

    def _forms(self, spelled: tuple[str, ...], of: str) -> Iterator[tuple[str, str]]:
        """Yield the stems of words that occur, and themselves where a language has none."""
        for word in spelled:
            if word in self.usual.everywhere:
                yield f"usual_{of}", word
                continue
            for form in (word, *words.stems(word)):
                if self._searcher.doc_freq(f"stems_{of}", form):
                    yield f"stems_{of}", form

    def _phrase(self, asked: Term, of: str) -> tantivy.Query:
        """Return the question for words in a row: usual ones are found by their pairs."""
        if asked.prefix:
            return _phrase_going_on(asked, of)
        row = [term(f"usual_{of}", pair) for pair in self.usual.pairs(asked.words)]
        if len(row) == 1 and len(asked.words) == 2:
            return row[0]
        # a row of pairs may stand apart: these are few, and looked at word by word
        in_a_row = tantivy.Query.phrase_query(SCHEMA, f"words_{of}", list(asked.words))
        return _all([*(tantivy.Query.const_score_query(each, 0.0) for each in row), in_a_row], [])


def _any(of: list[tantivy.Query]) -> tantivy.Query:
    if not of:
        return tantivy.Query.empty_query()
    if len(of) == 1:
        return of[0]
    return tantivy.Query.boolean_query([(_Occur.Should, each) for each in of])


def _all(must: list[tantivy.Query], never: list[tantivy.Query]) -> tantivy.Query:
    if len(must) == 1 and not never:
        return must[0]
    return tantivy.Query.boolean_query(
        [(_Occur.Must, each) for each in must] + [(_Occur.MustNot, each) for each in never]
    )


def _phrase_going_on(asked: Term, of: str) -> tantivy.Query:
    if len(asked.words) == 1:
        return _beginning(asked.words[0], of)
    in_a_row = [*(_escaped(each) for each in asked.words[:-1]), f"{_escaped(asked.words[-1])}.*"]
    return tantivy.Query.regex_phrase_query(SCHEMA, f"words_{of}", list(in_a_row))


def _beginning(word: str, of: str) -> tantivy.Query:
    return tantivy.Query.regex_query(SCHEMA, f"words_{of}", f"{_escaped(word)}.*")


def _escaped(word: str) -> str:
    return "".join(each if each.isalnum() else f"\\u{{{ord(each):x}}}" for each in word)
