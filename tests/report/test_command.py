"""manage.py chairs_report."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from cwg.report.models import Report


def test_it_writes_the_latest_report_to_a_file(report: Report, tmp_path: Path) -> None:
    path = tmp_path / "report.txt"
    call_command("chairs_report", "--format", "text", "--output", str(path))
    assert path.read_text().startswith("Council 2026\nGeneva, ")


def test_it_writes_to_standard_output(
    report: Report, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    call_command("chairs_report", report.slug, "--format", "pdf", "--output", "-")
    assert capfdbinary.readouterr().out.startswith(b"%PDF-")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["council-1999"], "There is no report “council-1999”."),
        (["--format", "odt"], "There is no format “odt”. There are text, html, docx, pdf, json."),
        (
            ["--output", "/nowhere/at/all.txt"],
            "The folder of /nowhere/at/all.txt does not exist; it is not created.",
        ),
        (["--output", "/proc/report.txt"], "/proc/report.txt cannot be written"),
        (["--output", "/tmp"], "/tmp cannot be written (Is a directory)."),
    ],
)
def test_it_refuses_in_one_line(report: Report, arguments: list[str], said: str) -> None:
    with pytest.raises(CommandError) as refused:
        call_command("chairs_report", *arguments)
    assert str(refused.value).startswith(said)
    assert "\n" not in str(refused.value)


@pytest.mark.django_db
def test_without_a_report_it_says_so() -> None:
    with pytest.raises(CommandError, match=r"^No report stands here yet\.$"):
        call_command("chairs_report")
