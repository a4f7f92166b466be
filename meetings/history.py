"""Who changed what, when, from what to what, and in the course of which activity."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any

from auditlog.context import disable_auditlog
from auditlog.models import LogEntry
from auditlog.registry import auditlog
from django.apps import AppConfig
from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.models import AnonymousUser
from django.contrib.contenttypes.models import ContentType
from django.db import models, transaction
from django.db.models.signals import pre_save


@dataclass(frozen=True, slots=True)
class Activity:
    """What is being done, by whom and why."""

    name: str
    by: AbstractBaseUser | None
    reason: str


_current: ContextVar[Activity | None] = ContextVar("activity", default=None)


@contextmanager
def activity(
    name: str, by: AbstractBaseUser | AnonymousUser | None = None, reason: str = ""
) -> Iterator[None]:
    """Do what follows in one transaction; every change in it is kept with this name and reason."""
    person = by if isinstance(by, AbstractBaseUser) else None
    token = _current.set(Activity(name, person, reason))
    try:
        with transaction.atomic():
            yield
    finally:
        _current.reset(token)


def keep_all(changed: Iterable[tuple[models.Model, dict[str, list[str]]]]) -> None:
    """Keep what changed of many rows, in the activity that goes on, in one statement.

    For rows that were updated together; what was and is of each field stands in a list of two.
    """
    entries = [
        LogEntry(
            content_type=ContentType.objects.get_for_model(row), action=LogEntry.Action.UPDATE,
            object_pk=str(row.pk), object_id=row.pk, object_repr=str(row), changes=changes,
        )
        for row, changes in changed
    ]  # fmt: skip
    for each in entries:
        _say_who(LogEntry, each)
    LogEntry.objects.bulk_create(entries)  # bulk: the history itself


@contextmanager
def unkept() -> Iterator[None]:
    """Do what follows in one transaction of which the history keeps nothing.

    What a delegation writes is its own until it is submitted: the history begins there.
    """
    with disable_auditlog(), transaction.atomic():
        yield


def keep_history_of(app: AppConfig, apart: Collection[type[models.Model]] = ()) -> None:
    """Keep every change to the models of `app`, the plain many-to-many relations included.

    Those `apart` keep a history of their own, or are none.
    """
    for model in (each for each in app.get_models() if each not in apart):
        plain = {
            field.name
            for field in model._meta.many_to_many
            if (through := field.remote_field.through) is not None and through._meta.auto_created
        }
        # A finalised document is kept whole in its own row, not once more in the history
        whole = [field.name for field in model._meta.fields if field.name in {"tree", "content"}]
        auditlog.register(model, m2m_fields=plain, exclude_fields=whole)
    pre_save.connect(_say_who, sender=LogEntry, dispatch_uid="meetings.history")


def _say_who(sender: type[models.Model], instance: Any, **kwargs: Any) -> None:
    now = _current.get()
    if now is None or not instance._state.adding:
        return
    instance.additional_data = {"activity": now.name, "reason": now.reason}
    if now.by is not None and now.by.pk:
        instance.actor = now.by
        instance.actor_email = getattr(now.by, "email", None)
