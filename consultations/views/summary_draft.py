"""The draft of a summary as its guests read it: by a link of their own, to comment on it."""

from __future__ import annotations

from dataclasses import dataclass, replace

from django.forms import BoundField
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone

from consultations.forms.commenting import DraftForm, box
from consultations.models import SummaryComment, SummaryGuest, SummaryParagraph
from consultations.summary import citing, commenting, document, published, states
from consultations.summary.published import PARAGRAPH
from consultations.views.private import contributing, opening, said, shown, words_typed
from meetings.typesetting.tree import Section, Spans, plain
from meetings.wording.messages import messages

GONE = (
    "It is not complete, or another link has replaced it. The newest mail about the draft has the "
    "one that works."
)
UNREADABLE = "The secretariat is mending the draft just now. Come back in a while."


@dataclass(frozen=True, slots=True)
class Line:
    """A paragraph of the draft as it is read, with the box in which a comment on it is typed."""

    number: str
    text: Spans
    anchor: str
    field: BoundField | None = None


@dataclass(frozen=True, slots=True)
class Part:
    """A part of the draft: its heading and what stands below it."""

    heading: str
    anchor: str
    lines: tuple[Line, ...]
    goes_on: bool = False  # what stands below a heading of its own belongs to it too


@contributing
def draft_summary(request: HttpRequest, slug: str, token: str) -> HttpResponse:
    """Show a guest the draft, what they said about it, and what was done with that; take comments."""
    guest = commenting.guest_of(token)
    if guest is None or guest.summary.consultation.group.slug != slug:
        return said(request, "This link leads nowhere", GONE, 404, typed=words_typed(request))
    at, summary = timezone.now(), guest.summary
    if not states.is_open(summary, at):
        return _over(request, guest)
    told = document.gather(summary, timezone.localdate(at))
    try:
        composed = document.compose(told)
    except citing.CitingError:
        return said(request, "Not possible now", UNREADABLE, 503, typed=words_typed(request))
    by_number = {told.numbers[each.pk]: each for each in told.paragraphs if each.pk in told.numbers}
    form = DraftForm(
        request.POST if request.method == "POST" else None,
        guest=guest, paragraphs=by_number.values(),
    )  # fmt: skip
    if request.method == "POST":
        sent = opening(request)
        if form.save(at, sent.key if sent else ""):
            here = reverse("consultations:draft_summary", args=[slug, token])
            return HttpResponseRedirect(f"{here}#yours")
    return shown(
        request, "consultations/draft_summary.html", summary.consultation, form=form,
        parts=_parts(composed.sections, form, by_number), own=_own(guest),
        until=summary.consultation.moment(summary.open_until).words(messages("en")),
    )  # fmt: skip


def _over(request: HttpRequest, guest: SummaryGuest) -> HttpResponse:
    """Show that the draft is open no more, and what was done with what the guest said."""
    summary = guest.summary
    until = summary.consultation.moment(summary.open_until)
    return shown(
        request, "consultations/draft_summary_over.html", summary.consultation, own=_own(guest),
        until=until.words(messages("en")) if summary.open_until else "",
        typed=words_typed(request) if request.method == "POST" else [],
        published=published.address(summary) if published.editions_of(summary) else "",
        status=409 if request.method == "POST" else 200,
    )  # fmt: skip


def _own(guest: SummaryGuest) -> list[SummaryComment]:
    return list(SummaryComment.objects.filter(guest=guest).order_by("made_at", "pk"))


def _parts(
    sections: tuple[Section, ...], form: DraftForm, by_number: dict[int, SummaryParagraph]
) -> list[Part]:
    after = [each.part for each in sections[1:]] + [""]
    return [
        replace(_part(each, form, by_number), goes_on=each.part == further)
        for each, further in zip(sections, after, strict=True)
    ]


def _part(section: Section, form: DraftForm, by_number: dict[int, SummaryParagraph]) -> Part:
    def line(number: str, text: Spans, anchor: str) -> Line:
        place = anchor.removeprefix(PARAGRAPH)
        row = by_number.get(int(place)) if anchor.startswith(PARAGRAPH) else None
        return Line(number, text, anchor, form[box(row)] if row is not None else None)

    return Part(
        plain(section.heading),
        section.anchor,
        tuple(line(plain(each.number), each.text, each.anchor) for each in section.paragraphs),
    )
