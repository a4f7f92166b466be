"""The outcomes of a meeting on one page: a row for each, and what became of earlier promises."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import reduce
from operator import and_
from typing import Any, ClassVar, cast

from django import forms
from django.core.exceptions import ValidationError
from django.db import models

from meetings import agenda
from meetings.forms.fields import InLanguageField, MonthField, OneOf, OrderedSelects, SomeOf
from meetings.languages import in_language
from meetings.models import (
    REQUIRED,
    SAYS,
    WITH_TOPICS,
    AgendaItem,
    Document,
    Kind,
    Meeting,
    Outcome,
    Session,
    Topic,
    WorkingGroup,
)
from meetings.models.outcome import FIELD_WORDS
from meetings.promises import State
from meetings.recording import Draft, goes_on_from, launches_to_tell
from meetings.settling import Settling

MOST_OUTCOMES = 200
# Every fact that some kind may say, and the kinds that do
KINDS_SAYING = {
    name: frozenset(kind.value for kind, names in SAYS.items() if name in names)
    for name in (
        "topics", "window_from", "window_to", "session", "follows", "about_future_topics",
        "addressee", "action", "due", "until", "awaits", "condition", "recalls_group", "recalls",
    )
}  # fmt: skip


# What a row chooses from lists that are read once for the whole page
CHOSEN = ("follows", "session", "awaits", "recalls_group", "agenda_item")
CHECKS = [rule for rule in Outcome._meta.constraints if isinstance(rule, models.CheckConstraint)]
# All of them in one question; which one refuses is asked only where one does
EVERY_CHECK = models.CheckConstraint(
    condition=reduce(and_, (models.Q(rule.condition) for rule in CHECKS)), name="every_check"
)


@dataclass(frozen=True, slots=True)
class FactBox:
    """One box of an outcome: its field, the kinds that say it, whether this row's kind does not."""

    field: forms.BoundField
    kinds: str
    elsewhere: bool


