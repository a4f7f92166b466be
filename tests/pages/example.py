"""A meeting with everything a meeting's page can show; all of it is an example."""

from __future__ import annotations

from datetime import date

from meetings.models import (
    AgendaItem,
    Document,
    Meeting,
    Officer,
    Outcome,
    OutcomePoint,
    Settlement,
    WorkingGroup,
)

LONG_WORD = "Rindfleischetikettierungsüberwachungsaufgabenübertragungsgesetz" * 3


def make_full_meeting(group: WorkingGroup, ordinal: int = 30) -> Meeting:
    """Make a meeting of `group` with an agenda, documents, two in the chair, points and promises."""
    meeting = Meeting.objects.create(
        group=group, ordinal=ordinal, first_day=date(2026, 3, 2), last_day=date(2026, 3, 3),
        place={"en": "Exampleville"}, mode=Meeting.Mode.HYBRID, cluster="Example cluster of March",
    )  # fmt: skip
    first = group.officers.get(key="berezowski")
    second = Officer.objects.create(
        group=group, key=f"example-{ordinal}", role=Officer.Role.VICE_CHAIR,
        form_of_address={"en": "Ms"}, name={"en": "Ada Example"},
    )  # fmt: skip
    for officer, part in ((first, "first day"), (second, "second day")):
        meeting.chairings.create(officer=officer, part={"en": part})
    opening, work = (
        AgendaItem.objects.create(meeting=meeting, position=place, title={"en": title})
        for place, title in ((1, "Opening"), (2, "Contributions"))
    )
    AgendaItem.objects.create(meeting=meeting, position=1, title={"en": LONG_WORD}, parent=opening)
    below = AgendaItem.objects.create(
        meeting=meeting, position=1, title={"en": "Example contributions"}, parent=work
    )
    paper = Document.objects.create(
        group=group, key=f"{ordinal}-1", meeting=meeting, number=f"EXAMPLE-{ordinal}/1",
        title={"en": "Example proposal"}, public=True, dated=date(2026, 2, 20),
        link="https://example.org/example-proposal",
    )  # fmt: skip
    Document.objects.create(
        group=group, key=f"{ordinal}-2", meeting=meeting, kind=Document.Kind.AGENDA,
        title={"en": "Example agenda"}, public=True,
    )  # fmt: skip
    agreed = Outcome.objects.create(
        meeting=meeting, position=1, kind="agreed", action={"en": "to continue"}, agenda_item=below
    )
    agreed.documents.add(paper)
    OutcomePoint.objects.create(outcome=agreed, position=1, text={"en": "soon"})
    OutcomePoint.objects.create(outcome=agreed, position=2, text={"en": "well"})
    for position, words in ((2, "to write"), (3, "to read")):
        Outcome.objects.create(
            meeting=meeting, position=position, kind="request", action={"en": words},
            addressee={"en": "the Secretariat"}, follows=agreed,
        )  # fmt: skip
    dropped = meeting.outcomes.get(position=3)
    Settlement.objects.create(
        promise=dropped, how="dropped", on=date(2026, 4, 1), by_document=paper,
        reason="Nobody needs it any more",
    )  # fmt: skip
    return meeting
