"""A text by language in a form: one box for each language, the others folded away."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from meetings.languages import LANGUAGES, RIGHT_TO_LEFT


class ByLanguageWidget(forms.MultiWidget):
    """One box for each language; the first is shown, the others open on demand."""

    template_name = "meetings/widgets/by_language.html"
    use_fieldset = False

    def __init__(self, rows: int = 1, attrs: dict[str, Any] | None = None) -> None:
        self.rows = rows
        widgets: dict[str, forms.Widget | type[forms.Widget]] = {}
        for language, name in LANGUAGES.items():
            box = {
                "lang": language,
                "dir": "rtl" if language in RIGHT_TO_LEFT else "ltr",
                "aria-label": name,
                "class": "vTextField" if rows == 1 else "vLargeTextField",
                **(attrs or {}),
            }
            if rows == 1:
                widgets[language] = forms.TextInput(box)
            else:
                widgets[language] = forms.Textarea({**box, "rows": rows})
        super().__init__(widgets)

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        boxes = context["widget"]["subwidgets"]
        for box, language in zip(boxes, LANGUAGES.values(), strict=True):
            box["language"] = language
        return context

    def decompress(self, value: Any) -> list[Any]:
        kept = value if isinstance(value, dict) else {}
        return [kept.get(language, "") for language in LANGUAGES]


class ByLanguageFormField(forms.MultiValueField):
    """Read the boxes into {"en": …}; a box left empty is a language left out."""

    widget = ByLanguageWidget

    def __init__(self, *, model_field: Any = None, **kwargs: Any) -> None:
        self.model_field = model_field
        kwargs.pop("encoder", None)
        kwargs.pop("decoder", None)
        rows = getattr(model_field, "rows", 1)
        kwargs["widget"] = ByLanguageWidget(rows)
        fields = [forms.CharField(required=False) for _ in LANGUAGES]
        super().__init__(fields, require_all_fields=False, **kwargs)

    def compress(self, data_list: list[str]) -> dict[str, str] | None:
        texts = {
            language: text.replace("\r\n", "\n")
            for language, text in zip(LANGUAGES, data_list, strict=False)
            if text
        }
        return texts or None

    def clean(self, value: Any) -> Any:
        cleaned = super().clean(value)
        if cleaned and self.model_field is not None:
            for language, text in cleaned.items():
                try:
                    self.model_field.validate_text(text)
                except ValidationError as error:
                    if len(cleaned) == 1:
                        raise
                    raise ValidationError(
                        [f"{LANGUAGES[language]}: {message}" for message in error.messages]
                    ) from error
        return cleaned

    def has_changed(self, initial: Any, data: Any) -> bool:
        before = initial if isinstance(initial, dict) else {}
        after = self.compress([text or "" for text in (data or [])]) or {}
        return before != after
