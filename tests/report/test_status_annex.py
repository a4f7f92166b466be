"""Where the report's type says so, an annex tells what was promised and what it came to."""

from __future__ import annotations

from datetime import date

from cwg.report.compose import compose
from cwg.report.files import render
from cwg.report.gather import gather
from cwg.report.models import Report, ReportType
from tests.typesetting.file_reading import docx_words, html_words, text_words
from tests.typesetting.pdf_reading import reading


def annexed(report: Report) -> Report:
    """Ask the report's type for the annex."""
    form = ReportType.objects.get(reports=report)
    form.status_annex = True
    form.save()
    return Report.objects.select_related("session", "type", "signed_by__country").get(pk=report.pk)


def test_the_annex_says_what_became_of_every_promise_of_the_period(report: Report) -> None:
    before = render(compose(gather(report)), "text").decode()
    after = render(compose(gather(annexed(report))), "text").decode()
    assert after.startswith(before.rstrip("\n"))
    annex = after.removeprefix(before.rstrip("\n")).strip("\n")
    assert annex.replace("\u00a0", " ").replace("\u2011", "-") == ANNEX  # as the words are compared


def test_every_format_prints_the_same_annex(report: Report) -> None:
    composed = compose(gather(annexed(report)))
    said = text_words(render(composed, "text").decode())
    tail = said[said.index("Annex") :]
    assert len(tail) > 80
    for form, words in (
        ("html", html_words(render(composed, "html").decode())),
        ("docx", docx_words(render(composed, "docx"))),
        ("pdf", reading(render(composed, "pdf")).split()),
    ):
        assert words[words.index("Annex") :] == tail, form


def test_without_promises_there_is_no_annex(report: Report) -> None:
    asked = annexed(report)
    asked.as_of = date(2023, 12, 1)  # one meeting was held, and promised nothing
    assert compose(gather(asked)).document.annexes == ()


ROWS = [
    (
        "Promised",
        "By",
        "Due",
        "State",
    ),
    (
        "Launch of the consultation on “The role of public policy in promoting multilingualization of the Internet”, October 2024-January 2025",
        "19th meeting, b)",
        "October 2024",
        "Kept: 20th meeting, a), 4 October 2024",
    ),
    (
        "Summary of “The developmental aspects to strengthen the Internet” to Council 2025",
        "20th meeting, b)",
        "Council 2025",
        "Kept. The summary was submitted as part of the Chair’s report to Council 2025.",
    ),
    (
        "Launch of the consultation on “Ensuring meaningful connectivity to the Internet for landlocked developing countries (LLDCs)”, February-September 2025",
        "21st meeting, a)",
        "February 2025",
        "To confirm",
    ),
    (
        "Summary of “The role of public policy in promoting multilingualization of the Internet” to Council 2025",
        "21st meeting, b)",
        "Council 2025",
        "Kept. The summary was submitted as part of the Chair’s report to Council 2025.",
    ),
    (
        "Summary of “Ensuring meaningful connectivity to the Internet for landlocked developing countries (LLDCs)” to Council 2026",
        "22nd meeting, a)",
        "Council 2026",
        "Open",
    ),
    (
        "The Secretariat: to contribute to this effort where it concerns the CWG-Internet Terms of Reference",
        "23rd meeting, a)",
        "",
        "Open",
    ),
    (
        "Topics for future consultations",
        "23rd meeting, b)",
        "waits for PP-26",
        "Waits for an event",
    ),
]
ANNEX = "Annex 1\tStatus of what was promised\n\n" + "\n".join("\t".join(row) for row in ROWS)
