"""What is done with a summary at its workbench: one form for each act.

Who may do it is asked by the view, by `needs`; what else stands in the way is said by the activity.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any, ClassVar

from django import forms
from django.contrib.auth.base_user import AbstractBaseUser
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction

from consultations import reading, rounds
from consultations.forms.moderation import day_box, prose, time_box
from consultations.models import (
    Attachment,
    Contribution,
    Question,
    SetAside,
    Standing,
    Summary,
    SummaryComment,
    SummaryParagraph,
    Tag,
    TaggedPassage,
)
from consultations.summary import (
    commenting,
    coverage,
    finalising,
    second_reading,
    tagging,
    writing,
)
from consultations.summary.commenting import Guest
from consultations.summary.figures import asked
from consultations.summary.states import SummaryError
from consultations.summary.tagging import Place
from meetings import editions
from meetings.characters import validate_line, validate_prose
from meetings.languages import in_any_language
from meetings.models import Meeting

WRITE, FINALISE = "consultations.change_summary", "summary.finalise"
READ_SECOND = "summary.read"
MOST_GUESTS = 200
_PICKED = re.compile(r"(\d{1,6}):(\d{1,18})", re.ASCII)


class Act(forms.Form):
    """One act at the workbench; `done` is said once it is done, `leads` is where the page opens then."""

    name: ClassVar[str]
    done: ClassVar[str] = ""
    needs: ClassVar[str] = WRITE

    def __init__(
        self, data: Any = None, *, summary: Summary, by: AbstractBaseUser, key: str = ""
    ) -> None:
        super().__init__(data, auto_id=f"{self.name}-{key or 'new'}-%s", label_suffix="")
        self.summary, self.by, self.key = summary, by, key
        self.leads = ""
        self.prepare()

    def prepare(self) -> None:
        """Fill what there is to choose from."""

    def row(self, rows: Any) -> Any:
        """Return the one of `rows` that the form is about. Raises ValidationError."""
        known = self.key.isascii() and self.key.isdigit() and len(self.key) < 19
        found = rows.filter(pk=self.key).first() if known else None
        if found is None:
            raise ValidationError("It is not there any more. Nothing was changed.")
        return found

    def do(self, at: datetime) -> None:
        """Do it. Raises what the activity raises."""
        raise NotImplementedError

    def save(self, at: datetime) -> bool:
        """Do it; False where that cannot be, which is said at its place."""
        if not self.is_valid():
            return False
        try:
            self.do(at)
        except (SummaryError, editions.EditionError) as error:
            field = getattr(error, "field", "")
            self.add_error(field if field in self.fields else None, str(error))
            self.refused(error)
            return False
        except ValidationError as error:
            self.add_error(None, error.messages)
            return False
        return True

    def refused(self, error: Exception) -> None:
        """Take note of why it cannot be."""

    def said(self) -> str:
        """Return what is said once it is done."""
        return self.done


# Writing


def question_of(summary: Summary, text: str) -> Question | None:
    """Return the question of the round that a form names; None for what stands before them."""
    key = _key(text)
    found = Question.objects.filter(consultation=summary.consultation_id, pk=key)
    return found.first() if key else None


class Picked(forms.Field):
    """Where citations open: “17:55” for passage 55 of contribution 17, several with commas."""

    widget = forms.HiddenInput

    def to_python(self, value: Any) -> dict[int, int]:
        return {int(n): int(key) for n, key in _PICKED.findall(str(value or ""))}


class Write(Act):
    """Add a paragraph, or change the one that `key` names."""

    name = "write"

    text = forms.CharField(
        label="Text", max_length=10_000, required=False, validators=[validate_prose],
        widget=forms.Textarea({"rows": 7}), help_text=(
            "Cite contributions by number: [17], [4, 9], [4-7]. Figures stand in slots: "
            "{{ published }}."
        ),
    )  # fmt: skip
    heading = forms.BooleanField(label="It is a heading", required=False)
    question = forms.CharField(required=False, widget=forms.HiddenInput)
    after = forms.CharField(required=False, widget=forms.HiddenInput)
    saves = forms.IntegerField(required=False, widget=forms.HiddenInput)
    passages = Picked(required=False)

    def prepare(self) -> None:
        self.standing: SummaryParagraph | None = None  # as a colleague saved it meanwhile
        self.gone = False

    def do(self, at: datetime) -> None:
        said = self.cleaned_data
        passages = self._passages(said["passages"])
        if not self.key:
            after = self.summary.paragraphs.filter(pk=_key(said["after"])).first()
            made = writing.write(
                self.summary, said["text"], by=self.by, at=at, heading=said["heading"],
                question=question_of(self.summary, said["question"]), after=after,
                passages=passages,
            )  # fmt: skip
        else:
            rows = self.summary.paragraphs.select_related("summary__consultation")
            held = rows.filter(pk=_key(self.key)).first()
            if held is None:
                raise writing.GoneError
            made = writing.change(
                held, said["text"], saves=said["saves"] or 0, by=self.by, at=at,
                heading=said["heading"], passages=passages,
            )  # fmt: skip
        self.leads = f"paragraph-{made.pk}"

    def _passages(self, picked: Mapping[int, int]) -> dict[int, TaggedPassage]:
        rows = TaggedPassage.objects.filter(
            tag__consultation=self.summary.consultation_id, pk__in=picked.values(), removed_at=None
        ).select_related("contribution")
        return {each.contribution.number: each for each in rows if each.contribution.number}

    def refused(self, error: Exception) -> None:
        if isinstance(error, writing.StaleError):
            self.standing = error.standing
            # whoever sends it now has read what stands
            self.data = {**self.typed(), "saves": str(error.standing.saves)}
        if isinstance(error, writing.GoneError):
            self.gone, self.key = True, ""

    def typed(self) -> dict[str, Any]:
        """Return what was typed, by field."""
        return {name: self.data.get(name, "") for name in self.fields if self.data.get(name)}

    def put(self, said: str) -> Write:
        """Return the form with a citation or a slot added at the end: “[17]”, “[17]:55”."""
        words, _, passage = said.rpartition("]:")
        words = f"{words}]" if passage.isdigit() and words else said
        typed = self.typed()
        before = str(typed.get("text", "")).rstrip()
        typed["text"] = f"{before} {words}".strip()
        number = words.strip("[]")
        if passage.isdigit() and number.isdigit():
            kept = Picked().to_python(typed.get("passages", "")) | {int(number): int(passage)}
            typed["passages"] = ",".join(f"{n}:{key}" for n, key in kept.items())
        return self.unsent(typed)

    def unsent(self, typed: Mapping[str, Any] | None = None) -> Write:
        """Return the form with what was typed, before it is saved."""
        made = Write(None, summary=self.summary, by=self.by, key=self.key)
        made.initial = dict(self.typed() if typed is None else typed)
        return made


def _key(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else 0


class Stands(Act):
    """Say that a paragraph stands, though what it cites was changed since it was written."""

    name, done = "stands", "The paragraph stands: it was read with what it cites as that is now."
    saves = forms.IntegerField(widget=forms.HiddenInput)

    def do(self, at: datetime) -> None:
        held = self.row(self.summary.paragraphs.select_related("summary__consultation"))
        writing.change(held, str(held.text), saves=self.cleaned_data["saves"], by=self.by, at=at)
        self.leads = f"paragraph-{held.pk}"


class Move(Act):
    """Put a paragraph one place up or down, or under another question."""

    name = "move"
    to = forms.CharField(widget=forms.HiddenInput)
    question = forms.CharField(required=False)

    def do(self, at: datetime) -> None:
        rows = self.summary.paragraphs.select_related("summary__consultation", "question")
        held, to = self.row(rows), self.cleaned_data["to"]
        if to == "elsewhere":
            asked_for = question_of(self.summary, self.cleaned_data["question"])
            writing.move(held, 10_000, by=self.by, question=asked_for, elsewhere=True)
        else:
            beside = rows.filter(question=held.question).order_by("position", "pk")
            place = [each.pk for each in beside].index(held.pk) + 1
            writing.move(held, place + (1 if to == "down" else -1), by=self.by)
        self.leads = f"paragraph-{held.pk}"


class Remove(Act):
    """Remove a paragraph; the history keeps its words."""

    name, done = "remove", "The paragraph is removed; the history keeps its words."
    saves = forms.IntegerField(widget=forms.HiddenInput)

    def do(self, at: datetime) -> None:
        held = self.row(self.summary.paragraphs.select_related("summary__consultation"))
        writing.remove(held, saves=self.cleaned_data["saves"], by=self.by)


# Reading and tagging


def of_round(summary: Summary) -> Any:
    """Return the published contributions of a summary's round, with all that they say."""
    return reading.with_all_it_says(
        Contribution.objects.filter(
            consultation=summary.consultation_id, standing=Standing.PUBLISHED
        )
    )


