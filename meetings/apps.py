from django.apps import AppConfig


class MeetingsConfig(AppConfig):
    """The Group, its meetings, what they decide."""

    name = "meetings"
    verbose_name = "Meetings"

    def ready(self) -> None:
        from meetings.history import keep_history_of  # models are there only now
        from meetings.models import Message

        # a mail holds addresses and private links, and keeps its own instants
        keep_history_of(self, apart=(Message,))
