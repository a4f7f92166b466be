"""One contribution on one screen, and every act on it; another beside it; its files."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db.models import prefetch_related_objects
from django.http import (
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseBase,
    HttpResponseRedirect,
)
from django.urls import reverse
from django.utils import timezone

from consultations import announcing, events, likeness, moderation, reading
from consultations.forms.moderation import acts
from consultations.models import OPEN, Attachment, Contribution, Standing
from consultations.views import desk
from consultations.views.queue import Asked, next_in_queue
from meetings import files
from meetings.languages import RIGHT_TO_LEFT, in_any_language
from meetings.typesetting.word_difference import Fate, Piece

LATEST_EVENTS = 50


def contribution(request: HttpRequest, pk: int) -> HttpResponse:
    """Show a contribution whole; do what is asked, then go on to the next one of the queue."""
    found = desk.contribution_or_404(request, pk)
    prefetch_related_objects(
        [found], "organisations", "answers__question", "attachments", "redactions"
    )
    asked = Asked.of(request.GET)
    person: Any = request.user
    offered, wanted = acts(found, person, desk.sent(request))
    if wanted is not None and wanted.save(timezone.now()):
        messages.success(request, wanted.said())
        return HttpResponseRedirect(_onward(request, asked, found, wanted.name))
    context = {
        "title": str(found.reference),
        "contribution": found, "round_name": announcing.name(found.consultation),
        "query": asked.query(), "place": found.consultation.opening().place,
        "acts": [each for each in offered if not each.main],
        "main_acts": [each for each in offered if each.main],
        "wanted": wanted.name if wanted else "",
        **_shown(found),
    }  # fmt: skip
    refusal = getattr(found, "refusal", None)
    if refusal is not None:
        context["refusal"] = refusal
        context["own_proposal"] = refusal.proposed_by_id == person.pk
        context["changed_since"] = found.saved_at > refusal.proposed_at
        context["mail"] = moderation.declined_words(found, refusal.reason)
    return desk.page(request, "desk_contribution.html", context, wanted)


# What goes on with the same contribution: it is not done with it yet
STAYS = {"redact", "restore", "withhold", "release", "late", "reject", "take_back"}


def _onward(request: HttpRequest, asked: Asked, done: Contribution, act: str) -> str:
    """Return where an act leads: the same one, the next one of the queue, else the queue."""
    query = f"?{asked.query()}" if asked.query() else ""
    if act in STAYS:
        return f"{reverse('admin:contribution', args=[done.pk])}{query}"
    following = next_in_queue(asked, desk.moderated(request), done)
    if following is None:
        return f"{reverse('admin:contributions')}{query}"
    return f"{reverse('admin:contribution', args=[following.pk])}{query}"


def _shown(found: Contribution) -> dict[str, Any]:
    """Return everything there is to see of a contribution."""
    labels = reading.question_labels(reading.questions(found.consultation.questions.all()))
    answers = [
        (labels.get(each.question_id, ""), in_any_language(each.question.text), str(each.text))
        for each in found.answers.all()
    ]
    public = reading.public(found) if found.standing in OPEN else None
    history = found.events.select_related("by").defer("snapshot").order_by("-pk")[:LATEST_EVENTS]
    return {
        "organisations": [str(each.name) for each in found.organisations.all()],
        "answers": answers,
        "attachments": list(found.attachments.all()),
        "public": public,
        "public_answers": [
            (labels.get(each.question.pk, ""), in_any_language(each.question.text), each.pieces)
            for each in (public.answers if public else ())
        ],
        "rtl": found.language in RIGHT_TO_LEFT,
        "alike": likeness.like(found),
        "history": [(events.said(each), each) for each in history],
        "awaiting": found.standing == Standing.AWAITING,
    }


def beside(request: HttpRequest, pk: int, other: int) -> HttpResponse:
    """Show two contributions to one round side by side, with the words that differ marked."""
    if pk == other:
        raise Http404
    one = desk.contribution_or_404(request, pk)
    second = desk.contribution_or_404(request, other, consultation=one.consultation_id)
    labels = reading.question_labels(reading.questions(one.consultation.questions.all()))
    asked = Asked.of(request.GET)
    rows = [
        {
            "number": labels.get(each.question.pk, "") if each.question else "",
            "question": in_any_language(each.question.text) if each.question else "Text",
            "one": _runs(each.one), "other": _runs(each.other),
        }
        for each in likeness.beside(_with_answers(one), _with_answers(second))
    ]  # fmt: skip
    context = {
        "title": f"{one.reference} beside {second.number}", "one": one, "other": second,
        "rows": rows, "query": asked.query(),
        "people": [reading.known_sender(one), reading.known_sender(second)],
        "may_merge": one.standing in OPEN and second.standing in OPEN,
    }  # fmt: skip
    return desk.page(request, "desk_beside.html", context)


def _with_answers(found: Contribution) -> Contribution:
    answers = Contribution.objects.prefetch_related("answers__question")
    return answers.get(pk=found.pk)


def _runs(pieces: tuple[Piece, ...]) -> list[tuple[bool, str]]:
    """Return the words with whether they differ."""
    return [(each.fate != Fate.KEPT, "".join(span.text for span in each.spans)) for each in pieces]


def attachment(request: HttpRequest, pk: int, file: int) -> HttpResponseBase:
    """Give the secretariat a file as it was sent, never shown inside the page."""
    rows = Attachment.objects.filter(contribution__in=desk.contributions(request))
    found = rows.filter(pk=file, contribution=pk).first()
    if found is None:
        raise Http404
    desk.contribution_or_404(request, pk)
    try:
        return files.answer(request, found.path, found.name, found.kind, found.sha256, public=False)
    except OSError as error:
        raise Http404 from error
