"""The demo record, for the tests beside this file."""

from tests.demo_record import group, report, twentieth

__all__ = ["group", "report", "twentieth"]
