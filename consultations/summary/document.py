"""A summary as a document: figures, who contributed, the body with its citations, all answers in full.

What is asked of the database is asked in `gather`; the rest are pure functions from what it found.
A citation leads to the page of its contribution, at the passage; below the answers in full stands
where each contribution is cited.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from urllib.parse import quote

from django.conf import settings
from django.urls import reverse

from consultations import announcing, counting, reading
from consultations.models import Question, Summary, SummaryParagraph, TaggedPassage
from consultations.reading import PublicContribution
from consultations.summary import citing, coverage, figures, order, tagging
from consultations.summary.coverage import Balance, Coverage
from meetings import paragraph as paragraphs
from meetings.languages import LANGUAGES, in_any_language, in_language
from meetings.models import Edition
from meetings.record import group_facts
from meetings.site_address import absolute
from meetings.typesetting.docx import render_docx
from meetings.typesetting.html import render_html
from meetings.typesetting.pdf import render_pdf
from meetings.typesetting.text import render_text
from meetings.typesetting.tree import (
    Annex,
    Document,
    Head,
    Origin,
    OriginKind,
    Paragraph,
    Section,
    Span,
    Spans,
    Table,
)
from meetings.wording import dates
from meetings.wording.facts import GroupFacts
from meetings.wording.messages import Messages, messages

_LABEL, _NUMBER = Origin(OriginKind.LABEL), Origin(OriginKind.NUMBER)
_COUNTED = Origin(OriginKind.FACT, "consultations.contributioncount")
MOST_IN_A_FRAGMENT = 4  # words at either end of a passage by which a browser finds it


@dataclass(frozen=True, slots=True)
class Asked:
    """A question with its number, and the paragraphs that summarize its answers."""

    number: str
    row: Question
    area: bool  # it stands below another
    only: bool


@dataclass(frozen=True, slots=True)
class Gathered:
    """All that a summary prints."""

    summary: Summary
    day: date
    group: GroupFacts
    number: str  # of the document, where it has one
    topic: str
    window: str
    tally: counting.Tally
    coverage: Coverage
    balance: Balance
    values: Mapping[str, str]
    asked: tuple[Asked, ...]
    paragraphs: tuple[SummaryParagraph, ...]
    numbers: Mapping[int, int]  # of paragraphs, by key
    published: tuple[PublicContribution, ...]
    passages: Mapping[tuple[int, int], TaggedPassage]  # by paragraph and number
    aside: Mapping[int, str]  # by key


def title(summary: Summary) -> str:
    """Return what a summary is called, as its register lists it."""
    said = messages(summary.language).summary["title"]
    topic = announcing.name(summary.consultation)
    return said.replace("{topic}", f"“{topic}”")[:500]


def gather(summary: Summary, day: date) -> Gathered:
    """Ask for all that a summary prints, told on `day`, in a number of queries that does not grow."""
    consultation = summary.consultation
    rows = order.in_order(
        summary,
        summary.paragraphs.select_related("question").prefetch_related("citations__contribution"),
    )
    found = reading.with_all_it_says(coverage.published(summary)).select_related(
        "country__region", "consultation__group"
    )
    questions = list(figures.asked(consultation))
    above = sum(row.parent_id is None for _, row in questions)
    asked = [
        Asked(number, row, row.parent_id is not None, above == 1 and row.parent_id is None)
        for number, row in questions
    ]
    cited = TaggedPassage.objects.select_related("contribution", "question")
    by_key = {each.pk: each for each in cited.filter(tag__consultation=consultation)}
    passages = {}
    for row in rows:
        for each in row.citations.all():
            if each.passage_id in by_key and each.contribution.number is not None:
                passages[row.pk, each.contribution.number] = by_key[each.passage_id]
    opened, closed = (
        when.words(messages("en")) for when in (consultation.opening(), consultation.deadline())
    )
    return Gathered(
        summary=summary,
        day=day,
        group=group_facts(consultation.group, day, summary.language),
        number=summary.document.number if summary.document is not None else "",
        topic=announcing.name(consultation),
        window=_window(opened, closed),
        tally=counting.tally(consultation),
        coverage=coverage.coverage(summary),
        balance=coverage.balance(summary),
        values=figures.values(consultation),
        asked=tuple(asked),
        paragraphs=tuple(rows),
        numbers=order.numbers(rows),
        published=tuple(reading.public(each) for each in found),
        passages=passages,
        aside={each.contribution_id: str(each.reason) for each in summary.set_aside.all()},
    )


def _window(opened: str, closed: str) -> str:
    """Return when a round was open, as far as that is known."""
    if opened and closed:
        return f"Open from {opened} to {closed}"
    return f"Open until {closed}" if closed else f"Open from {opened}" if opened else ""


def compose(told: Gathered) -> Document:
    """Return the document of a summary. Raises citing.CitingError for a text that cannot be read."""
    said = messages(told.summary.language)
    name = told.group.name.text or told.group.acronym.text
    label = partial(_label, said)
    number = f"{said.patterns['head_number'].replace('{number}', told.number)}"
    return Document(
        language=told.summary.language,
        title=title(told.summary),
        head=Head(
            session=(Span(name, _LABEL),) if name else (),
            place_and_dates=label("place"),
            number=(Span(number, _LABEL),) if told.number else (),
            date=(Span(dates.day(said, told.day), _LABEL),),
            original=(
                Span(
                    said.patterns["head_original"].replace(
                        "{language}", said.languages[told.summary.language]
                    ),
                    _LABEL,
                ),
            ),
            source=label("source"),
            title=(
                Span(
                    title(told.summary),
                    Origin(OriginKind.FACT, "consultations.consultation", _key(told)),
                ),
                *_if_example(told, said),
            ),
        ),
        sections=tuple(_sections(told, said)),
        running_head=told.number or f"{told.group.acronym.text}/OC-{told.summary.consultation.key}",
        author=name,
        annexes=(_who(told, said), _in_full(told, said)),
    )


def designated(document: Document, series: str, number: int) -> Document:
    """Return a document with the designation of its edition in its head: …-23/7 (Rev.1)."""
    if not number:
        return document
    added = f" ({Edition.SHORT[series]}{number})"
    head = document.head
    if head.number:
        head = replace(head, number=(*head.number, Span(added, _LABEL)))
    return replace(document, head=head, running_head=f"{document.running_head}{added}")


def files(document: Document) -> dict[str, Callable[[], bytes]]:
    """Return what makes each file of an edition."""
    return {
        "docx": lambda: render_docx(document, settings.WORD_TEMPLATE),
        "html": lambda: render_html(document).encode(),
        "pdf": lambda: render_pdf(document).content,
        "text": lambda: render_text(document).encode(),
    }


def _if_example(told: Gathered, said: Messages) -> Spans:
    """Return the words that a summary made of nothing but examples is one itself."""
    examples = bool(told.published) and all(each.row.example for each in told.published)
    return (Span(f" ({said.summary['example']})", _LABEL),) if examples else ()


def _key(told: Gathered) -> str:
    return str(told.summary.consultation_id)


def _label(said: Messages, name: str, *, strong: bool = False, **values: str) -> Spans:
    text = said.summary[name]
    for slot, value in values.items():
        text = text.replace(f"{{{slot}}}", value)
    return (Span(text, _LABEL, strong=strong),)


def taken_from(document: Document) -> frozenset[tuple[int, str]]:
    """Return what a summary prints of contributions: the key of each with each run of its words."""
    spans: list[Span] = []
    for block in (block for annex in document.annexes for block in annex.blocks):
        rows = ((block.text,),) if isinstance(block, Paragraph) else block.rows
        spans += (span for row in rows for text in row for span in text)
    return frozenset(
        (int(each.origin.key), each.text)
        for each in spans
        if each.origin.model == "consultations.contribution"
    )


# The body


def _sections(told: Gathered, said: Messages) -> Iterator[Section]:
    """Yield what the summary says: before the questions, then under each of them."""
    before = [each for each in told.paragraphs if each.question_id is None]
    figures_said = Paragraph((), (Span(_sum(told), _COUNTED),), anchor="figures")
    yield Section(
        "before", (), _label(said, "before"), (figures_said, *_until_a_heading(told, before)),
        anchor="before",
    )  # fmt: skip
    yield from _headed(told, before, "before")
    for asked in told.asked:
        mine = [each for each in told.paragraphs if each.question_id == asked.row.pk]
        if asked.area and not mine:
            continue
        part = f"question-{asked.number}"
        yield Section(
            part, (), (*_question(asked, told, said),), tuple(_until_a_heading(told, mine)),
            anchor=part,
        )  # fmt: skip
        yield from _headed(told, mine, part)


def _sum(told: Gathered) -> str:
    """Return the sum of what was received, and when: the first sentence of every summary."""
    when = f"{told.window}. " if told.window else ""
    return f"{when}{told.tally.words().rstrip('.')}."


def _question(asked: Asked, told: Gathered, said: Messages) -> Spans:
    text = in_language(asked.row.text, told.summary.language) or in_any_language(asked.row.text)
    name = "only_question" if asked.only else "question"
    origin = Origin(OriginKind.FACT, "consultations.question", str(asked.row.pk), "text")
    return (*_label(said, name, number=asked.number), Span(": ", _LABEL), Span(text, origin))


def _until_a_heading(told: Gathered, rows: list[SummaryParagraph]) -> Iterator[Paragraph]:
    for each in rows:
        if each.heading:
            return
        yield _paragraph(told, each)


def _headed(told: Gathered, rows: list[SummaryParagraph], part: str) -> Iterator[Section]:
    """Yield the paragraphs below each heading of a part."""
    headings = [place for place, each in enumerate(rows) if each.heading]
    for number, place in enumerate(headings, 1):
        row = rows[place]
        anchor = f"{part}-heading-{number}"
        yield Section(
            part, (), _spans(told, row), tuple(_until_a_heading(told, rows[place + 1 :])),
            anchor=anchor,
        )  # fmt: skip


def _paragraph(told: Gathered, row: SummaryParagraph) -> Paragraph:
    number = told.numbers[row.pk]
    return Paragraph(
        paragraphs.number(f"{number}"), _spans(told, row), anchor=f"paragraph-{number}"
    )


def _spans(told: Gathered, row: SummaryParagraph) -> Spans:
    """Return a paragraph's words, its figures filled, its citations leading to what they cite."""
    origin = Origin(OriginKind.PASSAGE, "consultations.summaryparagraph", str(row.pk), "text")
    by_number = {each.row.number: each for each in told.published}
    spans: list[Span] = []
    for piece in citing.pieces(row.text):
        match piece:
            case citing.Words(text=text):
                spans.append(Span(text, origin))
            case citing.Figure(name=name, text=text):
                spans.append(Span(told.values.get(name, text), _COUNTED))
            case citing.Cited():
                spans += _cited(told, row, piece, by_number, origin)
    return tuple(spans)


