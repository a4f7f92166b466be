"""Where a finding is mended: the page of its record in the secretariat's site, at the field."""

from __future__ import annotations

from bisect import bisect_right
from datetime import date

from django.apps import apps
from django.core.exceptions import FieldDoesNotExist
from django.db.models import Field
from django.urls import NoReverseMatch, reverse

from cwg.report.checks.findings import Finding
from cwg.report.checks.reading import Checked
from meetings.languages import LANGUAGES
from meetings.models import Meeting, Outcome
from meetings.models.fields import LineByLanguage, ProseByLanguage


def address(finding: Finding, checked: Checked) -> tuple[str, str]:
    """Return where to mend a finding, and the words of the link; "" where there is no such page."""
    match finding.model:
        case "meetings.outcome":
            return _outcome(finding, checked)
        case "meetings.meeting" if finding.field == "outcomes":
            page = reverse("admin:meetings_meeting_outcomes", args=[finding.key])
            return page, "Record outcomes"
        case "meetings.meeting" if finding.field == "closed_on":
            return reverse("admin:meeting_close", args=[finding.key]), "Close the meeting"
        case "report.passage":
            return _passage(finding, checked)
        case "report.reference":
            page = reverse("admin:report_report_change", args=[checked.report.pk])
            return f"{page}#references-group", "Open the references"
        case "report.report":
            return _row("report.report", str(checked.report.pk), finding.field, checked)
        case "meetings.groupname" | "meetings.housepattern":
            return _row("meetings.workinggroup", str(checked.record.group.pk), "", checked)
    return _row(finding.model, finding.key, finding.field, checked)


def _outcome(finding: Finding, checked: Checked) -> tuple[str, str]:
    """Return the outcomes of its meeting; a promise is settled on the page of the next meeting."""
    outcome = checked.outcome_by_key.get(finding.key)
    if outcome is None:
        return "", ""
    held = outcome.meeting
    if finding.field == "settlement":
        later = _next_meeting(held, checked)
        if later is not None and getattr(outcome, "settlement", None) is None:
            page = reverse("admin:meetings_meeting_outcomes", args=[later.pk])
            words = (
                "Record the launch"
                if outcome.kind == "would_launch"
                else "Record what became of it"
            )
            return f"{page}#id_promise-{outcome.pk}-how_0", words
    row = list(held.outcomes.all()).index(outcome)
    page = reverse("admin:meetings_meeting_outcomes", args=[held.pk])
    at = f"#id_outcomes-{row}-{finding.field}" if finding.field else ""
    return f"{page}{at}", f"Outcome {_called(outcome, row)}"


def _called(outcome: Outcome, row: int) -> str:
    return f"{outcome.meeting.number} {chr(ord('a') + row) if row < 26 else row + 1})"


def _next_meeting(held: Meeting, checked: Checked) -> Meeting | None:
    """Return the own meeting after `held`; those of the group stand in the order held."""
    at = bisect_right(checked.own_meetings, _when(held), key=_when)
    return next(iter(checked.own_meetings[at : at + 1]), None)


def _when(meeting: Meeting) -> tuple[date, int]:
    return meeting.last_day, meeting.ordinal


def _passage(finding: Finding, checked: Checked) -> tuple[str, str]:
    page = reverse("admin:report_report_change", args=[checked.report.pk])
    row = checked.passage_rows.get(finding.key)
    at = "" if row is None else f"#id_passages-{row}-{finding.field}_{_box(checked)}"
    return f"{page}{at}", "Open the passage"


def _box(checked: Checked) -> int:
    """Return which box of a text by language is the report's."""
    return list(LANGUAGES).index(checked.language)


def _row(label: str, key: str, name: str, checked: Checked) -> tuple[str, str]:
    if not label or not key:
        return "", ""
    model = apps.get_model(label)
    try:
        page = reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_change", args=[key])
    except NoReverseMatch:
        return "", ""
    words = f"Open the {model._meta.verbose_name}"
    try:
        field = model._meta.get_field(name)
    except FieldDoesNotExist:
        return page, words
    if not isinstance(field, Field):  # rows below the form
        return f"{page}#{name}-group", words
    by_language = isinstance(field, LineByLanguage | ProseByLanguage)
    return f"{page}#id_{name}{f'_{_box(checked)}' if by_language else ''}", words
