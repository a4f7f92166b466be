"""Open consultations in the secretariat's site.

What happens to a round (launched, announced, extended, corrected, moved) has pages of its own
(`consultations.views.rounds`); here its texts and questions are kept, and until it is announced its
dates.
"""

from __future__ import annotations

import zoneinfo
from contextlib import AbstractContextManager, nullcontext
from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils import timezone

from consultations import access, announcing, rounds
from consultations.models import Consultation, ConsultationTopic, Extension, Question
from meetings.admin.base import Blocks, RecordAdmin, RecordForm, Rows

INSTANTS = (
    "opens_at", "opens_day", "opens_month", "closes_at", "closes_day", "closes_month",
)  # fmt: skip


class TopicRows(Rows):
    model = ConsultationTopic


class QuestionBlocks(Blocks):
    model = Question


class ExtensionRows(Rows):
    """Extensions as they were decided: only `rounds.extend` makes one."""

    model = Extension
    can_delete = False

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class ConsultationForm(RecordForm):
    """A round; its closing is never a bare midnight."""

    def clean(self) -> dict[str, Any]:
        said: dict[str, Any] = super().clean() or {}
        closes, group = said.get("closes_at"), said.get("group") or self.instance.group_id
        if closes is not None and group and "closes_at" in self.changed_data:
            about = self.instance if self.instance.group_id else Consultation(group=said["group"])
            try:
                rounds.refuse_midnight(about.moment(closes))
            except rounds.BareMidnightError as error:
                self.add_error("closes_at", forms.ValidationError(str(error)))
        return said


@admin.register(Consultation)
class ConsultationAdmin(RecordAdmin):
    """Rounds; what was announced of their dates and addresses changes on pages of its own."""

    form = ConsultationForm
    list_display = ("__str__", "about", "window", "stands_as", "group")
    list_filter = ("group",)
    list_select_related = ("group",)
    inlines = (TopicRows, QuestionBlocks, ExtensionRows)
    change_form_template = "consultations/consultation_change.html"
    change_list_template = "consultations/consultation_list.html"

    def get_queryset(self, request: HttpRequest) -> Any:
        """Fetch with each round what its row says of it."""
        fetched = ("consultation_topics__topic", "extensions", "group__names")
        return super().get_queryset(request).prefetch_related(*fetched)

    @admin.display(description="Topic", empty_value="Not recorded")
    def about(self, obj: Consultation) -> str | None:
        """Say what it is about."""
        return announcing.title(obj) or None

    @admin.display(description="Window", empty_value="Not recorded")
    def window(self, obj: Consultation) -> str | None:
        """Say when it is open, as its page says it."""
        return rounds.told_words(obj) or None

    @admin.display(description="State")
    def stands_as(self, obj: Consultation) -> str:
        """Say where its life stands now."""
        return obj.state(timezone.now()).label

    def get_exclude(self, request: HttpRequest, obj: Any = None) -> Any:
        """Leave out what `window` says in words once it is announced."""
        left_out = list(super().get_exclude(request, obj) or ())
        return left_out + list(INSTANTS) if _is_told(obj) else left_out

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """Keep what is public as it was told: another act changes it, and says why."""
        kept = list(super().get_readonly_fields(request, obj))
        if obj is None:
            return kept
        if _is_told(obj):
            kept += ["window", "group"]  # the group stands in its address
        if obj.announced_at is not None or obj.record_incomplete or obj.former_addresses.exists():
            kept.append("slug")
        if obj.last_number:
            kept.append("key")  # stands in the references that were given
        return kept

    def audience(self, obj: Any) -> str:
        return access.audience(obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Keep what was announced: mails lead to its address, and that answers for ever."""
        announced = obj is not None and obj.announced_at is not None
        return not announced and super().has_delete_permission(request, obj)

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> Any:
        """Refuse a list with a round that was announced."""
        announced = [f"{each}: announced" for each in objs if each.announced_at is not None]
        if announced:
            return [], {}, set(), announced
        return super().get_deleted_objects(objs, request)

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """Write what was typed and nothing else: somebody may announce the round meanwhile."""
        if change:
            obj.save(update_fields=form.changed_data)
        else:
            super().save_model(request, obj, form, change)

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """Show and read every time in the zone of the round's group."""
        found = self.get_object(request, object_id) if object_id else None
        summarized = _is_told(found) or (found is not None and found.record_incomplete)
        may_read = request.user.has_perm("consultations.view_summary", found)
        context = {
            "acts": _acts(request, found), "has_workbench": summarized and may_read,
            **(extra_context or {}),
        }  # fmt: skip
        with _in_zone_of(found):
            answer = super().changeform_view(request, object_id, form_url, context)
            if isinstance(answer, TemplateResponse):
                answer.render()
        return answer

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        may = request.user.has_perm("consultations.add_consultation")
        return super().changelist_view(request, {"may_launch": may, **(extra_context or {})})


def _is_told(obj: Consultation | None) -> bool:
    return obj is not None and obj.announced_at is not None


def _in_zone_of(found: Consultation | None) -> AbstractContextManager[Any]:
    if found is None:
        return nullcontext()
    return timezone.override(zoneinfo.ZoneInfo(found.group.zone))


def _acts(request: HttpRequest, found: Consultation | None) -> list[tuple[str, str]]:
    """Return the acts on a round that the person may do now: the name of the page, and its words."""
    if found is None or not request.user.has_perm("consultations.change_consultation", found):
        return []
    announced, past = found.announced_at is not None, found.record_incomplete
    offered = [
        ("round_announce", "Announce", not announced and not past),
        ("round_extend", "Extend", announced or past),
        ("round_correct", "Correct the dates", announced),
        ("round_address", "Change the address", announced or past),
        ("round_enter", "Enter a contribution", announced or past),
        ("round_late", "Open a late window", announced),
        ("round_alike", "Nearly the same", found.last_number > 0),
    ]
    return [(name, words) for name, words, now in offered if now]
