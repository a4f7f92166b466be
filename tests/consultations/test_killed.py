"""Server, worker or database killed while people contribute: what was told to them stays true."""

from __future__ import annotations

import tempfile
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import timedelta
from email.message import Message as Email
from functools import partial
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import connection
from django.utils import timezone

from consultations import counting
from consultations.counting import Tally
from consultations.models import Contribution, ContributionEvent
from cwg import service_urls
from meetings import outbox
from meetings.models import Message
from tests.at_once import LONGEST, shared, until
from tests.consultations.contributor import Contributor
from tests.consultations.making import make_open_round
from tests.mail_server import MailServer, mail_server
from tests.postgres import Cluster, programs_here, programs_of_the_wheel
from tests.serving import Site, Worker, environment, running

pytestmark = pytest.mark.django_db(transaction=True)

PEOPLE, AT_ONCE = 16, 8
# What is killed is killed once so many people have their receipt
KILLED_AT = (2, 9)
WHERE = ("HOST", "PORT", "USER", "PASSWORD", "NAME")
State = Message.State


@contextmanager
def own_cluster() -> Iterator[Cluster]:
    """Run a PostgreSQL that may be killed, set up as it comes, and lead this process to it."""
    with tempfile.TemporaryDirectory(prefix="cwg-killed-") as folder:
        cluster = Cluster(programs_here() or programs_of_the_wheel(), folder)
        cluster.make()
        cluster.start()
        cluster.create_database()
        told, kept = service_urls.database("", cluster.url), dict(connection.settings_dict)
        leave()
        connection.settings_dict.update({name: told[name] for name in WHERE})
        try:
            call_command("migrate", verbosity=0)
            yield cluster
        finally:
            leave()
            connection.settings_dict.update(kept)
            cluster.stop()


def leave() -> None:
    """Close every connection of this process to its database."""
    connection.close()
    connection.close_pool()  # type: ignore[attr-defined]  # PostgreSQL's alone


class Crowd:
    """People who contribute at once to a round, by a site and a worker of their own."""

    def __init__(self, database: str, folder: Path, server: MailServer) -> None:
        self.round = make_open_round()
        settings = environment(
            database, folder / "data", EMAIL_URL=server.url, PROXIES="1", LOG_LEVEL="ERROR"
        )
        self.server, self.site, self.worker = server, Site(settings), Worker(settings)
        self.people = [Contributor(self.site.port, each, self._mails) for each in range(PEOPLE)]

    def _mails(self, to: str) -> list[Email]:
        with self.server.lock:
            return [each for each in self.server.taken if each["To"] == to]

    def receipts(self) -> int:
        return sum(bool(each.reference) for each in self.people)

    def have(self, receipts: int) -> bool:
        return self.receipts() >= receipts

    def contribute(self, meanwhile: Callable[[], None]) -> Counter[str]:
        """Let all contribute and do `meanwhile` beside it; return what people got as no answer."""
        with running(self.site, self.worker), ThreadPoolExecutor(AT_ONCE) as pool:
            walks = [pool.submit(each.contribute) for each in self.people]
            meanwhile()
            for walk in walks:
                walk.result(LONGEST * 2)
            connection.close()  # it may be one to a database that was killed
            until(lambda: not Message.objects.filter(state=State.DUE).exists())
        return sum((each.unanswered for each in self.people), Counter[str]())

    def again(self, kill: Callable[[], None], begin: Callable[[], None]) -> None:
        """Kill something while people contribute, and begin it again."""
        for receipts in KILLED_AT:
            until(partial(self.have, receipts))
            assert self.receipts() < PEOPLE
            kill()
            begin()


def everything_stays_true(crowd: Crowd) -> int:
    """See that each receipt holds and each mail left once or is in doubt; return how many are."""
    kept = {each.email: each for each in Contribution.objects.all()}
    assert {email: row.reference for email, row in kept.items()} == {
        each.email: each.reference for each in crowd.people
    }
    assert sorted(row.number or 0 for row in kept.values()) == [*range(1, PEOPLE + 1)]
    assert {email: row.answers.get().text for email, row in kept.items()} == {
        each.email: each.words for each in crowd.people
    }
    assert counting.tally(crowd.round) == Tally(awaiting=PEOPLE)
    assert counting.kept(crowd.round) == counting.recount(crowd.round)
    assert ContributionEvent.objects.filter(what="intake.confirm").count() == PEOPLE
    # what a killed process was sending is in doubt after a time, and not sent by itself
    assert outbox.send_due(timezone.now() + outbox.PATIENCE + timedelta(seconds=1)) == 0
    mails = Message.objects.all()
    receipts = mails.filter(rule="intake.receipt")
    assert sorted(each.to for each in receipts) == sorted(kept)
    sent = {outbox.message_id(each) for each in mails.filter(state=State.SENT)}
    in_doubt = {outbox.message_id(each) for each in mails.filter(state=State.UNCERTAIN)}
    assert len(sent) + len(in_doubt) == mails.count()
    taken = crowd.server.ids()
    assert len(taken) == len({*taken}), "a mail was doubled"
    assert sent <= {*taken}, "a mail was lost"
    assert {*taken} <= sent | in_doubt
    return len(in_doubt)


def test_the_server_is_killed(tmp_path: Path) -> None:
    with shared(tmp_path) as database, mail_server() as server:
        crowd = Crowd(database, tmp_path, server)
        unanswered = crowd.contribute(lambda: crowd.again(crowd.site.kill, crowd.site.begin))
        assert unanswered["ConnectionRefusedError"] > 0
        assert everything_stays_true(crowd) == 0


def test_the_worker_is_killed(tmp_path: Path) -> None:
    """Once before the mail server has the text, once after it has it and before it says so."""
    with shared(tmp_path) as database, mail_server() as server:
        crowd = Crowd(database, tmp_path, server)
        texts: list[str] = []
        killed: list[str] = []

        def before(command: str) -> None:
            if command.startswith("DATA"):
                texts.append(command)
                if len(texts) == 10:
                    crowd.worker.kill()
                    killed.append("before")

        def after(taken: Email) -> None:
            if len(server.taken) == 28:
                crowd.worker.kill()
                killed.append("after")

        def begin_again() -> None:
            for point in ("before", "after"):
                until(partial(killed.__contains__, point))
                assert crowd.receipts() < PEOPLE
                crowd.worker.begin()

        server.instead, server.before_thanks = before, after
        assert not crowd.contribute(begin_again)
        assert everything_stays_true(crowd) == 2
        assert len(server.taken) == Message.objects.count() - 1


if connection.vendor == "postgresql":  # SQLite has no process that could be killed

    def test_the_database_is_killed(tmp_path: Path) -> None:
        with own_cluster() as cluster, mail_server() as server:
            crowd = Crowd(cluster.url, tmp_path, server)
            unanswered = crowd.contribute(lambda: crowd.again(cluster.kill, cluster.start))
            assert unanswered.total() > 0
            assert "POST 500" not in unanswered  # what was typed is shown again
            # each time it may have been killed while a mail was on its way
            assert everything_stays_true(crowd) <= len(KILLED_AT)
