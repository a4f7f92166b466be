"""What the pages of a summary's workbench have in common: whose it is, what is done, what is shown."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone

from consultations import announcing
from consultations.forms.summary_acts import FINALISE, WRITE, Act
from consultations.models import Consultation, Summary, SummaryParagraph
from consultations.summary import beginning, citing, coverage, states
from consultations.summary.coverage import Coverage
from consultations.views import desk

READ = "consultations.view_summary"
SEE_GUESTS = "consultations.view_summaryguest"
SEE_ALL = "consultations.view_contribution"  # also what of contributions is not public (any more)
TABS = (
    ("round_summary", "Write"),
    ("round_summary_read", "Read and tag"),
    ("round_summary_coverage", "Coverage"),
    ("round_summary_draft", "The draft"),
    ("round_summary_way", "Agree and publish"),
)


@dataclass(slots=True)
class Bench:
    """The workbench of one round for one person, now."""

    request: HttpRequest
    consultation: Consultation
    tab: str
    at: datetime
    summary: Summary | None
    problem: str = ""
    may_write: bool = False
    may_finalise: bool = False
    may_see_guests: bool = False
    may_see_all: bool = False
    acted: Act | None = None
    fill: Callable[[Act], None] = lambda act: None  # what an act offers that only the page knows

    @property
    def held(self) -> Summary:
        """Return the summary. Raises Http404 where none was begun."""
        if self.summary is None:
            raise Http404
        return self.summary

    @property
    def address(self) -> str:
        """Return the address of this page."""
        return reverse(f"admin:{self.tab}", args=[self.consultation.pk])

    def here(self, **asked: Any) -> str:
        """Return the address of this page, asked for what is given."""
        said = urlencode({name: value for name, value in asked.items() if value not in ("", None)})
        return f"{self.address}?{said}" if said else self.address

    def act(self, kinds: Iterable[type[Act]]) -> HttpResponse | None:
        """Do what was sent, and lead back; None where nothing was, or it has to be mended.

        Raises PermissionDenied.
        """
        if self.request.method != "POST":
            return None
        self.permitted(WRITE)
        sent = self.request.POST
        if self.summary is None:
            return self._begin() if sent.get("act") == "begin" else None
        kind = next((each for each in kinds if each.name == sent.get("act")), None)
        if kind is None:
            return None
        self.permitted(kind.needs)
        person: Any = self.request.user
        made = kind(sent, summary=self.summary, by=person, key=sent.get("key", ""))
        self.acted = made
        self.fill(made)
        if not made.save(self.at):
            return None
        return self.done(made)

    def done(self, made: Act) -> HttpResponse:
        """Say what was done, and lead to where it is seen."""
        if made.said():
            messages.success(self.request, made.said())
        asked = self.request.GET.copy()
        for name in ("edit", "add", "after"):
            asked.pop(name, None)
        query = f"?{asked.urlencode()}" if asked else ""
        anchor = f"#{made.leads}" if made.leads else ""
        return HttpResponseRedirect(f"{self.address}{query}{anchor}")

    def permitted(self, act: str) -> None:
        """Raise PermissionDenied where the person may not do `act` in this group."""
        if not self.request.user.has_perm(act, self.consultation):
            raise PermissionDenied

    def _begin(self) -> HttpResponse | None:
        person: Any = self.request.user
        try:
            beginning.begin(self.consultation, by=person, at=self.at)
        except states.SummaryError as error:
            self.problem = str(error)
            return None
        messages.success(self.request, "The summary is begun.")
        return HttpResponseRedirect(self.address)

    def form(self, kind: type[Act], key: str = "") -> Act:
        """Return an act's form: as it was sent, where that has to be mended, else an empty one."""
        held, sent = self.acted, self.acted is not None and self.acted.is_bound
        if held is not None and sent and type(held) is kind and held.key == key:
            return held
        person: Any = self.request.user
        made = kind(summary=self.held, by=person, key=key)
        self.fill(made)
        return made

    def page(self, template: str, context: Mapping[str, Any], status: int = 200) -> HttpResponse:
        """Show a page of the workbench; with an act that has to be mended it answers 422."""
        wrong = self.acted is not None and self.acted.is_bound and bool(self.acted.errors)
        around = {**self._around(), "wrong": wrong, **context}
        answer = desk.page(self.request, template, around)
        answer.status_code = 422 if wrong or self.problem else status
        return answer

    def to_begin(self) -> HttpResponse:
        """Show that no summary was begun, with the button that begins it."""
        lacks = not (self.consultation.announced_at or self.consultation.record_incomplete)
        return self.page("summary_begin.html", {"lacks": lacks})

    def _around(self) -> dict[str, Any]:
        tabs = [
            (reverse(f"admin:{name}", args=[self.consultation.pk]), words, name == self.tab)
            for name, words in TABS
        ]
        found: dict[str, Any] = {
            "title": "Summary", "consultation": self.consultation, "tabs": tabs, "bench": self,
            "round_name": announcing.name(self.consultation), "problem": self.problem,
            "change_page": reverse(
                "admin:consultations_consultation_change", args=[self.consultation.pk]
            ),
            "acted": self.acted, "place": self.consultation.opening().place,
            "error_at_top": _top(self.acted),
        }  # fmt: skip
        if self.summary is not None:
            covered = coverage.coverage(self.summary)
            found |= {
                "summary": self.summary, "state": states.state(self.summary, self.at),
                "covered": covered, "meter": meter(covered),
                "writable": self.may_write and self.summary.final_at is None,
                "final": self.summary.final_at is not None,
            }  # fmt: skip
        return found


