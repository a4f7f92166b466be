"""The delegation's own page at the desk: its people; the focal point invites and removes delegates."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone

from meetings import delegations
from meetings.access import may_remove
from meetings.forms.delegations import AgainForm, ColleagueForm, RemoveForm
from meetings.models import DelegateTerm, MemberState, WorkingGroup
from meetings.views.desk import at_desk, my_group, page

ROWS_A_PAGE = 50


@at_desk
def delegation(request: HttpRequest, slug: str) -> HttpResponse:
    """Show who is in the delegation; the focal point invites a delegate, or somebody once more."""
    today = timezone.localdate()
    group, me = my_group(request, slug)
    state = MemberState.objects.get(pk=me.member_state)
    people = delegations.people(group, state, today)
    new, once_more = ColleagueForm(group=group, member_state=state), AgainForm(terms=people)
    if request.method == "POST":
        if not me.focal_point:
            raise PermissionDenied
        if "again" in request.POST:
            once_more = AgainForm(request.POST, terms=people)
        else:
            new = ColleagueForm(request.POST, group=group, member_state=state)
        if (said := _done(request, new, once_more)) is not None:
            messages.success(request, said)
            return _back(group)
    shown = Paginator(people, ROWS_A_PAGE).get_page(request.GET.get("page"))
    context = {
        "group": group, "state": state, "me": me, "people": shown, "form": new, "again": once_more,
        "rows": [(term, may_remove(request.user, term, today)) for term in shown],
    }  # fmt: skip
    return page(request, "delegation.html", context, new, once_more)


def _done(request: HttpRequest, new: ColleagueForm, again: AgainForm) -> str | None:
    """Do what was sent, and return it in words; None where something has to be mended."""
    at = timezone.now()
    if new.is_bound and new.is_valid():
        term = new.save(by=request.user, at=at)
        return f"{term.person.email} is invited; the mail leaves now." if term else None
    if again.is_bound and again.is_valid():
        term = again.save(by=request.user, at=at)
        return f"The invitation of {term.person} is mailed again." if term else None
    return None


@at_desk
def remove(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """End the term of a delegate of the own delegation from today on, with the reason."""
    today = timezone.localdate()
    group, term = _removable(request, slug, pk, today)
    form = RemoveForm(request.POST if request.method == "POST" else None, term=term)
    if form.is_valid() and form.save(by=request.user, day=today, at=timezone.now()):
        messages.success(request, f"{term.person} is in the delegation no longer.")
        return _back(group)
    context = {"group": group, "term": term, "form": form}
    return page(request, "delegation_remove.html", context, form)


def _removable(
    request: HttpRequest, slug: str, pk: int, today: date
) -> tuple[WorkingGroup, DelegateTerm]:
    """Return a term of the own delegation that the person may end.

    Raises Http404 for another delegation's as for what is not there, else PermissionDenied.
    """
    group, me = my_group(request, slug)
    if pk >= 2**63:
        raise Http404
    own: Any = DelegateTerm.objects.on(today).filter(group=group, member_state=me.member_state)
    term = get_object_or_404(own.select_related("person", "group", "member_state"), pk=pk)
    if not may_remove(request.user, term, today):
        raise PermissionDenied
    return group, term


def _back(group: WorkingGroup) -> HttpResponseRedirect:
    return HttpResponseRedirect(reverse("desk:delegation", args=[group.slug]))
