"""A history of a round that a test keeps by itself, beside what the project makes of the same acts.

Its rules are stated here once more: what is taken, what is refused, where each contribution stands
afterwards. Numbers are counted from it, never from the project's rows.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import override_settings

from consultations import drafts, entry, intake, late, moderation, standing
from consultations.intake import Change
from consultations.models import Consultation, Contribution
from cwg.accounts.models import User
from meetings.models import MemberState
from tests.consultations.making import CLOSES, MEANWHILE

REFUSED = (intake.IntakeError, moderation.ModerationError, standing.StandingError)
UNCONFIRMED, OPEN = {"draft", "sent"}, {"awaiting", "published", "passed"}
GROUPS = ["academia", "civil_society", "government"]
COUNTRIES = ["BR", "CH", "KE"]
MONTH = timedelta(days=30)


@dataclass
class Mine:
    """What the test itself knows of one contribution."""

    key: int
    group: str
    country: str
    language: str
    answers: set[int]
    publish: bool
    saved: datetime
    stands: str = "draft"
    number: int = 0
    proposed_by: int | None = None
    into: int | None = None
    late_until: datetime | None = None
    redacted: int = 0

    def row(self) -> Contribution:
        return Contribution.objects.get(pk=self.key)


@dataclass
class History:
    """The history of a round, and its clock; each method named by a verb is something that happens."""

    round: Consultation
    staff: list[User]
    at: datetime = MEANWHILE
    all: list[Mine] = field(default_factory=list)
    told: list[tuple[int, str]] = field(
        default_factory=list
    )  # (which, where it stood from then on)
    numbers: int = 0

    def __post_init__(self) -> None:
        self.questions = {each.position: each.pk for each in self.round.questions.all()}

    def one(self, which: int) -> Mine | None:
        """Return one of those that are still there, None where none is."""
        there = [each for each in self.all if each.stands != "gone"]
        return there[which % len(there)] if there else None

    def stood(self) -> dict[int, str]:
        """Return where each stands, by what was told last."""
        return dict(self.told)

    def goes(self, mine: Mine, to: str) -> None:
        if to == "awaiting" and not mine.number:
            self.numbers += 1
            mine.number = self.numbers
        if to not in OPEN:
            mine.proposed_by = None
        mine.stands = to
        self.told.append((self.all.index(mine), to))

    def tried(self, taken: bool, act: Callable[[], Any]) -> bool:
        """Do it; see that it is refused where the test says so. Return whether it was done."""
        if taken:
            act()
        else:
            with pytest.raises(REFUSED):
                act()
        return taken

    def in_time(self, mine: Mine | None = None) -> bool:
        """Say whether the round takes what comes by a form opened a minute before the closing."""
        window = mine.late_until if mine else None
        return self.at < CLOSES + timedelta(minutes=15) or bool(window and self.at < window)

    @property
    def opened(self) -> datetime:
        return min(self.at, CLOSES - timedelta(minutes=1))

    # What senders do

    def begin(self, which: int, many: int, publish: bool) -> None:
        answers = set(range(1, 2 + many % 3))
        mine = Mine(
            0, GROUPS[which % 3], COUNTRIES[many % 3], ["en", "fr"][which % 2], answers, publish,
            self.at,
        )  # fmt: skip
        facts = {
            "name": "Example Person", "email": "person@example.org",
            "stakeholder_group": mine.group, "language": mine.language, "publish_text": publish,
            "country": MemberState.objects.get(iso=mine.country), "publish_country": True,
        }  # fmt: skip
        words = {self.questions[place]: "Words of a person." for place in answers}

        def act() -> None:
            change = Change(facts, ["Example Organization"])
            made = intake.begin(self.round, change, at=self.at, opened=self.opened)
            intake.save(made, Change({}, answers=words), at=self.at, opened=self.opened)
            mine.key = made.pk

        if self.tried(self.in_time(), act):
            self.all.append(mine)
            self.goes(mine, "draft")

    def send(self, mine: Mine) -> None:
        taken = mine.stands in UNCONFIRMED and self.in_time(mine)
        if self.tried(taken, lambda: intake.send(mine.row(), at=self.at)):
            self.goes(mine, "sent")

    def confirm(self, mine: Mine) -> None:
        taken = mine.stands != "draft"
        if self.tried(taken, lambda: intake.confirm(mine.row(), at=self.at)):
            self.goes(mine, "awaiting" if mine.stands == "sent" else mine.stands)

    def change(self, mine: Mine, many: int, publish: bool) -> None:
        taken = mine.stands in UNCONFIRMED | OPEN and self.in_time(mine)
        answers = set(range(1, 2 + many % 3))
        words = {
            key: "Changed words of a person." if place in answers else ""
            for place, key in self.questions.items()
        }
        told = Change({"publish_text": publish, "language": "en"}, answers=words)
        if self.tried(taken, lambda: intake.save(mine.row(), told, at=self.at, opened=self.opened)):
            mine.answers, mine.publish, mine.language = answers, publish, "en"
            mine.saved = self.at
            self.goes(mine, "awaiting" if mine.stands in OPEN else mine.stands)

    def withdraw(self, mine: Mine) -> None:
        taken = mine.stands in OPEN and self.in_time(mine)
        if self.tried(taken, lambda: intake.withdraw(mine.row(), at=self.at, opened=self.opened)):
            self.goes(mine, "withdrawn")

    def arrive(self, which: int, many: int, publish: bool) -> None:
        """Go the whole way in, as most do."""
        before = len(self.all)
        self.begin(which, many, publish)
        if len(self.all) > before:
            self.send(self.all[-1])
            self.confirm(self.all[-1])

    # What the secretariat does

    def enter(self, which: int, many: int, publish: bool) -> None:
        answers = {1 + many % 3}
        mine = Mine(
            0, GROUPS[which % 3], COUNTRIES[many % 3], "fr", answers, publish, self.at
        )  # fmt: skip
        letter = entry.Letter(
            "paper", self.at.date(), "As it says in the letter.",
            {
                "name": "Example Person", "email": "person@example.org", "language": "fr",
                "stakeholder_group": mine.group,
                "publish_text": publish, "publish_country": True,
                "country": MemberState.objects.get(iso=mine.country),
            },
            answers={self.questions[place]: "Words of a letter." for place in answers},
            late_reason="The post was late.",
        )  # fmt: skip
        mine.key = entry.enter(self.round, letter, at=self.at, by=self.staff[0]).pk
        self.all.append(mine)
        self.goes(mine, "awaiting")

    def publish(self, mine: Mine, by: int) -> None:
        taken = mine.stands in {"awaiting", "passed"} and mine.publish
        if self.tried(taken, lambda: moderation.publish(mine.row(), at=self.at, by=self.staff[by])):
            mine.proposed_by = None
            self.goes(mine, "published")

    def publish_all(self, several: list[Mine], by: int) -> None:
        taken = all(each.stands in {"awaiting", "passed"} and each.publish for each in several)
        rows = [each.row() for each in several]
        if self.tried(taken, lambda: moderation.publish_all(rows, at=self.at, by=self.staff[by])):
            for each in several:
                each.proposed_by = None
                self.goes(each, "published")

    def pass_on(self, mine: Mine, by: int) -> None:
        taken = mine.stands in {"awaiting", "published"}
        if self.tried(taken, lambda: moderation.pass_on(mine.row(), at=self.at, by=self.staff[by])):
            mine.proposed_by = None
            self.goes(mine, "passed")

    def propose(self, mine: Mine, by: int) -> None:
        taken = mine.stands in OPEN and mine.proposed_by is None
        if self.tried(
            taken,
            lambda: moderation.propose_to_decline(
                mine.row(), "Off the topic.", at=self.at, by=self.staff[by]
            ),
        ):
            mine.proposed_by = by

    def second(self, mine: Mine, by: int) -> None:
        taken = mine.proposed_by not in {None, by}
        if self.tried(
            taken, lambda: moderation.confirm_decline(mine.row(), at=self.at, by=self.staff[by])
        ):
            self.goes(mine, "declined")

    def reject(self, mine: Mine, by: int) -> None:
        taken = mine.proposed_by is not None
        if self.tried(
            taken,
            lambda: moderation.reject_decline(
                mine.row(), "It is on it.", at=self.at, by=self.staff[by]
            ),
        ):
            mine.proposed_by = None

    def alone(self, mine: Mine, by: int, allowed: bool) -> None:
        with override_settings(DECLINE_ALONE=allowed):
            if self.tried(
                allowed and mine.stands in OPEN,
                lambda: moderation.decline_alone(
                    mine.row(), "Off the topic.", at=self.at, by=self.staff[by]
                ),
            ):
                self.goes(mine, "declined")

    def take_back(self, mine: Mine, by: int) -> None:
        taken = mine.stands in {"published", "passed", "declined", "merged"}
        if self.tried(
            taken,
            lambda: moderation.take_back(
                mine.row(), "It was a mistake.", at=self.at, by=self.staff[by]
            ),
        ):
            mine.proposed_by = mine.into = None
            self.goes(mine, "awaiting")

    def merge(self, mine: Mine, other: Mine, by: int) -> None:
        holds_others = any(each.into == mine.key for each in self.all)
        taken = (
            mine is not other and mine.stands in OPEN and other.stands in OPEN and not holds_others
        )
        if self.tried(
            taken,
            lambda: moderation.merge(mine.row(), other.row(), at=self.at, by=self.staff[by]),
        ):
            mine.into = other.key
            self.goes(mine, "merged")

    def redact(self, mine: Mine, by: int) -> None:
        if self.tried(
            mine.stands in OPEN,
            lambda: moderation.redact(
                mine.row(), "ords of a", "A name.", at=self.at, by=self.staff[by]
            ),
        ):
            mine.redacted += 1

    def restore(self, mine: Mine, by: int) -> None:
        if mine.redacted and self.tried(
            mine.stands in OPEN,
            lambda: moderation.restore(
                mine.row().redactions.all()[0], "No name.", at=self.at, by=self.staff[by]
            ),
        ):
            mine.redacted -= 1

    def late(self, mine: Mine, by: int) -> None:
        until = self.at + timedelta(days=5)
        if self.tried(
            mine.stands in UNCONFIRMED | OPEN,
            lambda: late.open_window(
                mine.row(), until, "They were ill.", at=self.at, by=self.staff[by]
            ),
        ):
            mine.late_until = until

    # What the clock does

    def wait(self, days: int) -> None:
        self.at += timedelta(days=days)

    def forget(self) -> None:
        """Remove what nobody confirmed: a month after the closing, and after it was last saved."""
        due = [
            each
            for each in self.all
            if each.stands in UNCONFIRMED
            and max(CLOSES, each.saved) + MONTH <= self.at
            and not (each.late_until and self.at < each.late_until)
        ]
        assert drafts.remove(self.at) == len(due)
        for each in due:
            self.goes(each, "gone")

    def happen(self, what: str, which: int, other: int, flag: bool) -> None:
        """Let something happen to one of them, if there is one."""
        if what in {"begin", "arrive", "enter"}:
            getattr(self, what)(which, other, flag)
        elif what == "wait":
            self.wait((1, 7, 31)[which % 3])
        elif what == "forget":
            self.forget()
        elif (mine := self.one(which)) is not None:
            beside, by = self.one(other) or mine, int(flag)
            told: dict[str, tuple[Any, ...]] = {
                "send": (), "confirm": (), "withdraw": (), "change": (other, flag),
                "alone": (by, other % 2 == 0), "merge": (beside, by),
            }  # fmt: skip
            if what == "publish_all":
                self.publish_all([mine] if beside is mine else [mine, beside], by)
            else:
                getattr(self, what)(mine, *told.get(what, (by,)))


EVENTS = (
    "begin", "arrive", "enter", "send", "confirm", "change", "withdraw", "publish", "publish_all",
    "pass_on", "propose", "second", "reject", "alone", "take_back", "merge", "redact", "restore",
    "late", "wait", "forget",
    # more often than the others: without them nothing else happens
    "arrive", "arrive", "publish", "publish", "change",
)  # fmt: skip
