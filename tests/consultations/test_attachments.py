"""Files of a contribution: taken with its words, refused without them, served to whom they belong."""

from __future__ import annotations

import io
import resource
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from consultations import drafts, standing
from consultations.models import Attachment, Consultation, Contribution, Standing
from meetings import files
from tests.consultations import contributing
from tests.consultations.contributing import answering, begin, clock, private
from tests.consultations.making import MEANWHILE, make_round
from tests.meetings import uploading as make


@pytest.fixture
def held(db: None, settings: Any, tmp_path: Path) -> Consultation:
    settings.MEDIA_ROOT = tmp_path
    return make_round()


def upload(data: bytes, name: str = "paper.pdf") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, data)


def send_files(client: Client, own: str, *sent: SimpleUploadedFile, **told: Any) -> Any:
    with clock(MEANWHILE):
        return client.post(
            f"{own}answers/", answering({"text": "My words.", **told}) | {"files": sent}
        )


def on_disk(settings: Any) -> list[Path]:
    return [each for each in Path(settings.MEDIA_ROOT).rglob("*") if each.is_file()]


def test_a_bad_file_costs_neither_the_words_nor_the_good_file(
    held: Consultation, settings: Any
) -> None:
    client = Client()
    own = private(begin(client))
    macros = upload(make.docx_typed(make.MACRO_MAIN), "annex.docm")
    answer = send_files(client, own, macros, upload(make.pdf(), "../../paper.exe"))
    assert answer.status_code == 422
    assert "“annex.docm” was not taken: it holds macros." in answer.text
    assert "One thing to mend. Everything you typed is kept." in answer.text
    assert "My words." in answer.text
    kept = Attachment.objects.get()
    assert (kept.name, kept.kind) == ("paper.pdf", "pdf")
    assert kept.note == "2 pages. Author’s name in the file: removed"
    path = Path(settings.MEDIA_ROOT, kept.path)
    assert on_disk(settings) == [path]
    assert path.stat().st_size == kept.size
    assert path.stat().st_mode & 0o777 == 0o640
    assert "paper" not in kept.path
    assert Contribution.objects.get().text == "My words."


def test_a_file_too_large_costs_nothing_else(held: Consultation) -> None:
    client = Client()
    own = private(begin(client))
    answer = send_files(client, own, upload(b"%PDF-" + b"0" * 10 * 1024 * 1024, "large.pdf"))
    assert "“large.pdf” was not taken: it is larger than 10 MB." in answer.text
    assert Contribution.objects.get().text == "My words."


def test_an_upload_that_was_cut_keeps_no_half(held: Consultation, settings: Any) -> None:
    client = Client()
    own = private(begin(client))
    body = (
        b"--b\r\nContent-Disposition: form-data; name=\"text\"\r\n\r\nMy words.\r\n"
        b"--b\r\nContent-Disposition: form-data; name=\"language\"\r\n\r\nen\r\n"
        b"--b\r\nContent-Disposition: form-data; name=\"files\"; filename=\"x.pdf\"\r\n\r\n"
        + make.pdf()[:500]
    )  # fmt: skip
    with clock(MEANWHILE):
        answer = client.generic("POST", f"{own}answers/", body, "multipart/form-data; boundary=b")
    assert answer.status_code == 422
    assert "It did not come in whole. Look it over and send it again." in answer.text
    assert not Attachment.objects.exists()
    assert on_disk(settings) == []
    assert Contribution.objects.get().text == "My words."


@pytest.fixture
def small_disk() -> Iterator[None]:
    """Let no file of this process grow past some bytes, as on a disk that is full."""
    import signal

    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    heard = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (700, before[1]))
    yield
    resource.setrlimit(resource.RLIMIT_FSIZE, before)
    signal.signal(signal.SIGXFSZ, heard)


def test_a_full_disk_is_said_and_keeps_nothing_half(
    held: Consultation, settings: Any, small_disk: None
) -> None:
    with pytest.raises(files.NotStoredError), files.keeping() as keep:
        keep(make.docx(), "docx")
    assert on_disk(settings) == []


def test_no_room_for_files_is_a_clear_page_with_what_was_typed(
    held: Consultation, settings: Any, tmp_path: Path
) -> None:
    (tmp_path / "received").write_text("no folder")
    client = Client()
    own = private(begin(client))
    answer = send_files(client, own, upload(make.docx(), "x.docx"))
    assert answer.status_code == 503
    assert "for want of room" in answer.text
    assert "My words." in answer.text
    assert not Attachment.objects.exists()
    assert Contribution.objects.get().text == ""