def _cited(
    told: Gathered,
    row: SummaryParagraph,
    piece: citing.Cited,
    by_number: Mapping[int | None, PublicContribution],
    origin: Origin,
) -> Iterator[Span]:
    def number(cited: int) -> Span:
        found = by_number.get(cited)
        passage = told.passages.get((row.pk, cited))
        href = _address(found, row.question_id, passage) if found is not None else ""
        return Span(str(cited), origin, href=href)

    yield Span("[", origin)
    for place, (first, last) in enumerate(piece.parts):
        if place:
            yield Span(", ", origin)
        yield number(first)
        if last != first:
            yield Span("–", origin)
            yield number(last)
    yield Span("]", origin)


def _address(cited: PublicContribution, question: int | None, passage: TaggedPassage | None) -> str:
    """Return the address of a contribution at the passage, else at its answer to the question."""
    consultation = cited.row.consultation
    path = reverse(
        "pages:contribution", args=[consultation.group.slug, consultation.key, cited.row.number]
    )
    if passage is not None and passage.attachment_id is not None:
        return f"{absolute(path)}#files"
    at = passage.question_id if passage is not None else question
    places = [each.question.pk for each in cited.answers]
    anchor = f"answer-{places.index(at) + 1}" if at in places else "text" if cited.text else ""
    return absolute(path) + (f"#{anchor}" if anchor else "") + _fragment(cited, passage, anchor)


