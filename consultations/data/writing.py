"""The data as CSV, JSON and JSON Lines, written piece by piece."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Generator, Iterable, Mapping, Sequence
from itertools import batched
from typing import Any

from consultations.data.columns import NAMES
from consultations.data.records import Record

TYPES = {
    "csv": "text/csv; charset=utf-8",
    "json": "application/json",
    "jsonl": "application/jsonl",
}
NAMED = (("csv", "CSV"), ("json", "JSON"), ("jsonl", "JSON Lines"))
MARK = "\ufeff".encode()  # spreadsheets take UTF-8 for another encoding without it
ROWS_A_PIECE = 50
# What a spreadsheet takes for the beginning of a formula, in full width too; the apostrophe is
# among them so that the first one can always be taken away
FORMULA = tuple("=+-@\t\r\n'＝＋－＠")  # the wide signs are meant


def harmless(value: Any) -> Any:
    """Return a cell so that no spreadsheet takes it for a formula (`columns.FORMULAS` says how)."""
    return f"'{value}" if isinstance(value, str) and value.startswith(FORMULA) else value


def table(names: Sequence[str], rows: Iterable[Sequence[Any]]) -> Generator[bytes]:
    """Yield a table as CSV (RFC 4180): every text in quotation marks, whatever stands in it."""
    yield MARK + _lines([names])
    for some in batched(rows, ROWS_A_PIECE, strict=False):
        yield _lines(some)


def _lines(rows: Iterable[Sequence[Any]]) -> bytes:
    out = io.StringIO()
    writer = csv.writer(out, quoting=csv.QUOTE_NONNUMERIC, lineterminator="\r\n")
    writer.writerows([harmless(each) for each in row] for row in rows)
    return out.getvalue().encode("utf-8", "replace")


def flat(record: Record) -> list[Any]:
    """Return a record as the cells of a table."""
    found = dict(record)
    found["example"] = "true" if record["example"] else "false"
    found["organisations"] = "; ".join(record["organisations"])
    found["questions"] = "; ".join(record["questions"])
    found["answers"] = "\n\n".join(_answer(each) for each in record["answers"])
    found["files"] = " ".join(each["address"] for each in record["files"])
    return [found[name] for name in NAMES]


def _answer(answer: Mapping[str, str]) -> str:
    number = answer["question"]
    return f"{number if number == 'The question' else f'Question {number}'}:\n{answer['text']}"


def as_csv(head: Mapping[str, Any], records: Iterable[Record]) -> Generator[bytes]:
    """Yield records as a table; the head stays with the formats that have a place for it."""
    return table(NAMES, map(flat, records))


def as_jsonl(head: Mapping[str, Any], records: Iterable[Record]) -> Generator[bytes]:
    """Yield records as JSON Lines: one in each line."""
    for some in batched(records, ROWS_A_PIECE, strict=False):
        yield "".join(f"{_json(each)}\n" for each in some).encode("utf-8", "replace")


def as_json(head: Mapping[str, Any], records: Iterable[Record]) -> Generator[bytes]:
    """Yield one JSON object: the head, then the contributions."""
    begun = _json(head)[:-1]
    yield f'{begun}{", " if head else ""}"contributions": ['.encode("utf-8", "replace")
    first = True
    for some in batched(records, ROWS_A_PIECE, strict=False):
        said = ",\n".join(_json(each) for each in some)
        yield f"{'' if first else ','}\n{said}".encode("utf-8", "replace")
        first = False
    yield b"\n]}\n"


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)


FORMATS: dict[str, Callable[[Mapping[str, Any], Iterable[Record]], Generator[bytes]]] = {
    "csv": as_csv, "json": as_json, "jsonl": as_jsonl,
}  # fmt: skip
