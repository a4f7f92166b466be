"""Documents that wait for the secretariat: late ones to decide about, others to register."""

from __future__ import annotations

from django.db.models import Count, Q
from django.urls import reverse

from cwg.cockpit.desk import Desk, Section, Task, section
from meetings.models import Document

TO_DECIDE = Count("pk", filter=Q(late=True, late_decision=""))
TO_REGISTER = Count("pk", filter=Q(late=False) | Q(late_decision="taken"))
# What is counted, its badge, what the row says of one and of many, the words of its act, its list
WAITING = (
    ("decide", "late", "Late", "late document waits for a decision",
     "late documents wait for a decision", "Decide", "late"),
    ("register", "open", "Received", "document is to be registered",
     "documents are to be registered", "Check and register", "register"),
)  # fmt: skip


def waiting(desk: Desk) -> Section | None:
    """Return a row for each group and kind of act that its documents wait for."""
    found = (
        Document.objects.waiting()
        .filter(group__in=desk.groups)
        .order_by()
        .values("group")
        .annotate(decide=TO_DECIDE, register=TO_REGISTER)
        .values_list("group", "decide", "register")
    )
    numbers = {group: {"decide": late, "register": received} for group, late, received in found}
    tasks = []
    for group in desk.groups.filter(pk__in=numbers).prefetch_related("names"):
        if not desk.may("meetings.change_document", group):
            continue
        for counted, look, label, one, many, act, state in WAITING:
            number = numbers[group.pk][counted]
            if number:
                address = f"{reverse('admin:documents')}?state={state}"
                tasks.append(
                    Task(
                        what=f"1 {one}" if number == 1 else f"{number} {many}", address=address,
                        about=desk.about(group), state=look, label=label, act=act,
                        act_address=address,
                    )
                )  # fmt: skip
    return section(
        "documents", "Documents", tasks, len(tasks),
        all_words="Every document", all_address=reverse("admin:documents"),
    )  # fmt: skip
