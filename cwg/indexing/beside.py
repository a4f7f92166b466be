"""Make the entries of very many things in a process beside the one that writes them into the index.

To make an entry and to write it costs about the same: with two processes two processors do both at
once. What is made waits in a pipe until it is taken, so that no more than some hundred wait. Each
ends when the other is gone.
"""

from __future__ import annotations

import gc
import signal
from collections.abc import Generator
from multiprocessing import get_context
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess

import django

from meetings.finding import Entry

ENDED_WITHIN = 10.0  # seconds, once nobody takes what it makes


class BesideError(Exception):
    """The process that makes entries is gone before all were made."""


def everything() -> Generator[Entry]:
    """Yield the entry of everything that everybody reads.

    Raises BesideError, and what was raised over there.
    """
    context = get_context("spawn")
    receiving, sending = context.Pipe(duplex=False)
    process = context.Process(target=_make, args=(sending,), daemon=True)
    process.start()
    sending.close()  # so that its end is told by the pipe
    try:
        while made := _received(receiving, process):
            if isinstance(made, Exception):
                raise made
            yield from made
    finally:
        receiving.close()
        process.join(ENDED_WITHIN)
        if process.is_alive():
            process.kill()


def _received(receiving: Connection, process: BaseProcess) -> list[Entry] | Exception:
    try:
        received: list[Entry] | Exception = receiving.recv()
    except (EOFError, OSError):  # the pipe ends, or does in the middle of some
        process.join(ENDED_WITHIN)
        said = f"The process that reads the database ended (status {process.exitcode})"
        raise BesideError(f"{said}: the index that stood before serves on.") from None
    return received


def _make(sending: Connection) -> None:
    """Send the entries of everything, some at a time, and an empty list at the end."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # who takes them decides
    django.setup()
    from django.db import connection  # noqa: PLC0415  # there are settings only now, and models

    from cwg.indexing import entries  # noqa: PLC0415

    gc.freeze()  # what stands from the beginning need not be looked through for what can be thrown away
    try:
        for some in entries.some_at_a_time():
            sending.send(some)
        sending.send([])
    except BrokenPipeError:
        pass  # nobody wants them any more
    except Exception as error:  # told where it is handled
        sending.send(error)
    finally:
        connection.close()
        if connection.vendor == "postgresql":
            connection.close_pool()  # type: ignore[attr-defined]  # PostgreSQL's alone