def found_in(text: str, words: str, begins: int | None = None) -> tuple[int, int] | None:
    """Return where words stand in a text, from one character to another; line breaks do not matter.

    Where they stand more than once it is the place nearest to `begins`, else the first.
    """
    pattern = r"\s+".join(re.escape(each) for each in words.split())
    places = [match.span() for match in re.finditer(pattern, text)] if pattern else []
    if not places:
        return None
    return min(places, key=lambda span: abs(span[0] - (begins or 0)))


def paragraphs_of(text: str) -> list[str]:
    """Return the paragraphs of a text, for somebody to choose one."""
    return [line.strip() for line in text.splitlines() if line.strip()]


class Mark(Act):
    """Put words of a contribution under a tag.

    `key` is “contribution-question”; without a question it is about the free text.
    """

    name, done = "mark", "The passage is tagged."

    tag = forms.ModelChoiceField(Tag.objects.none(), required=False, label="Tag", empty_label="–")
    new = forms.CharField(
        label="or a new tag", max_length=100, required=False, validators=[validate_line]
    )
    words = forms.CharField(
        label="Words", required=False, max_length=20_000, validators=[validate_prose],
        widget=forms.Textarea({"rows": 3}), help_text="Copy them from the text above.",
    )  # fmt: skip
    paragraph = forms.TypedChoiceField(
        label="or a whole paragraph", required=False, coerce=int, empty_value=None
    )
    begins = forms.IntegerField(required=False, min_value=0, widget=forms.HiddenInput)

    def prepare(self) -> None:
        self.contribution: Contribution | None = None
        self.place, self.text = Place(), ""
        if not self.is_bound:  # the page offers what there is to choose from, of many at once
            return
        contribution, _, question = self.key.partition("-")
        self.contribution = of_round(self.summary).filter(pk=_key(contribution)).first()
        self.place = Place(question=question_of(self.summary, question))
        self.text = tagging.text_at(self.contribution, self.place) if self.contribution else ""
        tags = Tag.objects.filter(consultation=self.summary.consultation_id)
        self.offer(self.text, list(tags), self.place.question)
        box = self.fields["tag"]
        assert isinstance(box, forms.ModelChoiceField)
        box.queryset = tags

    def offer(self, text: str, tags: Iterable[Tag], question: Question | None) -> None:
        """Offer the paragraphs of a text, and the tags of the round and of its question."""
        lines = [
            (place, f"{place}. {line[:60]}") for place, line in enumerate(paragraphs_of(text), 1)
        ]
        choose = self.fields["paragraph"]
        assert isinstance(choose, forms.TypedChoiceField)
        choose.choices = [("", "–"), *lines]
        asked_for = question.pk if question is not None else None
        self.fields["tag"].widget.choices = [
            ("", "–"),
            *((each.pk, str(each)) for each in tags if each.question_id in (None, asked_for)),
        ]

    def clean(self) -> dict[str, Any]:
        said: dict[str, Any] = super().clean() or {}
        if not said.get("tag") and not said.get("new") and not self.errors:
            self.add_error("tag", "Choose a tag, or name a new one.")
        chosen = said.get("paragraph")
        if chosen and not said.get("words", "").strip():
            said["words"] = paragraphs_of(self.text)[chosen - 1]
        if not said.get("words", "").strip() and "words" not in self.errors:
            self.add_error("words", "Copy the words here, or choose a paragraph.")
        return said

    def do(self, at: datetime) -> None:
        if self.contribution is None:
            raise ValidationError("This contribution is not public any more. Nothing was changed.")
        said = self.cleaned_data
        span = found_in(self.text, said["words"], said["begins"])
        if span is None:
            raise tagging.NotThereError
        place = Place(self.place.question, *span)
        with transaction.atomic():
            tag = said["tag"] or _tag(self, said["new"], self.place.question)
            made = tagging.tag(
                tag, self.contribution, place, self.text[slice(*span)], by=self.by, at=at
            )
        self.leads = f"passage-{made.pk}"


