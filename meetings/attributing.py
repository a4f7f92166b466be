"""Who said what at a meeting, for the secretariat alone.

A report says “some Member States stated” (the Group's custom). What is kept here helps to write that
sentence well; nothing outside the secretariat's own page reads it.
"""

from __future__ import annotations

from django.contrib.auth.base_user import AbstractBaseUser
from django.db.models import Max

from meetings import history
from meetings.models import AgendaItem, Meeting, MemberState, Statement


class NoItemError(Exception):
    """An agenda item that somebody removed meanwhile."""

    def __str__(self) -> str:
        return "This item was removed from the agenda meanwhile. Choose another one."


def record_statement(
    item: AgendaItem,
    text: str,
    *,
    member_state: MemberState | None = None,
    speaker: str = "",
    by: AbstractBaseUser,
) -> Statement:
    """Keep a statement on an agenda item, after those that stand there. Raises NoItemError."""
    with history.activity("attributing.record_statement", by):
        # as whoever changes the agenda does: an item with statements stays
        Meeting.objects.select_for_update(no_key=True).get(pk=item.meeting_id)
        if not AgendaItem.objects.filter(pk=item.pk).exists():
            raise NoItemError
        last = item.statements.aggregate(last=Max("position"))["last"]
        return Statement.objects.create(
            agenda_item=item, position=int(last or 0) + 1, member_state=member_state,
            speaker=speaker, text=text,
        )  # fmt: skip


def remove_statement(statement: Statement, *, by: AbstractBaseUser) -> None:
    """Remove a statement that was kept by mistake."""
    with history.activity("attributing.remove_statement", by):
        statement.delete()
