"""Files that came with a letter: entered with it by the secretariat, refused one by one, kept whole."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from consultations import standing
from consultations.models import Attachment, Consultation, Contribution, Standing
from consultations.views.uploading import LARGEST_BODY
from meetings.models import Message
from tests.conftest import signed_in
from tests.consultations.making import make_group, make_round
from tests.meetings import uploading as make
from tests.two_groups import PASSWORD, make_person

pytestmark = pytest.mark.django_db


@pytest.fixture
def round_(settings: Any, tmp_path: Path) -> Consultation:
    settings.MEDIA_ROOT = tmp_path
    now = timezone.now()
    return make_round(
        make_group(), opens_at=now - timedelta(days=9), closes_at=now + timedelta(days=9)
    )


@pytest.fixture
def lead(round_: Consultation) -> Client:
    return signed_in(make_person(round_.group, "lead"))


def place(round_: Consultation) -> str:
    return f"/secretariat/consultations/round/{round_.pk}/enter/"


def typed(*files: SimpleUploadedFile, **more: Any) -> dict[str, Any]:
    """Return a letter as it is typed in, whole and right."""
    told = {
        "way": "mail", "arrived_on": timezone.localdate(), "name": "Example Person",
        "email": "person@example.org", "language": "en", "text": "The words of the letter.",
        "publish_text": "on", "consent": "She wrote so.", "whole": "1", "files": list(files),
    }  # fmt: skip
    return told | more


def upload(data: bytes, name: str = "paper.pdf") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, data)


def on_disk(settings: Any) -> list[Path]:
    return [each for each in Path(settings.MEDIA_ROOT).rglob("*") if each.is_file()]


def test_a_letter_is_entered_with_its_files_and_they_are_public_with_it(
    lead: Client, round_: Consultation, settings: Any
) -> None:
    sent = typed(upload(make.pdf(), "../annex.exe"), upload(make.docx(), "tables.docx"))
    answer = lead.post(place(round_), sent, follow=True)
    made = Contribution.objects.get()
    kept = list(made.attachments.all())
    assert [each.name for each in kept] == ["annex.pdf", "tables.docx"]
    assert [each.name in answer.text for each in kept] == [True, True]
    event = made.events.get()
    assert event.snapshot is not None
    assert event.snapshot["attachments"] == [
        {"name": each.name, "sha256": each.sha256} for each in kept
    ]
    mail = Message.objects.get().body
    assert "File: annex.pdf\nFile: tables.docx\n" in mail
    assert "we publish your text and files." in mail
    assert len(on_disk(settings)) == 2
    public = f"/example-group/contributions/2026-03/1/files/{kept[0].pk}/"
    assert Client().get(public).status_code == 404
    standing.move(standing.locked(made), Standing.PUBLISHED, "test.move", at=timezone.now())
    assert len(b"".join(Client().get(public))) == kept[0].size
    assert public in Client().get("/example-group/contributions/2026-03/1/").text


def test_a_letter_that_is_all_in_its_files_says_enough(lead: Client, round_: Consultation) -> None:
    lead.post(place(round_), typed(text=""))
    assert not Contribution.objects.exists()
    lead.post(place(round_), typed(upload(make.pdf()), text=""))
    assert Contribution.objects.get().attachments.get().name == "paper.pdf"


def test_a_refused_file_costs_no_word_and_says_which_to_add_again(
    lead: Client, round_: Consultation, settings: Any
) -> None:
    macros = upload(make.docx_typed(make.MACRO_MAIN), "annex.docm")
    answer = lead.post(place(round_), typed(macros, upload(make.pdf())))
    assert answer.status_code == 422
    assert (
        answer.context["form"]
        .errors["files"][0]
        .startswith("“annex.docm” was not taken: it holds macros.")
    )
    assert "The words of the letter." in answer.text
    assert "Add “paper.pdf” again: files are kept with a form that is right." in answer.text
    assert not Contribution.objects.exists()
    assert on_disk(settings) == []


@pytest.mark.parametrize(
    "wrong", [{"consent": ""}, {"arrived_on": timezone.localdate() + timedelta(days=2)}]
)
def test_a_slip_elsewhere_says_which_files_to_add_again(
    lead: Client, round_: Consultation, settings: Any, wrong: dict[str, Any]
) -> None:
    answer = lead.post(place(round_), typed(upload(make.pdf()), **wrong))
    assert answer.status_code == 422
    assert answer.context["form"].errors["files"] == [
        "Add “paper.pdf” again: files are kept with a form that is right."
    ]
    assert on_disk(settings) == []


def test_five_files_are_the_most(lead: Client, round_: Consultation) -> None:
    many = [upload(make.docx(), f"{number}.docx") for number in range(6)]
    answer = lead.post(place(round_), typed(*many))
    assert "At most 5 files can go with a contribution." in answer.text
    lead.post(place(round_), typed(*[upload(make.docx(), f"{n}.docx") for n in range(5)]))
    assert Attachment.objects.count() == 5


def test_no_room_keeps_the_words_and_no_half(
    lead: Client, round_: Consultation, tmp_path: Path
) -> None:
    (tmp_path / "received").write_text("no folder")
    answer = lead.post(place(round_), typed(upload(make.pdf())))
    assert answer.status_code == 422
    assert "for want of room" in answer.text
    assert "The words of the letter." in answer.text
    assert not Contribution.objects.exists()
    assert not Message.objects.exists()


def test_what_did_not_come_in_whole_is_not_entered(lead: Client, round_: Consultation) -> None:
    sent = typed(upload(make.pdf()))
    del sent["whole"]
    answer = lead.post(place(round_), sent)
    assert "“paper.pdf” was not taken: the upload was cut before it was whole." in answer.text
    assert "The words of the letter." in answer.text
    assert not Contribution.objects.exists()


def test_too_much_at_once_is_refused_before_it_is_read(lead: Client, round_: Consultation) -> None:
    answer = lead.post(place(round_), CONTENT_LENGTH=str(LARGEST_BODY + 1))
    assert answer.status_code == 413
    assert "Nothing of it was kept" in answer.text


def test_pressed_twice_it_is_one_and_typed_over_it_is_the_next(
    lead: Client, round_: Consultation
) -> None:
    key = lead.get(place(round_)).context["form"]["opened"].value()
    first = lead.post(place(round_), typed(upload(make.pdf()), opened=key))
    again = lead.post(place(round_), typed(upload(make.pdf()), opened=key))
    assert again["Location"] == first["Location"]
    assert Contribution.objects.count() == Message.objects.count() == 1
    lead.post(place(round_), typed(opened=key, name="Another Person"))
    other = lead.get(place(round_)).context["form"]["opened"].value()
    lead.post(place(round_), typed(upload(make.pdf()), opened=other))  # the same words came twice
    assert [each.number for each in Contribution.objects.order_by("number")] == [1, 2, 3]


def test_a_form_forged_elsewhere_enters_nothing(lead: Client, round_: Consultation) -> None:
    forger = Client(enforce_csrf_checks=True)
    assert forger.login(email=f"lead-{round_.group.slug}@example.org", password=PASSWORD)
    assert forger.post(place(round_), typed()).status_code == 403
    assert not Contribution.objects.exists()
    token = forger.get(place(round_)).context["csrf_token"]
    forger.post(place(round_), typed(csrfmiddlewaretoken=str(token)))
    assert Contribution.objects.count() == 1


def test_a_stakeholder_group_that_the_letter_does_not_say_stays_open(
    lead: Client, round_: Consultation
) -> None:
    lead.post(place(round_), typed())
    assert Contribution.objects.get().stakeholder_group == ""


def test_without_the_text_the_receipt_promises_no_publication(
    lead: Client, round_: Consultation
) -> None:
    lead.post(place(round_), typed(publish_text="", publish_name="on"))
    assert "we publish nothing of it; it goes to the Group only." in Message.objects.get().body