def _tag(act: Act, name: str, question: Question | None) -> Tag:
    """Return the tag of that name, made where there is none."""
    tags = Tag.objects.filter(
        consultation=act.summary.consultation_id, name__iexact=" ".join(name.split())
    )
    standing = tags.filter(question=None) | tags.filter(question=question)
    found = standing.first()
    return found or tagging.add(act.summary.consultation, name, by=act.by, question=question)


class MarkFile(Act):
    """Put words of a contribution's file under a tag of the round."""

    name, done = "mark_file", "The passage of the file is tagged."

    tag = forms.ModelChoiceField(Tag.objects.none(), required=False, label="Tag", empty_label="–")
    new = forms.CharField(
        label="or a new tag", max_length=100, required=False, validators=[validate_line]
    )
    attachment = forms.ModelChoiceField(Attachment.objects.none(), label="File", empty_label=None)
    page = forms.IntegerField(
        label="Page, where known", required=False, min_value=1, max_value=9999
    )
    words = forms.CharField(
        label="Words", max_length=20_000, validators=[validate_prose],
        widget=forms.Textarea({"rows": 3}), help_text="As they stand in the file.",
    )  # fmt: skip

    def prepare(self) -> None:
        self.contribution: Contribution | None = None
        if not self.is_bound:
            return
        self.contribution = of_round(self.summary).filter(pk=_key(self.key)).first()
        tag, file = self.fields["tag"], self.fields["attachment"]
        assert isinstance(tag, forms.ModelChoiceField)
        assert isinstance(file, forms.ModelChoiceField)
        tag.queryset = Tag.objects.filter(consultation=self.summary.consultation_id, question=None)
        file.queryset = Attachment.objects.filter(contribution=self.contribution, withheld_for="")
        self.offer(list(file.queryset), list(tag.queryset))

    def offer(self, files: Iterable[Attachment], tags: Iterable[Tag]) -> None:
        """Offer the files of a contribution, and the tags of the round."""
        self.fields["attachment"].widget.choices = [(each.pk, str(each.name)) for each in files]
        self.fields["tag"].widget.choices = [
            ("", "–"), *((each.pk, str(each)) for each in tags if each.question_id is None)
        ]  # fmt: skip

    def clean(self) -> dict[str, Any]:
        said: dict[str, Any] = super().clean() or {}
        if not said.get("tag") and not said.get("new") and not self.errors:
            self.add_error("tag", "Choose a tag, or name a new one.")
        return said

    def do(self, at: datetime) -> None:
        if self.contribution is None:
            raise ValidationError("This contribution is not public any more. Nothing was changed.")
        said = self.cleaned_data
        place = Place(attachment=said["attachment"], page=said["page"])
        with transaction.atomic():
            tag = said["tag"] or _tag(self, said["new"], None)
            made = tagging.tag(
                tag, self.contribution, place, said["words"].strip(), by=self.by, at=at
            )
        self.leads = f"passage-{made.pk}"


