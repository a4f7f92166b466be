"""Build the search index of this machine anew, or say whether it equals the database."""

from __future__ import annotations

import time
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from cwg.duties import ending
from cwg.indexing import following
from cwg.indexing.beside import BesideError
from meetings.finding import BrokenIndexError, shelf


class Command(BaseCommand):
    """Build anew while the old one serves; or compare."""

    help = (
        "Build the search index of this machine anew; the old one serves meanwhile. With --check only "
        "say whether the index equals the database."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--check", action="store_true", help="compare, and build nothing")

    def handle(self, *args: Any, **options: Any) -> None:
        ending.listen()
        with shelf.writing(wait=True):
            if options["check"]:
                self._check()
            else:
                self._build()

    def _build(self) -> None:
        begun = time.monotonic()
        try:
            number = following.build(ending.going_on)
        except following.EndedError:
            raise CommandError("Asked to end: the index that stood before serves on.") from None
        except BesideError as error:
            raise CommandError(f"{error} The index that stood before serves on.") from None
        self.stdout.write(f"{number} entries indexed in {time.monotonic() - begun:.0f} s.")

    def _check(self) -> None:
        folder = shelf.current()
        if folder is None:
            raise CommandError("There is no index here: run_due builds it, or reindex.")
        try:
            following.follow_beside()
            found = following.difference(folder)
        except BrokenIndexError as error:
            shelf.give_up(folder)
            raise CommandError(f"The index is broken and will be built anew: {error}") from None
        except BesideError as error:
            raise CommandError(f"{error} Not all was compared.") from None
        if found:
            raise CommandError(
                f"The index differs from the database: {found.missing} entries missing, "
                f"{found.left_over} left over, {found.changed} changed."
            )
        self.stdout.write(f"The index equals the database: {found.entries} entries.")
