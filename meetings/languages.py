"""The six languages, and texts that are kept once per language.

A text by language is a mapping from a language's code to the text, {"en":
"Poland"}. A language that is missing is missing: no other is borrowed.
"""

from __future__ import annotations

from collections.abc import Mapping

# The official languages of the Union, in the order in which its pages name them
LANGUAGES = {
    "en": "English",
    "fr": "Français",
    "es": "Español",
    "ru": "Русский",
    "ar": "العربية",
    "zh": "中文",
}

RIGHT_TO_LEFT = frozenset({"ar"})

type TextByLanguage = Mapping[str, str]


def in_language(text: TextByLanguage | None, language: str) -> str:
    """Return the text in `language`, or "" where nothing is kept in that language."""
    return (text or {}).get(language, "")


def in_any_language(text: TextByLanguage | None) -> str:
    """Return the first text there is, in the order of LANGUAGES: for the staff's own lists only."""
    return next((text[code] for code in LANGUAGES if code in text), "") if text else ""
