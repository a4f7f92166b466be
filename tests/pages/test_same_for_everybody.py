"""A public page is the same for every reader: a cache may keep it, and nobody is marked by it."""

from __future__ import annotations

from typing import Any

import pytest
from auditlog.models import LogEntry
from django.test import Client

from cwg.accounts.models import User
from cwg.report.models import Report
from tests.conftest import signed_in

PUBLIC = (
    "/", "/{group}/", "/{group}/consultations/", "/{group}/meetings/", "/{group}/meetings/20/", "/{group}/reports/",
    "/{group}/reports/{report}/", "/{group}/reports/{report}.docx", "/{group}/reports/{report}.pdf",
    "/{group}/reports/{report}.txt", "/instruments/", "/instruments/pp-102/", "/{group}/nothing/",
)  # fmt: skip


@pytest.mark.parametrize("address", PUBLIC)
def test_a_public_page_sets_no_cookie_and_asks_for_none(
    report: Report, administrator: User, address: str
) -> None:
    address = address.format(group=report.group.slug, report=report.slug)
    strange, known = Client().get(address), signed_in(administrator).get(address)
    for answer in (strange, known):
        assert answer.cookies == {}
        assert "Vary" not in answer
    if not address.endswith((".docx", ".pdf")):
        assert strange.content == known.content


@pytest.mark.django_db
def test_sign_in_does_set_one() -> None:
    answer = Client().get("/accounts/login/")
    assert list(answer.cookies) == ["csrftoken"]
    assert answer["Vary"] == "Cookie"


def test_the_history_still_says_who_wrote(as_administrator: Client, report: Report) -> None:
    session = report.session
    LogEntry.objects.all().delete()
    page = f"/secretariat/meetings/session/{session.pk}/change/"
    sent: dict[str, Any] = {
        name: "" if value is None else value
        for name, value in as_administrator.get(page).context["adminform"].form.initial.items()
    }
    texts = {f"{name}_en": sent.pop(name)["en"] for name in ("label", "place")}
    answer = as_administrator.post(page, sent | texts | {"place_en": "Atlantis"})
    assert answer.status_code == 302, answer.context["errors"]
    assert [entry.actor_email for entry in LogEntry.objects.get_for_object(session)] == [
        "administrator@example.org"
    ]