def _fragment(cited: PublicContribution, passage: TaggedPassage | None, anchor: str) -> str:
    """Return the end of an address by which browsers find words of a page and mark them.

    What was redacted since the passage was picked is in no address either.
    """
    if passage is None or passage.removed_at is not None or not tagging.stands(passage, cited):
        return ""
    words = str(passage.words).split()

    def coded(some: list[str]) -> str:
        return quote(" ".join(some), safe="").replace("-", "%2D")

    few = len(words) <= 2 * MOST_IN_A_FRAGMENT
    said = coded(words) if few else (
        f"{coded(words[:MOST_IN_A_FRAGMENT])},{coded(words[-MOST_IN_A_FRAGMENT:])}"
    )  # fmt: skip
    return f"{'' if anchor else '#'}:~:text={said}"


# The annexes


def _who(told: Gathered, said: Messages) -> Annex:
    """Return who contributed: by group, by region, one by one as far as they agreed."""
    label = partial(_label, said)
    blocks: list[Paragraph | Table] = []
    for name, shares, first in (
        ("groups", told.balance.groups, "group"),
        ("regions", told.balance.regions, "region"),
    ):
        if not shares:
            continue
        blocks.append(Paragraph((), label(name, strong=True)))
        blocks.append(
            Table(
                tuple(label(each) for each in (first, "published", "cited", "citations")),
                tuple(
                    tuple(
                        (Span(text, _COUNTED),)
                        for text in (
                            share.name, _with_share(share.published, share.of_published),
                            str(share.cited), _with_share(share.citations, share.of_citations),
                        )
                    )
                    for share in shares
                ),
            )
        )  # fmt: skip
    blocks.append(Paragraph((), label("contributors" if told.published else "none", strong=True)))
    if told.published:
        blocks.append(
            Table(
                tuple(label(each) for each in ("number", "sender", "group", "country", "language")),
                tuple(_contributor(each, said) for each in told.published),
            )
        )
    return Annex(
        "annex-1", label("annex", number="1"), label("who"), tuple(blocks), anchor="annex-1"
    )


