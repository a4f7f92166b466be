"""Summaries that need an act: the one that somebody is asked to read, comments that nobody answered."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from django.db.models import Count, Min
from django.urls import reverse

from consultations.models import Consultation, SummaryComment, SummaryReading
from cwg.cockpit.days import how_long
from cwg.cockpit.desk import Desk, Section, Task, section
from cwg.cockpit.rounds import about, named
from meetings.models import WorkingGroup

READ, WRITE = "summary.read", "consultations.change_summary"


def to_agree(desk: Desk) -> Section | None:
    """Return the summaries that the person is asked to read, and comments to answer, by round."""
    tasks = [_to_read(desk, each) for each in _readings(desk)]
    writing = [group for group in desk.groups if desk.may(WRITE, group)]
    if writing:
        tasks += _to_answer(desk, writing)
    return section("summaries", "Summaries", tasks, len(tasks))


def _readings(desk: Desk) -> list[SummaryReading]:
    groups = [group for group in desk.groups if desk.may(READ, group)]
    rows = SummaryReading.objects.filter(
        reader=desk.person.pk, read_at=None, summary__final_at=None,
        summary__consultation__group__in=groups,
    )  # fmt: skip
    of_round = "summary__consultation"
    # who wrote a paragraph since can answer no more
    rows = rows.exclude(summary__paragraphs__written_by=desk.person.pk)
    return list(
        rows.select_related(f"{of_round}__group").prefetch_related(
            f"{of_round}__group__names", f"{of_round}__consultation_topics__topic"
        )
    )


def _to_read(desk: Desk, reading: SummaryReading) -> Task:
    consultation = reading.summary.consultation
    address = reverse("admin:round_summary_draft", args=[consultation.pk])
    return Task(
        what="You are asked to read a summary",
        address=address,
        about=about(desk, consultation), when=_since(desk, consultation, reading.asked_at),
        state="open", label="Second reader", act="Read and answer",
        act_address=f"{address}#answer",
    )  # fmt: skip


def _to_answer(desk: Desk, groups: list[WorkingGroup]) -> list[Task]:
    waiting = (
        SummaryComment.objects.filter(
            summary__consultation__group__in=groups, summary__final_at=None, done=""
        )
        .values_list("summary__consultation")
        .annotate(number=Count("pk"), since=Min("made_at"))
        .order_by("since")
    )
    found = list(waiting)
    rounds = named(Consultation.objects.all()).in_bulk([key for key, _, _ in found])
    return [
        _answer(desk, rounds[key], number, since) for key, number, since in found if key in rounds
    ]


def _answer(desk: Desk, consultation: Consultation, number: int, since: datetime) -> Task:
    address = f"{reverse('admin:round_summary_way', args=[consultation.pk])}#comments"
    how = _since(desk, consultation, since)
    return Task(
        what="1 comment on a summary" if number == 1 else f"{number} comments on a summary",
        address=address, about=about(desk, consultation),
        when=how if number == 1 else f"the oldest {how}",
        state="open", label="To be answered", act="Answer", act_address=address,
    )  # fmt: skip


def _since(desk: Desk, consultation: Consultation, at: datetime) -> str:
    return how_long(at.astimezone(ZoneInfo(consultation.group.zone)).date(), desk.day)
