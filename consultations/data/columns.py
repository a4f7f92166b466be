"""The columns of the data: a name that stays, what it holds and means. They make the dictionary."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.conf import settings

from consultations.models import StakeholderGroup
from meetings.languages import LANGUAGES

# A column is added at the end; one that changes its meaning or goes makes the next version
VERSION = 1


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its name, its kind, its meaning, how a table writes what a cell cannot hold."""

    name: str
    kind: str
    meaning: str
    in_tables: str = ""


JOINED = "joined by “; ”"
COLUMNS = (
    Column("reference", "text", "As it is cited: acronym, key of the round, number. Given once, for ever."),
    Column("address", "address", "Its page. It answers for ever; what was withdrawn says so there."),
    Column("working_group", "text", "The group, as its addresses begin."),
    Column("round", "text", "The key of the round: year and month, as 2024-10."),
    Column("round_title", "text", "The topics of the round as printed in English."),
    Column("number", "whole number", "Its number in the round, in the order of receiving."),
    Column("example", "true or false", "Whether it is an example of a demonstration, which nobody sent."),
    Column("received_on", "date", "The day it was received, in the time zone of the group."),
    Column("published_on", "date", "The day it was first published, in the time zone of the group."),
    Column("entered", "text", "How it came, where not by the form."),
    Column("language", "code", "The language it is written in."),
    Column("stakeholder_group", "code", "The stakeholder group its sender named; empty where none."),
    Column("country", "code", "ISO 3166-1, two letters; empty where its sender does not publish it."),
    Column("country_name", "text", "The name of that country in English."),
    Column("region", "code", "The region of that country, as the Union’s offices are told apart."),
    Column("organisations", "list of texts", "The organizations that sent it, as far as published.", JOINED),
    Column("name", "text", "The name of its sender; empty where not published."),
    Column("job_title", "text", "The function of its sender; empty where the name is not published."),
    Column("questions", "list of texts", "The numbers of the questions it answers.", JOINED),
    Column(
        "answers", "list of objects", "To each question: question (its number), asked (its words), text.",
        "one under the other, each below a line “Question 1:”",
    ),
    Column("text", "text", "What it says to no question in particular."),
    Column("redactions", "whole number", "How many passages were taken out; each place is marked."),
    Column(
        "files", "list of objects", "Its public files: name, kind, size in bytes, sha256, address.",
        "the addresses, joined by a space",
    ),
    Column("files_withheld", "whole number", "How many of its files the secretariat does not publish."),
    Column("citation", "text", "A line to cite it by."),
)  # fmt: skip
NAMES = tuple(each.name for each in COLUMNS)


@dataclass(frozen=True, slots=True)
class Licence:
    """What may be done with the data: a name, and where it is explained; neither where none is set."""

    name: str = ""
    address: str = ""


def licence() -> Licence:
    """Return the licence that this site sets: DATA_LICENCE, a name with an address behind it."""
    name, _, last = str(settings.DATA_LICENCE).rpartition(" ")
    if last.startswith(("http://", "https://")):
        return Licence(name.strip() or last, last)
    return Licence(str(settings.DATA_LICENCE))


def dictionary() -> dict[str, Any]:
    """Return the dictionary of the data for programs; the page shows the same."""
    return {
        "version": VERSION,
        "licence": told(licence()),
        "columns": [
            {"name": each.name, "kind": each.kind, "meaning": each.meaning,
             **({"in_tables": each.in_tables} if each.in_tables else {})}
            for each in COLUMNS
        ],
        "codes": {"stakeholder_group": dict(StakeholderGroup.choices), "language": dict(LANGUAGES)},
        "tables": {
            "encoding": "UTF-8 with a byte order mark",
            "lines": "end with CR LF; a text keeps its own line ends inside quotation marks",
            "formulas": FORMULAS,
        },
    }  # fmt: skip


FORMULAS = (
    "A text that begins with =, +, -, @, a tab, a line end or an apostrophe has one apostrophe put "
    "before it, so that no spreadsheet takes it for a formula. Take the first apostrophe away to "
    "have it back."
)


def told(found: Licence) -> dict[str, str] | None:
    """Return a licence as data; None where none is set."""
    return {"name": found.name, "address": found.address} if found.name else None
