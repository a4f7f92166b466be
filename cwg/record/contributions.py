"""The contributions of a round in a record file: what was received, without anybody's address.

Drafts, and what was sent from an address that nobody confirmed, are no contributions and stay out;
so do files, e-mail addresses, private links, and who of the secretariat did what.
"""

from __future__ import annotations

import zoneinfo
from collections.abc import Iterator
from typing import Any

from consultations import counting, standing
from consultations.models import (
    Answer,
    Consultation,
    Contribution,
    Organisation,
    Question,
    Redaction,
    Standing,
)
from cwg.record.instants import instant, read_instant
from cwg.record.reading import Path_
from cwg.record.rows import Data, Rows, each
from meetings.models import MemberState

CONSENT = ("name", "organisation", "country", "text")
INSTANTS = (
    "created_at", "saved_at", "sent_at", "received_at", "published_at", "late_until",
)  # fmt: skip


def numbered(questions: list[Question]) -> Iterator[tuple[str, Question]]:
    """Yield a round's questions with the numbers by which answers name them: 2, and 2.1 below it."""
    yield from _numbered(sorted(questions, key=lambda each: (each.position, each.pk)), None, "")


def _numbered(
    questions: list[Question], parent: int | None, above: str
) -> Iterator[tuple[str, Question]]:
    mine = [question for question in questions if question.parent_id == parent]
    for place, question in enumerate(mine, 1):
        yield f"{above}{place}", question
        yield from _numbered(questions, question.pk, f"{above}{place}.")


def contributions(consultation: Consultation) -> list[Data]:
    """Return what was received in a round as plain data, in the order of its numbers."""
    zone = zoneinfo.ZoneInfo(consultation.group.zone)
    order = {row.pk: place for place, row in _asked(consultation).items()}
    received = (
        consultation.contributions.received()
        .select_related("country", "merged_into")
        .prefetch_related("organisations", "answers", "redactions")
        .order_by("number")
    )
    return [_contribution(consultation, row, zone, order) for row in received]


def _asked(consultation: Consultation) -> dict[str, Question]:
    return dict(numbered(list(consultation.questions.all())))


def _contribution(
    consultation: Consultation, row: Contribution, zone: zoneinfo.ZoneInfo, order: dict[int, str]
) -> Data:
    assert row.number is not None
    assert row.received_at is not None
    usual = standing.reference(consultation, row.number, row.received_at)
    told: dict[str, Any] = {name: getattr(row, name) for name in INSTANTS}
    for name in ("created_at", "saved_at"):
        if told[name] == row.received_at:
            told[name] = None  # it is read so where it is not said
    answers = {order[answer.question_id]: answer.text for answer in row.answers.all()}
    return {
        "number": row.number,
        "reference": row.reference if row.reference != usual else None,
        "standing": row.standing,
        "merged_into": row.merged_into.number if row.merged_into else None,
        "way": row.way, "example": row.example, "name": row.name, "job_title": row.job_title,
        "organisations": [organisation.name for organisation in row.organisations.all()],
        "stakeholder_group": row.stakeholder_group,
        "country": row.country.iso if row.country else None,
        "on_behalf": row.on_behalf, "language": row.language,
        "consent": [name for name in CONSENT if getattr(row, f"publish_{name}")],
        "notice_version": row.notice_version,
        **{name: instant(at, zone) for name, at in told.items()},
        "answers": [
            {"question": number, "text": answers[number]}
            for number in order.values() if number in answers
        ],
        "text": row.text,
        "redactions": [
            {"passage": each.passage, "reason": each.reason, "made_at": instant(each.made_at, zone)}
            for each in row.redactions.all()
        ],
    }  # fmt: skip


class ContributionRows(Rows):
    """How the contributions of a round are written."""

    states: dict[str, MemberState]

    def _contributions(self, path: Path_, consultation: Consultation, item: Data) -> None:
        """Write the contributions of a round, the last number that was given, and the counts."""
        given = list(each(path, item, "contributions"))
        asked = _asked(consultation)
        made: dict[int, Contribution] = {}
        # those that were merged come last: the one that each went into has to stand
        for under, entry in sorted(given, key=lambda pair: pair[1]["standing"] == Standing.MERGED):
            made[entry["number"]] = self._contribution(under, consultation, entry, made, asked)
        highest = max(made, default=0)
        last = item.get("last_number", highest)
        if last < highest:
            raise self.place.error(
                (*path, "last_number"), f"contribution {highest} has a higher number"
            )
        if last:
            consultation.last_number = last
            consultation.save(update_fields={"last_number"})
            counting.rebuild(consultation)

    def _contribution(
        self, path: Path_, consultation: Consultation, item: Data,
        made: dict[int, Contribution], asked: dict[str, Question],
    ) -> Contribution:  # fmt: skip
        values = self._given(
            item, "number", "standing", "way", "example", "name", "job_title", "stakeholder_group",
            "on_behalf", "language", "notice_version", "text",
        )  # fmt: skip
        for name in INSTANTS:
            if name in item:
                values[name] = read_instant(self.place, (*path, name), item[name])
        received = values["received_at"]
        values = {"created_at": received, "saved_at": received} | values
        values |= {f"publish_{name}": name in item.get("consent", []) for name in CONSENT}
        values["reference"] = item.get("reference") or standing.reference(
            consultation, item["number"], received
        )
        values["country"] = self._find(path, "country", item, self.states)
        if "merged_into" in item:
            if item["standing"] != Standing.MERGED:
                raise self.place.error(
                    (*path, "merged_into"),
                    "only what was merged names the contribution it went into",
                )
            into = made.get(item["merged_into"])
            if into is None or into.standing == Standing.MERGED:
                raise self.place.error(
                    (*path, "merged_into"),
                    f"contribution {item['merged_into']} does not stand in this round, or was merged "
                    "itself",
                )  # fmt: skip
            values["merged_into"] = into
        row = self._save(path, Contribution(consultation=consultation, **values))
        for place, name in enumerate(item.get("organisations", []), 1):
            self._save(
                (*path, "organisations", place - 1),
                Organisation(contribution=row, name=name, position=place),
            )
        for under, answer in each(path, item, "answers"):
            question = self._known((*under, "question"), answer["question"], asked)
            self._save(under, Answer(contribution=row, question=question, text=answer["text"]))
        for under, redaction in each(path, item, "redactions"):
            at = read_instant(self.place, (*under, "made_at"), redaction["made_at"])
            told = self._given(redaction, "passage", "reason")
            self._save(under, Redaction(contribution=row, made_at=at, **told))
        return row
