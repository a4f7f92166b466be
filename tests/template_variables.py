"""Let a template of the project fail under test when it names what nobody gave it."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Self

from django.template.base import Node, Origin


class UnknownVariableError(AssertionError):
    """A template names a variable that its view does not give."""


class RefuseUnknown(str):
    """Stand in for Django's `string_if_invalid`: raise for our templates, say nothing for others'.

    Django's own templates name many things that are not always there; they are not ours to mend.
    """

    __slots__ = ("ours",)
    ours: str

    def __new__(cls, root: Path) -> Self:
        """Make one for the templates below `root`; installed packages lie there, but are not ours."""
        self = super().__new__(cls, "unknown: %s")
        self.ours = str(root)
        return self

    def __mod__(self, variable: object) -> str:
        origin = being_rendered()
        if origin and origin.name.startswith(self.ours) and "site-packages" not in origin.name:
            raise UnknownVariableError(f"{origin.name}: {variable}")
        return ""


def being_rendered() -> Origin | None:
    """Find the template whose tag is at work further up the stack."""
    frame = sys._getframe(1)
    while frame is not None:
        node = frame.f_locals.get("self")
        if isinstance(node, Node) and isinstance(getattr(node, "origin", None), Origin):
            return node.origin
        if frame.f_back is None:
            return None
        frame = frame.f_back
    return None
