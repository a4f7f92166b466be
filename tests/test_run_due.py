"""The command that does what time has made due: again, twice at once, killed in the middle."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from datetime import timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from cwg.duties import ending, registry
from cwg.duties.registry import Duty
from meetings import files, outbox, registering
from meetings.models import Message
from tests.at_once import LONGEST, shared, until
from tests.mail_server import MailServer, mail_server
from tests.meetings import registered
from tests.meetings.desk import delegating as desk

ROOT = Path(__file__).parent.parent
State = Message.State


@pytest.fixture(autouse=True)
def heard_by_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    """Leave the signals of the test run alone."""
    monkeypatch.setattr(ending, "listen", lambda: None)


def write(number: int) -> None:
    mail = outbox.Mail(
        key=f"test/{number}", rule="test", to=f"reader-{number}@example.org",
        subject=f"Subject {number}", body="A text.",
    )  # fmt: skip
    outbox.write(mail, at=timezone.now())


def run(database: str, mails: str, *words: str) -> subprocess.Popen[str]:
    """Begin the command in a process of its own."""
    return subprocess.Popen(
        [sys.executable, "manage.py", "run_due", *words], cwd=ROOT, text=True,
        env={
            **os.environ, "DATABASE_URL": database, "EMAIL_URL": mails,
            "DJANGO_SETTINGS_MODULE": "tests.settings",
        },
        stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    )  # fmt: skip


def ended(process: subprocess.Popen[str]) -> tuple[int, str, str]:
    out, error = process.communicate(timeout=LONGEST)
    return process.returncode, out, error


# In this process


def said(*words: str) -> str:
    out = StringIO()
    call_command("run_due", *words, stdout=out)
    return out.getvalue()


@pytest.mark.django_db
def test_it_says_what_it_did_and_may_be_run_again() -> None:
    write(1)
    write(2)
    assert "2 mails sent, if this were no dry run" in said("--dry-run")
    assert said() == "2 mails sent\n"
    assert said() == ""


@pytest.mark.django_db
def test_a_dry_run_says_what_a_real_one_then_does(monkeypatch: pytest.MonkeyPatch) -> None:
    write(1)
    before = said("--dry-run").splitlines()
    after = said().splitlines()
    due = [line.removesuffix(", if this were no dry run") for line in before]
    assert [line for line in due if not line.startswith("0 ")] == after


@pytest.mark.django_db
def test_a_duty_that_fails_holds_up_no_other(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(at: Any) -> int:
        raise ValueError("no")

    write(1)
    duties = (Duty("things broken", fail, lambda at: 0), *registry.DUTIES)
    monkeypatch.setattr("cwg.duties.management.commands.run_due.DUTIES", duties)
    with pytest.raises(CommandError, match=r"Not done, see above: things broken\."):
        said()
    assert Message.objects.get().state == State.SENT


@pytest.mark.parametrize("seconds", ["0", "-1", "nan", "1e9"])
def test_a_pause_that_is_none_is_refused_in_one_line(seconds: str) -> None:
    with pytest.raises(CommandError, match="--every takes seconds"):
        said(f"--every={seconds}")


# In processes of its own


def accounted_for(server: MailServer, killed: int) -> None:
    """See that each mail was taken once and is known as sent, or waits for a person to decide."""
    outbox.send_due(timezone.now() + outbox.PATIENCE + timedelta(seconds=1))
    mails = list(Message.objects.all())
    taken = server.ids()
    assert len(taken) == len({*taken}), "a mail was doubled"
    by_state = {
        state: {outbox.message_id(each) for each in mails if each.state == state} for state in State
    }
    assert {state for state, ids in by_state.items() if ids} <= {State.SENT, State.UNCERTAIN}
    assert by_state[State.SENT] <= {*taken}, "a mail was lost"
    assert {*taken} <= by_state[State.SENT] | by_state[State.UNCERTAIN]
    assert len(by_state[State.UNCERTAIN]) == killed


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("point", ["before the text", "after the text"])
def test_killed_while_it_sends_no_mail_is_doubled_and_none_lost(tmp_path: Path, point: str) -> None:
    with shared(tmp_path) as database, mail_server() as server:
        for number in range(12):
            write(number)
        process: list[subprocess.Popen[str]] = []
        data: list[str] = []

        def kill() -> None:
            until(lambda: process)
            os.kill(process[-1].pid, signal.SIGKILL)
            process[-1].wait()

        def at_command(command: str) -> str | None:
            if command.startswith("DATA"):
                data.append(command)
                if point == "before the text" and len(data) in {3, 7}:
                    kill()
            return None

        def at_text(taken: Any) -> None:
            if point == "after the text" and len(server.taken) in {3, 7}:
                kill()

        server.instead, server.before_thanks = at_command, at_text
        codes = []
        for _ in range(3):
            process.append(run(database, server.url))
            codes.append(ended(process[-1])[0])
        assert codes == [-signal.SIGKILL, -signal.SIGKILL, 0]
        accounted_for(server, killed=2)
        assert len(server.taken) == (10 if point == "before the text" else 12)


@pytest.mark.django_db(transaction=True)
def test_two_at_once_of_which_one_is_killed(tmp_path: Path) -> None:
    with shared(tmp_path) as database, mail_server() as server:
        for number in range(40):
            write(number)
        processes: list[subprocess.Popen[str]] = []

        def slow(taken: Any) -> None:
            time.sleep(0.02)
            if server.taken.index(taken) == 11:
                os.kill(processes[0].pid, signal.SIGKILL)

        server.before_thanks = slow
        processes += [run(database, server.url, "--every", "1") for _ in range(2)]
        assert ended(processes[0])[0] == -signal.SIGKILL
        until(lambda: not outbox.due(timezone.now()).exists())
        processes[1].send_signal(signal.SIGTERM)
        code, out, error = ended(processes[1])
        assert (code, error) == (0, "")
        assert "mails sent" in out
        killed = Message.objects.exclude(state=State.SENT).count()
        assert killed <= 1, [
            *Message.objects.exclude(state=State.SENT).values_list("state", "problem")
        ]
        accounted_for(server, killed)


@pytest.mark.django_db(transaction=True)
def test_asked_to_end_it_finishes_the_mail_it_is_at(tmp_path: Path) -> None:
    with shared(tmp_path) as database, mail_server() as server:
        for number in range(5):
            write(number)
        processes: list[subprocess.Popen[str]] = []

        def ask(taken: Any) -> None:
            if len(server.taken) == 2:
                processes[0].send_signal(signal.SIGTERM)
                time.sleep(0.2)

        server.before_thanks = ask
        processes.append(run(database, server.url, "--every", "0.2"))
        code, out, error = ended(processes[0])
        assert (code, out, error) == (0, "2 mails sent\n", "")
        states = sorted(each.state for each in Message.objects.all())
        assert states == [State.DUE] * 3 + [State.SENT] * 2


@pytest.mark.django_db
def test_the_files_of_documents_stay_and_those_of_nobody_go(tmp_path: Path, settings: Any) -> None:
    settings.MEDIA_ROOT = tmp_path / "files"
    group = registered.make_group()
    meeting, lead = registered.make_meeting(group), registered.make_lead(group)
    written = desk.make_draft(meeting, desk.make_delegate(group, "PL"))
    received = registered.make_received(meeting, "KE")
    withdrawn = registered.make_registered(meeting, lead, "BR", public=True)
    for document in (received, withdrawn):
        registered.make_file(document, lead)
    registering.withdraw(withdrawn, "It was sent twice.", by=lead, at=timezone.now())
    with files.keeping() as keep:
        orphan = keep(b"nobody's", "pdf").path
    kept = {each.relative_to(settings.MEDIA_ROOT) for each in tmp_path.glob("files/received/*/*")}
    assert len(kept) == 4
    old = (timezone.now() - files.SWEPT_AFTER * 2).timestamp()
    for each in kept:
        os.utime(settings.MEDIA_ROOT / each, (old, old))
    said = StringIO()
    call_command("run_due", stdout=said)
    assert "1 files without a row removed" in said.getvalue()
    stand = {each.relative_to(settings.MEDIA_ROOT) for each in tmp_path.glob("files/received/*/*")}
    assert stand == kept - {Path(orphan)}
    assert stand == {
        Path(each.path)
        for document in (written, received, withdrawn)
        for each in document.files.all()
    }


@pytest.mark.django_db(transaction=True)
def test_it_ends_with_the_program_that_began_it(tmp_path: Path) -> None:
    with shared(tmp_path) as database, mail_server() as server:
        begun = (
            "import subprocess, sys, time;"
            "words = [sys.executable, 'manage.py', 'run_due', '--every', '0.2'];"
            "made = subprocess.Popen(words, stdout=subprocess.DEVNULL);"
            "print(made.pid, flush=True); time.sleep(60)"
        )
        beginner = subprocess.Popen(
            [sys.executable, "-c", begun], cwd=ROOT, stdout=subprocess.PIPE, text=True,
            env={
                **os.environ, "DATABASE_URL": database, "EMAIL_URL": server.url,
                "DJANGO_SETTINGS_MODULE": "tests.settings",
            },
        )  # fmt: skip
        assert beginner.stdout is not None
        pid = int(beginner.stdout.readline())
        write(1)
        until(lambda: server.taken)
        assert not is_gone(pid)
        beginner.kill()
        beginner.communicate(timeout=LONGEST)
        until(lambda: is_gone(pid))


def is_gone(pid: int) -> bool:
    """Say whether a process is gone, or only waits for somebody to read how it ended."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "Z"
    except OSError:
        return True
