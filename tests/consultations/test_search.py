"""What of contributions is found: all that everybody reads, in every language, and nothing else."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from consultations import attaching, moderation, reading, search, standing
from consultations.models import Attachment, Consultation, Contribution, Contributor, Standing
from cwg.accounts.models import User
from cwg.indexing import texts
from meetings import file_texts, files, finding
from meetings.finding import FACETS
from meetings.models import FilePage, FileReading, MemberState
from meetings.uploads.examine import Examined
from tests.consultations.making import MEANWHILE, make_contribution, make_group, make_round
from tests.indexed import difference, found, index
from tests.meetings import uploading as make
from tests.two_groups import make_person

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("own_index")]


@pytest.fixture
def held(settings: Any, tmp_path: Path) -> Consultation:
    settings.MEDIA_ROOT = tmp_path / "files"
    return make_round()


def published(held: Consultation, answer: str, **facts: Any) -> Contribution:
    """Make a published contribution that answers the first question."""
    return make_contribution(held, Standing.PUBLISHED, answers={1: answer}, **facts)


def numbers(typed: str, **options: Any) -> list[int]:
    """Give the numbers of the contributions that are found, as their pages would show them."""
    keys = [search.key(each) for each in found(typed, search.KIND, **options)]
    return [each.row.number for each in search.read(keys) if each.row.number is not None]


def with_file(made: Contribution, data: bytes, name: str, kind: str) -> Attachment:
    with files.keeping() as keep:
        return attaching.attach(made, Examined(name, kind, data, ""), keep, at=MEANWHILE)


def secretary() -> User:
    return User.objects.create_user(email="secretary@example.org", password=None)


# What is found


def test_everything_that_everybody_reads_is_found(held: Consultation) -> None:
    made = published(
        held, "A landlocked example.", name="Example Fisher", job_title="Secretjob",
        organisations=["Example Nets", "Example Boats"], text="Further remarks.",
        publish_name=True, publish_organisation=True, publish_country=True,
        country=MemberState.objects.get(iso="CH"), email="secretmail@example.org",
    )  # fmt: skip
    index()
    for typed in ("landlocked", "remarks", "fisher", "nets boats", '"example boats"', "lock* -net"):
        expected = [] if typed == "lock* -net" else [made.number]
        assert numbers(typed) == expected, typed
    assert numbers("secretmail") == []
    told = finding.search("landlocked", facets=FACETS)
    question = held.questions.order_by("position")[0]
    assert told.facets == {
        "round": {str(held.pk): 1}, "year": {"2026": 1}, "question": {str(question.pk): 1}, "topic": {},
        "stakeholder_group": {"civil_society": 1}, "region": {"europe": 1}, "country": {"CH": 1},
        "language": {"en": 1},
    }  # fmt: skip
    named = Contributor.objects.values_list("pk", flat=True)
    assert len(named) == 3  # the person and both organizations
    for each in named:
        assert numbers("", chosen={"author": [str(each)]}) == [made.number]
    assert numbers("", chosen={"author": ["Example"]}) == []
    assert numbers("", chosen={"country": ["CH"]}, newest=True) == [made.number]
    assert numbers("", chosen={"country": ["FR"]}, newest=True) == []


def test_passages_stand_where_the_page_says(held: Consultation) -> None:
    made = published(held, "A landlocked example.", text="Locked in land.")
    with_file(made, make.pdf_saying("An example.", "Landlocked countries."), "nets.pdf", "pdf")
    index()
    texts.read(timezone.now())
    (read,) = search.read([made.pk])
    question = read.answers[0].question.pk
    passages = finding.highlight(
        finding.asked("landlocked"), search.parts(read, search.pages_of([read]))
    )
    file = read.attachments[0].pk
    assert [each.where for each in passages] == [f"answer {question}", f"file {file} 2"]


@pytest.mark.parametrize(
    ("language", "text", "typed"),
    [
        ("en", "Developing networks for the landlocked.", "network"),
        ("fr", "La Côte d’Ivoire développe ses réseaux.", "cote divoire réseau"),
        ("es", "Las regiones insulares necesitan conexión.", "region conexion"),
        ("ru", "Развитие сетей для развивающихся стран.", "сеть страна"),
        ("ar", "تَطْوِير الشبكات في البلدان النامية.", "تطوير"),
        ("zh", "发展中国家的互联网接入", "互联网"),
    ],
)
def test_each_language_is_found(held: Consultation, language: str, text: str, typed: str) -> None:
    made = published(held, text, language=language)
    published(held, "Nothing of the kind.", language=language)
    index()
    assert numbers(typed) == [made.number]


# Hostile texts: found like others, and harmful to none


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert('marker')</script>",
        "marker " + "x" * 90_000,
        "marker " + "un mot " * 14_000,
        "marker \u202ereversed\u202c \u200bseen\u200d \ufeff",
        "marker 👩‍👩‍👧 ½ ㎡ ﬁ İı ß Ǆ",
        "marker " + "e" + "\u0301" * 500,
        "marker " + "漢" * 20_000,
        'marker AND NOT " * ( ) ~ : ^ [ ] { } \\ + - /',
        "marker\n\n\n\t\tkey:contribution:1 kind:contribution",
        "marker ؀ ﷽ ﷺ ـــــ",
    ],
)  # fmt: skip
def test_a_hostile_text_is_found_and_harms_none(held: Consultation, text: str) -> None:
    made, other = published(held, text), published(held, "A marker of another.")
    index()
    assert sorted(numbers("marker")) == [made.number, other.number]
    assert numbers("marker another") == [other.number]
    assert numbers(text[:200].replace('"', " ")) in ([made.number], [])
    assert not difference()
    (read,) = search.read([made.pk])
    passages = finding.highlight(finding.asked("marker"), search.parts(read))
    assert "marker" in [word for each in passages for word, is_found in each.pieces if is_found]


# What is not


@pytest.mark.parametrize("to", [each for each in Standing if each != Standing.PUBLISHED])
def test_what_is_not_published_is_never_found(held: Consultation, to: Standing) -> None:
    seen = published(held, "A word for everybody.", organisations=["Example Nets"])
    if to == Standing.MERGED:
        made = make_contribution(held, answers={1: "A hiddenword for nobody."})
        moderation.merge(made, seen, at=MEANWHILE, by=secretary())
    else:
        answers = {1: "A hiddenword for nobody."}
        make_contribution(held, to, answers=answers, publish_text=to != Standing.PASSED)
    index()
    assert numbers("hiddenword") == []
    assert numbers("word") == [seen.number]
    assert found("hiddenword") == []


def test_what_its_sender_keeps_is_not_found(held: Consultation) -> None:
    made = published(
        held, "A landlocked example.", name="Hidden Fisher", organisations=["Hidden Nets"],
        country=MemberState.objects.get(iso="CH"),
    )  # fmt: skip
    index()
    assert numbers("landlocked") == [made.number]
    assert numbers("hidden") == numbers("fisher") == numbers("nets") == []
    told = finding.search("landlocked", facets=("country", "region"))
    assert told.facets == {"country": {}, "region": {}}
    assert not Contributor.objects.exists()  # nobody to narrow to


@pytest.mark.parametrize("how", ["not announced", "group kept elsewhere"])
def test_a_round_that_is_not_public_holds_nothing_to_find(held: Consultation, how: str) -> None:
    group = make_group("other-group")
    other = make_round(group, key="2026-04", slug="other")
    seen, hidden = published(held, "A word."), published(other, "A hiddenword.")
    index()
    assert numbers("hiddenword") == [hidden.number]
    if how == "not announced":
        other.announced_at = None
        other.save()
    else:
        group.record_kept_here = False
        group.save()
    index()
    assert numbers("hiddenword") == []
    assert found("hiddenword") == []
    assert numbers("word") == [seen.number]
    assert not difference()


def test_what_is_taken_from_the_public_is_gone_at_once_and_may_come_back(
    held: Consultation,
) -> None:
    made, by = published(held, "A landlocked example of nets."), secretary()
    file = with_file(made, make.pdf_saying("Boatsword"), "boats.pdf", "pdf")
    texts.read(timezone.now())
    index()
    assert numbers("landlocked") == numbers("boatsword") == numbers("boats") == [made.number]
    redacted = moderation.redact(made, "landlocked", "Names a person.", at=MEANWHILE, by=by)
    moderation.withhold(file, "Not theirs.", at=MEANWHILE, by=by)
    index()
    assert numbers("landlocked") == numbers("boatsword") == numbers("boats") == []
    assert numbers("nets") == [made.number]
    moderation.restore(redacted[0], "It does not.", at=MEANWHILE, by=by)
    moderation.release(file, "It is theirs.", at=MEANWHILE, by=by)
    index()
    assert numbers("landlocked") == numbers("boatsword") == [made.number]
    assert not difference()
    standing.move(standing.locked(made), Standing.WITHDRAWN, "test.move", at=MEANWHILE)
    # the index still holds it, and no page shows it
    assert (len(found("nets")), numbers("nets")) == (1, [])
    index()
    assert found("nets") == []
    assert not difference()


# The words inside files


@pytest.mark.parametrize(
    ("name", "kind", "data"),
    [
        ("a.pdf", "pdf", make.pdf_saying("An example.", "A landlocked country.")),
        ("b.docx", "docx", make.docx("A landlocked country.")),
        ("c.odt", "odt", make.odt("<text:p>A land<text:span>locked</text:span> country.</text:p>")),
    ],
)
def test_a_word_that_stands_only_in_a_file_is_found(
    held: Consultation, name: str, kind: str, data: bytes
) -> None:
    made, other = published(held, "See the file."), published(held, "No file.")
    file = with_file(made, data, name, kind)
    hidden = make_contribution(held, answers={1: "See the file."})
    with_file(hidden, data, name, kind)
    index()
    assert numbers("landlocked") == []
    assert texts.read(timezone.now()) == 1
    index()
    assert numbers("landlocked") == [made.number]
    assert sorted(numbers("file")) == [made.number, other.number]
    page = FilePage.objects.get(text__contains="landlocked")
    assert (page.reading.path, page.page) == (file.path, 2 if kind == "pdf" else 0)
    assert texts.read(timezone.now()) == 0
    assert not difference()
    file.delete()
    assert not FileReading.objects.exists()
    index()
    assert numbers("landlocked") == []


@pytest.mark.parametrize(
    ("data", "problem"),
    [(b"%PDF-1.7 nothing", "damaged"), (b"PK\x03\x04 nothing", "damaged"), (None, "not there")],
)
def test_a_file_that_cannot_be_read_is_marked_and_holds_up_no_other(
    held: Consultation, data: bytes | None, problem: str
) -> None:
    made = published(held, "See the file.")
    broken = with_file(made, data or b"%PDF-1.7", "broken.pdf", "pdf")
    if data is None:
        files.discard(broken.path)
    with_file(made, make.docx("A landlocked country."), "good.docx", "docx")
    assert texts.read(timezone.now()) == 2
    index()
    assert numbers("landlocked") == [made.number]
    assert FileReading.objects.get(path=broken.path).problem == problem
    later = timezone.now() + file_texts.AGAIN_AFTER * 2
    assert texts.read(later) == 0


def test_a_file_whose_reader_was_killed_is_read_again_and_not_for_ever(held: Consultation) -> None:
    made, at = published(held, "See the file."), timezone.now()
    file = with_file(made, make.docx("A landlocked country."), "good.docx", "docx")
    FileReading.objects.create(path=file.path, tried_at=at, tries=1)
    assert texts.read(at) == 0
    assert texts.read(at + file_texts.AGAIN_AFTER) == 1
    index()
    assert numbers("landlocked") == [made.number]
    FileReading.objects.update(ended_at=None, tried_at=at, tries=file_texts.MOST_TRIES)
    texts.read(at + file_texts.AGAIN_AFTER)
    assert FileReading.objects.get().problem == "given up"
    assert list(texts.due(at + file_texts.AGAIN_AFTER * 9)) == []


def test_the_number_of_queries_does_not_grow(
    held: Consultation, django_assert_num_queries: Any
) -> None:
    for number in (1, 3):
        while Contribution.objects.count() < number:
            made = published(held, "An example.")
            with_file(made, b"x", "x.pdf", "pdf")
        with django_assert_num_queries(8):
            rows = list(search.to_index())
            assert len(list(search.entries(rows))) == number


def test_with_rows_that_somebody_kept_the_same_is_read(held: Consultation) -> None:
    """Questions and countries come from them, and from the database where they have none."""
    country = MemberState.objects.get(iso="CI")
    told: dict[str, Any] = {"publish_country": True, "answers": {1: "One.", 2: "Two."}}
    made = [
        make_contribution(held, Standing.PUBLISHED, country=each, **told)
        for each in (country, None)
    ]
    keys = [each.pk for each in made]
    for name in ("Nets of Example", "Example Nets"):
        made[0].organisations.create(name=name, position=3 - len(name) % 2)
    for place in (2, 1):
        above = held.questions.get(position=place, parent=None)
        for under in (2, 1):
            asked = held.questions.create(parent=above, position=under, text={"en": "More"})
            made[0].answers.create(question=asked, text=f"Under {place}: {under}")
    for name in ("b.pdf", "a.pdf"):
        with_file(made[0], name.encode(), name, "pdf")
    moderation.redact(made[0], "Two", "A name.", by=make_person(held.group, "lead"), at=MEANWHILE)
    plain = search.read(keys)
    whole = reading.with_all_it_says(search.published()).in_bulk(keys)
    assert plain == [reading.public(whole[key]) for key in keys]
    for shared in (search.Shared.of([held.pk]), search.Shared({}, {})):
        read = search.read(keys, shared)
        assert read == plain
        for one, other in zip(read, plain, strict=True):
            assert one.row.consultation.key == other.row.consultation.key
            assert one.row.country == other.row.country
    assert [each.sender.country for each in plain] == [str(country), ""]
