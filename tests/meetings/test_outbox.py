"""A mail on its way out: written once, decided about, sent once, kept where it could not be."""

from __future__ import annotations

import logging
import re
import socket
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from auditlog.models import LogEntry
from django.core import mail as django_mail

from cwg.accounts.models import User
from meetings import outbox
from meetings.models import Message
from meetings.outbox import PATIENCE, PAUSES, TRIES, Mail
from tests.at_once import Stop, at_once, shared
from tests.mail_server import HangupError, MailServer, led_to, mail_server
from tests.two_groups import make_group

pytestmark = pytest.mark.django_db

AT = datetime(2026, 3, 2, 8, tzinfo=UTC)
State = Message.State


@pytest.fixture
def by() -> User:
    return User.objects.create_user("secretary@example.org", "x")


@pytest.fixture
def server() -> Iterator[MailServer]:
    with mail_server() as running, led_to(running.port):
        yield running


def written(key: str = "test/1", at: datetime = AT, **facts: Any) -> Message:
    told: dict[str, Any] = {
        "rule": "test", "to": "reader@example.org", "subject": "A subject", "body": "A text.",
    }  # fmt: skip
    return outbox.write(Mail(key=key, **(told | facts)), at=at)


def told(message: Message) -> list[tuple[str, str, Any]]:
    """Give a mail's history: the activity, the state it came to, who did it."""
    entries = LogEntry.objects.get_for_object(message).order_by("timestamp", "pk")
    return [
        (
            (each.additional_data or {}).get("activity", ""),
            each.changes.get("state", ["", ""])[1],
            str(each.actor or ""),
        )
        for each in entries
    ]


def test_the_same_mail_written_twice_is_one() -> None:
    assert written() == written(subject="Another subject")
    assert Message.objects.count() == 1


@pytest.mark.parametrize(
    "to", ["", "nobody", "a@b", "a@example.org\nBcc: b@example.org", "a@example.org, b@example.org"]
)
def test_an_address_that_is_none_is_refused(to: str) -> None:
    with pytest.raises(outbox.BadAddressError):
        written(to=to)
    assert not Message.objects.exists()


# Decided by a person


def test_what_is_held_leaves_once_somebody_approved_it(by: User) -> None:
    made = written(held=True)
    assert outbox.send_due(AT) == 0
    outbox.approve(made, at=AT, by=by)
    assert outbox.send_due(AT) == 1
    assert [(each.subject, each.body, each.to) for each in django_mail.outbox] == [
        ("A subject", "A text.", ["reader@example.org"])
    ]
    assert Message.objects.get().decided_by == by
    assert told(made) == [
        ("", "held", ""),
        ("outbox.approve", "Due", str(by)),
        ("outbox.claim", "Being sent", ""),
        ("outbox.send", "Sent", ""),
    ]


def test_a_mail_is_corrected_and_the_history_keeps_what_it_said(by: User) -> None:
    made = written(held=True)
    outbox.correct(made, " A better\nsubject ", "A better text.", by=by)
    now = Message.objects.get()
    assert (now.subject, now.body, now.state) == ("A better subject", "A better text.", "held")
    entry = LogEntry.objects.get_for_object(made).order_by("timestamp", "pk").last()
    assert entry is not None
    assert entry.changes == {
        "subject": ["A subject", "A better subject"], "body": ["A text.", "A better text."],
    }  # fmt: skip
    outbox.correct(made, "A better subject", "A better text.", by=by)
    assert LogEntry.objects.get_for_object(made).count() == 2  # nothing changed, nothing kept


def test_a_private_mail_is_not_corrected_and_no_mail_is_emptied(by: User) -> None:
    with pytest.raises(outbox.PrivateError):
        outbox.correct(written(private=True), "Another", "Another.", by=by)
    for subject, body in (("", "A text."), ("A subject", " \n ")):
        with pytest.raises(outbox.EmptyError):
            outbox.correct(written("test/2"), subject, body, by=by)


def test_what_is_stopped_does_not_leave_until_somebody_wants_it_after_all(by: User) -> None:
    made = written()
    with pytest.raises(outbox.ReasonMissingError):
        outbox.stop(made, "  ", by=by)
    outbox.stop(made, "It is out of date.", by=by)
    assert outbox.send_due(AT + timedelta(days=30)) == 0
    outbox.retry(made, at=AT, by=by)
    assert outbox.send_due(AT) == 1


