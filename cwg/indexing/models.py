"""The list of what changed since it was indexed, which every machine follows for itself."""

from __future__ import annotations

from django.db import models


class Changed(models.Model):
    """That something indexed may have changed, written in the transaction that changed it.

    `thing` names it: "contribution:12", "round:3". On PostgreSQL `transaction` is the number of the
    transaction, by which a follower knows what can still come: keys are given before their
    transactions end, and these end in another order. SQLite writes one transaction after the other.
    """

    thing = models.CharField(max_length=80)
    at = models.DateTimeField(db_index=True)
    transaction = models.BigIntegerField(null=True, db_index=True)

    class Meta:
        ordering = ("pk",)

    def __str__(self) -> str:
        return str(self.thing)
