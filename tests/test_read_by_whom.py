"""Who reads what of documents: every word of each is looked for in all that the site answers.

Each document says in every field in which state it is (tests.documents_in_states), so that a word
of it in a page, a feed, a file, an archive, a list of choices, a history or a header tells of it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from io import StringIO

import pytest
from auditlog.models import LogEntry
from django.contrib import admin
from django.contrib.contenttypes.models import ContentType
from django.core.management import call_command
from django.db.models import TextField
from django.db.models.functions import Cast
from django.urls import reverse

from meetings.models import Document
from tests.addressed import Addressed
from tests.documents_in_states import DRAFTS, LATER, OTHERS, STATES, word
from tests.everybody import DELEGATES, ROLES, STAFF
from tests.indexed import index
from tests.test_matrix import places as staff_places
from tests.test_matrix_outside import places
from tests.visiting import Visitor, everything

EVERYTHING = {*STATES, *LATER, *OTHERS}
PUBLIC = {"public", "withdrawn"}
MEMBERS = PUBLIC | {"registered", "participant"}
SECRETARIATS = EVERYTHING - {*DRAFTS}
# Who finds words of which documents of the own group, anywhere
READ = {
    "nobody": PUBLIC, "focal_x": PUBLIC, "lead_x": PUBLIC,
    "stakeholder": PUBLIC | {"asked"},  # by the link of the mail that asks a co-sponsor
    "delegate_a": EVERYTHING - {"speaker"}, "focal_a": EVERYTHING - {"speaker"},
    "delegate_b": MEMBERS | {"asked"}, "focal_b": MEMBERS | {"asked"},
    "reader": SECRETARIATS - {"speaker"}, "chair": SECRETARIATS - {"speaker"},
    "vice_chair": SECRETARIATS - {"speaker"}, "editor": SECRETARIATS, "lead": SECRETARIATS,
    "administrator": SECRETARIATS,
}  # fmt: skip


def secretariats(told: Addressed) -> Iterator[str]:
    """Yield the addresses of the secretariat's site at which a word of a document could stand."""
    rows = told.rows
    for place in staff_places(rows[told.own.slug], rows[told.other.slug]):
        yield place.address
    kind = ContentType.objects.get_for_model(Document).pk
    for state, document in told.desks[told.own.slug].documents.items():
        for page in ("change", "history", "delete"):
            yield reverse(f"admin:meetings_document_{page}", args=[document.pk])
        yield reverse("admin:view_on_site", args=[kind, document.pk])
        part = word(state, told.own)[1:-1]  # the page repeats what was looked for: not all of it
        yield reverse("admin:search") + f"?q={part}"
        for model in ("document", "topic", "meeting"):
            yield reverse(f"admin:meetings_{model}_changelist") + f"?q={part}"
        yield reverse("admin:auditlog_logentry_changelist") + f"?q={part}"
    yield reverse("admin:auditlog_logentry_changelist")
    for pages in admin.site._registry.values():
        for field in pages.autocomplete_fields:
            asked = f"?app_label={pages.opts.app_label}&model_name={pages.opts.model_name}"
            yield reverse("admin:autocomplete") + f"{asked}&field_name={field}&term=OF"
    meeting = told.desks[told.own.slug].meeting
    for name in ("meetings_meeting_change", "meetings_meeting_delete", "meetings_meeting_outcomes"):
        yield reverse(f"admin:{name}", args=[meeting.pk])
    for name in ("statements", "comments", "meeting_participants"):
        yield reverse(f"admin:{name}", args=[meeting.pk])
    said = LogEntry.objects.annotate(said=Cast("changes", TextField()))
    for entry in said.filter(said__contains=f"OF{told.own.slug.upper()}"):
        yield reverse("admin:auditlog_logentry_change", args=[entry.pk])


def searches(told: Addressed) -> Iterator[str]:
    """Yield the addresses at which everybody searches, with the beginning of a word of each document."""
    for state in EVERYTHING:
        part = (
            f"{word(state, told.own)[:-1]}*"  # the page repeats what was looked for: not all of it
        )
        yield f"/search/?q={part}"
        yield f"/search/?q={part}&kind=document"
        for of in ("", f"/{told.own.slug}"):
            yield f"{of}/contributions/?text={part}"
            yield f"{of}/contributions/feed.atom?text={part}"
            yield f"{of}/contributions/data.json?text={part}"


def of_which(text: str, told: Addressed) -> set[str]:
    """Return the states of which a word stands in `text`."""
    return {state for state in EVERYTHING if word(state, told.own).lower() in text.lower()}


def test_the_search_finds_what_is_public(told: Addressed, own_index: None) -> None:
    index()
    visitor = Visitor(None)
    answers = [everything(visitor.ask("get", address)) for address in searches(told)]
    assert set().union(*(of_which(each, told) for each in answers)) == {"public"}


@pytest.mark.parametrize("role", ROLES)
def test_who_reads_what(role: str, told: Addressed, own_index: None) -> None:
    index()
    visitor = Visitor(told.people.get(role))
    asked = [(how, each.address) for each in places(told, role) for how in ("get", "post")]
    asked += [("get", address) for address in (*secretariats(told), *searches(told))]
    read = {
        (state, re.sub(r"\d+", "…", address))
        for how, address in asked
        for state in of_which(everything(visitor.ask(how, address)), told)
    }
    assert {state for state, _ in read} == READ[role], sorted(read)


def test_everybody_is_named_here() -> None:
    assert {*READ} == {*ROLES}
    assert {*DELEGATES, *STAFF} < {*READ}


def test_the_record_file_holds_what_was_submitted(told: Addressed) -> None:
    file = StringIO()
    call_command("dump_record", told.own.slug, stdout=file)
    held = of_which(file.getvalue(), told)
    assert held == SECRETARIATS - {*OTHERS}
