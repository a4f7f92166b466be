"""When somebody was here last, so that they can be told what changed since."""

from __future__ import annotations

from datetime import datetime, timedelta

from cwg.accounts.models import User

A_VISIT = timedelta(hours=1)  # after which coming again is another visit


def last_visit(user: User, at: datetime) -> datetime | None:
    """Note that `user` is here at `at`, and return when their visit before this one began.

    None on the first visit. Nothing is noted of somebody who looks as another role would.
    """
    if user.viewed_as is not None:
        return user.last_visit
    this = user.this_visit
    if this is None or at - this >= A_VISIT:
        noted = User.objects.filter(pk=user.pk, this_visit=this)
        noted.update(this_visit=at, last_visit=this)  # bulk: no fact of the record
        user.this_visit, user.last_visit = at, this
    return user.last_visit
