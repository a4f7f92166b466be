"""What is typed about the people of delegations: who is invited, who leaves, who begins."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from django import forms
from django.db.models import QuerySet

from meetings import delegations
from meetings.characters import validate_line
from meetings.delegations import DelegationError
from meetings.forms.promises import DayField
from meetings.models import DelegateTerm, MemberState, WorkingGroup

Role = DelegateTerm.Role


def put(form: forms.Form, problem: DelegationError) -> None:
    """Put what hinders an act beside its box, where the form has one."""
    form.add_error(problem.field if problem.field in form.fields else None, str(problem))


class ColleagueForm(forms.Form):
    """Somebody whom a focal point invites to the own delegation, as a delegate."""

    email = forms.EmailField(
        label="E-mail address", max_length=254,
        widget=forms.EmailInput({"autocomplete": "off"}),
        help_text="The address with which they will sign in.",
    )  # fmt: skip
    name = forms.CharField(max_length=150, validators=[validate_line])

    def __init__(
        self, data: Any = None, *, group: WorkingGroup, member_state: MemberState | None = None
    ) -> None:
        super().__init__(data, label_suffix="")
        # where the form itself does not ask for them
        self.given = {"group": group, "member_state": member_state, "role": Role.DELEGATE}

    def save(self, *, by: Any, at: datetime) -> DelegateTerm | None:
        """Invite them; put what hinders it beside its box and return None."""
        said: dict[str, Any] = self.given | self.cleaned_data
        try:
            return delegations.invite(**said, by=by, at=at)
        except DelegationError as problem:
            put(self, problem)
            return None


class InviteForm(ColleagueForm):
    """Somebody whom the secretariat invites, to whichever delegation, as whatever."""

    group = forms.ModelChoiceField(WorkingGroup.objects.none(), to_field_name="slug")
    member_state = forms.ModelChoiceField(
        MemberState.objects.none(), to_field_name="iso", empty_label="—", label="Member State"
    )
    role = forms.ChoiceField(choices=Role, initial=Role.DELEGATE, widget=forms.RadioSelect)

    field_order = ("group", "member_state", "email", "name", "role")

    def __init__(self, data: Any = None, *, groups: Sequence[WorkingGroup], **initial: Any) -> None:
        super().__init__(data, group=groups[0])
        offer_groups(self, groups)
        states: Any = self.fields["member_state"]
        states.queryset = MemberState.objects.all()
        states.choices = [("", "—"), *sorted(
            ((each.iso, str(each)) for each in states.queryset), key=lambda pair: pair[1]
        )]  # fmt: skip
        self.initial.update(initial)


def offer_groups(form: forms.Form, groups: Sequence[WorkingGroup]) -> None:
    """Offer the groups in which somebody may act; where there is one, nothing is to be chosen."""
    field: Any = form.fields["group"]
    if len(groups) == 1:
        del form.fields["group"]
        return
    field.queryset = WorkingGroup.objects.filter(pk__in=[each.pk for each in groups])
    field.choices = [(each.slug, str(each)) for each in groups]


class RemoveForm(forms.Form):
    """Why somebody leaves a delegation."""

    reason = forms.CharField(
        label="Why", max_length=300, validators=[validate_line],
        help_text="The history keeps it; the person is told the day, not the reason.",
    )  # fmt: skip

    def __init__(self, data: Any = None, *, term: DelegateTerm) -> None:
        super().__init__(data, label_suffix="")
        self.term = term

    def save(self, *, by: Any, day: date, at: datetime) -> bool:
        """End the term from `day` on; put what hinders it beside its box and return False."""
        try:
            delegations.remove(self.term, by=by, day=day, reason=self.cleaned_data["reason"], at=at)
        except DelegationError as problem:
            put(self, problem)
        return not self.errors


class AgainForm(forms.Form):
    """Whose invitation is to be mailed once more."""

    again = forms.ModelChoiceField(DelegateTerm.objects.none())

    def __init__(self, data: Any = None, *, terms: QuerySet[DelegateTerm]) -> None:
        super().__init__(data)
        field: Any = self.fields["again"]
        field.queryset = terms

    def save(self, *, by: Any, at: datetime) -> DelegateTerm | None:
        """Mail it; put what hinders it above the form and return None."""
        term: DelegateTerm = self.cleaned_data["again"]
        try:
            delegations.invite_again(term, by=by, at=at)
        except DelegationError as problem:
            put(self, problem)
            return None
        return term


class HandOverForm(forms.Form):
    """Who becomes the focal point, what becomes of the one before, since when, why."""

    STAYS, LEAVES = "stays", "leaves"

    to = forms.ModelChoiceField(
        DelegateTerm.objects.none(), label="New focal point", empty_label="—",
        help_text="One of the delegation’s delegates. Somebody else is invited first.",
    )  # fmt: skip
    before = forms.ChoiceField(
        label="The focal point until now",
        choices=((STAYS, "becomes a delegate"), (LEAVES, "leaves the delegation")),
        initial=STAYS, widget=forms.RadioSelect,
    )  # fmt: skip
    day = DayField(label="From", help_text="The first day of the new focal point.")
    reason = forms.CharField(
        label="Why", max_length=300, validators=[validate_line],
        help_text="What the change rests on: a letter of its day, a mail. The history keeps it.",
    )  # fmt: skip
    was = forms.CharField(required=False, max_length=20, widget=forms.HiddenInput)

    def __init__(
        self, data: Any = None, *, terms: QuerySet[DelegateTerm], focal: DelegateTerm | None,
        today: date,
    ) -> None:  # fmt: skip
        self.focal = focal
        super().__init__(
            data, label_suffix="", initial={"day": today, "was": focal.pk if focal else ""}
        )
        to: Any = self.fields["to"]
        to.queryset = terms.filter(role=Role.DELEGATE)
        to.label_from_instance = lambda term: f"{term.person} ({term.person.email})"
        day: Any = self.fields["day"]
        day.today = today
        if focal is None:
            del self.fields["before"]

    def clean_was(self) -> DelegateTerm | None:
        """Return the focal point who was in office when the form was opened."""
        key = self.cleaned_data["was"]
        standing = str(self.focal.pk) if self.focal else ""
        if key != standing:
            raise forms.ValidationError(str(delegations.ChangedMeanwhileError(self.focal)))
        return self.focal

    def save(
        self, group: WorkingGroup, member_state: MemberState, *, by: Any, at: datetime
    ) -> DelegateTerm | None:
        """Record the hand-over; put what hinders it beside its box and return None."""
        said = self.cleaned_data
        try:
            return delegations.hand_over(
                group, member_state, said["to"].person, by=by, day=said["day"],
                reason=said["reason"], at=at, was=said["was"],
                stays=said.get("before") != self.LEAVES,
            )  # fmt: skip
        except DelegationError as problem:
            put(self, problem)
            return None
