"""A topic for open consultation that a document proposes: what stood before, and how it becomes one.

One act makes both: with the submission of its document the proposal is a Topic, proposed by the
Member States that stand as sources. Until an outcome names it, it is as public as its document.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from django.db import IntegrityError, transaction
from django.db.models import Exists, OuterRef, Prefetch, Q
from django.utils.text import slugify

from meetings.languages import in_any_language
from meetings.models import (
    Document,
    MemberState,
    Outcome,
    OutcomeTopic,
    Topic,
    TopicProposal,
    TopicQuestion,
    WorkingGroup,
)

MOST_SHOWN, MOST_READ = 10, 500
# Chinese is written without spaces: each letter is a word
_WORD = re.compile(r"[^\W\d_\u2e80-\U0003ffff]{4,}|[\u2e80-\U0003ffff]")
# Words of any title, of four letters and more
EVERYDAY = frozenset({"from", "into", "that", "their", "this", "which", "with"})


class TopicStandsError(Exception):
    """Proposing a topic that the group has under this very title."""

    def __init__(self, title: str) -> None:
        super().__init__(
            f"The Group has a topic “{title}” already. Ask for another round on it in your text, "
            "or give the new topic a title of its own."
        )


@dataclass(frozen=True, slots=True)
class Earlier:
    """A topic of the group, the words it has in common with a title, and what was said of it."""

    topic: Topic
    in_common: tuple[str, ...]
    outcomes: tuple[Outcome, ...]


def words(text: str) -> frozenset[str]:
    """Return the words of a text that tell what it is about, as they are compared."""
    found = _WORD.findall(unicodedata.normalize("NFKC", text).casefold())
    return frozenset(found) - EVERYDAY


def earlier(group: WorkingGroup, member_state: int | None, title: str) -> list[Earlier]:
    """Return the group's topics on the same matter as `title`, the nearest first; without one, the latest.

    What another delegation proposed in a document that the Group does not read yet is not among
    them. `member_state` is the key of the one that asks.
    """
    public = OutcomeTopic.objects.filter(outcome__in=Outcome.objects.public())
    told = public.filter(topic=OuterRef("pk"))
    known = Q(proposed_in=None) | ~Q(proposed_in__number="") | Exists(told)
    about = Prefetch(
        "outcome_topics",
        public.select_related("outcome__meeting__group").order_by(
            "outcome__meeting__first_day", "outcome__position"
        ),
    )
    topics = (
        Topic.objects.filter(known | Q(proposed_in__member_state=member_state), group=group)
        .prefetch_related(about)
        .order_by("-pk")
    )
    # every title has the words of the group's own name
    own = words(" ".join(text for name in group.names.all() for text in (name.name or {}).values()))
    wanted = words(title) - own
    found = [
        Earlier(
            each,
            tuple(sorted(wanted & words(" ".join((each.title or {}).values())))),
            tuple(said.outcome for said in each.outcome_topics.all()),
        )
        for each in topics[:MOST_READ]
    ]
    if wanted:
        found = [each for each in found if each.in_common]
        found.sort(key=lambda each: -len(each.in_common))
    return found[:MOST_SHOWN]


def stands(group: WorkingGroup, title: dict[str, str]) -> bool:
    """Say whether the group has a topic with this very title, in any of its languages."""
    same = Q(pk=None)
    for language, text in title.items():
        same |= Q(**{f"title__{language}": text})
    return Topic.objects.filter(same, group=group).exists()


def make_topic(document: Document) -> Topic | None:
    """Make the topic that `document` proposes, with its questions; None where it proposes none.

    Call it inside the transaction that submits the document. Raises TopicStandsError.
    """
    proposal = TopicProposal.objects.filter(document=document).first()
    if proposal is None:
        return None
    name = in_any_language(proposal.title)
    topic = Topic(
        group=document.group, key=_key(document, name), title=proposal.title,
        background=proposal.background, proposed_in=document,
    )  # fmt: skip
    try:
        with transaction.atomic():
            topic.save()
    except IntegrityError:
        raise TopicStandsError(name) from None
    for place, text in enumerate(_questions(proposal), 1):
        TopicQuestion.objects.create(topic=topic, position=place, text=text)
    topic.proposed_by.set(
        MemberState.objects.filter(
            pk__in=document.sources.exclude(confirmed_at=None).values("member_state")
        )
    )
    return topic


def join(document: Document, member_state: MemberState) -> None:
    """Name a co-sponsor that confirmed after the submission among those that proposed the topic."""
    for topic in Topic.objects.filter(proposed_in=document):
        topic.proposed_by.add(member_state)


def _key(document: Document, name: str) -> str:
    """Return a short key that the group has not used."""
    plain = slugify(name)[:36].strip("-") or "topic"
    taken = set(
        Topic.objects.filter(group=document.group_id, key__startswith=plain).values_list(
            "key", flat=True
        )
    )
    names = (plain, *(f"{plain}-{n}" for n in range(2, len(taken) + 3)))
    return next(each for each in names if each not in taken)


def _questions(proposal: TopicProposal) -> list[dict[str, str]]:
    """Return the questions, of which each begins a new line; a number or a dash before it goes."""
    found: list[dict[str, str]] = []
    for language, text in (proposal.questions or {}).items():
        lines = [
            re.sub(r"^\s*(?:\(?\d{1,2}[.)]|[-–•*])\s+", "", line).strip()
            for line in text.splitlines()
        ]
        for place, line in enumerate(filter(None, lines)):
            if place == len(found):
                found.append({})
            found[place][language] = line
    return found
