"""Write a Chair's report."""

import sys
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from cwg.report import files
from cwg.report.compose import compose
from cwg.report.gather import gather
from cwg.report.models import Report
from meetings.typesetting.docx import TemplateError
from meetings.wording.messages import NoMessagesError
from meetings.wording.patterns import PatternError
from meetings.wording.slots import SlotError


class Command(BaseCommand):
    """Write one report in one format."""

    help = "Write the Chair's report SLUG (or GROUP/SLUG); without it, the latest one."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("slug", nargs="?", metavar="SLUG")
        parser.add_argument("--format", default="text", help=", ".join(files.ENDINGS))
        parser.add_argument("--output", default="-", metavar="PATH", help="- is standard output")

    def handle(self, *args: Any, **options: Any) -> None:
        form, output = options["format"], options["output"]
        if form not in files.ENDINGS:
            raise CommandError(
                f"There is no format “{form}”. There are {', '.join(files.ENDINGS)}."
            )
        report = _report(options["slug"])
        path = Path(output)
        if output != "-" and not path.parent.is_dir():
            raise CommandError(f"The folder of {output} does not exist; it is not created.")
        try:
            composed = compose(gather(report))
        except (NoMessagesError, SlotError, PatternError) as error:
            raise CommandError(f"{report}: {error}") from error
        try:
            content = files.render(composed, form)
        except TemplateError as error:
            raise CommandError(str(error)) from error
        if output == "-":
            sys.stdout.buffer.write(content)
            sys.stdout.buffer.flush()
            return
        try:
            path.write_bytes(content)
        except OSError as error:
            raise CommandError(f"{output} cannot be written ({error.strerror}).") from error
        self.stderr.write(f"Wrote {output}.")


def _report(slug: str | None) -> Report:
    reports = Report.objects.select_related("session", "type", "signed_by__country", "group")
    if slug is None:
        latest = reports.order_by("-as_of", "-pk").first()
        if latest is None:
            raise CommandError("No report stands here yet.")
        return latest
    group, _, name = slug.rpartition("/")
    found = list(reports.filter(slug=name, **({"group__slug": group} if group else {})))
    if not found:
        raise CommandError(f"There is no report “{slug}”.")
    if len(found) > 1:
        names = ", ".join(f"{report.group.slug}/{report.slug}" for report in found)
        raise CommandError(f"Several reports have that name: {names}.")
    return found[0]
