"""Read a record file: YAML, of which only plain mappings, lists and scalars are taken."""

from __future__ import annotations

import json
import re
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from jsonschema import Draft202012Validator, FormatChecker
from jsonschema.exceptions import ValidationError as SchemaError
from yaml.reader import ReaderError

type Path_ = tuple[str | int, ...]

SCHEMA = Path(__file__).with_name("record.schema.json")
MOST_BYTES = 64 * 1024 * 1024
DEEPEST = 40  # an agenda or a question has few levels; a file that has more is no record
MOST_SAID = 600  # characters of a message

# What a place in the file is expected to hold, in words, by the pattern of the schema
EXPECTED = {
    "key": "a short key of letters, figures and hyphens",
    "day": "a day such as 2024-10-04",
    "month": "a month such as 2024-10",
    "instant": "an instant such as 2025-01-13T23:59+01:00",
    "moment": "an instant, a day or a month: 2025-01-13T23:59+01:00, 2025-01-13 or 2025-01",
    "instant_or_day": "an instant or a day: 2025-01-13T23:59+01:00 or 2025-01-13",
    "outcome_reference": "an outcome such as 19/b",
    "question_reference": "a question such as 2 or 2.1",
    "meeting_reference": "a meeting such as 19 or oc-3",
    "text": "a text by language such as {en: Poland}",
}


class RecordError(Exception):
    """A record that cannot be loaded: names the file, the place, and what was expected."""

    def __init__(self, file: str, place: str, problem: str, line: int | None = None) -> None:
        at = f"{file}:{line}" if line else file
        said = f"{place}: {problem}" if place else problem
        super().__init__(f"{at}: {_on_one_line(said)}")


def _on_one_line(text: str) -> str:
    """Return a message that a terminal prints on one line, whatever it quotes from the file."""
    text = "".join(
        letter if letter.isprintable() else " " if letter.isspace() else f"U+{ord(letter):04X}"
        for letter in text
    )
    return text if len(text) <= MOST_SAID else f"{text[:MOST_SAID]}…"


class RecordLoader(yaml.SafeLoader):
    """YAML with text, whole numbers, true and false: "NO" and 2024-10 stay what was typed."""


RecordLoader.yaml_implicit_resolvers = {}
for _tag, _pattern, _first in (
    ("tag:yaml.org,2002:bool", r"^(?:true|false)$", "tf"),
    ("tag:yaml.org,2002:int", r"^(?:0|[1-9][0-9]*)$", "0123456789"),
):
    RecordLoader.add_implicit_resolver(_tag, re.compile(_pattern), list(_first))


class Place:
    """Where each value of a file stands, so that an error can name its line."""

    def __init__(self, file: str, root: yaml.Node | None) -> None:
        self.file = file
        self.root = root

    def error(self, path: Path_, problem: str) -> RecordError:
        """Return an error at `path`."""
        return RecordError(self.file, said(path), problem, self._line(path))

    def _line(self, path: Path_) -> int | None:
        node, line = self.root, None
        for step in path:
            if isinstance(node, yaml.SequenceNode) and isinstance(step, int):
                node = node.value[step] if step < len(node.value) else None
            elif isinstance(node, yaml.MappingNode):
                pairs = {key.value: (key, value) for key, value in node.value}
                key, node = pairs.get(step, (None, None))
                line = key.start_mark.line + 1 if key is not None else line
            else:
                break
            if node is not None and isinstance(step, int):
                line = node.start_mark.line + 1
        return line


def said(path: Path_) -> str:
    """Return a path as people read it: meetings[2].outcomes[0].window (counted from 1)."""
    text = ""
    for step in path:
        text += f"[{step + 1}]" if isinstance(step, int) else f".{step}" if text else step
    return text


@cache
def _validator() -> Draft202012Validator:
    schema = json.loads(SCHEMA.read_text(encoding="utf-8"))
    return Draft202012Validator(schema, format_checker=FormatChecker())


def read(file: Path) -> tuple[dict[str, Any], Place]:
    """Return the data of a record file, checked against the schema, and where it stands.

    Raises RecordError.
    """
    name = str(file)
    try:
        if file.stat().st_size > MOST_BYTES:
            raise RecordError(name, "", "the file is larger than 64 MB")
        text = file.read_text(encoding="utf-8")
    except OSError as error:
        raise RecordError(name, "", f"cannot be read ({error.strerror})") from error
    except UnicodeDecodeError as error:
        raise RecordError(name, "", "is not a text in UTF-8") from error
    node, data = _parsed(name, text)
    place = Place(name, node)
    for problem in sorted(
        _validator().iter_errors(data), key=lambda found: list(map(str, found.path))
    ):
        raise place.error(tuple(problem.absolute_path), _in_words(problem))
    assert isinstance(data, dict)
    return data, place


