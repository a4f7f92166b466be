"""Change what everybody reads, again and again, until asked to end or killed: python -m tests.changing."""

from __future__ import annotations

import random
import sys
import time
from collections.abc import Callable

import django


def main() -> int:
    """Change one thing after the other; where the database is away, wait for it."""
    django.setup()
    from django.db import InterfaceError, OperationalError, connection

    chance = random.Random()
    while True:
        try:
            chance.choice(ACTS)(chance)
        except (OperationalError, InterfaceError):
            connection.close()
            time.sleep(0.05)


def add(chance: random.Random) -> None:
    from django.db import transaction

    from consultations.models import Consultation, Standing
    from tests.consultations.making import make_contribution

    words = " ".join(chance.choices(("nets", "boats", "landlocked", "harbours"), k=8))
    held = Consultation.objects.get()
    with transaction.atomic():  # or it is removed meanwhile, as a draft that nobody confirmed
        make_contribution(held, Standing.PUBLISHED, answers={1: f"Example {words}."})


def move(chance: random.Random) -> None:
    from django.db import transaction
    from django.utils import timezone

    from consultations import standing
    from consultations.models import Contribution, Standing

    row = Contribution.objects.order_by("?").first()
    if row is not None:
        with transaction.atomic():
            held = standing.locked(row)
            to = chance.choice((Standing.AWAITING, Standing.WITHDRAWN, Standing.PUBLISHED))
            if to in standing.WAYS[held.standing]:
                standing.move(held, to, "test.move", at=timezone.now())


def redact(chance: random.Random) -> None:
    from django.utils import timezone

    from consultations import moderation
    from consultations.models import Contribution, Standing
    from cwg.accounts.models import User

    row = Contribution.objects.filter(standing=Standing.PUBLISHED).order_by("?").first()
    if row is not None and not row.redactions.exists():
        by, _ = User.objects.get_or_create(email="secretary@example.org")
        try:
            moderation.redact(row, "boats", "An example.", at=timezone.now(), by=by)
        except (moderation.NotInTextError, moderation.NotReceivedError):
            return  # others changed it meanwhile


def name(chance: random.Random) -> None:
    from meetings.models import Topic

    topic = Topic.objects.get()
    topic.title = {"en": f"An example topic {chance.randrange(1000)}"}
    topic.save()


ACTS: tuple[Callable[[random.Random], None], ...] = (add, add, move, move, redact, name)

if __name__ == "__main__":
    sys.exit(main())
