"""The summary of a round in a record file: what comes back, what stays out, what is refused."""

from __future__ import annotations

import re
from datetime import timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.core.management import CommandError, call_command

from consultations.models import (
    Attachment,
    Citation,
    Consultation,
    Summary,
    SummaryGuest,
    TaggedPassage,
)
from consultations.reading import public_text
from consultations.summary import coverage, states, tagging
from cwg.record.reading import RecordLoader
from meetings.models import WorkingGroup
from tests.consultations.summarizing import AT, LATER, make_desk
from tests.record.test_groups import GROUPS, dumped, empty

FILE = GROUPS / "cwg-one-2025.yaml"


def load(file: Path) -> None:
    call_command("load_record", str(file), stdout=StringIO())


def first(text: str) -> Any:
    """Return the first round of a record file as plain data; instants without their seconds of 0."""
    data = yaml.load(re.sub(r"(T\d\d:\d\d):00\+", r"\1+", text), RecordLoader)
    return data["consultations"][-1]


def written(tmp_path: Path, data: Any) -> Path:
    file = tmp_path / "record.yaml"
    text = yaml.dump(data, allow_unicode=True, sort_keys=False, width=100_000)
    file.write_text(text, encoding="utf-8")
    return file


def test_every_field_of_a_summary_comes_back(db: None) -> None:
    given = yaml.load(FILE.read_text(encoding="utf-8"), RecordLoader)["consultations"][0]
    load(FILE)
    back = first(dumped())
    assert back["tags"] == given["tags"]
    assert back["summary"] == given["summary"]


def test_what_was_loaded_is_what_the_desk_keeps(db: None) -> None:
    load(FILE)
    summary = Summary.objects.get()
    assert states.state(summary, LATER) == states.State.PUBLISHED
    assert [(each.contribution.number, each.seen_words) for each in Citation.objects.all()] == [
        (1, "[redacted by the secretariat]\n[redacted by the secretariat] \n\n  indented\ttab\n"),
        (4, "true enough"),
        (7, "What it said then:\n\ntwo lines"),
        (7, '  Indented: "quoted", <b>bold</b>\n\n1'),
    ]
    standing = TaggedPassage.objects.get(removed_at=None, contribution__number=7)
    answer = standing.contribution.answers.get(question=standing.question)
    assert public_text(answer.text, [])[standing.start : standing.end] == standing.words


def test_a_summary_made_at_the_desk_loads_into_an_empty_database(db: None, tmp_path: Path) -> None:
    desk = make_desk()
    one = desk.contribution(
        answers={1: "More languages.", 2: "Fewer forms."}, email="a@example.org"
    )
    two = desk.contribution(answers={2: "Nothing new."}, name="Somebody who sent it")
    held = tagging.add(desk.round, "Languages", by=desk.writer)
    place = tagging.Place(desk.question(1), 0, 4)
    passage = tagging.tag(held, one, place, "More", by=desk.writer, at=AT)
    file = Attachment.objects.create(
        contribution=one, name="secret-name.pdf", kind="pdf", path="x", size=1, sha256="0", added_at=AT
    )  # fmt: skip
    tagging.tag(
        held, one, tagging.Place(attachment=file, page=1), "In a file", by=desk.writer, at=AT
    )
    desk.write("It asks for languages [1] and for “fewer forms” [1].", 1, passages={1: passage})
    coverage.set_aside(desk.summary, two, "It says nothing new.", by=desk.writer, at=AT)
    SummaryGuest.objects.create(summary=desk.summary, email="guest@example.org", invited_at=AT)
    desk.read()
    before = dumped()
    said = first(before)
    assert said["summary"]["paragraphs"] == [
        {
            "question": "1", "text": "It asks for languages [1] and for “fewer forms” [1].",
            "written_at": said["summary"]["paragraphs"][0]["written_at"],
            "citations": [{"contribution": 1, "passage": "1/1"}],
        }
    ]  # fmt: skip
    assert said["summary"]["readings"][0]["answer"] == "agreed"
    for hidden in ("@", "secret-name", "In a file", "reader@", str(desk.reader)):
        assert hidden not in before
    copy = tmp_path / "copy.yaml"
    copy.write_text(before, encoding="utf-8")
    empty()
    load(copy)
    assert dumped() == before
    again = Summary.objects.get()
    assert states.is_read(again)
    assert coverage.coverage(again) == coverage.Coverage(published=2, cited=1, set_aside=1)


