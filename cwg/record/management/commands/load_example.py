"""Load the example group of the demonstration, with a round that is open."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone
from django.utils.dateparse import parse_date

from cwg.record.example import example
from cwg.record.load import GroupStandsError, load
from cwg.record.reading import RecordError


class Command(BaseCommand):
    """Load the example group, once."""

    help = (
        "Load a second group, an example, with a round that opened a week ago. Where it stands "
        "already, it is left as it is."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--day", metavar="DAY", help="as if it were DAY, such as 2026-03-09")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            day = parse_date(options["day"]) if options["day"] else timezone.localdate()
        except ValueError:
            day = None
        if day is None:
            raise CommandError(f"“{options['day']}” is no day. Write it as 2026-03-09.")
        try:
            group = load(*example(day))
        except GroupStandsError as error:
            self.stdout.write(f"The record of “{error}” stands here already; it is left as it is.")
        except RecordError as error:
            raise CommandError(str(error)) from error
        else:
            self.stdout.write(f"Loaded the record of {group}, an example.")
