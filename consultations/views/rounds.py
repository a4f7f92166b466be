"""The pages on which the secretariat moves a round: from its launch to another address."""

from __future__ import annotations

from typing import Any
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone

from consultations import announcing, counting, following, likeness, rounds
from consultations.forms.entering import EntryForm
from consultations.forms.rounds import AddressForm, CorrectForm, ExtendForm, LateForm, LaunchForm
from consultations.models import Consultation
from consultations.rounds import RoundError
from consultations.views import desk
from consultations.views.uploading import with_files
from meetings.access import groups_of
from meetings.models import Kind, Outcome
from meetings.promises.ledger import letters_of
from meetings.promises.words import outcome_name

CHANGE = "consultations.change_consultation"
ROWS_A_PAGE = 30


def _change_page(consultation: Consultation) -> str:
    return reverse("admin:consultations_consultation_change", args=[consultation.pk])


def _about(consultation: Consultation, title: str) -> dict[str, Any]:
    return {
        "title": title, "consultation": consultation, "round_name": announcing.name(consultation),
        "change_page": _change_page(consultation), "place": consultation.opening().place,
    }  # fmt: skip


def launches(request: HttpRequest) -> HttpResponse:
    """Show the launches that meetings decided on and no round rests on yet."""
    groups = desk.moderated(request, "consultations.add_consultation")
    decided = Outcome.objects.filter(kind=Kind.WOULD_LAUNCH, meeting__group__in=groups).exclude(
        pk__in=Consultation.objects.filter(decided_by__isnull=False).values("decided_by")
    )
    rows = decided.select_related("meeting__group").prefetch_related("outcome_topics__topic")
    shown = Paginator(rows.order_by("-meeting__last_day", "-pk"), ROWS_A_PAGE)
    page = shown.get_page(request.GET.get("page"))
    letters = letters_of({each.meeting_id for each in page})
    context = {
        "title": "Launch from a decision", "page": page,
        "rows": [(each, outcome_name(each, letters[each.pk])) for each in page],
    }  # fmt: skip
    return desk.page(request, "desk_launches.html", context)


def launch(request: HttpRequest, pk: int) -> HttpResponse:
    """Fill a new round from a decision."""
    mine = groups_of(request.user, timezone.localdate())
    rows = Outcome.objects.filter(meeting__group__in=mine).select_related("meeting__group")
    outcome = rows.filter(pk=pk).first()
    if outcome is None:
        raise Http404
    if not request.user.has_perm("consultations.add_consultation", outcome.meeting.group):
        raise PermissionDenied
    person: Any = request.user
    form = LaunchForm(desk.sent(request), outcome=outcome)
    if form.is_valid() and (made := form.save(person)) is not None:
        messages.success(request, f"The round {made} is made. Nobody is told of it yet.")
        return HttpResponseRedirect(_change_page(made))
    letters = letters_of({outcome.meeting_id})
    standing = rounds.resting_on(outcome)
    context = {
        "title": "Launch a round", "form": form, "outcome": outcome,
        "decided_by": outcome_name(outcome, letters[outcome.pk]),
        "topics": [each.topic for each in outcome.outcome_topics.select_related("topic")],
        "standing": standing, "standing_page": _change_page(standing) if standing else "",
    }  # fmt: skip
    return desk.page(request, "desk_launch.html", context, form)


def announce(request: HttpRequest, pk: int) -> HttpResponse:
    """Show what announcing a round says, mails and settles; do it."""
    found = desk.round_or_404(request, pk, CHANGE)
    person: Any = request.user
    problem, now = "", timezone.now()
    lacks = rounds.lacks(found, now)
    if request.method == "POST":
        try:
            rounds.announce(found, at=now, by=person)
        except RoundError as error:
            problem = str(error)
        else:
            messages.success(request, f"{found} is announced.")
            return HttpResponseRedirect(_change_page(found))
    context = {
        **_about(found, "Announce the round"), "problem": problem,
        "lacks": lacks, "window": rounds.told_words(found),
        "mail": None if lacks else following.announced_words(found, now),
        "followers": following.number_of_followers(found),
        "promise": rounds.keeps(found),
        "opens": found.opening().first_day,
    }  # fmt: skip
    return desk.page(request, "desk_announce.html", context)


