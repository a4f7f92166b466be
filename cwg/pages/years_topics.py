"""The topics that instruments list, and the rounds that drew on each: some were never consulted on."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.db.models import Prefetch

from cwg.pages.life import Life
from cwg.pages.years_counted import Round
from meetings.languages import in_any_language
from meetings.models import ListedTopic, Revision, WorkingGroup

MOST_TOPICS = 200


@dataclass(frozen=True, slots=True)
class Consulted:
    """A topic that an instrument lists, and the rounds that drew on it."""

    position: int
    text: str
    rounds: tuple[Round, ...]


@dataclass(frozen=True, slots=True)
class TopicList:
    """The topics that an instrument lists, as last revised."""

    instrument: str
    address: str
    revision: str
    topics: tuple[Consulted, ...]

    @property
    def never(self) -> int:
        """Return on how many of them nobody was consulted."""
        return sum(not each.rounds for each in self.topics)


def topic_lists(
    group: WorkingGroup, lives: Sequence[Life], rounds: Mapping[int, Round]
) -> tuple[tuple[TopicList, ...], set[int]]:
    """Return the lists that the group's topics draw on, as last revised, and which rounds draw on one.

    A topic that was drawn from an earlier revision counts where the later one lists the same words.
    """
    drawn_by: defaultdict[tuple[int, str], dict[int, Round]] = defaultdict(dict)
    instruments: set[int] = set()
    drawing: set[int] = set()
    for life in lives:
        key = life.consultation.pk
        for said in life.consultation.consultation_topics.all():
            if (listed := said.topic.draws_on) is not None:
                instrument = listed.revision.instrument_id
                instruments.add(instrument)
                drawing.add(key)
                drawn_by[instrument, _words(listed)][key] = rounds[key]
    instruments |= set(
        ListedTopic.objects.filter(topics__group=group)
        .order_by().values_list("revision__instrument", flat=True)
    )  # fmt: skip
    latest: dict[int, Revision] = {}
    revisions = Revision.objects.filter(instrument__in=instruments, listed_topics__isnull=False)
    for each in (
        revisions.distinct().select_related("instrument__body", "adopted_by")
        .prefetch_related(Prefetch("listed_topics", ListedTopic.objects.order_by("position")))
    ):  # fmt: skip
        latest[each.instrument_id] = each  # in the order in which they came into force
    lists = tuple(
        TopicList(
            str(each.instrument), each.instrument.get_absolute_url(), str(each),
            tuple(
                Consulted(
                    listed.position, in_any_language(listed.text),
                    tuple(drawn_by[each.instrument_id, _words(listed)].values()),
                )
                for listed in list(each.listed_topics.all())[:MOST_TOPICS]
            ),
        )
        for each in latest.values()
    )  # fmt: skip
    return lists, drawing


def _words(listed: ListedTopic) -> str:
    return " ".join(in_any_language(listed.text).split()).casefold()