def test_no_act_fits_a_state_it_is_not_for(by: User) -> None:
    acts: dict[str, Any] = {
        "approve": lambda made: outbox.approve(made, at=AT, by=by),
        "correct": lambda made: outbox.correct(made, "x", "y", by=by),
        "stop": lambda made: outbox.stop(made, "A reason.", by=by),
        "retry": lambda made: outbox.retry(made, at=AT, by=by),
        "take_as_sent": lambda made: outbox.take_as_sent(made, "A reason.", at=AT, by=by),
    }
    taken: dict[str, set[str]] = {}
    for state in State:
        for name, act in acts.items():
            made = Message.objects.create(
                key=f"{state}/{name}", rule="test", to="a@example.org", subject="s", body="b",
                state=state, written_at=AT, due_at=AT, sent_at=AT if state == State.SENT else None,
            )  # fmt: skip
            try:
                act(made)
            except outbox.WrongStateError as problem:
                assert str(problem).endswith("Nothing was changed.")
                continue
            taken.setdefault(state, set()).add(name)
    assert taken == {
        "held": {"approve", "correct", "stop"}, "due": {"correct", "stop"},
        "failed": {"correct", "stop", "retry"}, "uncertain": {"retry", "take_as_sent"},
        "stopped": {"retry"},
    }  # fmt: skip


# Sent


def test_a_mail_says_who_it_is_and_how_to_unsubscribe(server: MailServer) -> None:
    written(unsubscribe="https://example.org/follow/x/")
    written("test/2")
    assert outbox.send_due(AT) == 2
    first, second = server.taken
    assert first["List-Unsubscribe"] == "<https://example.org/follow/x/>"
    assert first["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert second["List-Unsubscribe"] is None
    assert {first["Auto-Submitted"], second["Auto-Submitted"]} == {"auto-generated"}
    assert server.ids() == [outbox.message_id(each) for each in Message.objects.order_by("pk")]
    assert len({*server.ids()}) == 2
    assert server.connections == 1
    assert outbox.send_due(AT) == 0


def test_nothing_leaves_before_its_time(server: MailServer) -> None:
    outbox.write(
        Mail(key="k", rule="test", to="a@example.org", subject="s", body="b"),
        at=AT, due=AT + timedelta(hours=1),
    )  # fmt: skip
    assert outbox.send_due(AT + timedelta(minutes=59)) == 0
    assert outbox.send_due(AT + timedelta(minutes=61)) == 1


def test_a_server_that_is_down_loses_nothing() -> None:
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))
        port = nobody.getsockname()[1]
    written()
    written("test/2")
    with led_to(port):
        assert outbox.send_due(AT) == 0
    first, second = Message.objects.order_by("pk")
    # the run ends with the first: the rest waits without a try of its own
    assert (first.state, first.tries) == (State.DUE, 1)
    assert AT + PAUSES[0] <= first.due_at < AT + PAUSES[0] + timedelta(seconds=30)
    assert first.problem.startswith("The mail server cannot be reached: ConnectionRefusedError")
    assert (second.state, second.tries, second.due_at) == (State.DUE, 0, AT)
    with mail_server() as server, led_to(server.port):
        assert outbox.send_due(AT + timedelta(hours=1)) == 2
        assert len(server.taken) == 2
    first.refresh_from_db()
    assert (first.state, first.tries, first.problem) == (State.SENT, 2, "")


def test_each_failure_waits_longer_and_the_last_one_is_for_a_person(
    server: MailServer, by: User
) -> None:
    server.instead = lambda command: "451 later" if command.startswith("DATA") else None
    made, at, waits = written(), AT, []
    for _ in range(TRIES):
        outbox.send_due(at)
        made.refresh_from_db()
        waits.append(made.due_at - at)
        at = made.due_at + timedelta(seconds=1)
    assert (made.state, made.tries) == (State.FAILED, TRIES)
    assert made.problem == "SMTPDataError: (451, b'later')"
    assert [round(wait / timedelta(minutes=1)) for wait in waits[:-1]] == [
        1, 5, 15, 60, 240, 720, 1440,
    ]  # fmt: skip
    assert outbox.send_due(at + timedelta(days=365)) == 0
    server.instead = lambda command: None
    outbox.retry(made, at=at, by=by)
    assert outbox.send_due(at) == 1


