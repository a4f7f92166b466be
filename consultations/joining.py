"""What the secretariat says of contributors: these are one, these are two, this is how it is spelled.

Whoever calls asks first for `consultations.change_contributor` with the row (cwg/roles.py). Each act is
one transaction under the lock of the group, with its reason; each can be undone.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from django.contrib.auth.base_user import AbstractBaseUser
from django.db.models import Max

from consultations import names, naming, standing
from consultations.models import (
    Contributor,
    ContributorMerge,
    FormerName,
    NamesAlike,
    Naming,
)
from meetings import history


class JoiningError(Exception):
    """An act on contributors that cannot be done as asked; never raised itself."""


class ReasonMissingError(JoiningError):
    """An act without its reason."""

    def __str__(self) -> str:
        return "Give the reason; it is kept in the history. Nothing was changed."


class NotAlikeInKindError(JoiningError):
    """A person and an organization, or two of different groups, or one with itself."""

    def __str__(self) -> str:
        return (
            "Only two persons or two organizations of one group can be the same. Nothing was "
            "changed."
        )


class MergedAlreadyError(JoiningError):
    """Merging what is merged."""

    def __init__(self, contributor: Contributor, into: Contributor) -> None:
        super().__init__(
            f"“{contributor}” is merged into “{into}” already. Undo that first. Nothing was changed."
        )


class CircleError(JoiningError):
    """Merging into something that was merged into it."""

    def __init__(self, contributor: Contributor, into: Contributor) -> None:
        super().__init__(
            f"“{into}” is merged into “{contributor}”: the other way round would be a circle. Undo that "
            "first. Nothing was changed."
        )


class UndoneAlreadyError(JoiningError):
    """Undoing what somebody undid meanwhile."""

    def __str__(self) -> str:
        return "Somebody undid this already. Nothing was changed."


class OnlyOneError(JoiningError):
    """Telling a name apart from itself."""

    def __init__(self, contributor: Contributor) -> None:
        super().__init__(
            f"Only this contribution names “{contributor}”: there is nobody to tell it apart from. "
            "Nothing was changed."
        )


class NotWrittenSoError(JoiningError):
    """A spelling that no sender published."""

    def __init__(self, name: str) -> None:
        super().__init__(
            f"Nobody who is published wrote “{name}” for this one. Choose a spelling that somebody "
            "wrote. Nothing was changed."
        )


@contextmanager
def _act(what: str, group: int, by: AbstractBaseUser, reason: str) -> Iterator[str]:
    """Do one act in one transaction under the lock of the group; give its reason without spaces."""
    if not (said := reason.strip()):
        raise ReasonMissingError
    with history.activity(f"joining.{what}", by, said):
        naming.lock(group)
        yield said


def merge(
    contributor: Contributor, into: Contributor, reason: str, *, at: datetime, by: AbstractBaseUser
) -> ContributorMerge:
    """Say that a contributor is another one; `undo` takes it back.

    What names it stands on the other's page from now on, and its address leads there. Raises
    ReasonMissingError, NotAlikeInKindError, MergedAlreadyError or CircleError.
    """
    alike = contributor.kind == into.kind and contributor.group_id == into.group_id
    if not alike or contributor.pk == into.pk:
        raise NotAlikeInKindError
    with _act("merge", contributor.group_id, by, reason) as said:
        standing_merge = contributor.merges.filter(undone_at=None).select_related("into").first()
        if standing_merge is not None:
            raise MergedAlreadyError(contributor, standing_merge.into)
        if any({contributor.pk, into.pk} <= {*each} for each in naming.together([into.pk])):
            raise CircleError(contributor, into)
        made = ContributorMerge.objects.create(
            contributor=contributor, into=into, reason=said, made_at=at, made_by_id=by.pk
        )
        naming.settle({contributor.pk, into.pk})
        return made


def undo(
    merged: ContributorMerge, reason: str, *, at: datetime, by: AbstractBaseUser
) -> ContributorMerge:
    """Take a merge back: both have their own pages again. Raises ReasonMissingError, UndoneAlreadyError."""
    with _act("undo", merged.contributor.group_id, by, reason) as said:
        held = ContributorMerge.objects.filter(pk=merged.pk, undone_at=None).first()
        if held is None:
            raise UndoneAlreadyError
        held.undone_at, held.undone_by_id, held.undone_reason = at, by.pk, said
        held.save()
        naming.settle({held.contributor_id, held.into_id})
        return held


def tell_apart(
    one: Contributor, other: Contributor, reason: str, *, at: datetime, by: AbstractBaseUser
) -> NamesAlike:
    """Say that two are not the same: they are offered no more; `offer_again` takes it back.

    Raises ReasonMissingError or NotAlikeInKindError.
    """
    if one.pk == other.pk or (one.kind, one.group_id) != (other.kind, other.group_id):
        raise NotAlikeInKindError
    first, second = sorted((one, other), key=lambda each: each.pk)
    with _act("tell_apart", one.group_id, by, reason) as said:
        pair = NamesAlike.objects.filter(one=first, other=second).first() or NamesAlike(
            one=first, other=second, percent=names.percent(first.name, second.name)
        )
        pair.told_apart_at, pair.told_apart_by_id, pair.reason = at, by.pk, said
        pair.save()
        return pair


def offer_again(pair: NamesAlike, reason: str, *, by: AbstractBaseUser) -> NamesAlike:
    """Offer two again that were told apart. Raises ReasonMissingError or UndoneAlreadyError."""
    with _act("offer_again", pair.one.group_id, by, reason):
        held = NamesAlike.objects.filter(pk=pair.pk, told_apart_at__isnull=False).first()
        if held is None:
            raise UndoneAlreadyError
        held.told_apart_at, held.told_apart_by, held.reason = None, None, ""
        held.save()
        return held


def split(named: Naming, reason: str, *, at: datetime, by: AbstractBaseUser) -> Contributor:
    """Say that a contribution names somebody else of the same name, who gets a page of their own.

    Merging the new one into the old takes it back. It stays so when the contribution is changed and
    published again under this name. Raises ReasonMissingError or OnlyOneError.
    """
    with _act("split", named.contributor.group_id, by, reason) as said:
        # contributions are locked before the group everywhere: here nothing of it is written
        held = Naming.objects.select_related("contributor", "contribution").get(pk=named.pk)
        was = held.contributor
        if not was.namings.exclude(pk=held.pk).exists():
            raise OnlyOneError(was)
        same = {name: getattr(was, name) for name in ("group_id", "kind", "folded", "beside")}
        last = Contributor.objects.filter(**same).aggregate(last=Max("apart"))["last"] or 0
        made = naming.make(name=was.name, apart=last + 1, **same)
        held.contributor = held.shown = made
        held.save()
        naming.settle({was.pk})
        NamesAlike.objects.filter(one=was, other=made).delete()
        NamesAlike.objects.create(
            one=was, other=made, percent=100, told_apart_at=at, told_apart_by_id=by.pk, reason=said
        )
        standing.remember(
            held.contribution, "joining.split", held.contribution.standing, at=at, by=by,
            reason=said,
        )  # fmt: skip
        return made


def spellings(contributor: Contributor) -> list[str]:
    """Return how senders who are published wrote the name of a contributor, in order."""
    found = set()
    rows = naming.public().filter(contributor=contributor).select_related("contribution__country")
    for each in rows.prefetch_related("contribution__organisations"):
        found |= {
            said.name for said in naming.said(each.contribution) if said.position == each.position
        }
    return sorted(found)


def respell(
    contributor: Contributor, name: str, reason: str, *, at: datetime, by: AbstractBaseUser
) -> Contributor:
    """Show the name in another spelling that a sender wrote; the old address leads to the new one.

    Raises ReasonMissingError or NotWrittenSoError.
    """
    with _act("respell", contributor.group_id, by, reason) as said:
        held = Contributor.objects.get(pk=contributor.pk)
        if name not in spellings(held):
            raise NotWrittenSoError(name)
        was, old = held.slug, held.name
        held.name = name
        if names.slug(name, held.kind, lambda _: False) != names.slug(
            old, held.kind, lambda _: False
        ):
            held.slug = names.slug(
                name, held.kind, lambda text: naming.is_taken(held.group_id, text, but=held)
            )
        if held.slug != was:
            held.former_names.filter(slug=held.slug).delete()
            FormerName.objects.create(
                group_id=held.group_id, contributor=held, name=old, slug=was, reason=said, until=at,
                changed_by_id=by.pk,
            )  # fmt: skip
        held.save()
        return held
