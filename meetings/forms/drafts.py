"""What a delegation writes of a document, in parts: each form says what of it can be kept."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any, ClassVar

from django import forms

from meetings.agenda_numbers import numbered
from meetings.characters import validate_line, validate_prose
from meetings.drafting import NOT_HERE, PROPOSED, Change, NewFile, Part
from meetings.forms.files import FilesField, FilesInput, taken
from meetings.languages import LANGUAGES, in_any_language, in_language
from meetings.models import (
    AgendaItem,
    Document,
    Meeting,
    MemberState,
    TopicProposal,
    WorkingGroup,
)
from meetings.uploads.names import shown_name

MOST_TEXT, MOST_TITLE, MOST_CO_SPONSORS = 20_000, 500, 60
ODT = "it is an ODT file. Save it as Word (.docx) or PDF, and add it again."


class PartForm(forms.Form):
    """One part of a draft. `parts` gives its fields in groups, each under its heading."""

    part: ClassVar[str]
    heading = ""

    def parts(self) -> Iterator[tuple[str, list[forms.BoundField]]]:
        """Give the fields in groups, each under its heading: here all are one."""
        yield "", list(self)

    def change(self) -> Change:
        """Return what was typed and can be kept."""
        raise NotImplementedError

    def said(self, *names: str) -> dict[str, Any]:
        """Return those of the fields that were typed rightly."""
        return {name: self.cleaned_data[name] for name in names if name in self.cleaned_data}

    def differing(self, now: PartForm) -> list[tuple[str, str, str]]:
        """Return what stands `now` where something else was typed here: name, label, text."""
        return [
            (name, str(self[name].label), now.words(name))
            for name in self.fields
            if name not in ("files", "file_language") and self.words(name) != now.words(name)
        ]

    def words(self, name: str) -> str:
        """Return what a field holds, as it is read."""
        value = self[name].value()
        field = self.fields[name]
        chosen = [str(each) for each in (value if isinstance(value, list | tuple) else [value])]
        if isinstance(field, forms.ChoiceField):
            labels = dict(_flat(field.choices))
            return "\n".join(labels.get(each, each) for each in chosen if each)
        return str(value or "").replace("\r\n", "\n").strip()


def _flat(choices: Any) -> Iterator[tuple[str, str]]:
    for value, label in choices:
        if isinstance(label, list | tuple):
            yield from ((str(key), str(words)) for key, words in label)
        else:
            yield str(getattr(value, "value", value)), str(label)


class MeetingField(forms.ModelChoiceField):  # type: ignore[type-arg]  # generic for mypy alone
    """One of the meetings that take documents."""

    def label_from_instance(self, obj: Any) -> str:
        return str(obj)


class AboutForm(PartForm):
    """The meeting, the title, what is asked of the meeting, and under which items."""

    part = Part.ABOUT
    heading = "About"

    meeting = MeetingField(
        Meeting.objects.none(), empty_label=None, error_messages={
            "invalid_choice": "This meeting takes no documents any more. Choose another one.",
        },
    )  # fmt: skip
    title = forms.CharField(
        max_length=MOST_TITLE, validators=[validate_line],
        widget=forms.Textarea(attrs={"rows": 2}), help_text="As it is to be printed.",
    )  # fmt: skip
    original_language = forms.ChoiceField(
        label="Language of the original", choices=list(LANGUAGES.items()),
        help_text="In which you write here. Files may be added in all six languages.",
    )  # fmt: skip
    purpose = forms.ChoiceField(
        label="For action or for information", choices=[("", "—"), *Document.Purpose.choices]
    )
    agenda_items = forms.MultipleChoiceField(
        required=False, widget=forms.CheckboxSelectMultiple,
        help_text="Those it is for, as far as you know.",
    )  # fmt: skip
    contact = forms.CharField(
        required=False, max_length=500, validators=[validate_prose],
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="Whom to ask about it. Members of the Group read it, the public never.",
    )  # fmt: skip

    def __init__(
        self, *args: Any, group: WorkingGroup, day: date, document: Document | None = None,
        **kwargs: Any,
    ) -> None:  # fmt: skip
        super().__init__(*args, **kwargs)
        meetings = Meeting.objects.taking_documents(day).filter(group=group)
        if document is not None and document.parent_id is not None:
            del self.fields["meeting"]  # that of what it comes after
            shown = [document.meeting]
        else:
            shown = list(meetings.select_related("group").prefetch_related("group__names"))
            field = self.fields["meeting"]
            assert isinstance(field, forms.ModelChoiceField)
            field.queryset = meetings.select_related("group").prefetch_related("group__names")
        self.items: dict[str, AgendaItem] = {}
        choices = [(str(each), self._items(each)) for each in shown if each is not None]
        choices = [(name, items) for name, items in choices if items]
        offered = self.fields["agenda_items"]
        assert isinstance(offered, forms.MultipleChoiceField)
        offered.choices = choices[0][1] if len(choices) == 1 else choices
        if not choices:
            del self.fields["agenda_items"]
        if document is not None and not self.is_bound:
            language = document.original_language
            self.initial.update({
                "meeting": document.meeting_id, "title": in_language(document.title, language),
                "original_language": language, "purpose": document.purpose,
                "contact": document.contact,
                "agenda_items": [
                    str(each) for each in document.agenda_items.values_list("pk", flat=True)
                ],
            })  # fmt: skip

    def _items(self, meeting: Meeting) -> list[tuple[str, str]]:
        rows = numbered(list(meeting.agenda_items.all() if meeting.agenda_public else ()))
        self.items |= {str(item.pk): item for _, item in rows}
        return [(str(item.pk), f"{number}. {item}") for number, item in rows]

    def clean_title(self) -> str:
        return " ".join(self.cleaned_data["title"].split())

    def change(self) -> Change:
        chosen = self.cleaned_data.get("agenda_items")
        facts = self.said("meeting", "title", "original_language", "purpose", "contact")
        items = [self.items[each] for each in chosen] if chosen is not None else None
        return Change(facts, agenda_items=items)


class TextForm(PartForm):
    """What it says in short, what the meeting is asked to do, and the text itself as files."""

    part = Part.TEXT
    heading = "Text and files"

    changed = forms.CharField(
        label="What is changed", required=False, max_length=2_000, validators=[validate_prose],
        widget=forms.Textarea(attrs={"rows": 3}),
    )  # fmt: skip
    summary = forms.CharField(
        required=False, max_length=MOST_TEXT, validators=[validate_prose],
        widget=forms.Textarea(attrs={"rows": 5}), help_text="What it says, in a few lines.",
    )  # fmt: skip
    action_required = forms.CharField(
        required=False, max_length=MOST_TEXT, validators=[validate_prose],
        widget=forms.Textarea(attrs={"rows": 3}), help_text="What the meeting is asked to do.",
    )  # fmt: skip
    files = FilesField(  # type: ignore[assignment]  # fields are no attributes of a form
        label="Add the text", required=False, widget=FilesInput(".docx,.pdf"),
        help_text=(
            "Word (.docx), PDF or both, up to 10 MB each. One in the same language and format "
            "takes the place of the one before. The author’s name in it is taken out."
        ),
    )  # fmt: skip
    file_language = forms.ChoiceField(
        label="Language of these files", choices=list(LANGUAGES.items()),
        help_text="Other languages than the original’s are shown as your own translations.",
    )  # fmt: skip

    def __init__(
        self, *args: Any, document: Document, whole: bool = True, group: WorkingGroup, day: date,
        **kwargs: Any,
    ) -> None:  # fmt: skip
        super().__init__(*args, **kwargs)
        self.whole = whole
        if document.parent_id is None:
            del self.fields["changed"]
        self.fields["file_language"].initial = document.original_language
        if not self.is_bound:
            language = document.original_language
            self.initial.update({
                "changed": document.changed, "summary": in_language(document.summary, language),
                "action_required": in_language(document.action_required, language),
            })  # fmt: skip

    def clean_files(self) -> list[Any]:
        good, refused = taken(self.cleaned_data["files"], whole=self.whole)
        kept = {}
        for each in good:
            if each.kind in NOT_HERE:
                refused.append(f"“{shown_name(each.name)}” was not taken: {ODT}")
            elif each.kind in kept:
                said = "two of one format came at once; add one of them."
                refused.append(f"“{shown_name(each.name)}” was not taken: {said}")
            else:
                kept[each.kind] = each
        for reason in refused:
            self.add_error("files", reason)
        return list(kept.values())

    def without(self) -> list[int]:
        """Return the file that is to be removed."""
        asked = str(self.data.get("without", ""))
        return [int(asked)] if asked.isascii() and asked.isdigit() and len(asked) < 19 else []

    def change(self) -> Change:
        language = self.cleaned_data.get("file_language")
        files = self.cleaned_data.get("files", ()) if language else ()
        return Change(
            self.said("summary", "action_required", "changed"),
            files=[NewFile(str(language), each) for each in files], without=self.without(),
        )  # fmt: skip


class StatesInput(forms.SelectMultiple):
    """One list for each Member State chosen and one more: their order is what is seen."""

    template_name = "meetings/widgets/ordered_states.html"

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        chosen = [str(each) for each in (value or ()) if each]
        key = context["widget"]["attrs"].get("id", name)
        choices = [(str(pk), label) for pk, label in self.choices]
        said = context["widget"]["attrs"]
        context["widget"]["described"] = said.get("aria-describedby", "")
        context["widget"]["lists"] = [
            {"id": f"{key}_{place}" if place else key, "chosen": one, "choices": choices,
             "place": place + 1}
            for place, one in enumerate([*chosen, ""])
        ]  # fmt: skip
        return context


class SourcesForm(PartForm):
    """The Member States it comes from, in the order they agreed on; the own one stands first."""

    part = Part.SOURCES
    heading = "Co-sponsors"

    co_sponsors = forms.MultipleChoiceField(
        label="Co-sponsors", required=False, widget=StatesInput,
        help_text="In the order agreed. Each is shown as pending until it confirms.",
    )  # fmt: skip

    def __init__(
        self, *args: Any, document: Document, group: WorkingGroup, day: date, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        states = MemberState.objects.exclude(pk__in=[document.member_state_id])
        self.states = {str(each.pk): each for each in states}
        names = sorted(self.states.items(), key=lambda each: in_any_language(each[1].name))
        field = self.fields["co_sponsors"]
        assert isinstance(field, forms.MultipleChoiceField)
        field.choices = [("", "—"), *((key, str(each)) for key, each in names)]
        if not self.is_bound:
            others = document.sources.exclude(member_state=document.member_state_id)
            self.initial["co_sponsors"] = [
                str(each) for each in others.values_list("member_state", flat=True)
            ]

    def clean_co_sponsors(self) -> list[MemberState]:
        chosen = dict.fromkeys(filter(None, self.cleaned_data["co_sponsors"]))
        if len(chosen) > MOST_CO_SPONSORS:
            raise forms.ValidationError(f"At most {MOST_CO_SPONSORS} can be named.")
        return [self.states[each] for each in chosen]

    def change(self) -> Change:
        return Change(co_sponsors=self.cleaned_data.get("co_sponsors"))


class TopicForm(PartForm):
    """A topic for open consultation that the document proposes."""

    part = Part.TOPIC
    heading = "Topic to propose"

    title = forms.CharField(
        label="Exact title", required=False, max_length=MOST_TITLE, validators=[validate_line],
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="As it would be printed. Empty: the document proposes no topic.",
    )  # fmt: skip
    background = forms.CharField(
        required=False, max_length=MOST_TEXT, validators=[validate_prose],
        widget=forms.Textarea(attrs={"rows": 5}), help_text="Why it is proposed.",
    )  # fmt: skip
    questions = forms.CharField(
        required=False, max_length=MOST_TEXT, validators=[validate_prose],
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text="The questions to be asked: each begins a new line.",
    )  # fmt: skip

    def __init__(
        self, *args: Any, document: Document, group: WorkingGroup, day: date, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        proposal = TopicProposal.objects.filter(document=document).first()
        if proposal is not None and not self.is_bound:
            language = document.original_language
            self.initial.update(
                {name: in_language(getattr(proposal, name), language) for name in PROPOSED}
            )

    def clean_title(self) -> str:
        return " ".join(self.cleaned_data["title"].split())

    def clean(self) -> dict[str, Any]:
        told: dict[str, Any] = super().clean() or {}
        if (told.get("background") or told.get("questions")) and not told.get("title", "-"):
            self.add_error("title", "Give the topic its title, or empty the other boxes too.")
        return told

    def change(self) -> Change:
        """Return the proposal whole, or nothing of it: half of one would stand for another."""
        if self.errors:
            return Change()
        return Change(proposal=self.said(*PROPOSED))


class StampForm(forms.Form):
    """Which save of a draft its reader had read."""

    saves = forms.IntegerField(min_value=0, max_value=2_000_000_000)


class AnswerForm(StampForm):
    """Whether a Member State co-sponsors a document."""

    answer = forms.ChoiceField(choices=[("confirm", "Confirm"), ("decline", "Decline")])


class BegunForm(forms.Form):
    """The key of a form that begins a draft, so that the same form begins one."""

    begun = forms.RegexField(r"^[0-9a-f]{20}$", required=False)


class WithdrawForm(forms.Form):
    """Why a document is withdrawn."""

    reason = forms.CharField(
        max_length=1_000, validators=[validate_prose], widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Kept with the document; members of the Group read it.",
    )  # fmt: skip

    def parts(self) -> Iterator[tuple[str, list[forms.BoundField]]]:
        """Give the fields in groups, each under its heading: here all are one."""
        yield "", list(self)
