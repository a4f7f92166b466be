"""A report's way through the secretariat's pages, as people take it."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

from django.test import Client
from django.urls import reverse

from cwg.report.checks import accepting, read
from cwg.report.models import Report
from meetings.models import Edition


def page(report: Report, name: str, *more: Any) -> str:
    return reverse(f"admin:report_report_{name}", args=[report.pk, *more])


def act(client: Client, report: Report, name: str, **sent: Any) -> Any:
    return client.post(page(report, "reading"), {"act": name, **sent})


def seen_on(answer: Any) -> str:
    return seen_on_page(answer.content.decode())


def seen_on_page(said: str) -> str:
    found = re.search(r'name="seen" value="([0-9a-f]{64})"', said)
    assert found
    return found[1]


def cleared(report: Report, cast: dict[str, Client]) -> None:
    """Bring the report through the Chair's hands, and accept what holds it up."""
    act(cast["lead"], report, "send")
    seen = seen_on(cast["chair"].get(page(report, "reading")))
    assert act(cast["chair"], report, "clear", seen=seen).status_code == 302
    for finding in accepting.blockers(read(report)):
        accepting.accept(report, finding, None, "As printed.", date(2026, 2, 1))


def finalised(report: Report, cast: dict[str, Client], **sent: Any) -> Edition:
    """Bring the report to an edition."""
    cleared(report, cast)
    assert cast["lead"].post(page(report, "finalise"), sent).status_code == 302
    return Edition.objects.latest("pk")
