"""The secretariat's site, page by page."""

from __future__ import annotations

import re
from typing import Any

import pytest
from auditlog.models import LogEntry
from django.apps import apps
from django.contrib import admin
from django.test import Client
from django.urls import reverse

from cwg.report.models import Report, ReportType, TypePassage
from cwg.report.preview import Source
from meetings.models import Document, Meeting, Outcome, RoleTerm, Topic, WorkingGroup
from tests.conftest import signed_in
from tests.two_groups import make_group, make_person, make_rows, make_shared

MODELS = [
    model._meta.label
    for model in admin.site._registry
    if model._meta.app_label in {"meetings", "consultations", "report"}
]


@pytest.fixture
def rows(group: WorkingGroup, administrator: Any) -> None:
    """A row of each model that the demo record leaves empty."""
    held = Meeting.objects.all()[0]
    Document.objects.create(group=group, key="d", number="X 1", meeting=held, title={"en": "D"})
    RoleTerm.objects.create(
        person=administrator, group=group, role="reader", from_day=held.first_day
    )


@pytest.mark.parametrize("label", MODELS)
def test_every_page_of_a_model_answers(as_administrator: Client, rows: None, label: str) -> None:
    model = apps.get_model(label)
    name = f"admin:{model._meta.app_label}_{model._meta.model_name}"
    row = model._default_manager.order_by("pk")[0]
    # what happens to a document happens on pages of its own (meetings.views.registering)
    refused = {"add", "delete"} if model is Document else set()
    for act in ("changelist", "add", "change", "delete", "history"):
        arguments = [] if act in {"changelist", "add"} else [row.pk]
        answer = as_administrator.get(reverse(f"{name}_{act}", args=arguments))
        assert answer.status_code == (403 if act in refused else 200), act
    short = reverse(f"{name}_changelist") + f"{row.pk}/"
    assert as_administrator.get(short).status_code == 302


def test_the_preview_shows_where_sentences_come_from(as_secretary: Client) -> None:
    report = apps.get_model("report.Report").objects.get()
    answer = as_secretary.get(reverse("admin:report_report_preview", args=[report.pk]))
    said = answer.content.decode()
    launched = Outcome.objects.get(meeting__ordinal=20, position=1)
    rows = {row.printed.where: row for row in answer.context["rows"]}
    assert rows["2.3"].source.known == ("CWG-Internet meeting 20, 4 October 2024",)
    assert (rows["2.3 a)"].look, rows["2.3 a)"].id) == ("item", "outcome-20-a")
    assert rows["2.3 a)"].source == Source(
        "Consultation launched",
        f"/secretariat/meetings/meeting/{launched.meeting_id}/outcomes/#outcome-{launched.pk}",
        (
            "Keeps the promise of 19 b)",
            "Topic: The role of public policy in promoting multilingualization of the Internet",
        ),
    )
    assert said.count("Wording changed by hand") == 3
    assert "House wording: “The secretariat would launch the following round" in said
    assert "The number of the document" in said


def test_every_source_leads_to_the_field_that_stands_on_its_page(as_secretary: Client) -> None:
    report = apps.get_model("report.Report").objects.get()
    answer = as_secretary.get(reverse("admin:report_report_preview", args=[report.pk]))
    rows = answer.context["rows"]
    addresses = {row.source.address for row in rows if row.source and row.source.address}
    addresses |= {address for _, address in answer.context["missing"]}
    assert len(addresses) > 30
    pages = {}
    for address in addresses:
        page, _, field = address.partition("#")
        if page not in pages:
            pages[page] = as_secretary.get(page).content.decode()
        assert f'id="{field}"' in pages[page], address


def test_a_report_begins_with_the_passages_of_its_type(as_secretary: Client) -> None:
    report = Report.objects.get()
    form = ReportType.objects.get(reports=report)
    TypePassage.objects.create(
        type=form, part="body", position=9, shape="plain",
        text={"en": "As {{ council-1336.full }} says."},
    )  # fmt: skip
    sent = {
        "group": report.group_id, "type": report.type_id, "language": "en", "slug": "council-2027",
        "session": report.session_id, "first_day": "2026-02-01", "last_day": "2027-01-31",
        "as_of": "2027-02-01", "signed_by": report.signed_by_id,
    }  # fmt: skip
    add = reverse("admin:report_report_add")
    refused = as_secretary.post(add, {**sent, "type": ""})
    assert refused.context["errors"] == [["This field is required."]]
    answer = as_secretary.post(add, sent)
    begun = Report.objects.get(slug="council-2027")
    assert answer["Location"] == reverse("admin:report_report_change", args=[begun.pk])
    assert [str(passage) for passage in begun.passages.order_by("-part", "position")] == [
        str(passage) for passage in form.passages.order_by("-part", "position")
    ]
    assert [str(each.revision) for each in begun.references.all()] == [
        "Council Resolution 1336 (Mod. 2019)"
    ]
    preview = as_secretary.get(reverse("admin:report_report_preview", args=[begun.pk]))
    assert "As Council Resolution 1336 (Mod. 2019) says." in preview.content.decode()
    entry = LogEntry.objects.filter(object_repr=str(begun)).first()
    assert entry and entry.additional_data == {"activity": "drafting.begin", "reason": ""}


