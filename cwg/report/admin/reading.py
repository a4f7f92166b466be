"""The page on which a draft is read: by the Chair on a phone, by the Vice-Chairs, by the secretariat."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.loader import render_to_string
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone

from cwg.report import clearance
from cwg.report.compose import compose
from cwg.report.forms import DoneForm, OwnParagraphForm, ReasonForm, RemarkForm
from cwg.report.gather import Record, gather
from cwg.report.models import Comment, Passage, Report
from meetings.editions import words_of
from meetings.typesetting.difference_html import difference_html
from meetings.typesetting.html import render_fragment
from meetings.typesetting.tree import Document, Spans

MOST_FIGURES = 19  # a key of the database has fewer
# What may be done here, and the act of the roles' table that it asks for
ACTS = {
    "send": "report.send_to_chair",
    "take_back": "report.send_to_chair",
    "clear": "report.clear",
    "send_back": "report.clear",
    "remark": "report.comment",
    "done": "report.send_to_chair",
    "write": "report.edit_own_section",
}
GONE = "gone"  # the place of what concerns a paragraph that is not there any more
PARAGRAPH_GONE = "That paragraph left the report while you were writing. Your remark was not kept."
SAID = {
    "send": "The draft is with the Chair.",
    "take_back": "The draft is taken back.",
    "clear": "The report is cleared.",
    "send_back": "The draft is returned to the secretariat.",
    "remark": "The remark is kept beside its paragraph.",
    "done": "What was done about the remark is kept.",
    "write": "The paragraph is kept.",
}


class Places(dict[str, str]):
    """What is said at each place of the page; nothing where nothing is."""

    def __missing__(self, place: str) -> str:
        return ""


@dataclass(slots=True)
class Reading:
    """One person's reading of a report: what it says, where it stands, what was typed."""

    request: HttpRequest
    report: Report
    record: Record
    document: Document
    at: datetime
    problems: Places = field(default_factory=Places)
    typed: Places = field(default_factory=Places)
    stamps: Places = field(default_factory=Places)  # of what was read before it was typed
    others: Places = field(default_factory=Places)  # what somebody else wrote meanwhile

    def may(self, act: str) -> bool:
        """Say whether the person may do one of ACTS."""
        return self.request.user.has_perm(ACTS[act], self.report)


def reading_view(request: HttpRequest, report: Report, context: dict[str, Any]) -> HttpResponse:
    """Show a draft as it will print, with remarks beside its paragraphs, or do what was asked."""
    record = gather(report)
    read = Reading(request, report, record, compose(record).document, timezone.now())
    if request.method == "POST":
        asked = request.POST.get("act", "")
        if asked not in ACTS or not read.may(asked):
            raise PermissionDenied
        if DOING[asked](read):
            messages.success(request, SAID[asked])
            return HttpResponseRedirect(reverse("admin:report_report_reading", args=[report.pk]))
    return TemplateResponse(
        request, "report/report_reading.html", {**context, **_shown(read)},
        status=422 if read.problems else 200,
    )  # fmt: skip


def _shown(read: Reading) -> dict[str, Any]:
    now = clearance.standing(read.report, read.document)
    cleared = clearance.last_cleared(read.report)
    changed = ""
    if cleared is not None and now.state is not clearance.State.CLEARED:
        before = clearance.cleared_document(cleared)
        if words_of(before) != words_of(read.document):
            changed = difference_html(before, read.document, heading_level=3)
    anchors = clearance.paragraphs(read.document)
    remarks = list(read.report.comments.all())
    return {
        "standing": now,
        "unanswered": [each for each in remarks if each.done_at is None],
        "gone": [
            (each, read.problems[f"done-{each.pk}"], read.typed[f"done-{each.pk}"])
            for each in remarks
            if each.anchor not in anchors
        ],
        "changed": changed,
        "cleared": cleared,
        "seen": words_of(read.document),
        "page": render_fragment(read.document, _notes(read, remarks, anchors), heading_level=2),
        "may": {act: read.may(act) for act in ACTS},
        "problems": read.problems,
        "typed": read.typed,
    }


def _notes(
    read: Reading, every: list[Comment], anchors: dict[str, tuple[str, str]]
) -> Callable[[str, Spans], str]:
    """Return what stands beside each paragraph: its remarks, and the boxes for another."""
    remarks: dict[str, list[Any]] = {}
    for remark in every:
        done = f"done-{remark.pk}"
        refused, answer = read.problems.get(done, ""), read.typed.get(done, "")
        remarks.setdefault(remark.anchor, []).append((remark, refused, answer))
    own = {
        f"passage-{passage.key or passage.position}": passage
        for passage in read.record.passages
        if passage.chairs_own
    }
    may = {act: read.may(act) for act in ACTS}

    def note(anchor: str, spans: Spans) -> str:
        if anchor not in anchors:
            return ""
        passage = own.get(anchor) if may["write"] else None
        place = f"write-{passage.pk}" if passage else ""
        kept = clearance.own_text(passage) if passage else ""
        stamp = clearance.stamp(passage) if passage else ""
        return render_to_string(
            "report/_remarks.html",
            {
                "anchor": anchor, "place": anchors[anchor][0], "remarks": remarks.get(anchor, ()),
                "may": may, "passage": passage, "problem": read.problems.get(anchor, ""),
                "typed": read.typed.get(anchor, ""), "now": anchors[anchor][1],
                "own_text": read.typed.get(place, kept), "own_problem": read.problems.get(place, ""),
                "own_seen": read.stamps.get(place, stamp), "others_text": read.others[place],
            },
            read.request,
        )  # fmt: skip

    return note


