from django.apps import AppConfig


class ConsultationsConfig(AppConfig):
    """Open consultations."""

    name = "consultations"
    verbose_name = "Open consultations"

    def ready(self) -> None:
        from meetings.history import keep_history_of  # models are there only now

        keep_history_of(self)
