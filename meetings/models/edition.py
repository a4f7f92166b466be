"""Editions: an official document as it was finalised, with its files. Nothing in them ever changes."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, ClassVar, NoReturn

from django.db import models
from django.db.models import Q

from meetings.languages import LANGUAGES
from meetings.models.document import Document
from meetings.models.fields import Line, Prose

if TYPE_CHECKING:
    from django.db.models.fields.related_descriptors import RelatedManager


class FrozenError(Exception):
    """An attempt to change or remove what was finalised."""

    def __str__(self) -> str:
        return (
            "A finalised edition is never changed and never removed; nothing was changed. "
            "Make a revision or a corrigendum."
        )


class FrozenQuerySet[M: models.Model](models.QuerySet[M]):
    """Rows that are written once: whole sets are neither updated nor deleted."""

    def update(self, **kwargs: Any) -> NoReturn:
        raise FrozenError

    def delete(self) -> NoReturn:
        raise FrozenError

    def bulk_update(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise FrozenError

    def bulk_create(
        self, objs: Iterable[M], *args: Any, update_conflicts: bool = False, **kwargs: Any
    ) -> list[M]:
        if update_conflicts:
            raise FrozenError
        return super().bulk_create(objs, *args, **kwargs)  # bulk: new rows only

    def _raw_delete(self, using: Any) -> NoReturn:
        raise FrozenError


class Frozen(models.Model):
    """A row that is written once."""

    objects = FrozenQuerySet.as_manager()

    class Meta:
        abstract = True
        base_manager_name = "objects"

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding or kwargs.get("force_update"):
            raise FrozenError
        super().save(*args, **{**kwargs, "force_insert": True})

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise FrozenError


class Edition(Frozen):
    """One finalised state of a document, in one language."""

    class Series(models.TextChoices):
        """What an edition is to the one before it."""

        ORIGINAL = "original", "Original"
        REVISION = "revision", "Revision"
        CORRIGENDUM = "corrigendum", "Corrigendum"

    group_path: ClassVar[str] = "document__group"
    SHORT: ClassVar[dict[str, str]] = {"original": "", "revision": "Rev.", "corrigendum": "Corr."}

    document = models.ForeignKey(Document, models.PROTECT, related_name="editions")
    language = models.CharField(max_length=2, choices=LANGUAGES)
    series = models.CharField(max_length=11, choices=Series, default=Series.ORIGINAL)
    number = models.PositiveSmallIntegerField(default=0, help_text="1 in Rev.1; 0 for the first.")
    tree = models.TextField(help_text="The document as data, in one canonical form.")
    tree_sha256 = models.CharField(max_length=64)
    words = models.CharField(max_length=64, help_text="The hash of its words alone.")
    reason = Prose(max_length=1000, blank=True, help_text="Why it was made, after the first.")
    cleared_by = Line(max_length=200, blank=True, help_text="Who cleared it, as they were called.")
    cleared_at = models.DateTimeField(null=True, blank=True)
    finalised_by = Line(max_length=200, help_text="Who finalised it, as they were called.")
    finalised_at = models.DateTimeField()
    seal = models.CharField(
        max_length=64,
        help_text="The hash of everything above, of its files, and of the seal before.",
    )

    if TYPE_CHECKING:
        files: RelatedManager[EditionFile]

    class Meta(Frozen.Meta):
        abstract = False
        ordering = ("document", "language", "pk")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["document", "language", "series", "number"],
                name="meetings_edition_once",
                violation_error_message="This edition stands here already.",
            ),
            models.CheckConstraint(
                condition=Q(series="original", number=0)
                | (~Q(series="original") & Q(number__gte=1)),
                name="meetings_edition_number",
                violation_error_message="The first edition has no number; later ones count from 1.",
            ),
            models.CheckConstraint(
                condition=Q(series="original") | ~Q(reason=""),
                name="meetings_edition_has_reason",
                violation_error_message="Say why a new edition is made.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.document} {self.designation}".strip()

    @property
    def designation(self) -> str:
        """What is added to the document's number: nothing, Rev.1, Corr.2."""
        return f"{self.SHORT[self.series]}{self.number}" if self.number else ""

    @property
    def slug(self) -> str:
        """Its end of an address: original, rev-1, corr-2."""
        short = self.SHORT[self.series].rstrip(".").lower()
        return f"{short}-{self.number}" if self.number else str(self.Series.ORIGINAL)


class EditionFile(Frozen):
    """A file of an edition, kept as it was made and never made again."""

    group_path: ClassVar[str] = "edition__document__group"
    WORDS: ClassVar[dict[str, str]] = {"docx": "Word", "html": "HTML", "pdf": "PDF", "text": "Text"}

    edition = models.ForeignKey(Edition, models.PROTECT, related_name="files")
    form = models.CharField("format", max_length=8)
    sha256 = models.CharField(max_length=64)
    content = models.BinaryField()

    class Meta(Frozen.Meta):
        abstract = False
        ordering = ("edition", "form")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["edition", "form"],
                name="meetings_edition_file_once",
                violation_error_message="The edition has this file already.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.edition}, {self.form}"

    @property
    def word(self) -> str:
        """Its format as people call it."""
        return self.WORDS.get(self.form, self.form)

    @property
    def ending(self) -> str:
        """The end of its name."""
        return "txt" if self.form == "text" else str(self.form)
