"""An agenda as it is typed: a row for each item, moved by buttons, saved as a whole."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar, cast

from django import forms
from django.http import QueryDict

from meetings import agenda, outline
from meetings.characters import validate_line
from meetings.forms.fields import SomeOf
from meetings.models import Document, Meeting
from meetings.outline import MOVES, Line

MOST_ITEMS = 200
MORE_ITEMS = 3
PREFIX = "items"


class ItemForm(forms.Form):
    """One item: its title, how deep it stands, the documents on it."""

    key = forms.IntegerField(required=False, widget=forms.HiddenInput)
    depth = forms.IntegerField(
        min_value=0, max_value=outline.DEEPEST, initial=0, required=False, widget=forms.HiddenInput
    )
    title = forms.CharField(
        required=False, max_length=500, label="Title", validators=[validate_line],
        widget=forms.TextInput(),
    )  # fmt: skip
    documents = SomeOf(
        Document.objects.none(), required=False, label="Documents",
        widget=forms.SelectMultiple({"size": 4}),
    )  # fmt: skip

    def __init__(self, *args: Any, documents: Sequence[Document], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["documents"]
        assert isinstance(field, SomeOf)
        field.rows = {str(each.pk): each for each in documents}
        field.choices = [(each.pk, document_name(each)) for each in documents]

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if cleaned.get("key") and not cleaned.get("title") and "title" not in self.errors:
            self.add_error("title", "An item has a title. To take it out, press Remove.")
        return cleaned

    def chosen(self) -> list[str]:
        """Return the names of the documents on the item, as they stand in the form."""
        field = self.fields["documents"]
        assert isinstance(field, SomeOf)
        keys = [str(each) for each in self["documents"].value() or ()]
        return [document_name(field.rows[key]) for key in keys if key in field.rows]


class ItemFormSet(forms.BaseFormSet):  # type: ignore[type-arg]  # not generic at run time
    """The rows of the page."""

    default_error_messages: ClassVar[dict[str, Any]] = {
        **forms.BaseFormSet.default_error_messages,
        "missing_management_form": "The page was not sent whole. Go back, and send it again.",
        "too_many_forms": f"An agenda has at most {MOST_ITEMS} items.",
    }


def document_name(document: Document) -> str:
    """Return a document as the agenda’s pages name it: by number where it has one, and by title."""
    title = next(iter((document.title or {}).values()), "")
    return f"{document.number} {title}".strip()


class AgendaForm:
    """The whole agenda, from what was typed, what a button made of it, or what is saved."""

    def __init__(self, meeting: Meeting, data: QueryDict | None = None) -> None:
        self.meeting = meeting
        self.documents = agenda.documents_for(meeting)
        self.seen = data.get("seen", "") if data is not None else agenda.stamp(meeting)
        self.focus = -1  # the row whose buttons were pressed
        if data is None:
            self._rows = self._formset(initial=agenda.lines(meeting))
        elif (pressed := data.get("move", "")) or "more" in data:
            typed = self._typed(data)
            if pressed:
                typed = self._moved(typed, pressed)
            more = [Line(0)] * MORE_ITEMS if "more" in data else []
            self._rows = self._formset(initial=[*typed, *more])
            self.changed = True
        else:
            self._rows = self._formset(data)
        self.problems: list[str] = []

    changed = False  # whether a button moved rows that are not saved

    def _formset(self, data: Any = None, initial: Sequence[Line] = ()) -> Any:
        factory: Any = forms.formset_factory(
            ItemForm, formset=ItemFormSet, extra=0 if initial else MORE_ITEMS, max_num=MOST_ITEMS,
            absolute_max=MOST_ITEMS, validate_max=True,
        )  # fmt: skip
        return factory(
            data, prefix=PREFIX, form_kwargs={"documents": self.documents},
            initial=[
                {
                    "key": line.key, "depth": line.depth, "title": line.title,
                    "documents": line.documents,
                }
                for line in initial
            ] or None,
        )  # fmt: skip

    def _typed(self, data: QueryDict) -> list[Line]:
        """Return the rows as they were typed; what no row can say is left out."""
        bound = self._formset(data)
        bound.is_valid()
        return [_line(form) for form in bound.forms]

    def _moved(self, typed: list[Line], pressed: str) -> list[Line]:
        name, _, place = pressed.partition("-")
        if name not in MOVES or not (place.isascii() and place.isdigit() and len(place) < 4):
            return typed
        if int(place) >= len(typed):
            return typed
        moved, self.focus = MOVES[name](outline.settled(typed), int(place))
        return moved

    @property
    def formset(self) -> Any:
        """Return the rows, for the page."""
        return self._rows

    def rows(self) -> list[tuple[str, int, ItemForm, bool]]:
        """Return each row with its number, its depth, and whether its button was pressed."""
        forms_ = cast("list[ItemForm]", self._rows.forms)
        depths = [each.depth for each in outline.settled([_line(form) for form in forms_])]
        numbers = outline.numbers(depths)
        return [(numbers[at], depths[at], form, at == self.focus) for at, form in enumerate(forms_)]

    def is_valid(self) -> bool:
        return bool(self._rows.is_valid())

    def lines(self) -> list[Line]:
        """Return the agenda as typed; rows that say nothing are left out."""
        written = []
        for form in cast("list[ItemForm]", self._rows.forms):
            said = form.cleaned_data
            if not said.get("title"):
                continue
            documents = tuple(each.pk for each in said["documents"])
            written.append(Line(said["depth"] or 0, said["title"], said["key"], documents))
        return written


def _line(form: ItemForm) -> Line:
    """Return a row as it stands in a form, whether or not it can be saved."""

    def number(name: str) -> int | None:
        said = str(form[name].value() or "")
        return int(said) if said.isascii() and said.isdigit() and len(said) < 10 else None

    return Line(
        min(number("depth") or 0, outline.DEEPEST), str(form["title"].value() or ""), number("key"),
        tuple(
            int(each) for each in form["documents"].value() or ()
            if str(each).isascii() and str(each).isdigit() and len(str(each)) < 10
        ),
    )  # fmt: skip