def _with_share(number: int, share: float) -> str:
    return f"{number} ({share:.0%})"


def _contributor(each: PublicContribution, said: Messages) -> tuple[Spans, ...]:
    example = f" ({said.summary['example']})" if each.row.example else ""
    href = _address(each, None, None).partition("#")[0]
    texts = (
        each.sender.in_full + example, each.sender.stakeholder_group, each.sender.country,
        LANGUAGES[each.row.language],
    )  # fmt: skip
    origin = Origin(OriginKind.FACT, "consultations.contribution", str(each.row.pk))
    return (
        (Span(f"{each.row.number}", origin, href=href),),
        *(((Span(text, origin),) if text else ()) for text in texts),
    )


def _in_full(told: Gathered, said: Messages) -> Annex:
    """Return every published contribution in full: its answers by question, then what is left."""
    label = partial(_label, said)
    blocks: list[Paragraph | Table] = []
    where = _where_cited(told)
    for asked in told.asked:
        answers = [
            (each, answer.pieces)
            for each in told.published
            for answer in each.answers
            if answer.question.pk == asked.row.pk
        ]
        if asked.area and not answers:
            continue
        heading = tuple(replace(span, strong=True) for span in _question(asked, told, said))
        blocks.append(Paragraph((), heading, anchor=f"answers-{asked.number}"))
        if not answers:
            blocks.append(Paragraph((), label("unanswered")))
        for each, pieces in answers:
            blocks += _said_in_full(each, pieces, where, told, said)
    rest = [each for each in told.published if each.text or each.attachments]
    if rest:
        blocks.append(Paragraph((), label("text", strong=True), anchor="answers-text"))
    for each in rest:
        blocks += _said_in_full(each, each.text, where, told, said, files=True)
    return Annex(
        "annex-2", label("annex", number="2"), label("answers"), tuple(blocks), anchor="annex-2"
    )


def _where_cited(told: Gathered) -> dict[int, list[int]]:
    found: dict[int, list[int]] = {}
    for row in told.paragraphs:
        if row.pk in told.numbers:
            for number in citing.numbers(row.text):
                found.setdefault(number, []).append(told.numbers[row.pk])
    return found


def _said_in_full(
    each: PublicContribution,
    pieces: tuple[reading.Piece, ...],
    where: Mapping[int, list[int]],
    told: Gathered,
    said: Messages,
    *,
    files: bool = False,
) -> Iterator[Paragraph]:
    origin = Origin(OriginKind.FACT, "consultations.contribution", str(each.row.pk), "text")
    number = each.row.number
    assert number is not None
    named = f" {each.sender.in_full}"
    if each.row.example:
        named += f" ({said.summary['example']})"
    href = _address(each, None, None).partition("#")[0]
    yield Paragraph(
        (),
        (
            Span("[", _NUMBER, strong=True), Span(str(number), _NUMBER, strong=True, href=href),
            Span("]", _NUMBER, strong=True), Span(named, origin, strong=True),
            Span(" – ", _LABEL), *_back(where.get(number, []), each, told, said),
        ),
    )  # fmt: skip
    for line in filter(None, (line.strip() for line in reading.plain(pieces).splitlines())):
        yield Paragraph((), (Span(line, origin),))
    if files and each.attachments:
        before, _, after = said.summary["files"].partition("{files}")
        names = ", ".join(str(file.name) for file in each.attachments)
        spans = (Span(before, _LABEL), Span(names, origin), Span(after, _LABEL))
        yield Paragraph((), tuple(span for span in spans if span.text))


def _back(
    cited: list[int], each: PublicContribution, told: Gathered, said: Messages
) -> Iterator[Span]:
    """Yield where a contribution is cited, each leading back there; or why it is set aside."""
    if not cited:
        reason = told.aside.get(each.row.pk, "")
        yield from _label(said, "aside", reason=reason) if reason else ()
        return
    before, _, after = said.summary["cited_once" if len(cited) == 1 else "cited_often"].partition(
        "{paragraphs}"
    )
    yield Span(before, _LABEL)
    for place, number in enumerate(cited):
        if place:
            yield Span(", ", _LABEL)
        yield Span(str(number), _NUMBER, href=f"#paragraph-{number}")
    if after:
        yield Span(after, _LABEL)
