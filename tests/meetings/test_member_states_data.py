"""The two data files of Member States and regions, read as they are."""

import csv
import unicodedata
from collections import Counter
from pathlib import Path

import pytest

DATA = Path(__file__).resolve().parents[2] / "meetings" / "data"
MEMBER_STATES = DATA / "member_states.csv"
REGIONS = DATA / "regions.csv"
FILES = [MEMBER_STATES, REGIONS]


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, strict=True))


def sort_key(name: str) -> str:
    letters = unicodedata.normalize("NFKD", name)
    return "".join(letter for letter in letters if not unicodedata.combining(letter)).casefold()


def codes(system: str) -> list[str]:
    return [row["code"] for row in rows(REGIONS) if row["system"] == system]


def by_name(name: str) -> dict[str, str]:
    (row,) = [row for row in rows(MEMBER_STATES) if row["name"] == name]
    return row


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_file_is_utf8_with_lf_and_no_stray_space(path: Path) -> None:
    raw = path.read_bytes()
    text = raw.decode("utf-8")
    assert not text.startswith("\ufeff")
    assert b"\r" not in raw
    assert text.endswith("\n")
    assert not text.endswith("\n\n")
    assert unicodedata.normalize("NFC", text) == text
    with path.open(encoding="utf-8", newline="") as file:
        table = list(csv.reader(file, strict=True))
    assert {len(cells) for cells in table} == {len(table[0])}
    for cells in table:
        for cell in cells:
            assert cell == " ".join(cell.split())


def test_columns() -> None:
    assert list(rows(MEMBER_STATES)[0]) == [
        "iso",
        "iso3",
        "name",
        "long_name",
        "administrative_region",
        "region",
        "doubt",
    ]
    assert list(rows(REGIONS)[0]) == ["system", "code", "name", "seats", "position"]


def test_there_are_194() -> None:
    assert len(rows(MEMBER_STATES)) == 194


@pytest.mark.parametrize("column", ["iso", "iso3", "name", "long_name"])
def test_column_is_filled_and_unique(column: str) -> None:
    values = [row[column] for row in rows(MEMBER_STATES)]
    assert all(values)
    assert len(set(values)) == len(values)


def test_codes_have_the_form_of_iso_3166() -> None:
    for row in rows(MEMBER_STATES):
        for code, length in [(row["iso"], 2), (row["iso3"], 3)]:
            assert len(code) == length
            assert code.isascii()
            assert code.isalpha()
            assert code.isupper()


def test_sorted_by_name() -> None:
    names = [row["name"] for row in rows(MEMBER_STATES)]
    assert names == sorted(names, key=sort_key)


def test_regions_of_both_systems() -> None:
    assert codes("administrative") == ["A", "B", "C", "D", "E"]
    assert codes("office") == [
        "africa",
        "americas",
        "arab-states",
        "asia-pacific",
        "cis",
        "europe",
    ]
    assert {row["system"] for row in rows(REGIONS)} == {"administrative", "office"}
    for system in ["administrative", "office"]:
        positions = [int(row["position"]) for row in rows(REGIONS) if row["system"] == system]
        assert positions == list(range(1, len(positions) + 1))


def test_region_names() -> None:
    assert {row["code"]: row["name"] for row in rows(REGIONS)} == {
        "A": "The Americas",
        "B": "Western Europe",
        "C": "Eastern Europe and Northern Asia",
        "D": "Africa",
        "E": "Asia and Australasia",
        "africa": "Africa",
        "americas": "Americas",
        "arab-states": "Arab States",
        "asia-pacific": "Asia and the Pacific",
        "cis": "CIS",
        "europe": "Europe",
    }


def test_council_seats() -> None:
    seats = {row["code"]: row["seats"] for row in rows(REGIONS)}
    assert {code: int(seats[code]) for code in codes("administrative")} == {
        "A": 9,
        "B": 8,
        "C": 5,
        "D": 13,
        "E": 13,
    }
    assert sum(int(seats[code]) for code in codes("administrative")) == 48
    assert {seats[code] for code in codes("office")} == {""}


