from django.apps import AppConfig


class MeetingsConfig(AppConfig):
    """The Group, its meetings, what they decide."""

    name = "meetings"
    verbose_name = "Meetings"
