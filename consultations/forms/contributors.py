"""What the secretariat may say of who contributed: one form for each act."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any, ClassVar

from django import forms
from django.contrib.auth.base_user import AbstractBaseUser
from django.db.models import Q

from consultations import joining
from consultations.forms.acting import ActForm
from consultations.forms.moderation import prose
from consultations.joining import JoiningError
from consultations.models import Contributor, ContributorMerge, NamesAlike, Naming

MOST_CHOICES = 200


class ContributorAct(ActForm):
    """One act on one contributor, with its reason."""

    heading: ClassVar[str]
    button: ClassVar[str]
    about: str = ""
    refusals = (JoiningError,)

    def __init__(self, data: Any = None, *, of: Contributor, by: AbstractBaseUser) -> None:
        super().__init__(data, prefix=self.name, label_suffix="")
        self.of, self.by = of, by
        self.fields["reason"] = prose("Reason", "Kept in the history; not published.", 500, 2)
        self.prepare()

    def offered(self) -> bool:
        """Say whether there is anything to do."""
        return True

    @property
    def reason(self) -> str:
        """Return the reason that was given."""
        return str(self.cleaned_data["reason"])


class OfTwo(ContributorAct):
    """An act on a contributor and another one."""

    def __init__(
        self, data: Any = None, *, of: Contributor, into: Contributor, by: AbstractBaseUser
    ) -> None:
        super().__init__(data, of=of, by=by)
        self.into = into


class Merge(OfTwo):
    """Say that it is the other one."""

    name, heading, button = "merge", "They are the same", "Merge them"
    done = "They are one now. It can be undone on the page of either."

    def __init__(
        self, data: Any = None, *, of: Contributor, into: Contributor, by: AbstractBaseUser
    ) -> None:
        super().__init__(data, of=of, into=into, by=by)
        self.about = f"Everything stands under “{into}” ({into.slug}) then; {of.slug} leads there."

    def do(self, at: datetime) -> None:
        joining.merge(self.of, self.into, self.reason, at=at, by=self.by)


class TellApart(OfTwo):
    """Say that they are two."""

    name, heading, button = "apart", "They are not the same", "Keep them apart"
    about = "They are offered as alike no more."
    done = "They are kept apart, and offered no more."

    def do(self, at: datetime) -> None:
        joining.tell_apart(self.of, self.into, self.reason, at=at, by=self.by)


class Choosing(ContributorAct):
    """An act on one of several rows."""

    label: ClassVar[str] = "Which"

    def rows(self) -> Any:
        """Return what there is to choose from."""
        raise NotImplementedError

    def called(self, row: Any) -> str:
        """Return what a row is called in the list."""
        raise NotImplementedError

    def prepare(self) -> None:
        self.found = list(self.rows()[:MOST_CHOICES])
        choices = [(str(each.pk), self.called(each)) for each in self.found]
        which = forms.TypedChoiceField(label=self.label, choices=choices, coerce=int)
        self.fields = {"which": which, **self.fields}

    def offered(self) -> bool:
        return bool(self.found)

    def chosen(self) -> Any:
        """Return the row that was chosen."""
        return next(each for each in self.found if each.pk == self.cleaned_data["which"])


class Undo(Choosing):
    """Take a merge back."""

    name, heading, button = "undo", "Undo a merge", "Undo it"
    label, done = "Merge", "It is undone: both have their own pages again."

    def rows(self) -> Any:
        rows = ContributorMerge.objects.filter(
            Q(contributor=self.of) | Q(into=self.of), undone_at=None
        )
        return rows.select_related("contributor", "into")

    def called(self, row: Any) -> str:
        return f"{row.contributor} into {row.into}"

    def do(self, at: datetime) -> None:
        joining.undo(self.chosen(), self.reason, at=at, by=self.by)


class OfferAgain(Choosing):
    """Offer two again that were told apart."""

    name, heading, button = "again", "Offer one again that was kept apart", "Offer it again"
    label, done = "Kept apart from", "It is offered again."

    def rows(self) -> Any:
        rows = NamesAlike.objects.filter(
            Q(one=self.of) | Q(other=self.of), told_apart_at__isnull=False
        )
        return rows.select_related("one", "other")

    def called(self, row: Any) -> str:
        other = row.other if row.one_id == self.of.pk else row.one
        return f"{other} ({other.slug})"

    def do(self, at: datetime) -> None:
        joining.offer_again(self.chosen(), self.reason, by=self.by)


class Split(Choosing):
    """Say that one contribution names somebody else of the same name."""

    name, heading, button = "split", "Another of the same name", "Give it a page of its own"
    label, done = "Contribution", "It has a page of its own now."
    about = "One of these contributions is from somebody else who has the same name."

    def rows(self) -> Any:
        rows = self.of.namings.select_related("contribution", "contributor")
        return rows.order_by("-contribution__received_at", "-pk")

    def called(self, row: Any) -> str:
        return str(row.contribution.reference)

    def offered(self) -> bool:
        return len(self.found) > 1

    def do(self, at: datetime) -> None:
        found: Naming = self.chosen()
        joining.split(found, self.reason, at=at, by=self.by)


class Respell(ContributorAct):
    """Show the name as another sender wrote it."""

    name, heading, button = "spell", "Another spelling", "Show it so"
    done = "It is spelled so now; an address that changed leads on."
    about = "Only a spelling that a sender wrote, in a contribution that is published."

    def prepare(self) -> None:
        self.found = [each for each in joining.spellings(self.of) if each != self.of.name]
        choices = [(each, each) for each in self.found]
        self.fields = {
            "spelling": forms.ChoiceField(label="Spelling", choices=choices), **self.fields
        }  # fmt: skip

    def offered(self) -> bool:
        return bool(self.found)

    def do(self, at: datetime) -> None:
        joining.respell(self.of, self.cleaned_data["spelling"], self.reason, at=at, by=self.by)


def acts(
    of: Contributor, typed: Any, *, by: AbstractBaseUser
) -> tuple[list[ContributorAct], ContributorAct | None]:
    """Return the acts that are offered, and the one that was asked for, with what was typed."""
    return _with_asked((Undo, Split, Respell, OfferAgain), typed, of=of, by=by)


def decisions(
    of: Contributor, into: Contributor, typed: Any, *, by: AbstractBaseUser
) -> tuple[list[ContributorAct], ContributorAct | None]:
    """Return the two things that can be said of a pair, and the one that was."""
    return _with_asked((Merge, TellApart), typed, of=of, into=into, by=by)


def _with_asked(
    kinds: Iterable[type[ContributorAct]], typed: Any, **facts: Any
) -> tuple[list[ContributorAct], ContributorAct | None]:
    asked = typed.get("act", "") if typed is not None else ""
    found = [each(typed if each.name == asked else None, **facts) for each in kinds]
    offered = [each for each in found if each.offered() or each.name == asked]
    return offered, next((each for each in offered if each.name == asked), None)
