"""Note in the database what changed, in the same transaction, for the followers of the index.

Every row of the rooms that says something in an entry names the thing whose entry it is. Who follows
(`cwg.indexing.following`) reads the thing anew, so that a change too many costs time and nothing else.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connections, models, transaction
from django.db.models.expressions import Func
from django.db.models.functions import Cast
from django.db.models.signals import m2m_changed, post_delete, post_save
from django.utils import timezone

from consultations.models import (
    UNCONFIRMED,
    Answer,
    Attachment,
    Consultation,
    ConsultationTopic,
    Contribution,
    Naming,
    Organisation,
    Question,
    Redaction,
    Summary,
)
from cwg.indexing.models import Changed
from cwg.report.models import Report
from meetings.models import (
    AgendaItem,
    Body,
    Document,
    DocumentFile,
    Edition,
    GroupName,
    Instrument,
    Meeting,
    MemberState,
    Outcome,
    OutcomePoint,
    OutcomeTopic,
    Region,
    Revision,
    Session,
    Source,
    Topic,
    TopicQuestion,
    WorkingGroup,
)


def _of(kind: str, field: str = "pk") -> Callable[[Any], str]:
    return lambda row: f"{kind}:{getattr(row, field)}"


# What each row says something in, by its model
THINGS: dict[type[models.Model], Callable[[Any], str]] = {
    Contribution: _of("contribution"),
    Organisation: _of("contribution", "contribution_id"),
    Answer: _of("contribution", "contribution_id"),
    Attachment: _of("contribution", "contribution_id"),
    Redaction: _of("contribution", "contribution_id"),
    Naming: _of("contribution", "contribution_id"),
    Consultation: _of("round"),
    ConsultationTopic: _of("round", "consultation_id"),
    Question: _of("round", "consultation_id"),
    Summary: _of("summary"),
    Topic: _of("topic"),
    TopicQuestion: _of("topic", "topic_id"),
    Meeting: _of("meeting"),
    AgendaItem: _of("meeting", "meeting_id"),
    Outcome: _of("outcome"),
    OutcomePoint: _of("outcome", "outcome_id"),
    OutcomeTopic: _of("outcome", "outcome_id"),
    Document: _of("document"),
    Source: _of("document", "document_id"),
    DocumentFile: _of("document", "document_id"),
    Edition: _of("document", "document_id"),
    Report: _of("report"),
    Instrument: _of("instrument"),
    Revision: _of("instrument", "instrument_id"),
    Body: _of("body"),
    Session: _of("session"),
    WorkingGroup: _of("group"),
    GroupName: _of("group", "group_id"),
    MemberState: lambda row: "countries",
    Region: lambda row: "countries",
}


def watch() -> None:
    """Note the thing of every row that is saved, removed or related anew."""
    for model in THINGS:
        for signal in (post_save, post_delete):
            signal.connect(_changed, sender=model, dispatch_uid=f"indexing.{model._meta.label}")
        m2m_changed.connect(_related, sender=model, dispatch_uid=f"indexing.{model._meta.label}")


def _changed(sender: type[models.Model], **kwargs: Any) -> None:
    row = kwargs["instance"]
    if isinstance(row, Contribution) and row.standing in UNCONFIRMED and row.published_at is None:
        return  # no contribution yet: nobody finds it
    if isinstance(row, Edition) and row.document_id is None:
        return
    note([THINGS[sender](row)])


def _related(sender: type[models.Model], **kwargs: Any) -> None:
    """Note both ends of rows that relate two things."""
    others = (kwargs["model"](pk=key) for key in kwargs["pk_set"] or ())
    note(THINGS[type(row)](row) for row in (kwargs["instance"], *others) if type(row) in THINGS)


def note(things: Iterable[str]) -> None:
    """Note that things changed, once in each transaction."""
    connection = connections[DEFAULT_DB_ALIAS]
    noted = _noted_in_this(connection)
    with transaction.atomic(savepoint=False):
        for thing in things:
            if thing not in noted:
                Changed.objects.create(
                    thing=thing, at=timezone.now(), transaction=number_of_this(connection)
                )
                if noted_here := _noted_in_this(connection, begin=True):
                    noted_here.add(thing)


class Noted:
    """What was noted in a transaction, known by standing among what waits for its end."""

    def __init__(self) -> None:
        self.things: set[str] = set()

    def __call__(self) -> None:
        """Do nothing: it is over."""


def _noted_in_this(connection: Any, *, begin: bool = False) -> set[str]:
    """Return what this transaction noted, and is still part of it: a savepoint takes both away."""
    # a block without a savepoint of its own is told by None: it goes with the one around it
    savepoints = {*connection.savepoint_ids, None}
    for waiting in connection.run_on_commit:
        if isinstance(waiting[1], Noted) and {*waiting[0], None} == savepoints:
            return waiting[1].things
    if not begin:
        return set()
    made = Noted()
    made.things.add("")
    transaction.on_commit(made)
    return made.things


def number_of_this(connection: Any) -> Any:
    """Return the number of the transaction of a connection as it is written, where it counts."""
    if connection.vendor != "postgresql":
        return None
    number = Func(function="pg_current_xact_id", output_field=models.TextField())
    return Cast(Cast(number, models.TextField()), models.BigIntegerField())
