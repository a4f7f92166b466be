"""That something which public pages show has changed."""

from __future__ import annotations

from django.db import models


class Change(models.Model):
    """One row for each transaction that changed what public pages show, written inside it.

    Rows are only ever added, so that nobody waits for anybody: one counter for all would be locked
    until its transaction ends. Old ones are removed (`cwg.fresh.stamp`).
    """

    at = models.DateTimeField(auto_now_add=True, db_index=True)

    def __str__(self) -> str:
        return f"change {self.pk}"
