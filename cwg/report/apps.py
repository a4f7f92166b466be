from django.apps import AppConfig


class ReportConfig(AppConfig):
    """The Chair's report."""

    name = "cwg.report"
    label = "report"
    verbose_name = "Chair’s report"

    def ready(self) -> None:
        from meetings.history import keep_history_of  # models are there only now

        keep_history_of(self)
