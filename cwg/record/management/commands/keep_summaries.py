"""Keep the editions of summaries that a record file brought: the file says that they are final."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from consultations.summary import finalising
from consultations.summary.citing import CitingError


class Command(BaseCommand):
    """Make what a record file does not hold: the edition of each final summary, with its files."""

    help = (
        "Keep every final summary that was loaded from a record file as an edition with its files, "
        "as it reads now. One that has an edition is left as it is."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            made = finalising.keep_loaded()
        except CitingError as error:
            raise CommandError(f"A summary cannot be read, so nothing was kept: {error}") from error
        for each in made:
            self.stdout.write(f"Kept {each} with its files.")
        if not made:
            self.stdout.write("Every final summary has its edition already.")