def _top(acted: Act | None) -> list[str]:
    """Return what is said above the page of an act that could not be done."""
    if acted is None or not acted.is_bound or not acted.errors:
        return []
    return [str(each) for each in acted.non_field_errors()] or [
        "Nothing was done yet. What you typed is kept; mend what is marked below."
    ]


def bench(request: HttpRequest, pk: int, tab: str) -> Bench:
    """Return the workbench of a round for who asks. Raises Http404 or PermissionDenied."""
    found = desk.round_or_404(request, pk, READ)
    return Bench(
        request, found, tab, timezone.now(), states.of(found),
        may_write=request.user.has_perm(WRITE, found),
        may_finalise=request.user.has_perm(FINALISE, found),
        may_see_guests=request.user.has_perm(SEE_GUESTS, found),
        may_see_all=request.user.has_perm(SEE_ALL, found),
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Bar:
    """A part of the meter, in percent of its length."""

    kind: str
    start: float
    length: float


def meter(covered: Coverage) -> list[Bar]:
    """Return the bars of the coverage meter, from its start to its end."""
    if not covered.published:
        return []
    bars, start = [], 0.0
    for kind, number in (("cited", covered.cited), ("aside", covered.set_aside)):
        length = round(100 * number / covered.published, 2)
        bars.append(Bar(kind, start, length))
        start += length
    return bars


@dataclass(frozen=True, slots=True)
class Run:
    """A run of a paragraph as the workbench shows it: words, a citation with its address, a figure."""

    text: str
    href: str = ""
    figure: bool = False


def runs(
    paragraph: SummaryParagraph, values: Mapping[str, str], read: str, public: Mapping[int, int]
) -> list[Run]:
    """Return a paragraph's words, its figures filled, its citations leading to what they cite.

    `read` is the address where contributions are read, `public` are the keys of those that are, by
    number; a passage that was picked is led to.
    """
    try:
        pieces = citing.pieces(str(paragraph.text))
    except citing.CitingError:
        return [Run(str(paragraph.text))]
    picked = {each.contribution.number: each.passage_id for each in paragraph.citations.all()}
    found: list[Run] = []
    for piece in pieces:
        match piece:
            case citing.Words(text=text):
                found.append(Run(text))
            case citing.Figure(name=name, text=text):
                found.append(Run(values.get(name, text), figure=True))
            case citing.Cited(parts=parts):
                found.append(Run("["))
                for place, (first, last) in enumerate(parts):
                    if place:
                        found.append(Run(", "))
                    for number in dict.fromkeys((first, last)):
                        if number != first:
                            found.append(Run("–"))
                        href = ""
                        if number in public:
                            at = picked.get(number)
                            anchor = f"passage-{at}" if at else f"contribution-{number}"
                            href = f"{read}?number={number}#{anchor}"
                        found.append(Run(str(number), href))
                found.append(Run("]"))
    return found


def public_numbers(summary: Summary) -> dict[int, int]:
    """Return the keys of the published contributions of a summary's round, by number."""
    rows = coverage.published(summary).values_list("number", "pk")
    return {number: key for number, key in rows if number is not None}
