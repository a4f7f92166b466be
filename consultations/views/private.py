"""What the pages of whoever contributes have in common.

Nobody signs in and no cookie is set: a private link is the whole authority, so another site cannot
borrow anything by forging a form, and the pages are exempt from the check against that. No cache
keeps them but the reader's own browser, which shows with its back button what was typed: told to
store nothing, browsers forget it.
"""

from __future__ import annotations

import logging
import secrets
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import wraps
from typing import Any

from django.core import signing
from django.core.exceptions import RequestDataTooBig, TooManyFilesSent
from django.db import OperationalError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.request import UnreadablePostError
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import patch_cache_control
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from consultations import announcing, intake, intake_mails, limits
from consultations.models import Consultation, Contribution
from consultations.views.uploading import length, take_files
from meetings.files import NotStoredError
from meetings.frame import frame
from meetings.languages import in_any_language
from meetings.wording.messages import messages

TYPED = "application/x-www-form-urlencoded"
_FORM = signing.Signer(salt="consultations.form")
TOO_MANY = "Too much was sent from here within an hour. Everything is kept: try again later."
TOO_BIG = "This is more than one page can take. What was saved before stays kept: go back."
CUT = (
    "What you sent did not come in whole. What was saved before stays kept: go back and try again."
)
NO_ROOM = (
    "There is no room to store anything just now. What was saved before stays kept: try later."
)
GONE = "This draft was removed: its consultation closed long ago. What you typed stands below."
# What a form carries beside what was typed
_UNTYPED = {"opened", "whole", "later", "to", "without", "website", "shown", "language"}

type View = Callable[..., HttpResponse]
logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Opening:
    """When a form was opened, and a key of its own; signed, so that nobody else says it."""

    at: datetime
    key: str = ""

    def signed(self) -> str:
        """Return it as the form carries it."""
        return _FORM.sign(f"{int(self.at.timestamp())}.{self.key}")


def opening(request: HttpRequest) -> Opening | None:
    """Return how the form was opened that is sent here; None where nobody of ours says so."""
    try:
        instant, _, key = _FORM.unsign(request.POST.get("opened", "")).partition(".")
        return Opening(datetime.fromtimestamp(int(instant), tz=UTC), key)
    except (signing.BadSignature, ValueError, OverflowError):
        return None


def contributing(view: View) -> View:
    """Guard a page of whoever contributes: methods, caches, sizes, and links that lead nowhere."""

    @wraps(view)
    def guarded(request: HttpRequest, slug: str, **rest: str) -> HttpResponse:
        try:
            take_files(request)
            # forms with files say by themselves whether they came in whole
            if request.content_type == TYPED and len(request.body) < length(request):
                raise UnreadablePostError
            answer = view(request, slug, **rest)
        except intake.LinkError as problem:
            answer = said(request, "This link leads nowhere", str(problem), 404)
        except Contribution.DoesNotExist:  # a draft, removed between finding it and locking it
            answer = said(request, "This link leads nowhere", GONE, 404, typed=words_typed(request))
        except intake.IntakeError as problem:
            answer = said(
                request, "Not possible now", str(problem), 409, typed=words_typed(request),
                about=problem.consultation,
            )  # fmt: skip
        except (RequestDataTooBig, TooManyFilesSent):
            answer = said(request, "Too much at once", TOO_BIG, 413)
        except UnreadablePostError:
            answer = said(request, "Not whole", CUT, 400)
        except (NotStoredError, OperationalError) as problem:
            logger.exception("A contribution could not be stored")
            words = str(problem) if isinstance(problem, NotStoredError) else NO_ROOM
            answer = said(None, "Not possible now", words, 503, typed=words_typed(request))
        patch_cache_control(answer, private=True, no_cache=True)
        answer["Referrer-Policy"] = "no-referrer"  # the address is the secret
        answer["X-Robots-Tag"] = "noindex"
        return answer

    methods = require_http_methods(["GET", "HEAD", "POST"])
    decorated: View = csrf_exempt(methods(guarded))
    return decorated


def words_typed(request: HttpRequest) -> list[str]:
    """Return the words of a form that could not be kept, for its sender to take along."""
    return [
        text
        for name, texts in request.POST.lists()
        for text in texts
        if name not in _UNTYPED and not name.startswith("publish_") and text.strip()
    ]


def said(
    request: HttpRequest | None,
    heading: str,
    words: str,
    status: int = 200,
    *,
    typed: Any = (),
    about: Consultation | None = None,
) -> HttpResponse:
    """Show a page that says one thing, with what was typed where it could not be kept.

    It leads back to the round that it is `about`. Without a request the database is asked for
    nothing: it may be away.
    """
    context = {"heading": heading, "said": words, "typed": typed}
    if about is not None:
        context |= {**frame(about.group), "consultation": about, "topic": announcing.title(about)}
    return render(request, "consultations/said.html", context, status=status)


def shown(request: HttpRequest, template: str, consultation: Any, **more: Any) -> HttpResponse:
    """Show a page about one round; with an error it answers 422, or the `status` given."""
    sent = opening(request)
    form = more.get("form")
    wrong = sum(map(len, form.errors.values())) if form is not None else 0
    context = {
        **frame(consultation.group),
        "consultation": consultation,
        "topic": announcing.title(consultation),
        "deadline": consultation.deadline().words(messages("en")),
        "opened": (sent or Opening(timezone.now(), secrets.token_hex(16))).signed(),
        "wrong": wrong,
        **more,
    }  # fmt: skip
    return render(request, template, context, status=more.get("status", 422 if wrong else 200))


def of_link(slug: str, token: str) -> Contribution:
    """Return the contribution of a private link of a group. Raises LinkError."""
    found = intake.by_token(token)
    if found.consultation.group.slug != slug:
        raise intake.LinkError
    return found


def to(name: str, slug: str, contribution: Contribution) -> HttpResponse:
    """Lead to another private page of a contribution."""
    address = reverse(f"consultations:{name}", args=[slug, intake_mails.token(contribution)])
    return HttpResponseRedirect(address)


def may_mail(request: HttpRequest, contribution: Contribution) -> bool:
    """Count one more mail, and say whether it may go."""
    machine = limits.allowed(limits.MAILS_FROM, limits.machine(request))
    return machine and limits.allowed(limits.MAILS_TO, contribution.email)


def consents(contribution: Contribution) -> Iterator[tuple[str, bool]]:
    """Give what a sender was asked to agree to, of what they told, and whether they did."""
    yield "Your name", contribution.publish_name
    if contribution.organisations.all():
        yield "Your organizations", contribution.publish_organisation
    if contribution.country is not None:
        yield "Your country", contribution.publish_country
    yield "Your answers and files", contribution.publish_text


def told(contribution: Contribution) -> dict[str, Any]:
    """Return what a contribution says, for its sender to look over."""
    answers = contribution.answers.select_related("question")
    return {
        "told": [(in_any_language(each.question.text), each.text) for each in answers],
        "organisations": list(contribution.organisations.all()),
        "files": list(contribution.attachments.all()),
        "published": list(consents(contribution)),
    }
