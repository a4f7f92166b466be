"""Official sentences, from plain facts."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from icu4py.messageformat import MessageFormat

from meetings.lettering import letter, roman
from meetings.models import Kind
from meetings.typesetting.tree import plain
from meetings.wording import dates
from meetings.wording.facts import (
    Fact,
    GroupFacts,
    House,
    MeetingFacts,
    OutcomeFacts,
    SessionFacts,
    SettledFacts,
    Viewpoint,
)
from meetings.wording.messages import messages, switched_on
from meetings.wording.patterns import FURTHER_SLOTS, OUTCOME_SLOTS, PatternError, check, named
from meetings.wording.sentences import heading, sentence
from meetings.wording.slots import SlotError

HOUSE = House("en", GroupFacts(Fact("Example Group"), Fact("EG"), Fact("EG")))
EN = messages("en")
WINDOW = (date(2024, 10, 1), date(2025, 1, 1))


def session(label: str, year: int, long: str = "") -> SessionFacts:
    return SessionFacts(
        Fact(label), Fact(long), opens=date(year, 6, 1), ends=date(year, 6, 10), year=year
    )


def test_the_eighteenth_is_an_ordinal_in_every_language_switched_on() -> None:
    known = {"en": "eighteenth", "fr": "dix-huitième", "es": "decimoctava", "ru": "восемнадцатая",
             "ar": "الثامنة عشرة", "zh": "第十八"}  # fmt: skip
    said = {
        language: MessageFormat(messages(language).ordinals["words"], language).format({"n": 18})
        for language in switched_on()
    }
    assert said == {language: known[language] for language in switched_on()}


@pytest.mark.parametrize(
    ("first", "last", "style", "said"),
    [
        ((2023, 10, 18), (2023, 10, 18), "hyphen", "18 October 2023"),
        ((2025, 2, 19), (2025, 2, 20), "hyphen", "19-20 February 2025"),
        ((2020, 2, 3), (2020, 2, 4), "and", "3 and 4 February 2020"),
        ((2020, 2, 3), (2020, 2, 6), "and", "3-6 February 2020"),
        ((2024, 1, 31), (2024, 2, 1), "and", "31 January and 1 February 2024"),
        ((2024, 12, 31), (2025, 1, 1), "and", "31 December 2024 and 1 January 2025"),
        ((2024, 1, 30), (2024, 2, 1), "and", "30 January – 1 February 2024"),
        ((2024, 1, 31), (2024, 2, 1), "hyphen", "31 January – 1 February 2024"),
        ((2024, 12, 30), (2025, 1, 2), "hyphen", "30 December 2024 – 2 January 2025"),
    ],
)
def test_days(
    first: tuple[int, int, int], last: tuple[int, int, int], style: str, said: str
) -> None:
    printed = dates.days(EN, date(*first), date(*last), style)
    assert printed.replace("\u00a0", " ").replace("\u2011", "-") == said


def test_a_house_that_prints_from_to() -> None:
    printed = dates.when(EN, date(2010, 3, 17), date(2010, 3, 18), "from_to")
    assert "".join(printed).replace("\u00a0", " ") == "from 17 to 18 March 2010"
    assert "".join(dates.when(EN, date(2010, 3, 17), date(2010, 3, 17), "from_to")).startswith(
        "on "
    )


@pytest.mark.parametrize(
    ("style", "last", "said"),
    [
        ("long", date(2025, 1, 1), "October 2024 – January 2025"),
        ("short", date(2024, 12, 1), "October-December 2024"),
        ("short", date(2025, 1, 1), "October 2024-January 2025"),
        ("long", date(2024, 10, 1), "October 2024"),
    ],
)
def test_windows(style: str, last: date, said: str) -> None:
    assert dates.window(EN, date(2024, 10, 1), last, style) == said


SENTENCES = [
    (OutcomeFacts("", "launched", topics=(Fact("A"),), window=WINDOW),
     "The secretariat launched the open consultation (October 2024 – January 2025) on the topic: A."),
    (OutcomeFacts("", "launched", topics=(Fact("A"), Fact("B"), Fact("C")), window=WINDOW),
     "The secretariat launched the open consultation (October 2024 – January 2025) on the topics: "
     "A; B; and C."),
    (OutcomeFacts("", "no_consensus"),
     "All the contributions received were discussed, but no consensus was reached."),
    (OutcomeFacts("", "no_consensus", topics=(Fact("A"), Fact("B")), about_future_topics=True),
     "All the contributions received were discussed, including those presenting topics for future "
     "open consultations, but no consensus was reached on the topics: A; and B."),
    (OutcomeFacts("", "agreed", action="on the following", points=("x;",)),
     "The Group agreed on the following:"),
    (OutcomeFacts("", "agreed", action="on the following:", points=("x;",)),
     "The Group agreed on the following:"),
    (OutcomeFacts("", "agreed", action="to stop."), "The Group agreed to stop."),
    (OutcomeFacts("", "noted", action="Document {{ documents }}", documents=(Fact("X 1"),)),
     "The Group took note of Document X 1."),
    (OutcomeFacts("", "deferred", topics=(Fact("A"),), until="next_meeting"),
     "The Group deferred the matter of A to the next meeting of the EG."),
    (OutcomeFacts("", "deferred", about_future_topics=True, until="next_meeting",
                  awaits=session("PP-30", 2030, "2030 Conference"), condition="decide so"),
     "The Group deferred the matter of topics for future consultations to the next meeting of the "
     "EG, should the 2030 Conference (PP-30) decide so."),
    (OutcomeFacts("", "deferred", action="the budget", until="session",
                  awaits=session("Council 2030", 2030)),
     "The Group deferred the matter of the budget to Council 2030."),
    (OutcomeFacts("", "request", addressee="the Secretariat", action="to report"),
     "The EG requested the Secretariat to report."),
    (OutcomeFacts("", "request", addressee="the Secretariat", action="to help the {{ group }}",
                  recalls_group=Fact("XG"), recalls="to study it"),
     "Recalling the decision made by the XG to study it, the EG requested the Secretariat to help "
     "the EG."),
    (OutcomeFacts("", "agreed", action="on its methods"), "The Group agreed on its methods."),
    (OutcomeFacts("", "referred", action="the matter", session=session("Council 2030", 2030)),
     "The Group referred the matter to Council 2030."),
    (OutcomeFacts("", "free", wording="So {{ group.acronym }} said."), "So EG said."),
]  # fmt: skip


@pytest.mark.parametrize(("facts", "said"), SENTENCES)
def test_sentences(facts: OutcomeFacts, said: str) -> None:
    assert plain(sentence(facts, Viewpoint(date(2026, 1, 1)), HOUSE)) == said


@pytest.mark.parametrize(
    ("as_of", "own", "settled", "was"),
    [
        (date(2026, 1, 1), 2026, SettledFacts("kept", date(2025, 6, 10)), True),
        (date(2025, 6, 1), 2026, SettledFacts("kept", date(2025, 6, 10)), False),
        (date(2026, 1, 1), 2025, SettledFacts("kept", date(2025, 6, 10)), False),
        (date(2026, 1, 1), 2026, SettledFacts("dropped", date(2025, 6, 10)), False),
        (date(2026, 1, 1), 2026, None, False),
    ],
)
def test_a_summary_is_told_as_submitted_only_when_it_was(
    as_of: date, own: int, settled: SettledFacts | None, was: bool
) -> None:
    facts = OutcomeFacts(
        "", "summary", topics=(Fact("A"),), session=session("Council 2025", 2025), settled=settled
    )
    said = plain(sentence(facts, Viewpoint(as_of, session(f"Council {own}", own)), HOUSE))
    verb = "was" if was else "would be"
    assert said == (
        f"The summary of the open consultation on “A” {verb} submitted as part of the Chair’s "
        "report to Council 2025."
    )


def test_sessions_of_one_year_without_days_are_told_by_what_was_kept() -> None:
    council = replace(
        session("Council 2022", 2022), label=Fact("Council", key="1"), days_known=False
    )
    own = replace(session("PP-22", 2022), label=Fact("PP-22", key="2"))
    facts = OutcomeFacts("", "summary", topics=(Fact("A"),), session=council)
    view = Viewpoint(date(2022, 7, 1), own)
    assert " would be submitted" in plain(sentence(facts, view, HOUSE))
    kept = replace(facts, settled=SettledFacts("kept", date(2022, 3, 30)))
    assert " was submitted" in plain(sentence(kept, view, HOUSE))
    later = replace(facts, settled=SettledFacts("kept", date(2022, 12, 31)))
    assert " would be submitted" in plain(sentence(later, view, HOUSE))


def test_the_title_of_that_time() -> None:
    house = replace(HOUSE, chair_title=Fact("Chairman"))
    facts = OutcomeFacts("", "summary", topics=(Fact("A"),), session=session("Council 2012", 2012))
    assert plain(sentence(facts, Viewpoint(date(2012, 1, 1)), house)) == (
        "The summary of the open consultation on “A” would be submitted as part of the "
        "Chairman’s report to Council 2012."
    )


@pytest.mark.parametrize(
    ("last", "said"),
    [
        (date(2023, 10, 18), "in October 2023"),
        (date(2023, 10, 31), "in October 2023"),
        (date(2024, 10, 18), "from October 2023 to October 2024"),
    ],
)
def test_the_months_in_which_meetings_were_held(last: date, said: str) -> None:
    assert "".join(dates.held(EN, date(2023, 10, 18), last)) == said


def test_what_a_pattern_names() -> None:
    pattern = "{a} {b, plural, one {was} other {{c} {d, select, x {y} other {}}}} '{no}' it's {e}"
    assert named(pattern) == {"a", "b", "c", "d", "e"}
    check(
        "{documents} {count, plural, one {was} other {were}} noted in {window_long}.", "en", "noted"
    )
    with pytest.raises(PatternError, match="There is no slot “Group” in this sentence"):
        check("{Group}", "en", "noted")


@pytest.mark.parametrize(
    "pattern", ["{" + " " * 100_000, "{ " * 50_000, "{a" + " " * 100_000 + "b"]
)
def test_a_brace_that_never_closes_names_nothing_however_long(pattern: str) -> None:
    assert named(pattern) == set()


def test_headings_of_meetings() -> None:
    held = MeetingFacts("", 12, date(2021, 2, 1), date(2021, 2, 2), "virtual")
    figures = House("en", HOUSE.group, ordinals="figures", day_ranges="and")
    said = plain(heading(held, figures, has_outcomes=True)).replace("\u00a0", " ")
    assert said == (
        "The main results of the 12th meeting of the EG, held virtually on 1 and 2 February 2021, "
        "were:"
    )
    said = plain(heading(held, HOUSE, has_outcomes=False)).replace("\u00a0", " ")
    assert said == "The twelfth meeting of the EG was held virtually on 1\u20112 February 2021."


def test_a_house_prints_its_own_pattern() -> None:
    own = House("en", HOUSE.group, patterns={"agreed": Fact("It was agreed {action}.")})
    facts = OutcomeFacts("", "agreed", action="to go on")
    assert plain(sentence(facts, Viewpoint(date(2026, 1, 1)), own)) == "It was agreed to go on."


def test_every_pattern_has_its_further_slots() -> None:
    assert set(EN.patterns) - set(FURTHER_SLOTS) == set(Kind)
    for name in EN.patterns:
        every = "".join(f"{{{slot}}}" for slot in sorted(FURTHER_SLOTS.get(name, OUTCOME_SLOTS)))
        check(every, "en", name)
    every = "".join(f"{{{slot}}}" for slot in sorted(OUTCOME_SLOTS))
    house = replace(HOUSE, patterns={"agreed": Fact(every)})
    assert "{" not in plain(
        sentence(OutcomeFacts("", "agreed"), Viewpoint(date(2026, 1, 1)), house)
    )


def test_a_wrong_pattern_or_slot_is_refused_by_name() -> None:
    with pytest.raises(PatternError, match="There is no slot “colour” in this sentence"):
        check("It was agreed {colour}.", "en", "agreed")
    with pytest.raises(PatternError, match="A brace is opened"):
        check("It was agreed {action", "en", "agreed")
    with pytest.raises(PatternError, match="There is no pattern “nonsense”"):
        check("x", "en", "nonsense")
    with pytest.raises(SlotError, match="There is no slot “colour”"):
        sentence(OutcomeFacts("", "free", wording="{{ colour }}"), Viewpoint(date.min), HOUSE)


def test_letters_and_roman_figures_go_on() -> None:
    assert [letter(n) for n in (1, 26, 27, 28, 52, 53)] == ["a", "z", "aa", "ab", "az", "ba"]
    assert [roman(n) for n in (1, 4, 9, 14, 40)] == ["i", "iv", "ix", "xiv", "xl"]
