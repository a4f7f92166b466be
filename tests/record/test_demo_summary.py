"""The summary of the demo record: an example made on examples, final, attached, checked after a withdrawal."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from django.db import transaction

from consultations import standing
from consultations.models import Contribution, Standing, Summary
from consultations.summary import checks, coverage, finalising, states
from consultations.summary.coverage import Coverage
from cwg.report.compose import compose
from cwg.report.gather import gather
from cwg.report.models import Report
from meetings.models import WorkingGroup
from meetings.severity import Severity
from meetings.typesetting.text import render_text

AT = datetime(2026, 2, 2, 9, tzinfo=UTC)


@pytest.fixture
def summary(group: WorkingGroup) -> Summary:
    return Summary.objects.select_related("consultation__group", "document").get()


def test_it_is_published_read_and_whole(summary: Summary) -> None:
    assert summary.consultation.key == "2024-10"
    assert states.state(summary, AT) == states.State.PUBLISHED
    assert states.is_read(summary)
    assert finalising.held_up_by(summary, AT) == []
    assert checks.check(summary) == ()
    assert coverage.coverage(summary) == Coverage(published=6, cited=5, set_aside=1)
    covered = {
        *Contribution.objects.filter(citations__paragraph__summary=summary).values_list(
            "number", flat=True
        ),
        *summary.set_aside.values_list("contribution__number", flat=True),
    }
    published = summary.consultation.contributions.filter(standing=Standing.PUBLISHED)
    assert covered == set(published.values_list("number", flat=True))


def test_whoever_meets_it_reads_that_it_is_an_example(summary: Summary) -> None:
    assert summary.document is not None
    assert summary.document.number == "CWG-Internet-21/EXAMPLE"
    assert str((summary.document.title or {})["en"]).startswith("Example: ")
    assert "an example" in summary.paragraphs.earliest("pk").text
    said = [
        *summary.comments.values_list("text", "answer"),
        *summary.set_aside.values_list("reason"),
    ]
    assert all("n example of " in text for row in said for text in row)
    assert all("xample" in each.name for each in summary.comments.all())


def test_it_is_attached_to_the_report_that_tells_of_it_and_changes_no_word(
    summary: Summary, report: Report
) -> None:
    attached = report.summaries.get()
    assert (attached.summary, attached.annex) == (summary, False)
    with_it = render_text(compose(gather(report)).document)
    attached.delete()
    assert render_text(compose(gather(report)).document) == with_it


def test_a_withdrawal_after_that_is_found(summary: Summary) -> None:
    cited = summary.consultation.contributions.get(number=4)
    with transaction.atomic():
        standing.move(standing.locked(cited), Standing.WITHDRAWN, "intake.withdraw", at=AT)
    quoted, found = checks.check(summary)
    assert (found.rule, found.severity, found.place) == (
        "not-public", Severity.BLOCKER, "paragraph 6",
    )  # fmt: skip
    assert (quoted.rule, quoted.place) == ("quotation-not-found", "paragraph 6")
    assert found.sentence == "Contribution 4 is cited and not public: it stands as “withdrawn”."
    assert found.paragraph is not None
    assert found.paragraph.text[found.start : found.end] == "[1, 4]"
    assert found.changed is not None
    assert "until every address was accepted" in found.changed.was
    assert found.changed.now == ""
    assert finalising.held_up_by(summary, AT) == ["It is held up by 2 findings, at paragraph 6."]
