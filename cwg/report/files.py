"""A composed report as a file in each format."""

from __future__ import annotations

import json
from dataclasses import asdict

from django.conf import settings
from django.http import HttpResponse

from cwg.report.compose import Composed
from meetings.typesetting.docx import render_docx
from meetings.typesetting.html import render_html
from meetings.typesetting.pdf import render_pdf
from meetings.typesetting.text import render_text
from meetings.typesetting.tree import Document, Spans, lines

MEDIA_TYPES = {
    "text": "text/plain; charset=utf-8",
    "html": "text/html; charset=utf-8",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "pdf": "application/pdf",
    "json": "application/json",
}
# What everybody may take away, by the ending of its address
FORMS = {"docx": "docx", "html": "html", "pdf": "pdf", "txt": "text"}
ENDINGS = {"text": "txt", "html": "html", "docx": "docx", "pdf": "pdf", "json": "json"}


class UnknownFormatError(ValueError):
    """A format in which no report is written."""


def answer(content: bytes, form: str, name: str) -> HttpResponse:
    """Return a file called `name`, shown in the browser where it can show it without harm."""
    sent = HttpResponse(content, content_type=MEDIA_TYPES[form])
    shown = "inline" if form in {"pdf", "text"} else "attachment"
    sent["Content-Disposition"] = f'{shown}; filename="{name}.{ENDINGS[form]}"'
    return sent


def render(composed: Composed, form: str) -> bytes:
    """Return the report in the format `form`. Raises UnknownFormatError."""
    return render_document(composed.document, form)


def render_document(document: Document, form: str) -> bytes:
    """Return a document in the format `form`: text, html, docx, pdf or json.

    A Word file is written on the template that the settings name. Raises UnknownFormatError, and
    TemplateError where that template was broken since the site started.
    """
    match form:
        case "text":
            return render_text(document).encode()
        case "html":
            return render_html(document).encode()
        case "docx":
            return render_docx(document, settings.WORD_TEMPLATE)
        case "pdf":
            return render_pdf(document).content
        case "json":
            return _json(document)
    raise UnknownFormatError(form)


def _json(document: Document) -> bytes:
    paragraphs = [
        {"part": line.part, "spans": _spans(line.number, "\t") + _spans(line.text)}
        for line in lines(document)
    ]
    return (json.dumps({"paragraphs": paragraphs}, ensure_ascii=False, indent=1) + "\n").encode()


def _spans(spans: Spans, after: str = "") -> list[dict[str, object]]:
    return [
        {
            "text": span.text + after,
            "origin": {name: said for name, said in asdict(span.origin).items() if said},
        }
        for span in spans
    ]
