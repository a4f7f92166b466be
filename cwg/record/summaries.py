"""The summary of a round in a record file: its tags, paragraphs, citations, readings, comments.

Who of the secretariat did what stays out, and so do guests with their addresses, passages of files,
and editions, as those of reports do. What a contribution said when it was cited, and the words that
a second reader read, are said only where they are others than those that stand.
"""

from __future__ import annotations

import zoneinfo
from collections.abc import Mapping
from dataclasses import dataclass

from consultations.models import (
    Citation,
    Consultation,
    Contribution,
    Question,
    SetAside,
    Summary,
    SummaryComment,
    SummaryParagraph,
    SummaryReading,
    Tag,
    TaggedPassage,
)
from consultations.reading import with_all_it_says
from consultations.summary import citing, order, states
from consultations.summary.writing import digest, public_words
from cwg.record.contributions import numbered
from cwg.record.instants import instant, read_instant
from cwg.record.reading import Path_
from cwg.record.rows import Data, Rows, each
from meetings.models import Document

STAMPS = ("begun_at", "opened_at", "open_until", "final_at", "published_at")
AGREED, RETURNED = "agreed", "returned"
READER = "A second reader of the secretariat"  # whose name no file says


def _asked(consultation: Consultation) -> dict[str, Question]:
    return dict(numbered(list(consultation.questions.all())))


def _tags(consultation: Consultation) -> list[Tag]:
    return list(consultation.tags.order_by("position", "pk"))


def _passages(tag: Tag) -> list[TaggedPassage]:
    """Return the passages under a tag that the file says, in order: those of texts, not of files."""
    rows = tag.passages.filter(attachment=None).select_related("contribution")
    return list(rows.order_by("contribution__number", "start", "end", "made_at", "pk"))


@dataclass(frozen=True, slots=True)
class _Names:
    """What questions and passages are called in the file, by key."""

    questions: Mapping[int, str]
    passages: Mapping[int, str]
    zone: zoneinfo.ZoneInfo


def tags_and_summary(consultation: Consultation) -> Data:
    """Return the tags of a round with the passages under each, and its summary, as plain data."""
    passages: dict[int, str] = {}
    tags = [(tag, _passages(tag)) for tag in _tags(consultation)]
    for place, (_, rows) in enumerate(tags, 1):
        passages |= {row.pk: f"{place}/{number}" for number, row in enumerate(rows, 1)}
    names = _Names(
        {row.pk: number for number, row in _asked(consultation).items()},
        passages,
        zoneinfo.ZoneInfo(consultation.group.zone),
    )
    summary = states.of(consultation)
    return {
        "tags": [_tag(tag, rows, names) for tag, rows in tags],
        "summary": _summary(summary, names) if summary is not None else None,
    }


def _tag(tag: Tag, rows: list[TaggedPassage], names: _Names) -> Data:
    return {
        "name": tag.name,
        "question": names.questions.get(tag.question_id or 0),
        "passages": [
            {
                "contribution": row.contribution.number,
                "question": names.questions.get(row.question_id or 0),
                "from": row.start + 1, "to": row.end, "words": row.words,
                "made_at": instant(row.made_at, names.zone),
                "removed_at": instant(row.removed_at, names.zone),
            }
            for row in rows
            if row.start is not None
        ],
    }  # fmt: skip


def _summary(summary: Summary, names: _Names) -> Data:
    rows = order.in_order(summary)
    places = {row.pk: place for place, row in enumerate(rows, 1)}
    now = states.words_of(summary)
    aside = summary.set_aside.select_related("contribution")
    return {
        "language": summary.language if summary.language != "en" else None,
        "document": summary.document.key if summary.document is not None else None,
        **{name: instant(getattr(summary, name), names.zone) for name in STAMPS},
        "paragraphs": [_paragraph(row, names) for row in rows],
        "set_aside": [
            {
                "contribution": row.contribution.number, "reason": row.reason,
                "at": instant(row.at, names.zone),
            }
            for row in aside.order_by("contribution__number")
        ],
        "readings": [
            {
                "asked_at": instant(row.asked_at, names.zone),
                "read_at": instant(row.read_at, names.zone),
                "answer": {None: None, True: AGREED, False: RETURNED}[row.agreed],
                "remarks": row.remarks,
                "other_words": row.words if row.words != now else None,
            }
            for row in summary.readings.order_by("asked_at", "pk")
        ],
        "comments": [
            {
                "name": row.name, "organisation": row.organisation,
                "paragraph": places.get(row.paragraph_id or 0),
                "about": row.about, "text": row.text, "made_at": instant(row.made_at, names.zone),
                "done": row.done, "answer": row.answer,
                "answered_at": instant(row.answered_at, names.zone),
            }
            for row in summary.comments.order_by("made_at", "pk")
        ],
    }  # fmt: skip


