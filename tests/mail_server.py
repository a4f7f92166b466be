"""A mail server of our own, which remembers what it took, and fails in the ways that servers fail."""

from __future__ import annotations

import email
import socketserver
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from email.message import Message as Email
from typing import Any

from django.test import override_settings


class MailServer(socketserver.ThreadingTCPServer):
    """Take mails on a free port of this machine."""

    allow_reuse_address = True
    daemon_threads = True
    block_on_close = False

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Conversation)
        self.taken: list[Email] = []
        self.connections = 0
        # asked before a command is answered; an answer returned here is given instead, None is ours
        self.instead: Callable[[str], str | None] = lambda command: None
        # done once the text has arrived whole, before it is acknowledged
        self.before_thanks: Callable[[Email], None] = lambda taken: None
        self.lock = threading.Lock()

    @property
    def port(self) -> int:
        """Give the port it listens on."""
        return int(self.server_address[1])

    @property
    def url(self) -> str:
        """Give what EMAIL_URL is to be."""
        return f"smtp://127.0.0.1:{self.port}"

    def ids(self) -> list[str]:
        """Give the Message-ID of every mail it took, in order."""
        return [str(each["Message-ID"]) for each in self.taken]

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say nothing of clients that were killed."""


class HangupError(Exception):
    """End the conversation without a word."""


class _Conversation(socketserver.StreamRequestHandler):
    server: MailServer

    def handle(self) -> None:
        self.server.connections += 1
        try:
            self._say("220 ready")
            while line := self.rfile.readline():
                self._answer(line.decode("ascii", "replace").strip())
        except (HangupError, OSError):
            return

    def _answer(self, line: str) -> None:
        command = line.upper()
        instead = self.server.instead(command)
        if instead is not None:
            self._say(instead)
        elif command.startswith("DATA"):
            self._say("354 go on")
            self._take()
        elif command.startswith("QUIT"):
            self._say("221 bye")
            raise HangupError
        else:
            self._say("250 ok")

    def _take(self) -> None:
        lines = []
        while True:
            line = self.rfile.readline()
            if not line:
                raise HangupError
            if line == b".\r\n":
                break
            lines.append(line.removeprefix(b".") if line.startswith(b"..") else line)
        taken = email.message_from_bytes(b"".join(lines))
        with self.server.lock:
            self.server.taken.append(taken)
        self.server.before_thanks(taken)
        self._say("250 taken")

    def _say(self, words: str) -> None:
        self.wfile.write(f"{words}\r\n".encode())
        self.wfile.flush()


@contextmanager
def mail_server() -> Iterator[MailServer]:
    """Run a mail server in threads of this process, without leading the project to it."""
    server = MailServer()
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@contextmanager
def led_to(port: int, seconds: float = 5) -> Iterator[None]:
    """Lead the project's mails to a port of this machine."""
    options = {"host": "127.0.0.1", "port": port, "timeout": seconds}
    backend = "django.core.mail.backends.smtp.EmailBackend"
    with override_settings(MAILERS={"default": {"BACKEND": backend, "OPTIONS": options}}):
        yield
