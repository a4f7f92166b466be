"""A meeting, and the page on which its outcomes are recorded."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.forms import BaseInlineFormSet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.html import format_html

from meetings import access
from meetings import record as facts_of
from meetings.admin.base import RecordAdmin, Rows
from meetings.forms.agreed import LinesForm, with_lines
from meetings.forms.outcomes import (
    MOST_OUTCOMES,
    OfferForm,
    OutcomeFormSet,
    PromiseForm,
    offer_forms,
    outcome_formset,
    promise_forms,
)
from meetings.lettering import letter
from meetings.models import (
    AgendaItem,
    Chairing,
    Document,
    Meeting,
    Outcome,
    WorkingGroup,
)
from meetings.paragraph import meeting_paragraph
from meetings.promises import open_on
from meetings.recording import (
    ChangedMeanwhileError,
    RecordingError,
    record_outcomes,
    stamp,
)
from meetings.typesetting.tree import Paragraph, plain
from meetings.wording.facts import House, Viewpoint
from meetings.wording.patterns import PatternError
from meetings.wording.sentences import house_sentence, sentence
from meetings.wording.slots import SlotError

MORE_ROWS = 5


class AgendaFormSet(BaseInlineFormSet):  # type: ignore[type-arg]  # not generic at run time
    """The agenda in the order typed: an item without a position goes on from the one above it."""

    def add_fields(self, form: Any, index: int | None) -> None:
        super().add_fields(form, index)
        position = form.fields.get("position")
        if position is not None:  # not there where the agenda is only read
            position.required = False
            position.help_text = "Its place among its neighbours. Left empty: after the item above."

    def clean(self) -> None:
        """Count on from the rows above, for the items below each parent by itself."""
        super().clean()
        last: dict[Any, int] = {}
        for form in self.forms:
            typed = getattr(form, "cleaned_data", {})
            if not typed or typed.get("DELETE") or "position" in form.errors:
                continue
            parent = typed.get("parent")
            if typed["position"] is None:
                typed["position"] = form.instance.position = last.get(parent, 0) + 1
            last[parent] = max(typed["position"], last.get(parent, 0))


class _UntilClosed(Rows):
    """Rows of a meeting that nothing changes once it is closed; it is reopened first."""

    def stands(self, meeting: Any) -> bool:
        """Say whether nothing of it is changed here any more."""
        return _is_closed(meeting)

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return not self.stands(obj) and super().has_add_permission(request, obj)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return not self.stands(obj) and super().has_change_permission(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return not self.stands(obj) and super().has_delete_permission(request, obj)


def _is_closed(row: Any) -> bool:
    return isinstance(row, Meeting) and row.closed_on is not None


class AgendaRows(_UntilClosed):
    model = AgendaItem
    fk_name = "meeting"
    formset = AgendaFormSet

    def stands(self, meeting: Any) -> bool:
        """Leave a public agenda to its own page, which asks before a number changes."""
        public = isinstance(meeting, Meeting) and meeting.agenda_published_at is not None
        return public or super().stands(meeting)


class ChairingRows(_UntilClosed):
    model = Chairing


@admin.register(Meeting)
class MeetingAdmin(RecordAdmin):
    """Meetings; the outcomes have a page of their own."""

    list_display = (
        "__str__", "group", "series", "first_day", "last_day", "workplace_link", "outcomes_link",
    )  # fmt: skip
    # what happens to a meeting is an act of its workplace: called, called off, closed, reopened
    readonly_fields = ("circular", "invited_on", "documents_due", "cancelled_on", "closed_on")
    list_filter = ("group", "series")
    list_select_related = ("group",)
    ordering = ("-first_day",)
    search_fields = ("ordinal",)
    inlines = (ChairingRows, AgendaRows)

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).prefetch_related("group__names")

    def get_list_display(self, request: HttpRequest) -> Any:
        shown = super().get_list_display(request)
        if self.has_change_permission(request):
            return shown
        return [each for each in shown if each != "outcomes_link"]

    @admin.display(description="Outcomes")
    def outcomes_link(self, meeting: Meeting) -> str:
        return format_html(
            '<a href="{}">Record outcomes</a>',
            reverse("admin:meetings_meeting_outcomes", args=[meeting.pk]),
        )

    @admin.display(description="Where it stands")
    def workplace_link(self, meeting: Meeting) -> str:
        return format_html(
            '<a href="{}">Workplace</a>', reverse("admin:meeting", args=[meeting.pk])
        )

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Offer the next meeting of each group in which the person may plan one."""
        groups = access.groups_of(request.user, timezone.localdate()).filter(record_kept_here=True)
        plans = [
            each for each in groups.prefetch_related("names")
            if request.user.has_perm("meeting.plan", each)
        ]  # fmt: skip
        return super().changelist_view(request, {"plans": plans, **(extra_context or {})})

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """Keep that a meeting to come is planned here; one of the past is entered as recorded."""
        if not change and obj.last_day >= timezone.localdate():
            obj.planned_at = timezone.now()
        super().save_model(request, obj, form, change)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return not _is_closed(obj) and super().has_delete_permission(request, obj)

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> Any:
        """Refuse to remove a meeting that is closed, also among several."""
        if closed := [str(each) for each in objs if each.closed_on is not None]:
            return [], {}, set(), [f"{each} is closed: reopen it first." for each in closed]
        return super().get_deleted_objects(objs, request)

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.outcomes_view)
        return [
            path("<int:pk>/outcomes/", view, name="meetings_meeting_outcomes"),
            *super().get_urls(),
        ]

    def outcomes_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Show the outcomes of a meeting, preview what was typed, or save it."""
        meeting = get_object_or_404(self.get_queryset(request).select_related("group"), pk=pk)
        if not self.has_change_permission(request, meeting):
            raise PermissionDenied
        may_remove = request.user.has_perm("meetings.delete_outcome", meeting)
        today = timezone.localdate()
        typed = _typed(request)
        if typed is not None and "paste" in request.POST:
            typed = with_lines(typed, meeting, today)
        page = _OutcomesPage(meeting, today, typed, may_remove)
        fragment = bool(request.headers.get("X-Preview"))
        asked = fragment or any(each in request.POST for each in ("preview", "more", "paste"))
        saving = request.method == "POST" and not asked
        if saving and page.save(request):
            messages.success(request, f"The outcomes of {meeting} are saved.")
            return HttpResponseRedirect(request.path)
        context = {
            **self.admin_site.each_context(request), **page.context(), "opts": self.opts,
            "audience": access.audience(Outcome(meeting=meeting)), "lines": LinesForm(_kept_lines(typed)),
            "closed": meeting.closed_on is not None,
        }  # fmt: skip
        name = "meetings/outcomes_edit.html" + ("#paragraph" if fragment else "")
        return TemplateResponse(request, name, context)


def _kept_lines(typed: QueryDict | None) -> dict[str, str] | None:
    """Return the pasted lines that became no row yet."""
    lines = typed.get("lines", "") if typed is not None else ""
    return {"lines": lines} if lines else None


def _typed(request: HttpRequest) -> QueryDict | None:
    """Return what was sent, with more empty rows where they were asked for."""
    if not request.POST:
        return None
    if "more" not in request.POST:
        return request.POST
    typed, total = request.POST.copy(), "outcomes-TOTAL_FORMS"
    if (count := str(typed.get(total, ""))).isdecimal() and len(count) <= len(str(MOST_OUTCOMES)):
        typed[total] = str(int(count) + MORE_ROWS)
    return typed


class _OutcomesPage:
    """The page on which a meeting's outcomes are recorded, from what was typed or what is saved."""

    def __init__(self, meeting: Meeting, today: date, data: Any, may_remove: bool) -> None:
        self.meeting = meeting
        self.today = today
        self.formset: OutcomeFormSet = outcome_formset(meeting, data, can_delete=may_remove)
        groups = WorkingGroup.objects.filter(pk=meeting.group_id)
        self.promises: list[PromiseForm] = promise_forms(
            meeting, open_on(meeting.last_day, groups), data
        )
        self.offers: list[OfferForm] = offer_forms(meeting, data)
        self.bound = data is not None
        self.seen = data.get("seen", "") if data else stamp(meeting)
        self.problem = ""
        self.saved: Paragraph | None = None

    def save(self, request: HttpRequest) -> bool:
        """Save what was typed; False where something has to be mended first."""
        rows = self.formset.is_valid()
        settled = [form.is_valid() for form in self.promises]
        if not (rows and all(settled)):
            return False
        drafts = [form.draft() for form in self.formset.in_order()]
        settlings = []
        for form in self.promises:
            settling, launch = form.settling(), form.launch()
            if launch is not None and settling is not None:
                already = [d for d in drafts if d.outcome.follows_id == form.promise.pk]
                settling.by = already[0].outcome if already else launch.outcome
                drafts += [] if already else [launch]
            settlings += [settling] if settling is not None else []
        told = {each.outcome.follows_id for each in drafts}
        drafts += [
            form.ready for form in self.offers if form.taken() and form.promise.pk not in told
        ]
        try:
            record_outcomes(
                self.meeting,
                drafts,
                self.formset.removed(),
                settlings,
                seen=self.seen,
                by=request.user,
            )
        except ChangedMeanwhileError as error:
            self.problem = str(error)
            self.seen = stamp(self.meeting)
            self.saved = self._saved()
            return False
        except RecordingError as error:
            self.problem = str(error)
            return False
        except ValidationError as error:
            self.problem = " ".join(error.messages)
            return False
        return True

    def context(self) -> dict[str, Any]:
        """Return what the template shows."""
        paragraph, problem = self._paragraph()
        errors = self.bound and (
            not self.formset.is_valid() or any(not form.is_valid() for form in self.promises)
        )
        return {
            "title": f"Outcomes of {self.meeting}",
            "meeting": self.meeting,
            "formset": self.formset,
            "rows": [(letter(place), form, self._house_wording(form.instance, form))
                     for place, form in enumerate(self.formset.forms, 1)],
            "promises": [(form, self._promised(form.promise)) for form in self.promises],
            "offers": [(form, self._offered(form)) for form in self.offers],
            "paragraph": paragraph,
            "wording_problem": problem,
            "seen": self.seen,
            "saved": self.saved,
            "problem": self.problem,
            "has_errors": errors,
        }  # fmt: skip

    @cached_property
    def house(self) -> House:
        """How the group's house prints today."""
        return facts_of.house(self.meeting.group, self.today, "en")

    def _paragraph(self) -> tuple[Paragraph | None, str]:
        """Return the paragraph as a report dated today would print it, and what hinders it."""
        if self.bound:
            self.formset.is_valid()
            rows = self.formset.in_order()
            facts = [
                facts_of.outcome_facts(
                    form.instance, "en", self.today, topics=form.topics_in_order(),
                    points=form.point_texts(),
                )
                for form in rows if form.instance.kind
            ]  # fmt: skip
            facts += [self._ready(form) for form in self.offers if form.taken()]
        else:
            facts = [
                facts_of.outcome_facts(form.instance, "en", self.today)
                for form in self.formset.initial_forms
            ]
        try:
            view = Viewpoint(self.today)
            meeting = facts_of.meeting_facts(self.meeting)
            return meeting_paragraph(meeting, facts, view, self.house), ""
        except (SlotError, PatternError) as error:
            return None, str(error)

    def _ready(self, form: OfferForm) -> Any:
        """Return the facts of an outcome that is offered."""
        ready = form.ready
        return facts_of.outcome_facts(
            ready.outcome, "en", self.today, topics=list(ready.topics), points=[]
        )

    def _offered(self, form: OfferForm) -> str:
        """Return the sentence by which this meeting would tell what is offered."""
        try:
            return plain(sentence(self._ready(form), Viewpoint(self.today), self.house))
        except (SlotError, PatternError):
            return str(form.promise)

    def _promised(self, promise: Outcome) -> str:
        """Return the sentence by which an earlier meeting promised something."""
        facts = facts_of.outcome_facts(promise, "en", promise.meeting.last_day, points=())
        try:
            return plain(sentence(facts, Viewpoint(promise.meeting.last_day), self.house))
        except (SlotError, PatternError):
            return str(promise)

    def _saved(self) -> Paragraph:
        """Return what is saved now, for somebody whose own words were not."""
        facts = [
            facts_of.outcome_facts(outcome, "en", self.today)
            for outcome in self.meeting.outcomes.order_by("position", "pk")
        ]
        meeting = facts_of.meeting_facts(self.meeting)
        return meeting_paragraph(meeting, facts, Viewpoint(self.today), self.house)

    def _house_wording(self, outcome: Outcome, form: Any) -> str:
        """Return what the house would print instead of a sentence changed by hand."""
        if not outcome.wording or not outcome.kind or outcome.kind == "free" or not outcome.pk:
            return ""
        facts = facts_of.outcome_facts(outcome, "en", self.today)
        try:
            return plain(house_sentence(facts, Viewpoint(self.today), self.house))
        except (SlotError, PatternError):
            return ""


@admin.register(Document)
class DocumentAdmin(RecordAdmin):
    """Documents to look up: what is done with one is done on its own page (`meetings.registering`)."""

    list_display = ("__str__", "kind", "meeting", "session", "dated", "register_link")
    list_filter = ("group", "kind")
    list_select_related = ("meeting__group", "session")
    search_fields = ("key", "number")

    @admin.display(description="Register")
    def register_link(self, document: Document) -> str:
        return format_html(
            '<a href="{}">Open it</a>', reverse("admin:document", args=[document.pk])
        )

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
