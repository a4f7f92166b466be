"""Following an invitation; choosing a role to look at the site as, and stopping."""

from __future__ import annotations

from typing import Any

from allauth.account.utils import perform_login
from django import forms
from django.contrib.auth.decorators import login_required
from django.contrib.auth.forms import SetPasswordForm
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from cwg.accounts import accepting, viewing
from meetings import invitations


def invitation(request: HttpRequest, token: str) -> HttpResponse:
    """Show who is invited to which delegation; set the first password, sign in, go to the desk.

    Asking for the page uses nothing up. Every link that is worth nothing is answered alike.
    """
    at = timezone.now()
    try:
        invited = invitations.by_link(token, at=at)
        form = FirstPasswordForm(
            invited.term.person, request.POST if request.method == "POST" else None
        )
        if form.is_valid():
            person = accepting.accept(token, form.cleaned_data["new_password1"], at=at)
            signed_in: HttpResponse = perform_login(
                request, person, redirect_url=reverse("desk:home")
            )
            return signed_in
    except invitations.LinkError:
        return render(request, "accounts/invitation_over.html", status=404)
    wrong = form.is_bound and bool(form.errors)
    context = {"term": invited.term, "by": invited.by, "form": form}
    return render(request, "accounts/invitation.html", context, status=422 if wrong else 200)


class FirstPasswordForm(SetPasswordForm):  # type: ignore[type-arg]  # not subscriptable at run time
    """A password, twice."""

    def __init__(self, user: Any, data: Any) -> None:
        super().__init__(user, data, label_suffix="")
        self.fields["new_password1"].label = "Password"
        self.fields["new_password2"].label = "The same password again"


class ViewAsForm(forms.Form):
    """As what to look at the site."""

    role = forms.ChoiceField(label="View the site as", widget=forms.RadioSelect)

    def __init__(self, data: Any = None, *, choices: list[tuple[str, str]]) -> None:
        super().__init__(data)
        field = self.fields["role"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = choices


@login_required
def view_as(request: HttpRequest) -> HttpResponse:
    """Offer the roles to look at the site as, or begin."""
    choices = viewing.choices(request.user, timezone.localdate())
    if not choices:
        raise PermissionDenied
    form = ViewAsForm(request.POST or None, choices=choices)
    if form.is_valid():
        viewing.begin(request.session, request.user, form.cleaned_data["role"])
        return redirect(_next(request))
    return render(request, "accounts/view_as.html", {"form": form, "next": _next(request)})


@require_POST
def view_as_stop(request: HttpRequest) -> HttpResponse:
    """Look at the site as oneself again, at the page where one was."""
    viewing.end(request.session)
    return redirect(_next(request))


def _next(request: HttpRequest) -> str:
    """Return the page asked for, if it is one of this site, else the secretariat's home."""
    asked = request.POST.get("next") or request.GET.get("next") or ""
    safe = url_has_allowed_host_and_scheme(
        asked, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return asked if safe else "admin:index"
