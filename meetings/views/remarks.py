"""The secretariat's pages on what was said at a meeting, and on the comments on its outcomes."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils import timezone

from meetings import attributing, commenting
from meetings.access import audience
from meetings.agenda_numbers import numbered
from meetings.forms.remarks import AnswerForm, StatementForm, WindowForm
from meetings.models import MemberState, OutcomeComment, Statement
from meetings.views.meetings import my_meeting_to
from meetings.views.secretariat import key, page
from meetings.wording.messages import messages as words_in

ROWS_A_PAGE = 50


def statements(request: HttpRequest, pk: int) -> HttpResponse:
    """Show what was said on each item of a meeting, and keep another statement."""
    meeting = my_meeting_to(request, pk, "meetings.view_statement")
    agenda = numbered(list(meeting.agenda_items.all()))
    sent = request.method == "POST"
    if sent and not request.user.has_perm("meetings.change_statement", meeting):
        raise PermissionDenied
    rows = Statement.objects.filter(agenda_item__meeting=meeting)
    if sent and (removed := request.POST.get("remove", "")):
        said = rows.filter(pk=found).first() if (found := key(removed)) else None
        if said is None:
            raise Http404
        attributing.remove_statement(said, by=_person(request))
        messages.success(request, "The statement is removed.")
        return HttpResponseRedirect(request.path)
    states = list(MemberState.objects.all())
    form = StatementForm(request.POST if sent else None, agenda=agenda, states=states)
    if form.is_valid():
        typed = form.cleaned_data
        try:
            attributing.record_statement(
                typed["agenda_item"], typed["text"], member_state=typed["member_state"],
                speaker=typed["speaker"], by=_person(request),
            )  # fmt: skip
        except attributing.NoItemError as problem:
            form.add_error("agenda_item", str(problem))
        else:
            messages.success(request, "The statement is kept.")
            return HttpResponseRedirect(request.path)
    numbers = {item.pk: number for number, item in agenda}
    ordered = sorted(
        rows.select_related("agenda_item", "member_state"),
        key=lambda each: (list(numbers).index(each.agenda_item_id), each.position, each.pk),
    )
    shown = Paginator(ordered, ROWS_A_PAGE).get_page(request.GET.get("page"))
    context = {
        "title": f"Statements at {meeting}",
        "meeting": meeting,
        "form": form,
        "agenda": agenda,
        "page": shown,
        "rows": [(numbers[each.agenda_item_id], each) for each in shown],
        "audience": audience(Statement(agenda_item=agenda[0][1])) if agenda else "",
    }
    return page(request, "meetings/statements.html", context, form)


def comments(request: HttpRequest, pk: int) -> HttpResponse:
    """Show the comments on the draft outcomes of a meeting; open the window, answer one."""
    meeting = my_meeting_to(request, pk, "meetings.view_outcomecomment")
    now, sent = timezone.now(), request.method == "POST"
    if sent and not request.user.has_perm("meetings.change_outcomecomment", meeting):
        raise PermissionDenied
    asked = request.POST.get("answer", "")
    rows = OutcomeComment.objects.filter(outcome__meeting=meeting)
    window = WindowForm(request.POST if sent and not asked else None, meeting=meeting)
    problem, answering = "", None
    if sent and not asked and window.is_valid():
        try:
            commenting.open_window(meeting, window.until(), by=_person(request), at=now)
        except commenting.CommentingError as error:
            problem = str(error)
        else:
            messages.success(request, "Delegations may comment until then.")
            return HttpResponseRedirect(request.path)
    if sent and asked:
        remark = rows.filter(pk=found).first() if (found := key(asked)) else None
        if remark is None:
            raise Http404
        answering = AnswerForm(request.POST, key=remark.pk)
        if answering.is_valid():
            try:
                commenting.answer(
                    remark, answering.cleaned_data["text"], by=_person(request), at=now
                )
            except commenting.CommentingError as error:
                problem = str(error)
            else:
                messages.success(request, "The answer is kept; the delegation reads it.")
                return HttpResponseRedirect(request.path)
    shown = Paginator(
        rows.select_related("outcome__meeting__group", "member_state", "answered_by").order_by(
            "outcome__position", "outcome", "made_at", "pk"
        ),
        ROWS_A_PAGE,
    ).get_page(request.GET.get("page"))
    context = {
        "title": f"Comments on the outcomes of {meeting}",
        "meeting": meeting,
        "is_open": commenting.is_open(meeting, now),
        "until": meeting.comments_deadline().words(words_in("en")),
        "window": window,
        "problem": problem,
        "page": shown,
        "rows": [
            (each, answering if asked == str(each.pk) else AnswerForm(key=each.pk))
            for each in shown
        ],
    }
    return page(request, "meetings/comments.html", context, window, answering)


def _person(request: HttpRequest) -> Any:
    return request.user
