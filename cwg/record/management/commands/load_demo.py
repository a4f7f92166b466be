"""Load the demo record: the same act as load_record, with the project's own file."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from cwg.record.load import GroupStandsError, load
from cwg.record.reading import RecordError, read

DEMO = Path(__file__).parents[2] / "demo.yaml"


class Command(BaseCommand):
    """Load the demo record, once."""

    help = "Load the demo record. Where the group's record stands already, it is left as it is."

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            group = load(*read(DEMO))
        except GroupStandsError as error:
            self.stdout.write(f"The record of “{error}” stands here already; it is left as it is.")
        except RecordError as error:
            raise CommandError(str(error)) from error
        else:
            self.stdout.write(f"Loaded the record of {group}.")