class Unmark(Act):
    """Take a tag off a passage."""

    name, done = "unmark", "The tag is taken off; who tagged it, and who took it off, stays."

    def do(self, at: datetime) -> None:
        rows = TaggedPassage.objects.filter(tag__consultation=self.summary.consultation_id)
        tagging.untag(self.row(rows), by=self.by, at=at)


class AddTag(Act):
    """Add a tag, for one question or for all."""

    name, done = "add_tag", "The tag is added."
    called = forms.CharField(label="New tag", max_length=100, validators=[validate_line])
    question = forms.ChoiceField(label="for", required=False)

    def prepare(self) -> None:
        box = self.fields["question"]
        assert isinstance(box, forms.ChoiceField)
        box.choices = [("", "the whole round"), *question_choices(self.summary)]

    def do(self, at: datetime) -> None:
        said = self.cleaned_data
        question = question_of(self.summary, said["question"])
        tagging.add(self.summary.consultation, said["called"], by=self.by, question=question)


def question_choices(summary: Summary) -> Iterator[tuple[str, str]]:
    """Yield the questions of a round as boxes offer them: by number, with their first words."""
    for number, row in asked(summary.consultation):
        yield str(row.pk), f"{number}. {in_any_language(row.text)[:70]}"


class RenameTag(Act):
    """Call a tag otherwise."""

    name, done = "rename_tag", "The tag has its new name."
    called = forms.CharField(label="Name", max_length=100, validators=[validate_line])

    def do(self, at: datetime) -> None:
        rows = Tag.objects.filter(consultation=self.summary.consultation_id)
        tagging.rename(self.row(rows), self.cleaned_data["called"], by=self.by)


class RemoveTag(Act):
    """Remove a tag under which nothing stands."""

    name, done = "remove_tag", "The tag is removed."

    def do(self, at: datetime) -> None:
        rows = Tag.objects.filter(consultation=self.summary.consultation_id)
        tagging.remove(self.row(rows), by=self.by)


