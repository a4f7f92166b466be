"""Texts of the record in templates."""

from __future__ import annotations

from collections.abc import Mapping

from django import template

from meetings.languages import TextByLanguage, in_language

register = template.Library()


@register.filter
def said(text: TextByLanguage | None, language: str = "en") -> str:
    """Return a text by language in one language; one that is missing is shown as missing."""
    return in_language(text, language) or "[not recorded in this language]"


@register.filter
def at(mapping: Mapping[str, str], key: str) -> str:
    """Return what `mapping` holds at `key`, or nothing."""
    return mapping.get(key, "")
