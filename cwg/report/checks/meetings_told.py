"""The meetings of the period: with outcomes, without gaps, and over when the report is dated."""

from __future__ import annotations

from collections.abc import Iterator

from cwg.report.checks.findings import Record, Slip, quoted, rule
from cwg.report.checks.reading import Checked
from meetings.models import Meeting
from meetings.severity import Severity
from meetings.wording import dates


@rule(
    "meeting-without-outcomes", Severity.WARNING,
    "A meeting of the period for which no outcome is recorded",
)  # fmt: skip
def meeting_without_outcomes(checked: Checked) -> Iterator[Slip]:
    for meeting in checked.record.meetings:
        at = checked.at_meeting(meeting)
        if at is None or meeting.last_day > checked.day or meeting.outcomes.all():
            continue
        yield Slip(
            at,
            f"{quoted(at.text)}: no outcome of meeting {meeting.ordinal} is recorded.",
            f"meeting {meeting.pk}",
            Record("meetings.meeting", str(meeting.pk), "outcomes"),
        )


@rule(
    "meeting-not-closed", Severity.BLOCKER,
    "A meeting whose outcomes the report tells although its record is not closed: they may still change",
)  # fmt: skip
def meeting_not_closed(checked: Checked) -> Iterator[Slip]:
    """A finalised report is public; of a meeting that is not closed everybody reads no outcome."""
    for meeting in checked.record.meetings:
        at = checked.at_meeting(meeting)
        if at is None or meeting.outcomes_public or not meeting.outcomes.all():
            continue
        yield Slip(
            at,
            f"{quoted(at.text)}: the record of meeting {meeting.ordinal} is not closed, and its "
            "outcomes are not public. Close it first.",
            f"meeting {meeting.pk}",
            Record("meetings.meeting", str(meeting.pk), "closed_on"),
        )


@rule(
    "ordinal-gap", Severity.WARNING,
    "A number missing, or out of order, among the group’s own meetings of the period",
)  # fmt: skip
def ordinal_gap(checked: Checked) -> Iterator[Slip]:
    """Compare neighbours; a cancelled meeting keeps its number and is no gap."""
    cancelled = {
        meeting.ordinal for meeting in checked.meetings
        if meeting.series == Meeting.Series.OWN and meeting.cancelled_on
    }  # fmt: skip
    told = {meeting.ordinal for meeting in checked.record.meetings}
    highest: int | None = None
    for meeting in checked.record.meetings:
        at = checked.at_meeting(meeting)
        before, highest = highest, max(meeting.ordinal, highest or 0)
        if at is None or before is None:
            continue
        if meeting.ordinal < before:
            said = (
                f"Meeting {meeting.ordinal} was held after meeting {before}: "
                "the numbers do not follow the days."
            )
        else:
            between = range(before + 1, meeting.ordinal)
            gap = [number for number in between if number not in cancelled | told]
            if not gap:
                continue
            said = (
                f"Between meeting {before} and meeting {meeting.ordinal} the report tells of no "
                f"meeting {_numbers(gap)}, and the record holds none that was cancelled."
            )
        yield Slip(
            at, said, f"meeting {meeting.pk}",
            Record("meetings.meeting", str(meeting.pk), "ordinal"), beside=said,
        )  # fmt: skip


def _numbers(numbers: list[int]) -> str:
    if len(numbers) > 3:
        return f"{numbers[0]} to {numbers[-1]}"
    return " or ".join(str(number) for number in numbers)


@rule(
    "period-cuts-meeting", Severity.WARNING,
    "A meeting that lies only partly in the period, and is therefore not told",
)  # fmt: skip
def period_cuts_meeting(checked: Checked) -> Iterator[Slip]:
    report, said = checked.report, checked.house.messages
    for meeting in checked.meetings:
        if meeting.series != Meeting.Series.OWN or meeting.cancelled_on:
            continue
        begins = meeting.first_day < report.first_day <= meeting.last_day
        ends = meeting.first_day <= report.last_day < meeting.last_day
        if not (begins or ends):
            continue
        edge = (
            f"begins on {dates.day(said, report.first_day)}" if begins
            else f"ends on {dates.day(said, report.last_day)}"
        )  # fmt: skip
        held = dates.days(said, meeting.first_day, meeting.last_day)
        yield Slip(
            checked.at_head("date"),
            f"The period {edge}, inside meeting {meeting.ordinal} ({held}), which is not told.",
            f"meeting {meeting.pk}",
            Record("report.report", str(report.pk), "first_day" if begins else "last_day"),
            beside=f"{held} {edge}",
        )


@rule(
    "dated-before-meeting", Severity.BLOCKER,
    "A report dated before the last meeting that it tells of had ended",
)  # fmt: skip
def dated_before_meeting(checked: Checked) -> Iterator[Slip]:
    late = [meeting for meeting in checked.record.meetings if meeting.last_day > checked.day]
    if not late:
        return
    last = max(late, key=lambda meeting: (meeting.last_day, meeting.ordinal))
    said = checked.house.messages
    ended = dates.day(said, last.last_day)
    yield Slip(
        checked.at_head("date"),
        f"The report is dated {dates.day(said, checked.day)}; meeting {last.ordinal}, "
        f"of which it tells, ended on {ended}.",
        f"report {checked.report.pk}",
        Record("report.report", str(checked.report.pk), "as_of"),
        beside=ended,
    )
