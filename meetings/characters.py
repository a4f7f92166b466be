"""Which characters a text of the record may hold."""

from __future__ import annotations

import unicodedata

from django.core.exceptions import ValidationError

LINE_BREAKS = "\r\n\t"


def forbidden_character(text: str, allowed: str = "") -> str | None:
    """Return the first character that no printed page can hold, or None.

    Control characters, lone surrogates and non-characters cannot stand in XML
    1.0 (so in no Word file); marks that re-order a whole line hide what is
    written. The marks that steer direction inside a line stay allowed.
    """
    for character in text:
        if character in allowed:
            continue
        if unicodedata.category(character) in {"Cc", "Cs"}:
            return character
        if ord(character) & 0xFFFE == 0xFFFE or 0xFDD0 <= ord(character) <= 0xFDEF:
            return character
        if character in "\u2028\u2029\u202d\u202e":
            return character
    return None


def _refuse(text: str, allowed: str) -> None:
    found = forbidden_character(text, allowed)
    if found is not None:
        raise ValidationError(
            "This text holds a character that cannot be printed (U+%(code)s, at place %(place)s). "
            "Remove it; the rest can stay as it is.",
            code="unprintable",
            params={"code": f"{ord(found):04X}", "place": text.index(found) + 1},
        )


def validate_line(text: str) -> None:
    """Refuse a text of one line that holds a control character or a line break."""
    _refuse(text, "")


def validate_prose(text: str) -> None:
    """Refuse a text of several lines that holds a control character."""
    _refuse(text, LINE_BREAKS)
