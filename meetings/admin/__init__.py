"""The record in the secretariat's site."""

from meetings.admin import groups, meetings, rests_on

__all__ = ["groups", "meetings", "rests_on"]
