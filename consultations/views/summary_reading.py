"""Where a summary's contributions are read: by question, tag, group; tagged, set aside, found open."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from django.core.paginator import Paginator
from django.db.models import Count, Exists, OuterRef, Q
from django.http import HttpRequest, HttpResponse

from consultations import reading
from consultations.forms.summary_acts import Act, of_round, question_choices, question_of
from consultations.forms.summary_reading import (
    AddTag,
    Mark,
    MarkFile,
    PutAside,
    RemoveTag,
    RenameTag,
    TakeBack,
    Unmark,
)
from consultations.models import (
    Citation,
    Contribution,
    Question,
    SetAside,
    StakeholderGroup,
    Summary,
    Tag,
    TaggedPassage,
)
from consultations.summary import coverage, figures, order, tagging
from consultations.views.summary_bench import Bench, bench
from meetings.languages import RIGHT_TO_LEFT, in_any_language

ROWS_A_PAGE, LISTED_A_PAGE = 10, 50
LATEST_TAKEN_OFF = 50
COVERS = (("open", "Neither cited nor set aside"), ("cited", "Cited"), ("aside", "Set aside"))


@dataclass(frozen=True, slots=True)
class Run:
    """A run of a text, with the keys of the passages that begin there; marked where one stands."""

    text: str
    marked: bool
    begins: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Said:
    """An answer or the free text, with its passages and the form that tags it."""

    key: str
    label: str
    question: str
    runs: list[Run]
    passages: list[TaggedPassage]
    form: Act | None


@dataclass(frozen=True, slots=True)
class Row:
    """A published contribution as it is read at the workbench."""

    row: Contribution
    public: reading.PublicContribution
    rtl: bool
    said: list[Said]
    in_files: list[TaggedPassage]
    file_form: Act | None
    cited: list[tuple[int, int]]  # the number and the key of each paragraph
    aside: SetAside | None
    aside_form: Act | None


ACTS = (Mark, MarkFile, Unmark, AddTag, RenameTag, RemoveTag, PutAside, TakeBack)


def read(request: HttpRequest, pk: int) -> HttpResponse:
    """Show the published contributions of a round, narrowed as asked; tag what they say."""
    held = bench(request, pk, "round_summary_read")
    answer = held.act(ACTS)
    if answer is not None:
        return answer
    if held.summary is None:
        return held.to_begin()
    asked = request.GET
    question = question_of(held.summary, asked.get("question", ""))
    tags = _tags(held)
    rows = _narrowed(held, of_round(held.summary).select_related("country__region"))
    page = Paginator(rows.order_by("number"), ROWS_A_PAGE).get_page(asked.get("page"))
    writable = held.may_write
    query = asked.copy()
    query.pop("page", None)
    context = {
        "page": page, "rows": _rows(held, list(page), question, tags),
        "tags": [(tag, held.form(RenameTag, str(tag.pk)) if writable else None) for tag in tags],
        "add_tag": held.form(AddTag) if writable else None,
        "questions": list(question_choices(held.summary)), "groups": StakeholderGroup.choices,
        "covers": COVERS, "asked": {name: asked.get(name, "") for name in _ASKED},
        "query": f"{query.urlencode()}&" if query else "",
        "taken_off": _taken_off(held),
    }  # fmt: skip
    return held.page("summary_read.html", context)


_ASKED = ("question", "tag", "group", "cover", "number")


def _key(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0


def _narrowed(held: Bench, rows: Any) -> Any:
    """Return the contributions that an address asks for; what means nothing is left out."""
    asked, summary = held.request.GET, held.held
    if number := _key(asked.get("number", "")):
        return rows.filter(number=number)
    if question := question_of(summary, asked.get("question", "")):
        rows = rows.filter(answers__question=question)
    if tag := _key(asked.get("tag", "")):
        marked = TaggedPassage.objects.filter(
            tag=tag, removed_at=None, tag__consultation=held.consultation
        )
        rows = rows.filter(pk__in=marked.values("contribution"))
    if (group := asked.get("group", "")) in StakeholderGroup.values:
        rows = rows.filter(stakeholder_group=group)
    return _covered(rows, summary, asked.get("cover", ""))


def _covered(rows: Any, summary: Summary, cover: str) -> Any:
    """Return those that are open, cited or set aside; all of them for anything else."""
    cited = Exists(Citation.objects.filter(paragraph__summary=summary, contribution=OuterRef("pk")))
    aside = Exists(SetAside.objects.filter(summary=summary, contribution=OuterRef("pk")))
    covers = {"open": ~cited & ~aside, "cited": cited, "aside": aside & ~cited}
    return rows.filter(covers[cover]) if cover in covers else rows


def _tags(held: Bench) -> list[Tag]:
    standing = Count("passages", filter=Q(passages__removed_at=None))
    rows = Tag.objects.filter(consultation=held.consultation).select_related("question")
    return list(rows.annotate(standing=standing).order_by("position", "pk"))


def _taken_off(held: Bench) -> list[TaggedPassage]:
    """Return the passages whose tag was taken off last, as far as the person may read their words."""
    rows = TaggedPassage.objects.filter(tag__consultation=held.consultation).exclude(
        removed_at=None
    )
    related = rows.select_related("tag", "contribution", "made_by", "removed_by", "attachment")
    latest = list(related.order_by("-removed_at")[:LATEST_TAKEN_OFF])
    if held.may_see_all or not latest:
        return latest
    cited = of_round(held.held).filter(pk__in={each.contribution_id for each in latest})
    said = {each.pk: reading.public(each) for each in cited}
    return [
        each
        for each in latest
        if each.contribution_id in said and tagging.stands(each, said[each.contribution_id])
    ]


def _rows(
    held: Bench, found: list[Contribution], question: Question | None, tags: list[Tag]
) -> list[Row]:
    """Return contributions with their passages, where they are cited, and the forms of their acts."""
    summary, writable = held.held, held.may_write
    passages: dict[int, list[TaggedPassage]] = {}
    marked = TaggedPassage.objects.filter(
        contribution__in=found, removed_at=None, tag__consultation=held.consultation
    )
    for mark in marked.select_related("tag", "made_by", "attachment").order_by("start", "pk"):
        passages.setdefault(mark.contribution_id, []).append(mark)
    cited = _cited(held, found)
    asides = {
        aside.contribution_id: aside
        for aside in summary.set_aside.filter(contribution__in=found).select_related("by")
    }
    labels = {row.pk: number for number, row in figures.asked(held.consultation)}
    rows = []
    for each in found:
        public = reading.public(each)
        own = [
            passage
            for passage in passages.get(each.pk, [])
            if held.may_see_all or tagging.stands(passage, public)
        ]
        said = [
            _said(
                held, each, reading.plain(answer.pieces), own, tags, question=answer.question,
                label=labels.get(answer.question.pk, ""),
            )
            for answer in public.answers
            if question in (None, answer.question)
        ]  # fmt: skip
        if public.text and question is None:
            said.append(_said(held, each, reading.plain(public.text), own, tags))
        aside, covered = asides.get(each.pk), cited.get(each.pk, [])
        rows.append(
            Row(
                each, public, each.language in RIGHT_TO_LEFT, said,
                [p for p in own if p.attachment_id is not None],
                _file_form(held, public, tags) if writable and public.attachments else None,
                covered, aside,
                held.form(PutAside, str(each.pk))
                if writable and not covered and aside is None and summary.final_at is None
                else None,
            )
        )  # fmt: skip
    return rows


def _said(
    held: Bench,
    row: Contribution,
    text: str,
    own: list[TaggedPassage],
    tags: list[Tag],
    *,
    question: Question | None = None,
    label: str = "",
) -> Said:
    """Return an answer, or the free text where no question is given."""
    asked = question.pk if question is not None else None
    passages = [p for p in own if p.question_id == asked and p.attachment_id is None]
    key = f"{row.pk}-{asked or ''}"
    form = held.form(Mark, key) if held.may_write else None
    if isinstance(form, Mark) and not form.is_bound:
        form.offer(text, tags, question)
    title = in_any_language(question.text) if question is not None else ""
    return Said(key, label, title, marked_runs(text, passages), passages, form)


def _file_form(held: Bench, public: reading.PublicContribution, tags: list[Tag]) -> Act:
    form = held.form(MarkFile, str(public.row.pk))
    if isinstance(form, MarkFile) and not form.is_bound:
        form.offer(public.attachments, tags)
    return form


def marked_runs(text: str, passages: Iterable[TaggedPassage]) -> list[Run]:
    """Return a text in runs, with its passages marked where their words still stand."""
    spans = [
        (each.start, each.end, each.pk)
        for each in passages
        if each.start is not None and each.end is not None
        and text[each.start : each.end] == each.words
    ]  # fmt: skip
    cuts = sorted({0, len(text), *(at for start, end, _ in spans for at in (start, end))})
    return [
        Run(
            text[start:end],
            any(first <= start < last for first, last, _ in spans),
            tuple(key for first, _, key in spans if first == start),
        )
        for start, end in pairwise(cuts)
    ]


def _cited(held: Bench, found: list[Contribution]) -> dict[int, list[tuple[int, int]]]:
    """Return in which paragraphs contributions are cited: their numbers and keys."""
    rows = order.in_order(held.held, held.held.paragraphs.prefetch_related("citations"))
    numbers = order.numbers(rows)
    keys = {each.pk for each in found}
    cited: dict[int, list[tuple[int, int]]] = {}
    for row in rows:
        for each in row.citations.all():
            if each.contribution_id in keys and row.pk in numbers:
                cited.setdefault(each.contribution_id, []).append((numbers[row.pk], row.pk))
    return cited


def covered(request: HttpRequest, pk: int) -> HttpResponse:
    """Show which contributions are cited, set aside, open, and how even the citations are."""
    held = bench(request, pk, "round_summary_coverage")
    answer = held.act((PutAside, TakeBack))
    if answer is not None:
        return answer
    if held.summary is None:
        return held.to_begin()
    cover = request.GET.get("cover", "open")
    cover = cover if cover in dict(COVERS) else "open"
    all_rows = coverage.published(held.summary).select_related("country")
    rows = _covered(all_rows.prefetch_related("organisations"), held.summary, cover)
    page = Paginator(rows.order_by("number"), LISTED_A_PAGE).get_page(request.GET.get("page"))
    found = list(page)
    cited = _cited(held, found)
    asides = {
        each.contribution_id: each
        for each in held.summary.set_aside.filter(contribution__in=found).select_related("by")
    }
    writable = held.may_write and held.summary.final_at is None
    context = {
        "page": page, "cover": cover, "covers": COVERS, "balance": coverage.balance(held.summary),
        "query": f"cover={cover}&",
        "rows": [
            (
                each, reading.sender(each), cited.get(each.pk, []), asides.get(each.pk),
                held.form(PutAside, str(each.pk)) if writable and cover == "open" else None,
            )
            for each in found
        ],
    }  # fmt: skip
    return held.page("summary_coverage.html", context)
