"""What a careful colleague would point out in a summary: what it states, cites, quotes and counts.

A blocker holds up a summary that is to be final; warnings and notes are for whoever reads it. Each
rule is a line of docs/summary.md.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from consultations import reading
from consultations.access import is_published
from consultations.models import Citation, Contribution, Summary, SummaryParagraph
from consultations.summary import citing, coverage, figures, order
from consultations.summary.figures import Figure
from consultations.summary.writing import digest, public_words
from meetings.languages import in_any_language
from meetings.severity import Severity


@dataclass(frozen=True, slots=True)
class Changed:
    """What a contribution said when it was cited, and what everybody reads of it now."""

    contribution: Contribution
    was: str
    now: str


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that a rule found, and where."""

    rule: str
    severity: Severity
    place: str  # "paragraph 3", "a heading", "contribution 17"
    sentence: str
    paragraph: SummaryParagraph | None = None
    start: int | None = None  # of what it is about, in the text of the paragraph
    end: int | None = None
    changed: Changed | None = None


@dataclass(frozen=True, slots=True)
class Checked:
    """A summary as the rules read it."""

    summary: Summary
    paragraphs: tuple[SummaryParagraph, ...]
    numbers: Mapping[int, int]
    contributions: Mapping[int, Contribution]  # of the round, by number, with all that they say
    figures: tuple[Figure, ...]
    uncovered: tuple[Contribution, ...]
    printed: str  # what a summary may quote besides: questions and titles

    def place(self, paragraph: SummaryParagraph) -> str:
        """Return what a paragraph is called."""
        number = self.numbers.get(paragraph.pk)
        return f"paragraph {number}" if number else "a heading"


def read(summary: Summary) -> Checked:
    """Ask for what the rules read, in a number of queries that does not grow."""
    consultation = summary.consultation
    rows = order.in_order(
        summary,
        summary.paragraphs.prefetch_related("citations__contribution").select_related("question"),
    )
    cited = {number for each in rows for number in _numbers(each.text)}
    seen = Citation.objects.filter(paragraph__summary=summary).values("contribution")
    said = reading.with_all_it_says(
        consultation.contributions.received().filter(number__in=cited)
        | consultation.contributions.received().filter(pk__in=seen)
    ).select_related("consultation__group", "country")
    topics = consultation.consultation_topics.select_related("topic")
    printed = [in_any_language(each.text) for each in consultation.questions.all()]
    printed += [in_any_language(each.topic.title) for each in topics]
    return Checked(
        summary=summary,
        paragraphs=tuple(rows),
        numbers=order.numbers(rows),
        contributions={each.number: each for each in said if each.number is not None},
        figures=figures.figures(consultation),
        uncovered=tuple(coverage.uncovered(summary)),
        printed="\n".join(printed),
    )


def _numbers(text: str) -> tuple[int, ...]:
    try:
        return citing.numbers(text)
    except citing.CitingError:
        return ()


def check(summary: Summary) -> tuple[Finding, ...]:
    """Return what the rules find in a summary, the blockers first, each in the order of the text."""
    checked = read(summary)
    found = [each for rule in RULES for each in rule(checked)]
    weights = list(Severity)
    places = {each.pk: place for place, each in enumerate(checked.paragraphs)}
    return tuple(
        sorted(
            found,
            key=lambda each: (
                weights.index(each.severity),
                places[each.paragraph.pk] if each.paragraph else len(places),
                each.start or 0,
            ),
        )
    )


def unreadable(checked: Checked) -> Iterator[Finding]:
    """Find a text whose citations or figures cannot be read, as one from a file may be."""
    known = {each.name for each in checked.figures}
    for row in checked.paragraphs:
        try:
            citing.check(row.text, known.__contains__)
        except citing.CitingError as error:
            yield Finding(
                "unreadable", Severity.BLOCKER, checked.place(row), str(error), row, error.start,
                error.end,
            )  # fmt: skip


def cites_what_is_not_public(checked: Checked) -> Iterator[Finding]:
    """Find a citation of a number that no contribution has, and of what is not public (any more)."""
    for row, cited, number in _cited(checked):
        found = checked.contributions.get(number)
        span = row, cited.start, cited.start + len(cited.text)
        if found is None:
            yield Finding(
                "unknown-number", Severity.BLOCKER, checked.place(row),
                f"No contribution to this round has the number {number}.", *span,
            )  # fmt: skip
        elif not is_published(found):
            was = next((each for each in row.citations.all() if each.contribution == found), None)
            yield Finding(
                "not-public", Severity.BLOCKER, checked.place(row),
                f"Contribution {number} is cited and not public: it stands as "
                f"“{_within(found.get_standing_display())}”.", *span,
                changed=Changed(found, was.seen_words, "") if was else None,
            )  # fmt: skip


def changed_since(checked: Checked) -> Iterator[Finding]:
    """Find a contribution that says something else than when the paragraph was written."""
    for row in checked.paragraphs:
        for each in row.citations.all():
            found = checked.contributions.get(each.contribution.number or 0)
            if found is None or not is_published(found):
                continue
            now = public_words(found)
            if digest(now) != each.seen_sha256:
                yield Finding(
                    "changed-since", Severity.BLOCKER, checked.place(row),
                    f"Contribution {found.number} was changed since this paragraph was written. Read "
                    "it, mend the paragraph or not, and save it.", row,
                    changed=Changed(found, each.seen_words, now),
                )  # fmt: skip


