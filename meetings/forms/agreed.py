"""The lines agreed in the room, pasted: each becomes a row of the outcomes page, to be checked there."""

from __future__ import annotations

from datetime import date

from django import forms
from django.http import QueryDict

from meetings import agenda
from meetings import record as facts_of
from meetings.characters import validate_prose
from meetings.forms.outcomes import MOST_OUTCOMES
from meetings.models import REQUIRED, Kind, Meeting, Outcome
from meetings.typesetting.tree import plain
from meetings.wording import agreed_lines
from meetings.wording.agreed_lines import AgreedLine
from meetings.wording.facts import House, Viewpoint
from meetings.wording.patterns import PatternError
from meetings.wording.sentences import house_sentence
from meetings.wording.slots import SlotError

AS_AGREED = "As agreed in the room"
# What a line itself can say; kinds that need more keep the line as their wording
FROM_A_LINE = frozenset({"action", "addressee", "wording"})


class LinesForm(forms.Form):
    """The lines as they were pasted."""

    lines = forms.CharField(
        max_length=100_000, strip=False, label="Lines agreed in the room",
        widget=forms.Textarea({"rows": 6}), validators=[validate_prose],
        help_text=(
            "One outcome on each line. A line may begin with the number of its agenda item: "
            "“3.1: The Group took note of …”."
        ),
    )  # fmt: skip


def with_lines(typed: QueryDict, meeting: Meeting, today: date) -> QueryDict:
    """Return what was typed with a row more for each line that was pasted, its kind proposed.

    Lines that no page can take stay in their box.
    """
    asked = LinesForm(typed)
    total = typed.get("outcomes-TOTAL_FORMS", "")
    if not asked.is_valid() or not (total.isascii() and total.isdigit() and len(total) < 4):
        return typed
    numbers = {each.number: each.item.pk for each in agenda.of(meeting)}
    found = agreed_lines.read(asked.cleaned_data["lines"], numbers.keys())
    room = max(0, min(MOST_OUTCOMES - int(total), agreed_lines.MOST_LINES))
    house = facts_of.house(meeting.group, today, "en")
    rows = typed.copy()
    for place, line in enumerate(found[:room], int(total)):
        for name, value in _row(line, meeting, house, today).items():
            rows[f"outcomes-{place}-{name}"] = value
        if line.item:
            rows[f"outcomes-{place}-agenda_item"] = str(numbers[line.item])
    rows["outcomes-TOTAL_FORMS"] = str(int(total) + len(found[:room]))
    rows["lines"] = "\n".join(each.text for each in found[room:])
    return rows


def _row(line: AgreedLine, meeting: Meeting, house: House, today: date) -> dict[str, str]:
    """Return the boxes of a line. The house's own wording stands where it says the same."""
    boxes = {"kind": line.kind, "action": line.action, "addressee": line.addressee}
    if line.kind == Kind.FREE:
        return {"kind": line.kind, "wording": line.text}
    complete = (
        all(boxes.get(name) for name in REQUIRED[Kind(line.kind)] if name in FROM_A_LINE)
        and set(REQUIRED[Kind(line.kind)]) <= FROM_A_LINE
    )
    if not (complete and _says_the_same(line, meeting, house, today)):
        boxes |= {"wording": line.text, "wording_reason": AS_AGREED}
    return boxes


def _says_the_same(line: AgreedLine, meeting: Meeting, house: House, today: date) -> bool:
    outcome = Outcome(
        meeting=meeting, kind=line.kind, action={"en": line.action} if line.action else None,
        addressee={"en": line.addressee} if line.addressee else None,
    )  # fmt: skip
    try:
        facts = facts_of.outcome_facts(outcome, "en", today, topics=(), points=())
        printed = plain(house_sentence(facts, Viewpoint(today), house))
    except (SlotError, PatternError):
        return False
    return _bare(printed) == _bare(line.text)


def _bare(text: str) -> str:
    """Return a sentence as it is compared: without special spaces and hyphens, and its full stop."""
    plainly = text.replace("\u00a0", " ").replace("\u2011", "-")
    return " ".join(plainly.split()).rstrip(".").casefold()
