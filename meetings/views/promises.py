"""The ledger of promises in the secretariat's site, and the acts that settle one."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone

from meetings.access import groups_of
from meetings.forms.promise_filter import PromiseFilter
from meetings.forms.promises import DecidedForm, DecisionBackForm, SettleForm, TakeBackForm
from meetings.models import Kind, Outcome, Waking, WorkingGroup
from meetings.promises import Row, State, rows, standings
from meetings.promises.timeline import timeline

ROWS_A_PAGE = 50


def ledger(request: HttpRequest) -> HttpResponse:
    """Show the promises of the reader's groups, as they stood on the day asked for."""
    today = timezone.localdate()
    kept = groups_of(request.user, today).filter(record_kept_here=True)
    groups = list(kept.prefetch_related("names"))
    _may_see(request)
    narrowed = PromiseFilter(request.GET, groups=groups)
    day = narrowed.day_asked(today)
    asked = narrowed.states_asked()
    found = [each for each in standings(narrowed.qs, day) if each.state in asked]
    found.sort(key=lambda each: each.order)
    page = Paginator(found, ROWS_A_PAGE).get_page(request.GET.get("page"))
    shown = rows(list(page))
    acting = {group.pk for group in groups if _may_settle(request, group)}
    cycle = narrowed.cycle_asked()
    context = {
        "title": "Promises",
        "filter": narrowed,
        "day": day,
        "today": today,
        "page": page,
        "rows": [(row, row.promise.meeting.group_id in acting, _meeting(request, row)) for row in shown],
        "several_groups": len(groups) > 1,
        "picture": timeline(shown, day, groups),
        "cycle": cycle.label if cycle else "",
        "query": _query(request),
    }  # fmt: skip
    return _page(request, "meetings/promise_ledger.html", context)


def promise(request: HttpRequest, pk: int) -> HttpResponse:
    """Show one promise; settle it, or take back how it was settled."""
    today = timezone.localdate()
    row = _row(request, pk, today)
    may = _may_settle(request, row.promise.meeting.group)
    if request.method == "POST" and not may:
        raise PermissionDenied
    # what somebody else settled meanwhile is said, and nothing typed is lost
    settled = hasattr(row.promise, "settlement")
    taking_back = "take_back" in request.POST if request.method == "POST" else settled
    form: SettleForm | TakeBackForm | None = None
    if may and taking_back:
        form = TakeBackForm(_sent(request))
        if form.is_valid() and form.save(row.promise, request.user):
            messages.success(request, "The settlement is taken back. The promise is open again.")
            return HttpResponseRedirect(request.path)
    elif may:
        form = SettleForm(_sent(request), row=row, today=today)
        if form.is_valid() and form.save(request.user):
            messages.success(request, f"“{row.what}” is settled.")
            return HttpResponseRedirect(reverse("admin:promises"))
    waking = Waking.objects.filter(promise=row.promise).select_related("decision__session").first()
    context = {
        "title": row.what,
        "row": row,
        "address": _meeting(request, row),
        "form": form,
        "taking_back": taking_back,
        "waiting": row.state == State.WAITING,
        "decision": waking.decision if waking else None,
        "launch": row.promise.kind == Kind.WOULD_LAUNCH,
        "may_settle": may,
    }
    return _page(request, "meetings/promise_settle.html", context)


def decided(request: HttpRequest, pk: int) -> HttpResponse:
    """Record what the session decided that a promise waits for."""
    today = timezone.localdate()
    row = _row(request, pk, today)
    group = row.promise.meeting.group
    if not _may_settle(request, group):
        raise PermissionDenied
    session = row.promise.awaits
    if session is None:
        raise Http404
    waiting = _waiting(row.promise, today)
    form = DecidedForm(_sent(request), session=session, waiting=waiting, asked=pk, today=today)
    if form.is_valid() and form.save(request.user):
        messages.success(request, f"What {session} decided is recorded.")
        return HttpResponseRedirect(reverse("admin:promises"))
    context = {"title": f"{session} has decided", "row": row, "session": session, "form": form}
    return _page(request, "meetings/promise_decided.html", context)


def decision_back(request: HttpRequest, pk: int) -> HttpResponse:
    """Take back what a session decided: what that woke waits again."""
    today = timezone.localdate()
    row = _row(request, pk, today)
    if not _may_settle(request, row.promise.meeting.group):
        raise PermissionDenied
    waking = Waking.objects.filter(promise=row.promise).select_related("decision__session").first()
    if waking is None:  # never recorded, or taken back in the meantime
        messages.warning(request, f"No decision stands beside “{row.what}”. Nothing was changed.")
        return HttpResponseRedirect(reverse("admin:promise", args=[pk]))
    form = DecisionBackForm(_sent(request))
    if form.is_valid() and form.save(waking.decision, request.user):
        messages.success(request, "The decision is taken back. What it woke waits again.")
        return HttpResponseRedirect(reverse("admin:promise", args=[pk]))
    woken = Outcome.objects.filter(waking__decision=waking.decision)
    context = {
        "title": f"Take back what {waking.decision.session} decided",
        "row": row,
        "decision": waking.decision,
        "woken": rows(standings(woken, today)),
        "form": form,
    }
    return _page(request, "meetings/promise_decision_back.html", context)


def _waiting(promise: Outcome, today: date) -> list[Row]:
    """Return what waits for the same session in the same group."""
    same = Outcome.objects.filter(
        meeting__group=promise.meeting.group_id, awaits=promise.awaits_id, waking=None
    )
    return rows([each for each in standings(same, today) if each.state == State.WAITING])


def _row(request: HttpRequest, pk: int, today: date) -> Row:
    """Return a promise of the reader's groups; absent and forbidden answer alike."""
    _may_see(request)
    mine = Outcome.objects.filter(pk=pk, meeting__group__in=groups_of(request.user, today))
    found = standings(mine, today)
    if not found:
        raise Http404
    return rows(found)[0]


def _may_see(request: HttpRequest) -> None:
    if not request.user.has_perm("meetings.view_outcome"):
        raise PermissionDenied


def _may_settle(request: HttpRequest, group: WorkingGroup) -> bool:
    return request.user.has_perm("meetings.add_settlement", group)


def _meeting(request: HttpRequest, row: Row) -> str:
    """Return the page that shows where a promise was made: the one for recording, or the public one."""
    if request.user.has_perm("meetings.change_meeting"):
        return reverse("admin:meetings_meeting_outcomes", args=[row.promise.meeting_id])
    return f"{row.promise.meeting.get_absolute_url()}#outcome-{row.letter}"


def _sent(request: HttpRequest) -> Any:
    return request.POST if request.method == "POST" else None


def _query(request: HttpRequest) -> str:
    """Return what was asked for, for the links to other pages."""
    query = request.GET.copy()
    query.pop("page", None)
    return f"{query.urlencode()}&" if query else ""


def _page(request: HttpRequest, template: str, context: dict[str, Any]) -> HttpResponse:
    # the list of everything the record holds stands on the secretariat's home; a table needs the room
    around = {**admin.site.each_context(request), "is_nav_sidebar_enabled": False}
    return TemplateResponse(request, template, {**around, **context})
