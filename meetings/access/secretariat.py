"""Whose row it is, and who may see it in the secretariat's site.

A row belongs to one group, or to none and is shared by all (bodies, sessions, instruments, regions,
Member States). Whose it is follows from the model: a field `group`, else the row it is a part of
(the relation that cascades), else what the model states as `group_path`. What somebody may do with
a row they see is for the roles to say: `user.has_perm(permission, row)`.

What a delegation has begun and not submitted is nobody's here, an administrator's neither; nor is
its history.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

from auditlog.models import LogEntry
from auditlog.registry import auditlog
from django.apps import apps
from django.contrib.auth import get_user_model
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.db.models import Q, QuerySet

from meetings.models import (
    AgendaItem,
    Body,
    Chairing,
    DelegateTerm,
    Document,
    GroupName,
    Instrument,
    ListedTopic,
    Meeting,
    MemberState,
    Message,
    Officer,
    Outcome,
    OutcomePoint,
    OutcomeTopic,
    Region,
    Revision,
    RoleTerm,
    Session,
    Statement,
    Topic,
    WorkingGroup,
)

# What the public pages print of a group whose record is kept here, and what they print of all.
PRINTED_OF_A_GROUP: tuple[type[models.Model], ...] = (
    AgendaItem, Chairing, GroupName, Meeting, Officer, Outcome, OutcomePoint, OutcomeTopic, Topic,
    WorkingGroup,
)  # fmt: skip
PRINTED_OF_ALL: tuple[type[models.Model], ...] = (
    Body, Instrument, ListedTopic, MemberState, Region, Revision, Session,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class ViewedAs:
    """A role in a group as which somebody looks at the site; it only takes away."""

    group: int
    role: str
    by_administrator: bool


# People


def is_administrator(user: Any) -> bool:
    """Say whether `user` may see every group's rows; nobody is while viewing as another role."""
    return bool(user.is_active and user.is_superuser)


def viewed_as(user: Any) -> ViewedAs | None:
    """Return as what `user` looks at the site, where not as themselves."""
    seen: ViewedAs | None = getattr(user, "viewed_as", None)
    return seen


def roles_held(user: Any, day: date) -> Mapping[int, frozenset[str]]:
    """Return the roles that terms give `user` on `day`, by group; read once for each user object."""
    if not user.is_active or user.pk is None:
        return {}
    kept = getattr(user, "_roles_held", None)
    if kept is None or kept[0] != day:
        held: dict[int, frozenset[str]] = {}
        for group, role in (
            RoleTerm.objects.on(day).filter(person=user.pk).values_list("group", "role")
        ):
            held[group] = held.get(group, frozenset()) | {role}
        kept = user._roles_held = (day, held)
    return dict(kept[1])


def staff_of(group: WorkingGroup, day: date) -> QuerySet[RoleTerm]:
    """Return the terms of the secretariat's lead and editors in `group` on `day`."""
    roles = (RoleTerm.Role.LEAD, RoleTerm.Role.EDITOR)
    return RoleTerm.objects.on(day).filter(group=group, role__in=roles, person__is_active=True)


def _keys(user: Any, day: date) -> frozenset[int]:
    """Return the groups in which somebody who is no administrator has a role."""
    held = frozenset(roles_held(user, day))
    seen = viewed_as(user)
    if seen is None:
        return held
    return frozenset({seen.group} if seen.by_administrator or seen.group in held else ())


def groups_of(user: Any, day: date) -> QuerySet[WorkingGroup]:
    """Return the groups in which `user` has any role on `day`; all, to an administrator."""
    groups = WorkingGroup.objects.all()
    return groups if is_administrator(user) else groups.filter(pk__in=_keys(user, day))


# Rows


def path_to_group(model: type[models.Model]) -> str | None:
    """Return the lookup from a row of `model` to its group; None where its rows are shared."""
    return _path(model._meta.label)


@cache
def _path(label: str) -> str | None:
    model = apps.get_model(label)
    if model is WorkingGroup:
        return "pk"
    if stated := getattr(model, "group_path", None):
        return str(stated)
    relations = [
        field for field in model._meta.concrete_fields
        if isinstance(field, models.ForeignKey) and field.related_model is not model
    ]  # fmt: skip
    if any(each.name == "group" and each.related_model is WorkingGroup for each in relations):
        return "group"
    for field in relations:
        if field.remote_field.on_delete is models.CASCADE:
            above = path_to_group(field.related_model)
            if above is not None:
                return field.name if above == "pk" else f"{field.name}__{above}"
    return None


def is_shared(row: models.Model) -> bool:
    """Say whether `row` belongs to no group; a group that is only named belongs to none either."""
    if isinstance(row, WorkingGroup):
        return not row.record_kept_here
    return path_to_group(type(row)) is None


def group_of(row: Any) -> WorkingGroup | None:
    """Return the group whose row this is; None where it is shared or does not say so yet."""
    path = path_to_group(type(row))
    if path is None:
        return None
    for name in () if path == "pk" else path.split("__"):
        row = getattr(row, name, None)
    return row if isinstance(row, WorkingGroup) else None


@cache
def _path_to_document(label: str) -> str | None:
    """Return the lookup from a row to the document it is a part of; "" for a document itself."""
    model = apps.get_model(label)
    if model is Document:
        return ""
    for field in model._meta.concrete_fields:
        if (
            isinstance(field, models.ForeignKey)
            and field.related_model is Document
            and field.remote_field.on_delete is models.CASCADE
        ):
            return f"{field.name}__"
    return None


