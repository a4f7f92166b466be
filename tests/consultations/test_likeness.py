"""Which contributions say nearly the same, among how many."""

from __future__ import annotations

import random
from typing import Any

import pytest

from consultations import likeness, standing
from consultations.models import Consultation, Contribution, Fingerprint
from meetings.typesetting.word_difference import Fate
from tests.consultations.making import MEANWHILE, make_contribution, make_round

pytestmark = pytest.mark.django_db

CAMPAIGN = (
    "We ask the Group to keep the Internet open for everybody, to bring fibre to every village, "
    "and to publish what it does each year in all six official languages of the Union."
)


def say(round_: Consultation, text: str, **facts: Any) -> Contribution:
    return make_contribution(round_, answers={1: text}, **facts)


def other_words(seed: int) -> str:
    chance = random.Random(seed)
    return " ".join(chance.choice("abcdefghij") * chance.randrange(2, 9) for _ in range(40))


def test_the_same_words_are_found_whatever_their_case_signs_and_spaces() -> None:
    round_ = make_round()
    made = say(round_, CAMPAIGN)
    same = say(round_, CAMPAIGN.upper().replace(",", " –").replace(" ", "\n"))
    say(round_, other_words(1))
    assert [(each.row, each.percent) for each in likeness.like(made)] == [(same, 100)]


def test_a_letter_with_words_of_ones_own_is_found_and_strangers_are_not() -> None:
    round_ = make_round()
    made = say(round_, CAMPAIGN)
    own = say(round_, f"I live in a small town and I write as a teacher. {CAMPAIGN}")
    for seed in range(10):
        say(round_, other_words(seed))
    found = likeness.like(made)
    assert [each.row for each in found] == [own]
    assert 60 < found[0].percent < 90


def test_another_round_is_another_matter() -> None:
    first = make_round()
    made = say(first, CAMPAIGN)
    say(make_round(first.group, slug="second", key="2026-04"), CAMPAIGN)
    assert likeness.like(made) == []


def test_short_answers_are_alike_by_chance_and_have_no_fingerprint() -> None:
    round_ = make_round()
    made = [say(round_, "Yes, we agree.") for _ in range(2)]
    assert likeness.like(made[0]) == []
    assert not made[0].fingerprints.exists()


def test_chinese_and_arabic_are_compared_by_their_words() -> None:
    round_ = make_round()
    chinese = "互联网应当对所有人开放并以六种正式语文发布"
    arabic = "نطلب من الفريق أن يبقي الإنترنت مفتوحة للجميع وأن ينشر عمله بكل اللغات"
    for text in (chinese, arabic):
        made, other = say(round_, text), say(round_, text + " !")
        assert [each.row for each in likeness.like(made)] == [other]


def test_a_changed_text_has_other_fingerprints() -> None:
    round_ = make_round()
    made, other = say(round_, CAMPAIGN), say(round_, CAMPAIGN)
    answer = made.answers.get()
    answer.text = other_words(3)
    answer.save()
    held = standing.locked(made)
    standing.move(held, "awaiting", "tests.change", at=MEANWHILE)
    assert likeness.like(other) == []


def test_groups_of_a_round_are_told_the_largest_first() -> None:
    round_ = make_round()
    pair = [say(round_, other_words(9)) for _ in range(2)]
    campaign = [say(round_, CAMPAIGN) for _ in range(4)]
    say(round_, other_words(10))
    assert [(each.first, each.number) for each in likeness.groups(round_)] == [
        (campaign[0], 4), (pair[0], 2),
    ]  # fmt: skip


@pytest.mark.parametrize("many", [5, 40])
def test_the_number_of_queries_is_fixed(many: int, django_assert_num_queries: Any) -> None:
    round_ = make_round()
    rows = [say(round_, CAMPAIGN) for _ in range(many)]
    made = Contribution.objects.get(pk=rows[0].pk)
    with django_assert_num_queries(6):  # with the answers of the one itself
        assert len(likeness.like(made)) == min(many - 1, likeness.MOST_FOUND)
    with django_assert_num_queries(3):
        assert [each.number for each in likeness.groups(round_)] == [many]


def test_the_same_text_is_found_among_many_that_share_a_phrase() -> None:
    round_ = make_round()
    made = say(round_, CAMPAIGN)
    rows = Contribution.objects.bulk_create(  # bulk: many, of which no act matters here
        Contribution(consultation=round_, created_at=MEANWHILE, saved_at=MEANWHILE)
        for _ in range(600)
    )
    least = min(each.value for each in made.fingerprints.all())
    Fingerprint.objects.bulk_create(  # bulk: as a phrase that many begin with would leave them
        Fingerprint(contribution=each, consultation=round_, value=least) for each in rows
    )
    same = say(round_, CAMPAIGN)
    assert [each.row for each in likeness.like(made)] == [same]


def test_the_words_that_differ_are_told_from_the_others() -> None:
    round_ = make_round()
    one = make_contribution(round_, answers={1: "Fibre for every village."}, text="More.")
    other = make_contribution(round_, answers={1: "Fibre for each village.", 2: "Only here."})
    rows = likeness.beside(one, other)
    said = [
        [[(piece.fate, "".join(span.text for span in piece.spans)) for piece in side] for side in (row.one, row.other)]
        for row in rows
    ]  # fmt: skip
    assert said == [
        [
            [(Fate.KEPT, "Fibre for"), (Fate.REMOVED, " every"), (Fate.KEPT, " village.")],
            [(Fate.KEPT, "Fibre for"), (Fate.ADDED, " each"), (Fate.KEPT, " village.")],
        ],
        [[], [(Fate.ADDED, "Only here.")]],
        [[(Fate.REMOVED, "More.")], []],
    ]
