from django.apps import AppConfig


class ReportConfig(AppConfig):
    """The Chair's report."""

    name = "cwg.report"
    label = "report"
    verbose_name = "Chair’s report"
