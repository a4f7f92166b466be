"""The pages of whoever follows by e-mail: ask, confirm, end.

Nobody signs in and no cookie is set. A form here gives nothing that a browser adds by itself, and a
link from a mail is the whole authority: another site has nothing to borrow by forging a form, so the
pages are exempt from the check against that. They are never kept in a cache.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from consultations import following, limits
from consultations.forms.following import FollowForm
from consultations.models import Subscription
from meetings.frame import frame, group_or_404
from meetings.models import WorkingGroup

# How often an hour: from one machine, and to one address
ASKED_FROM, ASKED_FOR = ("follow-from", 20), ("follow-for", 4)
TOO_MANY = "Too much was asked for from here within an hour. Try again later."

type View = Callable[..., HttpResponse]


def _page(view: View) -> View:
    @wraps(view)
    def answering(request: HttpRequest, slug: str, **rest: str) -> HttpResponse:
        group = group_or_404(slug)
        try:
            answer = view(request, group, **rest)
        except following.LinkError as problem:
            shown = {"heading": "This link leads nowhere", "said": problem}
            answer = _shown(request, "follow_said", group, status=404, **shown)
        answer["X-Robots-Tag"] = "noindex"
        answer["Referrer-Policy"] = "no-referrer"  # the address is the secret
        return answer

    methods = require_http_methods(["GET", "HEAD", "POST"])
    return never_cache(csrf_exempt(methods(answering)))


def _shown(
    request: HttpRequest, template: str, group: WorkingGroup, *, status: int = 200, **more: Any
) -> HttpResponse:
    context = {**frame(group), **more}
    return render(request, f"consultations/{template}.html", context, status=status)


@_page
def follow(request: HttpRequest, group: WorkingGroup) -> HttpResponse:
    """Ask what somebody wants to hear of, and mail them the link that confirms it.

    The answer is the same whether the address is known or not.
    """
    sent = request.POST if request.method == "POST" else None
    form = FollowForm(sent, group=group, at=timezone.now(), asked=request.GET.get("what", ""))
    status = 200
    if sent is not None and not form.is_valid():
        status = 422
    elif sent is not None and not limits.allowed(ASKED_FROM, limits.machine(request)):
        form.add_error(None, TOO_MANY)
        status = 429
    elif sent is not None:
        if not form.is_by_a_machine and limits.allowed(ASKED_FOR, form.cleaned_data["email"]):
            form.save()
        return HttpResponseRedirect(reverse("consultations:follow_asked", args=[group.slug]))
    return _shown(request, "follow", group, status=status, form=form)


@_page
def asked(request: HttpRequest, group: WorkingGroup) -> HttpResponse:
    """Say that a mail is on its way."""
    said = (
        "A mail with a link is on its way to the address you gave. Nothing is sent beside it until "
        "that link is used. If it does not come within an hour, look among unwanted mails, then ask "
        "again."
    )
    return _shown(request, "follow_said", group, heading="Look into your mail", said=said)


@_page
def confirm(request: HttpRequest, group: WorkingGroup, token: str) -> HttpResponse:
    """Show what is to be confirmed; the button does it, so that a program that fetches links does not."""
    subscription = _of(group, following.by_confirmation(token))
    at = timezone.now()
    if request.method != "POST":
        if subscription.ended_at is not None:
            raise following.LinkError
        return _shown(request, "follow_confirm", group, name=following.name(subscription, at))
    following.confirm(subscription, at=at)
    said = f"You now follow {following.name(subscription, at)}. Each mail has a link that ends it."
    return _shown(request, "follow_said", group, heading="It is confirmed", said=said)


@_page
def end(request: HttpRequest, group: WorkingGroup, token: str) -> HttpResponse:
    """Show a button that ends it; a mail program's one click posts here without being shown anything."""
    subscription = _of(group, following.by_end(token))
    at = timezone.now()
    named = following.name(subscription, at)
    if request.method == "POST":
        following.end(subscription, at=at)
        subscription.ended_at = at
    if subscription.ended_at is None:
        return _shown(request, "follow_end", group, name=named)
    said = f"You no longer follow {named}. Nothing more is sent about it."
    return _shown(request, "follow_said", group, heading="It is ended", said=said)


def _of(group: WorkingGroup, subscription: Subscription) -> Subscription:
    if subscription.group_id != group.pk:
        raise following.LinkError
    subscription.group = group
    return subscription
