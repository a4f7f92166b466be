"""What a sender sees of what was sent: its standing, receipt and history; confirming, withdrawing."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import wraps

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.cache import patch_cache_control

from consultations import intake
from consultations.models import OPEN, UNCONFIRMED, Contribution, Standing
from consultations.views.private import contributing, of_link, opening, shown, to, told
from meetings.wording.messages import messages

# What happened to a contribution, in its sender's words
HAPPENED = {
    "intake.send": "Sent; a link to confirm went to your address",
    "intake.confirm": "Confirmed, and so received",
    "intake.change": "Changed by you; it awaits the secretariat",
    "intake.withdraw": "Withdrawn by you",
    "late.open_window": "The secretariat opened the consultation for you once more",
    "moderation.ask": "The secretariat asked you a question by mail",
    "moderation.redact": "The secretariat took a passage out of the public text",
    "moderation.withhold": "The secretariat withheld a file from the public",
}
# What the secretariat considers among its own people is told once it is decided
UNTOLD = {"moderation.propose_to_decline"}


def _stored_nowhere(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Have a page stored nowhere: nothing is typed on it that a back button could bring back."""

    @wraps(view)
    def answering(request: HttpRequest, slug: str, token: str) -> HttpResponse:
        answer = view(request, slug, token)
        patch_cache_control(answer, no_store=True)
        return answer

    return answering


@contributing
@_stored_nowhere
def own(request: HttpRequest, slug: str, token: str) -> HttpResponse:
    """Show a sender their contribution: where it stands, its text, its history."""
    held, at = of_link(slug, token), timezone.now()
    if held.standing == Standing.DRAFT:
        return to("answers", slug, held)
    history = [
        (each.at, HAPPENED.get(each.what) or each.get_after_display() or "Looked at")
        for each in held.events.all()
        if each.what not in UNTOLD
    ]
    open_still = intake.takes(held.consultation, at, None, held.late_until)
    return shown(
        request, "consultations/own.html", held.consultation, contribution=held, token=token,
        history=history, place=held.consultation.opening().place, waits=held.standing in UNCONFIRMED,
        late=_late(held, at),
        changeable=open_still and held.standing in (*UNCONFIRMED, *OPEN),
        withdrawable=open_still and held.standing in OPEN, **told(held),
    )  # fmt: skip


def _late(held: Contribution, at: datetime) -> str:
    """Return until when the round is open for this one contributor, in words; "" where it is not."""
    if held.late_until is None or held.late_until <= at:
        return ""
    return held.consultation.moment(held.late_until).words(messages("en"))


@contributing
@_stored_nowhere
def withdraw(request: HttpRequest, slug: str, token: str) -> HttpResponse:
    """Ask whether to withdraw, and do it."""
    held, at, sent = of_link(slug, token), timezone.now(), opening(request)
    if request.method == "POST" and held.standing != Standing.WITHDRAWN:
        intake.withdraw(held, at=at, opened=sent.at if sent else None)
    if held.standing == Standing.WITHDRAWN or request.method == "POST":
        return to("own", slug, held)
    if held.standing not in OPEN:
        raise intake.NotChangeableError(held)
    intake.guard(held, at, sent.at if sent else None)
    return shown(
        request, "consultations/withdraw.html", held.consultation, contribution=held, token=token
    )


@contributing
@_stored_nowhere
def confirm(request: HttpRequest, slug: str, token: str) -> HttpResponse:
    """Confirm by one button: looking at the page, as scanners of mail do, confirms nothing."""
    held = intake.by_confirmation(token)
    if held.consultation.group.slug != slug:
        raise intake.LinkError
    if request.method != "POST":
        return _to_confirm(request, held)
    try:
        received = intake.confirm(held, at=timezone.now(), shown=request.POST.get("shown", ""))
    except intake.ChangedMeanwhileError as problem:
        fresh = intake.by_confirmation(token)
        return _to_confirm(request, fresh, problem=str(problem), status=409)
    return to("own", slug, received)


def _to_confirm(
    request: HttpRequest, held: Contribution, problem: str = "", status: int = 200
) -> HttpResponse:
    return shown(
        request, "consultations/confirm.html", held.consultation, contribution=held,
        digest=intake.digest(held), problem=problem, status=status, **told(held),
    )  # fmt: skip
