"""What the shipped fonts hold."""

from __future__ import annotations

import pytest
import typst

from meetings.typesetting import fonts

SIX_LANGUAGES = {
    "English": "The quick brown fox, “quoted” – ‘twice’ — and… • (1/2) & 5 % § № © € ° ½ × − ≤ ≥ →",
    "French": "Où l’île naît dès février : « çà et là », œuvre, æ, Ÿ\u202f!",
    "Spanish": "¿Cómo será el informe del año? ¡Ñandú! ª º",
    "Russian": "Съешь ещё этих мягких французских булок, да выпей чаю; Ёлка, № 5",
    "Chinese": "理事会国际互联网相关公共政策问题工作组，《报告》：“一”、（二）。",
    "Arabic": "تقرير رئيس فريق العمل التابع للمجلس، أيضاً؛ ٢٠٢٦ ــ هل؟ «لا»",
    "names": "Đặng Thị Ngọc, Łukasz Żółw, Şükrü Ağaoğlu, Ștefan, Ţ, Þórður, Håkon, Ελένη, Жанат Әлі",
    "care": "\u2011\u00a0\u202f\u2012\u2013\u2014\u2015\u2026\u2022\ufffd",
    "marks": "e\u0301 n\u0303 \u0418\u0306",
}


@pytest.mark.parametrize("language", SIX_LANGUAGES)
def test_no_letter_of_the_languages_is_missing(language: str) -> None:
    assert fonts.missing_letters(SIX_LANGUAGES[language]) == ()


def test_a_letter_that_is_missing_is_named_once_in_code_order() -> None:
    assert fonts.missing_letters("\U0001f600 a \u1681\u1681") == ("\u1681", "\U0001f600")


def test_nothing_is_missing_from_nothing() -> None:
    assert fonts.missing_letters("") == ()


def test_every_weight_of_a_family_holds_the_same_letters() -> None:
    held: dict[str, set[frozenset[int]]] = {}
    for path in fonts.FOLDER.glob("*.?tf"):
        held.setdefault(path.name.partition("-")[0], set()).add(
            frozenset(fonts._codes(path.read_bytes()))
        )

    assert {family: len(sets) for family, sets in held.items()} == {
        "NotoNaskhArabic": 1,
        "NotoSerif": 1,
        "NotoSerifCJKsc": 1,
    }


def test_the_typesetter_finds_the_families_that_are_asked_for() -> None:
    found = typst.Fonts(
        include_system_fonts=False, include_embedded_fonts=False, font_paths=[fonts.FOLDER]
    ).families()

    assert {name for names in fonts.FAMILIES.values() for name in names} == set(found)


def test_all_fonts_together_stay_small_and_carry_their_licence() -> None:
    size = sum(path.stat().st_size for path in fonts.FOLDER.iterdir())

    assert size < 12_000_000
    assert "SIL OPEN FONT LICENSE Version 1.1" in (fonts.FOLDER / "OFL.txt").read_text()
