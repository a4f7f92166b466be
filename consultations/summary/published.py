"""What everybody reads of a summary: its published editions, and where each cites a contribution."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from django.db.models import (
    Case,
    CharField,
    Exists,
    OuterRef,
    Prefetch,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Cast, Concat
from django.urls import reverse

from consultations.access import public_consultations
from consultations.models import Summary
from consultations.summary import citing
from meetings import editions
from meetings.models import Edition, EditionFile
from meetings.typesetting.tree import Document, plain

PARAGRAPH, FIGURES = "paragraph-", "figures"  # how anchors begin, or what they are


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


def public() -> QuerySet[Summary]:
    """Return the summaries of public rounds that everybody reads: those with an edition in `editions_of`.

    Each has the tree of the latest one as `tree`.
    """
    # each is published once, and in the order in which they are made: the last is the latest
    latest = KeyTextTransform("-1", OuterRef("public_editions"))
    made = Edition.objects.annotate(ends=_slug()).filter(
        document=OuterRef("document"), language=OuterRef("language"), ends=latest
    )
    return Summary.objects.filter(
        Exists(made), consultation__in=public_consultations(), published_at__isnull=False,
        document__public=True, document__withdrawn_at=None,
    ).annotate(tree=Subquery(made.order_by("-pk").values("tree")[:1]))  # fmt: skip


def _slug() -> Case:
    """Return `Edition.slug` of many."""
    numbered = [
        When(series=series, then=Concat(Value(f"{short.rstrip('.').lower()}-"), Cast("number", CharField())))
        for series, short in Edition.SHORT.items() if short
    ]  # fmt: skip
    original = When(number=0, then=Value(str(Edition.Series.ORIGINAL)))
    return Case(original, *numbered, output_field=CharField())


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


def said(tree: str) -> Iterator[tuple[str, str]]:
    """Yield the headings and paragraphs of a summary as it is printed: (anchor, text).

    Its annexes are left out. They hold contributions in full, which are found as such, and of one that
    was withdrawn since still what it said.
    """
    for section in editions.body_of(tree).sections:
        yield section.anchor, plain(section.heading)
        for each in section.paragraphs:
            yield each.anchor, plain(each.text)


def place_name(anchor: str) -> str:
    """Return what a place in a summary is called: Paragraph 3; Heading."""
    number = anchor.removeprefix(PARAGRAPH)
    if anchor.startswith(PARAGRAPH) and number.isdigit():
        return f"Paragraph {number}"
    return "Figures" if anchor == FIGURES else "Heading"


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