def _paragraph(row: SummaryParagraph, names: _Names) -> Data:
    """Return a paragraph; of what it cites, only what its text does not tell."""
    cited = []
    said = with_all_it_says(Contribution.objects.filter(citations__paragraph=row))
    now = {each_.pk: public_words(each_) for each_ in said}
    for citation in row.citations.select_related("contribution").order_by("contribution__number"):
        seen = citation.seen_words
        told = {
            "contribution": citation.contribution.number,
            "passage": names.passages.get(citation.passage_id or 0),
            "seen": seen if seen != now[citation.contribution_id] else None,
        }
        if told["passage"] is not None or told["seen"] is not None:
            cited.append(told)
    return {
        "question": names.questions.get(row.question_id or 0),
        "heading": row.heading, "text": row.text,
        "written_at": instant(row.written_at, names.zone), "citations": cited,
    }  # fmt: skip


class SummaryRows(Rows):
    """How the tags and the summary of a round are written."""

    documents: dict[str, Document]

    def _tags_and_summary(
        self, path: Path_, consultation: Consultation, item: Data
    ) -> Summary | None:
        """Write the tags of a round and its summary, once its contributions stand."""
        if not item.get("tags") and "summary" not in item:
            return None
        rows = with_all_it_says(consultation.contributions.received())
        loaded = _Loaded(
            consultation,
            _asked(consultation),
            {row.number: row for row in rows if row.number is not None},
            {},
        )
        for place, (under, entry) in enumerate(each(path, item, "tags"), 1):
            self._tag(under, loaded, place, entry)
        if "summary" not in item:
            return None
        return self._summary((*path, "summary"), loaded, item["summary"])

    def _contribution_of(self, path: Path_, loaded: _Loaded, item: Data) -> Contribution:
        row = loaded.contributions.get(item["contribution"])
        if row is None:
            raise self.place.error(
                (*path, "contribution"),
                f"contribution {item['contribution']} does not stand in this round",
            )
        return row

    def _tag(self, path: Path_, loaded: _Loaded, place: int, item: Data) -> None:
        question = self._find(path, "question", item, loaded.questions)
        tag = self._save(
            path,
            Tag(
                consultation=loaded.consultation, question=question, name=item["name"],
                position=place,
            ),
        )  # fmt: skip
        for number, (under, entry) in enumerate(each(path, item, "passages"), 1):
            first, last, words = entry["from"], entry["to"], entry["words"]
            if last - first + 1 != len(words):
                raise self.place.error(
                    (*under, "words"),
                    f"these words have {len(words):,} characters; from {first} to {last} there are "
                    f"{max(last - first + 1, 0):,}",
                )
            said = self._find(under, "question", entry, loaded.questions)
            if question is not None and said != question:
                raise self.place.error(
                    under, f"“{tag}” is a tag for question {item['question']} alone"
                )
            loaded.passages[f"{place}/{number}"] = self._save(
                under,
                TaggedPassage(
                    tag=tag, contribution=self._contribution_of(under, loaded, entry),
                    question=said, start=first - 1, end=last, words=words,
                    **self._instants(under, entry, "made_at", "removed_at"),
                ),
            )  # fmt: skip

    def _instants(self, path: Path_, item: Data, *names: str) -> Data:
        return {
            name: read_instant(self.place, (*path, name), item[name])
            for name in names
            if name in item
        }

    def _summary(self, path: Path_, loaded: _Loaded, item: Data) -> Summary:
        stamps = self._instants(path, item, *STAMPS)
        for name, at in stamps.items():
            if at < stamps["begun_at"]:
                raise self.place.error((*path, name), "this lies before the summary was begun")
        document = self._find(path, "document", item, self.documents)
        if document is not None and document.kind != Document.Kind.SUMMARY:
            raise self.place.error((*path, "document"), f"“{item['document']}” is no summary")
        made = Summary(
            consultation=loaded.consultation, document=document,
            **self._given(item, "language"), **stamps,
        )  # fmt: skip
        made = self._save(path, made)
        places: dict[Question | None, int] = {}
        paragraphs = []
        for under, entry in each(path, item, "paragraphs"):
            question = self._find(under, "question", entry, loaded.questions)
            places[question] = places.get(question, 0) + 1
            row = self._save(
                under,
                SummaryParagraph(
                    summary=made, question=question, position=places[question],
                    **self._given(entry, "heading", "text"),
                    **self._instants(under, entry, "written_at"),
                ),
            )  # fmt: skip
            paragraphs.append(row)
            self._citations(under, loaded, row, entry)
        for under, entry in each(path, item, "set_aside"):
            row_ = self._contribution_of(under, loaded, entry)
            told = self._instants(under, entry, "at")
            aside = SetAside(summary=made, contribution=row_, reason=entry["reason"], **told)
            self._save(under, aside)
        self._readings(path, made, item)
        self._comments(path, made, item, paragraphs)
        return made

    def _citations(self, path: Path_, loaded: _Loaded, row: SummaryParagraph, item: Data) -> None:
        """Write what a paragraph cites: from its text, with what the file says besides."""
        try:
            cited = citing.numbers(row.text)
        except citing.CitingError as error:
            raise self.place.error((*path, "text"), str(error)) from error
        besides: dict[int, tuple[Path_, Data]] = {}
        for under, entry in each(path, item, "citations"):
            number = entry["contribution"]
            if number not in cited or number in besides:
                raise self.place.error(
                    (*under, "contribution"),
                    f"the paragraph does not cite contribution {number}"
                    if number not in cited
                    else f"contribution {number} stands here twice",
                )
            self._contribution_of(under, loaded, entry)
            besides[number] = under, entry
        for number in sorted(cited):
            contribution = loaded.contributions.get(number)
            if contribution is None:
                continue  # found by the checks, as one that was typed is
            under, entry = besides.get(number, (path, {}))
            passage = self._find(under, "passage", entry, loaded.passages)
            if passage is not None and passage.contribution_id != contribution.pk:
                raise self.place.error(
                    (*under, "passage"), f"this passage is none of contribution {number}"
                )
            seen = entry.get("seen", public_words(contribution))
            self._save(
                under,
                Citation(
                    paragraph=row, contribution=contribution, passage=passage,
                    seen_words=seen, seen_sha256=digest(seen),
                ),
                clean=False,
            )  # fmt: skip

    def _readings(self, path: Path_, summary: Summary, item: Data) -> None:
        now = states.words_of(summary)
        for under, entry in each(path, item, "readings"):
            told = self._instants(under, entry, "asked_at", "read_at")
            if ("answer" in entry) != ("read_at" in entry):
                raise self.place.error(under, "expected read_at and answer, or neither")
            self._in_order(under, told, "asked_at", "read_at")
            answered = "answer" in entry
            self._save(
                under,
                SummaryReading(
                    summary=summary, reader_name=READER,
                    agreed=entry["answer"] == AGREED if answered else None,
                    words=entry.get("other_words", now) if answered else "",
                    **self._given(entry, "remarks"), **told,
                ),
            )  # fmt: skip

    def _comments(
        self, path: Path_, summary: Summary, item: Data, paragraphs: list[SummaryParagraph]
    ) -> None:
        for under, entry in each(path, item, "comments"):
            told = self._instants(under, entry, "made_at", "answered_at")
            if ("done" in entry) != ("answered_at" in entry):
                raise self.place.error(under, "expected answered_at and done, or neither")
            self._in_order(under, told, "made_at", "answered_at")
            about = entry.get("paragraph", 0)
            if about > len(paragraphs):
                raise self.place.error(
                    (*under, "paragraph"), f"the summary has {len(paragraphs)} paragraphs"
                )
            self._save(
                under,
                SummaryComment(
                    summary=summary, paragraph=paragraphs[about - 1] if about else None,
                    **self._given(entry, "name", "organisation", "about", "text", "done", "answer"),
                    **told,
                ),
            )  # fmt: skip

    def _in_order(self, path: Path_, told: Data, first: str, then: str) -> None:
        if then in told and told[then] < told[first]:
            raise self.place.error((*path, then), f"this lies before {first}")


@dataclass(frozen=True, slots=True)
class _Loaded:
    """What stands of a round while its summary is written, by the names of the file."""

    consultation: Consultation
    questions: dict[str, Question]
    contributions: dict[int, Contribution]
    passages: dict[str, TaggedPassage]
