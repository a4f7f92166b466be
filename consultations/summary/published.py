"""What everybody reads of a summary: its published editions, and where each cites a contribution."""

from __future__ import annotations

from collections.abc import Mapping

from django.db.models import Prefetch
from django.urls import reverse

from consultations.models import Summary
from consultations.summary import citing
from meetings.models import Edition, EditionFile
from meetings.typesetting.tree import Document, plain

PARAGRAPH = "paragraph-"


def address(summary: Summary) -> str:
    """Return the address of the public page of a summary."""
    consultation = summary.consultation
    return reverse("pages:summary", args=[consultation.group.slug, consultation.slug])


def is_public(summary: Summary) -> bool:
    """Say whether everybody reads a summary, in its latest edition or in an earlier one."""
    document = summary.document
    return (
        summary.published_at is not None
        and document is not None
        and document.public
        and document.withdrawn_at is None
    )


def editions_of(summary: Summary) -> list[Edition]:
    """Return the editions of a summary that everybody reads, the first one first, without their texts.

    One that was made and not published is not among them, whatever was published after it.
    """
    if not is_public(summary):
        return []
    made = Edition.objects.filter(document=summary.document, language=summary.language)
    files = Prefetch("files", EditionFile.objects.defer("content"))
    found = made.defer("tree").prefetch_related(files).order_by("pk")
    return [each for each in found if is_published(summary, each)]


def is_published(summary: Summary, edition: Edition) -> bool:
    """Say whether everybody reads an edition of a summary."""
    return is_public(summary) and edition.slug in summary.public_editions


def where_cited(document: Document) -> Mapping[int, tuple[int, ...]]:
    """Return in which paragraphs of a summary as it is printed each contribution is cited, by number."""
    found: dict[int, list[int]] = {}
    for section in document.sections:
        for each in section.paragraphs:
            place = each.anchor.removeprefix(PARAGRAPH)
            if each.anchor.startswith(PARAGRAPH) and place.isdigit():
                for number in _numbers(plain(each.text)):
                    found.setdefault(number, []).append(int(place))
    return {number: tuple(places) for number, places in found.items()}


def _numbers(text: str) -> tuple[int, ...]:
    try:
        return citing.numbers(text)
    except citing.CitingError:  # of an edition that was loaded from a file
        return ()
