"""One round whole: its data in three formats and as tables, its public files, its facts, checksums.

The data is asked of the database once, as it is sent, and kept meanwhile in a file without a name;
the other formats are written from there, so that all of them say the same. The lists with the
checksums come last, when everything before them is known.
"""

from __future__ import annotations

import hashlib
import json
import logging
import re
import tempfile
import zlib
from collections.abc import Generator, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import batched
from typing import IO, Any

from consultations import counting
from consultations.access import public_contributions
from consultations.counting import IN_WORDS, Facet, Tally
from consultations.data import columns, writing
from consultations.data.records import AT_ONCE, Record, Round, of_rounds
from consultations.filters import facet_names
from consultations.models import Attachment, Consultation, Standing
from meetings import files
from meetings.models import MemberState
from meetings.sending import Entry, zipped
from meetings.wording.messages import messages

TYPE = "application/zip"
ANSWERS = ("reference", "question", "asked", "answer")
FILES = ("reference", "name", "kind", "size", "sha256", "path", "address")
EXAMPLES = "Contributions that are examples of a demonstration are marked as such."
UNSAFE = re.compile(r'[\x00-\x1f/\\:*?"<>|]')
logger = logging.getLogger(__name__)


def name(held: Round) -> str:
    """Return what the package of a round is called: example-group-2026-03."""
    return f"{held.group}-{held.key}"


def package(row: Consultation) -> Generator[bytes]:
    """Yield the archive of a round."""
    return zipped(_Writing(row, Round.of(row)).entries())


@dataclass
class _Writing:
    """A package as it is written: what went into it, with its checksum."""

    row: Consultation
    held: Round
    sums: dict[str, str] = field(default_factory=dict)
    published: int = 0
    missing: list[str] = field(default_factory=list)

    def entries(self) -> Iterator[Entry]:
        """Yield what the archive holds, each made when the one before it was sent."""
        with tempfile.TemporaryFile() as kept:
            yield self.entry("contributions.jsonl", self.jsonl(kept))
            tally = counting.tally(self.row)
            head = facts(self.row, self.held, tally)
            yield self.entry("contributions.json", writing.as_json(head, _read(kept)))
            yield self.entry("contributions.csv", writing.as_csv(head, _read(kept)))
            yield self.entry("answers.csv", writing.table(ANSWERS, _answers(_read(kept))))
            yield self.entry("files.csv", writing.table(FILES, _files(_read(kept))))
            yield self.entry("tally.csv", writing.table(("standing", "number"), _standings(tally)))
            yield self.entry("counts.csv", writing.table(
                ("facet", "value", "name", "number"), _counts(self.row, self.held)
            ))  # fmt: skip
            yield self.entry("questions.csv", writing.table(("question", "asked"), self.held.asked))
            yield self.entry("round.json", (_json(head),))
            yield self.entry("dictionary.json", (_json(columns.dictionary()),))
            yield from self.attachments(kept)
            yield self.entry("README.txt", (self.read_me(head),))
        yield self.entry("manifest.json", (self.manifest(head),))
        sums = "".join(f"{sum_}  {path}\n" for path, sum_ in self.sums.items())
        yield Entry(f"{name(self.held)}/SHA256SUMS", (sums.encode(),), packed=True)

    def entry(self, path: str, pieces: Iterable[bytes], *, packed: bool = True) -> Entry:
        """Return an entry whose checksum is known once it was sent."""
        return Entry(f"{name(self.held)}/{path}", self.summed(path, pieces), packed=packed)

    def summed(self, path: str, pieces: Iterable[bytes]) -> Generator[bytes]:
        """Yield the pieces, and note what they come to."""
        digest = hashlib.sha256()
        for piece in pieces:
            digest.update(piece)
            yield piece
        self.sums[path] = digest.hexdigest()

    def jsonl(self, kept: IO[bytes]) -> Generator[bytes]:
        """Yield the contributions, and keep them for the other formats."""
        press = zlib.compressobj(1)
        for piece in writing.as_jsonl({}, self.counted(of_rounds({self.held.pk: self.held}))):
            kept.write(press.compress(piece))
            yield piece
        kept.write(press.flush())

    def counted(self, records: Iterable[Record]) -> Iterator[Record]:
        """Yield records, and count them."""
        for each in records:
            self.published += 1
            yield each

    def attachments(self, kept: IO[bytes]) -> Iterator[Entry]:
        """Yield the public files; each is asked for anew, so that none withheld meanwhile goes out."""
        with_files = (each for each in _read(kept) if each["files"])
        for some in batched(with_files, AT_ONCE, strict=False):
            paths = {_key(file): _place(each, file) for each in some for file in each["files"]}
            public = public_contributions().filter(
                consultation=self.row, standing=Standing.PUBLISHED,
                number__in=[each["number"] for each in some],
            )  # fmt: skip
            rows = Attachment.objects.filter(pk__in=paths, contribution__in=public, withheld_for="")
            for row in rows.order_by("contribution__number", "pk"):
                if files.stands(row.path, row.size):
                    yield self.entry(paths[row.pk], files.pieces(row.path), packed=False)
                else:
                    logger.error("The file of attachment %s is not there", row.pk)
                    self.missing.append(paths[row.pk])

    def manifest(self, head: Mapping[str, Any]) -> bytes:
        """Return the list of what the package holds."""
        return _json({
            "round": head["address"], "version": columns.VERSION, "licence": head["licence"],
            "contributions": self.published, "tally": head["tally"],
            "files": [{"path": path, "sha256": found} for path, found in self.sums.items()],
            "missing": self.missing,
        })  # fmt: skip

    def read_me(self, head: Mapping[str, Any]) -> bytes:
        """Return what a person reads first."""
        found = columns.licence()
        lines = [
            f"{self.held.title}",
            f"Open consultation of {self.held.group_name}, round {self.held.key}",
            self.held.address,
            "",
            f"Opens: {head['opens'] or 'not recorded'}",
            f"Closes: {head['closes'] or 'not recorded'}",
            head["reconciliation"],
            f"Licence: {' '.join(filter(None, (found.name, found.address))) or 'none is set'}",
            "",
            f"Published contributions, as everybody reads them on the site: {self.published}",
            "Of the others only how many they are is here, in tally.csv.",
            *([EXAMPLES] if head["examples"] else ()),
            "",
            "contributions.csv, .json, .jsonl  the contributions, three times the same",
            "answers.csv       each answer in a line of its own",
            "files.csv         the public files, which lie in the folder files",
            "tally.csv         how many contributions stand where: the sum above",
            "counts.csv        how many of the published have each question, group, region, …",
            "questions.csv     the questions",
            "round.json        the facts of the round",
            "dictionary.json   what each column means",
            "manifest.json, SHA256SUMS  checksums: sha256sum --check SHA256SUMS",
            "",
        ]  # fmt: skip
        return "\n".join(lines).encode()


