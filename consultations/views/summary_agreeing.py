"""Where a summary is agreed: the draft as it prints, its second reader, comments, editions."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.safestring import mark_safe

from consultations.forms.summary_acts import Act
from consultations.forms.summary_agreeing import (
    AnswerComment,
    AskNobody,
    AskReader,
    CloseWindow,
    Finalise,
    OpenWindow,
    Publish,
    ReadIt,
    Reopen,
    Uninvite,
)
from consultations.models import SummaryComment
from consultations.summary import (
    citing,
    document,
    finalising,
    order,
    published,
    second_reading,
    states,
)
from consultations.views.summary_bench import Bench, bench
from meetings.access import staff_of
from meetings.models import Edition, EditionFile
from meetings.typesetting.html import render_fragment
from meetings.wording.messages import messages

TYPES = {
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "html": "text/html; charset=utf-8", "pdf": "application/pdf",
    "text": "text/plain; charset=utf-8",
}  # fmt: skip
FORMS = {"docx": "docx", "html": "html", "pdf": "pdf", "txt": "text"}
DRAFT = "draft"
WORDS = (("docx", "Word"), ("pdf", "PDF"), ("html", "HTML"))
ACTS: tuple[type[Act], ...] = (
    AskReader, AskNobody, OpenWindow, Uninvite, CloseWindow, AnswerComment, Finalise, Publish, Reopen,
)  # fmt: skip


def draft(request: HttpRequest, pk: int) -> HttpResponse:
    """Show the summary as it prints now; the second reader answers below it."""
    held = bench(request, pk, "round_summary_draft")
    answer = held.act((ReadIt,))
    if answer is not None:
        return answer
    if held.summary is None:
        return held.to_begin()
    words = states.words_of(held.summary)
    article, unreadable = "", ""
    try:
        told = document.gather(held.summary, timezone.localdate(held.at))
        # The renderer escapes every word of the record.
        article = mark_safe(  # noqa: S308
            render_fragment(document.compose(told), heading_level=2)
        )
    except citing.CitingError as error:
        unreadable = f"The draft cannot be put together: {error}"
    person: Any = request.user
    last = states.last_reading(held.summary)
    asked = last is not None and last.read_at is None and last.reader_id == person.pk
    form = held.form(ReadIt) if asked else None
    context = {
        "article": article, "unreadable": unreadable, "form": form, "words": words,
        "forms": WORDS,
    }  # fmt: skip
    return held.page("summary_draft.html", context)


def way(request: HttpRequest, pk: int) -> HttpResponse:
    """Show how far a summary is agreed, and do the next step."""
    held = bench(request, pk, "round_summary_way")
    people = {
        str(each.person_id): each.person
        for each in staff_of(held.consultation.group, timezone.localdate()).select_related("person")
    }
    writers = second_reading.writers(held.summary) if held.summary is not None else frozenset()
    readers = {key: each for key, each in people.items() if each.pk not in writers}

    def fill(act: Act) -> None:
        if isinstance(act, AskReader):
            act.offer(readers)

    held.fill = fill
    answer = held.act(ACTS)
    if answer is not None:
        return answer
    if held.summary is None:
        return held.to_begin()
    return held.page("summary_way.html", _way(held, has_readers=bool(readers)))


def _way(held: Bench, *, has_readers: bool) -> dict[str, Any]:
    summary, may = held.held, held.may_write
    final = summary.final_at is not None
    consultation = summary.consultation
    last = states.last_reading(summary)
    waiting = last is not None and last.read_at is None
    is_open = states.is_open(summary, held.at)
    until = consultation.moment(summary.open_until)
    public = published.editions_of(summary)
    return {
        "readings": list(summary.readings.select_related("asked_by").order_by("-asked_at", "-pk")),
        "last": last, "waiting": waiting, "is_read": states.is_read(summary),
        "asks_me": waiting and last is not None and last.reader_id == held.request.user.pk,
        "ask": held.form(AskReader) if may and not final and not waiting and has_readers else None,
        "has_readers": has_readers,
        "may_take_back": may and not final and waiting,
        "is_open": is_open,
        "until": until.words(messages("en")) if summary.open_until else "",
        "open": held.form(OpenWindow) if may and not final and held.may_see_guests else None,
        "may_close": may and is_open,
        "guests": list(summary.guests.all()) if held.may_see_guests else [],
        "number_of_guests": summary.guests.count(),
        "comments": _comments(held),
        "held_up_by": [] if final else finalising.held_up_by(summary, held.at),
        "finalise": held.form(Finalise) if held.may_finalise and not final else None,
        "publishable": final and held.may_finalise and (
            summary.published_at is None
            or (summary.final_at is not None and summary.published_at < summary.final_at)
        ),
        "reopen": held.form(Reopen) if held.may_finalise and final else None,
        "editions": _editions(held),
        "public": published.address(summary) if public else "",
        "forms": WORDS,
    }  # fmt: skip


def _comments(held: Bench) -> list[tuple[SummaryComment, int | None, Act | None]]:
    """Return the comments with the number of the paragraph each is about, and the form that answers."""
    summary = held.held
    rows = summary.comments.select_related("paragraph", "answered_by").order_by("made_at", "pk")
    found = list(rows)
    numbers = order.numbers(order.in_order(summary)) if found else {}
    writable = held.may_write and summary.final_at is None
    return [
        (
            each, numbers.get(each.paragraph_id or 0),
            held.form(AnswerComment, str(each.pk)) if writable and not each.done else None,
        )
        for each in found
    ]  # fmt: skip


def _editions(held: Bench) -> list[Edition]:
    """Return every edition that was made, the latest first, without their texts."""
    number = held.held.document_id
    if number is None:
        return []
    made = Edition.objects.filter(document=number, language=held.held.language).defer("tree")
    return [*made.order_by("-pk")]


def file(request: HttpRequest, pk: int, edition: str, ending: str) -> HttpResponse:
    """Send the draft as it prints now, or a file of an edition as it was kept."""
    held = bench(request, pk, "round_summary_way")
    summary, form = held.held, FORMS.get(ending)
    if form is None:
        raise Http404
    if edition == DRAFT:
        try:
            composed = document.compose(document.gather(summary, timezone.localdate(held.at)))
        except citing.CitingError as error:
            raise Http404 from error
        content = document.files(composed)[form]()
    else:
        made = next((each for each in _editions(held) if each.slug == edition), None)
        kept = EditionFile.objects.filter(edition=made, form=form).first() if made else None
        if kept is None:
            raise Http404
        content = bytes(kept.content)
    sent = HttpResponse(content, content_type=TYPES[form])
    name = f"{held.consultation.group.slug}-{held.consultation.slug}-summary-{edition}.{ending}"
    sent["Content-Disposition"] = f'attachment; filename="{name}"'
    return sent
