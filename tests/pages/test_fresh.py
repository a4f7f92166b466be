"""A public page is kept, given again, and never older than it may be."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from consultations.models import Consultation
from cwg.fresh import stamp
from cwg.fresh.memory import next_change
from cwg.fresh.models import Change
from meetings.models import Topic, WorkingGroup
from tests.at_once import Stop, at_once, shared
from tests.consultations.making import CLOSES, OPENS, make_contribution, make_group, make_round

ADDRESS = "/example-group/"


@pytest.fixture
def group(transactional_db: None, settings: object) -> Iterator[WorkingGroup]:
    settings.PAGES_KEPT = 10  # type: ignore[attr-defined]  # the fixture of pytest-django
    stamp.forget()
    yield make_group()
    stamp.forget()


@pytest.fixture
def reader(group: WorkingGroup) -> Client:
    return Client()


def queries(reader: Client, address: str = ADDRESS) -> int:
    with CaptureQueriesContext(connection) as asked:
        assert reader.get(address).status_code == 200
    return len(asked)


def test_a_kept_page_is_the_same_and_asks_nothing(reader: Client) -> None:
    first = reader.get(ADDRESS)
    with CaptureQueriesContext(connection) as asked:
        again = reader.get(ADDRESS)
    assert len(asked) == 0
    assert (again.content, dict(again.headers)) == (first.content, dict(first.headers))
    assert again["Cache-Control"] == "public, max-age=0, must-revalidate"
    assert "Vary" not in again
    assert again.cookies == {}
    assert "Content-Security-Policy" in again


def test_who_has_it_is_told_that_it_has_not_changed(reader: Client) -> None:
    page = reader.get(ADDRESS)
    for known in (page["ETag"], f"W/{page['ETag']}", f'"other", {page["ETag"]}', "*"):
        again = reader.get(ADDRESS, headers={"If-None-Match": known})
        assert (again.status_code, again.content) == (304, b"")
        assert again["ETag"] == page["ETag"]
        assert again["Cache-Control"] == page["Cache-Control"]
    other = reader.get(ADDRESS, headers={"If-None-Match": '"other"'})
    assert (other.status_code, other.content) == (200, page.content)


def test_a_change_shows_at_once_to_the_process_that_made_it(
    reader: Client, group: WorkingGroup
) -> None:
    page = reader.get(ADDRESS)
    group.membership = {"en": "open to all"}
    group.save()
    changed = reader.get(ADDRESS)
    assert "EG is open to all." in changed.content.decode()
    assert changed["ETag"] != page["ETag"]


def test_what_was_asked_before_a_change_is_not_known_after_it(
    reader: Client, group: WorkingGroup, monkeypatch: pytest.MonkeyPatch
) -> None:
    ask = stamp._ask

    def asked_as_it_changes() -> stamp.Stamp:
        found = ask()
        monkeypatch.setattr(stamp, "_ask", ask)
        group.membership = {"en": "open to all"}
        group.save()  # another thread's change, after this one asked and before it was answered
        return found

    reader.get(ADDRESS)
    stamp.forget()
    monkeypatch.setattr(stamp, "_ask", asked_as_it_changes)
    assert stamp.now() != stamp.now()
    assert "open to all" in reader.get(ADDRESS).content.decode()


def test_another_process_sees_it_within_five_seconds(
    reader: Client, group: WorkingGroup, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = 1000.0
    monkeypatch.setattr(time, "monotonic", lambda: clock)
    assert "open to all" not in reader.get(ADDRESS).content.decode()
    # what the other process does: the row is changed and a change is written, nobody here is told
    WorkingGroup.objects.filter(pk=group.pk).update(membership={"en": "open to all"})
    Change.objects.create()
    assert "open to all" not in reader.get(ADDRESS).content.decode()
    clock += 5
    assert "open to all" in reader.get(ADDRESS).content.decode()


def test_a_transaction_that_ends_after_a_later_one_is_not_missed(reader: Client) -> None:
    first = stamp._ask()
    Change.objects.create(pk=1_000_000)
    later = stamp._ask()
    Change.objects.create(pk=999_999)  # took its key before the other, ended after it
    assert len({first, later, stamp._ask()}) == 3


def test_nobody_waits_for_who_removes_the_old_changes(group: WorkingGroup, tmp_path: Path) -> None:
    Change.objects.create()
    Change.objects.update(at=timezone.now() - 2 * stamp.KEPT)
    with shared(tmp_path):
        stop = Stop()
        write = stop.after(stamp._write)

        def change() -> None:
            with transaction.atomic():
                write(timezone.now())

        assert at_once(stop, change, change) == [None, None]
        # SQLite has one writer at a time, whatever is written
        assert stop.held_up == (connection.vendor == "sqlite")
        assert Change.objects.count() == 2


def test_a_transaction_writes_one_change_however_much_it_changes(group: WorkingGroup) -> None:
    before = Change.objects.count()
    with transaction.atomic():
        for place in range(5):
            Topic.objects.create(group=group, key=f"t{place}", title={"en": f"Topic {place}"})
    assert Change.objects.count() == before + 1


def test_a_change_survives_that_part_of_its_transaction_was_taken_back(group: WorkingGroup) -> None:
    before = Change.objects.count()
    with transaction.atomic():
        with transaction.atomic():
            Topic.objects.create(group=group, key="gone", title={"en": "Gone"})
            transaction.set_rollback(True)
        Topic.objects.create(group=group, key="stays", title={"en": "Stays"})
    assert Change.objects.count() == before + 1


def test_what_nobody_confirmed_changes_no_page(group: WorkingGroup) -> None:
    held = make_round(group)
    before = stamp._ask()
    make_contribution(held, "sent", answers={}, organisations=[])
    assert stamp._ask() == before
    make_contribution(held, "published")
    assert stamp._ask() != before


def test_no_copy_outlives_the_next_instant_of_the_clock(group: WorkingGroup) -> None:
    made = make_round(group)
    midnight = datetime(2026, 3, 3, tzinfo=UTC)
    assert next_change(OPENS - timedelta(hours=1)) == OPENS
    assert next_change(OPENS) == midnight
    assert next_change(CLOSES - timedelta(minutes=1)) == CLOSES
    Consultation.objects.filter(pk=made.pk).update(announced_at=None)
    assert next_change(OPENS - timedelta(hours=1)) == midnight


def test_a_page_is_made_anew_when_a_round_opens(
    reader: Client, group: WorkingGroup, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_round(group)
    at = OPENS - timedelta(seconds=1)
    monkeypatch.setattr(timezone, "now", lambda: at)
    assert queries(reader) > 0
    assert queries(reader) == 0
    at = OPENS
    assert queries(reader) > 0


def test_the_pages_used_last_stay(group: WorkingGroup, settings: object) -> None:
    settings.PAGES_KEPT = 2  # type: ignore[attr-defined]  # the fixture of pytest-django
    reader = Client()
    for address in ("/instruments/", ADDRESS, f"{ADDRESS}meetings/", ADDRESS):
        reader.get(address)
    assert queries(reader, ADDRESS) == 0
    assert queries(reader, "/instruments/") > 0


def test_nothing_else_is_kept(reader: Client) -> None:
    for address in ("/accounts/login/", "/nothing/", "/secretariat/"):
        answer = reader.get(address)
        assert "ETag" not in answer
        assert "public" not in answer.get("Cache-Control", "")


PAGE = "/example-group/consultations/example-round/"


def test_a_page_made_of_kept_parts_is_the_page_made_anew(
    reader: Client, group: WorkingGroup, settings: object
) -> None:
    held = make_round(group)
    for _ in range(25):
        make_contribution(held, "published")
    addresses = [
        PAGE, f"{PAGE}?before=6", f"{PAGE}?group=academia", f"{PAGE}?group=nobody",
        "/example-group/contributions/2026-03/7/",
    ]  # fmt: skip
    with_parts = [reader.get(each).content for each in (*addresses, *addresses)]
    settings.PAGES_KEPT = 0  # type: ignore[attr-defined]  # the fixture of pytest-django
    anew = [Client().get(each).content for each in addresses]
    assert with_parts == [*anew, *anew]
    assert len({*anew}) == len(addresses)


def test_another_page_of_a_list_asks_for_its_rows_only(reader: Client, group: WorkingGroup) -> None:
    held = make_round(group)
    for _ in range(25):
        make_contribution(held, "published")
    reader.get(PAGE)
    reader.get("/example-group/contributions/2026-03/7/")
    assert queries(reader, f"{PAGE}?before=6") == 2
    assert queries(reader, "/example-group/contributions/2026-03/8/") == 7


def test_a_part_is_not_older_than_the_record(reader: Client, group: WorkingGroup) -> None:
    held = make_round(group)
    make_contribution(held, "published")
    assert "1 published" in reader.get(PAGE).content.decode()
    make_contribution(held, "published")
    held.heading = {"en": "Another heading"}
    held.save()
    said = reader.get(f"{PAGE}?before=9").content.decode()
    assert "2 published" in said
    assert "Another heading" in said


def test_a_part_holds_for_the_name_it_was_asked_under(
    reader: Client, group: WorkingGroup, settings: object
) -> None:
    settings.ALLOWED_HOSTS = ["one.example", "other.example"]  # type: ignore[attr-defined]  # as above
    make_round(group)
    for host in ("one.example", "other.example"):
        said = Client(headers={"host": host}).get(PAGE).content.decode()
        assert f"http://{host}{PAGE}" in said
        assert said.count(".example/") == 1
