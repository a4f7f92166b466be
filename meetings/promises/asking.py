"""What outcomes ask of Member States: the requests that nobody has answered yet."""

from __future__ import annotations

import re
from datetime import date

from django.db.models import QuerySet

from meetings.models import Kind, Outcome, WorkingGroup
from meetings.promises.ledger import Row, rows
from meetings.promises.reading import standings
from meetings.promises.states import OPEN_STATES

# As the addressee of a request is printed, in whichever of the six languages
MEMBER_STATES = re.compile(
    r"\bmember\s+states?\b|\bétats?\s+membres?\b|\bestados?\s+miembros?\b|государств\w*[-\s–]+член"
    r"|الدول\s+الأعضاء|成员国",
    re.IGNORECASE,
)


def asked_of_member_states(day: date, groups: QuerySet[WorkingGroup]) -> list[Row]:
    """Return the open requests of `groups` whose addressee is, or includes, the Member States.

    Those of a meeting that is being recorded are drafts: they are asked of nobody yet.
    """
    requests = Outcome.objects.public().filter(meeting__group__in=groups, kind=Kind.REQUEST)
    asked = [
        key
        for key, addressee in requests.order_by("pk").values_list("pk", "addressee")
        if any(MEMBER_STATES.search(text) for text in (addressee or {}).values())
    ]
    found = standings(Outcome.objects.filter(pk__in=asked), day)
    return rows([each for each in found if each.state in OPEN_STATES])
