"""Following a group's consultations, a round, a topic or the meetings by e-mail, without an account.

An address counts once its owner has confirmed it by a mailed link, until it is ended by the link in
every mail. Nothing here tells anybody whether an address is known: whatever is asked for, the
answer is the same, and what differs is said in a mail to the address itself.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.core import signing
from django.db import IntegrityError, transaction
from django.db.models import Q, QuerySet
from django.db.models.functions import Lower
from django.urls import reverse

from consultations import announcing
from consultations.models import Consultation, Extension, Subscription
from meetings import outbox
from meetings.languages import in_any_language
from meetings.models import Meeting, Message, Topic, WorkingGroup
from meetings.outbox import Mail
from meetings.record import group_facts
from meetings.site_address import absolute
from meetings.wording import dates
from meetings.wording.messages import messages

What = Subscription.What

CONFIRM_WITHIN = timedelta(days=7)
# Long enough that a link which is followed once more still says that it was ended
ENDED_KEPT = timedelta(days=30)
# A meeting is told of within this time before it begins
MEETINGS_AHEAD = timedelta(days=30)
_CONFIRM, _END = "consultations.following.confirm", "consultations.following.end"
NO_LINK = (
    "This link is not complete, or it has expired: it could be used for seven days. Ask for a new "
    "one where you asked for this."
)


class LinkError(Exception):
    """A link that leads nowhere. It reads as a sentence."""

    def __str__(self) -> str:
        return NO_LINK


@dataclass(frozen=True, slots=True)
class Words:
    """What a mail to whoever follows something says, above how to end that."""

    subject: str
    body: str


# Asked for, confirmed, ended


def ask(
    group: WorkingGroup,
    what: str,
    email: str,
    *,
    at: datetime,
    consultation: Consultation | None = None,
    topic: Topic | None = None,
) -> Message:
    """Mail a link by which the owner of an address confirms that they follow something.

    Whoever follows it already is mailed that, with the link to end it. Mails are written at most
    once a minute for the same wish.
    """
    email = email.strip().lower()
    wish = {"group": group, "what": what, "consultation": consultation, "topic": topic}
    with transaction.atomic():
        rows = Subscription.objects.filter(**wish, email=email, ended_at=None)
        found = rows.first()
        if found is None:
            try:
                with transaction.atomic():
                    found = Subscription.objects.create(**wish, email=email, asked_at=at)
            except IntegrityError:
                found = rows.get()  # asked for twice at once
        elif found.confirmed_at is None:
            # counted from the last time it was asked for, as its link is
            found.asked_at = at
            found.save()
        return _mail_link(found, at)


def _mail_link(subscription: Subscription, at: datetime) -> Message:
    named = name(subscription, at)
    minute = f"{at:%Y%m%d%H%M}"
    if subscription.confirmed_at is not None:
        words = Words(
            f"You follow already: {named}",
            f"Somebody, perhaps you, asked to follow {named} with this address. It is followed "
            "already; nothing was changed.",
        )
        key = f"{subscription.pk}/{minute}"
        mail = _mail(subscription, "following.already", key, words, named, private=True)
        return outbox.write(mail, at=at)
    token = signing.dumps(subscription.pk, salt=_CONFIRM)
    slug = subscription.group.slug
    address = absolute(reverse("consultations:follow_confirm", args=[slug, token]))
    body = (
        f"Somebody, perhaps you, asked that mails about {named} be sent to this address. If it was "
        f"you, confirm it within seven days:\n\n{address}\n\nIf it was not, do nothing: nothing is "
        "sent then, and the address is forgotten.\n"
    )
    mail = Mail(
        key=f"following.confirm/{subscription.pk}/{minute}", rule="following.confirm",
        to=subscription.email, subject=f"Confirm that you follow: {named}", body=body,
        group=subscription.group, private=True,
    )  # fmt: skip
    return outbox.write(mail, at=at)


def confirm(subscription: Subscription, *, at: datetime) -> None:
    """Begin to follow, as the owner of the address asks. Raises LinkError for what was ended."""
    rows = Subscription.objects.filter(pk=subscription.pk, ended_at=None)
    new = rows.filter(confirmed_at=None)
    begun = new.update(confirmed_at=at)  # bulk: once, also of two at once; it keeps no history
    if not begun and not rows.exists():
        raise LinkError


def end(subscription: Subscription, *, at: datetime) -> None:
    """End following; mails about it that have not left are stopped. May be done again."""
    with transaction.atomic():
        rows = Subscription.objects.filter(pk=subscription.pk, ended_at=None)
        rows.update(ended_at=at)  # bulk: once, also of two at once
        outbox.stop_unsubscribed(end_address(subscription))


def by_confirmation(text: str) -> Subscription:
    """Return what a link in a mail confirms. Raises LinkError."""
    try:
        return _found(int(signing.loads(text, salt=_CONFIRM, max_age=CONFIRM_WITHIN)))
    except (signing.BadSignature, ValueError, TypeError):
        raise LinkError from None


def by_end(text: str) -> Subscription:
    """Return what a link in a mail ends, whenever it was mailed. Raises LinkError."""
    try:
        return _found(int(signing.Signer(salt=_END).unsign(text)))
    except (signing.BadSignature, ValueError):
        raise LinkError from None


def _found(key: int) -> Subscription:
    rows = Subscription.objects.select_related("group", "consultation", "topic")
    found = rows.filter(pk=key).first()
    if found is None:
        raise LinkError
    return found


def end_address(subscription: Subscription) -> str:
    """Return the address that ends a subscription with one click (RFC 8058), the same each time."""
    # signed without a time, so that two mails carry the same one
    text = signing.Signer(salt=_END).sign(str(subscription.pk))
    return absolute(reverse("consultations:follow_end", args=[subscription.group.slug, text]))


def name(subscription: Subscription, at: datetime) -> str:
    """Return what is followed, in words, as its group is called at `at`."""
    if subscription.consultation is not None:
        return f"the open consultation “{announcing.name(subscription.consultation)}”"
    if subscription.topic is not None:
        return f"the topic “{in_any_language(subscription.topic.title)}”"
    return {
        What.CONSULTATIONS: "all open consultations",
        What.MEETINGS: "the meetings",
    }[What(subscription.what)] + f" of {_acronym(subscription.group, at)}"


# Told


def announced_words(consultation: Consultation, at: datetime) -> Words:
    """Return what is mailed of a round that is announced."""
    said = messages("en")
    title = announcing.title(consultation)
    body = (
        f"{_acronym(consultation.group, at)} holds an open consultation:\n\n{title}\n\n"
        f"It opens on {consultation.opening().words(said)} and closes on "
        f"{consultation.deadline().words(said)}. Everybody may contribute; no account is needed.\n\n"
        f"{absolute(consultation.get_absolute_url())}"
    )
    return Words(f"Open consultation: {title}", body)


def tell_announced(consultation: Consultation, *, at: datetime) -> int:
    """Write one mail to each address that follows a round, its topics or all, that it is announced.

    Call it in the transaction in which it is announced. Returns how many were written.
    """
    words = announced_words(consultation, at)
    followers = followers_of(consultation)
    return _tell(followers, "following.announced", str(consultation.pk), words, at)


def extended_words(extension: Extension, at: datetime) -> Words:
    """Return what is mailed of an extension, which need not be made yet."""
    consultation = extension.consultation
    title, move = announcing.title(consultation), consultation.move(extension)
    body = (
        f"The open consultation of {_acronym(consultation.group, at)} stays open for longer:\n\n"
        f"{title}\n\n{announcing.extended(move)}\n\n"
        f"{absolute(consultation.get_absolute_url())}"
    )
    return Words(f"Extended to {move.now.words(messages('en'))}: {title}", body)


def tell_extended(extension: Extension, *, at: datetime) -> int:
    """Write one mail to each address that follows a round that its deadline was moved.

    Call it in the transaction in which it is moved. Returns how many were written.
    """
    words = extended_words(extension, at)
    followers = followers_of(extension.consultation)
    return _tell(followers, "following.extended", str(extension.pk), words, at)


def meetings_to_tell(at: datetime) -> QuerySet[Meeting]:
    """Return the meetings that begin soon, of groups whose meetings somebody follows."""
    followed = _counting().filter(what=What.MEETINGS).order_by().values("group")
    return Meeting.objects.filter(
        group__in=followed, group__record_kept_here=True, cancelled_on=None,
        first_day__gt=at.date(), first_day__lte=(at + MEETINGS_AHEAD).date(),
    ).select_related("group")  # fmt: skip


def tell_meetings(at: datetime) -> int:
    """Write to whoever follows the meetings that one begins soon; somebody approves it first.

    Returns how many mails were written; what stands written is not written again.
    """
    return sum(_tell_meeting(each, at) for each in meetings_to_tell(at))


def count_to_tell_meetings(at: datetime) -> int:
    """Return how many mails `tell_meetings` would write."""
    return sum(len({sub.email for sub in _untold(each)}) for each in meetings_to_tell(at))


def _tell_meeting(meeting: Meeting, at: datetime) -> int:
    said = messages("en")
    named = f"{_acronym(meeting.group, at)}, {meeting.get_series_display()} {meeting.ordinal}"
    when = dates.days(said, meeting.first_day, meeting.last_day)
    place = in_any_language(meeting.place)
    body = (
        f"{named}: {when}{f', {place}' if place else ''}.\n\nIts agenda and documents:\n\n"
        f"{absolute(meeting.get_absolute_url())}"
    )
    words = Words(f"{named}, {when}", body)
    return _tell(_untold(meeting), "following.meeting", _of_meeting(meeting), words, at, held=True)


def _of_meeting(meeting: Meeting) -> str:
    # told anew where it is held on another day
    return f"{meeting.pk}/{meeting.first_day:%Y-%m-%d}"


def _untold(meeting: Meeting) -> list[Subscription]:
    """Return who follows the meetings and was not told of this one."""
    begins = f"following.meeting/{_of_meeting(meeting)}/"
    told = set(Message.objects.filter(key__startswith=begins).values_list("key", flat=True))
    rows = _counting().filter(group=meeting.group, what=What.MEETINGS)
    return [each for each in rows if f"{begins}{_mark(each.email)}" not in told]


def followers_of(consultation: Consultation) -> QuerySet[Subscription]:
    """Return who is told of a round: who follows it, one of its topics, or all of its group’s."""
    topics = consultation.consultation_topics.order_by().values("topic")
    return _counting().filter(
        Q(what=What.CONSULTATIONS)
        | Q(what=What.CONSULTATION, consultation=consultation)
        | Q(what=What.TOPIC, topic__in=topics),
        group=consultation.group,
    )


def number_of_followers(consultation: Consultation) -> int:
    """Return how many addresses are told of a round."""
    rows = followers_of(consultation).order_by().annotate(address=Lower("email"))
    return rows.values("address").distinct().count()


def _counting() -> QuerySet[Subscription]:
    rows = Subscription.objects.filter(confirmed_at__isnull=False, ended_at=None)
    return rows.select_related("group", "consultation", "topic").order_by("pk")


def _tell(
    followers: Iterable[Subscription],
    rule: str,
    what: str,
    words: Words,
    at: datetime,
    *,
    held: bool = False,
) -> int:
    """Write one mail to each address; the key is made of the address, so that none is told twice."""
    told: dict[str, Subscription] = {}
    for each in followers:
        told.setdefault(each.email.lower(), each)
    named: dict[tuple[object, ...], str] = {}  # what is followed is asked for once, not by each
    mails = []
    for email, each in told.items():
        about = (each.group_id, each.what, each.consultation_id, each.topic_id)
        if about not in named:
            named[about] = name(each, at)
        key = f"{what}/{_mark(email)}"
        mails.append(_mail(each, rule, key, words, named[about], held=held))
    return outbox.write_all(mails, at=at)


def _mail(
    subscription: Subscription,
    rule: str,
    key: str,
    words: Words,
    named: str,
    *,
    private: bool = False,
    held: bool = False,
) -> Mail:
    address = end_address(subscription)
    foot = f"You receive this because you follow {named}. To end that: {address}\n"
    return Mail(
        key=f"{rule}/{key}", rule=rule, to=subscription.email, subject=words.subject,
        body=f"{words.body}\n\n-- \n{foot}", group=subscription.group, unsubscribe=address,
        private=private, held=held,
    )  # fmt: skip


def _mark(email: str) -> str:
    return hashlib.sha256(email.encode()).hexdigest()[:32]


def _acronym(group: WorkingGroup, at: datetime) -> str:
    facts = group_facts(group, at.date(), "en")
    return facts.acronym.text or facts.name.text or group.slug


# Forgotten


def to_forget(at: datetime) -> QuerySet[Subscription]:
    """Return what nobody confirmed in time, and what was ended long enough ago."""
    never = Q(confirmed_at=None, asked_at__lte=at - CONFIRM_WITHIN)
    return Subscription.objects.filter(never | Q(ended_at__lte=at - ENDED_KEPT))


def forget(at: datetime) -> int:
    """Remove the addresses that are of no more use; return how many."""
    return to_forget(at).delete()[0]
