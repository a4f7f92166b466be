from django.apps import AppConfig


class DutiesConfig(AppConfig):
    """What time makes due, worked off by one command."""

    name = "cwg.duties"
    label = "duties"