def test_words_that_changed_since_they_were_read_or_cited_are_told(
    db: None, tmp_path: Path
) -> None:
    desk = make_desk()
    cited = desk.contribution(answers={1: "More languages."})
    written_ = desk.write("It asks for languages [1].", 1)
    desk.read()
    cited.answers.update(text="Fewer languages.")
    written_.text = "It asked for languages [1]."
    written_.written_at = AT + timedelta(hours=1)
    written_.save()
    before, copy = dumped(), tmp_path / "copy.yaml"
    said = first(before)["summary"]
    assert said["paragraphs"][0]["citations"] == [{"contribution": 1, "seen": "More languages."}]
    assert len(said["readings"][0]["other_words"]) == 64
    copy.write_text(before, encoding="utf-8")
    empty()
    load(copy)
    assert dumped() == before
    assert not states.is_read(Summary.objects.get())


ROUND = ("consultations", 0)
SUMMARY = (*ROUND, "summary")
PASSAGE = (*ROUND, "tags", 0, "passages", 0)
CASES: list[tuple[tuple[Any, ...], Any, str]] = [
    ((*ROUND, "tags", 0, "question"), "7", "tags[1].question: “7” does not stand in this file"),
    ((*ROUND, "tags", 2, "name"), "for all of THE round", "tags[3]: The round has a tag of this name."),
    ((*PASSAGE, "contribution"), 5, "passages[1].contribution: contribution 5 does not stand in this"),
    ((*PASSAGE, "question"), "1.1", "tags[1].passages[1]: “- what <b>people</b> ask” is a tag for "
     "question 2 alone"),
    ((*PASSAGE, "words"), "Indent", "passages[1].words: these words have 6 characters; from 3 to 10 "
     "there are 8"),
    ((*PASSAGE, "to"), 1, "passages[1].words: these words have 8 characters; from 3 to 1 there are 0"),
    ((*PASSAGE, "from"), 0, "passages[1].from: 0 is less than the minimum of 1"),
    ((*SUMMARY, "document"), "9-9", "summary.document: “9-9” does not stand in this file"),
    ((*SUMMARY, "document"), None, "summary: What is final has its document in the register."),
    (("documents", 0, "kind"), "report", "summary.document: “22-1” is no summary"),
    ((*SUMMARY, "opened_at"), None, "summary: A window for comments has a beginning and an end."),
    ((*SUMMARY, "open_until"), "2025-01-31T09:00+01:00",
     "summary: The window for comments ends before it begins."),
    ((*SUMMARY, "final_at"), "2025-01-01T09:00+01:00",
     "summary.final_at: this lies before the summary was begun"),
    ((*SUMMARY, "final_at"), "2025-02-30T09:00+01:00",
     "summary.final_at: there is no such instant: 2025-02-30T09:00+01:00"),
    ((*SUMMARY, "language"), "pl", "summary.language: expected one of en, fr, es, ru, ar, zh"),
    ((*SUMMARY, "begun_at"), None, "summary: expected 'begun_at', which is missing"),
    ((*SUMMARY, "paragraphs", 1, "text"), "It is said [1, x].",
     "paragraphs[2].text: “[1, x]” is no citation"),
    ((*SUMMARY, "paragraphs", 1, "text"), "It is said [1].",
     "paragraphs[2].citations[2].contribution: the paragraph does not cite contribution 7"),
    ((*SUMMARY, "paragraphs", 1, "citations", 1, "contribution"), 900,
     "paragraphs[2].citations[2].contribution: contribution 900 does not stand in this round"),
    ((*SUMMARY, "paragraphs", 1, "citations", 1, "contribution"), 1,
     "paragraphs[2].citations[2].contribution: contribution 1 stands here twice"),
    ((*SUMMARY, "paragraphs", 1, "citations", 1, "passage"), "2/1",
     "paragraphs[2].citations[2].passage: this passage is none of contribution 7"),
    ((*SUMMARY, "paragraphs", 1, "citations", 1, "passage"), "3/1",
     "paragraphs[2].citations[2].passage: “3/1” does not stand in this file"),
    ((*SUMMARY, "paragraphs", 2, "question"), "3", "paragraphs[3].question: “3” does not stand in"),
    ((*SUMMARY, "set_aside", 0, "contribution"), 8,
     "set_aside[1].contribution: contribution 8 does not stand in this round"),
    ((*SUMMARY, "set_aside", 0, "reason"), None, "set_aside[1]: expected 'reason', which is missing"),
    ((*SUMMARY, "readings", 0, "remarks"), None, "readings[1]: Say what is to be mended."),
    ((*SUMMARY, "readings", 1, "read_at"), None, "readings[2]: expected read_at and answer, or neither"),
    ((*SUMMARY, "readings", 1, "read_at"), "2025-01-05T08:59+01:00",
     "readings[2].read_at: this lies before asked_at"),
    ((*SUMMARY, "readings", 1), {"asked_at": "2025-01-05T09:00+01:00"},
     "readings[3]: Somebody is reading it already."),
    ((*SUMMARY, "comments", 0, "paragraph"), 9, "comments[1].paragraph: the summary has 4 paragraphs"),
    ((*SUMMARY, "comments", 0, "answer"), None, "comments[1]: Say why the comment is not taken."),
    ((*SUMMARY, "comments", 0, "answered_at"), None,
     "comments[1]: expected answered_at and done, or neither"),
    ((*SUMMARY, "comments", 1, "answered_at"), "2025-01-31T10:00+01:00",
     "comments[2].answered_at: this lies before made_at"),
    (("reports", 0, "summaries", 0, "consultation"), "2013-01",
     "reports[1].summaries[1].consultation: no round of this file with the key “2013-01” has a summary"),
    (("reports", 0, "summaries"), [{"consultation": "2024-12"}, {"consultation": "2024-12"}],
     "reports[1].summaries[2]: This summary is attached already."),
    (("reports", 0, "summaries", 0, "annex"), False, "summaries[1].annex: expected True; found false"),
]  # fmt: skip


