"""Summaries that need an act: the one that somebody is asked to read, comments that nobody answered."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db.models import Count, Min
from django.urls import reverse

from consultations.models import Consultation, SummaryComment
from consultations.summary import second_reading
from cwg.cockpit.desk import Desk, Section, Task, section
from cwg.cockpit.rounds import about, named, since

READ, WRITE = "summary.read", "consultations.change_summary"


def to_agree(desk: Desk) -> Section | None:
    """Return the summaries that the person is asked to read, and comments to answer, by round."""
    asked, comments = list(_asked(desk)), list(_comments(desk))
    keys = [key for key, *_ in (*asked, *comments)]
    rounds = named(Consultation.objects.all()).in_bulk(keys)
    tasks = [_to_read(desk, rounds[key], at) for key, at in asked if key in rounds]
    tasks += [
        _to_answer(desk, rounds[key], number, at) for key, number, at in comments if key in rounds
    ]
    return section("summaries", "Summaries", tasks, len(tasks))


def _asked(desk: Desk) -> Iterable[tuple[int, datetime]]:
    groups = [group for group in desk.groups if desk.may(READ, group)]
    asked = second_reading.asked_of(desk.person)
    return asked.filter(summary__consultation__group__in=groups).values_list(
        "summary__consultation", "asked_at"
    )


def _to_read(desk: Desk, consultation: Consultation, at: datetime) -> Task:
    address = reverse("admin:round_summary_draft", args=[consultation.pk])
    return Task(
        what="You are asked to read a summary",
        address=address,
        about=about(desk, consultation), when=since(desk, consultation, at),
        state="open", label="Second reader", act="Read and answer",
        act_address=f"{address}#answer",
    )  # fmt: skip


def _comments(desk: Desk) -> Iterable[tuple[int, int, datetime]]:
    """Return how many comments wait in each round, and since when."""
    groups = [group for group in desk.groups if desk.may(WRITE, group)]
    return (
        SummaryComment.objects.filter(
            summary__consultation__group__in=groups, summary__final_at=None, done=""
        )
        .values_list("summary__consultation")
        .annotate(number=Count("pk"), since=Min("made_at"))
        .order_by("since")
    )


def _to_answer(desk: Desk, consultation: Consultation, number: int, at: datetime) -> Task:
    address = f"{reverse('admin:round_summary_way', args=[consultation.pk])}#comments"
    how = since(desk, consultation, at)
    return Task(
        what="1 comment on a summary" if number == 1 else f"{number} comments on a summary",
        address=address, about=about(desk, consultation),
        when=how if number == 1 else f"the oldest {how}",
        state="open", label="To be answered", act="Answer", act_address=address,
    )  # fmt: skip
