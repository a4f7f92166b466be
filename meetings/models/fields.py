"""The kinds of text the record is made of."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models.fields.json import KeyTextTransform

from meetings.characters import validate_line, validate_prose
from meetings.language_boxes import ByLanguageFormField
from meetings.languages import LANGUAGES

if TYPE_CHECKING:
    JSONFieldOfTexts = models.JSONField[Any, dict[str, str] | None]
else:
    JSONFieldOfTexts = models.JSONField


class Line(models.CharField):  # type: ignore[type-arg]  # the plugin types its uses
    """One line of text that every page can print."""

    default_validators = [validate_line]


class Prose(models.TextField):  # type: ignore[type-arg]  # the plugin types its uses
    """A paragraph or more that every page can print."""

    default_validators = [validate_prose]


class _ByLanguage(JSONFieldOfTexts):
    """A text kept once per language. Nothing said in any language is NULL."""

    most_characters = 0
    rows = 1

    def get_db_prep_save(self, value: Any, connection: Any) -> Any:
        return super().get_db_prep_save(value or None, connection)

    def validate(self, value: Any, model_instance: models.Model | None) -> None:
        if not value:
            if not self.blank:
                raise ValidationError(self.error_messages["blank"], code="blank")
            return
        if not isinstance(value, dict):
            raise ValidationError("Give this text by language.", code="invalid")
        for language, text in value.items():
            if language not in LANGUAGES:
                raise ValidationError(
                    "“%(language)s” is none of the six languages.",
                    code="language",
                    params={"language": str(language)},
                )
            self.validate_text(text)

    def validate_text(self, text: Any) -> None:
        """Refuse one language's text where it is empty, too long or cannot be printed."""
        if not isinstance(text, str) or not text.strip():
            raise ValidationError("Leave a language out rather than empty.", code="empty")
        if len(text) > self.most_characters:
            raise ValidationError(
                "This text has %(length)s characters; at most %(most)s can be kept here.",
                code="too_long",
                params={"length": f"{len(text):,}", "most": f"{self.most_characters:,}"},
            )

    def formfield(self, **kwargs: Any) -> forms.Field | None:
        kwargs.pop("widget", None)
        return models.Field.formfield(
            self, **{"form_class": ByLanguageFormField, "model_field": self, **kwargs}
        )


class LineByLanguage(_ByLanguage):
    """A name, a title, a label: one line in each language."""

    most_characters = 500

    def validate_text(self, text: Any) -> None:
        super().validate_text(text)
        validate_line(text)


class ProseByLanguage(_ByLanguage):
    """A paragraph or more in each language."""

    most_characters = 20_000
    rows = 3

    def validate_text(self, text: Any) -> None:
        super().validate_text(text)
        validate_prose(text)


def once_per_language(
    name: str, field: str, *others: str, message: str
) -> list[models.BaseConstraint]:
    """Return the constraints that let a text stand once in each language, among equal `others`."""
    return [
        models.UniqueConstraint(
            *others,
            KeyTextTransform(language, field),
            name=f"{name}_{language}",
            violation_error_message=message,
        )
        for language in LANGUAGES
    ]