class PutAside(Act):
    """Set a published contribution aside, with the reason; `key` is the contribution."""

    name = "set_aside"
    reason = prose("Reason", "Why no paragraph cites it. It stands in the summary.", 1_000, 2)

    def do(self, at: datetime) -> None:
        row = self.row(of_round(self.summary))
        coverage.set_aside(self.summary, row, self.cleaned_data["reason"], by=self.by, at=at)
        self.leads = f"contribution-{row.number}"

    def said(self) -> str:
        return "The contribution is set aside, with the reason."


class TakeBack(Act):
    """Set a contribution aside no more; `key` is the row that set it aside."""

    name, done = "take_back", "The contribution is set aside no more."

    def do(self, at: datetime) -> None:
        rows = SetAside.objects.filter(summary=self.summary)
        coverage.take_back(self.row(rows.select_related("summary")), by=self.by)


# Agreeing


class AskReader(Act):
    """Ask a second reader."""

    name = "ask_reader"
    reader = forms.ChoiceField(label="Second reader")

    def prepare(self) -> None:
        self.people: dict[str, Any] = {}

    def offer(self, people: Mapping[str, Any]) -> None:
        """Offer these people, by key."""
        self.people = dict(people)
        box = self.fields["reader"]
        assert isinstance(box, forms.ChoiceField)
        box.choices = [(key, str(person)) for key, person in people.items()]

    def do(self, at: datetime) -> None:
        reader = self.people[self.cleaned_data["reader"]]
        second_reading.ask(self.summary, reader, by=self.by, at=at)

    def said(self) -> str:
        return f"{self.people[self.cleaned_data['reader']]} is asked to read it."


class AskNobody(Act):
    """Ask nobody any more."""

    name, done = "ask_nobody", "Nobody is asked to read it any more."

    def do(self, at: datetime) -> None:
        second_reading.take_back(self.summary, by=self.by)


class ReadIt(Act):
    """Agree as the second reader to the words that were shown, or say what is to be mended."""

    name, needs = "read", READ_SECOND
    done = "Your answer is kept."
    answer = forms.ChoiceField(
        label="Your answer", choices=[("yes", "I agree to these words"), ("no", "To be mended")],
        widget=forms.RadioSelect,
    )  # fmt: skip
    remarks = forms.CharField(
        label="Remarks", required=False, max_length=5_000, validators=[validate_prose],
        widget=forms.Textarea({"rows": 4}), help_text="Needed where something is to be mended.",
    )  # fmt: skip
    words = forms.CharField(widget=forms.HiddenInput)

    def do(self, at: datetime) -> None:
        said = self.cleaned_data
        second_reading.read(
            self.summary, agreed=said["answer"] == "yes", remarks=said["remarks"],
            words=said["words"], by=self.by, at=at,
        )  # fmt: skip

    def refused(self, error: Exception) -> None:
        if getattr(error, "field", "") == "reason":
            self.errors.clear()
            self.add_error("remarks", "Say what is to be mended.")


class OpenWindow(Act):
    """Open the draft to guests until an instant, or add guests and move the end."""

    name, done = "open_window", "The draft is open; the links are in the outbox."
    day = day_box("Open until")
    clock = time_box("at", initial=rounds.LAST_MINUTE)
    offered = forms.MultipleChoiceField(
        label="Contributors", required=False, widget=forms.CheckboxSelectMultiple
    )
    others = forms.CharField(
        label="Others, by e-mail", required=False, max_length=20_000, validators=[validate_prose],
        widget=forms.Textarea({"rows": 4}), help_text=(
            "One a line: the address, then name and organization if you like, with commas: "
            "person@example.org, Name, Organization."
        ),
    )  # fmt: skip

    def prepare(self) -> None:
        standing = {each.lower() for each in self.summary.guests.values_list("email", flat=True)}
        self.people = {
            each.email: each
            for each in commenting.offered(self.summary)
            if each.email.lower() not in standing
        }
        box = self.fields["offered"]
        assert isinstance(box, forms.MultipleChoiceField)
        box.choices = [
            (each.email, ", ".join(filter(None, (each.organisation, each.name, each.email))))
            for each in self.people.values()
        ]

    def clean_others(self) -> list[Guest]:
        found, wrong = [], []
        for line in str(self.cleaned_data["others"]).splitlines():
            if not line.strip():
                continue
            email, _, rest = (part.strip() for part in line.partition(","))
            name, _, organisation = (part.strip() for part in rest.partition(","))
            try:
                validate_email(email)
            except ValidationError:
                wrong.append(email)
            found.append(Guest(email, name[:200], organisation[:300]))
        if wrong:
            raise ValidationError(f"No e-mail address: {', '.join(wrong)}.")
        if len(found) > MOST_GUESTS:
            raise ValidationError(f"At most {MOST_GUESTS} at once.")
        return found

    def clean(self) -> dict[str, Any]:
        said: dict[str, Any] = super().clean() or {}
        if said.get("day") and said.get("clock"):
            zone = self.summary.consultation.group.zone
            try:
                said["until"] = rounds.local(zone, said["day"], said["clock"])
            except (ValueError, OverflowError) as error:
                self.add_error("clock", str(error))
        return said

    def do(self, at: datetime) -> None:
        said = self.cleaned_data
        guests = [*(self.people[email] for email in said["offered"]), *said["others"]]
        commenting.open_window(self.summary, guests, said["until"], by=self.by, at=at)

    def refused(self, error: Exception) -> None:
        if getattr(error, "field", "") in ("guests", "until"):
            field = "others" if getattr(error, "field", "") == "guests" else "day"
            self.errors.clear()
            self.add_error(field, str(error))


