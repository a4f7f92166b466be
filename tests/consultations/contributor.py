"""A contributor who goes the whole way by HTTP, and tries again as long as nobody answers."""

from __future__ import annotations

import html
import re
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from email.message import Message as Email
from http.client import HTTPConnection, HTTPException
from urllib.parse import urlencode

from tests.consultations.contributing import ABOUT, BEGIN

# Faster than this nobody types (consultations.views.contributor.TOO_FAST), in seconds
TYPING = 2.1
# After so many seconds without the mail they ask for the link again
WAITS, PAUSE = 15.0, 0.3


@dataclass(frozen=True, slots=True)
class Answer:
    """What the site answered."""

    status: int
    location: str
    text: str

    def value(self, name: str) -> str:
        """Return what a form on the page carries."""
        found = re.search(rf'name="{name}" value="([^"]*)"', self.text)
        assert found is not None, (name, self.text)
        return html.unescape(found[1])


class Contributor:
    """Somebody with a browser and an address of their own; `mails` gives what came to it.

    `unanswered` counts what was no answer: “POST 503”, or the error of a connection that broke.
    """

    def __init__(self, port: int, number: int, mails: Callable[[str], list[Email]]) -> None:
        self.port, self.mails = port, mails
        self.email = f"person-{number}@example.org"
        self.headers = {"X-Forwarded-For": f"10.0.0.{number + 1}", "Host": f"localhost:{port}"}
        self.unanswered: Counter[str] = Counter()
        self.words, self.reference = f"The answer of {self.email}.", ""

    def once(
        self, path: str, sent: bytes | None = None, kind: str = "application/x-www-form-urlencoded"
    ) -> Answer:
        """Ask once, by POST where something is sent.

        Raises OSError or HTTPException where there is no whole answer.
        """
        connection = HTTPConnection("127.0.0.1", self.port, timeout=30)
        try:
            if sent is None:
                connection.request("GET", path, headers=self.headers)
            else:
                connection.request("POST", path, sent, {**self.headers, "Content-Type": kind})
            answer = connection.getresponse()
            text = answer.read().decode()
            return Answer(answer.status, answer.getheader("Location", ""), text)
        finally:
            connection.close()

    def ask(self, path: str, form: dict[str, str] | None = None) -> Answer:
        """Ask until there is an answer, as people do who press the button once more."""
        while True:
            try:
                answer = self.once(path, None if form is None else urlencode(form).encode())
            except (OSError, HTTPException) as problem:
                self.unanswered[type(problem).__name__] += 1
            else:
                if answer.status < 500:
                    return answer
                self.unanswered[f"{'GET' if form is None else 'POST'} {answer.status}"] += 1
            time.sleep(PAUSE)

    def draft(self) -> str:
        """Go the first step; return the private address of the draft."""
        opened = self.ask(BEGIN).value("opened")
        time.sleep(TYPING)
        begun = self.ask(BEGIN, {**ABOUT, "email": self.email, "opened": opened})
        assert begun.status == 302, begun
        return begun.location.removesuffix("answers/")

    def contribute(self) -> str:
        """Go the three steps, confirm, look at the receipt; return the reference on it."""
        own = self.draft()
        name = re.findall(r'name="(answer_\d+)"', self.ask(f"{own}answers/").text)[0]
        answers = {name: self.words, "language": "en", "whole": "1"}
        assert self.ask(f"{own}answers/", answers).status == 302
        assert self.ask(f"{own}send/", {}).status == 302
        link = self._link(own)
        shown = self.ask(link).value("shown")
        confirmed = self.ask(link, {"shown": shown})
        assert confirmed.status == 302, confirmed
        page = self.ask(confirmed.location)
        found = re.search(r"<h1>(\S+)</h1>", page.text)
        assert found is not None, page
        self.reference = found[1]
        return self.reference

    def _link(self, own: str) -> str:
        """Wait for the mail with the link to confirm; ask for another where none comes."""
        while True:
            asked = time.monotonic()
            while time.monotonic() < asked + WAITS:
                for mail in self.mails(self.email):
                    body = mail.get_payload(decode=True)
                    assert isinstance(body, bytes)
                    if found := re.search(r"http://[^/\s]+(/\S+/confirm/)", body.decode()):
                        return found[1]
                time.sleep(PAUSE / 2)
            self.ask(f"{own}send/", {})
