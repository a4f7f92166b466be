"""Fifty delegations submit at once and fifty documents are registered at once, by two servers.

Whatever receipt and number was shown is kept, with its file; numbers have no gap and no double, also
where a server is killed in the middle and people press again.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from threading import Barrier
from typing import Any

import pytest
from auditlog.models import LogEntry
from django.utils import timezone

from consultations import drafts
from meetings import files
from meetings.models import (
    Document,
    DocumentFile,
    DraftSave,
    MemberState,
    Message,
    NumberSeries,
    RoleTerm,
)
from meetings.uploads import office
from tests.at_once import LONGEST, shared, until
from tests.meetings.browsers import Author, Registrar
from tests.meetings.desk.delegating import make_delegate, make_group, make_meeting
from tests.serving import Site, environment, running
from tests.two_groups import make_person

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("as_migrated")]

FIFTY = 50
# What is killed is killed once so many of the fifty are there
KILLED_AT = 10


class Crowd:
    """The focal points of fifty delegations and five people of the secretariat, and two servers."""

    def __init__(self, database: str, folder: Path, settings: Any, *, numbered: bool) -> None:
        settings.MEDIA_ROOT = folder / "data" / "files"
        told = environment(
            database, folder / "data", SECRET_KEY=settings.SECRET_KEY, LOG_LEVEL="ERROR"
        )  # fmt: skip
        self.files, self.sites = settings.MEDIA_ROOT, [Site(told), Site(told)]
        ports = [site.port for site in self.sites]
        group = make_group()
        group.number_at_submission = numbered
        group.save()
        self.meeting = make_meeting(group)
        isos = MemberState.objects.order_by("iso").values_list("iso", flat=True)[:FIFTY]
        people = [make_delegate(group, iso) for iso in isos]
        self.authors = [Author(ports, *each, self.meeting) for each in enumerate(people)]
        staff = [make_person(group, RoleTerm.Role.EDITOR, f"{n}@example.org") for n in range(5)]
        self.registrars = [Registrar(ports, n, staff[n % len(staff)]) for n in range(FIFTY)]

    def together(
        self, acts: Sequence[Callable[[], str]], meanwhile: Callable[[], None] | None = None
    ) -> list[str]:
        """Let all fifty act at once and do `meanwhile` beside it; return what each was shown."""
        with ThreadPoolExecutor(FIFTY) as pool:
            acting = [pool.submit(act) for act in acts]
            if meanwhile is not None:
                meanwhile()
            return [each.result(LONGEST * 3) for each in acting]

    def submit(self, *how: Any, meanwhile: Callable[[], None] | None = None) -> list[str]:
        """Let every delegation submit; return the receipts in their order."""
        return self.together([partial(each.submit, *how) for each in self.authors], meanwhile)

    def register(self, *how: Any, meanwhile: Callable[[], None] | None = None) -> list[str]:
        """Let the secretariat register every document; return the numbers in their order."""
        keys = [each.key for each in self.authors]
        acts = [
            partial(each.register, key, *how)
            for each, key in zip(self.registrars, keys, strict=True)
        ]
        return self.together(acts, meanwhile)

    def killing(self, site: Site, done: Callable[[], int]) -> Callable[[], None]:
        """Return what kills a server once `done` says so many are there, and begins it again."""

        def kill() -> None:
            until(lambda: done() >= KILLED_AT)
            site.kill()
            assert done() < FIFTY, "all was over before anything was killed"
            site.begin()

        return kill

    def receipts(self) -> int:
        """Count the receipts that were shown."""
        return sum(bool(each.receipt) for each in self.authors)

    def unanswered(self) -> Counter[str]:
        """Count what people got as no answer."""
        every = [*self.authors, *self.registrars]
        return sum((each.unanswered for each in every), Counter[str]())

    def on_disk(self) -> set[str]:
        """Return where files are kept."""
        return {str(each.relative_to(self.files)) for each in self.files.glob("received/*/*")}


def everything_stands(crowd: Crowd, receipts: list[str], numbers: list[str]) -> None:
    """See that each receipt, file and number that was shown is kept, once, and nothing beside it."""
    assert sorted(numbers, key=lambda each: int(each.rpartition("/")[2])) == [
        f"CWG-Fish-23/{ordinal}" for ordinal in range(1, FIFTY + 1)
    ]
    keys = [each.key for each in crowd.authors]
    kept = Document.objects.order_by("pk").values_list("pk", "receipt", "number", "ordinal")
    assert list(kept) == sorted(
        (key, receipt, number, int(number.rpartition("/")[2]))
        for key, receipt, number in zip(keys, receipts, numbers, strict=True)
    )
    assert len({*receipts}) == FIFTY
    assert NumberSeries.objects.values_list("series", "last").get() == ("", FIFTY)
    assert DraftSave.objects.filter(part=DraftSave.Part.ABOUT).count() == FIFTY
    rows = {each.document_id: each for each in DocumentFile.objects.all()}
    assert len(rows) == DocumentFile.objects.count() == FIFTY
    for author in crowd.authors:
        row = rows[author.key]
        expected = hashlib.sha256(office.clean(author.sent)[1].data).hexdigest()
        data = (crowd.files / row.path).read_bytes()
        assert (row.sha256, row.size) == (expected, len(data))
        assert hashlib.sha256(data).hexdigest() == expected
    # a killed process may leave a file that no row names: it goes, and no other
    drafts.sweep(timezone.now() + files.SWEPT_AFTER * 2)
    assert crowd.on_disk() == {row.path for row in rows.values()}


def something_was_cut(unanswered: Counter[str]) -> None:
    """See that requests were cut in the middle, others met no server, and nothing else went wrong."""
    cut = unanswered["RemoteDisconnected"] + unanswered["ConnectionResetError"]
    refused = unanswered["ConnectionRefusedError"]
    assert cut > 0, unanswered
    assert refused > 0, unanswered
    assert unanswered.total() == cut + refused, unanswered


def happened(activity: str) -> list[int]:
    """Return the documents that the history says were changed by an activity."""
    entries = LogEntry.objects.get_for_model(Document).filter(
        additional_data__activity=activity, changes__has_key="receipt"
        if activity == "submitting.submit"
        else "number",
    )  # fmt: skip
    return sorted(entries.values_list("object_id", flat=True))


def test_fifty_submissions_and_fifty_registrations_pressed_twice_at_once(
    tmp_path: Path, settings: Any
) -> None:
    with shared(tmp_path) as database:
        crowd = Crowd(database, tmp_path, settings, numbered=False)
        with running(*crowd.sites):
            receipts = crowd.submit(Barrier(FIFTY), 2)
            assert [each.number() for each in crowd.authors] == [""] * FIFTY
            numbers = crowd.register(Barrier(FIFTY), 2)
            # each delegation reads at its desk what the secretariat was shown, and its own file
            seen = crowd.together([each.number for each in crowd.authors])
            assert seen == numbers
            sums = crowd.together([each.file_sum for each in crowd.authors])
        assert crowd.unanswered() == {}
        everything_stands(crowd, receipts, numbers)
        assert sums == [
            DocumentFile.objects.get(document=each.key).sha256 for each in crowd.authors
        ]
        keys = sorted(each.key for each in crowd.authors)
        assert happened("submitting.submit") == happened("registering.register") == keys
        told = Counter(Message.objects.values_list("rule", flat=True))
        assert told == {"submitting.receipt": FIFTY, "registering.registered": FIFTY}


def test_each_server_is_killed_while_fifty_write_submit_and_are_registered(
    tmp_path: Path, settings: Any
) -> None:
    with shared(tmp_path) as database:
        crowd = Crowd(database, tmp_path, settings, numbered=False)
        first, second = crowd.sites

        def kill_twice() -> None:
            crowd.killing(first, lambda: sum(each.has_file for each in crowd.authors))()
            crowd.killing(second, crowd.receipts)()

        with running(*crowd.sites):
            receipts = crowd.submit(meanwhile=kill_twice)
            numbers = crowd.register(
                meanwhile=crowd.killing(
                    first, lambda: sum(bool(each.number) for each in crowd.registrars)
                )
            )
        something_was_cut(crowd.unanswered())
        everything_stands(crowd, receipts, numbers)


def test_a_server_is_killed_while_fifty_get_their_number_as_they_submit(
    tmp_path: Path, settings: Any
) -> None:
    with shared(tmp_path) as database:
        crowd = Crowd(database, tmp_path, settings, numbered=True)
        with running(*crowd.sites):
            receipts = crowd.submit(meanwhile=crowd.killing(crowd.sites[0], crowd.receipts))
            numbers = crowd.together([each.number for each in crowd.authors])
        something_was_cut(crowd.unanswered())
        everything_stands(crowd, receipts, numbers)
