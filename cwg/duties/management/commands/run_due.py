"""Do whatever time has made due."""

from __future__ import annotations

import logging
import os
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import close_old_connections
from django.utils import timezone

from cwg.duties import ending
from cwg.duties.registry import DUTIES

logger = logging.getLogger(__name__)


class Command(BaseCommand):
    """Work off every duty, once or again and again."""

    help = (
        "Do whatever time has made due: send mails, forget what is to be forgotten. It may be run again, "
        "by two at once, and be killed."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--every", type=float, metavar="SECONDS",
            help="go on, with this pause, until asked to end or the program that began it is gone",
        )  # fmt: skip
        parser.add_argument(
            "--dry-run", action="store_true", help="only say how much is due, and do nothing"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        every: float | None = options["every"]
        if every is not None and not 0 < every <= 24 * 60 * 60:
            raise CommandError(
                f"--every takes seconds, more than 0 and at most a day, not {every:g}."
            )
        if options["dry_run"]:
            at = timezone.now()
            for duty in DUTIES:
                self.stdout.write(f"{duty.count(at)} {duty.words}, if this were no dry run")
            return
        ending.listen()
        if every is None:
            if failed := self._once():
                raise CommandError(f"Not done, see above: {', '.join(failed)}.")
            return
        begun_by = os.getppid()
        # whoever began it was killed: nobody is left to end it
        while ending.going_on() and os.getppid() == begun_by:
            close_old_connections()
            self._once()
            close_old_connections()
            ending.wait(every)

    def _once(self) -> list[str]:
        """Work off every duty; return the words of those that failed: they hold up no other."""
        failed = []
        for duty in DUTIES:
            if not ending.going_on():
                break
            try:
                done = duty.do(timezone.now())
            except Exception:
                logger.exception("Duty failed: %s", duty.words)
                failed.append(duty.words)
                continue
            if done:
                self.stdout.write(f"{done} {duty.words}")
                self.stdout.flush()
        return failed
