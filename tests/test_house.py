"""The rules of the house that no other tool holds."""

from __future__ import annotations

import ast
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml
from django.apps import apps
from django.conf import settings
from django.db import models

ROOT = Path(__file__).parent.parent
ROOMS = ("meetings", "consultations", "cwg")  # from the ground to the roof
LANGUAGES = {"en", "fr", "es", "ru", "ar", "zh"}
NO_SUBJECT = {"utils", "util", "helpers", "helper", "common", "core", "mixins", "misc"}


def sources(*rooms: str) -> Iterator[Path]:
    """Yield the Python files of `rooms`, migrations left out."""
    for room in rooms:
        yield from (p for p in (ROOT / room).rglob("*.py") if "migrations" not in p.parts)


def tracked() -> list[str]:
    """Give the files git knows or would take."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    return [name for name in listed.splitlines() if (ROOT / name).is_file()]


# Settings


def test_every_setting_stands_in_the_documented_table() -> None:
    page = (ROOT / "docs" / "settings.md").read_text().split("\n## For `make`")[0]
    documented = re.findall(r"^\| `(\w+)`", page, re.MULTILINE)
    assert sorted(documented) == sorted(set(documented))
    assert set(documented) == settings.ENVIRONMENT.asked


# Arrows


def room_of(model: type[models.Model]) -> str:
    return model.__module__.partition(".")[0]


def accessors_from_above() -> dict[tuple[str, str], str]:
    """Give (room, accessor) for each accessor that a higher room puts on a model of `room`."""
    found = {}
    for model in apps.get_models():
        if (room := room_of(model)) not in ROOMS:
            continue
        for relation in model._meta.related_objects:
            above = room_of(relation.related_model)
            # related_name="+" makes none, or, of many to many, one that nobody can write
            name = relation.get_accessor_name() or "+"
            if name.endswith("+") or above not in ROOMS:
                continue
            if ROOMS.index(above) > ROOMS.index(room):
                found[room, name] = str(relation.field)
    return found


def test_typesetting_knows_nothing_of_the_project_and_nothing_of_django() -> None:
    """The linter's contract names rooms; a module added beside typesetting is held here."""
    for path in (ROOT / "meetings" / "typesetting").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.ImportFrom):
                # one dot is typesetting itself; two would leave it
                names = [] if node.level == 1 else ["." * node.level + (node.module or "")]
            elif isinstance(node, ast.Import):
                names = [alias.name for alias in node.names]
            else:
                continue
            for name in names:
                assert name.startswith("meetings.typesetting") or (
                    name.partition(".")[0] not in {*ROOMS, "django", ""}
                ), f"{path}: {name}"


def test_a_higher_room_puts_no_accessor_on_a_lower_rooms_model() -> None:
    assert accessors_from_above() == {}


def test_templates_stand_in_the_folder_of_their_room() -> None:
    """A template that shows a room's models in a folder of its own can be held to the arrows."""
    shared = {"admin", "account", "allauth", "mfa"}
    folders = {path.name for path in (ROOT / "templates").iterdir() if path.is_dir()}
    rooms = {"meetings", "consultations", *(p.name for p in (ROOT / "cwg").iterdir() if p.is_dir())}
    assert folders <= shared | rooms


# Names


def test_every_module_is_named_after_its_subject() -> None:
    names = {path: path.stem for path in sources(*ROOMS)}
    names |= {path.parent: path.parent.name for path in names}
    assert [path for path, name in names.items() if name in NO_SUBJECT] == []


def late_imports(path: Path) -> Iterator[str]:
    """Yield the project's imports inside functions, those of AppConfig.ready left out."""
    for function in ast.walk(ast.parse(path.read_text())):
        if not isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef):
            continue
        if path.name == "apps.py" and function.name == "ready":
            continue
        for node in ast.walk(function):
            if isinstance(node, ast.ImportFrom):
                names = [node.module or "."]
            elif isinstance(node, ast.Import):
                names = [alias.name for alias in node.names]
            else:
                continue
            for name in names:
                if name.partition(".")[0] in {*ROOMS, ""}:
                    yield f"{path.relative_to(ROOT)}:{node.lineno}: {name}"


def test_no_import_of_the_project_hides_in_a_function() -> None:
    assert [line for path in sources(*ROOMS) for line in late_imports(path)] == []


# The demo record is data


def own_words(record: object) -> Iterator[str]:
    """Yield the texts of a record file that are in a language: what a group prints of its own."""
    if isinstance(record, dict):
        for key, value in record.items():
            if isinstance(value, str) and key in LANGUAGES:
                yield value
            else:
                yield from own_words(value)
    elif isinstance(record, list):
        for value in record:
            yield from own_words(value)


def names_of_the_demo_group() -> set[str]:
    """Give the names, titles and acronyms that only the demo record may hold."""
    record = yaml.safe_load((ROOT / "cwg" / "record" / "demo.yaml").read_text())
    words = {
        text
        for part in ("group", "topics", "instruments", "meetings", "consultations", "reports")
        for text in own_words(record[part])
        # A single everyday word ("Chair", "his") is no name; one with a capital inside or a sign is.
        if len(text.split()) > 2 or re.search(r"\w-\w|[A-Z].*[A-Z]", text)
    }
    words |= {
        word
        for officer in record["group"]["officers"]
        for name in own_words(officer["name"])
        for word in name.split()
    }
    return {word for word in words if "{{" not in word}


def test_the_demo_record_has_names_to_look_for() -> None:
    assert len(names_of_the_demo_group()) > 10


def test_no_code_and_no_template_holds_the_demo_groups_names() -> None:
    names = names_of_the_demo_group()
    places = [
        path
        for path in tracked()
        if path.endswith((".py", ".html", ".txt", ".toml"))
        and not path.startswith(("tests/", "docs/", "benchmarks/"))
        and path != "pyproject.toml"
    ]
    found = {(path, name) for path in places for name in names if name in (ROOT / path).read_text()}
    assert found == set()


# Locks


def test_every_lock_lets_rows_be_added_that_name_the_locked_one() -> None:
    """FOR NO KEY UPDATE everywhere: what only names a row, by its key, need not wait for it."""
    locks = {
        (str(path.relative_to(ROOT)), call.lineno): {each.arg for each in call.keywords}
        for path in sources(*ROOMS)
        for call in ast.walk(ast.parse(path.read_text()))
        if isinstance(call, ast.Call) and getattr(call.func, "attr", "") == "select_for_update"
    }
    assert len(locks) > 8
    assert [place for place, said in locks.items() if "no_key" not in said] == []


# Files


@pytest.mark.parametrize("ending", [".html", ".css", ".js"])
def test_nothing_is_written_into_a_page(ending: str) -> None:
    """The content security policy refuses inline scripts, styles and handlers; none is written."""
    inline = re.compile(r"<script(?![^>]*(\bsrc=|application/json))|<style|\sstyle=|\son[a-z]+=")
    pages = [path for path in tracked() if path.endswith(ending) and path.startswith("templates/")]
    assert [path for path in pages if inline.search((ROOT / path).read_text())] == []


def test_the_public_style_sheets_are_small() -> None:
    """All that a public page asks for: the site's own, and that of an official document."""
    site = ROOT / "static" / "css" / "site.css"
    document = ROOT / "meetings" / "typesetting" / "static" / "document.css"
    assert len(site.read_bytes()) + len(document.read_bytes()) < 20_000
