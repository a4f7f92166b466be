"""Write the index: entries put and removed, and seen by searches once they are committed."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import Self

import tantivy

from meetings.finding import engine, shelf
from meetings.finding.engine import guarded
from meetings.finding.entry import Entry
from meetings.finding.usual import Usual

# What the engine's own threads hold before they write a part of the index: few changes need little
HEAP = 60_000_000
HEAP_FOR_ALL = 400_000_000
READ_AT_ONCE = 10_000


class Writer:
    """What writes into the index in one folder; the caller is the only writer (`shelf.writing`).

    The `usual` words of a new index are those that stand in very many entries (`usual_words`).
    """

    def __init__(
        self, folder: Path, *, new: bool = False, usual: frozenset[str] = frozenset()
    ) -> None:
        path = folder / "index"
        if new:
            shelf.keep_usual(folder, usual)
        self._usual = Usual(shelf.usual(folder))
        with guarded():
            self._index = engine.make(path) if new else tantivy.Index.open(str(path))
            self._writer = self._index.writer(
                heap_size=HEAP_FOR_ALL if new else HEAP, num_threads=2 if new else 1
            )

    def put(self, entry: Entry) -> None:
        """Put an entry in the place of the one with its key."""
        self.remove(entry.key)
        self._writer.add_document(engine.document(entry, self._usual))

    def add(self, entry: Entry) -> None:
        """Put an entry of which there is none yet."""
        self._writer.add_document(engine.document(entry, self._usual))

    def remove(self, key: str) -> None:
        """Take the entry of a key away, if there is one."""
        self._writer.delete_documents_by_term("key", key)

    def commit(self) -> None:
        """Keep what was put and removed; from here on it is found."""
        with guarded():
            self._writer.commit()

    def close(self) -> None:
        """End in order: parts that are joined just now are joined first."""
        with guarded():
            self._writer.wait_merging_threads()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        self.close()


def versions(folder: Path) -> Iterator[tuple[str, str]]:
    """Yield the key and version of every entry, for comparing with the database."""
    with guarded():
        searcher = tantivy.Index.open(str(folder / "index")).searcher()
    everything, offset = tantivy.Query.all_query(), 0
    while True:
        with guarded():
            found = searcher.search(everything, READ_AT_ONCE, count=False, offset=offset)
            read = [searcher.doc(address) for _, address in found.hits]
        for document in read:
            yield str(document.get_first("key")), str(document.get_first("version"))
        if len(read) < READ_AT_ONCE:
            return
        offset += READ_AT_ONCE