def test_an_address_that_the_server_refuses_for_good_is_not_tried_again(server: MailServer) -> None:
    server.instead = lambda command: "550 nobody here" if "GONE@" in command else None
    written(to="gone@example.org")
    written("test/2")
    assert outbox.send_due(AT) == 1  # one that is refused holds up no other
    assert [each.state for each in Message.objects.order_by("pk")] == [State.FAILED, State.SENT]


def test_a_server_that_falls_silent_over_the_text_leaves_it_to_a_person(
    server: MailServer, by: User
) -> None:
    def hang_up(taken: Any) -> None:
        raise HangupError

    server.before_thanks = hang_up
    made = written()
    assert outbox.send_due(AT) == 0
    made.refresh_from_db()
    assert made.state == State.UNCERTAIN
    assert "fell silent" in made.problem
    server.before_thanks = lambda taken: None
    assert outbox.send_due(AT + timedelta(days=365)) == 0
    assert len(server.taken) == 1
    outbox.take_as_sent(made, "It stands in the server's log.", at=AT, by=by)
    made.refresh_from_db()
    assert (made.state, made.sent_at) == (State.SENT, AT)


def test_a_connection_that_was_ended_meanwhile_is_opened_anew(server: MailServer) -> None:
    def fed_up(command: str) -> str | None:
        if command == "NOOP" and server.connections < 3:
            raise HangupError
        return None

    server.instead = fed_up
    for number in range(4):
        written(f"test/{number}")
    assert outbox.send_due(AT) == 4
    assert server.connections == 3
    assert {each.state for each in Message.objects.all()} == {State.SENT}


def test_a_mail_that_cannot_be_written_is_kept_with_the_reason(server: MailServer) -> None:
    written(unsubscribe="https://example.org/\nBcc: b@example.org")
    assert outbox.send_due(AT) == 0
    made = Message.objects.get()
    assert (made.state, made.tries) == (State.DUE, 1)
    assert made.problem.startswith("ValueError: Header values")
    assert server.taken == []


def test_what_a_killed_process_left_is_uncertain_after_a_time_and_never_sent_by_itself(
    by: User,
) -> None:
    made = written()
    Message.objects.update(state=State.SENDING, claimed_at=AT, tries=1)
    outbox.send_due(AT + PATIENCE - timedelta(seconds=1))
    assert Message.objects.get().state == State.SENDING
    outbox.send_due(AT + PATIENCE)
    assert Message.objects.get().state == State.UNCERTAIN
    assert outbox.send_due(AT + timedelta(days=365)) == 0
    assert told(made)[-1][:2] == ("outbox.give_up", "Perhaps sent")
    outbox.retry(made, at=AT, by=by)
    assert outbox.send_due(AT) == 1


def test_one_that_took_too_long_and_was_given_up_is_sent_after_all(server: MailServer) -> None:
    made, hand_over = written(), outbox._hand_over

    def slowly(backend: Any, message: Message) -> None:
        hand_over(backend, message)
        # another process looks much later, while this one still waits for the server's thanks
        Message.objects.filter(pk=made.pk).update(state=State.UNCERTAIN)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(outbox, "_hand_over", slowly)
        outbox.send_due(AT)
    assert Message.objects.get().state == State.SENT


def test_sending_ends_between_two_mails_when_asked(server: MailServer) -> None:
    for number in range(3):
        written(f"test/{number}")
    assert outbox.send_due(AT, lambda: len(server.taken) < 2) == 2
    assert Message.objects.filter(state=State.DUE).count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_at_once_send_each_mail_once(tmp_path: Path) -> None:
    with shared(tmp_path), mail_server() as server, led_to(server.port):
        for number in range(20):
            written(f"test/{number}", to=f"reader-{number}@example.org")
        stop = Stop()
        first_taken = stop.after(outbox._hand_over)
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(outbox, "_hand_over", first_taken)
            answers = at_once(stop, lambda: outbox.send_due(AT), lambda: outbox.send_due(AT))
        assert sorted(answers) == [1, 19]
        assert len(server.taken) == len({*server.ids()}) == 20
        assert {each.state for each in Message.objects.all()} == {State.SENT}


def test_every_rule_stands_on_the_page_about_mails() -> None:
    root = Path(__file__).parent.parent.parent
    page = (root / "docs" / "mail.md").read_text()
    documented = set(re.findall(r"^\| `([\w.]+)` \|", page, re.MULTILINE))
    code = "".join(
        path.read_text()
        for room in ("meetings", "consultations", "cwg")
        for path in (root / room).rglob("*.py")
    )
    assert len(documented) > 10
    # as the rule of a mail, or as the first part of its key
    assert {rule for rule in documented if not re.search(rf'"{re.escape(rule)}["/]', code)} == set()


