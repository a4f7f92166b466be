"""What everybody reads of a report: its latest edition as it was kept; else the draft made public."""

from __future__ import annotations

from dataclasses import dataclass, replace

from django.db.models import Prefetch

from cwg.report import files
from cwg.report.compose import compose
from cwg.report.gather import gather
from cwg.report.models import Report
from meetings import editions
from meetings.models import Edition, EditionFile
from meetings.typesetting.tree import Document


@dataclass(frozen=True, slots=True)
class Reading:
    """A report as it is read: the document, and the edition it was kept as, if it was."""

    report: Report
    document: Document
    edition: Edition | None
    latest: Edition | None

    @property
    def superseded(self) -> bool:
        """Whether a later edition stands."""
        return self.edition is not None and self.edition != self.latest


def reading(report: Report, slug: str = "") -> Reading | None:
    """Return the latest edition of `report`, or the one that `slug` names; else what it says now.

    None where `slug` names an edition that was never made. Raises NoMessagesError, SlotError and
    PatternError where there is no edition and the draft cannot be written.
    """
    made = kept_editions(report)
    if not made:
        return None if slug else Reading(report, _draft(report), None, None)
    found = next((each for each in made if each.slug == slug), None) if slug else made[-1]
    if found is None:
        return None
    return Reading(report, editions.document_of(found), found, made[-1])


def _draft(report: Report) -> Document:
    """Return what a report says now, without the summaries that nobody else reads yet."""
    record = gather(report)
    annexed = tuple(each for each in record.annexed if each.public)
    return compose(replace(record, annexed=annexed)).document


def kept_editions(report: Report) -> list[Edition]:
    """Return the editions of a report in its language, the first one first.

    Their texts and the contents of their files, megabytes each, are read only where one is shown.
    """
    if report.document_id is None:
        return []
    made = Edition.objects.filter(document=report.document_id, language=report.language)
    files_in_short = Prefetch("files", EditionFile.objects.defer("content"))
    return list(made.defer("tree").prefetch_related(files_in_short).order_by("pk"))


def content(read: Reading, form: str) -> bytes:
    """Return a file of what is read: as it was kept, and made anew only for a draft."""
    if read.edition is None:
        return files.render_document(read.document, form)
    return bytes(read.edition.files.get(form=form).content)
