"""The messages of each language: patterns, months, labels."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent / "messages"


class NoMessagesError(LookupError):
    """A language in which the house cannot print yet."""

    def __init__(self, language: str) -> None:
        super().__init__(f"There is no house wording in the language “{language}” yet.")


@dataclass(frozen=True)
class Messages:
    """One language's file of messages."""

    language: str
    missing: str
    ordinals: dict[str, str]
    dates: dict[str, Any]
    lists: dict[str, str]
    patterns: dict[str, str]
    roles: dict[str, str]
    possessives: dict[str, str]
    languages: dict[str, str]
    kinds: dict[str, dict[str, str]]
    status: dict[str, str]
    summary: dict[str, str]


def switched_on() -> tuple[str, ...]:
    """Return the languages that have a file of messages, sorted by code."""
    return tuple(sorted(path.stem for path in FOLDER.glob("*.toml")))


@cache
def messages(language: str) -> Messages:
    """Return the messages of `language`.

    Raises NoMessagesError where the language has no file.
    """
    if language not in switched_on():
        raise NoMessagesError(language)
    text = (FOLDER / f"{language}.toml").read_text(encoding="utf-8")
    return Messages(language=language, **tomllib.loads(text))
