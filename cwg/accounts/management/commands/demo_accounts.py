"""Make the sign-ins of the demonstration, one for each role: examples, no real people."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from cwg.accounts.models import User
from meetings.models import DelegateTerm, MemberState, RoleTerm, WorkingGroup

PASSWORD = "a-record-kept-well"  # noqa: S105 - the demonstration's, printed on the screen
ACCOUNTS = {
    "secretariat@example.org": RoleTerm.Role.LEAD,
    "editor@example.org": RoleTerm.Role.EDITOR,
    "chair@example.org": RoleTerm.Role.CHAIR,
    "vice-chair@example.org": RoleTerm.Role.VICE_CHAIR,
    "reader@example.org": RoleTerm.Role.READER,
}
DELEGATES = {
    # two delegations to each group, examples: e-mail, the Member State's code, role
    "focal-point-ke@example.org": ("KE", DelegateTerm.Role.FOCAL_POINT),
    "delegate-ke@example.org": ("KE", DelegateTerm.Role.DELEGATE),
    "focal-point-no@example.org": ("NO", DelegateTerm.Role.FOCAL_POINT),
    "delegate-no@example.org": ("NO", DelegateTerm.Role.DELEGATE),
}
SINCE = date(2023, 1, 1)


class Command(BaseCommand):
    """Make the demo sign-ins, or set their password again."""

    help = "Make the demo sign-ins and print them. Refused where DEPLOYMENT is production."

    def handle(self, *args: Any, **options: Any) -> None:
        if settings.PRODUCTION:
            raise CommandError("Demo sign-ins are not made where DEPLOYMENT is production.")
        groups = list(WorkingGroup.objects.filter(record_kept_here=True))
        for email, role in ACCOUNTS.items():
            user = self._account(email)
            for group in groups:
                RoleTerm.objects.get_or_create(person=user, group=group, role=role, from_day=SINCE)
            self.stdout.write(f"  {email}  {PASSWORD}  ({role.label})")
        for email, (iso, place) in DELEGATES.items():
            user, state = self._account(email), MemberState.objects.get(iso=iso)
            for group in groups:
                # where somebody handed over meanwhile, the delegations stay as they are
                if not DelegateTerm.objects.filter(person=user, group=group).exists():
                    DelegateTerm.objects.create(
                        person=user, group=group, member_state=state, role=place, from_day=SINCE
                    )
            self.stdout.write(f"  {email}  {PASSWORD}  ({place.label} of {state})")

    def _account(self, email: str) -> User:
        user = User.objects.filter(email=email).first() or User.objects.create_user(email)
        if not user.check_password(PASSWORD):  # a password set anew signs everybody out
            user.set_password(PASSWORD)
            user.save()
        return user