def facts(row: Consultation, held: Round, tally: Tally) -> dict[str, Any]:
    """Return the facts of a round, as its data begins with them."""
    said = messages("en")
    return {
        "version": columns.VERSION,
        "licence": columns.told(columns.licence()),
        "working_group": held.group,
        "round": row.key,
        "title": held.title,
        "address": held.address,
        "opens": row.opening().words(said),
        "closes": row.deadline().words(said),
        "opens_at": row.opens_from.isoformat() if row.opens_from else None,
        "closes_at": row.closed_from.isoformat() if row.closed_from else None,
        "record_incomplete": row.record_incomplete,
        "questions": [{"question": number, "asked": asked} for number, asked in held.asked],
        "reconciliation": tally.words(),
        "tally": {"received": tally.received, **dict(_standings(tally))},
        "examples": public_contributions().filter(consultation=row, example=True).exists(),
    }


def _standings(tally: Tally) -> list[tuple[str, int]]:
    return [(standing, getattr(tally, standing)) for standing, _ in IN_WORDS]


def _counts(row: Consultation, held: Round) -> Iterator[tuple[str, str, str, int]]:
    counted = counting.published_by(row)
    states = MemberState.objects.filter(iso__in=counted[Facet.COUNTRY])
    names = facet_names(counted, held.labels, states)
    for facet in Facet:
        for value, called in names[facet].items():
            if counted[facet].get(value):
                label = called if facet == Facet.QUESTION else value
                yield facet.value, label, called, counted[facet][value]


def _answers(records: Iterable[Record]) -> Iterator[tuple[str, str, str, str]]:
    for each in records:
        for said in each["answers"]:
            yield each["reference"], said["question"], said["asked"], said["text"]


def _files(records: Iterable[Record]) -> Iterator[tuple[Any, ...]]:
    for each in records:
        for file in each["files"]:
            told = [file[key] for key in ("name", "kind", "size", "sha256")]
            yield each["reference"], *told, _place(each, file), file["address"]


def _key(file: Mapping[str, Any]) -> int:
    """Return the key of a file, with which its address ends."""
    return int(file["address"].rstrip("/").rpartition("/")[2])


def _place(record: Record, file: Mapping[str, Any]) -> str:
    """Return where a file lies in the package: its key tells two of one name apart."""
    return f"files/{record['number']}/{_key(file)}-{UNSAFE.sub('_', file['name'])}"


def _read(kept: IO[bytes]) -> Iterator[Record]:
    """Yield what was kept, from its beginning."""
    kept.seek(0)
    unpress, rest = zlib.decompressobj(), b""
    while piece := kept.read(files.PIECE):
        *lines, rest = (rest + unpress.decompress(piece)).split(b"\n")
        yield from map(json.loads, lines)


def _json(value: Any) -> bytes:
    return f"{json.dumps(value, ensure_ascii=False, indent=1)}\n".encode("utf-8", "replace")
