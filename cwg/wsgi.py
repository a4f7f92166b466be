"""The door for a web server."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cwg.settings")
# Django is set up by it, and only then is anything of the project imported
django_application = get_wsgi_application()

from cwg.incoming import guarded  # noqa: E402

application = guarded(django_application)
