"""A document as plain JSON, to be kept for good and read back equal.

What stands in its usual state (no emphasis, no link) is left out: a field that the tree gains
later changes nothing of what was kept before. A change of the form itself needs a new FORMAT,
and a way to read the old one.
"""

from __future__ import annotations

import json
import re
from dataclasses import MISSING, fields, is_dataclass
from enum import StrEnum
from functools import cache
from types import UnionType
from typing import Any, TypeAliasType, get_args, get_origin, get_type_hints

from .tree import Document

FORMAT = 1

_TYPE = "type"  # which of several a value is, where a field takes more than one
_HALVES = re.compile("[\ud800-\udfff]")


class KeepingError(ValueError):
    """What was kept cannot be read as a document; never raised itself."""


class UnknownFormatError(KeepingError):
    """What was kept is in a form that this version does not know."""

    def __init__(self, form: object) -> None:
        self.form = form
        super().__init__(
            f"The kept document is in format {form!r}; this version reads format {FORMAT}. "
            "It stays as it is: read it with the version that wrote it, or a later one."
        )


class BrokenDocumentError(KeepingError):
    """What was kept is no document: at `place`, something else stands than was `expected`."""

    def __init__(self, place: str, expected: str) -> None:
        self.place = place
        self.expected = expected
        super().__init__(f"The kept document is damaged at {place}: expected {expected}.")


def freeze(document: Document) -> dict[str, Any]:
    """Return `document` as dictionaries, lists and strings, ready for JSON."""
    return {"format": FORMAT, "document": _frozen(document, Document)}


def thaw(kept: object) -> Document:
    """Return the document that `freeze` returned `kept` of.

    Raises UnknownFormatError, and BrokenDocumentError with the place where `kept` is damaged.
    """
    if not isinstance(kept, dict) or "format" not in kept:
        raise BrokenDocumentError("the top", "a format and a document")
    if kept["format"] != FORMAT or isinstance(kept["format"], bool):
        raise UnknownFormatError(kept["format"])
    if kept.keys() != {"format", "document"}:
        raise BrokenDocumentError("the top", "a format and a document")
    document: Document = _thawed(kept["document"], Document, "document")
    return document


def kept_bytes(document: Document) -> bytes:
    """Return `document` as UTF-8 JSON in one canonical form, so that its SHA-256 is stable.

    Keys are sorted, nothing stands between the signs. Half of a surrogate pair, which UTF-8
    cannot hold, is written as its escape.
    """
    text = json.dumps(freeze(document), ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return _escaped(text).encode()


def read_bytes(kept: bytes) -> Document:
    """Return the document of `kept_bytes`. Raises UnknownFormatError and BrokenDocumentError."""
    return thaw(_loaded(kept))


def read_body(kept: bytes) -> Document:
    """Return the same without its annexes, which may be many times as long. Raises as `read_bytes`."""
    said = _loaded(kept)
    if isinstance(said, dict) and isinstance(document := said.get("document"), dict):
        document.pop("annexes", None)
    return thaw(said)


def _loaded(kept: bytes) -> object:
    try:
        return json.loads(kept.decode())
    except (ValueError, RecursionError) as error:
        raise BrokenDocumentError("the top", "JSON in UTF-8") from error


def _escaped(text: str) -> str:
    """Write halves of surrogate pairs as JSON escapes; they stand inside strings only."""
    return _HALVES.sub(lambda half: f"\\u{ord(half[0]):04x}", text)


def _frozen(value: Any, hint: Any) -> Any:
    hint = _bare(hint)
    if isinstance(value, tuple):
        return [_frozen(part, get_args(hint)[0]) for part in value]
    if not is_dataclass(value) or isinstance(value, type):
        return str(value) if isinstance(value, StrEnum) else value
    kept = {_TYPE: type(value).__name__} if isinstance(hint, UnionType) else {}
    for field in fields(value):
        own = getattr(value, field.name)
        if field.default is MISSING or own != field.default:
            kept[field.name] = _frozen(own, _hints(type(value))[field.name])
    return kept


def _thawed(kept: Any, hint: Any, place: str) -> Any:
    hint = _bare(hint)
    if get_origin(hint) is tuple:
        if not isinstance(kept, list):
            raise BrokenDocumentError(place, "a list")
        inner = get_args(hint)[0]
        return tuple(_thawed(part, inner, f"{place}[{n}]") for n, part in enumerate(kept))
    if isinstance(hint, UnionType):
        names = {member.__name__: member for member in get_args(hint)}
        name = kept.get(_TYPE) if isinstance(kept, dict) else None
        if not isinstance(name, str) or name not in names:
            raise BrokenDocumentError(place, " or ".join(names))
        return _made(names[name], {k: v for k, v in kept.items() if k != _TYPE}, place)
    if is_dataclass(hint):
        return _made(hint, kept, place)
    if issubclass(hint, StrEnum):
        if kept not in [*hint]:
            raise BrokenDocumentError(place, " or ".join(hint))
        return hint(kept)
    if type(kept) is not hint:
        raise BrokenDocumentError(place, {str: "text", bool: "true or false"}[hint])
    return kept


def _made(cls: Any, kept: Any, place: str) -> Any:
    """Return a `cls` of what was kept of its fields."""
    if not isinstance(kept, dict):
        raise BrokenDocumentError(place, f"a {cls.__name__}")
    hints = _hints(cls)
    needed = {field.name for field in fields(cls) if field.default is MISSING}
    if not needed <= kept.keys() <= hints.keys():
        raise BrokenDocumentError(place, f"the fields of a {cls.__name__}")
    return cls(
        **{name: _thawed(part, hints[name], f"{place}.{name}") for name, part in kept.items()}
    )


def _bare(hint: Any) -> Any:
    return hint.__value__ if isinstance(hint, TypeAliasType) else hint


@cache
def _hints(cls: Any) -> dict[str, Any]:
    return get_type_hints(cls)
