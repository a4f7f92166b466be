"""The queue: what awaits the secretariat, the latest first, and several published at once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.utils import timezone

from consultations import announcing, counting, likeness, moderation, reading
from consultations.counting import Tally
from consultations.forms.moderation import instant
from consultations.models import (
    RECEIVED,
    Consultation,
    Contribution,
    ContributionEvent,
    Fingerprint,
    Standing,
)
from consultations.moderation import ModerationError
from consultations.standing import StandingError
from consultations.views import desk
from meetings.models import WorkingGroup

ROWS_A_PAGE = 30
MOST_ROUNDS = 100
REFUSALS = "refusals"
LISTS = [
    (Standing.AWAITING.value, "Awaiting the secretariat"),
    (REFUSALS, "Waiting for a second person to decline"),
    *((each.value, each.label) for each in RECEIVED if each != Standing.AWAITING),
]


@dataclass(frozen=True, slots=True)
class RoundRow:
    """A round in the list above the queue, with its numbers."""

    row: Consultation
    name: str
    tally: Tally
    chosen: bool


@dataclass(frozen=True, slots=True)
class Asked:
    """Which part of the queue is asked for: a list, a round, those like one, those after one."""

    standing: str
    round: int | None
    like: int | None
    after: int | None

    @classmethod
    def of(cls, typed: QueryDict) -> Asked:
        """Read it from an address; what means nothing is left out."""
        standing = typed.get("standing", "")
        known = {value for value, _ in LISTS}
        return cls(
            standing if standing in known else Standing.AWAITING.value,
            *(desk.key(typed.get(name, "")) for name in ("round", "like", "after")),
        )

    def query(self) -> str:
        """Return it as an address says it, without the place in the list."""
        said = QueryDict(mutable=True)
        if self.standing != Standing.AWAITING:
            said["standing"] = self.standing
        for name, value in (("round", self.round), ("like", self.like)):
            if value is not None:
                said[name] = str(value)
        return said.urlencode()


def found(asked: Asked, groups: list[WorkingGroup]) -> QuerySet[Contribution]:
    """Return what is asked for, the latest saved first: of those that arrived or changed last."""
    rows = Contribution.objects.filter(consultation__group__in=groups)
    if asked.standing == REFUSALS:
        rows = rows.filter(refusal__isnull=False, standing__in=RECEIVED)
    else:
        rows = rows.filter(standing=asked.standing)
    if asked.round is not None:
        rows = rows.filter(consultation=asked.round)
    if asked.like is not None:
        of = Fingerprint.objects.filter(
            contribution=asked.like, contribution__consultation__group__in=groups
        )
        rows = rows.filter(
            **likeness.shares_a_fingerprint(list(of.values_list("value", flat=True)))
        )
        rows = rows.filter(consultation__contributions=asked.like)
    return rows.order_by("-saved_at", "-pk")


def after(rows: QuerySet[Contribution], place: Contribution | None) -> QuerySet[Contribution]:
    """Return those that stand below `place` in the queue: by its key, never by counting rows."""
    if place is None:
        return rows
    same = Q(saved_at=place.saved_at, pk__lt=place.pk)
    return rows.filter(Q(saved_at__lte=place.saved_at) & (Q(saved_at__lt=place.saved_at) | same))


def queue(request: HttpRequest) -> HttpResponse:
    """Show the queue; publish those that were chosen."""
    groups = desk.moderated(request)
    asked = Asked.of(request.GET)
    here = f"{request.path}?{asked.query()}".rstrip("?")
    problem = ""
    if request.method == "POST":
        problem = _publish(request, groups)
        if not problem:
            return HttpResponseRedirect(here)
    rows = found(asked, groups)
    place = rows.filter(pk=asked.after).first() if asked.after else None
    alike = Fingerprint.objects.filter(contribution=OuterRef("pk")).filter(
        Exists(
            Fingerprint.objects.filter(
                consultation=OuterRef("consultation"), value=OuterRef("value")
            ).exclude(contribution=OuterRef("contribution"))
        )
    )
    shown = after(rows, place).select_related("consultation__group", "refusal__proposed_by")
    page = list(
        reading.with_senders(
            shown.annotate(alike=Exists(alike), changed=Exists(_changes()))
        )[: ROWS_A_PAGE + 1]
    )  # fmt: skip
    more = page[ROWS_A_PAGE - 1].pk if len(page) > ROWS_A_PAGE else None
    chosen = set(request.POST.getlist("chosen")) if problem else set()
    context = {
        "title": "Contributions",
        "asked": asked, "lists": LISTS, "query": asked.query(),
        "list_name": dict(LISTS)[asked.standing],
        "rounds": _rounds(groups, asked), "several_groups": len(groups) > 1,
        "rows": [(each, reading.known_sender(each), _may_publish(each), str(each.pk) in chosen)
                 for each in page[:ROWS_A_PAGE]],
        "publishable": any(_may_publish(each) for each in page[:ROWS_A_PAGE]),
        "more": more, "further": place is not None, "problem": problem,
    }  # fmt: skip
    return desk.page(request, "desk_queue.html", context)


def _changes() -> QuerySet[ContributionEvent]:
    """Return the changes of a contribution by its sender after it was received."""
    return ContributionEvent.objects.filter(contribution=OuterRef("pk"), what="intake.change")


def _may_publish(each: Contribution) -> bool:
    refused = getattr(each, "refusal", None) is not None
    return (
        each.publish_text and each.standing in (Standing.AWAITING, Standing.PASSED) and not refused
    )


def _rounds(groups: list[WorkingGroup], asked: Asked) -> list[RoundRow]:
    """Return the rounds with contributions, those first where something awaits: two queries."""
    rows = (
        Consultation.objects.filter(group__in=groups, last_number__gt=0)
        .select_related("group")
        .prefetch_related("group__names", "consultation_topics__topic")
        .order_by("-key", "group", "pk")[:MOST_ROUNDS]
    )
    listed = list(rows)
    told = counting.tallies(each.pk for each in listed)
    found = [
        RoundRow(each, announcing.name(each), told[each.pk], each.pk == asked.round)
        for each in listed
    ]
    return sorted(found, key=lambda each: not each.tally.awaiting)


def _publish(request: HttpRequest, groups: list[WorkingGroup]) -> str:
    """Publish those that were chosen, all or none; return what is wrong."""
    keys = [value for text in request.POST.getlist("chosen") if (value := desk.key(text))]
    chosen = Contribution.objects.filter(pk__in=keys, consultation__group__in=groups)
    rows = list(chosen.select_related("refusal")[: ROWS_A_PAGE + 1])
    if not rows:
        return "Choose the contributions to publish first. Nothing was changed."
    for each in rows:
        if getattr(each, "refusal", None) is not None:
            return f"Somebody proposed to decline {each}: open it to decide. Nothing was changed."
    told = {each.pk: instant(request.POST.get(f"seen-{each.pk}", "")) for each in rows}
    seen = {key: at for key, at in told.items() if at is not None}
    try:
        person: Any = request.user
        moderation.publish_all(rows, at=timezone.now(), by=person, seen=seen)
    except (ModerationError, StandingError) as error:
        return str(error)
    many = "1 contribution is" if len(rows) == 1 else f"{len(rows)} contributions are"
    messages.success(request, f"{many} published.")
    return ""


def next_in_queue(
    asked: Asked, groups: list[WorkingGroup], done: Contribution
) -> Contribution | None:
    """Return what comes after `done` in the queue, else the first of what is left; None at the end."""
    rows = found(asked, groups).exclude(pk=done.pk)
    if asked.standing == Standing.AWAITING:  # what waits for somebody else is no work of this one
        rows = rows.filter(refusal=None)
    return after(rows, done).first() or rows.first()
