"""The summary of a round as everybody reads it: its latest published edition, earlier ones, the files."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.safestring import mark_safe
from django.views.decorators.http import require_safe

from consultations import announcing
from consultations.access import public_consultations
from consultations.models import Consultation, Summary
from consultations.summary import published, states
from cwg.frame import group_or_404
from cwg.report import files
from meetings import editions
from meetings.frame import frame
from meetings.models import Edition
from meetings.same_for_all import same_for_all
from meetings.typesetting.html import render_fragment
from meetings.typesetting.tree import plain


@dataclass(frozen=True, slots=True)
class Read:
    """A published summary as it is read: one of its editions, and all of them."""

    summary: Summary
    edition: Edition
    made: list[Edition]

    @property
    def latest(self) -> Edition:
        """Return the edition that stands now."""
        return self.made[-1]

    @property
    def superseded(self) -> bool:
        """Say whether a later edition stands."""
        return self.edition != self.latest


@require_safe
@same_for_all
def summary(request: HttpRequest, slug: str, round_slug: str, edition: str = "") -> HttpResponse:
    """Show the summary of a round, its latest edition or the one asked for."""
    read = _read(slug, round_slug, edition)
    consultation = read.summary.consultation
    document = editions.document_of(read.edition)
    # The renderer escapes every word of the record.
    article = mark_safe(render_fragment(document, heading_level=2))  # noqa: S308
    context = {
        **frame(consultation.group), "consultation": consultation, "read": read,
        "topic": announcing.title(consultation), "article": article,
        "contents": [
            (plain(each.heading), each.anchor) for each in document.sections if each.heading
        ] + [
            (f"{plain(each.label)}: {plain(each.heading)}", each.anchor)
            for each in document.annexes
        ],
    }  # fmt: skip
    return render(request, "pages/summary_read.html", context)


@require_safe
@same_for_all
def summary_file(
    request: HttpRequest, slug: str, round_slug: str, ending: str, edition: str = ""
) -> HttpResponse:
    """Send a file of a published summary, as it was kept."""
    read = _read(slug, round_slug, edition)
    form = files.FORMS[ending]
    kept = read.edition.files.filter(form=form).first()
    if kept is None:
        raise Http404
    name = "-".join(filter(None, [slug, round_slug, "summary", edition]))
    return files.answer(bytes(kept.content), form, name)


def of(consultation: Consultation) -> tuple[str, Edition] | None:
    """Return the address of a round's summary and its latest edition; None where none is public."""
    found = states.of(consultation)
    made = published.editions_of(found) if found is not None else []
    return (published.address(found), made[-1]) if found is not None and made else None


def _read(slug: str, round_slug: str, edition: str) -> Read:
    """Return a published summary; what is not answers like what does not exist. Raises Http404."""
    public = public_consultations().filter(group=group_or_404(slug), slug=round_slug).first()
    found = states.of(public) if public is not None else None
    made = published.editions_of(found) if found is not None else []
    asked = [each for each in made if each.slug == edition] if edition else made[-1:]
    if found is None or not asked:
        raise Http404
    return Read(found, asked[0], made)
