"""People who are signed in at a site of several servers, and press again until somebody answers."""

from __future__ import annotations

import hashlib
import html
import re
import time
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException
from threading import Barrier
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test.client import BOUNDARY, MULTIPART_CONTENT, encode_multipart

from cwg.accounts.models import User
from meetings.models import Meeting
from tests.conftest import signed_in
from tests.meetings import uploading

PAUSE = 0.3
FORGERY = "t" * 32  # what the cookie against forged forms holds


@dataclass(frozen=True, slots=True)
class Answer:
    """What the site answered."""

    status: int
    location: str
    body: bytes

    @property
    def text(self) -> str:
        return self.body.decode()

    def found(self, pattern: str) -> str:
        """Return what stands on the page at the group of `pattern`."""
        found = re.search(pattern, self.text)
        assert found is not None, (pattern, self.status, self.location, self.text)
        return html.unescape(found[1])

    def value(self, name: str) -> str:
        """Return what a form on the page carries."""
        return self.found(rf'name="{name}" value="([^"]*)"')


class Browser:
    """A browser in which somebody is signed in; each request goes to the next of the servers.

    `unanswered` counts what was no answer: “POST 503”, or the error of a connection that broke.
    """

    def __init__(self, ports: Sequence[int], place: int, person: User) -> None:
        session = signed_in(person).cookies["sessionid"].value
        self.cookies = f"sessionid={session}; csrftoken={FORGERY}"
        self.ports, self._turn = ports, place
        self.unanswered: Counter[str] = Counter()

    def once(self, turn: int, path: str, sent: bytes | None) -> Answer:
        """Ask one server once. Raises OSError or HTTPException where there is no whole answer."""
        port = self.ports[turn % len(self.ports)]
        connection = HTTPConnection("127.0.0.1", port, timeout=60)
        headers = {"Host": f"localhost:{port}", "Cookie": self.cookies}
        try:
            if sent is None:
                connection.request("GET", path, headers=headers)
            else:
                connection.request(
                    "POST", path, sent, {**headers, "Content-Type": MULTIPART_CONTENT}
                )
            answer = connection.getresponse()
            return Answer(answer.status, answer.getheader("Location", ""), answer.read())
        finally:
            connection.close()

    def ask(self, path: str, sent: bytes | None = None) -> Answer:
        """Ask until there is an answer, the other server after each that gave none."""
        while True:
            self._turn += 1
            try:
                answer = self.once(self._turn, path, sent)
            except (OSError, HTTPException) as problem:
                self.unanswered[type(problem).__name__] += 1
            else:
                if answer.status < 500:
                    return answer
                self.unanswered[f"{'GET' if sent is None else 'POST'} {answer.status}"] += 1
            time.sleep(PAUSE)

    def press(self, path: str, form: dict[str, Any], times: int = 1) -> list[Answer]:
        """Send a form so many times at the same moment, to one server after the other."""
        told = {**form, "csrfmiddlewaretoken": FORGERY}
        sent = encode_multipart(BOUNDARY, told)
        if times == 1:
            return [self.ask(path, sent)]
        with ThreadPoolExecutor(times) as hands:
            return list(hands.map(lambda _: self.ask(path, sent), range(times)))


class Author(Browser):
    """The focal point of a delegation, who writes a document with a file and submits it."""

    path = receipt = ""
    has_file = False

    def __init__(self, ports: Sequence[int], place: int, person: User, meeting: Meeting) -> None:
        super().__init__(ports, place, person)
        self.meeting, self.title = meeting, f"What delegation {place} proposes"
        self.sent = uploading.docx(f"The text of delegation {place}.")

    @property
    def key(self) -> int:
        """The key of the document that was begun; 0 before."""
        found = re.search(r"/documents/(\d+)/", self.path)
        return int(found[1]) if found else 0

    def submit(self, together: Barrier | None = None, times: int = 1) -> str:
        """Go all steps to the receipt, and press each button so many times; return the receipt.

        What is pressed last is pressed by all `together`.
        """
        begin = f"/desk/{self.meeting.group.slug}/documents/begin/"
        about = {
            "meeting": str(self.meeting.pk), "title": self.title, "original_language": "en",
            "purpose": "information", "begun": self.ask(begin).value("begun"), "whole": "1",
        }  # fmt: skip
        begun = {answer.location for answer in self.press(begin, about, times)}
        assert len(begun) == 1, begun
        self.path = begun.pop().removesuffix("text/")
        assert self.key, self.path
        self._add_file(times)
        checked = {"saves": self.ask(f"{self.path}check/").value("saves")}
        if together is not None:
            together.wait()
        led = {answer.location for answer in self.press(f"{self.path}check/", checked, times)}
        assert led == {self.path}
        self.receipt = self.ask(self.path).found(r"Receipt <span[^>]*>(R-[^<]+)</span>")
        return self.receipt

    def _add_file(self, times: int) -> None:
        text = {
            "saves": "1",
            "file_language": "en",
            "summary": f"In short: {self.title}.",
            "whole": "1",
        }
        while True:
            told = {**text, "files": SimpleUploadedFile("paper.docx", self.sent)}
            answers = self.press(f"{self.path}text/", told, times)
            refused = [each for each in answers if each.status != 302]
            if not refused:
                self.has_file = True
                return
            # many files are looked through just now: the words are kept, the file is added again
            assert all("Many files are being looked through" in e.text for e in refused), refused
            text["saves"] = refused[-1].value("saves")

    def number(self) -> str:
        """Return the number that the page of the document shows; "" where it has none."""
        page = self.ask(self.path).text
        found = re.search(r"Its number is ([^<]+?)\. ", page)
        return found[1] if found else ""

    def file_sum(self) -> str:
        """Return the SHA-256 of the file that the page of the document gives."""
        link = self.ask(self.path).found(rf'href="({self.path}files/\d+/)"')
        answer = self.ask(link)
        assert answer.status == 200, answer
        return hashlib.sha256(answer.body).hexdigest()


class Registrar(Browser):
    """Somebody of the secretariat, who registers a document."""

    number = ""

    def register(self, document: int, together: Barrier | None = None, times: int = 1) -> str:
        """Register a document, pressing so many times; return the number that its page shows."""
        path = f"/secretariat/documents/{document}/"
        assert self.ask(path).value("act") == "register"
        if together is not None:
            together.wait()
        led = {answer.location for answer in self.press(path, {"act": "register"}, times)}
        assert led == {path}
        self.number = self.ask(path).found(r'class="standing"><strong>([^<]+)</strong>')
        return self.number
