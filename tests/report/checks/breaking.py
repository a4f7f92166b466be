"""The clean record, changed in one place: by words typed in a passage or outcome, or by a fact."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from consultations.models import Consultation, Extension
from cwg.report.checks import check
from cwg.report.models import Passage, Reference, Report
from meetings.models import (
    GroupName,
    Instrument,
    Meeting,
    Officer,
    Outcome,
    OutcomePoint,
    OutcomeTopic,
    Revision,
    Session,
    Settlement,
    Topic,
    WorkingGroup,
)

type Change = Callable[[Report], object]


def found(report: Report) -> list[tuple[str, str]]:
    """Return (rule, place) of each finding, the note on the one sentence changed by hand left out."""
    fresh = Report.objects.get(pk=report.pk)
    return [
        (each.rule, each.place) for each in check(fresh)
        if (each.rule, each.place) != ("by-hand", "2.2 a)")
    ]  # fmt: skip


def says(text: str) -> Change:
    """Let 3.1, the recommendations, say `text`."""
    return lambda report: Passage.objects.filter(
        report=report, text__en__startswith="The Chair expressed"
    ).update(text={"en": text})


def opens_with(text: str) -> Change:
    """Let 1.1, the introduction, end on `text`."""

    def change(report: Report) -> None:
        passage = Passage.objects.get(report=report, key="mandate")
        passage.text = {"en": f"{(passage.text or {})['en']} {text}"}
        passage.save()

    return change


def free(text: str) -> Change:
    """Let 2.2 e), an outcome in free words, say `text`."""
    return outcome("14/e", wording={"en": text})


def outcome(which: str, **facts: Any) -> Change:
    """Change an outcome of the group's own meetings: meeting and letter."""
    return lambda report: Outcome.objects.filter(pk=outcome_of(which).pk).update(**facts)


def outcome_of(which: str) -> Outcome:
    """Return an outcome by meeting and letter."""
    number, letter = which.split("/")
    return Outcome.objects.get(
        meeting__group__slug="cwg-lake", meeting__series="own", meeting__ordinal=int(number),
        position=ord(letter) - ord("a") + 1,
    )  # fmt: skip


def meeting(number: int, **facts: Any) -> Change:
    """Change one of the group's own meetings."""
    return lambda report: Meeting.objects.filter(
        group=report.group, series="own", ordinal=number
    ).update(**facts)


def of_report(**facts: Any) -> Change:
    """Change the report itself."""
    return lambda report: Report.objects.filter(pk=report.pk).update(**by_key(facts))


def by_key(facts: dict[str, Any]) -> dict[str, Any]:
    """Return `facts` with the sessions and officers that they name by key."""
    models = {"session": Session, "adopted_by": Session, "signed_by": Officer}
    return {
        name: models[name]._default_manager.get(key=said)
        if name in models and isinstance(said, str) else said
        for name, said in facts.items()
    }  # fmt: skip


def officer(key: str, **facts: Any) -> Change:
    """Change an officer."""
    return lambda report: Officer.objects.filter(key=key).update(**facts)


def round_of(slug: str, **facts: Any) -> Change:
    """Change a consultation."""
    return lambda report: Consultation.objects.filter(slug=slug).update(**facts)


def both(*changes: Change) -> Change:
    """Make several changes."""
    return lambda report: [change(report) for change in changes]


def unsettled(which: str) -> Change:
    """Take away what became of a promise."""
    return lambda report: Settlement.objects.filter(promise=outcome_of(which)).delete()


def gone(which: str) -> Change:
    """Remove an outcome, and what rests on it; the letters after it stay as they are in words."""

    def change(report: Report) -> None:
        row = outcome_of(which)
        Settlement.objects.filter(by_outcome=row).delete()
        Outcome.objects.filter(follows=row).update(follows=None)
        Consultation.objects.filter(decided_by=row).update(decided_by=None)
        row.delete()

    return change


def revision(instrument: str, label: str, **facts: Any) -> Change:
    """Add a revision to an instrument."""
    return lambda report: Revision.objects.create(
        instrument=Instrument.objects.get(key=instrument), label={"en": label}, **by_key(facts)
    )


def cites(instrument: str, label: str) -> Change:
    """Let the report's reference to an instrument be to another of its revisions."""

    def change(report: Report) -> None:
        wanted = Revision.objects.get(instrument__key=instrument, label__en=label)
        Reference.objects.filter(report=report, revision__instrument__key=instrument).update(
            revision=wanted
        )

    return change


def also_cites(instrument: str, label: str) -> Change:
    """Add a reference to the report."""
    return lambda report: Reference.objects.create(
        report=report, position=9,
        revision=Revision.objects.get(instrument__key=instrument, label__en=label),
    )  # fmt: skip


def no_longer_cites(instrument: str) -> Change:
    """Take a reference away from the report."""
    return lambda report: Reference.objects.filter(
        report=report, revision__instrument__key=instrument
    ).delete()


def purpose(text: str) -> Change:
    """Let the first row of the cover say `text`."""
    return lambda report: Passage.objects.filter(
        report=report, part="cover", label__en="Purpose"
    ).update(text={"en": text} if text else None)


def new_meeting(number: int, first: date, last: date, **facts: Any) -> Change:
    """Add a meeting of the group's own series."""
    return lambda report: Meeting.objects.create(
        group=report.group, ordinal=number, first_day=first, last_day=last, **facts
    )


def new_outcome(number: int, topic: str = "", point: str = "", **facts: Any) -> Change:
    """Add an outcome at the end of a meeting."""

    def change(report: Report) -> None:
        held = Meeting.objects.get(group=report.group, series="own", ordinal=number)
        row = Outcome.objects.create(
            meeting=held, position=held.outcomes.count() + 1, **by_key(facts)
        )
        if topic:
            OutcomeTopic.objects.create(outcome=row, topic=Topic.objects.get(key=topic))
        if point:
            OutcomePoint.objects.create(outcome=row, position=1, text={"en": point})

    return change


def session(key: str, **facts: Any) -> Change:
    """Change a session."""
    return lambda report: Session.objects.filter(key=key).update(**facts)


def former_name(acronym: str) -> Change:
    """Give the group another earlier acronym."""
    return lambda report: GroupName.objects.create(
        group=WorkingGroup.objects.get(slug="cwg-lake"), acronym={"en": acronym},
        from_day=date(2010, 1, 1), to_day=date(2011, 1, 1),
    )  # fmt: skip


def extended(slug: str, was: Any, now: Any, decided_on: date) -> Change:
    """Extend the deadline of a round."""
    return lambda report: Extension.objects.create(
        consultation=Consultation.objects.get(slug=slug), was=was, now=now, decided_on=decided_on,
        decided_by={"en": "The Chair"}, reason="Late answers",
    )  # fmt: skip
