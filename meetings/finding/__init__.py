"""The search index of this machine, behind one small interface; it knows no model of any room.

    asked(typed) -> Query               what was typed: words, “phrases”, -without, prefix*
    search(typed or Query, …) -> Found  total, hits of a page, exact counts of facets, state
    every_key(typed or Query, …)        all keys that are found, for exports
    highlight(query, parts) -> passages where the words stand, in texts that the caller may show
    lacking(query, parts) -> Query      what of it stands in none of some texts
    near(query, parts) -> parts         stretches of long texts in which it may stand
    marked(query, text) -> pieces       the same for a whole text: a title, a name
    Entry, Part                         what is put in
    Writer, shelf, versions, usual_words, keep_answers   for the one who writes (cwg/indexing)

A hit is a key. Whoever shows it fetches its row through what the reader may see, and drops those
that are gone. How it works: docs/search.md.
"""

from meetings.finding.answering import Hit, keep_answers
from meetings.finding.asking import Query, Term, asked
from meetings.finding.engine import BrokenIndexError
from meetings.finding.entry import FACETS, Entry, Part
from meetings.finding.passages import Passage, Pieces, highlight, lacking, marked, near
from meetings.finding.searching import Found, State, every_key, search, state, version
from meetings.finding.usual import usual_words
from meetings.finding.writing import Writer, versions

__all__ = [
    "FACETS",
    "BrokenIndexError",
    "Entry",
    "Found",
    "Hit",
    "Part",
    "Passage",
    "Pieces",
    "Query",
    "State",
    "Term",
    "Writer",
    "asked",
    "every_key",
    "highlight",
    "keep_answers",
    "lacking",
    "marked",
    "near",
    "search",
    "state",
    "usual_words",
    "version",
    "versions",
]
