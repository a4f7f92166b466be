"""The Word file on which an installation's documents are written, where it names one."""

from __future__ import annotations

from pathlib import Path

from django.core.exceptions import ImproperlyConfigured

from meetings.typesetting.docx import TemplateError, missing_styles


def named(variable: str, value: str) -> Path | None:
    """Give the template that `value` names, or None where it names none and the shipped one is used.

    Raises ImproperlyConfigured where there is no such file, or it is no Word document.
    """
    if not value:
        return None
    path = Path(value).absolute()
    try:
        missing_styles(path)
    except OSError as problem:
        raise ImproperlyConfigured(
            f"{variable}, {path}, cannot be read: {problem.strerror}."
        ) from None
    except TemplateError:
        raise ImproperlyConfigured(
            f"{variable}, {path}, is no Word document (.docx): "
            "save it in Word as “Word Document” and name that file."
        ) from None
    return path
