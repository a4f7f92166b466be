"""A published contribution as a record of the data: only what `consultations.reading` shows everybody."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from itertools import batched
from typing import Any, Self
from zoneinfo import ZoneInfo

from django.db.models import QuerySet
from django.urls import reverse

from consultations import announcing, reading
from consultations.access import public_consultations, public_contributions
from consultations.models import Consultation, Contribution, Standing
from consultations.reading import PublicContribution
from meetings.languages import in_any_language, in_language
from meetings.models import WorkingGroup
from meetings.site_address import absolute
from meetings.wording import dates
from meetings.wording.messages import messages

# Read and written at a time. Each reading is a short question of its own: a slow reader holds no
# cursor and no transaction, and what was withdrawn meanwhile is not among the next.
AT_ONCE = 200

type Record = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Round:
    """What a record tells of its round; nothing of it changes with what is asked later."""

    pk: int
    key: str
    title: str
    path: str  # of its page
    group: str
    group_key: int
    group_name: str
    zone: ZoneInfo
    labels: Mapping[int, str]  # what each question is called, by its key
    asked: tuple[tuple[str, str], ...]  # each question: what it is called, its words

    @classmethod
    def of(cls, consultation: Consultation) -> Self:
        """Return it of a round."""
        group = consultation.group
        questions = reading.questions(consultation.questions.all())
        labels = reading.question_labels(questions)
        rows = [under.row for each in questions for under in (each, *each.areas)]
        names = list(group.names.all())
        called = in_language(names[-1].name, "en") if names else ""
        return cls(
            consultation.pk, consultation.key, announcing.name(consultation),
            consultation.get_absolute_url(), group.slug, group.pk, called or str(group),
            ZoneInfo(group.zone), labels,
            tuple((labels[each.pk], in_language(each.text, "en")) for each in rows),
        )  # fmt: skip

    @property
    def address(self) -> str:
        """Return the address of its page."""
        return absolute(self.path)

    def day(self, at: datetime | None) -> str:
        """Return the day of an instant in the group's zone; nothing where there is none."""
        return at.astimezone(self.zone).date().isoformat() if at else ""


@lru_cache(1_000)
def path_of(group: str, key: str, number: int) -> str:
    """Return the path of a contribution's page; each row of a list asks for it several times."""
    return reverse("pages:contribution", args=[group, key, number])


def rounds(group: WorkingGroup | None = None) -> dict[int, Round]:
    """Return the rounds whose contributions are public, the latest first, by key: of a group or of all."""
    public = public_consultations().select_related("group")
    if group is not None:
        public = public.filter(group=group)
    with_all = public.prefetch_related(
        "group__names", "questions", "consultation_topics__topic"
    ).order_by("-key", "group__slug")
    return {each.pk: Round.of(each) for each in with_all}


def of_rounds(found: Mapping[int, Round]) -> Iterator[Record]:
    """Yield every published contribution to some rounds, the latest first."""
    for held in found.values():
        last: int | None = None
        while True:
            rows = _published().filter(consultation=held.pk).order_by("-number")
            read = list((rows if last is None else rows.filter(number__lt=last))[:AT_ONCE])
            yield from (record(each, held) for each in read)
            if len(read) < AT_ONCE:
                break
            last = read[-1].number


def of_keys(keys: Iterable[int], found: Mapping[int, Round]) -> Iterator[Record]:
    """Yield the contributions of these keys in their order; what is public no more is left out."""
    for some in batched(keys, AT_ONCE, strict=False):
        rows = {each.pk: each for each in _published().filter(pk__in=some, consultation__in=found)}
        yield from (
            record(rows[key], found[rows[key].consultation_id]) for key in some if key in rows
        )


def _published() -> QuerySet[Contribution]:
    published = public_contributions().filter(standing=Standing.PUBLISHED)
    return reading.with_all_it_says(published).select_related("country__region")


def record(contribution: Contribution, held: Round) -> Record:
    """Return a published contribution as everybody reads it, by the names of `columns.COLUMNS`."""
    read = reading.public(contribution)
    sender = read.sender
    country = contribution.country if contribution.publish_country else None
    page = [held.group, held.key, contribution.number]
    answers = [
        {
            "question": held.labels.get(each.question.pk, ""),
            "asked": in_language(each.question.text, "en"),
            "text": reading.plain(each.pieces),
        }
        for each in read.answers
    ]
    return {
        "reference": contribution.reference,
        "address": absolute(path_of(held.group, held.key, contribution.number)),
        "working_group": held.group,
        "round": held.key,
        "round_title": held.title,
        "number": contribution.number,
        "example": contribution.example,
        "received_on": held.day(contribution.received_at),
        "published_on": held.day(contribution.published_at),
        "entered": sender.entered,
        "language": contribution.language,
        "stakeholder_group": contribution.stakeholder_group,
        "country": country.iso if country else "",
        "country_name": in_any_language(country.name) if country else "",
        "region": country.region.code if country else "",
        "organisations": list(sender.organisations),
        "name": sender.name,
        "job_title": sender.job_title,
        "questions": [each["question"] for each in answers],
        "answers": answers,
        "text": reading.plain(read.text),
        "redactions": read.redactions,
        "files": [
            {
                "name": each.name, "kind": each.kind, "size": each.size, "sha256": each.sha256,
                "address": absolute(reverse("consultations:attachment", args=[*page, each.pk])),
            }
            for each in read.attachments
        ],
        "files_withheld": len(read.withheld),
        "citation": citation(read, held),
    }  # fmt: skip


def citation(read: PublicContribution, held: Round) -> str:
    """Return the line by which a contribution is cited, as its page prints it."""
    row = read.row
    example = " (example)" if row.example else ""
    received = ""
    if row.received_at is not None:
        received = dates.day(messages("en"), row.received_at.astimezone(held.zone).date())
    address = absolute(path_of(held.group, held.key, row.number))
    return (
        f"{read.sender.in_full}, contribution {row.reference}{example} to the open consultation "
        f"“{held.title}” of {held.group_name}, {received}, {address}"
    )
