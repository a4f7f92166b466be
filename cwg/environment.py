"""Read settings from the environment, and refuse a wrong value by its name."""

from __future__ import annotations

import shlex
from collections.abc import Mapping

from django.core.exceptions import ImproperlyConfigured

TRUE = frozenset({"1", "true", "yes", "on"})
FALSE = frozenset({"0", "false", "no", "off"})


class Environment:
    """The variables a process was started with, read by kind.

    Every name that was asked for is kept in `asked`, so that a test can hold the documented
    table of settings equal to it. An empty value counts as not set.
    """

    def __init__(self, variables: Mapping[str, str]) -> None:
        self.variables = variables
        self.asked: set[str] = set()

    def text(self, name: str, default: str = "") -> str:
        """Give the value as it was written, without the spaces around it."""
        self.asked.add(name)
        return self.variables.get(name, "").strip() or default

    def required(self, name: str, *, because: str) -> str:
        """Give a value that must be set; say why where it is not."""
        value = self.text(name)
        if not value:
            raise ImproperlyConfigured(f"{name} must be set: {because}.")
        return value

    def flag(self, name: str, *, default: bool) -> bool:
        """Give a yes or a no."""
        value = self.text(name).lower()
        if not value:
            return default
        if value not in TRUE | FALSE:
            raise ImproperlyConfigured(f"{name} must be true or false, not “{value}”.")
        return value in TRUE

    def number(self, name: str, *, default: int) -> int:
        """Give a whole number, not below zero."""
        value = self.text(name, str(default))
        if not (value.isascii() and value.isdigit()):
            raise ImproperlyConfigured(f"{name} must be a whole number, not “{value}”.")
        return int(value)

    def words(self, name: str) -> list[str]:
        """Give a list that is written with commas between its members."""
        return [word.strip() for word in self.text(name).split(",") if word.strip()]

    def command(self, name: str) -> list[str]:
        """Give the words of a command, quoted as in a shell; none where it is not set."""
        try:
            return shlex.split(self.text(name))
        except ValueError as problem:
            raise ImproperlyConfigured(f"{name} must be a command: {problem}.") from None

    def choice(self, name: str, choices: tuple[str, ...]) -> str:
        """Give one of the choices; the first is the default."""
        value = self.text(name, choices[0])
        if value not in choices:
            offered = " or ".join(choices)
            raise ImproperlyConfigured(f"{name} must be {offered}, not “{value}”.")
        return value
