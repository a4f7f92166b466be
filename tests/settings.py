"""The project's settings, made quick and strict for tests."""

import os

from cwg.settings import *  # noqa: F403 - all of them, but for what follows
from cwg.settings import BASE_DIR, MIDDLEWARE, TEMPLATES
from tests.template_variables import RefuseUnknown

# Real hashing is slow by design.
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
# Looking for every static file again with each test client takes longer than most tests.
WHITENOISE_USE_FINDERS = False
WHITENOISE_AUTOREFRESH = False
MEDIA_ROOT = BASE_DIR / "build" / "test-files"
# One for each process that runs tests: each has a database of its own.
INDEX_ROOT = BASE_DIR / "build" / "test-index" / os.environ.get("PYTEST_XDIST_WORKER", "alone")
MIDDLEWARE = ["tests.addresses.NoteTheAddress", *MIDDLEWARE]
TEMPLATES[0]["OPTIONS"]["string_if_invalid"] = RefuseUnknown(BASE_DIR)
# What a test changes without committing it must show at once; the tests of this keep pages.
PAGES_KEPT = 0
