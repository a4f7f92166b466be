"""What programs read to tell people of news: feeds and the calendar, the same for all."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, time

from django.http import Http404, HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from consultations import announcing, reading
from consultations.access import once_at, public_consultations
from consultations.calendar import event_of, events
from consultations.feeds import LONG_AGO, MOST, Feed, add, answer, clean, feed
from consultations.models import Consultation, Contribution, Standing
from meetings.frame import group_or_404, meeting_or_404
from meetings.icalendar import Event, render
from meetings.models import WorkingGroup
from meetings.record import group_facts
from meetings.same_for_all import same_for_all
from meetings.site_address import absolute
from meetings.wording.messages import messages


@require_safe
@same_for_all
def rounds(request: HttpRequest, slug: str) -> HttpResponse:
    """Give the rounds of a group as a feed: announced, extended, opened, closed."""
    group = group_or_404(slug)
    at, said = timezone.now(), messages("en")
    told = _feed(f"{_acronym(group)}: open consultations", "pages:consultations", "feed", slug)
    public = public_consultations().filter(group=group).select_related("group")
    read = public.prefetch_related("consultation_topics__topic", "extensions").order_by(
        "-key", "slug"
    )
    for each in read[:MOST]:
        address = absolute(each.get_absolute_url())
        opens, closes = each.opening().words(said), each.deadline().words(said)
        lines = [f"Opens on {opens}." if opens else "", f"Closes on {closes}." if closes else ""]
        lines += map(announcing.extended, each.deadline().moves)
        told.add_item(
            clean(announcing.name(each)), address, "\n".join(filter(None, lines)), unique_id=address,
            pubdate=each.announced_at or _known(each), updateddate=_updated(each, at),
        )  # fmt: skip
    return answer(told)


@require_safe
@same_for_all
def contributions(request: HttpRequest, slug: str, round_slug: str) -> HttpResponse:
    """Give the contributions to one round as a feed, as everybody reads them."""
    group = group_or_404(slug)
    public = (
        public_consultations().filter(group=group).prefetch_related("consultation_topics__topic")
    )
    found = public.filter(slug=round_slug).first()
    if found is None:
        moved = once_at(group, round_slug)
        if moved is None:
            raise Http404
        now = reverse("consultations:round_feed", args=[slug, moved.slug])
        return HttpResponsePermanentRedirect(now)
    told = _feed(
        f"Contributions: {announcing.name(found)}",
        "pages:consultation",
        "round_feed",
        slug,
        round_slug,
    )
    published = Contribution.objects.filter(consultation=found, standing=Standing.PUBLISHED)
    for each in reading.with_all_it_says(published.order_by("-number"))[:MOST]:
        add(told, reading.public(each), slug, found.key)
    return answer(told)


@require_safe
@same_for_all
def calendar(request: HttpRequest, slug: str) -> HttpResponse:
    """Give the openings, closings and meetings of a group as one calendar."""
    group = group_or_404(slug)
    name = f"{_acronym(group)}: consultations and meetings"
    return _calendar(name, group, events(group), group.slug)


@require_safe
@same_for_all
def meeting_calendar(request: HttpRequest, slug: str, number: str) -> HttpResponse:
    """Give one meeting to be put into a calendar; it is the same entry as in the group's."""
    group = group_or_404(slug)
    meeting = meeting_or_404(group, number)
    entry = event_of(meeting)
    return _calendar(entry.title, group, [entry], f"{group.slug}-{meeting.number}")


def _calendar(name: str, group: WorkingGroup, entries: Sequence[Event], file: str) -> HttpResponse:
    content = render(name, group.zone, entries)
    answer = HttpResponse(content, content_type="text/calendar; charset=utf-8")
    answer["Content-Disposition"] = f'inline; filename="{file}.ics"'
    return answer


def _acronym(group: WorkingGroup) -> str:
    return group_facts(group, timezone.localdate(), "en").acronym.text or group.slug


def _feed(heading: str, page: str, own: str, *words: str) -> Feed:
    return feed(heading, reverse(page, args=words), reverse(f"consultations:{own}", args=words))


def _known(consultation: Consultation) -> datetime:
    return consultation.opens_from or consultation.closed_from or LONG_AGO


def _updated(consultation: Consultation, at: datetime) -> datetime:
    """Return when a round last came to say something else: by staff, or by the clock."""
    decided = [
        datetime.combine(each.decided_on, time(0), UTC)
        for each in consultation.extensions.all()
        if each.decided_on
    ]
    own = (consultation.announced_at, consultation.opens_from, consultation.closed_from)
    passed = [each for each in (*own, *decided) if each is not None and each <= at]
    return max(passed, default=_known(consultation))
