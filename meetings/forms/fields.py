"""The boxes of the outcomes page that Django does not have: a month, one language, topics in order."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any, ClassVar, cast

from django import forms
from django.core.exceptions import ValidationError

from meetings.languages import in_language
from meetings.models import Outcome


class MonthField(forms.DateField):
    """A month, kept as its first day: 2024-10."""

    widget = forms.TextInput
    default_error_messages: ClassVar[dict[str, Any]] = {"invalid": "Write a month as in 2024-10."}

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("input_formats", ["%Y-%m", "%Y-%m-%d"])
        super().__init__(**kwargs)
        self.widget.attrs |= {"placeholder": "2024-10", "size": 8, "type": "month"}
        self.widget.input_type = "month"

    def prepare_value(self, value: Any) -> Any:
        return f"{value:%Y-%m}" if isinstance(value, date) else value

    def to_python(self, value: Any) -> date | None:
        day = super().to_python(value)
        return day.replace(day=1) if day else None


class InLanguageField(forms.CharField):
    """One language's box of a text by language; the other languages stay as they are."""

    def __init__(
        self, *, language: str = "en", rows: int = 2, name: str = "", **kwargs: Any
    ) -> None:
        self.language = language
        self.kept: dict[str, str] = {}
        self.model_field: Any = cast("Any", Outcome._meta.get_field(name))
        kwargs.setdefault("required", False)
        kwargs.setdefault("label", str(self.model_field.verbose_name).capitalize())
        kwargs.setdefault("help_text", self.model_field.help_text)
        widget = forms.TextInput() if rows == 1 else forms.Textarea({"rows": rows})
        super().__init__(widget=widget, **kwargs)

    def prepare_value(self, value: Any) -> Any:
        return in_language(value, self.language) if isinstance(value, dict) else value

    def has_changed(self, initial: Any, data: Any) -> bool:
        return bool(self.prepare_value(initial or "") != (data or "").replace("\r\n", "\n"))

    def clean(self, value: Any) -> Any:
        text = super().clean(value).replace("\r\n", "\n")
        others = {code: said for code, said in self.kept.items() if code != self.language}
        if not text:
            return others or None
        self.model_field.validate_text(text)
        return {self.language: text, **others}


class OrderedSelects(forms.SelectMultiple):
    """One list for each row chosen and one more, so that their order is what is seen."""

    template_name = "meetings/widgets/ordered_selects.html"

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        chosen = [str(each) for each in (value or ())]
        key = context["widget"]["attrs"].get("id", name)
        choices = [(str(pk), label) for pk, label in self.choices]
        context["widget"]["lists"] = [
            {"id": f"{key}_{place}" if place else key, "chosen": one, "choices": choices}
            for place, one in enumerate([*chosen, ""])
        ]
        return context

    def value_from_datadict(self, data: Any, files: Any, name: str) -> list[str]:
        get = getattr(data, "getlist", None)
        sent = get(name) if get else data.get(name) or []
        return [value for value in ([sent] if isinstance(sent, str) else sent) if value]

    def value_omitted_from_data(self, data: Mapping[str, Any], files: Any, name: str) -> bool:
        return name not in data


class OneOf(forms.ModelChoiceField):  # type: ignore[type-arg]  # not generic at run time
    """A choice among rows that were read once for all forms of a page, not once for each."""

    def __init__(
        self, queryset: Any = None, *, rows: Mapping[str, Any] | None = None, **kwargs: Any
    ) -> None:
        self.rows = rows or {}
        super().__init__(Outcome.objects.none() if queryset is None else queryset, **kwargs)

    def to_python(self, value: Any) -> Any:
        """Return the row chosen. Raises ValidationError for one that is not among them."""
        if value in self.empty_values:
            return None
        row = self.rows.get(str(self.prepare_value(value)))
        if row is None:
            raise ValidationError(
                self.error_messages["invalid_choice"], code="invalid_choice",
                params={"value": value},
            )  # fmt: skip
        return row

    def validate(self, value: Any) -> None:
        """Ask only whether something is needed: what was chosen stands among the rows."""
        forms.Field.validate(self, value)


class SomeOf(forms.ModelMultipleChoiceField):  # type: ignore[type-arg]  # not generic at run time
    """A choice of several among rows that were read once for all forms of a page."""

    def __init__(
        self, queryset: Any = None, *, rows: Mapping[str, Any] | None = None, **kwargs: Any
    ) -> None:
        self.rows = rows or {}
        super().__init__(Outcome.objects.none() if queryset is None else queryset, **kwargs)

    def clean(self, value: Any) -> list[Any]:  # type: ignore[override]  # no queryset is needed
        """Return the rows chosen. Raises ValidationError for one that is not among them."""
        chosen = [str(self.prepare_value(each)) for each in value or ()]
        if self.required and not chosen:
            raise ValidationError(self.error_messages["required"], code="required")
        for each in chosen:
            if each not in self.rows:
                raise ValidationError(
                    self.error_messages["invalid_choice"], code="invalid_choice",
                    params={"value": each},
                )  # fmt: skip
        self.run_validators(chosen)
        return [self.rows[each] for each in dict.fromkeys(chosen)]
