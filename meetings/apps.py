from django.apps import AppConfig


class MeetingsConfig(AppConfig):
    """The Group, its meetings, what they decide."""

    name = "meetings"
    verbose_name = "Meetings"

    def ready(self) -> None:
        from auditlog.registry import auditlog

        from meetings.history import keep_history_of  # models are there only now
        from meetings.models import MeetingVisit, Message

        keep_history_of(self, apart=(MeetingVisit, Message))
        # A mail holds an address and perhaps a private link: the history keeps neither.
        # `meetings.outbox` writes there what happens to it.
        auditlog.register(Message, include_fields=["subject", "state"])
