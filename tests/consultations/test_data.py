"""The data of published contributions: what is in it, in which form, and never more than is public."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import re
import zipfile
from pathlib import Path
from typing import Any

import pandas
import pytest
from django.db import transaction
from django.test import Client
from django.utils import timezone

from consultations import reading, standing
from consultations.data import columns, records, writing
from consultations.models import Attachment, Consultation, Contribution, Standing
from meetings import files, sending
from meetings.models import MemberState
from tests.consultations.making import MEANWHILE, make_contribution, make_round

ROUND = "/example-group/consultations/example-round"
pytestmark = pytest.mark.django_db


def attach(contribution: Contribution, name: str, data: bytes, withheld: str = "") -> Attachment:
    with files.keeping() as keep:
        kept = keep(data, "pdf")
    return Attachment.objects.create(
        contribution=contribution, name=name, kind="pdf", path=kept.path, size=kept.size,
        sha256=kept.sha256, withheld_for=withheld, added_at=MEANWHILE,
    )  # fmt: skip


@pytest.fixture
def held(settings: Any, tmp_path: Path) -> Consultation:
    """A round with a contribution of every standing; two are published."""
    settings.MEDIA_ROOT = tmp_path
    made = make_round()
    country = MemberState.objects.get(iso="CH")
    first = make_contribution(
        made, Standing.PUBLISHED, name="Example Person", job_title="Example function",
        publish_name=True, publish_organisation=True, publish_country=True, country=country,
        organisations=["Example Organization", "=1+1 Example"], text="Further remarks, “é”.",
        answers={1: "+41 is an example of a prefix.\nA second line; with a sign.", 3: "It is secretword."},
    )  # fmt: skip
    first.redactions.create(passage="secretword", reason="Example", made_at=MEANWHILE)
    attach(first, "annex.pdf", b"%PDF example")
    attach(first, "withheldname.pdf", b"%PDF withheld", "Example reason")
    make_contribution(
        made, Standing.PUBLISHED, name="Hiddenname", organisations=["Hiddenorganization"],
        country=country, job_title="Hiddenfunction", answers={2: "Another example."}, example=True,
    )  # fmt: skip
    for each in ("awaiting", "passed", "declined", "withdrawn"):
        make_contribution(
            made,
            each,
            answers={1: f"Unpublishedword {each}"},
            organisations=[f"Unpublishedname {each}"],
        )
    make_contribution(made, "sent", answers={1: "Unpublishedword sent"})
    return made


NEVER = (
    "secretword", "withheldname", "Hiddenname", "Hiddenorganization", "Hiddenfunction", "Unpublished",
    "person@example.org", "Example reason",
)  # fmt: skip


def got(address: str) -> bytes:
    answer = Client().get(address)
    assert answer.status_code == 200, address
    assert answer.cookies == {}
    assert answer["Cache-Control"] == "public, max-age=0, must-revalidate"
    assert "attachment" in answer["Content-Disposition"]
    return whole(answer)


def whole(answer: Any) -> bytes:
    """Give all of an answer, whose end closes it."""
    return b"".join(answer.streaming_content)


def test_the_columns_are_these() -> None:
    """A schema that others rely on: a change of this list is a new version."""
    assert columns.VERSION == 1
    assert columns.NAMES == (
        "reference", "address", "working_group", "round", "round_title", "number", "example",
        "received_on", "published_on", "entered", "language", "stakeholder_group", "country",
        "country_name", "region", "organisations", "name", "job_title", "questions", "answers",
        "text", "redactions", "files", "files_withheld", "citation",
    )  # fmt: skip


def test_a_contribution_as_json(held: Consultation) -> None:
    said = json.loads(got(f"{ROUND}/data.json"))
    assert said["reconciliation"] == (
        "6 received = 2 published + 1 awaiting the secretariat + 1 passed to the Group only + "
        "1 declined + 1 withdrawn"
    )
    assert said["tally"] == {
        "received": 6, "published": 2, "awaiting": 1, "passed": 1, "declined": 1, "withdrawn": 1,
        "merged": 0,
    }  # fmt: skip
    assert said["licence"] is None
    assert said["questions"][0] == {"question": "1", "asked": "Example question 1?"}
    hidden, first = said["contributions"]
    file = Attachment.objects.get(name="annex.pdf")
    base = "http://127.0.0.1:8000/example-group/contributions/2026-03/1/"
    assert first == {
        "reference": "EG/OC-2026-03/1", "address": base, "working_group": "example-group",
        "round": "2026-03", "round_title": "An example topic of 2026-03", "number": 1,
        "example": False, "received_on": "2026-04-01", "published_on": "2026-04-01", "entered": "",
        "language": "en", "stakeholder_group": "civil_society", "country": "CH",
        "country_name": "Switzerland", "region": "europe",
        "organisations": ["Example Organization", "=1+1 Example"], "name": "Example Person",
        "job_title": "Example function", "questions": ["1", "3"],
        "answers": [
            {"question": "1", "asked": "Example question 1?",
             "text": "+41 is an example of a prefix.\nA second line; with a sign."},
            {"question": "3", "asked": "Example question 3?",
             "text": f"It is {reading.REDACTED}."},
        ],
        "text": "Further remarks, “é”.", "redactions": 1,
        "files": [{"name": "annex.pdf", "kind": "pdf", "size": 12,
                   "sha256": hashlib.sha256(b"%PDF example").hexdigest(),
                   "address": f"{base}files/{file.pk}/"}],
        "files_withheld": 1,
        "citation": "Example Organization; =1+1 Example, Example Person, contribution EG/OC-2026-03/1 to "
        f"the open consultation “An example topic of 2026-03” of Example Group, 1\u00a0April 2026, {base}",
    }  # fmt: skip
    assert {key: hidden[key] for key in ("example", "name", "organisations", "country", "region", "job_title")} == {
        "example": True, "name": "", "organisations": [], "country": "", "region": "", "job_title": "",
    }  # fmt: skip


def test_the_page_cites_it_by_the_same_line(held: Consultation) -> None:
    page = Client().get("/example-group/contributions/2026-03/1/").content.decode()
    said = json.loads(got(f"{ROUND}/data.json"))["contributions"][1]["citation"]
    cited = re.search(r"To cite it</h2>\s*<p>(.*?)</p>", page, re.DOTALL)
    assert cited is not None
    assert re.sub(r"<[^>]+>", "", cited[1]) == said


def test_json_lines_hold_the_same(held: Consultation) -> None:
    lines = got(f"{ROUND}/data.jsonl").decode().splitlines()
    assert [json.loads(each) for each in lines] == json.loads(got(f"{ROUND}/data.json"))[
        "contributions"
    ]
    assert [tuple(json.loads(each)) for each in lines] == [columns.NAMES] * 2


def test_a_table_holds_the_same_and_no_formula(held: Consultation) -> None:
    table = got(f"{ROUND}/data.csv")
    assert table.startswith(b'\xef\xbb\xbf"reference","address"')
    names, *rows = csv.reader(io.StringIO(table.decode("utf-8-sig"), newline=""))
    assert tuple(names) == columns.NAMES
    first = dict(zip(names, rows[1], strict=True))
    assert first["organisations"] == "Example Organization; =1+1 Example"
    assert first["answers"] == (
        "Question 1:\n+41 is an example of a prefix.\nA second line; with a sign.\n\n"
        f"Question 3:\nIt is {reading.REDACTED}."
    )
    assert first["example"] == "false"
    for row in rows:
        assert [cell for cell in row if cell.startswith(writing.FORMULA)] == []


@pytest.mark.parametrize(
    "text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "'=1", "＝1", "'"]
)
def test_a_formula_is_no_formula_and_can_be_had_back(text: str) -> None:
    cell = writing.harmless(text)
    assert cell == f"'{text}"
    assert cell.removeprefix("'") == text
    assert [writing.harmless(each) for each in ("a=1", "", 7)] == ["a=1", "", 7]


def test_nothing_that_is_not_public_is_in_any_form(held: Consultation) -> None:
    for address in (f"{ROUND}/data.csv", f"{ROUND}/data.json", f"{ROUND}/data.jsonl"):
        text = got(address).decode()
        assert "Further remarks" in text
        assert [word for word in NEVER if word in text] == []
    for path, data in package().items():
        assert [word for word in NEVER if word.encode() in data or word in path] == []


def package() -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(got(f"{ROUND}/package.zip"))) as archive:
        assert archive.testzip() is None
        return {
            name.removeprefix("example-group-2026-03/"): archive.read(name)
            for name in archive.namelist()
        }


def test_a_round_whole(held: Consultation) -> None:
    found = package()
    key = Attachment.objects.get(name="annex.pdf").pk
    assert list(found) == [
        "contributions.jsonl", "contributions.json", "contributions.csv", "answers.csv", "files.csv",
        "tally.csv", "counts.csv", "questions.csv", "round.json", "dictionary.json",
        f"files/1/{key}-annex.pdf", "README.txt", "manifest.json", "SHA256SUMS",
    ]  # fmt: skip
    assert found[f"files/1/{key}-annex.pdf"] == b"%PDF example"
    for form in ("json", "csv", "jsonl"):
        assert found[f"contributions.{form}"] == got(f"{ROUND}/data.{form}")
    lines = [line.split("  ") for line in found["SHA256SUMS"].decode().splitlines()]
    sums = {path: said for said, path in lines}
    assert sums == {
        name: hashlib.sha256(data).hexdigest()
        for name, data in found.items()
        if name != "SHA256SUMS"
    }
    assert json.loads(found["dictionary.json"]) == columns.dictionary()
    manifest = json.loads(found["manifest.json"])
    assert (manifest["contributions"], manifest["missing"]) == (2, [])


def test_pandas_reads_it_and_its_totals_are_those_of_the_page(held: Consultation) -> None:
    page = Client().get(f"{ROUND}/").content.decode()
    said = re.search(r"(\d+) received = ([^<]*)", page)
    assert said is not None
    on_page = {
        words: int(number)
        for number, words in re.findall(r"(\d+) ([^+]+?)(?: \+|$)", said[2].strip())
    }
    found = package()
    tally = pandas.read_csv(io.BytesIO(found["tally.csv"])).set_index("standing")["number"]
    assert int(tally.sum()) == int(said[1]) == sum(on_page.values())
    assert int(tally["published"]) == on_page["published"]
    assert int(tally["awaiting"]) == on_page["awaiting the secretariat"]
    frames = [
        pandas.read_csv(io.BytesIO(found["contributions.csv"])),
        pandas.read_json(io.BytesIO(found["contributions.jsonl"]), lines=True),
        pandas.json_normalize(json.loads(found["contributions.json"])["contributions"]),
    ]
    assert {len(each) for each in frames} == {on_page["published"]}
    assert list(frames[0].columns) == list(columns.NAMES)
    counts = pandas.read_csv(io.BytesIO(found["counts.csv"]))
    of_group = counts[counts.facet == "group"].set_index("value")["number"].to_dict()
    assert frames[0].groupby("stakeholder_group").size().to_dict() == of_group
    answers = pandas.read_csv(io.BytesIO(found["answers.csv"]))
    by_question = counts[counts.facet == "question"].set_index("value")["number"]
    assert answers.groupby("question").size().to_dict() == {
        int(each): int(number) for each, number in by_question.items()
    }
    listed = pandas.read_csv(io.BytesIO(found["files.csv"]))
    assert list(listed["path"]) == [path for path in found if path.startswith("files/")]


def test_what_is_withheld_while_a_package_is_sent_does_not_go_out(held: Consultation) -> None:
    answer = Client().get(f"{ROUND}/package.zip")
    pieces = iter(answer.streaming_content)  # type: ignore[attr-defined]  # it streams
    begun = next(pieces)
    Attachment.objects.filter(name="annex.pdf").update(withheld_for="Example reason")
    with zipfile.ZipFile(io.BytesIO(begun + b"".join(pieces))) as archive:
        assert [name for name in archive.namelist() if "/files/" in name] == []


def test_a_file_that_is_lost_is_named(held: Consultation, settings: Any) -> None:
    row = Attachment.objects.get(name="annex.pdf")
    Path(settings.MEDIA_ROOT, row.path).unlink()
    assert json.loads(package()["manifest.json"])["missing"] == [f"files/1/{row.pk}-annex.pdf"]


def test_what_was_withdrawn_is_gone_at_once(held: Consultation) -> None:
    row = Contribution.objects.get(number=1)
    with transaction.atomic():
        standing.move(standing.locked(row), Standing.WITHDRAWN, "test.make", at=timezone.now())
    said = json.loads(got(f"{ROUND}/data.json"))
    assert [each["number"] for each in said["contributions"]] == [2]
    assert said["tally"]["withdrawn"] == 2


def test_many_are_read_in_parts_and_none_is_lost(
    held: Consultation, monkeypatch: pytest.MonkeyPatch, django_assert_num_queries: Any
) -> None:
    for _ in range(5):
        make_contribution(held, Standing.PUBLISHED)
    monkeypatch.setattr(records, "AT_ONCE", 3)
    found = records.rounds()
    with django_assert_num_queries(3 * 6):  # three parts: rows, and what belongs to them
        read = [each["number"] for each in records.of_rounds(found)]
    assert read == [11, 10, 9, 8, 7, 2, 1]
    keys = list(
        Contribution.objects.order_by("number").exclude(number=None).values_list("pk", flat=True)
    )
    assert [each["number"] for each in records.of_keys(keys, found)] == sorted(read)


def test_the_licence_is_said_where_it_is_set(held: Consultation, settings: Any) -> None:
    page = Client().get("/contributions/dictionary/").content.decode()
    assert "None is set. Ask the secretariat" in page
    settings.DATA_LICENCE = "Example licence 1.0 https://example.org/licence"
    assert json.loads(got(f"{ROUND}/data.json"))["licence"] == {
        "name": "Example licence 1.0", "address": "https://example.org/licence",
    }  # fmt: skip
    answer = Client().get(f"{ROUND}/data.csv")
    assert answer["Link"] == (
        '<http://127.0.0.1:8000/contributions/dictionary.json>; rel="describedby", '
        '<https://example.org/licence>; rel="license"'
    )
    whole(answer)
    page = Client().get("/contributions/dictionary/").content.decode()
    assert '<a href="https://example.org/licence" rel="license">Example licence 1.0</a>' in page


def test_the_dictionary_names_every_column() -> None:
    page = Client().get("/contributions/dictionary/").content.decode()
    assert tuple(re.findall(r"<td><code>(\w+)</code></td>", page)) == columns.NAMES
    said = Client().get("/contributions/dictionary.json").json()
    assert tuple(each["name"] for each in said["columns"]) == columns.NAMES
    assert said == columns.dictionary()


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("as_migrated")
def test_data_that_has_not_changed_is_not_sent_again(held: Consultation) -> None:
    answer = Client().get(f"{ROUND}/data.csv")
    whole(answer)
    known = {"If-None-Match": answer["ETag"]}
    assert Client().get(f"{ROUND}/data.csv", headers=known).status_code == 304
    make_contribution(held, Standing.PUBLISHED)
    again = Client().get(f"{ROUND}/data.csv", headers=known)
    assert again.status_code == 200
    whole(again)


def test_no_more_than_so_many_are_sent_at_a_time(held: Consultation) -> None:
    answers = [Client().get(f"{ROUND}/data.csv") for _ in range(sending.AT_ONCE)]
    busy = Client().get(f"{ROUND}/package.zip")
    assert (busy.status_code, busy["Retry-After"], busy["Cache-Control"]) == (503, "60", "no-store")
    for each in answers:
        whole(each)
    assert package()


@pytest.mark.parametrize("end", ["data.xml", "data.", "data.csv/"])
def test_what_is_no_form_is_not_there(held: Consultation, end: str) -> None:
    assert Client().get(f"{ROUND}/{end}").status_code == 404


def test_a_round_that_nobody_knows_yet_has_no_data(held: Consultation) -> None:
    Consultation.objects.update(announced_at=None)
    for end in ("data.csv", "data.json", "package.zip"):
        assert Client().get(f"{ROUND}/{end}").status_code == 404
