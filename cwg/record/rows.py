"""Write rows of the record, each refused at its place in the file."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import DataError, IntegrityError, models, transaction

from cwg.record.reading import Path_, Place
from cwg.record.reading import day as read_day

type Data = dict[str, Any]


class Rows:
    """One loading of a file: its data, where they stand, and how a row is written."""

    def __init__(self, data: Data, place: Place) -> None:
        self.data = data
        self.place = place

    def _list(self, name: str) -> Iterator[tuple[Path_, Data]]:
        return each((), self.data, name)

    def _given(self, item: Data, *names: str) -> Data:
        return {name: item[name] for name in names if name in item}

    def _days(self, path: Path_, item: Data, *names: str) -> dict[str, date]:
        return {
            name: read_day(self.place, (*path, name), item[name]) for name in names if name in item
        }

    def _from_to(self, path: Path_, item: Data) -> dict[str, date]:
        days = self._days(path, item, "from", "to")
        return {f"{name}_day": day for name, day in days.items()}

    def _find[T](self, path: Path_, name: str, item: Data, known: dict[str, T]) -> T | None:
        return self._known((*path, name), item[name], known) if name in item else None

    def _known[T](self, path: Path_, key: str, known: dict[str, T]) -> T:
        if key not in known:
            raise self._unknown(path, key)
        return known[key]

    def _unknown(self, path: Path_, key: str) -> Exception:
        return self.place.error(path, f"“{key}” does not stand in this file")

    def _clean(self, path: Path_, row: models.Model) -> None:
        try:
            row.clean_fields()
            row.clean()
        except ValidationError as error:
            raise self.place.error(path, _said(error)) from error

    def _save[M: models.Model](self, path: Path_, row: M, *, clean: bool = True) -> M:
        if clean:
            self._clean(path, row)
        try:
            with transaction.atomic():
                row.save()
        except (IntegrityError, DataError, ValueError, OverflowError) as error:
            try:
                row.validate_constraints()
                row.validate_unique()
            except ValidationError as refused:
                raise self.place.error(path, _said(refused)) from error
            raise self.place.error(path, "the database refuses this row") from error
        return row

    def _merge[M: models.Model](self, path: Path_, model: type[M], lookup: Data, values: Data) -> M:
        """Return the row that stands, what it did not know added; or a new one."""
        standing = model._default_manager.filter(**lookup).first()
        if standing is None:
            return self._save(path, model(**lookup, **values))
        changed = False
        for name, given in values.items():
            kept = getattr(standing, name)
            if isinstance(given, dict) and isinstance(kept, dict):
                merged = self._merge_texts((*path, name), standing, kept, given)
                changed = changed or merged != kept
                setattr(standing, name, merged)
                continue
            if given in (None, "") or given == kept:
                continue
            if kept not in (None, "", {}):
                raise self.place.error(
                    (*path, name), f"this file says “{given}” where {standing} stands with “{kept}”"
                )
            setattr(standing, name, given)
            changed = True
        return self._save(path, standing) if changed else standing

    def _merge_texts(
        self, path: Path_, standing: models.Model, kept: dict[str, str], given: dict[str, str]
    ) -> dict[str, str]:
        for language, text in given.items():
            if kept.get(language, text) != text:
                raise self.place.error(
                    (*path, language),
                    f"this file says “{text}” where {standing} stands with “{kept[language]}”",
                )
        return {**kept, **given}


def each(path: Path_, item: Data, name: str) -> Iterator[tuple[Path_, Data]]:
    """Yield the entries of a list of the file, each with its place."""
    for place, entry in enumerate(item.get(name, [])):
        yield (*path, name, place), entry


def _said(error: ValidationError) -> str:
    if hasattr(error, "error_dict"):
        return "; ".join(
            text if name == "__all__" else f"{name}: {text}"
            for name, texts in error.message_dict.items()
            for text in texts
        )
    return "; ".join(error.messages)
