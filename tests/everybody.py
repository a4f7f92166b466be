"""Everybody who meets the site, and by which right: the columns of the matrix outside the secretariat."""

from __future__ import annotations

from cwg.accounts.models import User
from meetings.models import WorkingGroup
from tests.documents_in_states import ASKED, WRITER
from tests.meetings.delegates import make_delegate
from tests.two_groups import PASSWORD, make_person

# Whose delegation, and what they do in it
DELEGATES = {
    "delegate_a": (WRITER, "delegate"), "focal_a": (WRITER, "focal_point"),
    "delegate_b": (ASKED, "delegate"), "focal_b": (ASKED, "focal_point"),
}  # fmt: skip
# Those who contribute sign in nowhere: their private links are all they have
WITHOUT_ACCOUNT = ("nobody", "stakeholder")
STAFF = ("reader", "editor", "lead", "chair", "vice_chair")
# Of the other group, "x": the focal point of the same Member State as A, and the lead
ROLES = (*WITHOUT_ACCOUNT, *DELEGATES, "focal_x", *STAFF, "lead_x", "administrator")


def make_everybody(own: WorkingGroup, other: WorkingGroup) -> dict[str, User]:
    """Make everybody who has an account, by the name of their column."""
    people = {role: make_delegate(own, *place) for role, place in DELEGATES.items()}
    people["focal_x"] = make_delegate(other, WRITER, "focal_point")
    for each in people.values():
        each.set_password(PASSWORD)
        each.save()
    people |= {role: make_person(own, role) for role in STAFF}
    people["lead_x"] = make_person(other, "lead")
    people["administrator"] = User.objects.create_superuser("administrator@example.org", PASSWORD)
    return people