def added_since(checked: Checked) -> Iterator[Finding]:
    """Find what was published after the last paragraph was written, and is not covered yet."""
    written = [each.written_at for each in checked.paragraphs]
    for each in checked.uncovered:
        if written and each.published_at is not None and each.published_at > max(written):
            yield Finding(
                "added-since", Severity.WARNING, f"contribution {each.number}",
                f"Contribution {each.number} was published after the last paragraph was written; it "
                "is neither cited nor set aside.",
            )  # fmt: skip


def states_without_citing(checked: Checked) -> Iterator[Finding]:
    """Find a statement that cites none: a sentence that holds no figure either."""
    for row in checked.paragraphs:
        if row.heading:
            continue
        for each in _sentences(row):
            if each.is_statement and not each.cites:
                yield Finding(
                    "cites-none", Severity.WARNING, checked.place(row),
                    f"This statement cites no contribution: {_quoted(each.text.rstrip('.'))}.",
                    row, each.start, each.start + len(each.text),
                )  # fmt: skip


# A number before what is counted: 14 contributions, 3 countries; or a share of them
_TYPED = re.compile(
    r"\b(\d{1,6})\s+(?:(received|published|withdrawn|declined)\s+)?"
    r"(contributions?|responses?|submissions?|countries|country|languages?|regions?)"
    r"(?:\s+(?:were|was)\s+(received|published|withdrawn|declined))?\b",
    re.IGNORECASE,
)


def typed_figures(checked: Checked) -> Iterator[Finding]:
    """Find a figure of participation that was typed: it disagrees with the record, or may soon."""
    by_name = {each.name: each for each in checked.figures}
    for row in checked.paragraphs:
        for piece in _pieces(row):
            if not isinstance(piece, citing.Words):
                continue
            for match in _TYPED.finditer(piece.text):
                name = _figure_meant(match)
                start = piece.start + match.start()
                yield _typed(checked, row, by_name[name], match, start)


def _figure_meant(match: re.Match[str]) -> str:
    what, told = match[3].lower(), (match[2] or match[4] or "").lower()
    for begins, name in (("countr", "countries"), ("language", "languages"), ("region", "regions")):
        if what.startswith(begins):
            return name
    return told or "received"


def _typed(
    checked: Checked, row: SummaryParagraph, meant: Figure, match: re.Match[str], start: int
) -> Finding:
    slot = f"{{{{ {meant.name} }}}}"
    agrees = int(match[1]) == meant.number
    said = (
        f"“{match[0]}” is typed: write {slot}, so that it stays right."
        if agrees
        else f"“{match[0]}” is typed, and the record has {meant.number}: write {slot}, if that is meant."
    )
    return Finding(
        "typed-figure" if agrees else "figure-disagrees",
        Severity.NOTE if agrees else Severity.WARNING,
        checked.place(row), said, row, start, start + len(match[0]),
    )  # fmt: skip


def quotes_what_is_not_there(checked: Checked) -> Iterator[Finding]:
    """Find a quotation that stands in none of the contributions that its sentence cites.

    Where one of them has a file or is in another language, it is a warning: the words may stand in
    the file, or be a translation. The round's own questions and topics may be quoted.
    """
    printed = _loose(checked.printed)
    for row in checked.paragraphs:
        for each in _sentences(row):
            cited = [
                checked.contributions[number]
                for number in each.cites
                if number in checked.contributions and is_published(checked.contributions[number])
            ]
            for words, at in citing.quotations(each.text):
                if _loose(words) in printed or not cited:
                    continue
                if any(_loose(words) in _loose(public_words(source)) for source in cited):
                    continue
                elsewhere = any(
                    source.attachments.all() or source.language != checked.summary.language
                    for source in cited
                )
                yield Finding(
                    "quotation-not-found",
                    Severity.WARNING if elsewhere else Severity.BLOCKER,
                    checked.place(row),
                    f"{_quoted(words)} does not stand in what this sentence cites"
                    + (", unless in a file or translated." if elsewhere else "."),
                    row, each.start + at, each.start + at + len(words),
                )  # fmt: skip


def _loose(text: str) -> str:
    """Return a text as quotations are compared: one space, straight marks, no mark at the end."""
    flat = " ".join(text.replace("’", "'").replace("‘", "'").split()).casefold()
    return flat.strip(" .,;:…")


def _cited(checked: Checked) -> Iterator[tuple[SummaryParagraph, citing.Cited, int]]:
    for row in checked.paragraphs:
        for piece in _pieces(row):
            if isinstance(piece, citing.Cited):
                for number in piece.numbers:
                    yield row, piece, number


def _pieces(row: SummaryParagraph) -> tuple[citing.Piece, ...]:
    try:
        return citing.pieces(row.text)
    except citing.CitingError:
        return ()  # found by `unreadable`


def _sentences(row: SummaryParagraph) -> list[citing.Sentence]:
    try:
        return list(citing.sentences(row.text))
    except citing.CitingError:
        return []  # found by `unreadable`


def _within(words: str) -> str:
    """Return words as they stand within a sentence; names keep their capitals."""
    return words[:1].lower() + words[1:]


def _quoted(words: str) -> str:
    flat = " ".join(words.split())
    return f"“{flat}”" if len(flat) <= 120 else f"“{flat[:119].rpartition(' ')[0]} …”"


RULES: tuple[Callable[[Checked], Iterator[Finding]], ...] = (
    unreadable,
    cites_what_is_not_public,
    changed_since,
    added_since,
    states_without_citing,
    typed_figures,
    quotes_what_is_not_there,
)