def extend(request: HttpRequest, pk: int) -> HttpResponse:
    """Show what an extension says and mails, then extend: nobody is mailed what was not shown."""
    found = desk.round_or_404(request, pk, CHANGE)
    person: Any = request.user
    now = timezone.now()
    today = now.astimezone(ZoneInfo(found.group.zone)).date()
    form = ExtendForm(desk.sent(request), consultation=found, today=today)
    preview = None
    if form.is_valid():
        preview = form.preview()
        words = announcing.extended(found.move(preview)) if preview else ""
        shown = bool(preview) and words == request.POST.get("shown")
        if "extend" in request.POST and shown and (made := form.save(now, person)) is not None:
            messages.success(request, announcing.extended(found.move(made)))
            return HttpResponseRedirect(_change_page(found))
    context = {
        **_about(found, "Extend the deadline"), "form": form, "preview": preview,
        "words": announcing.extended(found.move(preview)) if preview else "",
        "mail": following.extended_words(preview, now) if preview else None,
        "followers": following.number_of_followers(found) if preview else 0,
        "window": rounds.told_words(found),
        "changed": preview is not None and "extend" in request.POST,
        "may": found.announced_at is not None or found.record_incomplete,
    }  # fmt: skip
    return desk.page(request, "desk_extend.html", context, form)


def correct(request: HttpRequest, pk: int) -> HttpResponse:
    """Correct the instants of a round that was announced."""
    found = desk.round_or_404(request, pk, CHANGE)
    person: Any = request.user
    form = CorrectForm(desk.sent(request), consultation=found)
    if form.is_valid() and form.save(timezone.now(), person) is not None:
        messages.success(request, f"The dates of {found} are corrected.")
        return HttpResponseRedirect(_change_page(found))
    context = {
        **_about(found, "Correct the dates"), "form": form, "window": rounds.told_words(found)
    }  # fmt: skip
    return desk.page(request, "desk_correct.html", context, form)


def address(request: HttpRequest, pk: int) -> HttpResponse:
    """Give a round another address."""
    found = desk.round_or_404(request, pk, CHANGE)
    person: Any = request.user
    form = AddressForm(desk.sent(request), consultation=found)
    if form.is_valid() and (moved := form.save(person)) is not None:
        messages.success(request, f"The round stands at {moved.get_absolute_url()} now.")
        return HttpResponseRedirect(_change_page(found))
    context = {
        **_about(found, "Change the address"), "form": form,
        "former": list(found.former_addresses.all()[:ROWS_A_PAGE]),
    }  # fmt: skip
    return desk.page(request, "desk_address.html", context, form)


def late(request: HttpRequest, pk: int) -> HttpResponse:
    """Let somebody who began nothing contribute after the closing."""
    found = desk.round_or_404(request, pk, "consultations.add_contribution")
    person: Any = request.user
    form = LateForm(desk.sent(request), consultation=found)
    if form.is_valid() and (made := form.save(timezone.now(), person)) is not None:
        messages.success(request, f"The private link is in the outbox, to {made.email}.")
        return HttpResponseRedirect(_change_page(found))
    context = {
        **_about(found, "Open a late window"),
        "form": form,
        "window": rounds.told_words(found),
    }
    return desk.page(request, "desk_late.html", context, form)


@with_files
def enter(request: HttpRequest, pk: int) -> HttpResponse:
    """Enter a contribution that came by e-mail or on paper, with its files."""
    found = desk.round_or_404(request, pk, "consultations.add_contribution")
    person: Any = request.user
    now = timezone.now()
    today = now.astimezone(ZoneInfo(found.group.zone)).date()
    typed = desk.sent(request)
    files = None if typed is None else request.FILES
    form = EntryForm(
        typed, files, consultation=found, today=today, whole=typed is None or "whole" in typed
    )
    if form.is_valid() and (made := form.save(now, person)) is not None:
        messages.success(request, f"{made} is received and awaits the secretariat.")
        return HttpResponseRedirect(reverse("admin:contribution", args=[made.pk]))
    context = {
        **_about(found, "Enter a contribution"), "form": form, "window": rounds.told_words(found)
    }  # fmt: skip
    return desk.page(request, "desk_enter.html", context, form)


def alike(request: HttpRequest, pk: int) -> HttpResponse:
    """Show the groups of contributions to a round that say nearly the same."""
    found = desk.round_or_404(request, pk, desk.MODERATE)
    context = {
        **_about(found, "Nearly the same"),
        "groups": likeness.groups(found),
        "tally": counting.tally(found),
        "most": likeness.MOST_GROUPS,
    }
    return desk.page(request, "desk_alike.html", context)
