"""What is to be done about drafts: mended, read, cleared, finalised, moved to another revision."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from django.urls import reverse
from django.utils import timezone

from cwg.cockpit.days import how_long
from cwg.cockpit.desk import MOST_ROWS, Desk, Section, Task, section
from cwg.cockpit.drafts import Draft, Drafts
from cwg.report import citing
from cwg.report.checks import Severity
from cwg.report.clearance import State
from cwg.report.models import Clearance, Report
from meetings.languages import in_any_language


def for_you(desk: Desk, waiting: list[Clearance]) -> Section | None:
    """Return the drafts that wait for the person: their Chair's to clear, a Vice-Chair's to read."""
    yours = [sent for sent in waiting if _waits_for(desk, sent)]
    tasks = [
        Task(
            what=str(sent.report), address=_page("reading", sent.report),
            when=f"sent by {sent.sent_by}, {_long(sent.sent_at, desk)}",
            act="Read and clear it" if desk.may("report.clear", sent.report.group) else "Read it and remark",
            act_address=_page("reading", sent.report),
        )
        for sent in yours
    ]  # fmt: skip
    count = len(yours)
    heading = "1 draft waits for you" if count == 1 else f"{count} drafts wait for you"
    return section("for-you", heading, tasks, count)


def to_do(desk: Desk, drafts: Drafts, waiting: list[Clearance]) -> Section | None:
    """Return what is to be done about the drafts of the person's groups."""
    tasks = [_with_chair(desk, sent) for sent in waiting if not _waits_for(desk, sent)]
    for draft in drafts.latest:
        tasks += _tasks(desk, draft)
    older = drafts.older
    unread = _counted(older, "older draft")
    words = f"Every report ({unread} not checked here)" if older else "Every report"
    address = reverse("admin:report_report_changelist")
    return section("reports", "Reports", tasks, len(tasks), all_words=words, all_address=address)


def outdated(desk: Desk) -> Section | None:
    """Return the drafts that cite a revision although a later one stands today."""
    found = citing.outdated(desk.groups, desk.day)
    return section("citations", "Citations of earlier revisions", [
        Task(
            what=f"{each.reference.revision} is cited", address=_page("preview", each.report),
            about=str(each.report),
            when=f"{in_any_language(each.now.label)} stands now",
            act=f"Cite {in_any_language(each.now.label)} instead" if acts else "",
            act_address=reverse(
                "admin:report_report_move", args=[each.report.pk, each.reference.pk, each.now.pk]
            ) if acts else "",
        )
        for each in found[:MOST_ROWS]
        for acts in [desk.may("report.change_report", each.report.group)]
    ], len(found))  # fmt: skip


def _tasks(desk: Desk, draft: Draft) -> Iterator[Task]:
    preview, name = _page("preview", draft.report), str(draft.report)
    if draft.standing is None:
        yield Task(
            what="The report cannot be written", address=preview, about=f"{name}. {draft.problem}",
            state="late", label="Problem", act="See what hinders it", act_address=preview,
        )  # fmt: skip
        return
    if task := _standing(desk, draft) or _ready(desk, draft):
        yield task
    blockers = draft.found[Severity.BLOCKER]
    said = _counted(blockers, "blocker"), _counted(draft.found[Severity.WARNING], "warning")
    if any(said):
        yield Task(
            what=f"The checks found {' and '.join(filter(None, said))}", address=preview, about=name,
            state="late" if blockers else "open",
            label="Holds it up" if blockers else "To look at", act="Read the findings",
            act_address=_page("findings", draft.report),
        )  # fmt: skip
    if draft.missing:
        one = draft.missing == 1
        yield Task(
            what=f"{_counted(draft.missing, 'fact')} {'is' if one else 'are'} missing",
            address=preview, about=name, state="open", label="Missing",
            act=("Enter it" if one else "Enter them") if _writes(desk, draft.report) else "See which",
            act_address=preview,
        )  # fmt: skip


def _standing(desk: Desk, draft: Draft) -> Task | None:
    """Return what the draft's way to an edition asks for next."""
    stands, report = draft.standing, draft.report
    if stands is None or stands.clearance is None:
        return None
    answer, group = stands.clearance, report.group
    reading, answered = _page("reading", report), answer.answered_at
    when = f"by {answer.answered_by}, {_long(answered, desk)}" if answered else ""
    if stands.state is State.CLEARED:
        finalises = desk.may("report.finalise", group)
        return Task(
            what="Cleared, not finalised yet", address=reading, about=str(report), when=when,
            state="kept", label="Cleared", act="Finalise it" if finalises else "",
            act_address=_page("finalise", report) if finalises else "",
        )  # fmt: skip
    sends = desk.may("report.send_to_chair", group)
    if stands.state is State.CHANGED:
        return Task(
            what="Changed since it was cleared", address=reading, about=str(report), when=f"cleared {when}",
            state="open", label="Changed", act="See what changed, send it again" if sends else "",
            act_address=reading if sends else "",
        )  # fmt: skip
    if stands.state is State.RETURNED:
        return Task(
            what="Returned by the Chair", address=reading, about=f"{report}. “{answer.reason}”",
            when=when, state="open", label="Returned",
            act="Mend it, send it again" if sends else "", act_address=reading if sends else "",
        )  # fmt: skip
    return None


def _ready(desk: Desk, draft: Draft) -> Task | None:
    """Return the next step of a draft that nothing holds up and nobody has sent."""
    stands, held_up = draft.standing, draft.missing or draft.found[Severity.BLOCKER]
    sends = desk.may("report.send_to_chair", draft.report.group)
    if stands is None or stands.state is not State.DRAFT or held_up or not sends:
        return None
    reading = _page("reading", draft.report)
    return Task(
        what="Ready for the Chair", address=reading, about=str(draft.report), state="open",
        label="Draft", act="Send it to the Chair", act_address=reading,
    )  # fmt: skip


def _with_chair(desk: Desk, sent: Clearance) -> Task:
    return Task(
        what="Waits for the Chair", address=_page("reading", sent.report), about=str(sent.report),
        when=_long(sent.sent_at, desk), state="waiting", label="With the Chair",
        act="See the remarks" if desk.may("report.send_to_chair", sent.report.group) else "",
        act_address=_page("reading", sent.report),
    )  # fmt: skip


def _waits_for(desk: Desk, sent: Clearance) -> bool:
    """Say whether the person is one of those to whom a draft is sent, not one who sends it."""
    group = sent.report.group
    if desk.may("report.clear", group):
        return True
    return desk.may("report.comment", group) and not desk.may("report.send_to_chair", group)


def _writes(desk: Desk, report: Report) -> bool:
    return desk.may("report.change_report", report.group)


def _page(name: str, report: Report) -> str:
    return reverse(f"admin:report_report_{name}", args=[report.pk])


def _long(since: datetime, desk: Desk) -> str:
    return how_long(timezone.localdate(since), desk.day)


def _counted(count: int, noun: str) -> str:
    return "" if not count else f"{count} {noun}{'' if count == 1 else 's'}"
