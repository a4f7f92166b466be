"""The contributions of a record file: what comes back, what is counted, what stays out."""

from __future__ import annotations

from datetime import UTC, date, datetime
from io import StringIO
from pathlib import Path

import pytest
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from consultations import counting
from consultations.models import Consultation, Contribution, Standing
from meetings.models import GroupName, WorkingGroup
from tests.consultations.making import MEANWHILE, make_contribution, make_group, make_round
from tests.record.test_groups import GROUPS, dumped, empty

ROUND = "2024-12"


def load(file: Path) -> None:
    call_command("load_record", str(file), stdout=StringIO())


@pytest.fixture
def first(db: None) -> Consultation:
    """The round of a record file that uses every field."""
    load(GROUPS / "cwg-one-2025.yaml")
    return Consultation.objects.get(key=ROUND)


def test_every_count_is_built_from_what_was_loaded(group: WorkingGroup) -> None:
    rounds = list(Consultation.objects.filter(group=group, contributions__isnull=False).distinct())
    assert [each.key for each in rounds] == ["2024-02", "2024-10", "2025-02"]
    for each in rounds:
        assert counting.kept(each) == counting.recount(each)
        assert counting.tally(each).received == each.contributions.count() == each.last_number
    assert [counting.tally(each).words() for each in rounds] == [
        "8 received = 6 published + 1 passed to the Group only + 1 withdrawn",
        "9 received = 6 published + 1 passed to the Group only + 1 withdrawn + 1 merged into another",
        "7 received = 5 published + 1 passed to the Group only + 1 withdrawn",
    ]


def test_what_the_demo_record_holds_of_contributions_is_an_example(group: WorkingGroup) -> None:
    for each in Contribution.objects.all():
        said = [each.text, *each.answers.values_list("text", flat=True)]
        names = [each.name, *each.organisations.values_list("name", flat=True)]
        assert each.example
        assert all(any(word in text for word in EXAMPLE) for text in filter(None, said)), said
        assert all("xample" in name or "xemple" in name or "jemplo" in name for name in names)


EXAMPLE = ("an example", "un exemple", "un ejemplo", "مثال", "It was", "Its sender")


def test_a_reference_is_the_one_that_a_confirmation_gives(first: Consultation) -> None:
    references = dict(first.contributions.values_list("number", "reference"))
    assert references == {
        1: "CWG ONE/2/OC-2024-12/1", 2: "CWG OLD/OC-2024-11/2", 4: "CWG ONE/2/OC-2024-12/4",
        7: "CWG ONE/2/OC-2024-12/7",
    }  # fmt: skip


def test_a_reference_stays_when_the_acronym_has_changed_since(
    first: Consultation, tmp_path: Path
) -> None:
    GroupName.objects.filter(group=first.group).update(acronym={"en": "CWG TWO"})
    before, copy = dumped(), tmp_path / "copy.yaml"
    assert "reference: CWG ONE/2/OC-2024-12/1" in before
    copy.write_text(before, encoding="utf-8")
    empty()
    load(copy)
    assert dumped() == before
    assert Contribution.objects.filter(reference="CWG ONE/2/OC-2024-12/1").count() == 1


def test_the_next_number_is_one_that_was_never_given(first: Consultation) -> None:
    assert (first.last_number, first.contributions.count()) == (9, 4)
    assert make_contribution(first, answers={2: "Mine."}).number == 10


def test_an_extension_of_which_the_days_are_known_moves_the_closing(first: Consultation) -> None:
    past = Consultation.objects.get(key="2013-01")
    assert [(move.was.day, move.now.day) for move in past.deadline().moves] == [
        (date(2013, 3, 31), date(2013, 4, 7)), (date(2013, 4, 7), date(2013, 4, 9)),
    ]  # fmt: skip
    assert past.closed_from == datetime(2013, 4, 9, 22, tzinfo=UTC)


def test_nobodys_address_and_nothing_unconfirmed_is_dumped(db: None) -> None:
    held = make_round()
    for to in (Standing.DRAFT, Standing.SENT, Standing.AWAITING):
        made = make_contribution(held, to, name=f"Somebody {to}")
        made.attachments.create(
            name="secret-name.pdf", kind="pdf", path="x", size=1, sha256="0", added_at=MEANWHILE
        )
    said = dumped()
    assert "Somebody awaiting" in said
    for hidden in ("Somebody draft", "Somebody sent", "@", "secret-name", "test.make"):
        assert hidden not in said


TEXT = st.text(
    st.characters(exclude_categories=["C"], include_characters="\n\t\r\u200d\u200f"), max_size=300
)


@settings(
    max_examples=60, deadline=None, derandomize=True, database=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)  # fmt: skip
@given(name=TEXT, organisation=TEXT, text=TEXT, answer=TEXT, sources=TEXT)
def test_whatever_can_be_kept_comes_back_byte_for_byte(
    db: None, tmp_path: Path, name: str, organisation: str, text: str, answer: str, sources: str
) -> None:
    with transaction.atomic():
        held = make_round(make_group(), sources=sources, record_incomplete=True)
        made = make_contribution(
            held, Standing.PUBLISHED, name=name[:200], text=text,
            organisations=[organisation[:300]], answers={1: answer},
        )  # fmt: skip
        try:
            for row in (held, made, *made.organisations.all(), *made.answers.all()):
                row.clean_fields(exclude=["email"])
        except ValidationError:
            transaction.set_rollback(True)
            return  # no form takes it
        before, copy = dumped(), tmp_path / "copy.yaml"
        copy.write_text(before, encoding="utf-8", newline="")
        empty()
        load(copy)
        again = Contribution.objects.get()
        assert (again.name, again.text) == (made.name, made.text)
        assert again.answers.get().text == answer
        assert dumped() == before
        transaction.set_rollback(True)