def is_of_a_draft(row: models.Model) -> bool:
    """Say whether `row` is a draft of a delegation, a part of one or its history: for its own alone."""
    if isinstance(row, LogEntry):
        about_row = _row_of(row)
        return about_row is not None and is_of_a_draft(about_row)
    path = _path_to_document(row._meta.label)
    if path is None:
        return False
    about: Any = getattr(row, path.removesuffix("__")) if path else row
    return bool(about.is_draft)


def _row_of(entry: LogEntry) -> models.Model | None:
    """Return the row that an entry of the history is about, where it stands."""
    model = entry.content_type.model_class()
    row: models.Model | None = (
        model._default_manager.filter(pk=entry.object_pk).first() if model else None
    )
    return row


def _of_drafts(path: str) -> dict[str, bool]:
    """Return the condition on a row with that path to its document that the document is a draft."""
    return {f"{path}member_state__isnull": False, f"{path}submitted_at__isnull": True}


def _without_drafts[Row: models.Model](rows: QuerySet[Row]) -> QuerySet[Row]:
    if rows.model is LogEntry:
        return rows.exclude(_about_drafts())
    path = _path_to_document(rows.model._meta.label)
    return rows if path is None else rows.exclude(**_of_drafts(path))


def _about_drafts() -> Q:
    """Return the condition on history: about a draft of a delegation, or a part of one."""
    about = Q(pk=None)
    for model in auditlog.get_models():
        path = _path_to_document(model._meta.label)
        if path is not None:
            rows = model._default_manager.order_by().filter(**_of_drafts(path)).values("pk")
            about |= Q(content_type=ContentType.objects.get_for_model(model), object_id__in=rows)
    return about


def may_see(user: Any, row: models.Model, day: date) -> bool:
    """Say whether `user` sees `row` in the secretariat's site on `day`.

    Rows of a group are seen by people with a role in it, shared ones by people with any role,
    people by those who have a role in a group where they have or had one.
    """
    if is_of_a_draft(row):
        return False
    if is_administrator(user):
        return True
    keys = _keys(user, day)
    if isinstance(row, get_user_model()):
        return RoleTerm.objects.filter(person=row.pk, group__in=keys).exists()
    if isinstance(row, LogEntry):
        about = _row_of(row)
        return about is not None and may_see(user, about, day)
    group = group_of(row)
    return bool(keys) if is_shared(row) else group is not None and group.pk in keys


def visible_to[Row: models.Model](user: Any, rows: QuerySet[Row], day: date) -> QuerySet[Row]:
    """Return those of `rows` that `user` sees in the secretariat's site on `day`: `may_see` of many."""
    rows = _without_drafts(rows)
    if is_administrator(user):
        return rows
    keys = _keys(user, day)
    if not keys:
        return rows.none()
    if rows.model is get_user_model():
        people = RoleTerm.objects.filter(group__in=keys).values("person")
        return rows.filter(pk__in=people)
    if rows.model is LogEntry:
        return rows.filter(_about_what_is_visible_to(user, day))
    path = path_to_group(rows.model)
    if path is None:
        return rows
    own = Q(**{f"{path}__in": keys})
    return rows.filter(own | Q(record_kept_here=False) if rows.model is WorkingGroup else own)


def _about_what_is_visible_to(user: Any, day: date) -> Q:
    """Return the condition on history: about a row that stands and is seen.

    What is gone has no group any more: who removed what is for administrators to see.
    """
    about = Q(pk=None)
    for model in auditlog.get_models():
        rows = visible_to(user, model._default_manager.order_by(), day).values("pk")
        about |= Q(content_type=ContentType.objects.get_for_model(model), object_id__in=rows)
    return about


# Roles


def may_give(user: Any, role: str) -> bool:
    """Say whether somebody who may give roles may give or end this one: leads are made above."""
    return is_administrator(user) or role != RoleTerm.Role.LEAD


# Who can see this


EVERYBODY = "everybody"
ADMINISTRATORS = "administrators"


def audience(row: models.Model) -> str:
    """Return who can see `row`, in words that go on from “Who can see this:”."""
    group = group_of(row)
    if not _is_shown(row) or (isinstance(row, Topic) and not row.is_known):
        return people_of(group)
    if isinstance(row, PRINTED_OF_ALL) or (is_shared(row) and isinstance(row, WorkingGroup)):
        return EVERYBODY
    if isinstance(row, PRINTED_OF_A_GROUP) and group is not None and group.record_kept_here:
        return EVERYBODY
    if isinstance(row, Document) and row.public and group is not None and group.record_kept_here:
        return EVERYBODY
    if isinstance(row, RoleTerm | DelegateTerm | Message | Statement):
        return f"the secretariat of {group}" if group else ADMINISTRATORS
    return people_of(group)


def _is_shown(row: Any) -> bool:
    """Say whether its meeting's page shows it: an agenda once published, outcomes once it is closed."""
    if isinstance(row, AgendaItem):
        return row.meeting.agenda_public
    if isinstance(row, OutcomePoint | OutcomeTopic):
        row = row.outcome
    return not isinstance(row, Outcome) or row.meeting.outcomes_public


def people_of(group: WorkingGroup | None) -> str:
    """Return the words for the people of `group`, or of any where the row is shared."""
    return f"people with a role in {group}" if group else "people with a role in any group"
