"""An invented group's report, whole and in parts, for every test of the renderers."""

from __future__ import annotations

from dataclasses import replace

from meetings.typesetting.tree import (
    Annex,
    CoverRow,
    CoverRule,
    Document,
    Head,
    Item,
    Line,
    Origin,
    OriginKind,
    Paragraph,
    Section,
    Span,
    Spans,
    Table,
    lines,
    plain,
)

PASSAGE = Origin(OriginKind.PASSAGE)
NUMBER = Origin(OriginKind.NUMBER)
FACT = Origin(OriginKind.FACT, "meetings.outcome", "7", "topics")


def span(text: str, *, href: str = "", strong: bool = False, emphasis: bool = False) -> Spans:
    """Return `text` as the only span, or nothing where it is empty."""
    return (Span(text, PASSAGE, emphasis, strong, href),) if text else ()


def make_paragraph(text: str, number: str = "", *items: Item, anchor: str = "") -> Paragraph:
    return Paragraph(span(number), span(text), items, anchor)


def make_item(number: str, text: str, *items: Item, anchor: str = "") -> Item:
    return Item(span(number), span(text), items, anchor)


def make_document(*texts: str, language: str = "en") -> Document:
    """Return the smallest document that holds each of `texts` as a paragraph."""
    paragraphs = tuple(make_paragraph(text, f"1.{n}") for n, text in enumerate(texts, 1))
    section = Section("1", span("1"), span("Matters"), paragraphs)
    return Document(language, "Report", sections=(section,))


def make_report() -> Document:
    """Return a report with one of everything that a tree can hold."""
    head = Head(
        session=span("Example Council 2031"),
        place_and_dates=span("Atlantis, 3-5 June 2031"),
        agenda_item=span("Agenda item: PL 4"),
        number=span("Document X31/8-E"),
        date=span("2 May 2031"),
        original=span("Original: English"),
        source=span("Report by the Chair of the Example Group"),
        title=span("REPORT ON THE ACTIVITIES OF THE EXAMPLE GROUP"),
    )
    cover = (
        CoverRow(span("Purpose"), (span("To inform."), span("And to ask.")), "cover-purpose"),
        CoverRow(span("Action required"), (span("To take note of paragraph 1.2."),)),
        CoverRule(),
        CoverRow(span("References"), (span("Rule 12", href="https://example.org/12?a=1&b=2"),)),
    )
    numbered = Paragraph(
        (Span("1.1", NUMBER),),
        (
            Span("The Group met on ", PASSAGE),
            Span("3\u20114\u00a0June", FACT),
            Span(", which was ", PASSAGE),
            Span("late", PASSAGE, emphasis=True),
            Span(" and ", PASSAGE),
            Span("cold", PASSAGE, strong=True),
            Span(".", PASSAGE),
        ),
        anchor="paragraph-1.1",
    )
    listed = make_paragraph(
        "It agreed:",
        "1.2",
        make_item("a)", "to meet again;", make_item("(i)", "soon;"), make_item("(ii)", "late;")),
        make_item("b)", "to part.", anchor="outcome-7"),
        anchor="paragraph-1.2",
    )
    dashed = make_paragraph("Without a number:", "", make_item("–", "one;"), make_item("–", "two."))
    linked = Paragraph(span("2.1"), span("As said in 1.1.", href="#paragraph-1.1"))
    return Document(
        language="en",
        title="Report of the Example Group",
        head=head,
        cover=cover,
        sections=(
            Section("1", span("1"), span("Activities"), (numbered, listed, dashed), "section-1"),
            Section("2", span("2"), span("Recommendations"), (linked,), "section-2"),
        ),
        signature=(span("Ada Example (Atlantis)"), span("Chair, Example Group")),
        running_head="X31/8-E",
        author="The Chair of the Example Group",
    )


def make_table(*rows: tuple[str, ...]) -> Table:
    """Return a table of `rows`, the first of them the words over the columns."""
    header, *rest = (tuple(map(span, row)) for row in rows)
    return Table(header, tuple(rest))


def make_annexes() -> tuple[Annex, ...]:
    """Return an annex with paragraphs about a table, and one of paragraphs."""
    table = make_table(
        ("Promise", "Due", "State"),
        ("To meet again (1.2 a))", "June 2031", "open"),
        ("To part", "", "kept"),
    )
    promises = (make_paragraph("What was promised:"), table, make_paragraph("Nothing else."))
    listed = make_paragraph("It was said:", "1", make_item("a)", "much;"), make_item("b)", "more."))
    return (
        Annex("annex-1", span("Annex 1"), span("Status of promises"), promises, "annex-1"),
        Annex("annex-2", (), span("Summary"), (listed,)),
    )


def make_annexed_report() -> Document:
    return replace(make_report(), annexes=make_annexes())


def words(document: Document) -> list[str]:
    """Return the words and numbers of `document` in the order of the page."""
    return [word for line in lines(document) for word in _words(line)]


def _words(line: Line) -> list[str]:
    return plain(line.number).split() + plain(line.text).split()
