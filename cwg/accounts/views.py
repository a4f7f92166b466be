"""Choosing a role to look at the site as, and stopping."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from cwg.accounts import viewing


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
