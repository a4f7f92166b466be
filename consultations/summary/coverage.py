"""Whether every published contribution is cited or set aside, and how even the citations are."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.contrib.auth.base_user import AbstractBaseUser
from django.db.models import Exists, OuterRef, QuerySet

from consultations.models import Citation, Contribution, SetAside, Standing, Summary
from consultations.models.contribution import StakeholderGroup
from consultations.summary.states import SummaryError, locked_to_write, said
from meetings import history


@dataclass(frozen=True, slots=True)
class Coverage:
    """How many published contributions there are, and how many are cited, set aside, neither."""

    published: int
    cited: int
    set_aside: int

    @property
    def open(self) -> int:
        """Return how many are neither cited nor set aside; none before a summary is final."""
        return self.published - self.cited - self.set_aside

    @property
    def complete(self) -> bool:
        """Say whether nothing is open."""
        return self.open == 0


@dataclass(frozen=True, slots=True)
class Share:
    """One group or region: how many published contributions and how many citations are from it."""

    name: str
    published: int
    cited: int  # of those, how many are cited at all
    citations: int  # how often they are cited
    of_published: float
    of_citations: float


@dataclass(frozen=True, slots=True)
class Balance:
    """The share of citations beside the share of what was published, by group and by region."""

    groups: tuple[Share, ...]
    regions: tuple[Share, ...]


class CitedError(SummaryError):
    """Setting aside what a paragraph cites."""

    def __init__(self, contribution: Contribution) -> None:
        super().__init__(f"{contribution} is cited, so it is not set aside. Nothing was changed.")


class NotOfTheRoundError(SummaryError):
    """Setting aside what is not published in the round."""

    def __init__(self, contribution: Contribution) -> None:
        super().__init__(f"{contribution} is no published contribution to this round.")


class SetAsideAlreadyError(SummaryError):
    """Setting aside once more."""

    def __init__(self, standing: SetAside) -> None:
        super().__init__(f"{standing.contribution} is set aside already: “{standing.reason}”.")


def published(summary: Summary) -> QuerySet[Contribution]:
    """Return the published contributions of the round, in order."""
    return Contribution.objects.filter(
        consultation=summary.consultation_id, standing=Standing.PUBLISHED
    ).order_by("number")


def _cited(summary: Summary) -> Exists:
    rows = Citation.objects.filter(paragraph__summary=summary, contribution=OuterRef("pk"))
    return Exists(rows)


def _aside(summary: Summary) -> Exists:
    return Exists(SetAside.objects.filter(summary=summary, contribution=OuterRef("pk")))


def uncovered(summary: Summary) -> QuerySet[Contribution]:
    """Return the published contributions that are neither cited nor set aside, in order."""
    return published(summary).filter(~_cited(summary), ~_aside(summary))


def coverage(summary: Summary) -> Coverage:
    """Return how many published contributions are cited, set aside, neither: one query.

    What is cited counts as cited, also where it was set aside before.
    """
    found: Counter[str] = Counter()
    rows = published(summary).annotate(cited=_cited(summary), aside=_aside(summary))
    for cited, aside in rows.values_list("cited", "aside"):
        found["published"] += 1
        found["cited"] += cited
        found["aside"] += aside and not cited
    return Coverage(found["published"], found["cited"], found["aside"])


def balance(summary: Summary) -> Balance:
    """Return the share of citations beside the share of published ones: two queries.

    Regions are counted where the country is published, as everywhere (`consultations.counting`).
    """
    rows = published(summary).select_related("country__region")
    often: Counter[int] = Counter(
        Citation.objects.filter(paragraph__summary=summary, contribution__in=rows)
        .order_by()
        .values_list("contribution", flat=True)
    )
    groups: list[tuple[str, int]] = []
    regions: list[tuple[str, int]] = []
    for each in rows.defer("text"):
        if each.stakeholder_group:
            groups.append((str(StakeholderGroup(each.stakeholder_group).label), often[each.pk]))
        if each.publish_country and each.country is not None:
            regions.append((str(each.country.region), often[each.pk]))
    return Balance(_shares(groups), _shares(regions))


def _shares(found: Iterable[tuple[str, int]]) -> tuple[Share, ...]:
    published_, cited, citations = Counter[str](), Counter[str](), Counter[str]()
    for name, often in found:
        published_[name] += 1
        cited[name] += often > 0
        citations[name] += often
    every, all_citations = published_.total(), citations.total()
    return tuple(
        Share(
            name,
            number,
            cited[name],
            citations[name],
            number / every,
            citations[name] / all_citations if all_citations else 0.0,
        )
        for name, number in sorted(published_.items(), key=lambda row: (-row[1], row[0]))
    )


def set_aside(
    summary: Summary, contribution: Contribution, reason: str, *, by: AbstractBaseUser, at: datetime
) -> SetAside:
    """Say why a published contribution is not cited.

    Raises FinalError, ReasonMissingError, CitedError, NotOfTheRoundError, SetAsideAlreadyError.
    """
    reason = said(reason)
    with history.activity("summary.set_aside", by, reason):
        held = locked_to_write(summary)
        row = published(held).filter(pk=contribution.pk).first()
        if row is None:
            raise NotOfTheRoundError(contribution)
        if Citation.objects.filter(paragraph__summary=held, contribution=row).exists():
            raise CitedError(row)
        standing = SetAside.objects.filter(summary=held, contribution=row).first()
        if standing is not None:
            raise SetAsideAlreadyError(standing)
        made = SetAside(summary=held, contribution=row, reason=reason, by_id=by.pk, at=at)
        made.full_clean()
        made.save()
    return made


def take_back(aside: SetAside, *, by: AbstractBaseUser) -> None:
    """Set a contribution aside no more; taken back twice is taken back. Raises FinalError."""
    with history.activity("summary.take_back", by):
        locked_to_write(aside.summary)
        standing = SetAside.objects.filter(pk=aside.pk).first()
        if standing is not None:
            standing.delete()
