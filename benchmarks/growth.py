"""A record of any size, and how many times the time an act takes as it grows."""

from __future__ import annotations

import gc
import time
from collections.abc import Callable, Mapping, Sequence
from datetime import date, timedelta

from auditlog.context import disable_auditlog
from django.db import transaction

from meetings.models import Meeting, Outcome, OutcomeTopic, Topic, WorkingGroup

# How much faster than the record something may grow: a larger one fits into no cache of the processor
SLACK = 1.3
LEAST = 1.0  # milliseconds: what takes less in the smallest record says nothing about growth

FACTS = (
    {"kind": "noted", "action": {"en": "the report (document 3) and the “views of Poland” on it"}},
    {
        "kind": "agreed",
        "action": {"en": "on a) one, and b) two – as in {{ group.acronym }} before"},
    },
    {"kind": "request", "addressee": {"en": "the Secretariat"}, "action": {"en": "to report"}},
    {"kind": "free", "wording": {"en": "Some Member States stated that the work would go on."}},
    {"kind": "no_consensus", "about_future_topics": True},
)


def cpu(act: Callable[[], object], runs: int, *, collecting: bool = False) -> float:
    """Return the least CPU time of `act` in milliseconds, after one run to warm up."""
    act()
    took = []
    for _ in range(runs):
        gc.collect()
        if not collecting:
            gc.disable()
        begun = time.process_time()
        act()
        took.append((time.process_time() - begun) * 1000)
        gc.enable()
    return min(took)


def enlarge(group: WorkingGroup, meetings: int) -> None:
    """Let the record of `group` have so many meetings, each of ten outcomes of every kind."""
    standing = Meeting.objects.filter(group=group).count()
    with disable_auditlog(), transaction.atomic():
        for number in range(standing, meetings):
            day = date(1990, 1, 1) + timedelta(days=20 * number)
            held = Meeting.objects.create(
                group=group, ordinal=1000 + number, first_day=day, last_day=day
            )
            topic = Topic.objects.create(
                group=group, key=f"topic-{number}", title={"en": f"The lakes of year {number}"}
            )
            for position in range(8):
                facts = FACTS[position % len(FACTS)]
                Outcome.objects.create(meeting=held, position=position, **facts)
            promise = _launch(held, 8, "would_launch", topic)
            _launch(held, 9, "launched", topic, follows=promise)


def _launch(held: Meeting, at: int, kind: str, topic: Topic, **more: Outcome) -> Outcome:
    month = held.last_day.replace(day=1)
    made = Outcome.objects.create(
        meeting=held, position=at, kind=kind, window_from=month, window_to=month, **more
    )
    OutcomeTopic.objects.create(outcome=made, topic=topic)
    return made


def table(sizes: Sequence[int], times: Sequence[dict[str, float]]) -> str:
    """Return the times at each size, and how many times the first they are; too many are marked."""
    lines = []
    for name in times[0]:
        took = [each[name] for each in times]
        line = f"{name:38}" + "".join(f"{each:9.1f}" for each in took)
        grown = [each / max(took[0], 0.001) for each in took]
        if took[-1] >= LEAST * sizes[-1] / sizes[0]:
            line += "    " + "".join(f"{each:7.1f}" for each in grown[1:])
            if any(each > SLACK * size / sizes[0] for each, size in zip(grown, sizes, strict=True)):
                line += "  faster than the record"
        lines.append(line)
    return "\n".join(lines)


def heading(sizes: Sequence[int], counts: Mapping[str, Sequence[int]]) -> str:
    """Return the sizes, what was counted at each, and the words above the times."""
    rows = {"meetings": sizes, **counts}
    lines = [f"{name:38}" + "".join(f"{each:9}" for each in row) for name, row in rows.items()]
    times = "".join(f"{size / sizes[0]:7.1f}" for size in sizes[1:])
    return "\n".join(
        [*lines, f"{'milliseconds, times the first':{38 + 9 * len(sizes)}}    {times}"]
    )
