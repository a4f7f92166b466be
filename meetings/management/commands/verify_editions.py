"""Verify that every finalised edition is as it was."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from meetings.editions import verify
from meetings.models import Edition


class Command(BaseCommand):
    """Compare every edition, its files and its seal with their hashes."""

    help = "Verify the hashes and seals of all finalised editions; status 1 where one is broken."

    def handle(self, *args: Any, **options: Any) -> None:
        broken = list(verify())
        for each in broken:
            self.stderr.write(f"{each.edition}: {each.what}.")
        if broken:
            editions = len({each.edition for each in broken})
            raise CommandError(f"{editions} of {Edition.objects.count()} editions do not verify.")
        self.stdout.write(f"{Edition.objects.count()} editions verified.")
