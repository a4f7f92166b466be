"""Files sent to the site over a real connection: its disk is full, or the line is cut."""

from __future__ import annotations

import os
import resource
import socket
from collections.abc import Callable
from functools import partial
from pathlib import Path
from urllib.parse import urlencode

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.client import BOUNDARY, MULTIPART_CONTENT, encode_multipart

from consultations.models import Answer, Attachment, Contribution
from consultations.views.private import TYPED
from tests.at_once import shared, until
from tests.consultations.contributing import ABOUT
from tests.consultations.contributor import Answer as Answered
from tests.consultations.contributor import Contributor
from tests.consultations.making import make_open_round
from tests.meetings import uploading as make
from tests.serving import Site, environment, running

pytestmark = pytest.mark.django_db(transaction=True)

MB = 1024 * 1024


def disk_of(most: int) -> Callable[[], None]:
    """Let no file of a process grow past some bytes, as on a disk that is full."""
    return partial(resource.setrlimit, resource.RLIMIT_FSIZE, (most, resource.RLIM_INFINITY))


def body(*files: SimpleUploadedFile, **told: str) -> bytes:
    """Return the second step as a browser sends it, in the order of its boxes."""
    return encode_multipart(BOUNDARY, {**told, "language": "en", "files": files, "whole": "1"})


def post(sender: Contributor, path: str, sent: bytes) -> Answered:
    return sender.once(path, sent, MULTIPART_CONTENT)


def upload(name: str, data: bytes) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, data, "application/pdf")


def large() -> bytes:
    """Return a Word file of eight megabytes."""
    return make.with_parts(make.docx(), word__media__image1_dot_png=os.urandom(8 * MB))


def stored(folder: Path) -> list[Path]:
    return [each for each in (folder / "files").rglob("*") if each.is_file()]


def kept() -> tuple[str, list[str]]:
    """Return the words and the files that are kept of the only contribution."""
    names = [each.name for each in Attachment.objects.order_by("pk")]
    return str(Contribution.objects.get().text), names


def answers() -> list[str]:
    return [each.text for each in Answer.objects.order_by("question__position")]


def facts() -> object:
    """Return everything that the row of the only contribution says."""
    return Contribution.objects.values().get()


def test_a_full_disk_costs_the_large_file_alone(tmp_path: Path) -> None:
    with shared(tmp_path) as database:
        make_open_round(questions=False)
        settings = environment(database, tmp_path / "data")
        # the database of the test is smaller than this, and has its room
        full, roomy = Site(settings, disk_of(6 * MB)), Site(settings)
        with running(full):
            sender = Contributor(full.port, 0, lambda to: [])
            own = sender.draft()
            sent = body(upload("small.pdf", make.pdf()), upload("x.docx", large()), text="Words.")
            answer = post(sender, f"{own}answers/", sent)
        assert answer.status == 422
        said = "“x.docx” was not taken: it could not be stored just now, for want of room."
        assert said in answer.text
        assert "\nWords.</textarea>" in answer.text
        assert kept() == ("Words.", ["small.pdf"])
        assert len(stored(tmp_path / "data")) == 1
        with running(roomy):
            sender = Contributor(roomy.port, 0, lambda to: [])
            again = post(sender, f"{own}answers/", body(upload("x.docx", large()), text="Words."))
        assert again.status == 302
        assert kept() == ("Words.", ["small.pdf", "x.docx"])
        assert len(stored(tmp_path / "data")) == 2


if connection.vendor == "sqlite":  # the files of PostgreSQL are those of another process

    def test_no_room_for_the_words_is_said_with_the_words(tmp_path: Path) -> None:
        words = "Many words. " * 8000
        with shared(tmp_path) as database:
            make_open_round(questions=False)
            settings = environment(database, tmp_path / "data")
            full, roomy = Site(settings, disk_of(MB // 16)), Site(settings)
            with running(roomy):
                sender = Contributor(roomy.port, 0, lambda to: [])
                own = sender.draft()
            with running(full):
                sender = Contributor(full.port, 0, lambda to: [])
                sent = body(upload("small.pdf", make.pdf()), text=words)
                answer = post(sender, f"{own}answers/", sent)
            assert answer.status == 503
            assert "There is no room to store anything just now." in answer.text
            assert words.strip() in answer.text
            assert kept() == ("", [])
            assert stored(tmp_path / "data") == []


def cut(site: Site, path: str, kind: str, sent: bytes, after: bytes, *, heard: bool) -> str:
    """Send a form up to `after` and no more; return the answer, if its sender still hears."""
    head = (
        f"POST {path} HTTP/1.1\r\nHost: localhost:{site.port}\r\nConnection: close\r\n"
        f"Content-Type: {kind}\r\nContent-Length: {len(sent)}\r\n\r\n"
    )
    with socket.create_connection(("127.0.0.1", site.port), 30) as line:
        line.sendall(head.encode() + sent[: sent.index(after) + len(after)])
        if not heard:
            return ""
        line.shutdown(socket.SHUT_WR)
        return b"".join(iter(partial(line.recv, MB), b"")).decode()


def test_a_form_that_is_cut_keeps_what_came_whole_and_no_half(tmp_path: Path) -> None:
    with shared(tmp_path) as database:
        made = make_open_round()
        names = [f"answer_{each.pk}" for each in made.questions.order_by("position")]

        def said(word: str, *files: SimpleUploadedFile) -> bytes:
            return body(*files, **{name: f"{word} {n}." for n, name in enumerate(names)}, text=word)

        def stands(word: str) -> bool:
            return kept() == (word, ["a.pdf"])

        site = Site(environment(database, tmp_path / "data"))
        with running(site):
            sender = Contributor(site.port, 0, lambda to: [])
            path = f"{sender.draft()}answers/"
            small, big = upload("a.pdf", make.pdf()), upload("b.docx", large())
            assert post(sender, path, said("Old", small)).status == 302
            page = cut(site, path, MULTIPART_CONTENT, said("New", big), b"New 1", heard=True)
            assert page.startswith("HTTP/1.1 422 ")
            assert "It did not come in whole. Look it over and send it again." in page
            assert answers() == ["New 0.", "Old 1.", "Old 2."]
            assert kept() == ("Old", ["a.pdf"])
            # in the middle of the file, whether its sender waits for the answer or not
            for word, heard in (("Third", True), ("Fourth", False)):
                big.seek(0)
                sent = said(word, big)
                cut(site, path, MULTIPART_CONTENT, sent, sent[: len(sent) // 2], heard=heard)
                until(partial(stands, word))
                assert answers() == [f"{word} {n}." for n in range(3)]
            assert len(stored(tmp_path / "data")) == 1
            big.seek(0)
            assert post(sender, path, said("Last", big)).status == 302
        assert kept() == ("Last", ["a.pdf", "b.docx"])


def test_a_form_without_files_that_is_cut_changes_nothing(tmp_path: Path) -> None:
    with shared(tmp_path) as database:
        make_open_round()
        site = Site(environment(database, tmp_path / "data"))
        with running(site):
            own = Contributor(site.port, 0, lambda to: []).draft()
            before = facts()
            sent = urlencode({**ABOUT, "name": "Another Person", "opened": ""}).encode()
            said = cut(site, f"{own}about-you/", TYPED, sent, b"Another", heard=True)
            assert said.startswith("HTTP/1.1 400 ")
            assert "What was saved before stays kept" in said
            assert facts() == before
