"""The page on which a draft is read: what is said beside it, and what of that is kept."""

from __future__ import annotations

from typing import Any

from django.test import Client

from cwg.report.models import Comment, Passage, Report
from tests.report.desk import act, page, seen_on_page


def test_a_remark_on_a_paragraph_that_is_gone_stands_at_the_end(
    report: Report, cast: dict[str, Client]
) -> None:
    act(cast["chair"], report, "remark", anchor="passage-recommendation", text="Whose thanks?")
    act(cast["chair"], report, "remark", anchor="outcome-20-a", text="Which round?")
    Passage.objects.filter(report=report, key="recommendation").delete()
    shown: Any = cast["lead"].get(page(report, "reading"))
    before, _, after = shown.content.decode().partition(
        "On a paragraph that is no longer in the report"
    )
    gone = Comment.objects.get(text="Whose thanks?")
    for words in ("Whose thanks?", "It was 3.1.", f"The paragraph read then: “{gone.quoted}”"):
        assert (words in before, words in after) == (False, True)
    assert "2 remarks are not answered yet" in before
    assert "Which round?" in before
    assert act(cast["lead"], report, "done", remark=gone.pk, reason="Moved.").status_code == 302
    shown = cast["lead"].get(page(report, "reading"))
    assert "Done by" in shown.content.decode().partition("no longer in the report")[2]
    assert [each.text for each in shown.context["unanswered"]] == ["Which round?"]


def test_a_remark_on_a_paragraph_that_left_meanwhile_is_given_back(
    report: Report, cast: dict[str, Client]
) -> None:
    Passage.objects.filter(report=report, key="recommendation").delete()
    answer = act(
        cast["chair"], report, "remark", anchor="passage-recommendation", text="Whose thanks?"
    )
    assert answer.status_code == 422
    assert "Your remark was not kept. You wrote: “Whose thanks?”" in answer.content.decode()
    assert not Comment.objects.exists()


def test_a_remark_on_a_cover_row_with_a_long_label_is_kept(
    report: Report, cast: dict[str, Client]
) -> None:
    row = report.passages.filter(shape="row").order_by("position")[0]
    row.label = {
        "en": "Relevant links with the strategic plan and with the goals of sustainability"
    }
    row.save()
    sent = {"anchor": f"cover-{row.position}", "text": "Too long."}
    assert act(cast["chair"], report, "remark", **sent).status_code == 302
    assert Comment.objects.get().place == "Relevant links with the strategic plan a"


def test_the_chair_clears_at_the_end_of_what_was_read(
    report: Report, cast: dict[str, Client]
) -> None:
    act(cast["lead"], report, "send")
    said = cast["chair"].get(page(report, "reading")).content.decode()
    end = said.partition("Clear the report as it stands above")[0][-300:]
    assert f'name="seen" value="{seen_on_page(said)}"' in end
    assert "Clear the report" not in cast["lead"].get(page(report, "reading")).content.decode()
