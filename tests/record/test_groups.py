"""Records of other groups and other years: what they load, print, and dump.

The text beside each record was written by hand, from what such a group prints.
"""

from __future__ import annotations

from io import StringIO
from pathlib import Path

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import connection
from django.test import Client

from cwg.report.compose import compose
from cwg.report.files import render
from cwg.report.gather import gather
from cwg.report.models import Report
from meetings.models import Edition, EditionFile, MemberState, Region
from tests.typesetting.file_reading import docx_words, html_words, text_words
from tests.typesetting.pdf_reading import reading

GROUPS = Path(__file__).with_name("groups")
FILES = sorted(GROUPS.glob("*.yaml"))


def folded(text: str) -> str:
    return text.replace("\u00a0", " ").replace("\u2011", "-")


def load(file: Path) -> Report:
    call_command("load_record", str(file), stdout=StringIO())
    return Report.objects.select_related("session", "type", "signed_by__country").earliest("as_of")


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_a_group_prints_what_it_printed(db: None, file: Path) -> None:
    composed = compose(gather(load(file)))
    printed = folded(render(composed, "text").decode())
    assert printed == file.with_suffix(".txt").read_text(encoding="utf-8")
    words = text_words(printed)
    assert folded(" ".join(html_words(render(composed, "html").decode()))).split() == words
    assert folded(" ".join(docx_words(render(composed, "docx")))).split() == words
    assert folded(reading(render(composed, "pdf"))).split() == words


def dumped() -> str:
    out = StringIO()
    call_command("dump_record", stdout=out)
    return out.getvalue()


def empty() -> None:
    """Leave nothing of any record; what migrate brings stays. The keys are checked at the end."""
    for app in ("report", "consultations", "meetings"):
        for model in apps.get_app_config(app).get_models(include_auto_created=True):
            # An edition is never removed; none stands here
            if model not in {Region, MemberState, Edition, EditionFile}:
                model._base_manager.all()._raw_delete(connection.alias)


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_what_was_dumped_loads_and_dumps_the_same(db: None, file: Path, tmp_path: Path) -> None:
    first = folded(render(compose(gather(load(file))), "text").decode())
    dump, copy = dumped(), tmp_path / "copy.yaml"
    copy.write_text(dump, encoding="utf-8")
    empty()
    again = folded(render(compose(gather(load(copy))), "text").decode())
    assert again == first
    assert dumped() == dump


def test_a_text_without_revision_has_its_page(db: None, client: Client) -> None:
    load(GROUPS / "eg-itrs-2022.yaml")
    said = client.get("/instruments/unga-70-125/").content.decode()
    assert ">As adopted</h2>" in said
