"""Promises: what was promised, by when, and what it came to, computed for a day.

`states` holds the rules, without a database; `reading` brings their facts from the record;
`ledger` makes rows that people read of them, in the words of `words`; `cycles` and `timeline` are
what the ledger's page shows besides.
"""

from meetings.promises.asking import asked_of_member_states
from meetings.promises.ledger import (
    Row,
    StatusRow,
    open_on,
    open_rows,
    open_standings,
    returning,
    rows,
    status_annexes,
)
from meetings.promises.reading import standing, standings, state
from meetings.promises.states import OPEN_STATES, Standing, State, due_day, settles_later

__all__ = [
    "OPEN_STATES",
    "Row",
    "Standing",
    "State",
    "StatusRow",
    "asked_of_member_states",
    "due_day",
    "open_on",
    "open_rows",
    "open_standings",
    "returning",
    "rows",
    "settles_later",
    "standing",
    "standings",
    "state",
    "status_annexes",
]
