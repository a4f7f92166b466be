"""Open consultations in the secretariat's site."""

from __future__ import annotations

from django.contrib import admin

from consultations.models import Consultation, ConsultationTopic, Extension, Question
from meetings.admin.base import Blocks, RecordAdmin, Rows


class TopicRows(Rows):
    model = ConsultationTopic


class QuestionBlocks(Blocks):
    model = Question


class ExtensionRows(Rows):
    model = Extension


@admin.register(Consultation)
class ConsultationAdmin(RecordAdmin):
    list_display = ("__str__", "group", "closes_at", "closes_day", "closes_month")
    list_filter = ("group",)
    list_select_related = ("group",)
    inlines = (TopicRows, QuestionBlocks, ExtensionRows)