# Forgotten


def test_a_private_text_is_forgotten_a_day_after_it_was_sent(by: User) -> None:
    private, open_ = written(private=True), written("test/2")
    stopped, waiting = written("test/3", private=True), written("test/4", private=True, held=True)
    outbox.stop(stopped, "A reason.", by=by)
    outbox.send_due(AT)
    assert outbox.forget_private(AT + timedelta(hours=23)) == 0
    assert outbox.forget_private(AT + timedelta(days=2)) == 1
    assert outbox.forget_private(AT + timedelta(days=31)) == 1
    assert outbox.forget_private(AT + timedelta(days=365)) == 0
    with pytest.raises(outbox.ForgottenError):
        outbox.retry(stopped, at=AT, by=by)
    kept = {each.pk: each.body for each in Message.objects.all()}
    assert kept == {
        private.pk: outbox.FORGOTTEN, open_.pk: "A text.", stopped.pk: outbox.FORGOTTEN,
        waiting.pk: "A text.",
    }  # fmt: skip


def test_an_address_is_forgotten_thirty_days_after_its_mail_left(by: User) -> None:
    sent, waiting = written(), written("test/2", held=True)
    stopped = written("test/3", unsubscribe="https://example.org/end/", private=True)
    outbox.stop(stopped, "A reason.", by=by)
    outbox.send_due(AT)
    assert outbox.forget_addresses(AT + timedelta(days=29, hours=23)) == 0
    assert outbox.forget_addresses(AT + timedelta(days=30, minutes=1)) == 2
    assert outbox.forget_addresses(AT + timedelta(days=365)) == 0
    with pytest.raises(outbox.ForgottenError):
        outbox.retry(stopped, at=AT, by=by)
    kept = {
        each.pk: (each.to, each.key, each.unsubscribe, each.body) for each in Message.objects.all()
    }
    assert kept == {
        sent.pk: ("", f"forgotten/{sent.pk}", "", "A text."),
        stopped.pk: ("", f"forgotten/{stopped.pk}", "", outbox.FORGOTTEN),
        waiting.pk: ("reader@example.org", "test/2", "", "A text."),
    }


def test_so_is_one_that_was_refused_and_the_words_that_quote_it(
    server: MailServer, caplog: pytest.LogCaptureFixture
) -> None:
    server.instead = lambda command: "550 nobody here" if "READER@" in command else None
    made = written()
    with caplog.at_level(logging.WARNING, "meetings.outbox"):
        outbox.send_due(AT)
    made.refresh_from_db()
    assert made.state == State.FAILED
    assert "reader@example.org" in made.problem
    assert "[address]" in caplog.text
    assert "reader@example.org" not in caplog.text
    outbox.forget_addresses(AT + timedelta(days=31))
    made.refresh_from_db()
    assert (made.to, made.problem, made.state) == ("", "", State.FAILED)


def test_the_history_keeps_no_address_and_no_private_text() -> None:
    made = written(private=True, body="A secret link.", group=make_group("own"))
    outbox.send_due(AT)
    entries = LogEntry.objects.get_for_object(made)
    kept = " ".join(
        f"{each.object_repr} {each.changes} {each.serialized_data} {each.additional_data}"
        for each in entries
    )
    assert entries.count() == 3
    assert "A subject" in kept
    assert "reader@" not in kept
    assert "secret" not in kept


@pytest.fixture(autouse=True)
def quiet(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.ERROR, "meetings.outbox")


def test_many_are_written_at_once_and_each_of_them_once() -> None:
    """Across a batch, beside one that stands there, and again."""
    number = outbox.ROWS_AT_ONCE + 1
    mails = [
        Mail(key=f"many/{place}", to=f"a{place}@example.org", rule="test", subject="S", body="B")
        for place in range(number)
    ]
    outbox.write(mails[7], at=AT)
    assert outbox.write_all(mails, at=AT) == number - 1
    assert outbox.write_all(mails, at=AT) == 0
    assert Message.objects.filter(state=State.DUE, due_at=AT, written_at=AT).count() == number
    with pytest.raises(outbox.BadAddressError):
        bad = Mail(key="bad", to="no address", rule="test", subject="S", body="B")
        outbox.write_all(
            [bad, Mail(key="good", to="a@example.org", rule="test", subject="S", body="B")], at=AT
        )
    assert Message.objects.count() == number
