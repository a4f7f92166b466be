"""What a rule finds, and what a rule is."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from meetings.severity import Severity

if TYPE_CHECKING:
    from cwg.report.checks.places import Place
    from cwg.report.checks.reading import Checked


@dataclass(frozen=True, slots=True)
class Record:
    """The record that a finding is mended in: model ("meetings.outcome"), key, field."""

    model: str
    key: str
    field: str


@dataclass(frozen=True, slots=True)
class Slip:
    """What one rule found at one place, before the rule's name is put to it.

    `about` tells it from other slips of the same rule, and stays the same while
    the text around it moves. `opens` is the record to open, where that is not
    the one printed at the place; `beside` are other words it rests on: an
    acceptance lapses when they change, as when those of the place do.
    """

    at: Place
    sentence: str
    about: str
    opens: Record | None = None
    beside: str = ""


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that a careful colleague would point out before Council does."""

    rule: str
    severity: Severity
    place: str  # the printed number: "2.2 b)"; else "cover: Purpose", "head", "signature"
    anchor: str
    sentence: str
    model: str
    key: str
    field: str
    subject: str
    words: str  # what stands at the place: an acceptance holds until it changes


MOST_OF_SUBJECT = 200
_PLAIN = str.maketrans({"\u00a0": " ", "\u202f": " "})


@dataclass(frozen=True, slots=True)
class Rule:
    """A named rule: how much its findings weigh, what it finds, and how."""

    name: str
    severity: Severity
    finds: str
    look: Callable[[Checked], Iterator[Slip]]

    def __call__(self, checked: Checked) -> Iterator[Finding]:
        """Yield what the rule finds in a report."""
        for slip in self.look(checked):
            opens = slip.opens or slip.at.record
            yield Finding(
                rule=self.name, severity=self.severity, place=slip.at.name, anchor=slip.at.anchor,
                sentence=slip.sentence.translate(_PLAIN), model=opens.model, key=opens.key, field=opens.field,
                subject=slip.about[:MOST_OF_SUBJECT],
                words="\n".join(filter(None, (slip.at.text, slip.beside))),
            )  # fmt: skip


def rule(
    name: str, severity: Severity, finds: str
) -> Callable[[Callable[[Checked], Iterator[Slip]]], Rule]:
    """Make a rule of the function below; `finds` is its line in docs/checks.md."""

    def made(look: Callable[[Checked], Iterator[Slip]]) -> Rule:
        return Rule(name, severity, finds, look)

    return made


MOST_QUOTED = 120
MOST_READ = 2000  # of a sentence that runs on without an end, its beginning and its end say enough


def quoted(words: str) -> str:
    """Return `words` in quotation marks, the middle left out where they are many."""
    if len(words) > MOST_READ:
        words = f"{words[: MOST_READ // 2]} … {words[-MOST_READ // 2 :]}"
    words = " ".join(words.replace("\u2060", "").split())
    if len(words) > MOST_QUOTED:
        first, last = words[: MOST_QUOTED - 45], words[-40:]
        words = f"{first.rpartition(' ')[0] or first} … {last.partition(' ')[2] or last}"
    return f"“{words}”"
