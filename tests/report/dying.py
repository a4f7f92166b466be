"""Finalise the demo report and be killed at a point: python -m tests.report.dying POINT."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable
from typing import Any
from unittest.mock import patch

import django


def die_after(owner: Any, name: str, times: int = 1) -> Callable[[], object]:
    """Return what lets this process be killed once `name` of `owner` was called so often."""
    call, left = getattr(owner, name), [times]

    def dying(*args: Any, **kwargs: Any) -> Any:
        answer = call(*args, **kwargs)
        left[0] -= 1
        if not left[0]:
            os.kill(os.getpid(), signal.SIGKILL)
        return answer

    return patch.object(owner, name, dying).start


def main(point: str) -> None:
    """Finalise the only report whose draft is cleared, with the promises that it keeps."""
    django.setup()
    from django.db import connection

    from cwg.accounts.models import User
    from cwg.report import files, finalising
    from cwg.report.models import Report
    from meetings import editions
    from meetings.models import Document, Edition, EditionFile
    from tests.report.steps import AT

    def before_commit() -> None:
        connection.ensure_connection()
        patch.object(connection, "_commit", lambda: os.kill(os.getpid(), signal.SIGKILL)).start()

    points = {
        "its document is kept": die_after(Document, "save"),
        "the first file is made": die_after(files, "render_document"),
        "all files are made": die_after(files, "render_document", 4),
        "the chain is locked": die_after(editions, "_lock_the_chain"),
        "the edition is kept": die_after(Edition, "save"),
        "the second file is kept": die_after(EditionFile, "save", 2),
        "the promise is settled": die_after(finalising, "settle"),
        "all is ready to be committed": before_commit,
        "all is committed": die_after(connection, "_commit"),
    }
    points[point]()
    report = Report.objects.get(clearances__answer="cleared")
    finalising.finalise(
        report, by=User.objects.get(email="secretariat@example.org"), at=AT,
        keeps=list(finalising.promises_kept(report)),
    )  # fmt: skip


if __name__ == "__main__":
    main(sys.argv[1])
