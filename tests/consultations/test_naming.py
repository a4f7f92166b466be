"""Whom published contributions name: one row for one name, and what the secretariat says of them."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest
from auditlog.models import LogEntry

from consultations import alike_names, intake, joining, moderation, names, naming
from consultations.models import (
    Consultation,
    Contribution,
    Contributor,
    ContributorMerge,
    FormerName,
    NamesAlike,
    Naming,
    Standing,
)
from cwg.accounts.models import User
from meetings.models import RoleTerm
from tests.at_once import Stop, at_once, shared
from tests.consultations.making import MEANWHILE, make_contribution, make_round
from tests.two_groups import make_person

BOTH: dict[str, Any] = {"publish_name": True, "publish_organisation": True}


@pytest.fixture
def round_(db: None) -> Consultation:
    return make_round()


@pytest.fixture
def editor(round_: Consultation) -> User:
    return make_person(round_.group, RoleTerm.Role.EDITOR, "editor@example.org")


def published(
    round_: Consultation, organisation: str = "Example Organization", **facts: Any
) -> Contribution:
    told = {"organisations": [organisation] if organisation else [], **BOTH, **facts}
    return make_contribution(round_, Standing.PUBLISHED, **told)


def organisations() -> list[str]:
    return [each.slug for each in Contributor.objects.filter(kind="organisation").order_by("pk")]


def persons() -> list[tuple[str, str]]:
    rows = Contributor.objects.filter(kind="person").order_by("pk")
    return [(each.slug, each.beside) for each in rows]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Côte d’Ivoire Télécom", "COTE D'IVOIRE TELECOM"),
        ("The Example Society", "example society"),
        ("Inter Net", "Internet"),
        ("Example-Forum (EF)", "Example Forum EF"),
        ("مُنَظَّمَة", "منظمة"),
        ("Ｅｘａｍｐｌｅ", "Example"),
        ("!!!", "!!!"),
    ],
)
def test_another_spelling_is_the_same_name(one: str, other: str) -> None:
    assert names.fold(one) == names.fold(other) != ""


@pytest.mark.parametrize(
    ("one", "other"),
    [("Example A", "Example B"), ("The", "An"), ("东方", "东"), ("x" * 300, "x" * 299)],
)
def test_another_name_is_another(one: str, other: str) -> None:
    assert names.fold(one) != names.fold(other)


def test_a_folded_name_always_fits() -> None:
    assert max(len(names.fold(each * 300)) for each in ("ß", "ﷺ", "a", "東")) == 200


@pytest.mark.parametrize(
    ("one", "other", "percent"),
    [
        ("Example Foundation of Access", "Access, Example Foundation Inc.", 100),
        ("World Example Union", "WEU", names.SAME_LETTERS),
        ("Example Telecommunication Union", "Example Telecommunications Union", 93),
        ("Example Organization", "Something Else", 0),
    ],
)
def test_how_much_of_two_names_is_the_same(one: str, other: str, percent: int) -> None:
    assert names.percent(one, other) == names.percent(other, one) == percent
    assert bool(set(names.keys(one)) & set(names.keys(other))) == bool(percent)


def test_one_organisation_in_two_spellings_is_one(round_: Consultation) -> None:
    published(round_, "The Éxample Society")
    published(round_, "EXAMPLE SOCIETY")
    published(round_, "Another Society")
    assert organisations() == ["the-example-society", "another-society"]
    assert Naming.objects.filter(contributor__slug="the-example-society").count() == 2


def test_two_persons_of_one_name_stay_two_unless_their_organisation_is_one(
    round_: Consultation,
) -> None:
    published(round_, "First Society", name="Example Person")
    published(round_, "Second Society", name="Example Person")
    published(round_, "first society", name="EXAMPLE PERSON")
    published(round_, "", name="Example Person")
    assert persons() == [
        ("example-person", "firstsociety"), ("example-person-2", "secondsociety"),
        ("example-person-3", ""),
    ]  # fmt: skip
    offered = {(each.one.slug, each.other.slug, each.percent) for each in alike_names.offered()}
    assert ("example-person", "example-person-2", 100) in offered


def test_a_person_is_not_told_by_what_is_not_published(round_: Consultation) -> None:
    published(round_, "Hidden Society", publish_organisation=False)
    published(round_, "Other Society", publish_organisation=False)
    assert persons() == [("example-person", "")]
    assert organisations() == []


def test_a_name_that_is_not_to_be_published_makes_nothing(round_: Consultation) -> None:
    published(round_, publish_name=False, publish_organisation=False)
    make_contribution(round_, **BOTH)
    make_contribution(round_, Standing.PASSED, **BOTH)
    assert not Contributor.objects.exists()
    published(round_)
    assert Contributor.objects.count() == 2


def test_two_names_with_one_address_and_one_without_a_latin_letter(round_: Consultation) -> None:
    for name in ("Example: Society", "Éxample Society 1", "العربية", "中文"):
        published(round_, name)
    published(round_, "Example Society", publish_name=False)
    assert organisations() == [
        "example-society",
        "example-society-1",
        "organisation",
        "organisation-2",
    ]


def test_what_its_sender_no_longer_agrees_to_is_named_no_more(
    round_: Consultation, editor: User
) -> None:
    made = published(round_)
    with patch.object(intake, "takes", return_value=True):
        intake.save(
            made, intake.Change({"publish_name": False, "publish_organisation": True}), at=MEANWHILE
        )
    made.refresh_from_db()
    moderation.publish(made, at=MEANWHILE, by=editor)
    assert [each.position for each in made.namings.all()] == [1]
    assert [each.key for each in naming.names_of(Contribution.objects.get())] == [
        "example-organization"
    ]


def test_two_publish_one_new_name_at_once(tmp_path: Path, transactional_db: None) -> None:
    with shared(tmp_path):
        round_ = make_round()
        editor = make_person(round_.group, RoleTerm.Role.EDITOR, "editor@example.org")
        held = [make_contribution(round_, **BOTH) for _ in range(3)]
        stop = Stop()
        with patch.object(naming, "_found", stop.after(naming._found)):
            answers = at_once(
                stop,
                lambda: moderation.publish_all([held[2], held[0]], at=MEANWHILE, by=editor),
                lambda: moderation.publish(held[1], at=MEANWHILE, by=editor),
            )
        assert stop.held_up
        assert [type(each) for each in answers] == [list, Contribution], answers
        assert Contributor.objects.count() == 2
        assert Naming.objects.count() == 6


# Merging


def two(round_: Consultation) -> tuple[Contributor, Contributor]:
    published(round_, "Example Union", publish_name=False)
    published(round_, "EU Example", publish_name=False)
    one, other = Contributor.objects.order_by("pk")
    return one, other


def under(contributor: Contributor) -> int:
    return naming.public().filter(shown=contributor).count()


def test_merge_and_undo_with_their_history(round_: Consultation, editor: User) -> None:
    one, other = two(round_)
    merged = joining.merge(other, one, " One under two names. ", at=MEANWHILE, by=editor)
    assert (under(one), under(other)) == (2, 0)
    assert (merged.reason, merged.made_by, merged.made_at) == (
        "One under two names.", editor, MEANWHILE,
    )  # fmt: skip
    assert [each.name for each in naming.names_of(Contribution.objects.get(number=2))] == [one.name]
    joining.undo(merged, "They are two.", at=MEANWHILE + timedelta(1), by=editor)
    assert (under(one), under(other)) == (1, 1)
    kept = LogEntry.objects.get_for_model(ContributorMerge).order_by("pk")
    assert [(each.additional_data["activity"], each.additional_data["reason"]) for each in kept] == [
        ("joining.merge", "One under two names."), ("joining.undo", "They are two."),
    ]  # fmt: skip
    assert {each.actor for each in kept} == {editor}


def test_what_is_published_after_a_merge_stands_under_it(
    round_: Consultation, editor: User
) -> None:
    one, other = two(round_)
    joining.merge(other, one, "One.", at=MEANWHILE, by=editor)
    published(round_, "EU EXAMPLE", publish_name=False)
    assert (under(one), under(other)) == (3, 0)


def test_a_chain_of_merges_leads_to_its_end_and_comes_apart_again(
    round_: Consultation, editor: User
) -> None:
    one, other = two(round_)
    published(round_, "Third", publish_name=False)
    third = Contributor.objects.get(slug="third")
    joining.merge(other, one, "One.", at=MEANWHILE, by=editor)
    last = joining.merge(one, third, "One.", at=MEANWHILE, by=editor)
    assert under(third) == 3
    with pytest.raises(joining.CircleError):
        joining.merge(third, other, "One.", at=MEANWHILE, by=editor)
    with pytest.raises(joining.MergedAlreadyError):
        joining.merge(one, other, "One.", at=MEANWHILE, by=editor)
    joining.undo(last, "Two.", at=MEANWHILE, by=editor)
    assert [under(each) for each in (one, other, third)] == [2, 0, 1]
    joining.merge(third, other, "One.", at=MEANWHILE, by=editor)
    assert [under(each) for each in (one, other, third)] == [3, 0, 0]


def test_what_cannot_be_merged(round_: Consultation, editor: User) -> None:
    one, other = two(round_)
    published(round_, "", name="Somebody")
    person = Contributor.objects.get(kind="person")
    for pair in ((one, one), (one, person)):
        with pytest.raises(joining.NotAlikeInKindError):
            joining.merge(*pair, "Why not.", at=MEANWHILE, by=editor)
    with pytest.raises(joining.ReasonMissingError):
        joining.merge(one, other, "  ", at=MEANWHILE, by=editor)
    done = joining.merge(one, other, "One.", at=MEANWHILE, by=editor)
    joining.undo(done, "Two.", at=MEANWHILE, by=editor)
    with pytest.raises(joining.UndoneAlreadyError):
        joining.undo(done, "Two.", at=MEANWHILE, by=editor)


def test_two_merge_each_into_the_other_at_once(tmp_path: Path, transactional_db: None) -> None:
    with shared(tmp_path):
        round_ = make_round()
        editor = make_person(round_.group, RoleTerm.Role.EDITOR, "editor@example.org")
        one, other = two(round_)
        stop = Stop()
        with patch.object(naming, "lock", stop.after(naming.lock)):
            answers = at_once(
                stop,
                lambda: joining.merge(one, other, "One.", at=MEANWHILE, by=editor),
                lambda: joining.merge(other, one, "One.", at=MEANWHILE, by=editor),
            )
        assert [type(each) for each in answers] == [ContributorMerge, joining.CircleError]
        assert ContributorMerge.objects.count() == 1


def test_a_name_nobody_publishes_any_more_is_not_shown_for_another(
    round_: Consultation, editor: User
) -> None:
    one, other = two(round_)
    joining.merge(other, one, "One.", at=MEANWHILE, by=editor)
    first = Contribution.objects.get(number=1)
    moderation.take_back(first, "A mistake.", at=MEANWHILE, by=editor)
    assert (under(one), under(other)) == (0, 1)
    moderation.publish(first, at=MEANWHILE, by=editor)
    assert (under(one), under(other)) == (2, 0)


# Told apart


def test_one_of_the_same_name_is_told_apart_and_stays_so(
    round_: Consultation, editor: User
) -> None:
    published(round_, "", name="Example Person")
    second = published(round_, "", name="Example Person")
    joining.split(second.namings.get(), "Another person.", at=MEANWHILE, by=editor)
    assert [slug for slug, _ in persons()] == ["example-person", "example-person-2"]
    assert second.events.get(what="joining.split").reason == "Another person."
    moderation.take_back(second, "To look again.", at=MEANWHILE, by=editor)
    moderation.publish(second, at=MEANWHILE, by=editor)
    assert second.namings.get().contributor.slug == "example-person-2"
    assert not alike_names.offered().exists()
    with pytest.raises(joining.OnlyOneError):
        joining.split(second.namings.get(), "Again.", at=MEANWHILE, by=editor)


def test_what_is_alike_is_offered_until_somebody_decides(
    round_: Consultation, editor: User
) -> None:
    for name in ("Example Union", "Example Unions", "Nothing Like It"):
        published(round_, name, publish_name=False)
    pair = alike_names.offered().get()
    assert (pair.one.name, pair.other.name) == ("Example Union", "Example Unions")
    joining.tell_apart(pair.other, pair.one, "Two unions.", at=MEANWHILE, by=editor)
    assert not alike_names.offered().exists()
    joining.offer_again(NamesAlike.objects.get(), "Look again.", by=editor)
    done = joining.merge(pair.other, pair.one, "One.", at=MEANWHILE, by=editor)
    assert not alike_names.offered().exists()
    joining.undo(done, "Two.", at=MEANWHILE, by=editor)
    assert alike_names.offered().count() == 1


def test_a_spelling_is_one_that_somebody_published(round_: Consultation, editor: User) -> None:
    published(round_, "The Example Union", publish_name=False)
    published(round_, "Example Union", publish_name=False)
    row = Contributor.objects.get()
    assert joining.spellings(row) == ["Example Union", "The Example Union"]
    with pytest.raises(joining.NotWrittenSoError):
        joining.respell(row, "Example Union Inc.", "Nicer.", at=MEANWHILE, by=editor)
    row = joining.respell(row, "Example Union", "As it writes itself.", at=MEANWHILE, by=editor)
    assert (row.slug, FormerName.objects.get().slug) == ("example-union", "the-example-union")
    row = joining.respell(row, "The Example Union", "Back.", at=MEANWHILE, by=editor)
    assert (row.slug, FormerName.objects.get().slug) == ("the-example-union", "example-union")


def test_those_published_before_are_named_once(transactional_db: None) -> None:
    """Outside of any transaction, as after a migration."""
    published(make_round())
    Naming.objects.all().delete()
    Contributor.objects.all().delete()
    assert (naming.keep_missing(), naming.keep_missing()) == (1, 0)
    assert Contributor.objects.count() == 2


# What the rules of the database let pass (what they refuse: broken_contributors)


def test_another_of_the_same_name_is_told_apart_and_merged_again(round_: Consultation) -> None:
    one, other = two(round_)
    facts = {"group": round_.group, "kind": "organisation", "name": "X", "slug": "x"}
    Contributor.objects.create(**facts, folded=one.folded, apart=1)
    told = {"contributor": one, "into": other, "made_at": MEANWHILE, "reason": "One."}
    ContributorMerge.objects.create(**told, undone_at=MEANWHILE, undone_reason="Two.")
    ContributorMerge.objects.create(**told)
    assert one.merges.count() == 2
