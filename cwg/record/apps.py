from django.apps import AppConfig


class RecordConfig(AppConfig):
    """A group's record as one data file."""

    name = "cwg.record"
    label = "record"
    verbose_name = "Record files"
