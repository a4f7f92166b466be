"""A meeting's workplace: where it stands, what it asks by when, and each act one step away."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from auditlog.models import LogEntry
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone

from cwg.cockpit.days import how_far
from cwg.report.models import Report
from cwg.workplace.telling import reports_on, told_in
from meetings import attendance, checklist
from meetings.checklist import Key, Look, Step
from meetings.forms.planning import CallForm, CancelForm, DeadlineForm, PublishForm, ReopenForm
from meetings.languages import in_any_language
from meetings.models import Meeting
from meetings.views.meetings import CLOSE, PLAN, REOPEN, my_meeting
from meetings.views.meetings.room import told
from meetings.views.secretariat import page
from meetings.wording import dates
from meetings.wording.messages import messages as words_in

ENGLISH = "en"  # the language of the secretariat's pages
LOOKS = {Look.DONE: "kept", Look.LATE: "late", Look.NOW: "open", Look.LATER: ""}
LABELS = {Look.DONE: "Done", Look.LATE: "Late", Look.NOW: "Due", Look.LATER: "To come"}
# Each act: what its form is, what it asks for, what is said when it is done
ACTS: Mapping[str, tuple[Callable[..., Any], str, str]] = {
    "call": (CallForm, PLAN, "The circular is recorded."),
    "deadline": (DeadlineForm, PLAN, "The deadline for documents is set."),
    "publish": (PublishForm, PLAN, "The agenda is public."),
    "cancel": (CancelForm, PLAN, "The meeting is called off. Its number stays used."),
    "reopen": (ReopenForm, REOPEN, "The meeting is open again. The history keeps why."),
}


@dataclass(frozen=True, slots=True)
class Row:
    """A step as the page shows it: how it stands, and where it is done."""

    step: Step
    due: str
    look: str
    label: str
    act: str
    address: str


def meeting(request: HttpRequest, pk: int) -> HttpResponse:
    """Show where a meeting stands; do the one act that was sent."""
    found = my_meeting(request, pk)
    now = timezone.now()
    today = timezone.localdate(now)
    forms = _forms(request, found, today)
    if request.method == "POST":
        named = request.POST.get("act", "")
        if not request.user.has_perm(ACTS[named][1] if named in ACTS else PLAN, found):
            raise PermissionDenied
        form = forms.get(named)
        if form is not None and form.is_valid() and form.save(at=now, by=request.user) is not None:
            messages.success(request, ACTS[named][2])
            return HttpResponseRedirect(reverse("admin:meeting", args=[pk]))
        if named in ACTS and form is None:  # the meeting moved on since the page was made
            messages.warning(request, "That is no longer to be done here. Nothing was changed.")
    return page(
        request, "workplace/meeting.html", _context(request, found, forms, now), *forms.values()
    )


def _forms(request: HttpRequest, found: Meeting, today: date) -> dict[str, Any]:
    """Return the forms of the acts that the meeting allows, and the person may do."""
    open_ = found.closed_on is None and found.cancelled_on is None
    there = {
        "call": open_ and found.first_day >= today,
        "deadline": open_,
        "publish": open_ and found.agenda_published_at is None,
        "cancel": open_,
        "reopen": found.closed_on is not None,
    }
    posted = request.POST.get("act") if request.method == "POST" else None
    return {
        name: form(request.POST if posted == name else None, meeting=found, today=today)
        for name, (form, act, _) in ACTS.items()
        if there[name] and request.user.has_perm(act, found)
    }


def _context(
    request: HttpRequest, found: Meeting, forms: dict[str, Any], now: datetime
) -> dict[str, Any]:
    today = timezone.localdate(now)
    reports = reports_on(found)
    known = checklist.facts(found, told_in(found))
    may_close = request.user.has_perm(CLOSE, found)
    steps = checklist.steps(found, known, today) if found.planned_at else []
    paragraph, problem = told(found)
    deadline = found.documents_deadline()
    return {
        "title": str(found),
        "meeting": found,
        "days": dates.days(words_in(ENGLISH), found.first_day, found.last_day),
        "place": in_any_language(found.place),
        "state": found.state(today),
        "far": how_far(found.first_day, today),
        "deadline": deadline.words(words_in(ENGLISH)),
        "deadline_passed": deadline.ends is not None and deadline.ends <= now,
        "steps": [_row(request, found, step, reports, today) for step in steps],
        "counts": attendance.counts(found),
        "known": known,
        "reports": reports,
        "paragraph": paragraph,
        "problem": problem,
        "acts": forms,
        "may_plan": request.user.has_perm(PLAN, found),
        "may_close": may_close and found.closed_on is None and found.cancelled_on is None,
        "may_record": request.user.has_perm("meetings.change_meeting", found),
        "reopened": _reopened(request, found),
    }


def _row(
    request: HttpRequest, found: Meeting, step: Step, reports: list[Report], today: date
) -> Row:
    look = step.look(today)
    due = ""
    if step.due is not None:
        due = dates.day(words_in(ENGLISH), step.due)
        if look is not Look.DONE:
            due = f"{due}, {how_far(step.due, today)}"
    act, address = _act(found, step.key, reports)
    may = request.user.has_perm(PLAN, found)
    return Row(step, due, LOOKS[look], LABELS[look], act if may else "", address)


def _act(found: Meeting, key: Key, reports: list[Report]) -> tuple[str, str]:
    """Return the words and the address of what does a step."""
    change = reverse("admin:meetings_meeting_change", args=[found.pk])
    if key is Key.REPORT:
        if reports:
            preview = reverse("admin:report_report_preview", args=[reports[0].pk])
            return "Read the draft" if not reports[0].public else "Read the report", preview
        return "Reports", reverse("admin:report_report_changelist")
    if found.closed_on is not None:
        return "", ""
    here = reverse("admin:meeting", args=[found.pk])
    places = {
        Key.CALL: ("Record the circular", f"{here}#call"),
        Key.AGENDA: ("Write it, publish it", reverse("admin:meeting_agenda", args=[found.pk])),
        Key.INTERPRETATION: ("Say in which languages", change),
        Key.DOCUMENTS: ("Documents", f"{reverse('admin:documents')}?meeting={found.pk}"),
        Key.OUTCOMES: (
            "Record outcomes", reverse("admin:meetings_meeting_outcomes", args=[found.pk]),
        ),
        Key.PARTICIPANTS: ("Bring in the list", reverse("admin:meeting_participants", args=[found.pk])),
        Key.CLOSE: ("Close it", reverse("admin:meeting_close", args=[found.pk])),
    }  # fmt: skip
    return places[key]


def _reopened(request: HttpRequest, found: Meeting) -> list[LogEntry]:
    """Return when the meeting was reopened, by whom and why, the latest first."""
    if not request.user.has_perm("auditlog.view_logentry", found):
        return []
    entries = LogEntry.objects.get_for_object(found).filter(
        additional_data__activity="closing.reopen"
    )
    return list(entries.select_related("actor").order_by("-timestamp"))
