"""Groups, their names and patterns, their officers, and who may do what."""

from __future__ import annotations

from django.contrib import admin

from meetings.admin.base import Blocks, RecordAdmin, Rows
from meetings.models import GroupName, HousePattern, Officer, RoleTerm, Topic, WorkingGroup


class NameBlocks(Blocks):
    model = GroupName


class PatternBlocks(Blocks):
    model = HousePattern


@admin.register(WorkingGroup)
class WorkingGroupAdmin(RecordAdmin):
    list_display = ("__str__", "slug", "record_kept_here")
    search_fields = ("slug",)
    inlines = (NameBlocks, PatternBlocks)


@admin.register(Officer)
class OfficerAdmin(RecordAdmin):
    list_display = ("__str__", "group", "role", "from_day", "to_day")
    list_filter = ("group", "role")
    list_select_related = ("group", "country")
    autocomplete_fields = ("country",)


@admin.register(RoleTerm)
class RoleTermAdmin(RecordAdmin):
    list_display = ("person", "role", "group", "from_day", "to_day")
    list_filter = ("group", "role")
    list_select_related = ("person", "group")


@admin.register(Topic)
class TopicAdmin(RecordAdmin):
    list_display = ("__str__", "group", "draws_on")
    list_filter = ("group",)
    list_select_related = ("group", "draws_on")
    search_fields = ("key", "title")
    autocomplete_fields = ("proposed_by",)


class TermRows(Rows):
    model = RoleTerm
