"""The outbox in the secretariat's site: what is to leave, what left, what did not."""

from __future__ import annotations

from typing import Any

from auditlog.models import LogEntry
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Count, Max, Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone

from meetings import outbox
from meetings.access import audience, groups_of, is_administrator, visible_to
from meetings.forms.mails import ACTS, MailForm, OutboxFilter
from meetings.models import Message
from meetings.views.secretariat import key

ROWS_A_PAGE = 50
# How each state looks: the classes of the badge
LOOKS = {
    Message.State.HELD: "open", Message.State.FAILED: "late", Message.State.UNCERTAIN: "late",
    Message.State.SENT: "kept",
}  # fmt: skip
DONE = {
    "save": "The text is saved.",
    "approve": "The mail is approved and leaves now.",
    "retry": "The mail leaves now.",
    "take_as_sent": "The mail counts as sent.",
    "stop": "The mail is stopped: it does not leave.",
}

HAPPENED = {
    "outbox.approve": "Approved",
    "outbox.correct": "Corrected",
    "outbox.stop": "Stopped",
    "outbox.retry": "Sent again by hand",
    "outbox.take_as_sent": "Said to be sent",
    "outbox.claim": "Taken up for sending",
    "outbox.send": "Tried",
    "outbox.give_up": "Given up",
}


def outbox_list(request: HttpRequest) -> HttpResponse:
    """Show the mails of the reader's groups, the newest first; approve several at once."""
    if not request.user.has_perm("meetings.view_message"):
        raise PermissionDenied
    mails = _mails(request)
    groups = list(
        groups_of(request.user, timezone.localdate())
        .filter(record_kept_here=True)
        .prefetch_related("names")
    )
    narrowed = OutboxFilter(request.GET, queryset=mails.defer("body"), groups=groups)
    if "all" in request.POST:
        return _approve_all(request, narrowed)
    if request.method == "POST":
        return _approve(request, mails)
    page = Paginator(narrowed.qs, ROWS_A_PAGE).get_page(request.GET.get("page"))
    rows = [(each, LOOKS.get(Message.State(each.state), "")) for each in page]
    context = {
        "title": "Mails",
        "filter": narrowed,
        "narrowed": any(request.GET.get(name) for name in narrowed.filters),
        "page": page,
        "rows": rows,
        "several_groups": len(groups) > 1,
        "held": any(each.state == Message.State.HELD for each, _ in rows),
        # more of them than the page can show: how many, and up to which they were counted
        "all": _held(request, narrowed).aggregate(number=Count("pk"), until=Max("pk"))
        if page.has_other_pages() and narrowed.form.is_valid()
        else None,
        "query": _query(request),
    }
    return _page(request, "meetings/mail_list.html", context)


def _approve(request: HttpRequest, mails: Any) -> HttpResponse:
    """Approve the mails that were ticked; those that moved on meanwhile are left."""
    keys = [each for sent in request.POST.getlist("mail")[:ROWS_A_PAGE] if (each := key(sent))]
    chosen = mails.filter(pk__in=keys, state=Message.State.HELD).order_by("pk")
    done = 0
    for each in chosen:
        if not request.user.has_perm("meetings.change_message", each):
            raise PermissionDenied
        try:
            outbox.approve(each, at=timezone.now(), by=_person(request))
        except outbox.WrongStateError:
            continue
        done += 1
    if not keys:
        messages.warning(request, "Tick the mails to approve first. Nothing was changed.")
        return _again(request)
    left = len(keys) - done
    moved = f"; {left} stood in another state by now" if left else ""
    messages.success(request, f"{_approved(done)}{moved}.")
    return _again(request)


def _held(request: HttpRequest, narrowed: OutboxFilter) -> QuerySet[Message]:
    """Return the mails under the filter that wait for approval, and that the reader may approve."""
    rows: QuerySet[Message] = narrowed.qs.filter(state=Message.State.HELD)
    if is_administrator(request.user):
        return rows
    may = [
        each.pk
        for each in groups_of(request.user, timezone.localdate())
        if request.user.has_perm("meetings.change_message", Message(group=each))
    ]
    return rows.filter(group__in=may)


