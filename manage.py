#!/usr/bin/env python
"""Run Django's and the project's commands."""

import os
import sys

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.core.management import execute_from_command_line

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cwg.settings")
    try:
        settings.INSTALLED_APPS  # noqa: B018 - a wrong setting is one line here, not a traceback
    except ImproperlyConfigured as problem:
        sys.exit(f"manage.py: {problem}")
    execute_from_command_line(sys.argv)
