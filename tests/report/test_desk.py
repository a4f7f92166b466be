"""The secretariat's pages on a report's way, over HTTP, as each person meets them."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from datetime import date
from typing import Any
from zipfile import ZipFile

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from cwg.report import citing
from cwg.report.admin.reports import ReportAdmin
from cwg.report.models import Comment, Consideration, FinalisedError, Passage, Report
from meetings.admin.base import RecordAdmin
from meetings.models import (
    Document,
    Edition,
    Instrument,
    Officer,
    Outcome,
    Revision,
    Session,
    Settlement,
    Topic,
)
from tests.conftest import signed_in
from tests.report.desk import act, cleared, finalised, page, seen_on
from tests.two_groups import make_group, make_person


def read_own(client: Client, report: Report, own: Passage) -> str:
    """Give the stamp that the page holds beside a paragraph of the Chair's own."""
    said = client.get(page(report, "reading")).content.decode()
    form = said.split(f'name="passage" value="{own.pk}"')[1].split("</form>")[0]
    return form.split('name="seen" value="')[1].split('"')[0]


def test_the_chair_reads_remarks_and_clears(report: Report, cast: dict[str, Client]) -> None:
    before = cast["chair"].get(page(report, "reading")).content.decode()
    assert "Clear the report" not in before
    assert act(cast["lead"], report, "send").status_code == 302
    answer = cast["chair"].get(page(report, "reading"))
    said = answer.content.decode()
    assert "Clear the report as it stands below" in said
    assert said.count("Write this paragraph") == 2
    assert 'id="outcome-20-a"' in said
    assert (
        act(
            cast["vice_chair"], report, "remark", anchor="outcome-20-a", text="Which round?"
        ).status_code
        == 302
    )
    own = Passage.objects.get(report=report, key="recommendation")
    written = act(
        cast["chair"], report, "write", passage=own.pk, text="The Chair thanks everybody.",
        seen=read_own(cast["chair"], report, own),
    )  # fmt: skip
    assert written.status_code == 302
    shown = cast["chair"].get(page(report, "reading"))
    for words in ("Which round?", "The Chair thanks everybody."):
        assert words in shown.content.decode()
    assert act(cast["chair"], report, "clear", seen=seen_on(shown)).status_code == 302
    assert "Cleared" in cast["lead"].get(page(report, "preview")).content.decode()


def test_who_may_take_which_step(report: Report, cast: dict[str, Client]) -> None:
    remark = {"anchor": "outcome-20-a", "text": "Why?"}
    may = {
        "send": {"lead", "editor"}, "take_back": {"lead", "editor"},
        "remark": {"lead", "editor", "chair", "vice_chair"}, "clear": {"chair"},
        "send_back": {"chair"}, "write": {"chair"},
    }  # fmt: skip
    for name, people in may.items():
        for role, client in cast.items():
            refused = act(client, report, name, **remark).status_code == 403
            assert refused is (role not in people), (name, role)
    assert [client.get(page(report, "finalise")).status_code for client in cast.values()].count(
        200
    ) == 1
    assert cast["lead"].get(page(report, "finalise")).status_code == 200


def test_a_clearance_of_other_words_shows_what_changed(
    report: Report, cast: dict[str, Client]
) -> None:
    act(cast["lead"], report, "send")
    seen = seen_on(cast["chair"].get(page(report, "reading")))
    assert act(cast["chair"], report, "clear", seen=seen).status_code == 302
    Topic.objects.filter(key="lldcs").update(title={"en": "Islands"})
    said = cast["lead"].get(page(report, "reading")).content.decode()
    assert "Changed since it was cleared" in said
    assert re.search(r"<ins[^>]*>.*Islands.*</ins>", said, re.DOTALL)
    act(cast["lead"], report, "send")
    answer = act(cast["chair"], report, "clear", seen=seen)
    assert answer.status_code == 422
    assert (
        "The draft changed while you were reading. It was not cleared." in answer.content.decode()
    )