@pytest.mark.parametrize(("path", "value", "said"), CASES, ids=[case[2][:50] for case in CASES])
def test_a_summary_that_contradicts_itself_is_refused_at_its_place(
    db: None, tmp_path: Path, path: tuple[Any, ...], value: Any, said: str
) -> None:
    data = yaml.load(FILE.read_text(encoding="utf-8"), RecordLoader)
    held = data
    for step in path[:-1]:
        held = held[step]
    if value is None:
        del held[path[-1]]
    else:
        held[path[-1]] = value
    file = written(tmp_path, data)
    with pytest.raises(CommandError) as refused:
        load(file)
    words = str(refused.value)
    assert re.match(rf"{re.escape(str(file))}:\d+: ", words)
    assert said in words
    assert not WorkingGroup.objects.exists()


def test_a_second_summary_of_one_document_is_refused(db: None, tmp_path: Path) -> None:
    data = yaml.load(FILE.read_text(encoding="utf-8"), RecordLoader)
    data["consultations"][1]["summary"] = {
        "document": "22-1", "begun_at": "2025-01-03T08:00+01:00",
        "paragraphs": [{"text": "Nothing.", "written_at": "2025-01-03T08:00+01:00"}],
    }  # fmt: skip
    with pytest.raises(CommandError, match=r"consultations\[2\]\.summary: .*Document"):
        load(written(tmp_path, data))
    assert not Consultation.objects.exists()
