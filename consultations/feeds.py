"""Feeds of contributions and rounds, the same for all: Atom, latest first."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime

from django.http import HttpResponse
from django.urls import reverse
from django.utils import feedgenerator

from consultations import reading
from meetings.site_address import absolute

MOST = 50
LONGEST_TEXT = 4_000
LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)


class Feed(feedgenerator.Atom1Feed):
    """An Atom feed that says of itself what its newest entry says: the same until one changes."""

    def latest_post_date(self) -> datetime:
        return max((item["updateddate"] for item in self.items), default=LONG_AGO)


def feed(heading: str, page: str, own: str) -> Feed:
    """Return an empty feed of a page, at an address of its own; both begin with a slash."""
    own_address = absolute(own)
    return Feed(
        clean(heading),
        absolute(page),
        "",
        language="en",
        feed_url=own_address,
        feed_guid=own_address,
    )


def add(to: Feed, read: reading.PublicContribution, group: str, key: str) -> None:
    """Add a contribution to a round of a group, as everybody reads it."""
    row = read.row
    address = absolute(reverse("pages:contribution", args=[group, key, row.number]))
    published_at = row.published_at or row.received_at or LONG_AGO
    example = "Example: " if row.example else ""
    to.add_item(
        clean(f"{example}{read.sender.in_short} ({row.reference})"), address, _says(read),
        unique_id=address, pubdate=published_at, updateddate=published_at,
        author_name=clean(read.sender.in_full),
    )  # fmt: skip


def answer(told: Feed) -> HttpResponse:
    """Return a feed as it is sent."""
    return HttpResponse(
        told.writeString("utf-8"), content_type="application/atom+xml; charset=utf-8"
    )


def _says(read: reading.PublicContribution) -> str:
    """Return a contribution’s public text, cut where it is long: its page has the whole."""
    texts: Iterable[tuple[reading.Piece, ...]] = (
        read.text,
        *(each.pieces for each in read.answers),
    )
    whole = "\n\n".join(reading.plain(pieces) for pieces in texts if pieces)
    short = whole[:LONGEST_TEXT]
    return clean(short if short == whole else f"{short.rpartition(' ')[0] or short} …")


def clean(text: str) -> str:
    """Return a text without the signs that XML does not know."""
    return "".join(
        sign for sign in text
        if sign in "\t\n\r" or "\x20" <= sign <= "\ud7ff" or "\ue000" <= sign <= "\ufffd" or sign > "\uffff"
    )  # fmt: skip
