"""The mails that wait for somebody: to be approved, failed, perhaps sent."""

from __future__ import annotations

from django.db.models import Count
from django.urls import reverse

from cwg.cockpit.desk import Desk, Section, Task, section
from meetings.models import Message

State = Message.State
# The state, its badge, what the row says, the words of its act
WAITING = (
    (State.HELD, "open", "waits for approval", "wait for approval", "Read and approve"),
    (State.FAILED, "late", "could not be sent", "could not be sent", "See why"),
    (State.UNCERTAIN, "late", "was perhaps sent", "were perhaps sent", "Decide"),
)


def waiting(desk: Desk) -> Section | None:
    """Return a row for each group and state in which mails wait for a person."""
    found = (
        Message.objects.filter(group__in=desk.groups, state__in=[each[0] for each in WAITING])
        .order_by()
        .values_list("group", "state")
        .annotate(number=Count("pk"))
    )
    numbers = {(group, state): number for group, state, number in found}
    if not numbers:
        return None
    tasks = []
    for group in desk.groups.filter(pk__in={group for group, _ in numbers}).prefetch_related(
        "names"
    ):
        if not desk.may("meetings.change_message", group):
            continue
        for state, look, one, many, act in WAITING:
            number = numbers.get((group.pk, state), 0)
            address = f"{reverse('admin:mails')}?state={state}"
            address += f"&group={group.slug}" if desk.several else ""
            if number:
                tasks.append(
                    Task(
                        what=f"1 mail {one}" if number == 1 else f"{number} mails {many}",
                        address=address,
                        about=desk.about(group),
                        state=look,
                        label=state.label,
                        act=act,
                        act_address=address,
                    )
                )
    return section(
        "mails", "Mails", tasks, len(tasks),
        all_words="Every mail", all_address=reverse("admin:mails"),
    )  # fmt: skip