def _approve_all(request: HttpRequest, narrowed: OutboxFilter) -> HttpResponse:
    """Approve every mail under the filter, on whatever page: none that was written since it was shown."""
    until = request.POST["all"]
    if not key(until) or not narrowed.form.is_valid():
        messages.warning(request, "Look at the list once more. Nothing was changed.")
        return _again(request)
    if not request.user.has_perm("meetings.change_message"):
        raise PermissionDenied
    shown = _held(request, narrowed).filter(pk__lte=int(until))
    done = outbox.approve_all(shown, at=timezone.now(), by=_person(request))
    messages.success(request, f"{_approved(done)}.")
    return _again(request)


def _approved(number: int) -> str:
    return "1 mail is approved" if number == 1 else f"{number} mails are approved"


def _again(request: HttpRequest) -> HttpResponse:
    # 200 with the list would do the same again when the page is loaded anew
    return HttpResponseRedirect(request.get_full_path())


def mail(request: HttpRequest, pk: int) -> HttpResponse:
    """Show one mail with its history; correct it, and decide about it."""
    if not request.user.has_perm("meetings.view_message"):
        raise PermissionDenied
    message = _mails(request).filter(pk=pk).first() if pk < 2**63 else None
    if message is None:
        raise Http404
    if not request.user.has_perm("meetings.view_message", message):
        raise PermissionDenied
    may = request.user.has_perm("meetings.change_message", message)
    if request.method == "POST" and not may:
        raise PermissionDenied
    act = request.POST.get("act", "")
    form = MailForm(request.POST if act in ACTS else None, message=message)
    if form.is_bound and form.is_valid() and form.save(act, at=timezone.now(), by=_person(request)):
        messages.success(request, DONE[act])
        return HttpResponseRedirect(reverse("admin:mail", args=[pk]))
    context = {
        "title": message.subject,
        "mail": message,
        "look": LOOKS.get(Message.State(message.state), ""),
        "audience": audience(message),
        "form": form if may and form.acts else None,
        "message_id": outbox.message_id(message),
        "tries": outbox.TRIES,
        "history": _history(message),
    }
    return _page(request, "meetings/mail_read.html", context)


def _history(message: Message) -> list[dict[str, Any]]:
    """Return what happened to a mail, the last first."""
    entries = LogEntry.objects.get_for_object(message).select_related("actor")
    rows = []
    for entry in entries.order_by("-timestamp", "-pk")[:ROWS_A_PAGE]:
        said = entry.additional_data or {}
        changes = entry.changes if entry.action == LogEntry.Action.UPDATE else {}
        rows.append(
            {
                "at": entry.timestamp,
                "what": HAPPENED.get(said.get("activity", ""), "Written"),
                "by": entry.actor,
                "reason": said.get("reason", ""),
                "subject": changes.get("subject", [""])[0],
                "body": changes.get("body", [""])[0],
                "now": changes.get("state", ["", ""])[1],
            }
        )
    if not entries.filter(action=LogEntry.Action.CREATE).exists():  # written with many others
        rows.append({"at": message.written_at, "what": "Written"})
    return rows


def _mails(request: HttpRequest) -> Any:
    """Return the mails the reader sees: of the groups in whose secretariat they are."""
    today = timezone.localdate()
    rows = visible_to(request.user, Message.objects.all(), today)
    rows = rows.select_related("group", "decided_by").prefetch_related("group__names")
    if is_administrator(request.user):
        return rows
    staffed = [
        each.pk
        for each in groups_of(request.user, today)
        if request.user.has_perm("meetings.view_message", Message(group=each))
    ]
    return rows.filter(Q(group__in=staffed))


def _person(request: HttpRequest) -> Any:
    return request.user


def _query(request: HttpRequest) -> str:
    asked = request.GET.copy()
    asked.pop("page", None)
    return f"{asked.urlencode()}&" if asked else ""


def _page(request: HttpRequest, template: str, context: dict[str, Any]) -> HttpResponse:
    return TemplateResponse(request, template, {**admin.site.each_context(request), **context})
