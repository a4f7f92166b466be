"""Reports in the secretariat's site: written, read with their sources, cleared, finalised."""

from cwg.report.admin import reports

__all__ = ["reports"]