def test_a_file_goes_with_the_row_that_was_not_written(held: Consultation, settings: Any) -> None:
    with pytest.raises(ZeroDivisionError), files.keeping() as keep:
        keep(b"x", "pdf")
        raise ZeroDivisionError
    assert on_disk(settings) == []


def test_five_files_are_the_most_and_one_can_be_removed(
    held: Consultation, settings: Any, django_capture_on_commit_callbacks: Any
) -> None:
    client = Client()
    own = private(begin(client))
    answer = send_files(client, own, *(upload(make.docx(), f"{n}.docx") for n in range(6)))
    assert "At most 5 files can go with a contribution." in answer.text
    first, *rest = Attachment.objects.order_by("pk")
    assert len(rest) == 4
    with django_capture_on_commit_callbacks(execute=True):
        answer = send_files(client, own, without=str(first.pk))
    assert answer["Location"].endswith("/answers/")
    assert [*Attachment.objects.order_by("pk")] == rest
    assert len(on_disk(settings)) == 4


def with_file(client: Client) -> tuple[str, Attachment]:
    """Have a contribution received with a file; return its private address and the file."""
    own = private(begin(client))
    send_files(client, own, upload(make.pdf(), "Añexo 1.pdf"))
    with clock(MEANWHILE):
        client.post(f"{own}send/")
    return private(contributing.confirm(client)), Attachment.objects.get()


def test_who_may_have_a_file(held: Consultation, settings: Any) -> None:
    client = Client()
    own, file = with_file(client)
    public = f"/example-group/contributions/2026-03/1/files/{file.pk}/"
    assert client.get(public).status_code == 404
    mine = client.get(f"{own}files/{file.pk}/")
    assert mine["Cache-Control"] == "private, no-store"
    assert b"".join(mine) == Path(settings.MEDIA_ROOT, file.path).read_bytes()
    made = Contribution.objects.get()
    standing.move(standing.locked(made), Standing.PUBLISHED, "test.move", at=MEANWHILE)
    answer = client.get(public)
    assert answer.status_code == 200
    told = {name: answer[name] for name in (
        "Content-Type", "Content-Disposition", "X-Content-Type-Options",
        "Content-Security-Policy", "Cache-Control",
    )}  # fmt: skip
    assert told == {
        "Content-Type": "application/pdf",
        "Content-Disposition": "attachment; filename*=utf-8''A%C3%B1exo%201.pdf",
        "X-Content-Type-Options": "nosniff",
        "Content-Security-Policy": "sandbox; default-src 'none'; frame-ancestors 'none'",
        "Cache-Control": "public, max-age=0, must-revalidate",
    }
    assert answer.cookies == {}
    assert len(b"".join(answer)) == file.size
    again = client.get(public, headers={"If-None-Match": answer["ETag"]})
    assert again.status_code == 304
    assert public in client.get("/example-group/contributions/2026-03/1/").text
    Path(settings.MEDIA_ROOT, file.path).rename(Path(settings.MEDIA_ROOT, "elsewhere"))
    assert client.get(public).status_code == 404
    file.withheld_for = "third-party rights"
    file.save()
    assert client.get(public).status_code == 404
    assert client.get("/example-group/contribute/nonsense/files/1/").status_code == 404
    assert client.get(f"/example-group/contributions/2026-03/1/files/{10**30}/").status_code == 404


def test_what_a_killed_process_left_is_swept(held: Consultation, settings: Any) -> None:
    _, file = with_file(Client())
    orphan = Path(settings.MEDIA_ROOT, "received/00/orphan.part")
    orphan.parent.mkdir(parents=True, exist_ok=True)
    orphan.write_bytes(b"half")
    assert drafts.sweep(timezone.now()) == 0
    assert drafts.sweep(timezone.now() + timedelta(days=2)) == 1
    assert on_disk(settings) == [Path(settings.MEDIA_ROOT, file.path)]


def test_the_questions_are_had_as_a_word_file(held: Consultation) -> None:
    from docx import Document

    address = "/example-group/consultations/example-round/questions.docx"
    answer = Client().get(address)
    said = [each.text for each in Document(io.BytesIO(answer.content)).paragraphs]
    assert "1.\tExample question 1?" in said
    assert said.count("[Your answer]") == 3
    assert Client().get(address, headers={"If-None-Match": answer["ETag"]}).status_code == 304
    assert "Vary" not in answer
    held.questions.all().delete()
    assert Client().get(address).status_code == 404


def test_the_page_of_an_open_round_leads_to_the_form_and_the_file(held: Consultation) -> None:
    with clock(MEANWHILE):
        page = Client().get("/example-group/consultations/example-round/").text
    assert 'href="/example-group/consultations/example-round/contribute/">Contribute' in page
    assert "questions.docx" in page
