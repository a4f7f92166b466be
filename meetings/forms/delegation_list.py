"""A list of people to invite, as a file of comma-separated values: each line is read for itself.

The columns are e-mail, name, Member State (its ISO code or its short name in any language) and
role; the last may be empty, for a delegate. A first line that names the columns is left out.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from meetings import delegations
from meetings.characters import validate_line
from meetings.delegations import Invited, LeftLine, Line
from meetings.forms.delegations import offer_groups
from meetings.models import DelegateTerm, MemberState, WorkingGroup

MOST_LINES = 500
MOST_BYTES = 200_000
HEADINGS = {"e-mail", "email", "mail", "e-mail address", "address"}
COLUMNS = ("email", "name", "member_state", "role")
SHOWN = 120  # characters of a line that is named


class LineForm(forms.Form):
    """One line of the list."""

    email = forms.EmailField(label="E-mail", max_length=254)
    name = forms.CharField(label="Name", max_length=150, validators=[validate_line])
    member_state = forms.CharField(label="Member State", max_length=200)
    role = forms.CharField(label="Role", required=False, max_length=40)

    def __init__(self, data: dict[str, str], *, states: dict[str, MemberState]) -> None:
        super().__init__(data)
        self.states = states

    def clean_member_state(self) -> MemberState:
        """Return the Member State of a code or a name."""
        said = self.cleaned_data["member_state"]
        found = self.states.get(said.casefold())
        if found is None:
            raise ValidationError(f"“{said}” is no ISO code and no short name of a Member State.")
        return found

    def clean_role(self) -> str:
        """Return the role; a delegate where none is said."""
        said = re.sub(r"[\s_-]+", "_", self.cleaned_data["role"].casefold())
        if said not in {"", *DelegateTerm.Role.values}:
            raise ValidationError(
                f"“{self.cleaned_data['role']}” is no role. Write delegate or focal point."
            )
        return said or DelegateTerm.Role.DELEGATE.value

    def reason(self) -> str:
        """Return what is wrong with the line, column by column."""
        return " ".join(
            f"{self.fields[name].label}: {problem}"
            for name, problems in self.errors.items()
            for problem in problems
        )


class ListForm(forms.Form):
    """The file with the people to invite to the delegations of one group."""

    group = forms.ModelChoiceField(WorkingGroup.objects.none(), to_field_name="slug")
    people = forms.FileField(
        label="List", help_text="A CSV file in UTF-8: e-mail, name, Member State, role. "
        f"At most {MOST_LINES} people at a time.",
    )  # fmt: skip

    def __init__(
        self, data: Any = None, files: Any = None, *, groups: Sequence[WorkingGroup]
    ) -> None:
        super().__init__(data, files, label_suffix="")
        self.only = groups[0]  # where there is one, nothing is to be chosen
        offer_groups(self, groups)

    def clean_people(self) -> str:
        """Return the text of the file. Refuses one that is no text, too large or too long."""
        sent = self.cleaned_data["people"]
        if sent.size > MOST_BYTES:
            raise ValidationError(f"The file is larger than {MOST_BYTES // 1000} kB. Divide it.")
        try:
            text: str = sent.read().decode("utf-8-sig")
        except UnicodeDecodeError:
            raise ValidationError(
                "The file is no text in UTF-8. Save it as “CSV UTF-8”, then send it again."
            ) from None
        if (count := len(list(_filled(text)))) > MOST_LINES:
            raise ValidationError(
                f"The file has {count} lines; at most {MOST_LINES} are taken at a time. Divide it."
            )
        return text

    def save(self, *, by: Any, at: datetime) -> Invited:
        """Invite the people of the list; the result names each line that was left, and why."""
        good, bad = read(self.cleaned_data["people"])
        group = self.cleaned_data.get("group", self.only)
        invited = delegations.invite_list(group, good, by=by, at=at)
        refused = sorted((*bad, *invited.refused), key=lambda each: each.number)
        return Invited(invited.terms, invited.standing, tuple(refused))


def read(text: str) -> tuple[list[Line], list[LeftLine]]:
    """Return the lines of a list that can be followed, and those that cannot."""
    good: list[Line] = []
    bad: list[LeftLine] = []
    states = _states()
    lines = list(_filled(text))
    mark = _mark(lines[0][1]) if lines else ","
    for place, (number, line) in enumerate(lines):
        try:
            cells = [cell.strip() for cell in next(csv.reader([line], delimiter=mark, strict=True))]
        except csv.Error:
            bad.append(LeftLine(number, line[:SHOWN], "Its quotation marks do not close."))
            continue
        if place == 0 and cells[0].casefold() in HEADINGS:
            continue
        while len(cells) > len(COLUMNS) and not cells[-1]:
            cells.pop()
        if len(cells) > len(COLUMNS):
            bad.append(
                LeftLine(number, line[:SHOWN], f"It has {len(cells)} columns; there are four.")
            )
            continue
        form = LineForm(dict(zip(COLUMNS, cells, strict=False)), states=states)
        if not form.is_valid():
            bad.append(LeftLine(number, line[:SHOWN], form.reason()))
            continue
        good.append(Line(number=number, text=line[:SHOWN], **form.cleaned_data))
    return good, bad


def _filled(text: str) -> Iterator[tuple[int, str]]:
    """Yield the lines in which anything stands, each with its number in the file."""
    for number, line in enumerate(re.split(r"\r\n|\r|\n", text), 1):
        if line.strip(" \t;,"):
            yield number, line


def _mark(line: str) -> str:
    """Return what parts the columns: what the first line has most of outside quotation marks."""
    bare = re.sub(r'"[^"]*"', "", line)
    return max(",;\t", key=bare.count)


def _states() -> dict[str, MemberState]:
    """Return the Member States by their code and by their short name in each language."""
    states = list(MemberState.objects.all())
    named = {name.casefold(): each for each in states for name in (each.name or {}).values()}
    # a code is never taken for a name
    return named | {each.iso.casefold(): each for each in states}
