"""Make the entries of very many things in a process beside the one that writes them into the index.

To make an entry and to write it costs about the same: with two processes two processors do both at
once. What is made waits in a pipe until it is taken, so that no more waits than is made together. Each
ends when the other is gone.
"""

from __future__ import annotations

import gc
import pickle
import signal
import traceback
from collections.abc import Callable, Generator, Iterator
from multiprocessing import get_context
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess

import django
from django.db import connection

from meetings.finding import Entry

ASKED_EVERY = 1.0  # seconds in which nothing comes
ENDED_WITHIN = 10.0  # seconds, once nobody takes what it makes


class BesideError(Exception):
    """The process that makes entries is gone before all were made."""


def made_by(
    make: Callable[[], Iterator[list[Entry]]], going_on: Callable[[], bool] = lambda: True
) -> Generator[Entry]:
    """Yield the entries that `make` makes in another process, some at a time and never none.

    Raises BesideError, also where `going_on` says no while nothing comes, and what was raised over
    there.
    """
    context = get_context("spawn")
    receiving, sending = context.Pipe(duplex=False)
    process = context.Process(target=_make, args=(sending, pickle.dumps(make)), daemon=True)
    process.start()
    sending.close()  # so that its end is told by the pipe
    try:
        while made := _received(receiving, process, going_on):
            if isinstance(made, Exception):
                raise made
            yield from made
    finally:
        receiving.close()
        process.join(ENDED_WITHIN)
        if process.is_alive():
            process.kill()
            process.join()


def _received(
    receiving: Connection, process: BaseProcess, going_on: Callable[[], bool]
) -> list[Entry] | Exception:
    try:
        while not receiving.poll(ASKED_EVERY):
            if not going_on():
                raise BesideError(
                    "Nobody waits for what the process makes that reads the database."
                )
        received: list[Entry] | Exception = receiving.recv()
    except (EOFError, OSError):  # the pipe ends, or does in the middle of some
        process.join(ENDED_WITHIN)
        raise BesideError(
            f"The process that reads the database ended (status {process.exitcode})."
        ) from None
    return received


def _make(sending: Connection, named: bytes) -> None:
    """Send what a function makes, some at a time, and an empty list at the end.

    The function comes by its name: where it stands is read once Django is set up.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # who takes them decides
    django.setup()
    make = pickle.loads(named)  # noqa: S301  # the name that stands above, of this project's own
    gc.freeze()  # what stands from the beginning need not be looked through for what can be thrown away
    try:
        for some in make():
            sending.send(some)
        sending.send([])
    except BrokenPipeError:
        pass  # nobody wants them any more
    except Exception as error:  # told where it is handled
        error.add_note(traceback.format_exc())
        sending.send(error)
    finally:
        connection.close()
        if connection.vendor == "postgresql":
            connection.close_pool()  # type: ignore[attr-defined]  # PostgreSQL's alone
