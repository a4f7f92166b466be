"""The engine's own terms: its schema, what a question is in them, an entry as its document."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import tantivy

from meetings.finding import words
from meetings.finding.asking import Query, Term
from meetings.finding.entry import FACETS, Entry

EXACT = 2.0  # how much more the word itself counts than its stem
COUNTED = (*FACETS, "kind", "group")
_Occur = tantivy.Occur


def _schema() -> tantivy.Schema:
    builder = tantivy.SchemaBuilder()
    for name in ("key", "version"):
        builder.add_text_field(name, stored=True, tokenizer_name="raw", index_option="basic")
    builder.add_text_field("words", tokenizer_name="whitespace", index_option="position")
    builder.add_text_field("stems", tokenizer_name="whitespace", index_option="freq")
    for name in COUNTED:
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


def document(entry: Entry) -> tantivy.Document:
    """Return an entry as the engine takes it."""
    document = tantivy.Document()
    document.add_text("key", entry.key)
    document.add_text("version", entry.version)
    document.add_text("kind", entry.kind)
    if entry.group is not None:
        document.add_text("group", str(entry.group))
    document.add_unsigned("order", max(entry.order, 0))
    for name, values in entry.facets.items():
        for value in values:
            document.add_text(name, value)
    for part in entry.parts:
        said, with_stem = words.indexed(part.text, part.language)
        document.add_text("words", said)  # a phrase does not run from one part into the next
        if with_stem:
            document.add_text("stems", with_stem)
    return document


def term(field: str, value: str) -> tantivy.Query:
    """Return the question for one word of a field."""
    return tantivy.Query.term_query(SCHEMA, field, value)


class Asker:
    """What makes the engine's questions; it knows which words occur at all."""

    def __init__(self, searcher: tantivy.Searcher) -> None:
        self._searcher = searcher

    def narrowed(
        self, query: Query, narrowing: Mapping[str, Collection[str]], *, ranked: bool
    ) -> tantivy.Query:
        """Return the question for what meets `query` and has one of the values of each field."""
        must = [self._term(each, ranked=ranked) for each in query.terms if not each.without]
        never = [self._term(each, ranked=False) for each in query.terms if each.without]
        for field, values in sorted(narrowing.items()):
            any_of = [(_Occur.Should, term(field, value)) for value in sorted(values)]
            only = any_of[0][1] if len(any_of) == 1 else tantivy.Query.boolean_query(any_of)
            must.append(tantivy.Query.const_score_query(only, 0.0))
        if not must:
            must = [tantivy.Query.all_query()]
        if len(must) == 1 and not never:
            return must[0]
        return tantivy.Query.boolean_query(
            [(_Occur.Must, each) for each in must] + [(_Occur.MustNot, each) for each in never]
        )

    def _term(self, asked: Term, *, ranked: bool) -> tantivy.Query:
        if asked.phrase:
            return _phrase(asked)
        if asked.prefix:
            return _beginning(asked.words[0])
        occurring = list(self._occurring(asked.words))
        if not occurring:
            return tantivy.Query.empty_query()
        if len(occurring) == 1:
            return term(*occurring[0])
        return tantivy.Query.boolean_query(
            [
                (
                    _Occur.Should,
                    tantivy.Query.boost_query(term(field, value), EXACT)
                    if ranked and field == "words"
                    else term(field, value),
                )
                for field, value in occurring
            ]
        )

    def _occurring(self, spelled: tuple[str, ...]) -> Iterator[tuple[str, str]]:
        """Yield where a word and its stems occur, as (field, value)."""
        for word in spelled:
            wanted = [("words", word), *(("stems", stem) for stem in words.stems(word))]
            for field, value in wanted:
                if self._searcher.doc_freq(field, value):
                    yield field, value


def _phrase(asked: Term) -> tantivy.Query:
    if not asked.prefix:
        return tantivy.Query.phrase_query(SCHEMA, "words", list(asked.words))
    if len(asked.words) == 1:
        return _beginning(asked.words[0])
    in_a_row = [*(_escaped(each) for each in asked.words[:-1]), f"{_escaped(asked.words[-1])}.*"]
    return tantivy.Query.regex_phrase_query(SCHEMA, "words", list(in_a_row))


def _beginning(word: str) -> tantivy.Query:
    return tantivy.Query.regex_query(SCHEMA, "words", f"{_escaped(word)}.*")


def _escaped(word: str) -> str:
    return "".join(each if each.isalnum() else f"\\u{{{ord(each):x}}}" for each in word)
