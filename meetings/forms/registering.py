"""What the secretariat types about a document: its data, its files, what is decided about it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date, datetime
from typing import Any, ClassVar

from django import forms
from django.contrib.auth.base_user import AbstractBaseUser
from django.core.exceptions import ValidationError

from meetings import entering, files, language_versions, registering
from meetings.agenda_numbers import numbered
from meetings.characters import validate_prose
from meetings.forms.fields import OrderedSelects, SomeOf
from meetings.forms.files import FilesField, FilesInput, taken
from meetings.language_versions import NewVersion
from meetings.languages import LANGUAGES, in_any_language
from meetings.models import (
    AgendaItem,
    Document,
    DocumentFile,
    Meeting,
    MemberState,
    Session,
    WorkingGroup,
)
from meetings.registering import Entry, RegisteringError

NO_FILE = "Choose a file."


def prose(label: str, help_text: str = "", *, required: bool = True) -> forms.CharField:
    """Return a box for a reason or a remark."""
    return forms.CharField(
        label=label, help_text=help_text, required=required, max_length=1000,
        validators=[validate_prose], widget=forms.Textarea({"rows": 2}),
    )  # fmt: skip


def day(label: str, **more: Any) -> forms.DateField:
    """Return a box for a day."""
    return forms.DateField(
        label=label, widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"), **more
    )


class OrderedSources(OrderedSelects):
    """One list for each Member State chosen and some more, so that their order is what is seen."""

    template_name = "meetings/widgets/ordered_sources.html"
    SPARE = 5

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        chosen = [str(each) for each in (value or ()) if each]
        context = super().get_context(name, chosen, attrs)
        lists = context["widget"]["lists"]
        choices = [("", "—"), *lists[0]["choices"]]
        key = context["widget"]["attrs"].get("id", name)
        first = max(len(chosen), 1)  # the first stands open also where nothing is chosen
        context["widget"]["lists"] = [
            {
                "id": f"{key}_{place}" if place else key, "choices": choices,
                "chosen": chosen[place] if place < len(chosen) else "",
                "first_spare": place == first,
            }
            for place in range(first + self.SPARE)
        ]  # fmt: skip
        return context


class _Told(forms.Form):
    """A form that says at its place what an activity refuses."""

    def done[Made](self, act: Callable[[], Made]) -> Made | None:
        """Return what an activity made; None where it cannot be, which is said."""
        try:
            return act()
        except RegisteringError as error:
            self.add_error(error.field if error.field in self.fields else None, str(error))
        except files.NotStoredError as error:
            self.add_error(None, str(error))
        except ValidationError as error:
            self._refused(error)
        return None

    def _refused(self, error: ValidationError) -> None:
        for name, said in getattr(error, "error_dict", {None: [error]}).items():
            place = name if name in self.fields else None
            self.add_error(place, [text for each in said for text in each.messages])


class DataForm(_Told):
    """What the register says of a document."""

    kind = forms.ChoiceField(label="Type", choices=Document.Kind)
    title = Document._meta.get_field("title").formfield()
    dated = day("Date", required=False, help_text="The date it bears.")
    original_language = forms.ChoiceField(
        label="Original", required=False, choices=[("", "Not recorded"), *LANGUAGES.items()]
    )
    purpose = forms.ChoiceField(
        label="For", required=False, choices=[("", "Not said"), *Document.Purpose.choices]
    )
    sources = SomeOf(
        label="Sources", required=False, widget=OrderedSources(),
        help_text="Member States in their order. Leave it out for the secretariat’s own.",
    )  # fmt: skip
    agenda_items = SomeOf(
        label="Agenda items", required=False, widget=forms.CheckboxSelectMultiple()
    )
    summary = Document._meta.get_field("summary").formfield()
    action_required = Document._meta.get_field("action_required").formfield()
    changed = prose("What is changed", required=False)
    contact = prose("Contact", "Shown to members, never to the public.", required=False)
    link = forms.URLField(
        label="Address elsewhere", required=False, max_length=500,
        help_text="Where it is published, if it is.",
    )  # fmt: skip
    note = prose("Note", "For staff only.", required=False)

    FACTS: ClassVar[tuple[str, ...]] = registering.FACTS

    def __init__(
        self, data: Any, *, group: WorkingGroup, meeting: Meeting | None, **more: Any
    ) -> None:
        super().__init__(data, label_suffix="", **more)
        self.group, self.meeting = group, meeting
        states = sorted(MemberState.objects.all(), key=str)
        self._offer("sources", {str(each.pk): each for each in states}, {})
        items = numbered(list(AgendaItem.objects.filter(meeting=meeting))) if meeting else []
        labels = {str(item.pk): f"{number} {in_any_language(item.title)}" for number, item in items}
        self._offer("agenda_items", {str(item.pk): item for _, item in items}, labels)
        if not items:
            del self.fields["agenda_items"]

    def _offer(self, name: str, rows: Mapping[str, Any], labels: Mapping[str, str]) -> None:
        field = self.fields[name]
        assert isinstance(field, SomeOf)
        field.rows = rows
        field.choices = [(key, labels.get(key, str(row))) for key, row in rows.items()]

    def entry(self) -> Entry:
        """Return what was typed."""
        said = self.cleaned_data
        return Entry(
            said.get("kind", ""),
            {name: said[name] for name in self.FACTS if name in said},
            sources=said.get("sources", []),
            agenda_items=said.get("agenda_items", []),
        )


class CorrectForm(DataForm):
    """The data of a document that is there, and why they are changed."""

    reason = prose("Why", "For the history.", required=False)
    seen = forms.CharField(required=False, max_length=32, widget=forms.HiddenInput())

    def __init__(self, data: Any, *, document: Document) -> None:
        self.document = document
        initial = {name: getattr(document, name) for name in self.FACTS} | {
            "kind": document.kind,
            "sources": [
                str(each.member_state_id)
                for each in document.sources.all() if each.declined_at is None
            ],
            "agenda_items": [str(each.pk) for each in document.agenda_items.all()],
            "seen": registering.stamp(document),
        }  # fmt: skip
        super().__init__(data, group=document.group, meeting=document.meeting, initial=initial)

    def save(self, *, by: AbstractBaseUser, at: datetime) -> Document | None:
        """Correct the document; None where that cannot be, which is said at its place."""
        reason, seen = self.cleaned_data["reason"], self.cleaned_data["seen"]
        now = registering.stamp(self.document)
        if seen and seen != now:
            sent: Any = self.data
            sent = sent.copy()
            sent["seen"] = now
            self.data = sent
        return self.done(
            lambda: registering.correct(
                self.document, self.entry(), reason, by=by, at=at, seen=seen
            )
        )


class NewForm(DataForm):
    """A document that the secretariat enters, with its place, and how it came."""

    place = forms.ChoiceField(
        label="Meeting or session",
        help_text="Below stand the agenda items of the meeting that stands here when you come; those "
        "of another are offered once it is entered.",
    )
    number = forms.CharField(
        label="Number it has already", required=False, max_length=60,
        help_text="Empty: it gets the next one. A document of a session has its number from there.",
    )  # fmt: skip
    arrived_on = day(
        "Arrived on", required=False,
        help_text="Of what Member States sent by e-mail or on paper. Empty: today.",
    )  # fmt: skip
    public = forms.BooleanField(
        label="Everybody may read it", required=False,
        help_text="Else members of the Group alone. It can be changed later.",
    )  # fmt: skip

    def __init__(
        self, data: Any, *, group: WorkingGroup, meetings: list[Meeting], today: date,
        meeting: Meeting | None,
    ) -> None:  # fmt: skip
        self.today = today
        initial = {
            "kind": Document.Kind.SECRETARIAT, "dated": today, "original_language": "en",
            "place": f"m{meeting.pk}" if meeting else "",
        }  # fmt: skip
        super().__init__(data, group=group, meeting=meeting, initial=initial)
        self._places: dict[str, Meeting | Session] = {f"m{each.pk}": each for each in meetings}
        self._places |= {f"s{each.pk}": each for each in Session.objects.order_by("-year", "pk")}
        field = self.fields["place"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [(key, str(each)) for key, each in self._places.items()]

    def clean_arrived_on(self) -> date | None:
        """Refuse a day that has not come."""
        arrived: date | None = self.cleaned_data["arrived_on"]
        if arrived is not None and arrived > self.today:
            raise ValidationError("That day has not come yet.")
        return arrived

    def save(self, *, by: AbstractBaseUser, at: datetime) -> Document | None:
        """Enter the document; None where that cannot be, which is said at its place."""
        said = self.cleaned_data
        place = self._places[said["place"]]
        entry = replace(
            self.entry(),
            meeting=place if isinstance(place, Meeting) else None,
            session=place if isinstance(place, Session) else None,
            number=said["number"].strip(), arrived_on=said["arrived_on"], public=said["public"],
        )  # fmt: skip
        return self.done(lambda: entering.enter(self.group, entry, by=by, at=at))


class LaterForm(_Told):
    """A revision, addendum or corrigendum that the secretariat enters."""

    title = Document._meta.get_field("title").formfield()
    changed = prose("What is changed")
    dated = day("Date", required=False)
    original_language = forms.ChoiceField(
        label="Original", required=False, choices=[("", "Not recorded"), *LANGUAGES.items()]
    )
    summary = Document._meta.get_field("summary").formfield()
    public = forms.BooleanField(label="Everybody may read it", required=False)

    FACTS: ClassVar[tuple[str, ...]] = (
        "title", "changed", "dated", "original_language", "summary",
    )  # fmt: skip

    def __init__(self, data: Any, *, parent: Document, relation: str, today: date) -> None:
        initial = {
            "title": parent.title, "dated": today, "public": parent.public,
            "original_language": parent.original_language,
        }  # fmt: skip
        super().__init__(data, initial=initial, label_suffix="")
        self.parent, self.relation = parent, relation

    def save(self, *, by: AbstractBaseUser, at: datetime) -> Document | None:
        """Enter it; None where that cannot be, which is said."""
        said = self.cleaned_data
        kept = {
            "purpose": self.parent.purpose, "action_required": self.parent.action_required,
            "contact": self.parent.contact,
        }  # fmt: skip
        facts = kept | {name: said[name] for name in self.FACTS}
        entry = Entry("", facts, public=said["public"])
        return self.done(
            lambda: entering.enter_later(self.parent, self.relation, entry, by=by, at=at)
        )


# The acts on one document's page


class ActForm(_Told):
    """An act on a document: its button, its key, what is asked with it."""

    name = heading = button = key = about = done_words = ""

    def __init__(self, data: Any, given: Any = None, *, document: Document) -> None:
        super().__init__(data, given, label_suffix="", prefix=self.name)
        self.document = document

    def save(self, *, by: AbstractBaseUser, at: datetime) -> bool:
        """Do it; False where that cannot be, which is said."""
        return self.done(lambda: self.act(by, at) or True) is not None

    def act(self, by: AbstractBaseUser, at: datetime) -> Any:
        """Do it. Raises what the activity refuses."""
        raise NotImplementedError


class RegisterAct(ActForm):
    name, button, key, done_words = "register", "Register it", "g", "It is registered."

    def act(self, by: AbstractBaseUser, at: datetime) -> Any:
        return registering.register(self.document, by=by, at=at)


class TakeAct(ActForm):
    name, button, key = "take", "Take it at this meeting", "t"
    done_words = "It is taken at this meeting. Register it now."

    def act(self, by: AbstractBaseUser, at: datetime) -> Any:
        return registering.decide_late(self.document, Document.LateDecision.TAKEN, by=by, at=at)


class HoldAct(ActForm):
    name, button, key = "hold", "Hold it for the next meeting", "h"
    done_words = "It is held for the next meeting."

    def act(self, by: AbstractBaseUser, at: datetime) -> Any:
        return registering.decide_late(self.document, Document.LateDecision.HELD, by=by, at=at)


class PublishAct(ActForm):
    name, button, key = "publish", "Make it public", "p"
    done_words = "Everybody may read it now."

    def act(self, by: AbstractBaseUser, at: datetime) -> Any:
        return registering.publish(self.document, by=by)


class RestrictAct(ActForm):
    name, heading, button, key = "restrict", "Restrict to members", "Restrict it", "r"
    about = "Its public address answers then as if nothing were there."
    done_words = "Members of the Group alone may read it now."
    reason = prose("Why", "For the history.")

    def act(self, by: AbstractBaseUser, at: datetime) -> Any:
        return registering.restrict(self.document, self.cleaned_data["reason"], by=by)


class FileAct(ActForm):
    """A language version to add, or to replace the one in the same language and format."""

    name, heading, button, key = "file", "Add or replace a language version", "Add it", "a"
    done_words = "The language version is kept."
    language = forms.ChoiceField(choices=LANGUAGES.items())
    version = forms.ChoiceField(label="It is the", choices=DocumentFile.Version)
    file = FilesField(label="Word or PDF", widget=FilesInput(".pdf,.docx"))
    reason = prose("Why", "Needed where a numbered document’s file is replaced.", required=False)

    def clean_file(self) -> Any:
        """Refuse what is no file that is taken."""
        good, refused = taken(self.cleaned_data["file"][:1], whole=True)
        if refused:
            raise ValidationError(refused)
        return good[0]

    def act(self, by: AbstractBaseUser, at: datetime) -> Any:
        said = self.cleaned_data
        new = NewVersion(said["language"], said["version"], said["file"])
        return language_versions.put(self.document, new, said["reason"], by=by, at=at)


class _OneVersion(ActForm):
    """An act on one of the language versions that are there."""

    version_of = forms.ChoiceField(label="Language version")

    def __init__(self, data: Any, given: Any = None, *, document: Document) -> None:
        super().__init__(data, given, document=document)
        self._files = {str(each.pk): each for each in document.files.all()}
        field = self.fields["version_of"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [
            (key, f"{each.get_language_display()}, {each.get_form_display()}")
            for key, each in self._files.items()
        ]

    def file(self) -> DocumentFile:
        """Return the one chosen."""
        return self._files[self.cleaned_data["version_of"]]


class VersionAct(_OneVersion):
    name, heading, button, key = "version", "Say what a version is", "Save", "v"
    done_words = "It is told apart."
    version = forms.ChoiceField(label="It is the", choices=DocumentFile.Version)

    def act(self, by: AbstractBaseUser, at: datetime) -> Any:
        return language_versions.tell_apart(self.file(), self.cleaned_data["version"], by=by)


class RemoveAct(_OneVersion):
    name, heading, button, key = "remove", "Remove a language version", "Remove it", "d"
    done_words = "The language version is removed."
    reason = prose("Why", "For the history.")

    def act(self, by: AbstractBaseUser, at: datetime) -> Any:
        return language_versions.remove(self.file(), self.cleaned_data["reason"], by=by)


class WithdrawAct(ActForm):
    name, heading, button, key = "withdraw", "Withdraw", "Withdraw it", "w"
    about = "Its number stays and says that it was withdrawn. It cannot be taken back."
    done_words = "It is withdrawn. Its number stays."
    reason = prose("Why", "Kept with the document, and told to the delegation that sent it.")

    def act(self, by: AbstractBaseUser, at: datetime) -> Any:
        return registering.withdraw(self.document, self.cleaned_data["reason"], by=by, at=at)


def acts_on(document: Document) -> list[type[ActForm]]:
    """Return the acts that `document` allows as it stands, those that wait first."""
    if document.withdrawn_at is not None:
        return []
    found: list[type[ActForm]] = []
    received = document.submitted_at is not None and not document.number
    if received and document.late and document.late_decision != Document.LateDecision.TAKEN:
        found += [TakeAct] + ([HoldAct] if not document.late_decision else [])
    elif received:
        found.append(RegisterAct)
    elif not document.public:
        found.append(PublishAct)
    if document.public:
        found.append(RestrictAct)
    if document.meeting_id is not None:
        found.append(FileAct)
    if document.files.all():
        found += [VersionAct, RemoveAct]
    return [*found, WithdrawAct]