@pytest.mark.parametrize(
    ("role", "name", "sent", "said"),
    [
        ("chair", "send_back", {"reason": " "}, "Say why."),
        ("chair", "remark", {"anchor": "outcome-20-a", "text": ""}, "Write the remark."),
        ("chair", "write", {"text": "Thanks {{ nobody }}."}, "There is no slot “nobody”."),
        ("lead", "take_back", {"reason": "\u0007"}, "cannot be printed"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_typed_is_lost(
    report: Report, cast: dict[str, Client], role: str, name: str, sent: dict[str, Any], said: str
) -> None:
    act(cast["lead"], report, "send")
    own = Passage.objects.get(report=report, key="recommendation")
    seen = read_own(cast["chair"], report, own)
    answer = act(cast[role], report, name, **{"passage": own.pk, "seen": seen, **sent})
    shown = answer.content.decode()
    assert answer.status_code == 422
    assert said in shown
    typed = str(sent.get("text", sent.get("reason", ""))).strip()
    assert typed.replace("{", "{") in shown
    assert not Comment.objects.exists()


def test_an_edition_is_kept_with_its_files_and_compared(
    report: Report, cast: dict[str, Client]
) -> None:
    promise = Outcome.objects.get(meeting__ordinal=22, position=1)
    edition = finalised(report, cast, keeps=[promise.pk])
    assert Settlement.objects.get(promise=promise).by_document == edition.document
    listed = cast["reader"].get(page(report, "editions")).content.decode()
    for file in edition.files.all():
        assert file.sha256 in listed
        answer = cast["reader"].get(page(report, "edition_file", "original", file.form))
        assert answer.content == bytes(file.content)
    assert cast["reader"].get(page(report, "edition_file", "rev-1", "pdf")).status_code == 404
    Topic.objects.filter(key="lldcs").update(title={"en": "Islands"})
    shown = cast["reader"].get(page(report, "difference") + "?old=original&new=today")
    assert "Islands" in shown.content.decode()
    word = cast["reader"].get(page(report, "difference_word") + "?old=original&new=today")
    with ZipFile(io.BytesIO(word.content)) as archive:
        document = archive.read("word/document.xml").decode()
    assert "<w:ins " in document
    assert "<w:delText" in document
    assert cast["reader"].get(page(report, "difference") + "?old=rev-9").status_code == 404


def test_finalising_says_what_is_missing(report: Report, cast: dict[str, Client]) -> None:
    answer = cast["lead"].post(page(report, "finalise"), {})
    said = answer.content.decode()
    assert answer.status_code == 422
    assert "it is finalised once the Chair has cleared the words it holds now" in said
    assert "2.2 b)" in said
    assert not Edition.objects.exists()


def test_what_the_session_did_is_kept(report: Report, cast: dict[str, Client]) -> None:
    sent = {"on": "2026-05-01", "decision": "noted", "summary_record": "C26/100"}
    assert cast["reader"].post(page(report, "editions"), sent).status_code == 403
    refused = cast["lead"].post(page(report, "editions"), {**sent, "on": "2026-02-31"})
    assert "Enter a valid date." in refused.content.decode()
    assert cast["lead"].post(page(report, "editions"), sent).status_code == 302
    assert str(Consideration.objects.get()) == "Noted on 1 May 2026"
    again = cast["lead"].post(page(report, "editions"), sent)
    assert again.status_code == 422
    assert "This decision of that day stands here already." in again.content.decode()
    assert "C26/100" in cast["reader"].get(page(report, "editions")).content.decode()


def test_a_new_report_goes_on_from_the_last(report: Report, cast: dict[str, Client]) -> None:
    sent = {
        "session": report.session_id, "slug": "council-2027", "first_day": "2026-02-01",
        "last_day": "2027-01-31", "as_of": "2027-02-01", "signed_by": report.signed_by_id,
    }  # fmt: skip
    assert cast["reader"].get(page(report, "go_on")).status_code == 403
    shown = cast["editor"].get(page(report, "go_on")).content.decode()
    assert 'value="2026-02-01"' in shown
    wrong = {**sent, "slug": report.slug, "last_day": "2026-01-01"}
    form = cast["editor"].post(page(report, "go_on"), wrong).context["form"]
    assert form.errors == {
        "slug": ["Another report of the group has this address."],
        "last_day": ["The period ends before it begins."],
    }
    answer = cast["editor"].post(page(report, "go_on"), sent)
    begun = Report.objects.get(slug="council-2027")
    assert answer["Location"] == page(begun, "preview")
    assert begun.passages.count() == report.passages.count()
    assert [each.revision for each in begun.references.all()] == [
        each.revision for each in report.references.all()
    ]
    said = cast["editor"].get(page(begun, "preview")).content.decode()
    assert said.count("names a year or a session in plain words") == 1
    assert "“Financial implications” names a year" in said


@pytest.mark.parametrize("way", ["go_on", "add"])
def test_a_report_without_an_address_of_its_own_takes_its_sessions(
    report: Report, cast: dict[str, Client], way: str
) -> None:
    session = Session.objects.get(key="pp-26")
    sent = {
        "session": session.pk, "slug": "", "first_day": "2026-02-01", "last_day": "2026-10-01",
        "as_of": "2026-10-02", "signed_by": report.signed_by_id,
    }  # fmt: skip
    if way == "go_on":
        address = page(report, "go_on")
    else:
        address = reverse("admin:report_report_add")
        sent |= {"group": report.group_id, "type": report.type_id, "language": "en"}
    assert cast["editor"].post(address, sent).status_code == 302
    assert [each.slug for each in Report.objects.filter(session=session)] == ["pp-26"]
    refused = cast["editor"].post(address, sent).content.decode()
    assert "Another report of the group has this address." in refused


def test_a_draft_is_moved_over_to_a_new_revision(report: Report, cast: dict[str, Client]) -> None:
    instrument = Instrument.objects.get(key="council-1336")
    reference = report.references.get(revision__instrument=instrument)
    new = Revision.objects.create(
        instrument=instrument, label={"en": "Mod. 2025"}, in_force_from=date(2025, 7, 1)
    )
    cited = reverse("admin:report_report_cited", args=[instrument.key])
    move = page(report, "move", reference.pk, new.pk)
    assert move in cast["reader"].get(cited).content.decode()
    assert cast["reader"].get(move).status_code == 403
    shown = cast["editor"].get(move).content.decode()
    assert re.search(r"<del[^>]*>.*2019.*</del>", shown, re.DOTALL)
    assert cast["editor"].post(move).status_code == 302
    reference.refresh_from_db()
    assert reference.revision == new
    assert move not in cast["reader"].get(cited).content.decode()
    again = cast["editor"].post(move, follow=True)
    assert "cites Council Resolution 1336 (Mod. 2025) already" in again.content.decode()


def test_a_finalised_report_is_not_deleted(report: Report, cast: dict[str, Client]) -> None:
    """With it would go its address and the Chair's clearance; the edition would stand alone."""
    another = Report.objects.get(pk=report.pk)
    another.pk, another.slug, another.public = None, "draft", False
    another.save()
    finalised(report, cast)
    many = reverse("admin:report_report_changelist")
    keys = {"action": "delete_selected", "_selected_action": [report.pk], "post": "yes"}
    assert cast["lead"].post(page(report, "delete"), {"post": "yes"}).status_code == 403
    cast["lead"].post(many, keys)
    assert Report.objects.get(pk=report.pk).clearances.count() == 1
    assert cast["lead"].post(page(another, "delete"), {"post": "yes"}).status_code == 302
    assert not Report.objects.filter(pk=another.pk).exists()


REMOVALS: dict[str, Callable[[Report], Any]] = {
    "the row": lambda report: report.delete(),
    "a row read before": lambda report: Report(pk=report.pk, group=report.group, session=report.session).delete(),
    "those chosen": lambda report: Report.objects.filter(pk=report.pk).delete(),
    "all": lambda report: Report.objects.all().delete(),
    "those of its type": lambda report: report.type.reports.all().delete() if report.type else None,
}  # fmt: skip


@pytest.mark.parametrize("removal", REMOVALS)
def test_no_ordinary_way_removes_a_finalised_report(
    report: Report, cast: dict[str, Client], removal: str
) -> None:
    another = Report.objects.get(pk=report.pk)
    another.pk, another.slug, another.public = None, "draft", False
    another.save()
    finalised(report, cast)
    with pytest.raises(FinalisedError) as refused:
        REMOVALS[removal](Report.objects.get(pk=report.pk))
    assert str(refused.value) == (
        "“CWG-Internet, Chair’s report to Council 2026” was finalised: its address and the Chair’s "
        "clearance would go with it. Nothing was removed."
    )
    assert Report.objects.count() == 2
    assert Report.objects.get(pk=report.pk).clearances.count() == 1
    assert Report.objects.filter(document=None).delete()[1]["report.Report"] == 1
    assert Report.objects.get() == report


def test_a_report_finalised_while_its_removal_is_asked_stays(
    report: Report, cast: dict[str, Client], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The page that asks was opened for a draft."""
    finalised(report, cast)
    monkeypatch.setattr(ReportAdmin, "has_delete_permission", RecordAdmin.has_delete_permission)
    many = reverse("admin:report_report_changelist")
    keys = {"action": "delete_selected", "_selected_action": [report.pk], "post": "yes"}
    for address, sent in ((page(report, "delete"), {"post": "yes"}), (many, keys)):
        answer = cast["lead"].post(address, sent, follow=True)
        assert "was finalised: its address and" in answer.content.decode()
        assert Report.objects.get().clearances.count() == 1


def test_a_finalised_report_goes_on_citing_what_it_cited(
    report: Report, cast: dict[str, Client]
) -> None:
    instrument = Instrument.objects.get(key="council-1336")
    reference = report.references.get(revision__instrument=instrument)
    cited = reference.revision
    new = Revision.objects.create(
        instrument=instrument, label={"en": "Mod. 2025"}, in_force_from=date(2025, 7, 1)
    )
    finalised(report, cast)
    move = page(report, "move", reference.pk, new.pk)
    said = (
        f"The report was finalised: it goes on citing {cited}. Nothing was changed. Where a new "
        "edition is to cite another revision, change it among the report’s references."
    )
    shown, refused = cast["editor"].get(move), cast["editor"].post(move)
    assert (shown.status_code, refused.status_code) == (200, 422)
    for answer in (shown, refused):
        assert answer.context["problem"] == said
        assert said in answer.content.decode()
        assert "instead</button>" not in answer.content.decode()
    with pytest.raises(citing.FinalisedCitationError):
        citing.move(reference, new, by=None)
    reference.refresh_from_db()
    assert reference.revision == cited


def test_an_officer_of_another_group_signs_no_report(report: Report) -> None:
    other = make_group("other")
    report.signed_by = Officer.objects.create(
        group=other, key="someone", role="chair", name={"en": "Someone"}
    )
    with pytest.raises(ValidationError, match="This officer is one of another group"):
        report.full_clean()


def test_a_finalised_report_stays_with_its_group(report: Report, cast: dict[str, Client]) -> None:
    finalised(report, cast)
    report.refresh_from_db()
    report.group, report.signed_by = make_group("other"), None
    with pytest.raises(ValidationError, match="finalised as a report of another group"):
        report.full_clean()


def test_a_finalised_report_keeps_its_language(report: Report, cast: dict[str, Client]) -> None:
    """Its editions would be out of sight, and the draft of now in their place."""
    finalised(report, cast)
    report.refresh_from_db()
    report.language = "fr"
    with pytest.raises(ValidationError, match="finalised in another language"):
        report.full_clean()


def test_a_document_in_the_way_of_an_edition_is_said(
    report: Report, cast: dict[str, Client]
) -> None:
    cleared(report, cast)
    Document.objects.create(
        group=report.group, key=f"report-{report.slug}", session=report.session, title={"en": "D"}
    )
    answer = cast["lead"].post(page(report, "finalise"))
    assert answer.status_code == 422
    assert not Edition.objects.exists()


def test_a_key_of_five_thousand_figures_is_none(report: Report, cast: dict[str, Client]) -> None:
    sent = {"remark": "9" * 5000, "reason": "Done."}
    assert act(cast["lead"], report, "done", **sent).status_code == 404


def test_a_number_that_another_document_bears_holds_finalising_up(
    report: Report, cast: dict[str, Client]
) -> None:
    Document.objects.create(
        group=report.group, key="c26-99", session=report.session, number="C26/99",
        title={"en": "Another document"},
    )  # fmt: skip
    Report.objects.filter(pk=report.pk).update(document_number="C26/99")
    cleared(report, cast)
    answer = cast["lead"].post(page(report, "finalise"), {})
    assert answer.status_code == 422
    said = answer.content.decode()
    assert "A number once given is never given again. Nothing was finalised." in said
    assert not Edition.objects.exists()


def test_a_revision_that_the_report_cites_besides_is_not_cited_twice(
    report: Report, cast: dict[str, Client]
) -> None:
    instrument = Instrument.objects.get(key="council-1336")
    old = report.references.get(revision__instrument=instrument)
    new = Revision.objects.create(
        instrument=instrument, label={"en": "Mod. 2025"}, in_force_from=date(2025, 7, 1)
    )
    report.references.create(revision=new, position=9)
    answer = cast["editor"].post(page(report, "move", old.pk, new.pk), follow=True)
    assert "already, beside the other one. Nothing was changed" in answer.content.decode()
    old.refresh_from_db()
    assert old.revision != new


def test_no_older_revision_is_offered(report: Report, cast: dict[str, Client]) -> None:
    instrument = Instrument.objects.get(key="council-1336")
    reference = report.references.get(revision__instrument=instrument)
    standing = reference.revision
    reference.revision = Revision.objects.create(
        instrument=instrument, label={"en": "Mod. 2999"}, in_force_from=date(2999, 7, 1)
    )
    reference.save()
    cited = cast["editor"].get(reverse("admin:report_report_cited", args=[instrument.key]))
    assert str(reference.report) in cited.content.decode()
    assert page(report, "move", reference.pk, standing.pk) not in cited.content.decode()
    assert "instead" not in cited.content.decode()


def test_files_of_editions_are_read_only_where_one_is_sent(
    report: Report, cast: dict[str, Client]
) -> None:
    edition = finalised(report, cast)
    with CaptureQueriesContext(connection) as queries:
        cast["reader"].get(page(report, "editions"))
    assert not [each for each in queries if '"content"' in each["sql"] or '"tree"' in each["sql"]]
    with CaptureQueriesContext(connection) as queries:
        cast["reader"].get(page(report, "edition_file", edition.slug, "pdf"))
    assert len([each for each in queries if '"content"' in each["sql"]]) == 1


def test_where_an_instrument_is_cited_takes_as_many_queries_for_more_reports(
    report: Report, cast: dict[str, Client]
) -> None:
    cited = reverse("admin:report_report_cited", args=["council-1336"])
    revision = report.references.get(revision__instrument__key="council-1336").revision
    asked = []
    for more in (0, 2):
        for place in range(more):
            another = Report.objects.create(
                group=report.group, session=report.session, slug=f"another-{place}",
                first_day=report.first_day, last_day=report.last_day, as_of=report.as_of,
            )  # fmt: skip
            another.references.create(revision=revision)
        with CaptureQueriesContext(connection) as queries:
            shown = cast["reader"].get(cited).content.decode()
        assert shown.count("<tr>") == 1 + 1 + more
        asked.append(len(queries))
    assert asked == [13, 13]


def test_a_refused_answer_to_a_remark_is_said_at_its_place(
    report: Report, cast: dict[str, Client]
) -> None:
    act(cast["lead"], report, "send")
    act(cast["chair"], report, "remark", anchor="outcome-20-a", text="Which round?")
    remark = report.comments.get()
    empty = act(cast["lead"], report, "done", remark=remark.pk, reason="")
    assert empty.status_code == 422
    said = empty.content.decode().split("Which round?")[1].split("</details>")[0]
    assert "<details open>" in said
    assert 'role="alert">Say what was done.' in said
    first = act(cast["lead"], report, "done", remark=remark.pk, reason="The first one.")
    assert first.status_code == 302
    second = act(cast["editor"], report, "done", remark=remark.pk, reason="Round two.")
    assert second.status_code == 422
    said = second.content.decode().split("Which round?")[1].split("</div>")[0]
    assert "what was done: “The first one.”" in said
    assert "You wrote: “Round two.”" in said


def test_the_preview_leads_only_where_a_person_may_go(
    report: Report, cast: dict[str, Client]
) -> None:
    cleared(report, cast)
    ways = {name: page(report, name) for name in ("change", "go_on", "finalise")}
    leads = {}
    for role, client in cast.items():
        said = client.get(page(report, "preview")).content.decode()
        leads[role] = [name for name, address in ways.items() if f'href="{address}"' in said]
        for name in leads[role]:
            assert client.get(ways[name]).status_code == 200
    assert leads == {
        "lead": ["change", "go_on", "finalise"], "editor": ["change", "go_on"],
        "chair": [], "vice_chair": [], "reader": [],
    }  # fmt: skip


def test_what_the_session_said_is_shown_to_everybody(
    report: Report, cast: dict[str, Client]
) -> None:
    sent = {"on": "2026-05-01", "decision": "noted", "words_en": "The Council noted it.",
            "effect_en": "The mandate goes on."}  # fmt: skip
    assert cast["lead"].post(page(report, "editions"), sent).status_code == 302
    for client, address in ((cast["reader"], page(report, "editions")),
                            (Client(), report.get_absolute_url())):  # fmt: skip
        said = client.get(address).content.decode()
        for words in ("Noted on 1 May 2026", "The Council noted it.", "The mandate goes on."):
            assert words in said


def test_each_edition_is_compared_with_the_one_before_and_with_today(
    report: Report, cast: dict[str, Client]
) -> None:
    finalised(report, cast)
    Topic.objects.filter(key="lldcs").update(title={"en": "Islands"})
    finalised(report, cast, series="revision", reason="A topic was renamed.")
    said = cast["reader"].get(page(report, "editions")).content.decode()
    compared = re.findall(r'difference/\?old=([a-z0-9-]+)&amp;new=([a-z0-9-]+)">([^<]+)<', said)
    assert compared == [
        ("original", "today", "With today’s record"),
        ("original", "rev-1", "With the original"),
        ("rev-1", "today", "With today’s record"),
    ]


def test_nobody_writes_over_what_another_wrote_meanwhile(
    report: Report, cast: dict[str, Client]
) -> None:
    own = Passage.objects.get(report=report, key="recommendation")
    acting = signed_in(make_person(report.group, "chair", "acting@example.org"))
    seen = read_own(cast["chair"], report, own)
    assert read_own(acting, report, own) == seen
    first = act(acting, report, "write", passage=own.pk, text="The first <words>.", seen=seen)
    assert first.status_code == 302
    refused = act(cast["chair"], report, "write", passage=own.pk, text="The second.", seen=seen)
    assert refused.status_code == 422
    form = refused.content.decode().split(f'name="passage" value="{own.pk}"')[1]
    form = form.split("</form>")[0]
    assert 'role="alert">Somebody else changed this paragraph while you were writing.' in form
    assert '<blockquote class="kept">The first &lt;words&gt;.</blockquote>' in form
    assert ">The second.</textarea>" in form
    own.refresh_from_db()
    assert own.text == {"en": "The first <words>."}
    now = form.split('name="seen" value="')[1].split('"')[0]
    again = act(cast["chair"], report, "write", passage=own.pk, text="The second.", seen=now)
    assert again.status_code == 302
    own.refresh_from_db()
    assert own.text == {"en": "The second."}


def test_a_slip_in_ones_own_paragraph_does_not_hide_what_another_wrote(
    report: Report, cast: dict[str, Client]
) -> None:
    """What was typed still rests on what was read first, however often it is sent."""
    own = Passage.objects.get(report=report, key="recommendation")
    seen = read_own(cast["chair"], report, own)
    own.text = {"en": "Another’s."}
    own.save()
    for text in (" ", "\u0007"):
        slip = act(cast["chair"], report, "write", passage=own.pk, text=text, seen=seen)
        form = slip.content.decode().split(f'name="passage" value="{own.pk}"')[1]
        assert form.split('name="seen" value="')[1].split('"')[0] == seen
    refused = act(cast["chair"], report, "write", passage=own.pk, text="Mine.", seen="")
    assert "Somebody else changed this paragraph" in refused.content.decode()
    own.refresh_from_db()
    assert own.text == {"en": "Another’s."}
