"""Rounds with everything their pages can show; all of it is an example."""

from __future__ import annotations

from datetime import timedelta

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import transaction
from django.utils import timezone

from consultations import moderation, standing
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


ARABIC = "نطلب من الفريق أن يبقي الإنترنت مفتوحة للجميع وأن ينشر عمله بكل اللغات الرسمية الست."
CAMPAIGN = (
    "We ask the Group to keep the Internet open for everybody, to bring fibre to every village, "
    "and to publish what it does each year in all six official languages."
)


def make_queue(group: WorkingGroup, proposer: AbstractBaseUser) -> Consultation:
    """Make a round of `group` with thirty-three contributions that await: long words, Arabic, a campaign.

    The latest has files and two others nearly like it; the one before is to be declined.
    """
    at, day = timezone.now(), timedelta(days=1)
    made = make_round(
        group, slug="queue-example", key="2031-09", opens_at=at - 30 * day, closes_at=at + 5 * day,
        announced_at=at - 40 * day, heading={"en": "September 2031"},
    )  # fmt: skip
    countries = MemberState.objects.filter(iso__in=("PL", "KE", "BR", "JP")).order_by("iso")
    for place in range(33):
        own = f"I write as a teacher of town {place}. " if place > 29 else ""
        row = make_contribution(
            made, at=at - (40 - place) * day / 4, country=countries[place % 4],
            publish_country=place % 3 > 0, publish_text=place % 7 != 3,
            organisations=[(f"Example Organization {place}", LONG_WORD, "منظمة مثالية")[place % 3]],
            name=("Example Person", "Пример Примерович", "شخص مثالي")[place % 3],
            stakeholder_group=("academia", "government", "civil_society")[place % 3],
            language=("en", "ru", "ar")[place % 3] if place < 30 else "en",
            way="paper" if place == 8 else "form", text="Further remarks.\n\nCall 555 0100.",
            answers={1: f"{own}{CAMPAIGN}" if place > 29 else (
                f"Answer {place} " + (" ".join(f"own{place}x{n}" for n in range(30)), LONG_WORD, ARABIC)[place % 3]
            ), 2: f"Town {place} {LONG_WORD[:place]}"},
        )  # fmt: skip
        if place == 31:
            moderation.propose_to_decline(row, "It is not about the topic.", at=at, by=proposer)
    row.attachments.create(
        name=f"example-{LONG_WORD}.pdf", kind="pdf", path="none", size=123_456, sha256="0",
        added_at=at,
    )  # fmt: skip
    return made
