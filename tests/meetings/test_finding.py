"""The search index: words of six languages, what may be typed, exact counts, passages."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as examples
from hypothesis import strategies as st

from meetings import finding
from meetings.finding import Entry, Part, Writer, asked, opened, passages, searching, shelf
from meetings.finding.usual import Usual
from meetings.finding.words import STEMMERS, stems, words

pytestmark = pytest.mark.django_db  # which these do not ask, but which the session's fixtures do


@pytest.fixture(autouse=True)
def own_index(tmp_path: Path, settings: Any) -> None:
    settings.INDEX_ROOT = tmp_path / "index"
    opened.forget()


def put(*entries: Entry, usual: Iterable[str] = ()) -> None:
    """Let an index of these entries serve, in which pairs of `usual` words are held."""
    folder = shelf.new()
    with Writer(folder, new=True, usual=frozenset(usual)) as writer:
        for entry in entries:
            writer.add(entry)
        writer.commit()
    shelf.see(folder, {})
    shelf.serve(folder)
    opened.forget()


def texts(*said: tuple[str, str]) -> None:
    """Let an index of these texts serve, each with its language; the first is number 1."""
    put(
        *(
            Entry(key=f"note:{n}", kind="note", order=n, parts=(Part("text", text, language),))
            for n, (language, text) in enumerate(said, 1)
        )
    )


def found(typed: str, **options: Any) -> set[int]:
    told = finding.search(typed, limit=1_000, **options)
    keys = [int(hit.key.partition(":")[2]) for hit in told.hits]
    assert told.total == len(keys) == len({*keys})
    return {*keys}


# Words of the languages


@pytest.mark.parametrize(
    ("language", "text", "typed"),
    [
        ("en", "Landlocked developing countries need networks.", "network country"),
        ("en", "The Member State’s needs", "state"),
        ("fr", "Les pays en développement sans littoral", "développements"),
        ("fr", "La Côte d’Ivoire a répondu", "cote divoire"),
        ("fr", "La Côte d’Ivoire a répondu", "cote d'ivoire"),
        ("fr", "La Cote d'Ivoire a répondu", "CÔTE D’IVOIRE"),
        ("fr", "L’accès universel", "accès"),
        ("fr", "Un accès universel", "l'acces"),
        ("es", "Los países en desarrollo sin litoral", "pais"),
        ("es", "La conexión del año", "conexion ano"),
        ("ru", "Развивающиеся страны, не имеющие выхода к морю", "страна"),
        ("ru", "Самолёты и ещё йод", "самолеты еще йод"),
        ("ar", "مُحَمَّد يستخدم الإنترنت", "محمد"),
        ("ar", "كـــتاب الإنترنت", "كتاب"),
        ("ar", "الأمن في الإنترنت", "الامن الانترنت"),
        ("ar", "محمد وكتاب", "مُحَمَّد"),
        ("zh", "国际电信联盟互联网公共政策问题工作组", "公共政策"),
        ("zh", "国际电信联盟互联网公共政策问题工作组", "电信 工作组"),
        ("zh", "国际电信联盟互联网公共政策问题工作组", "组"),
        ("zh", "关于CWG工作组的5G网络", "CWG工作组"),
        ("", "Povos indígenas e a Internet", "indigenas"),
        ("", "हिन्दी भाषा", "हिन्दी"),
    ],
)
def test_it_finds(language: str, text: str, typed: str) -> None:
    texts((language, text), ("en", "Something else altogether"))
    assert found(typed) == {1}
    (passage,) = finding.highlight(asked(typed), [Part("text", text, language)])
    assert "".join(piece for piece, _ in passage.pieces) == text
    assert any(is_marked for _, is_marked in passage.pieces)


@pytest.mark.parametrize(
    ("language", "text", "typed"),
    [
        ("zh", "公共的政策", "公共政策"),
        ("hi", "हिन्दी", "हद"),
        ("ru", "иод", "йод"),
        ("en", "land that is locked", "landlocked"),
        ("en", "a state of member", '"member state"'),
        ("en", "the member, and a state", '"member state"'),
    ],
)
def test_it_does_not_find(language: str, text: str, typed: str) -> None:
    texts((language, text))
    assert found(typed) == set()


def test_a_name_is_found_whatever_the_language_of_the_text() -> None:
    texts(*((language, "…, Bogdan-Martin, 2026") for language in (*STEMMERS, "zh", "")))
    assert found("bogdan martin") == {1, 2, 3, 4, 5, 6, 7}


def test_the_word_itself_stands_above_its_stem() -> None:
    texts(("en", "consultation here now"), ("en", "consultations here now"), ("en", "other"))
    assert [hit.key for hit in finding.search("consultations").hits] == ["note:2", "note:1"]
    assert [hit.key for hit in finding.search("consultation").hits] == ["note:1", "note:2"]


# What may be typed


def test_phrases_what_is_without_and_prefixes() -> None:
    texts(
        ("en", "open consultation on networks"), ("en", "consultation that is open"),
        ("en", "opening of networking events"), ("fr", "réseaux ouverts"),
    )  # fmt: skip
    assert found('"open consultation"') == {1}
    assert found("“open consultation”") == {1}
    assert found("open consultation") == {1, 2}
    assert found("open -networks consultation") == {2}
    assert found('consultation -"open consultation"') == {2}
    assert found("-open") == {4}
    assert found("netw*") == {1, 3}
    assert found("réseau*") == found("RESEAU*") == {4}
    assert found("*") == found("") == {1, 2, 3, 4}
    assert found('"open consultation') == {1, 2}  # a quotation mark that nothing closes is none


def test_a_phrase_does_not_run_from_one_part_into_the_next() -> None:
    parts = (Part("answer 1", "the member", "en"), Part("answer 2", "state is", "en"))
    put(Entry("note:1", "note", parts=parts))
    assert found('"member state"') == set()
    assert found("member state") == {1}


HOSTILE = [
    '"', "-", "*", "--", '""', "AND", "a AND (", "word:text", "[a TO z]", "~2", "^", "\\", "\0", "\ud800", "''",
    "x" * 10_000, "a " * 5_000, "'; DROP TABLE", "<script>", "/.*/", "%s", "{}", "-*", '-"', "’’", "\u202e", "½", "ﷺ*",
    "组*", '"组 组"', '"a 组"', "´a`b", "﷽", "\u0301", "in*", "(((((((((*", "тест*тест", "a-b-c", "-a-b",
]  # fmt: skip


@pytest.mark.parametrize("typed", HOSTILE)
def test_what_cannot_be_understood_is_no_error(typed: str) -> None:
    texts(("en", "a plain text"), ("zh", "工作组"))
    told = finding.search(typed)
    assert told.state == "whole"
    finding.highlight(asked(typed), [Part("text", "a plain text " + typed, "en")])


ANYTHING = st.text(max_size=60) | st.text("\"-* '’aбكم组ôÇß½\0\u0301", max_size=30)


@examples(
    max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None
)
@given(typed=ANYTHING)
def test_nothing_that_is_typed_breaks_it(typed: str) -> None:
    if shelf.current() is None:
        texts(("en", "a plain text"), ("zh", "工作组"))
    assert finding.search(typed).state == "whole"


@examples(
    max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None
)
@given(text=ANYTHING)
def test_whatever_a_text_holds_its_own_words_find_it(text: str) -> None:
    """What is indexed and what is marked are the same words; typed as it stands, a text is found."""
    there = list(words(text, "fr"))
    assert " ".join(each.word for each in there).split() == Usual().taken(text, "fr").words.split()
    assert all(0 <= each.start < each.end <= len(text) for each in there)
    texts(("fr", text))
    plain = text.replace('"', " ").replace("-", " ").replace("*", " ")
    assert found(plain[: finding.asking.MOST_CHARACTERS]) == {1}


# Usual words

KINDS = ("note", "contribution")  # of contributions there are very many, of all others few


def test_usual_words_are_found_like_others() -> None:
    """Pairs and stems that are held for usual words change nothing but how soon they are found."""
    chance = random.Random(3)
    spoken = {
        "en": "internet access accesses to the networks network — and, part parties digital",
        "fr": "internet accès à la partie part digital réseaux",
        "zh": "互联网 接入 internet 政策",
        "": "internet part to",
    }
    entries = [
        Entry(f"note:{n}", kind, order=n, parts=(Part("text", " ".join(said), language),))
        for n in range(300)
        for kind in [chance.choice(("note", "contribution", "contribution"))]
        for language in [chance.choice(list(spoken))]
        for said in [chance.choices(spoken[language].split(), k=8)]
    ]
    typed = [
        *(word for said in spoken.values() for word in said.split()), "internets", "networks part",
        *(f'"{one} {other}"' for said in spoken.values() for one, other in pairwise(said.split())),
        '"internet access to"', '"access to the networks"', '"internet network"', '"to to to"',
        'internet -"to the"', '-"part parties" part', '"the net*"', '互联网接入', "internet acc*",
    ]  # fmt: skip
    told = []
    usual = finding.usual_words(entries)
    assert {"internet", "to", "part", "互联"} < usual
    for held in ((), usual, {"internet", "to", "access"}):
        put(*entries, usual=held)
        told.append({each: found(each) for each in typed})
        of_kind = [{each: found(each, kinds=[kind]) for each in typed} for kind in KINDS]
        assert {each: set().union(*(of[each] for of in of_kind)) for each in typed} == told[-1]
        assert not of_kind[0]["internet"] & of_kind[1]["internet"]
        assert {each: found(each, kinds=KINDS) for each in typed} == told[-1]
    assert told[0] == told[1] == told[2]
    assert set() < told[0]['"internet access"'] < told[0]["internet"] < {*range(300)}


def said_by_many() -> list[Entry]:
    """Contributions of two groups, notes beside them, and usual words in most."""
    chance = random.Random(11)
    spoken = [
        "internet",
        "access",
        "accesses",
        "to",
        "the",
        "networks",
        "and",
        "parties",
        "digital",
    ]
    return [
        Entry(
            f"note:{n}", chance.choice(("note", "contribution", "contribution")),
            group=chance.choice((1, 2)), order=n, facets={"year": (str(chance.randint(2020, 2023)),)},
            parts=(Part("text", " ".join(chance.choices(spoken, k=4)), "en"),),
        )
        for n in range(300)
    ]  # fmt: skip


def asked_of_many(word: str, **options: Any) -> list[Any]:
    """Ask for a word in every way in which an answer may be kept, and in some in which none is."""
    told: dict[str, Any] = {"facets": finding.FACETS, "kinds": ["contribution"]}
    told |= {"newest": not word} | options
    return [
        finding.search(word, group=group, **told, **more)
        for group in (None, 1, 2)
        for more in ({}, {"limit": 7}, {"offset": 20}, {"limit": 30}, {"chosen": {"year": ["2021"]}})
    ]  # fmt: skip


def test_answers_that_are_kept_are_those_that_are_found() -> None:
    entries = said_by_many()
    usual = finding.usual_words(entries)
    put(*entries, usual=usual)
    typed = [
        "",
        "Internet",
        "access",
        "parties",
        "partY",
        "nothing",
        "-internet",
        "internet access",
    ]
    before = [asked_of_many(each) for each in typed]
    by_kind = [finding.search("internet", facets=["kind"]) for _ in range(2)]
    assert finding.keep_answers() == 3 * (1 + len(usual))
    opened.forget()
    assert [asked_of_many(each) for each in typed] == before
    assert [finding.search("internet", facets=["kind"]) for _ in range(2)] == by_kind
    assert before[1][0].total > before[1][5].total > 0
    # they are read indeed: one that is made another is told as it stands
    folder = shelf.current()
    assert folder is not None
    kept_as = folder / "answers"
    kept_as.write_text(
        kept_as.read_text().replace('{"": ', '{"": 1', 1).replace('"note:', '"NOTE:')
    )
    opened.forget()
    assert {hit.key[:5] for hit in asked_of_many("internet")[0].hits} == {"NOTE:"}
    assert {hit.key[:5] for hit in asked_of_many("internet")[3].hits} == {"note:"}


def test_answers_are_kept_for_one_state_of_the_index_and_only_once() -> None:
    entries = said_by_many()
    put(*entries, usual=["internet"])
    folder = shelf.current()
    assert folder is not None
    before = finding.search("internet", kinds=["contribution"]).total
    assert finding.keep_answers(quiet=60) == 0
    assert finding.keep_answers() == 6
    assert finding.keep_answers() == 0
    with Writer(folder) as writer:
        for number in (1_000, 1_001):
            new = Entry(
                f"note:{number}",
                "contribution",
                group=1,
                order=number,
                parts=(Part("text", "internet"),),
            )
            writer.put(new)
        writer.commit()
    opened.forget()
    assert finding.search("internet", kinds=["contribution"]).total == before + 2
    assert finding.keep_answers() == 6
    opened.forget()
    assert finding.search("internet", kinds=["contribution"]).total == before + 2


def test_answers_are_read_as_soon_as_they_are_written_and_damaged_ones_are_not() -> None:
    put(*said_by_many(), usual=["internet", "access"])
    folder = shelf.current()
    assert folder is not None
    told = asked_of_many("access")
    assert finding.keep_answers() == 9
    path = folder / "answers"
    written = path.read_text()
    state = written.partition("\n")[0].encode()
    lines = (b"{", b"[]", b"{}", b'{"counts": {}, "hits": [1]}', b"\xff\xfe", b"")
    of_this = [state + b"\n\xff\xfe\naccess\t" + each + b"\n" for each in lines]
    for damaged in (b"", b"\xff\xfe", b"of another state\naccess\t{}\n", state, *of_this):
        path.write_bytes(damaged)
        opened.forget()
        assert asked_of_many("access") == told
    path.unlink()
    opened.forget()
    assert asked_of_many("access") == told
    path.write_text(written.replace('"note:', '"NOTE:'))
    assert {hit.key[:5] for hit in asked_of_many("internet")[0].hits} == {"NOTE:"}


def test_without_usual_words_no_answers_are_kept() -> None:
    assert finding.keep_answers() == 0  # there is no index
    put(*said_by_many())
    assert finding.keep_answers() == 0


def test_a_sample_tells_which_words_are_usual() -> None:
    said = ["the word"] * 98 + ["the other", "the, other: one"]
    sample = [
        Entry(f"note:{n}", "note", parts=(Part("text", each),)) for n, each in enumerate(said)
    ]
    assert finding.usual_words(sample) == {"the", "word"}
    assert finding.usual_words([]) == frozenset()


# Facets


def test_counts_are_exact() -> None:
    chance = random.Random(7)
    entries = [
        Entry(
            f"note:{n}", chance.choice(KINDS), group=chance.choice((None, 1, 2)), order=n,
            facets={
                "year": (str(chance.randint(2020, 2023)),),
                "topic": tuple(chance.sample(["a", "b", "c"], chance.randint(0, 3))),
            },
            parts=(Part("text", chance.choice(("red", "green", "red green")), "en"),),
        )
        for n in range(1, 400)
    ]  # fmt: skip
    put(*entries)

    def counted(rows: Iterable[Entry], facet: str) -> dict[str, int]:
        return dict(Counter(value for each in rows for value in each.facets[facet]))

    for _ in range(30):
        word = chance.choice(("red", "green", ""))
        kind, group = chance.choice(KINDS), chance.choice((None, 1, 2))
        years = chance.sample(["2020", "2021", "2022"], chance.randint(0, 2))
        topics = chance.sample(["a", "b"], chance.randint(0, 1))
        fits = [
            each
            for each in entries
            if word in each.parts[0].text and each.kind == kind and group in (None, each.group)
        ]
        of_years = [each for each in fits if not years or each.facets["year"][0] in years]
        of_topics = [each for each in fits if not topics or {*each.facets["topic"]} & {*topics}]
        told = finding.search(
            word, kinds=[kind], group=group, chosen={"year": years, "topic": topics},
            facets=["year", "topic"], limit=1000, newest=True,
        )  # fmt: skip
        both = [each for each in of_years if each in of_topics]
        assert [hit.key for hit in told.hits] == [each.key for each in reversed(both)]
        assert told.total == len(both)
        # a facet that is narrowed shows what another choice would give
        assert told.facets == {
            "year": counted(of_topics, "year"),
            "topic": counted(of_years, "topic"),
        }
        assert [*finding.every_key(word, kinds=[kind], group=group, chosen={"year": years, "topic": topics})] == [
            hit.key for hit in told.hits
        ]  # fmt: skip


def test_a_page_goes_on_where_the_one_before_ended() -> None:
    texts(*(("en", "the same text") for _ in range(50)))
    pages = [finding.search("text", limit=20, offset=offset) for offset in (0, 20, 40, 60)]
    assert [len(page.hits) for page in pages] == [20, 20, 10, 0]
    assert len({hit.key for page in pages for hit in page.hits}) == 50
    assert finding.search("text", offset=searching.DEEPEST).hits == ()


def test_pages_go_on_from_words_as_typed_to_their_other_forms() -> None:
    """First those in which all stands as it is typed, then the rest; none of them twice."""
    chance = random.Random(5)
    forms = [chance.choice(("network", "networks", "networking")) for _ in range(70)]
    texts(*(("en", f"a {form} of countries") for form in forms))
    for typed in ("network", "networks country", "networking countries"):
        word = typed.split()[0]
        expected = {n for n, form in enumerate(forms, 1) if form == word and "country" not in typed}
        pages = [finding.search(typed, limit=9, offset=offset) for offset in range(0, 72, 9)]
        keys = [int(hit.key[5:]) for page in pages for hit in page.hits]
        assert {*keys[: len(expected)]} == expected
        assert sorted(keys) == list(range(1, 71))


def test_an_unknown_facet_is_the_callers_mistake() -> None:
    with pytest.raises(ValueError, match="No such facet: colour"):
        finding.search("red", facets=["colour"])


# The index as a file of this machine


def test_without_an_index_it_says_that_one_is_built() -> None:
    told = finding.search("anything", facets=["year"])
    assert (told.total, told.hits, told.facets, told.state) == (0, (), {"year": {}}, "building")


@pytest.mark.parametrize("what", ["meta.json", "all", "current", "schema"])
def test_a_damaged_index_is_no_error(what: str) -> None:
    texts(("en", "a text"))
    folder = shelf.current()
    assert folder is not None
    if what == "current":
        (shelf.root() / "current").write_bytes(b"\xff\xfe nothing")
    elif what == "schema":
        (shelf.root() / "current").write_text("0-00000000")
    else:
        for path in (folder / "index").iterdir():
            if what == "all" or path.name == what:
                path.write_bytes(b"no index")
    opened.forget()
    assert finding.search("text").state == "building"


def test_what_was_removed_or_put_anew_is_found_so() -> None:
    texts(("en", "first"), ("en", "second"))
    folder = shelf.current()
    assert folder is not None
    with Writer(folder) as writer:
        writer.remove("note:1")
        writer.put(Entry("note:2", "note", order=2, parts=(Part("text", "changed", "en"),)))
        writer.commit()
    opened.forget()
    assert (found("first"), found("second"), found("changed"), found("")) == (
        set(),
        set(),
        {2},
        {2},
    )
    assert [key for key, _ in finding.versions(folder)] == ["note:2"]


# Long texts

AROUND = "Nothing of the kind stands here. " * 300


@pytest.mark.parametrize(
    ("typed", "stands"),
    [
        ("cote", "Côte"), ("COTE", "cote"), ("ivoire", "d’Ivoire"), ("developing", "Development"),
        ("развитию", "Развитие"), ("все", "Всё"), ("الانترنت", "الإنترنت"), ("متعدد", "مُتَعَدِّد"), ("联网", "互联网"),
        ("istanbul", "İstanbul"), ('"rail corridor"', "rail corridor"), ("corrid*", "corridors"), ("oresund", "Øresund"),
    ],
)  # fmt: skip
def test_of_a_long_text_the_stretch_is_read_in_which_a_word_stands(typed: str, stands: str) -> None:
    long = Part("file 7 3", f"{AROUND}{stands} {AROUND}", "fr" if stands == "Côte" else "en")
    (near,) = finding.near(asked(typed), [Part("file 7 2", AROUND, "en"), long])
    assert (near.where, near.language) == (long.where, long.language)
    assert near.text in long.text
    assert len(near.text) < 1_100
    assert stands in near.text


def test_of_a_long_text_only_some_stretches_are_read() -> None:
    long = Part("file 7 3", f"{AROUND}word. " * 50, "en")
    assert len(list(finding.near(asked("word kind -nothing"), [long] * 5))) == 8
    assert list(finding.near(asked("-kind"), [long])) == []


@pytest.mark.parametrize(
    ("typed", "stands", "language"),
    [
        ("die", "dying", "en"), ("dying", "dies", "en"), ("sky", "skies", "en"), ("ties", "tied", "en"),
        ("early", "earlier", "en"), ("pony", "ponies", "en"), ("divoire", "d'Ivoire", "fr"),
        ("ivoire", "d'Ivoire", "fr"), ("acces", "l'acces", "fr"), ("yeux", "yeux", "fr"), ("a", "a", "en"),
        ("cote", "Côte", "fr"), ("5g", "5G", "en"), ("network", "networking", "en"), ("lan*", "Land", "en"),
    ],
)  # fmt: skip
def test_a_form_of_a_word_is_marked(typed: str, stands: str, language: str) -> None:
    texts((language, f"Nothing but {stands} is said"))
    asked_for = asked(typed)
    marks = finding.marked(asked_for, f"Nothing but {stands} is said", language)
    assert (found(typed) == {1}) == ((stands, True) in marks)


def test_of_a_phrase_that_stands_very_often_some_places_are_marked() -> None:
    text = "nets boats " * 5_000
    query = asked('"nets boats" "boats nets" "boats boats"')
    (passage,) = finding.highlight(query, [Part("text", text, "en")])
    assert passage.pieces[0] == (text[: len(passage.pieces[0][0])], True)
    assert len(passage.pieces) < 10


def test_of_a_word_that_stands_very_often_some_places_are_marked_and_a_phrase_all_the_same() -> (
    None
):
    text = "nets " * 1_000 + "the rail corridor"
    for typed in ('nets "rail corridor"', '"rail corridor" nets'):
        assert finding.marked(asked(typed), text, "en")[-1] == ("rail corridor", True)


def marks_word_by_word(typed: str, text: str, language: str) -> set[tuple[int, int]]:
    """Find where what is typed stands in the plainest way: every word of the text compared."""
    row = list(words(text, language))
    found = set()
    for term in asked(typed).terms:
        for at, each in enumerate(row):
            if term.phrase and len(term.words) > 1:
                inner = row[at : at + len(term.words)]
                if tuple(one.word for one in inner) == term.words:
                    found.add((each.start, inner[-1].end))
            elif term.prefix:
                if each.word.startswith(term.words[0]):
                    found.add((each.start, each.end))
            elif {each.word, each.stem} & {
                form for word in term.words for form in (word, *stems(word))
            }:
                found.add((each.start, each.end))
    return found


PLAIN = [
    "nets",
    "Net's",
    "d'acces",
    "l'or",
    "networks,",
    "o`clock",
    "rail-road",
    "x_net",
    "\n",
    "dying",
    "die",
    "Côte",
]


@examples(max_examples=300, deadline=None)
@given(
    text=st.lists(st.sampled_from(PLAIN), max_size=12).map(" ".join),
    typed=st.lists(st.sampled_from([*PLAIN, '"nets acces"', '"or nets"', "net*", '"x net die"']), min_size=1, max_size=3),
    language=st.sampled_from(["en", "fr", ""]),
)  # fmt: skip
def test_marks_are_those_of_every_word_compared(text: str, typed: list[str], language: str) -> None:
    """Most words of a text are passed at a glance: nothing that stands there is missed for it."""
    marks = finding.marked(asked(" ".join(typed)), text, language)
    at, places = 0, set()
    for said, is_marked in marks:
        places |= set(range(at, at + len(said))) if is_marked else set()
        at += len(said)
    expected = marks_word_by_word(" ".join(typed), text, language)
    assert places == {place for start, end in expected for place in range(start, end)}


def test_each_term_has_its_share_of_the_marks() -> None:
    text = "nets " * 300 + "the corridor of nets"
    assert ("corridor", True) in finding.marked(asked("nets corridor"), text, "en")
    assert not finding.lacking(asked("nets corridor"), [Part("text", text, "en")])


@pytest.mark.parametrize(
    ("typed", "text"),
    [
        (" ".join(f'"the net {letter} of"' for letter in "abcdefghijkl"), "the net of a word in all " * 16_000),
        (f'"{"the " * 70}end"', "the " * 95_000),
        (f'"{"公共政策工作组网" * 30}"', "公共政策工作组网" * 40_000),
    ],
)  # fmt: skip
def test_phrases_that_begin_everywhere_are_compared_so_often_and_no_more(
    typed: str, text: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    read = []
    standing = passages._Row.standing

    def counted(row: Any, *asked: Any) -> Iterator[Any]:
        read.append(row)
        yield from standing(row, *asked)

    monkeypatch.setattr(passages._Row, "standing", counted)
    finding.highlight(asked(typed), [Part("text", text, "en")])
    (row,) = {*read}
    assert 0 <= row._left < passages.MOST_COMPARED
    assert len(read) <= passages.MOST_COMPARED


def test_what_stands_in_none_of_some_texts() -> None:
    parts = [Part("answer 1", "Ports and cables.", "en"), Part("text", "Little else.", "en")]
    query = asked('port "little else" lit* missing -other "else little"')
    assert finding.lacking(query, parts) == finding.Query(asked('missing "else little"').terms)
    assert not finding.lacking(asked("port"), parts)


@given(st.text(max_size=60), st.text(max_size=400))
def test_whatever_is_typed_is_looked_for_in_long_texts(typed: str, text: str) -> None:
    query = asked(typed)
    assert all(each.text in text for each in finding.near(query, [Part("file 1 1", text, "")]))
    finding.lacking(query, [Part("text", text, "")])