class OutcomeForm(forms.ModelForm):  # type: ignore[type-arg]  # not generic at run time
    """One outcome. Topics, window and session are taken over from the outcome it follows."""

    topics = SomeOf(required=False, widget=OrderedSelects, label="Topic")
    window_from = MonthField(required=False, label="Window from")
    window_to = MonthField(required=False, label="Window to")
    documents = SomeOf(
        required=False, widget=forms.SelectMultiple({"size": 3}), label="Documents it rests on"
    )
    condition = InLanguageField(name="condition")
    addressee = InLanguageField(name="addressee", rows=1)
    action = InLanguageField(name="action", rows=3)
    recalls = InLanguageField(name="recalls")
    wording = InLanguageField(name="wording", rows=3)
    points = forms.CharField(
        required=False, label="Sub-items (i), (ii)", widget=forms.Textarea({"rows": 2}),
        help_text="One on each line.",
    )  # fmt: skip

    class Meta:
        model = Outcome
        field_classes: ClassVar[dict[str, type[forms.Field]]] = dict.fromkeys(CHOSEN, OneOf)
        fields: ClassVar[list[str]] = [
            "kind", "follows", "window_from", "window_to", "session", "about_future_topics", "until",
            "awaits", "condition", "addressee", "action", "due", "recalls_group", "recalls",
            "agenda_item", "documents", "wording", "wording_reason",
        ]  # fmt: skip

    def __init__(self, *args: Any, meeting: Meeting, choices: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.meeting = meeting
        self.instance.meeting = meeting
        self.choices = choices
        self._cleaning = False
        for name in ("condition", "addressee", "action", "recalls", "wording"):
            field = self.fields[name]
            assert isinstance(field, InLanguageField)
            field.kept = dict(getattr(self.instance, name) or {})
        for name in ("topics", "documents", *CHOSEN):
            field = self.fields[name]
            assert isinstance(field, OneOf | SomeOf)
            field.rows, field.choices = choices.rows[name], choices.lists[name]
        if self.instance.pk:
            self.initial["topics"] = [said.topic_id for said in self.instance.outcome_topics.all()]
            self.initial["points"] = "\n".join(
                in_language(point.text, "en") for point in self.instance.points.all()
            )

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        self._take_over(cleaned)
        kind = cleaned.get("kind")
        if not kind:
            return cleaned
        for name in REQUIRED[Kind(kind)]:
            if cleaned.get(name) in (None, "") and name not in self.errors:
                self.add_error(name, f"“{Kind(kind).label}” needs {FIELD_WORDS[name]}.")
        if kind in WITH_TOPICS and not cleaned.get("topics") and "topics" not in self.errors:
            self.add_error("topics", f"“{Kind(kind).label}” names at least one topic.")
        for text in self.point_texts():
            try:
                OutcomePointText.validate(text)
            except ValidationError as error:
                self.add_error("points", error)
        return cleaned

    def _take_over(self, cleaned: dict[str, Any]) -> None:
        """Fill what was left empty from the outcome this one follows."""
        earlier = cleaned.get("follows")
        kind = cleaned.get("kind")
        if earlier is None or kind not in WITH_TOPICS:
            return
        if not cleaned.get("topics"):
            cleaned["topics"] = [each.topic for each in earlier.outcome_topics.all()]
        if kind != Kind.SUMMARY and not (cleaned.get("window_from") or cleaned.get("window_to")):
            cleaned["window_from"], cleaned["window_to"] = earlier.window_from, earlier.window_to
        if kind == Kind.SUMMARY and not cleaned.get("session"):
            cleaned["session"] = earlier.session

    def _get_validation_exclusions(self) -> set[str]:
        kept: set[str] = super()._get_validation_exclusions() - {"meeting"}  # type: ignore[misc]
        # What was chosen stands among the rows of the page, and was read with them
        return kept | {*CHOSEN, "meeting"} if self._cleaning else kept

    def _post_clean(self) -> None:
        self._cleaning = True
        super()._post_clean()  # type: ignore[misc]

    def validate_unique(self) -> None:
        """Ask nothing: no rule of an outcome is about other rows."""

    def validate_constraints(self) -> None:
        """Ask the database what it thinks of a row that changed; what stands, it took already."""
        self._cleaning = False
        if not self.has_changed():
            return
        try:
            EVERY_CHECK.validate(Outcome, self.instance)
        except ValidationError:
            super().validate_constraints()

    def point_texts(self) -> list[str]:
        """Return the sub-items as typed, one for each line that says something."""
        typed = self.data.get(self.add_prefix("points"), "") if self.is_bound else ""
        return [line.strip() for line in typed.splitlines() if line.strip()]

    def facts(self) -> list[FactBox]:
        """Return the boxes of what a kind may say, those of this row's kind told from the others."""
        kind = str(self["kind"].value() or "")
        boxes = []
        for name, kinds in KINDS_SAYING.items():
            bound = self[name]
            said = bound.value() not in (None, "", [], False, {})
            elsewhere = kind not in kinds and not said and not bound.errors
            boxes.append(FactBox(bound, " ".join(sorted(kinds)), elsewhere))
        return boxes

    def keeps(self) -> Outcome | None:
        """Return the promised launch that this outcome keeps, where it goes on from one."""
        earlier = self.choices.earlier.get(str(self["follows"].value() or ""))
        launched = self["kind"].value() == Kind.LAUNCHED
        return earlier if earlier and launched and earlier.kind == Kind.WOULD_LAUNCH else None

    def topics_in_order(self) -> list[Topic]:
        """Return the topics in the order in which they were chosen."""
        cleaned = list(getattr(self, "cleaned_data", {}).get("topics") or [])
        field = self.fields["topics"]
        chosen = field.widget.value_from_datadict(self.data, {}, self.add_prefix("topics"))
        place = {pk: at for at, pk in enumerate(chosen)}
        return sorted(cleaned, key=lambda topic: place.get(str(topic.pk), len(place)))

    def draft(self) -> Draft:
        """Return the outcome as the form holds it."""
        kept = [point.text for point in self.instance.points.all()] if self.instance.pk else []
        points = []
        for place, text in enumerate(self.point_texts()):
            others = kept[place] if place < len(kept) else {}
            points.append({**(others or {}), "en": text})
        documents = list(self.cleaned_data.get("documents") or [])
        return Draft(self.instance, self.topics_in_order(), points, documents)


class OutcomePointText:
    """What a sub-item may say; one place for the form."""

    @staticmethod
    def validate(text: str) -> None:
        """Refuse a sub-item with an unknown slot or a character that cannot be printed."""
        from_model: Any = Outcome.points.rel.related_model  # type: ignore[attr-defined]
        point = from_model(text={"en": text})
        point.clean_fields(exclude=["outcome"])
        point.clean()


class Choices:
    """What the rows of one page may choose from, read once for all of them."""

    def __init__(self, meeting: Meeting) -> None:
        earlier = (
            Outcome.objects.filter(
                meeting__group=meeting.group_id, meeting__last_day__lte=meeting.last_day
            )
            .exclude(meeting=meeting)
            .select_related("meeting__group", "session")
            .prefetch_related("meeting__outcomes", "outcome_topics__topic")
            .order_by("-meeting__last_day", "position")
        )
        sessions = list(Session.objects.order_by("-year", "key"))
        read: dict[str, Sequence[Any]] = {
            "follows": list(earlier),
            "session": sessions,
            "awaits": sessions,
            "recalls_group": list(
                WorkingGroup.objects.exclude(pk=meeting.group_id).prefetch_related("names")
            ),
            "agenda_item": list(AgendaItem.objects.filter(meeting=meeting)),
            "documents": list(
                Document.objects.submitted().filter(group=meeting.group_id).order_by("-pk")
            ),
            "topics": list(Topic.objects.filter(group=meeting.group_id).order_by("key")),
        }
        self.rows: dict[str, dict[str, Any]] = {
            name: {str(row.pk): row for row in rows} for name, rows in read.items()
        }
        self.lists: dict[str, list[tuple[Any, str]]] = {
            name: [("", "—"), *((row.pk, str(row)) for row in rows)] for name, rows in read.items()
        }
        items = agenda.numbered(read["agenda_item"])
        self.lists["agenda_item"] = [("", "—"), *((each.item.pk, str(each)) for each in items)]
        del self.lists["documents"][0]
        self.earlier: dict[str, Outcome] = self.rows["follows"]


class OutcomeFormSet(forms.BaseModelFormSet):  # type: ignore[type-arg]  # not generic at run time
    """The rows of the page, in the order of the numbers in front of them."""

    default_error_messages: ClassVar[dict[str, Any]] = {
        **forms.BaseModelFormSet.default_error_messages,
        "missing_management_form": "The page was not sent whole. Go back, and send it again.",
        "too_many_forms": f"A meeting has at most {MOST_OUTCOMES} outcomes.",
    }

    def add_fields(self, form: Any, index: int | None) -> None:
        """Find the saved row of a form among those that were read."""
        super().add_fields(form, index)
        saved = {str(outcome.pk): outcome for outcome in self.get_queryset()}
        form.fields["id"] = OneOf(
            rows=saved, initial=form.instance.pk, required=False, widget=forms.HiddenInput
        )

    def rows(self) -> list[OutcomeForm]:
        """Return every row of the page."""
        return cast("list[OutcomeForm]", self.forms)

    def in_order(self) -> list[OutcomeForm]:
        """Return the rows that say something and stay, in the order asked for."""
        stays = [
            (place, form) for place, form in enumerate(self.rows())
            if (form.instance.pk or form.has_changed()) and not self._removed(form)
        ]  # fmt: skip

        def asked(row: tuple[int, OutcomeForm]) -> tuple[float, int]:
            order = getattr(row[1], "cleaned_data", {}).get("ORDER")
            return (float("inf") if order is None else order), row[0]

        return [form for _, form in sorted(stays, key=asked)]

    def removed(self) -> list[Outcome]:
        """Return the saved outcomes that are to go."""
        return [form.instance for form in self.rows() if form.instance.pk and self._removed(form)]

    def _removed(self, form: OutcomeForm) -> bool:
        return bool(getattr(form, "cleaned_data", {}).get("DELETE"))


def outcome_formset(
    meeting: Meeting, data: Any = None, *, can_delete: bool = True
) -> OutcomeFormSet:
    """Return the rows of `meeting`, with an empty one below; those that were typed as they were."""
    factory: Any = forms.modelformset_factory(
        Outcome, form=OutcomeForm, formset=OutcomeFormSet, can_order=True, can_delete=can_delete,
        extra=0 if data else 1, max_num=MOST_OUTCOMES, absolute_max=MOST_OUTCOMES, validate_max=True,
    )  # fmt: skip
    standing = (
        meeting.outcomes.order_by("position", "pk")
        .select_related("session", "awaits", "recalls_group", "settlement__at_session", "follows")
        .prefetch_related("outcome_topics__topic", "points", "recalls_group__names", "documents")
    )
    formset: OutcomeFormSet = factory(
        data, queryset=standing, prefix="outcomes",
        form_kwargs={"meeting": meeting, "choices": Choices(meeting)},
    )  # fmt: skip
    return formset


class PromiseForm(forms.Form):
    """What became of one earlier promise: kept, not yet, or dropped."""

    NOT_YET = "not_yet"
    how = forms.ChoiceField(
        choices=[(NOT_YET, "Not yet"), ("kept", "Kept"), ("dropped", "Dropped")],
        initial=NOT_YET, required=False, label="What became of it", widget=forms.RadioSelect,
    )  # fmt: skip
    fact = forms.CharField(
        required=False, max_length=300, label="What happened, or why it was dropped"
    )
    source = forms.CharField(required=False, max_length=300, label="Where that can be read")

    def __init__(
        self, data: Any = None, *, promise: Outcome, state: State, meeting: Meeting
    ) -> None:
        super().__init__(data, prefix=f"promise-{promise.pk}")
        self.promise = promise
        self.state = state
        self.meeting = meeting

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        how = cleaned.get("how") or self.NOT_YET
        if how == "dropped" and not cleaned.get("fact"):
            self.add_error("fact", "Say why it was dropped.")
        if how == "kept" and self.promise.kind != Kind.WOULD_LAUNCH:
            if not cleaned.get("fact"):
                self.add_error("fact", "Say what happened.")
            if not cleaned.get("source"):
                self.add_error("source", "Say where that can be read: a document, a page.")
        if how == "dropped" and cleaned.get("fact") and not cleaned.get("source"):
            cleaned["source"] = str(self.meeting)
        return cleaned

    def settling(self) -> Settling | None:
        """Return what is to be recorded; None where the promise stays open or a launch keeps it."""
        how = self.cleaned_data.get("how") or self.NOT_YET
        if how == self.NOT_YET:
            return None
        fact, source = self.cleaned_data["fact"], self.cleaned_data["source"]
        return Settling(
            self.promise, how, on=self.meeting.last_day, fact=fact, source=source,
            reason=fact if how == "dropped" else "",
        )  # fmt: skip

    def launch(self) -> Draft | None:
        """Return the outcome that records a promised launch as done."""
        kept = self.cleaned_data.get("how") == "kept"
        if not kept or self.promise.kind != Kind.WOULD_LAUNCH:
            return None
        return goes_on_from(self.promise, self.meeting)


def promise_forms(
    meeting: Meeting, promises: Sequence[tuple[Outcome, State]], data: Any = None
) -> list[PromiseForm]:
    """Return a form for each open promise of earlier meetings."""
    return [
        PromiseForm(data, promise=promise, state=state, meeting=meeting)
        for promise, state in promises
        if promise.meeting_id != meeting.pk and not hasattr(promise, "settlement")
    ]


class OfferForm(forms.Form):
    """An outcome that is ready written: a launch that was promised and took place since."""

    take = forms.BooleanField(required=False, label="Record it at this meeting")

    def __init__(self, data: Any = None, *, promise: Outcome, meeting: Meeting) -> None:
        super().__init__(data, prefix=f"offer-{promise.pk}")
        self.promise = promise
        self.ready = goes_on_from(promise, meeting)

    def taken(self) -> bool:
        """Say whether it is to be recorded."""
        return self.is_valid() and bool(self.cleaned_data["take"])


def offer_forms(meeting: Meeting, data: Any = None) -> list[OfferForm]:
    """Return a form for each outcome that is offered ready written."""
    return [
        OfferForm(data, promise=promise, meeting=meeting) for promise in launches_to_tell(meeting)
    ]
