"""The Word template that an installation names."""

from __future__ import annotations

import io
from pathlib import Path

import docx
import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from pytest_django import Settings

from cwg import word_template
from cwg.report.models import Report
from meetings.models import Edition
from meetings.typesetting.docx_template import TEMPLATE, Style
from tests.report.desk import cleared, page
from tests.typesetting.file_reading import docx_words


def house_template(folder: Path) -> Path:
    """Return the shipped template with words of the house at the foot of its pages."""
    word = docx.Document(str(TEMPLATE))
    word.sections[0].footer.paragraphs[0].text = "Printed by the house"
    path = folder / "house.docx"
    word.save(str(path))
    return path


def test_a_report_is_written_on_the_template_of_the_house(
    report: Report, settings: Settings, tmp_path: Path
) -> None:
    shipped, own = tmp_path / "shipped.docx", tmp_path / "own.docx"
    call_command("chairs_report", "--format", "docx", "--output", str(shipped))
    template = house_template(tmp_path)
    settings.WORD_TEMPLATE = word_template.named("WORD_TEMPLATE", str(template))
    call_command("chairs_report", "--format", "docx", "--output", str(own))

    assert template == settings.WORD_TEMPLATE
    assert footers(own) == ["Printed by the house"]
    assert "Printed by the house" not in footers(shipped)
    assert docx_words(own.read_bytes()) == docx_words(shipped.read_bytes())


def footers(path: Path) -> list[str]:
    word = docx.Document(io.BytesIO(path.read_bytes()))
    return [paragraph.text for paragraph in word.sections[0].footer.paragraphs]


def test_a_template_that_was_broken_since_is_refused_in_one_line(
    report: Report, settings: Settings, tmp_path: Path
) -> None:
    settings.WORD_TEMPLATE = tmp_path / "house.docx"
    settings.WORD_TEMPLATE.write_text("no longer a Word document")

    with pytest.raises(CommandError, match=r"^The template “house\.docx” is no Word document"):
        call_command("chairs_report", "--format", "docx")


@pytest.fixture
def broken(report: Report, settings: Settings, tmp_path: Path) -> Report:
    """The report, whose Word template was broken since the site started."""
    settings.WORD_TEMPLATE = tmp_path / "house.docx"
    settings.WORD_TEMPLATE.write_text("no longer a Word document")
    return report


def test_everybody_is_told_that_there_is_no_word_file(
    broken: Report, client: Client, caplog: pytest.LogCaptureFixture
) -> None:
    address = broken.get_absolute_url().rstrip("/")
    answer = client.get(f"{address}.docx")
    said = answer.content.decode()
    assert answer.status_code == 503
    assert "There is no Word file just now" in said
    assert f'href="{address}.pdf"' in said
    logged = [each for each in caplog.records if each.name == "cwg.report.views"]
    assert [each.getMessage() for each in logged] == [
        f"The Word file of {address}.docx could not be written"
    ]
    assert logged[0].exc_info
    assert client.get(f"{address}.txt").status_code == 200


def test_the_secretariat_is_told_which_template_is_broken(
    broken: Report, cast: dict[str, Client]
) -> None:
    answer = cast["lead"].get(page(broken, "file", "docx"), follow=True)
    assert "The template “house.docx” is no Word document" in answer.content.decode()
    cleared(broken, cast)
    refused = cast["lead"].post(page(broken, "finalise"), {})
    assert refused.status_code == 422
    assert "The template “house.docx” is no Word document" in refused.content.decode()
    assert not Edition.objects.exists()


def test_no_name_is_the_shipped_template() -> None:
    assert word_template.named("WORD_TEMPLATE", "") is None


def test_every_style_is_explained() -> None:
    page = (Path(__file__).parents[2] / "docs" / "word-template.md").read_text()
    table = page.partition("| style |")[2].partition("\n\n")[0]
    named = [
        name.strip() for row in table.splitlines()[2:] for name in row.split("|")[1].split(",")
    ]

    assert named == [style.value for style in Style]
