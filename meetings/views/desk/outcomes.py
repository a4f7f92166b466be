"""Draft outcomes at the desk: their words, and what one's own delegation remarks on them."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone

from meetings import commenting
from meetings import record as facts_of
from meetings.forms.remarks import CommentForm
from meetings.models import MemberState, OutcomeComment
from meetings.paragraph import meeting_paragraph
from meetings.views.desk import at_desk, meeting_or_404, my_group, page
from meetings.wording.facts import Viewpoint
from meetings.wording.messages import messages as words_in
from meetings.wording.patterns import PatternError
from meetings.wording.slots import SlotError


@at_desk
def draft_outcomes(request: HttpRequest, slug: str, number: str) -> HttpResponse:
    """Show the draft outcomes while the window is open, and keep a comment on one of them.

    Afterwards the delegation's own comments stay here, with what was done with each.
    """
    group, mine = my_group(request, slug)
    meeting = meeting_or_404(group, number)
    now, today = timezone.now(), timezone.localdate()
    if meeting.comments_from is None or meeting.comments_from > now:
        raise Http404
    rows = meeting.outcomes.select_related("session", "awaits", "recalls_group", "settlement")
    outcomes = list(rows.prefetch_related("outcome_topics__topic", "points", "documents"))
    is_open, problem = commenting.is_open(meeting, now), ""
    form = CommentForm(request.POST if request.method == "POST" else None, outcomes=outcomes)
    if form.is_valid():
        try:
            commenting.comment(
                form.cleaned_data["outcome"], form.cleaned_data["text"],
                member_state=MemberState.objects.get(pk=mine.member_state), by=request.user, at=now,  # type: ignore[arg-type]  # signed in
            )  # fmt: skip
        except commenting.CommentingError as error:
            problem = str(error)
        else:
            messages.success(request, "Your comment is kept; the secretariat reads it.")
            return redirect("desk:draft_outcomes", slug, number)
    about = form.data.get("outcome", "") if form.is_bound else ""
    own = OutcomeComment.objects.filter(
        outcome__meeting=meeting, member_state=mine.member_state
    ).order_by("made_at", "pk")
    said: dict[int, list[OutcomeComment]] = {}
    for each in own:
        said.setdefault(each.outcome_id, []).append(each)
    try:
        paragraph = meeting_paragraph(
            facts_of.meeting_facts(meeting),
            [facts_of.outcome_facts(each, "en", today) for each in outcomes],
            Viewpoint(meeting.last_day), facts_of.house(group, today, "en"),
        )  # fmt: skip
    except (SlotError, PatternError):
        paragraph = None
    items = paragraph.items if paragraph else [None] * len(outcomes)
    context = {
        "group": group,
        "meeting": meeting,
        "until": meeting.comments_deadline().words(words_in("en")),
        "is_open": is_open,
        "problem": problem,
        "rows": [
            (item, outcome, said.get(outcome.pk, []),
             form if about == str(outcome.pk) else CommentForm(outcomes=outcomes, about=outcome))
            for item, outcome in zip(items, outcomes, strict=True)
        ],
    }  # fmt: skip
    return page(request, "draft_outcomes.html", context, form)
