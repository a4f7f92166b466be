from django.apps import AppConfig


class FreshConfig(AppConfig):
    """Public pages kept in the memory of each process, and never older than they may be."""

    name = "cwg.fresh"
    label = "fresh"

    def ready(self) -> None:
        from cwg.fresh.stamp import watch  # models are there only now

        watch()
