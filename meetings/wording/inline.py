"""The little Markdown that a passage may hold: emphasis and links."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from markdown_it import MarkdownIt

from meetings.typesetting.tree import Origin, Span, Spans
from meetings.wording import slots

_MARKDOWN = MarkdownIt("zero").enable(["emphasis", "balance_pairs", "link", "escape", "newline"])


def read(text: str, values: Mapping[str, Spans], origin: Origin) -> Spans:
    """Return a passage's text as spans, its slots filled, its emphasis and links kept.

    Anything else of Markdown, and all markup, is printed as typed.
    """
    spans: list[Span] = []
    emphasis = strong = 0
    href = ""
    for block in _MARKDOWN.parseInline(text):
        for token in block.children or []:
            if token.type in {"em_open", "em_close"}:
                emphasis += token.nesting
            elif token.type in {"strong_open", "strong_close"}:
                strong += token.nesting
            elif token.type in {"link_open", "link_close"}:
                href = str(token.attrGet("href") or "") if token.nesting == 1 else ""
            else:
                words = " " if token.type in {"softbreak", "hardbreak"} else token.content
                spans += (
                    replace(span, emphasis=emphasis > 0, strong=strong > 0, href=href)
                    for span in slots.fill(words, values, origin)
                )
    return tuple(spans)
