"""Bodies, sessions, instruments, regions and Member States."""

from __future__ import annotations

from django.contrib import admin

from meetings.admin.base import Blocks, RecordAdmin, Rows
from meetings.models import (
    Body,
    Instrument,
    ListedTopic,
    MemberState,
    Region,
    Revision,
    Session,
)


class RevisionRows(Blocks):
    model = Revision


class ListedTopicRows(Rows):
    model = ListedTopic


@admin.register(Body)
class BodyAdmin(RecordAdmin):
    list_display = ("__str__", "key")
    search_fields = ("key",)


@admin.register(Session)
class SessionAdmin(RecordAdmin):
    list_display = ("__str__", "body", "year", "first_day", "last_day")
    list_filter = ("body",)
    search_fields = ("key",)


@admin.register(Instrument)
class InstrumentAdmin(RecordAdmin):
    list_display = ("__str__", "key")
    list_select_related = ("body",)
    search_fields = ("key", "number")
    inlines = (RevisionRows,)


@admin.register(Revision)
class RevisionAdmin(RecordAdmin):
    list_display = ("__str__", "adopted_by", "in_force_from")
    list_select_related = ("instrument__body", "adopted_by")
    inlines = (ListedTopicRows,)


@admin.register(Region)
class RegionAdmin(RecordAdmin):
    list_display = ("__str__", "system", "seats")
    list_filter = ("system",)


@admin.register(MemberState)
class MemberStateAdmin(RecordAdmin):
    list_display = ("__str__", "iso", "region", "administrative_region")
    list_filter = ("region", "administrative_region")
    list_select_related = ("region", "administrative_region")
    search_fields = ("iso", "name")
