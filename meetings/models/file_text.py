"""The text inside files that were received, page by page: derived from them, for the search."""

from __future__ import annotations

from typing import ClassVar

from django.db import models


class FileReading(models.Model):
    """That a file was read for its words, or that nobody can read it; known by its place.

    It stands beside no row of a room: a file of a contribution and one of a document are read alike.
    """

    path = models.CharField(max_length=200, unique=True, help_text="Its place among the files.")
    tries = models.PositiveSmallIntegerField(default=0)
    tried_at = models.DateTimeField(help_text="When it was last begun.")
    ended_at = models.DateTimeField(null=True, help_text="When it was read, or given up.")
    problem = models.CharField(max_length=40, blank=True, help_text="Why its words are not known.")

    class Meta:
        ordering = ("path",)

    def __str__(self) -> str:
        return str(self.path)


class FilePage(models.Model):
    """The text of one page of a file; a file that knows no pages has one page, numbered 0."""

    reading = models.ForeignKey(FileReading, models.CASCADE, related_name="pages")
    page = models.PositiveIntegerField()
    text = models.TextField()

    class Meta:
        ordering = ("reading", "page")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["reading", "page"],
                name="meetings_file_page_once",
                violation_error_message="The text of this page is known already.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.reading}, page {self.page}"
