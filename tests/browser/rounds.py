"""Rounds with everything their pages can show; all of it is an example."""

from __future__ import annotations

from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from consultations import standing
from consultations.models import Consultation, Question, Standing
from meetings.models import MemberState, WorkingGroup
from tests.consultations.making import make_contribution, make_round

LONG_WORD = "Rindfleischetikettierungsüberwachungsaufgabenübertragungsgesetz" * 2


def make_full_rounds(group: WorkingGroup) -> Consultation:
    """Make a round of `group` that is open, one that is over, one to come; return the open one."""
    at, day = timezone.now(), timedelta(days=1)
    made = make_round(
        group, slug="open-example", key="2031-03", opens_at=at - 30 * day, closes_at=at + 30 * day,
        announced_at=at - 40 * day, heading={"en": "March 2031"},
        background={"en": "Why this example is asked.\n\nWith a second paragraph."},
        preamble={"en": "Stakeholders are invited to answer any of the example questions."},
        how_to_take_part={"en": "Contributions of up to ten pages are welcome."},
    )  # fmt: skip
    second = made.questions.get(position=2)
    for place, area in enumerate(("an example area", LONG_WORD, "a third area"), 1):
        Question.objects.create(consultation=made, parent=second, position=place, text={"en": area})
    assert made.closes_at is not None
    made.extensions.create(
        was=made.closes_at, now=made.closes_at + 7 * day, decided_on=(at - 2 * day).date(),
        decided_by={"en": "the Chair"}, reason="Several contributors asked for time to translate.",
    )  # fmt: skip
    made.save()
    countries = MemberState.objects.filter(iso__in=("PL", "KE", "BR", "JP")).order_by("iso")
    for place in range(25):
        row = make_contribution(
            made, Standing.PUBLISHED, country=countries[place % 4], publish_country=place % 3 > 0,
            publish_name=place % 2 > 0, publish_organisation=True, example=place == 0,
            organisations=[f"Example Organization {place}", LONG_WORD][: 1 + place % 2],
            stakeholder_group=("academia", "government", "civil_society")[place % 3],
            language=("en", "fr", "ar")[place % 3], text="Further remarks.\n\nCall 555 0100.",
            answers={1: "An example answer of two lines,\nthe second of them.", 2: LONG_WORD},
        )  # fmt: skip
    row.redactions.create(passage="555 0100", reason="a telephone number", made_at=at)
    for name, withheld in (("example-paper.pdf", ""), ("secret.pdf", "third-party rights")):
        row.attachments.create(
            name=name, kind="pdf", path=name, size=123_456, sha256="0", withheld_for=withheld,
            added_at=at,
        )  # fmt: skip
    for to in (Standing.AWAITING, Standing.PASSED):
        make_contribution(made, to)
    with transaction.atomic():
        gone = standing.locked(made.contributions.get(number=2))
        standing.move(gone, Standing.WITHDRAWN, "tests.make", at=at)
    over = make_round(group, slug="over-example", key="2031-01", record_incomplete=True)
    over.sources = "The example archive, https://example.org/archive"
    over.save()
    make_round(
        group, slug="coming-example", key="2031-05", opens_at=at + 10 * day,
        closes_at=at + 90 * day,
    )  # fmt: skip
    return made