class CloseWindow(Act):
    """Close the window before its end."""

    name, done = "close_window", "The window for comments is closed."

    def do(self, at: datetime) -> None:
        commenting.close(self.summary, by=self.by, at=at)


class AnswerComment(Act):
    """Say what was done with a comment; `key` is the comment."""

    name, done = "answer", "What was done with the comment is kept."
    taken = forms.ChoiceField(
        label="What was done", choices=SummaryComment.Done.choices, widget=forms.RadioSelect
    )
    words = forms.CharField(
        label="Answer", required=False, max_length=2_000, validators=[validate_prose],
        widget=forms.Textarea({"rows": 2}),
        help_text="Its author reads it. Needed where the comment is not taken.",
    )  # fmt: skip

    def do(self, at: datetime) -> None:
        rows = SummaryComment.objects.filter(summary=self.summary)
        held = self.row(rows.select_related("summary"))
        said = self.cleaned_data
        commenting.answer(held, said["taken"], said["words"], by=self.by, at=at)
        self.leads = f"comment-{held.pk}"

    def refused(self, error: Exception) -> None:
        if getattr(error, "field", "") == "reason":
            self.errors.clear()
            self.add_error("words", "Say why the comment is not taken.")


class Finalise(Act):
    """Keep it as the next edition."""

    name, done, needs = "finalise", "The summary is final.", FINALISE
    meeting = forms.ModelChoiceField(
        Meeting.objects.none(), label="Meeting of the Group", empty_label=None,
        help_text="In its register the summary is numbered.",
    )  # fmt: skip
    reason = forms.CharField(
        label="Reason", required=False, max_length=1_000, validators=[validate_prose],
        widget=forms.Textarea({"rows": 2}), help_text="Why there is another edition.",
    )  # fmt: skip

    def prepare(self) -> None:
        if self.summary.document_id is not None:
            del self.fields["meeting"]
            return
        del self.fields["reason"]
        box = self.fields["meeting"]
        assert isinstance(box, forms.ModelChoiceField)
        group = self.summary.consultation.group_id
        box.queryset = Meeting.objects.filter(
            group=group, series=Meeting.Series.OWN, cancelled_on=None
        ).order_by("-first_day")

    def do(self, at: datetime) -> None:
        said = self.cleaned_data
        finalising.finalise(
            self.summary, by=self.by, at=at, meeting=said.get("meeting"),
            reason=said.get("reason", ""),
        )  # fmt: skip

    def refused(self, error: Exception) -> None:
        if isinstance(error, editions.NoReasonError):
            self.errors.clear()
            self.add_error("reason", str(error))


class Publish(Act):
    """Make the final edition public."""

    name, needs = "publish", FINALISE
    done = "The summary is published; those who asked are told where they are cited."

    def do(self, at: datetime) -> None:
        finalising.publish(self.summary, by=self.by, at=at)


class Reopen(Act):
    """Open a final summary for a new edition."""

    name, needs = "reopen", FINALISE
    done = "The summary is open again; the edition that was made stays as it is."
    reason = prose("Reason", "For the history.", 1_000, 2)

    def do(self, at: datetime) -> None:
        finalising.reopen(self.summary, self.cleaned_data["reason"], by=self.by, at=at)
