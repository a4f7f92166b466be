"""Where a summary is written: its paragraphs by question, what the checks find, citations to pick."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse

from consultations import reading
from consultations.forms.summary_acts import (
    WRITE,
    key_of,
    of_round,
    question_choices,
    question_of,
)
from consultations.forms.summary_writing import Move, Remove, Stands, Write
from consultations.models import Contribution, Question, SummaryParagraph, Tag, TaggedPassage
from consultations.summary import checks, figures, order
from consultations.summary.checks import Finding
from consultations.views.summary_bench import Bench, Run, bench, public_numbers, runs
from meetings.languages import in_any_language
from meetings.typesetting.tree import Origin, OriginKind, Span, plain
from meetings.typesetting.word_difference import word_difference

TAB, READ = "round_summary", "round_summary_read"
ROWS_A_PAGE = 10
IN_SHORT = 400  # letters of an answer beside the box in which is written


@dataclass(frozen=True, slots=True)
class Shown:
    """A paragraph as the workbench shows it."""

    row: SummaryParagraph
    number: int | None
    runs: list[Run]
    found: list[Found]
    editing: bool
    first: bool
    last: bool


@dataclass(frozen=True, slots=True)
class Found:
    """A finding beside its paragraph, with what changed word by word."""

    finding: Finding
    words: str  # the weight, in words
    changed: list[tuple[str, str]]  # what became of words, and the words


@dataclass(frozen=True, slots=True)
class Part:
    """What stands before the questions, or under one of them."""

    key: str
    number: str
    question: str
    paragraphs: list[Shown]
    adding: bool


WEIGHTS = {"blocker": "Holds it up", "warning": "To look at", "note": "Note"}


def summary(request: HttpRequest, pk: int) -> HttpResponse:
    """Show the paragraphs of a summary, write one, put others in order."""
    held = bench(request, pk, TAB)
    if _looks(request):
        held.permitted(WRITE)
    else:
        answer = held.act((Write, Stands, Move, Remove))
        if answer is not None:
            return answer
    if held.summary is None:
        return held.to_begin()
    found = checks.check(held.summary)
    form, at = _open_form(held)
    parts = list(_parts(held, found, at))
    context = {
        "parts": parts, "form": form, "at": at,
        "elsewhere": [_found(held, each) for each in found if each.paragraph is None],
        "blockers": sum(each.severity == "blocker" for each in found),
        "warnings": sum(each.severity == "warning" for each in found),
        "questions": list(question_choices(held.summary)),
    }  # fmt: skip
    if form is not None:
        context |= _beside(held, form, at)
    return held.page("summary_write.html", context)


def _looks(request: HttpRequest) -> bool:
    """Say whether the form in which somebody writes asks for something to pick, and saves nothing."""
    sent = request.POST
    return sent.get("act") == "look" or "put" in sent or "page" in sent


@dataclass(frozen=True, slots=True)
class At:
    """Where something is written: a paragraph that is changed, or where a new one is added."""

    paragraph: int | None = None
    part: str = ""  # the key of its question, "0" before them
    after: str = ""


def _open_form(held: Bench) -> tuple[Write | None, At]:
    """Return the form in which somebody writes, and where it stands; None where nobody does."""
    request, acted = held.request, held.acted
    person: Any = request.user
    if isinstance(acted, Write) and acted.is_bound:  # it could not be saved
        form: Write = acted
        return form, _where(held, form, acted.data.get("question", ""), acted.data.get("after", ""))
    if not held.may_write:
        return None, At()
    sent = request.POST
    if _looks(request):
        form = Write(sent, summary=held.held, by=person, key=sent.get("key", ""))
        form = form.put(sent["put"]) if sent.get("put") else form.unsent()
        return form, _where(held, form, sent.get("question", ""), sent.get("after", ""))
    if held.held.final_at is not None:  # what was typed before that is shown above
        return None, At()
    if key := request.GET.get("edit", ""):
        rows = held.held.paragraphs.prefetch_related("citations__contribution")
        row = rows.filter(pk=key_of(key)).first()
        if row is None:
            return None, At()
        form = Write(summary=held.held, by=person, key=key)
        form.initial = {
            "text": row.text, "heading": row.heading, "saves": row.saves,
            "question": row.question_id or "", "opened": held.at.isoformat(),
            "passages": ",".join(
                f"{each.contribution.number}:{each.passage_id}"
                for each in row.citations.all()
                if each.passage_id
            ),
        }  # fmt: skip
        return form, At(paragraph=row.pk, part=str(row.question_id or 0))
    if (part := request.GET.get("add")) is not None:
        question = question_of(held.held, part)
        after = request.GET.get("after", "")
        form = Write(summary=held.held, by=person)
        form.initial = {"question": question.pk if question else "", "after": after}
        return form, _where(held, form, part, after)
    return None, At()


def _where(held: Bench, form: Write, question: str, after: str) -> At:
    found = question_of(held.held, str(question))
    return At(paragraph=key_of(form.key) or None, part=str(found.pk if found else 0), after=after)


def _parts(held: Bench, found: tuple[Finding, ...], at: At) -> Iterator[Part]:
    """Yield the paragraphs of a summary: before the questions, then under each of them."""
    rows = order.in_order(
        held.held,
        held.held.paragraphs.select_related("question", "written_by").prefetch_related(
            "citations__contribution"
        ),
    )
    numbers = order.numbers(rows)
    values = figures.values(held.consultation)
    public = public_numbers(held.held)
    read = held.address + "read/"
    of: dict[int, list[Found]] = {}
    for each in found:
        if each.paragraph is not None:
            of.setdefault(each.paragraph.pk, []).append(_found(held, each))

    def shown(question: int | None) -> list[Shown]:
        mine = [each for each in rows if each.question_id == question]
        return [
            Shown(
                each, numbers.get(each.pk), runs(each, values, read, public), of.get(each.pk, []),
                each.pk == at.paragraph, each == mine[0], each == mine[-1],
            )
            for each in mine
        ]  # fmt: skip

    adding = at.paragraph is None
    yield Part("0", "", "Before the questions", shown(None), adding and at.part == "0")
    for number, question in figures.asked(held.consultation):
        yield Part(
            str(question.pk), number, in_any_language(question.text), shown(question.pk),
            adding and at.part == str(question.pk),
        )  # fmt: skip


def _found(held: Bench, finding: Finding) -> Found:
    """Return a finding as the page shows it; what was public once, or never, only to the secretariat."""
    changed: list[tuple[str, str]] = []
    if finding.changed is not None and finding.changed.now and held.may_see_all:
        origin = Origin(OriginKind.PHRASE)
        was, now = ((Span(each, origin),) for each in (finding.changed.was, finding.changed.now))
        changed = [(each.fate.value, plain(each.spans)) for each in word_difference(was, now)]
    return Found(finding, WEIGHTS[finding.severity], changed)


# What stands beside the box in which somebody writes


@dataclass(frozen=True, slots=True)
class Offered:
    """A contribution whose citation can be put into the text."""

    number: int
    sender: str
    said: str
    passages: list[TaggedPassage]


def _beside(held: Bench, form: Write, at: At) -> dict[str, Any]:
    """Return the contributions and figures to pick from, as many as one page holds."""
    question = question_of(held.held, at.part)
    sent = held.request.POST
    show = sent.get("show", "question" if question else "all")
    rows = of_round(held.held).order_by("number")
    tags = list(Tag.objects.filter(consultation=held.consultation).select_related("question"))
    if show == "question" and question is not None:
        rows = rows.filter(answers__question=question)
    elif show == "open":
        rows = rows.exclude(citations__paragraph__summary=held.held)
        rows = rows.exclude(pk__in=held.held.set_aside.values("contribution"))
    elif tag := next((each for each in tags if show == f"tag-{each.pk}"), None):
        rows = rows.filter(tagged__tag=tag, tagged__removed_at=None).distinct()
    page = Paginator(rows, ROWS_A_PAGE).get_page(sent.get("page"))
    passages: dict[int, list[TaggedPassage]] = {}
    marked = TaggedPassage.objects.filter(
        tag__consultation=held.consultation, contribution__in=list(page), removed_at=None
    )
    for each in marked.select_related("tag"):
        if question is None or each.question_id in (None, question.pk):
            passages.setdefault(each.contribution_id, []).append(each)
    return {
        "offered": [_offered(each, question, passages.get(each.pk, [])) for each in page],
        "offered_page": page,
        "figures": figures.figures(held.consultation),
        "show": show,
        "shows": [
            *([("question", "Those that answer this question")] if question else []),
            ("all", "All published contributions"),
            ("open", "Those neither cited nor set aside"),
            *((f"tag-{each.pk}", f"Tagged “{each}”") for each in tags),
        ],
    }  # fmt: skip


def _offered(
    each: Contribution, question: Question | None, passages: list[TaggedPassage]
) -> Offered:
    said = reading.public(each)
    texts = [
        reading.plain(answer.pieces)
        for answer in said.answers
        if question is None or answer.question == question
    ]
    words = " ".join(" ".join([*texts, reading.plain(said.text)]).split())
    short = words if len(words) <= IN_SHORT else f"{words[:IN_SHORT].rpartition(' ')[0]} …"
    assert each.number is not None
    return Offered(each.number, said.sender.in_short, short, passages)
