from django.apps import AppConfig


class ConsultationsConfig(AppConfig):
    """Open consultations."""

    name = "consultations"
    verbose_name = "Open consultations"
