"""Write a group's record to standard output."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from cwg.record.dump import dump
from meetings.models import WorkingGroup


class Command(BaseCommand):
    """Write one group's record as a file that load_record reads."""

    help = "Write the record of GROUP (without it, of the only group kept here)."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("group", nargs="?", metavar="GROUP")

    def handle(self, *args: Any, **options: Any) -> None:
        slug: str | None = options["group"]
        kept = WorkingGroup.objects.filter(record_kept_here=True)
        groups = list(kept.filter(slug=slug) if slug is not None else kept)
        if slug is not None and not groups:
            raise CommandError(f"There is no group “{slug}” whose record is kept here.")
        if len(groups) != 1:
            names = ", ".join(group.slug for group in groups) or "none"
            raise CommandError(f"Name the group. The records kept here: {names}.")
        self.stdout.write(dump(groups[0]), ending="")
