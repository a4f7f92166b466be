"""The Word file as its XML says it, and what a template of somebody else's may lack."""

from __future__ import annotations

from typing import Any

from meetings.typesetting.docx import render_docx

from .file_reading import W, docx_part
from .samples import make_report


def styled(content: bytes) -> list[tuple[str, str]]:
    """Return style and text of every paragraph, tabs as such, in the order of the body."""
    return [(_style(p), _text(p)) for p in docx_part(content).iter(f"{W}p")]


def _style(paragraph: Any) -> str:
    style = paragraph.find(f"{W}pPr/{W}pStyle")
    return "" if style is None else str(style.get(f"{W}val"))


def _text(paragraph: Any) -> str:
    return "".join(
        "\t" if part.tag == f"{W}tab" else part.text or ""
        for part in paragraph.iter(f"{W}t", f"{W}tab")
    )


def test_a_whole_report_in_named_styles() -> None:
    assert styled(render_docx(make_report())) == [
        ("HeadSession", "Example Council 2031"),
        ("HeadPlaceAndDates".replace("AndDates", "anddates"), "Atlantis, 3-5 June 2031"),
        ("Headagendaitem", "Agenda item: PL 4"),
    ]
