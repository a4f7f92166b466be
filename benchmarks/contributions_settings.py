"""The site as it is served, with an empty view beside it: for benchmarks.contributions."""

import os

os.environ["DEBUG"] = "false"

from cwg.settings import *  # noqa: F403 - all of them

ROOT_URLCONF = "benchmarks.contributions"
PAGES_KEPT = 500
STORAGES["staticfiles"] = {  # noqa: F405 - nothing was collected for a benchmark
    "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
}