def test_each_state_is_in_one_region_of_each_system() -> None:
    administrative, office = set(codes("administrative")), set(codes("office"))
    for row in rows(MEMBER_STATES):
        assert row["administrative_region"] in administrative
        assert row["region"] in office


def test_states_per_administrative_region() -> None:
    counted = Counter(row["administrative_region"] for row in rows(MEMBER_STATES))
    assert counted == {"A": 35, "B": 33, "C": 21, "D": 54, "E": 51}


def test_states_per_region_of_groups_and_offices() -> None:
    counted = Counter(row["region"] for row in rows(MEMBER_STATES))
    assert counted == {
        "africa": 44,
        "americas": 35,
        "arab-states": 21,
        "asia-pacific": 39,
        "cis": 9,
        "europe": 46,
    }


@pytest.mark.parametrize(
    ("name", "administrative_region", "region"),
    [
        ("Egypt", "D", "arab-states"),
        ("Morocco", "D", "arab-states"),
        ("Algeria", "D", "arab-states"),
        ("Tunisia", "D", "arab-states"),
        ("Saudi Arabia", "E", "arab-states"),
        ("United Arab Emirates", "E", "arab-states"),
        ("Kuwait", "E", "arab-states"),
        ("Bahrain", "E", "arab-states"),
        ("Poland", "C", "europe"),
        ("Romania", "C", "europe"),
        ("Azerbaijan", "C", "cis"),
        ("Russian Federation", "C", "cis"),
        ("Hungary", "B", "europe"),
        ("Lithuania", "B", "europe"),
        ("Türkiye", "B", "europe"),
        ("Kenya", "D", "africa"),
        ("Paraguay", "A", "americas"),
        ("Palau", "E", "asia-pacific"),
    ],
)
def test_named_state(name: str, administrative_region: str, region: str) -> None:
    row = by_name(name)
    assert (row["administrative_region"], row["region"]) == (administrative_region, region)
    assert row["doubt"] == ""


@pytest.mark.parametrize(
    ("iso", "iso3", "name", "long_name"),
    [
        ("TR", "TUR", "Türkiye", "Republic of Türkiye"),
        ("KR", "KOR", "Korea (Rep. of)", "Republic of Korea"),
        ("KG", "KGZ", "Kyrgyzstan", "Kyrgyz Republic"),
        ("CI", "CIV", "Côte d'Ivoire", "Republic of Côte d'Ivoire"),
        ("IR", "IRN", "Iran (Islamic Republic of)", "Islamic Republic of Iran"),
        ("SA", "SAU", "Saudi Arabia", "Kingdom of Saudi Arabia"),
        ("PL", "POL", "Poland", "Republic of Poland"),
        ("VA", "VAT", "Vatican", "Vatican City State"),
    ],
)
def test_codes_and_names(iso: str, iso3: str, name: str, long_name: str) -> None:
    row = by_name(name)
    assert (row["iso"], row["iso3"], row["long_name"]) == (iso, iso3, long_name)


def test_palestine_is_no_member_state() -> None:
    assert "PS" not in {row["iso"] for row in rows(MEMBER_STATES)}


def test_states_in_doubt() -> None:
    assert [row["name"] for row in rows(MEMBER_STATES) if row["doubt"]] == [
        "Albania",
        "Bosnia and Herzegovina",
        "Croatia",
        "Cyprus",
        "Estonia",
        "Georgia",
        "Israel",
        "Latvia",
        "Moldova",
        "Mongolia",
        "Montenegro",
        "North Macedonia",
        "Serbia",
        "Slovakia",
        "Slovenia",
        "Ukraine",
    ]


def test_readme_names_every_doubt() -> None:
    doubts = (DATA / "README.md").read_text(encoding="utf-8").partition("## Doubts")[2]
    for row in rows(MEMBER_STATES):
        if row["doubt"]:
            assert row["name"] in doubts