def _said(read: Reading, place: str, act: Callable[[], Any]) -> bool:
    """Do `act`; where it refuses, keep its sentence and what was typed for `place`; say False."""
    try:
        act()
    except clearance.ClearanceError as error:
        read.problems[place] = str(error)
    except ValidationError as error:
        read.problems[place] = " ".join(error.messages)
    if place in read.problems:
        read.typed[place] = read.request.POST.get("text", read.request.POST.get("reason", ""))
    return place not in read.problems


def _problems(form: Any, name: str) -> str:
    return " ".join(str(error) for error in form.errors.get(name, ["This was not sent whole."]))


def _key(typed: str) -> int:
    """Return the key of a row; 0, which no row has, for what is none."""
    return int(typed) if typed.isdecimal() and len(typed) < MOST_FIGURES else 0


def _reason(read: Reading, place: str, asked: type[ReasonForm] = ReasonForm) -> str | None:
    form = asked(read.request.POST)
    if form.is_valid():
        return str(form.cleaned_data["reason"])
    read.problems[place] = _problems(form, "reason")
    read.typed[place] = read.request.POST.get("reason", "")
    return None


def _send(read: Reading) -> bool:
    by = read.request.user
    return _said(read, "top", lambda: clearance.send(read.report, by=by, at=read.at))


def _take_back(read: Reading) -> bool:
    reason = _reason(read, "take_back")
    return reason is not None and _said(
        read, "take_back",
        lambda: clearance.take_back(
            read.report, by=read.request.user, at=read.at, reason=reason
        ),
    )  # fmt: skip


def _send_back(read: Reading) -> bool:
    reason = _reason(read, "send_back")
    return reason is not None and _said(
        read, "send_back",
        lambda: clearance.send_back(
            read.report, by=read.request.user, at=read.at, reason=reason
        ),
    )  # fmt: skip


def _clear(read: Reading) -> bool:
    seen = read.request.POST.get("seen", "")
    return _said(
        read, "top",
        lambda: clearance.clear(
            read.report, read.document, seen=seen, by=read.request.user, at=read.at
        ),
    )  # fmt: skip


def _remark(read: Reading) -> bool:
    form = RemarkForm(read.request.POST)
    anchor = read.request.POST.get("anchor", "")
    if anchor and anchor not in clearance.paragraphs(read.document):
        read.problems[GONE], read.typed[GONE] = PARAGRAPH_GONE, read.request.POST.get("text", "")
        return False
    if not form.is_valid():
        read.problems[anchor] = _problems(form, "text")
        read.typed[anchor] = read.request.POST.get("text", "")
        return False
    text = form.cleaned_data["text"]
    return _said(
        read, anchor,
        lambda: clearance.comment(
            read.report, read.document, anchor, text, by=read.request.user, at=read.at
        ),
    )  # fmt: skip


def _done(read: Reading) -> bool:
    key = read.request.POST.get("remark", "")
    remark = get_object_or_404(read.report.comments, pk=_key(key))
    how = _reason(read, f"done-{remark.pk}", DoneForm)
    return how is not None and _said(
        read, f"done-{remark.pk}",
        lambda: clearance.settle_comment(remark, how, by=read.request.user, at=read.at),
    )  # fmt: skip


def _write(read: Reading) -> bool:
    form = OwnParagraphForm(read.request.POST)
    key = read.request.POST.get("passage", "")
    passage = get_object_or_404(Passage.objects.filter(report=read.report), pk=_key(key))
    place = f"write-{passage.pk}"
    seen = read.stamps[place] = read.request.POST.get("seen", "")
    if not form.is_valid():
        read.problems[place] = _problems(form, "text")
        read.typed[place] = read.request.POST.get("text", "")
        return False
    text = form.cleaned_data["text"].replace("\r\n", "\n")

    def write() -> None:
        try:
            clearance.write_own(passage, text, seen=seen, by=read.request.user)
        except clearance.WrittenMeanwhileError as error:
            read.others[place] = clearance.own_text(error.passage)
            read.stamps[place] = clearance.stamp(error.passage)
            raise

    return _said(read, place, write)


DOING: dict[str, Callable[[Reading], bool]] = {
    "send": _send, "take_back": _take_back, "clear": _clear, "send_back": _send_back,
    "remark": _remark, "done": _done, "write": _write,
}  # fmt: skip