def _parsed(name: str, text: str) -> tuple[yaml.Node | None, Any]:
    """Return the nodes of a text and what they say; raises RecordError."""
    loader: RecordLoader | None = None
    try:
        loader = RecordLoader(text)
        node = loader.get_single_node()
        _refuse_doubles(name, node)
        return node, loader.construct_document(node) if node is not None else None
    except ReaderError as error:
        line = text.count("\n", 0, error.position) + 1
        problem = f"U+{ord(text[error.position]):04X} is not allowed in a record"
        raise RecordError(name, "", problem, line) from error
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        problem = getattr(error, "problem", None) or "this is no YAML"
        raise RecordError(name, "", str(problem), mark.line + 1 if mark else None) from error
    except (RecursionError, ValueError, LookupError, AttributeError) as error:
        # the last two: a value that does not fit the tag typed before it (!!bool x)
        raise RecordError(name, "", "this is no record file") from error
    finally:
        if loader is not None:
            loader.dispose()


def _refuse_doubles(name: str, node: yaml.Node | None) -> None:
    """Refuse a key that stands twice, and a part of the file that is used twice by reference."""
    seen: set[int] = set()
    waiting = [(node, 0)] if node is not None else []
    while waiting:
        current, depth = waiting.pop()
        if depth > DEEPEST:
            line = current.start_mark.line + 1
            raise RecordError(name, "", f"more than {DEEPEST} levels below each other", line)
        if id(current) in seen:
            line = current.start_mark.line + 1
            raise RecordError(name, "", "anchors and aliases are not used in a record", line)
        seen.add(id(current))
        if isinstance(current, yaml.MappingNode):
            keys: set[str] = set()
            for key, value in current.value:
                line = key.start_mark.line + 1
                if not isinstance(key, yaml.ScalarNode):
                    raise RecordError(name, "", "expected a word before the colon", line)
                if key.value in keys:
                    raise RecordError(name, "", f"“{key.value}” stands twice here", line)
                keys.add(key.value)
                waiting.append((value, depth + 1))
        elif isinstance(current, yaml.SequenceNode):
            waiting.extend((value, depth + 1) for value in current.value)


def _in_words(error: SchemaError) -> str:
    """Return what was expected and what was found."""
    found = json.dumps(error.instance, ensure_ascii=False, default=str)
    found = found if len(found) <= 60 else f"{found[:57]}…"
    instance: Any = error.instance
    allowed: Any = error.validator_value
    if error.validator == "additionalProperties":
        known = error.schema.get("properties", {}) if isinstance(error.schema, dict) else {}
        unknown = [key for key in instance if key not in known]
        return f"“{unknown[0]}” is not known here; expected one of {', '.join(sorted(known))}"
    if error.validator == "required":
        return f"expected {error.message.split(' is a required')[0]}, which is missing"
    if error.validator == "enum":
        return f"expected one of {', '.join(map(str, allowed))}; found {found}"
    for step in reversed(list(error.absolute_schema_path)):
        if step in EXPECTED:
            return f"expected {EXPECTED[str(step)]}; found {found}"
    for name, words in EXPECTED.items():
        if isinstance(error.schema, dict) and error.schema is not None:
            definition = _validator().schema["$defs"].get(name)  # type: ignore[index]
            if definition == error.schema:
                return f"expected {words}; found {found}"
    kinds = {"object": "a mapping", "array": "a list", "string": "a text", "integer": "a whole number",
             "boolean": "true or false"}  # fmt: skip
    if error.validator == "type":
        return f"expected {kinds.get(str(error.validator_value), error.validator_value)}; found {found}"
    if error.validator == "const":
        return f"expected {error.validator_value}; found {found}"
    return f"{error.message}"


def day(place: Place, path: Path_, text: str) -> date:
    """Return a day; raises RecordError for one that no calendar has."""
    try:
        return date.fromisoformat(text if len(text) == len("2024-10-04") else f"{text}-01")
    except ValueError as error:
        raise place.error(path, f"there is no such day: {text}") from error
