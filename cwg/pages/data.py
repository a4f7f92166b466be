"""Published contributions as data: of a round, the package of a round, the dictionary."""

from __future__ import annotations

import hashlib
from collections.abc import Generator, Mapping
from typing import Any

from django.http import (
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponsePermanentRedirect,
    JsonResponse,
)
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from consultations import counting
from consultations.access import once_at, public_consultations
from consultations.data import columns, package, records, writing
from consultations.data.records import Round
from consultations.models import Consultation, StakeholderGroup
from cwg.frame import group_or_404
from cwg.fresh.memory import edition
from meetings import sending
from meetings.languages import LANGUAGES
from meetings.same_for_all import same_for_all
from meetings.site_address import absolute


@require_safe
def of_round(request: HttpRequest, slug: str, round_slug: str, form: str) -> HttpResponseBase:
    """Send the published contributions to a round as a table, as JSON or as JSON Lines."""
    if form not in writing.FORMATS:
        raise Http404
    found = _round(slug, round_slug)
    if isinstance(found, str):
        return HttpResponsePermanentRedirect(reverse("pages:round_data", args=[slug, found, form]))
    held = Round.of(found)
    head = package.facts(found, held, counting.tally(found))
    return sent(request, form, head, records.of_rounds({held.pk: held}), package.name(held))


@require_safe
def round_package(request: HttpRequest, slug: str, round_slug: str) -> HttpResponseBase:
    """Send a round whole: data, public files, facts, checksums."""
    found = _round(slug, round_slug)
    if isinstance(found, str):
        return HttpResponsePermanentRedirect(reverse("pages:round_package", args=[slug, found]))
    return streamed(
        request, package.package(found), package.TYPE, f"{package.name(Round.of(found))}.zip"
    )


def _round(slug: str, round_slug: str) -> Consultation | str:
    """Return a public round, or the address that it has now. Raises Http404."""
    group = group_or_404(slug)
    public = public_consultations().filter(group=group).select_related("group")
    with_all = public.prefetch_related(
        "group__names", "questions", "consultation_topics__topic", "extensions"
    )
    found = with_all.filter(slug=round_slug).first()
    if found is not None:
        return found
    moved = once_at(group, round_slug)
    if moved is None:
        raise Http404
    return str(moved.slug)


def sent(
    request: HttpRequest, form: str, head: Mapping[str, Any], read: Any, name: str
) -> HttpResponseBase:
    """Send records in a format, led by a head where it has a place for one."""
    answer = streamed(
        request, writing.FORMATS[form](head, read), writing.TYPES[form], f"{name}.{form}"
    )
    links = [f'<{absolute(reverse("pages:dictionary_file"))}>; rel="describedby"']
    if address := columns.licence().address:
        links.append(f'<{address}>; rel="license"')
    answer["Link"] = ", ".join(links)
    return answer


def streamed(
    request: HttpRequest, pieces: Generator[bytes], kind: str, name: str
) -> HttpResponseBase:
    """Send a long answer, one of so many at a time, to be saved under a name.

    It has a weak tag, the edition of the record it was made of: whoever has it asks before loading
    it again.
    """
    now = edition(timezone.now())
    made_of = (now.stamp, now.index, columns.VERSION, columns.licence())
    tag = f'W/"{hashlib.sha256(repr(made_of).encode()).hexdigest()[:32]}"'
    return sending.sent(request, pieces, kind, name, tag)


@require_safe
@same_for_all
def dictionary(request: HttpRequest) -> HttpResponse:
    """Show what the columns of the data mean, and under which licence it is given."""
    context = {
        "columns": columns.COLUMNS, "licence": columns.licence(), "formulas": columns.FORMULAS,
        "version": columns.VERSION, "groups": StakeholderGroup.choices, "languages": LANGUAGES.items(),
    }  # fmt: skip
    return render(request, "pages/dictionary.html", context)


@require_safe
@same_for_all
def dictionary_file(request: HttpRequest) -> HttpResponse:
    """Give the same for programs."""
    return JsonResponse(
        columns.dictionary(), json_dumps_params={"ensure_ascii": False, "indent": 1}
    )
