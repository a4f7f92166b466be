"""Load a group's record from its file."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from cwg.record.load import GroupStandsError, load
from cwg.record.reading import RecordError, read


class Command(BaseCommand):
    """Load one group's record; nothing is written where the file holds a mistake."""

    help = "Load a group's record from FILE, in the format of docs/record-format.md."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, metavar="FILE")

    def handle(self, *args: Any, **options: Any) -> None:
        file: Path = options["file"]
        try:
            data, place = read(file)
            group = load(data, place)
        except RecordError as error:
            raise CommandError(str(error)) from error
        except GroupStandsError as error:
            raise CommandError(
                f"{file}: the record of “{error}” is kept here already; nothing was changed."
            ) from error
        self.stdout.write(f"Loaded the record of {group} from {file}.")