def test_a_draft_is_had_as_a_file_by_its_people_only(as_secretary: Client, client: Client) -> None:
    report = Report.objects.get()
    address = reverse("admin:report_report_file", args=[report.pk, "pdf"])
    answer = as_secretary.get(address)
    assert (answer["Content-Type"], answer["Cache-Control"]) == (
        "application/pdf", "private, no-store",
    )  # fmt: skip
    assert answer.content.startswith(b"%PDF")
    assert client.get(address).status_code == 302
    assert as_secretary.get(address.replace(".pdf", ".odt")).status_code == 404


def test_somebody_without_a_role_is_told_so(as_stranger: Client) -> None:
    assert as_stranger.get("/secretariat/").status_code in {302, 403}
    assert as_stranger.get("/secretariat/meetings/meeting/").status_code in {302, 403}


def test_a_reader_sees_and_changes_nothing(as_reader: Client) -> None:
    held = Meeting.objects.all()[0]
    address = reverse("admin:meetings_meeting_change", args=[held.pk])
    assert as_reader.get(address).status_code == 200
    assert as_reader.post(address, {"ordinal": 99}).status_code == 403
    assert as_reader.get(reverse("admin:meetings_meeting_add")).status_code == 403


def test_a_reader_is_offered_no_act_that_is_refused(
    as_reader: Client, as_secretary: Client
) -> None:
    for address, act in (
        ("/secretariat/", "Record it as submitted"),
        ("/secretariat/meetings/meeting/", "Record outcomes"),
    ):
        assert act in as_secretary.get(address).content.decode()
        assert act not in as_reader.get(address).content.decode()


def test_the_cockpit_shows_the_own_groups_rows(group: WorkingGroup, as_reader: Client) -> None:
    other = make_group("other")
    make_rows(other, make_shared())
    of_the_other = signed_in(make_person(other, "editor")).get("/secretariat/")
    shown = of_the_other.context["cockpit"].sections
    about = {task.about for section in shown if section.key == "reports" for task in section.tasks}
    assert about == {"OTHER, Chair’s report to A-30"}
    assert "CWG-Internet" not in of_the_other.content.decode()
    assert "OTHER" not in as_reader.get("/secretariat/").content.decode()


def test_every_page_of_a_row_says_who_can_see_it(as_administrator: Client, rows: None) -> None:
    said = {}
    for label in MODELS:
        first = 1 if label == "meetings.Document" else 0  # that of the demo record is public
        row = apps.get_model(label)._default_manager.order_by("pk")[first]
        name = f"admin:{row._meta.app_label}_{row._meta.model_name}_change"
        page = as_administrator.get(reverse(name, args=[row.pk])).content.decode()
        found = re.search(r'<p class="audience">Who can see this: (.*?)\.</p>', page)
        assert found is not None, label
        said[label] = found[1]
    public = {label for label, who in said.items() if who == "everybody"}
    assert {label: who for label, who in said.items() if label not in public} == {
        "meetings.RoleTerm": "the secretariat of CWG-Internet",
        "meetings.Document": "people with a role in CWG-Internet",
        "report.ReportType": "people with a role in any group",
    }
    assert public >= {
        "meetings.Meeting", "meetings.Instrument", "report.Report", "consultations.Consultation",
    }  # fmt: skip


def test_what_was_done_is_said_in_plain_words(
    as_administrator: Client, group: WorkingGroup
) -> None:
    def said(address: str, **sent: Any) -> list[str]:
        answer = as_administrator.post(address, sent, follow=True)
        return [str(message) for message in answer.context["messages"]]

    add, rows = reverse("admin:meetings_topic_add"), reverse("admin:meetings_topic_changelist")
    topic = {"group": group.pk, "key": "youth", "title_en": "Youth & <b>age</b>"}
    assert said(add, **topic) == ["“Youth & <b>age</b>” is added."]
    assert said(add, **topic | {"key": "age", "title_en": "Age"}, _addanother=1) == [
        "“Age” is added."
    ]
    first, second = Topic.objects.filter(key__in=("youth", "age")).order_by("key")
    change = reverse("admin:meetings_topic_change", args=[first.pk])
    for button in ("_save", "_continue", "_addanother"):
        assert said(change, **topic | {"key": "age", "title_en": "Ages"}, **{button: 1}) == [
            "“Ages” is saved."
        ]
    delete = reverse("admin:meetings_topic_delete", args=[first.pk])
    assert said(delete, post="yes") == ["“Ages” is deleted."]
    several = {"action": "delete_selected", "_selected_action": [second.pk], "post": "yes"}
    assert said(rows, **several) == ["1 topic is deleted."]
