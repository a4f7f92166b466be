"""Every address of the secretariat's site, to every role: one table.

The addresses come from the resolver, the pages of each model from the site itself; one that has no
place in the table fails. A cell says what GET and POST answer:
    ok    the page
    in    sign in first
    no    refused
    gone  as if the row were not there
    on    somewhere else
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from django.contrib import admin
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from cwg.accounts.models import User
from meetings.models import RoleTerm
from tests.conftest import signed_in
from tests.two_groups import by_label, make_group, make_person, make_rows, make_shared

# What kind of rows a model has; each kind has its pages in the table below.
KINDS = {
    "meetings.meeting": "of a group",
    "meetings.officer": "of a group",
    "meetings.topic": "of a group",
    "meetings.document": "kept",
    "consultations.consultation": "of a group",
    "report.report": "of a group",
    "meetings.body": "shared",
    "meetings.session": "shared",
    "meetings.instrument": "shared",
    "meetings.revision": "shared",
    "meetings.region": "shared",
    "meetings.memberstate": "shared",
    "report.reporttype": "shared",
    "meetings.workinggroup": "group",
    "meetings.roleterm": "role",
    "auditlog.logentry": "history",
    "accounts.user": "person",
}
# The pages of a model beside those that each has, and the line of each page of no model
PAGES = {
    "meetings_meeting_outcomes": "outcomes",
    "meeting": "meeting",
    "meeting_new": "plan",
    "meeting_agenda": "plan",
    "meeting_participants": "meeting",
    "meeting_participant_add": "plan",
    "meeting_participant": "plan a part",
    "meeting_room": "screen",
    "meeting_script": "screen",
    "meeting_close": "plan",
    "report_report_preview": "preview",
    "report_report_file": "preview",
    "report_report_findings": "findings",
    "report_report_reading": "reading",
    "report_report_go_on": "go on",
    "report_report_finalise": "finalise",
    "report_report_editions": "editions",
    "report_report_consideration": "correct",
    "report_report_edition_file": "nothing yet",
    "report_report_difference": "nothing yet",
    "report_report_difference_word": "nothing yet",
    "report_report_move": "move",
    "report_report_cited": "home",
    "delegations": "staff's list",
    "delegation_invite": "queue",
    "delegation_list": "queue",
    "delegation": "moderate",
    "delegation_hand_over": "moderate",
    "delegation_remove": "moderate",
    "mails": "mails",
    "mail": "mail",
    "statements": "outcomes",
    "comments": "comments",
    "promises": "home",
    "documents": "read only",
    "document_languages": "read only",
    "document_new": "queue",
    "document": "findings",
    "document_data": "moderate",
    "document_after": "moderate",
    "document_file": "nothing yet",
    "contributions": "queue",
    "contribution": "moderate",
    "contribution_beside": "nothing yet",
    "contribution_file": "nothing yet",
    "contributors": "read only",
    "contributor": "name not public",
    "contributor_into": "nothing yet",
    "launches": "queue",
    "launch": "moderate",
    "round_announce": "moderate",
    "round_extend": "moderate",
    "round_correct": "moderate",
    "round_address": "moderate",
    "round_enter": "moderate",
    "round_late": "moderate",
    "round_alike": "moderate",
    "round_summary": "findings",
    "round_summary_read": "findings",
    "round_summary_coverage": "findings",
    "round_summary_draft": "findings",
    "round_summary_way": "findings",
    "round_summary_file": "nothing yet",
    "search": "home",
    "promise": "promise",
    "promise_decided": "decided",
    "promise_decision_back": "decision back",
    "auth_user_password_change": "password",
    "index": "home",
    "app_list": "home",
    "login": "sign-in",
    "logout": "sign-out",
    "password_change": "elsewhere",
    "password_change_done": "read only",
    "autocomplete": "autocomplete",
    "jsi18n": "read only",
    "view_on_site": "public page",
    "(?P<url>.*)$": "nowhere",
}
# The pages of one row: their name, the row, what else stands in the address
OF_A_ROW: tuple[tuple[str, str, tuple[str, ...]], ...] = (
    ("meetings_meeting_outcomes", "meetings.meeting", ()),
    ("meeting", "meetings.meeting", ()),
    ("meeting_new", "meetings.workinggroup", ()),
    ("meeting_agenda", "meetings.meeting", ()),
    ("meeting_participants", "meetings.meeting", ()),
    ("meeting_participant_add", "meetings.meeting", ()),
    ("meeting_participant", "meetings.meeting", ("meetings.participant",)),
    ("meeting_room", "meetings.meeting", ()),
    ("meeting_script", "meetings.meeting", ()),
    ("meeting_close", "meetings.meeting", ()),
    ("report_report_preview", "report.report", ()),
    ("report_report_file", "report.report", ("pdf",)),
    ("report_report_findings", "report.report", ()),
    ("report_report_reading", "report.report", ()),
    ("report_report_go_on", "report.report", ()),
    ("report_report_finalise", "report.report", ()),
    ("report_report_editions", "report.report", ()),
    ("report_report_consideration", "report.report", ("report.consideration",)),
    ("report_report_edition_file", "report.report", ("original", "pdf")),
    ("report_report_difference", "report.report", ()),
    ("report_report_difference_word", "report.report", ()),
    ("report_report_move", "report.report", ("report.reference", "meetings.revision")),
    ("mail", "meetings.message", ()),
    ("statements", "meetings.meeting", ()),
    ("comments", "meetings.meeting", ()),
    ("document", "meetings.document", ()),
    ("document_data", "meetings.document", ()),
    ("document_after", "meetings.document", ("rev",)),
    ("document_file", "meetings.document", ("meetings.document",)),
    ("contribution", "consultations.contribution", ()),
    ("contribution_beside", "consultations.contribution", ("consultations.contribution",)),
    ("contribution_file", "consultations.contribution", ("consultations.contribution",)),
    ("contributor", "consultations.contributor", ()),
    ("contributor_into", "consultations.contributor", ("consultations.contributor",)),
    ("launch", "meetings.outcome", ()),
    ("round_announce", "consultations.consultation", ()),
    ("round_extend", "consultations.consultation", ()),
    ("round_correct", "consultations.consultation", ()),
    ("round_address", "consultations.consultation", ()),
    ("round_enter", "consultations.consultation", ()),
    ("round_late", "consultations.consultation", ()),
    ("round_alike", "consultations.consultation", ()),
    ("round_summary", "consultations.consultation", ()),
    ("round_summary_read", "consultations.consultation", ()),
    ("round_summary_coverage", "consultations.consultation", ()),
    ("round_summary_draft", "consultations.consultation", ()),
    ("round_summary_way", "consultations.consultation", ()),
    ("round_summary_file", "consultations.consultation", ("draft", "pdf")),
    ("promise", "meetings.outcome", ()),
    ("promise_decided", "meetings.outcome", ()),
    ("promise_decision_back", "meetings.outcome", ()),
)
TABLE = """
                           nobody     stranger   reader     vice_chair chair      editor     lead       other      administrator
home                       in/in      in/in      ok/ok      ok/ok      ok/ok      ok/ok      ok/ok      ok/ok      ok/ok
read only                  in/in      in/in      ok/no      ok/no      ok/no      ok/no      ok/no      ok/no      ok/no
sign-in                    in/in      no/no      no/no      no/no      no/no      no/no      no/no      no/no      no/no
sign-out                   gone/gone  gone/gone  no/in      no/in      no/in      no/in      no/in      no/in      no/in
elsewhere                  in/in      in/in      on/on      on/on      on/on      on/on      on/on      on/on      on/on
nowhere                    in/in      in/in      gone/gone  gone/gone  gone/gone  gone/gone  gone/gone  gone/gone  gone/gone
autocomplete               in/in      in/in      ok/no      ok/no      ok/no      ok/no      ok/no      ok/no      ok/no
short                      in/in      in/in      on/on      on/on      on/on      on/on      on/on      on/on      on/on
public page                in/in      in/in      on/on      on/on      on/on      on/on      on/on      gone/gone  on/on
public page, other         in/in      in/in      gone/gone  gone/gone  gone/gone  gone/gone  gone/gone  on/on      on/on
of a group: list           in/in      in/in      ok/ok      ok/ok      ok/ok      ok/ok      ok/ok      ok/ok      ok/ok
kept: list                 in/in      in/in      ok/ok      ok/ok      ok/ok      ok/ok      ok/ok      ok/ok      ok/ok
of a group: add            in/in      in/in      no/no      no/no      no/no      ok/ok      ok/ok      ok/ok      ok/ok
kept: add                  in/in      in/in      no/no      no/no      no/no      no/no      no/no      no/no      no/no
of a group: change         in/in      in/in      ok/no      ok/no      ok/no      ok/ok      ok/ok      gone/gone  ok/ok
kept: change               in/in      in/in      ok/no      ok/no      ok/no      ok/no      ok/no      gone/gone  ok/no
of a group: change, other  in/in      in/in      gone/gone  gone/gone  gone/gone  gone/gone  gone/gone  ok/ok      ok/ok
kept: change, other        in/in      in/in      gone/gone  gone/gone  gone/gone  gone/gone  gone/gone  ok/no      ok/no
of a group: delete         in/in      in/in      no/no      no/no      no/no      no/no      ok/ok      gone/gone  ok/ok
of a group: delete, other  in/in      in/in      no/no      no/no      no/no      no/no      gone/gone  ok/ok      ok/ok
kept: delete               in/in      in/in      no/no      no/no      no/no      no/no      no/no      no/no      no/no
kept: delete, other        in/in      in/in      no/no      no/no      no/no      no/no      no/no      no/no      no/no
of a group: history        in/in      in/in      ok/ok      ok/ok      ok/ok      ok/ok      ok/ok      gone/gone  ok/ok
kept: history              in/in      in/in      ok/ok      ok/ok      ok/ok      ok/ok      ok/ok      gone/gone  ok/ok
of a group: history, other in/in      in/in      gone/gone  gone/gone  gone/gone  gone/gone  gone/gone  ok/ok      ok/ok
kept: history, other       in/in      in/in      gone/gone  gone/gone  gone/gone  gone/gone  gone/gone  ok/ok      ok/ok
outcomes                   in/in      in/in      no/no      no/no      no/no      ok/ok      ok/ok      gone/gone  ok/ok
outcomes, other            in/in      in/in      gone/gone  gone/gone  gone/gone  gone/gone  gone/gone  ok/ok      ok/ok
comments                   in/in      in/in      ok/no      ok/no      ok/no      ok/ok      ok/ok      gone/gone  ok/ok
comments, other            in/in      in/in      gone/gone  gone/gone  gone/gone  gone/gone  gone/gone  ok/ok      ok/ok
meeting                    in/in      in/in      ok/no      ok/no      ok/no      ok/ok      ok/ok      gone/gone  ok/ok
meeting, other             in/in      in/in      gone/gone  gone/gone  gone/gone  gone/gone  gone/gone  ok/ok      ok/ok
screen                     in/in      in/in      ok/ok      ok/ok      ok/ok      ok/ok      ok/ok      gone/gone  ok/ok
screen, other              in/in      in/in      gone/gone  gone/gone  gone/gone  gone/gone  gone/gone  ok/ok      ok/ok
plan                       in/in      in/in      no/no      no/no      no/no      ok/ok      ok/ok      gone/gone  ok/ok
plan, other                in/in      in/in      gone/gone  gone/gone  gone/gone  gone/gone  gone/gone  ok/ok      ok/ok
plan a part                in/in      in/in      no/no      no/no      no/no      ok/ok      ok/ok      gone/gone  ok/ok
plan a part, other         in/in      in/in      gone/gone  gone/gone  gone/gone  gone/gone  gone/gone  gone/gone  gone/gone
queue                      in/in      in/in      no/no      no/no      no/no      ok/ok      ok/ok      ok/ok      ok/ok
moderate                   in/in      in/in      no/no      no/no      no/no      ok/ok      ok/ok      gone/gone  ok/ok
moderate, other            in/in      in/in      gone/gone  gone/gone  gone/gone  gone/gone  gone/gone  ok/ok      ok/ok
name not public            in/in      in/in      gone/gone  gone/gone  gone/gone  ok/ok      ok/ok      gone/gone  ok/ok
name not public, other     in/in      in/in      gone/gone  gone/gone  gone/gone  gone/gone  gone/gone  ok/ok      ok/ok
preview                    in/in      in/in      ok/ok      ok/ok      ok/ok      ok/ok      ok/ok      gone/gone  ok/ok
preview, other             in/in      in/in      gone/gone  gone/gone  gone/gone  gone/gone  gone/gone  ok/ok      ok/ok
findings                   in/in      in/in      ok/no      ok/no      ok/no      ok/ok      ok/ok      gone/gone  ok/ok
findings, other            in/in      in/in      gone/gone  gone/gone  gone/gone  gone/gone  gone/gone  ok/ok      ok/ok
reading                    in/in      in/in      ok/no      ok/no      ok/no      ok/no      ok/no      gone/gone  ok/no
reading, other             in/in      in/in      gone/gone  gone/gone  gone/gone  gone/gone  gone/gone  ok/no      ok/no
go on                      in/in      in/in      no/no      no/no      no/no      ok/ok      ok/ok      gone/gone  ok/ok
go on, other               in/in      in/in      gone/gone  gone/gone  gone/gone  gone/gone  gone/gone  ok/ok      ok/ok
finalise                   in/in      in/in      no/no      no/no      no/no      no/no      ok/ok      gone/gone  ok/ok
finalise, other            in/in      in/in      gone/gone  gone/gone  gone/gone  gone/gone  gone/gone  ok/ok      ok/ok
editions                   in/in      in/in      ok/no      ok/no      ok/no      ok/ok      ok/ok      gone/gone  ok/ok
editions, other            in/in      in/in      gone/gone  gone/gone  gone/gone  gone/gone  gone/gone  ok/ok      ok/ok
correct                    in/in      in/in      no/no      no/no      no/no      ok/ok      ok/ok      gone/gone  ok/ok
correct, other             in/in      in/in      gone/gone  gone/gone  gone/gone  gone/gone  gone/gone  gone/gone  gone/gone
nothing yet                in/in      in/in      gone/gone  gone/gone  gone/gone  gone/gone  gone/gone  gone/gone  gone/gone
nothing yet, other         in/in      in/in      gone/gone  gone/gone  gone/gone  gone/gone  gone/gone  gone/gone  gone/gone
move                       in/in      in/in      no/no      no/no      no/no      ok/ok      ok/ok      gone/gone  ok/ok
move, other                in/in      in/in      gone/gone  gone/gone  gone/gone  gone/gone  gone/gone  gone/gone  gone/gone
promise                    in/in      in/in      ok/no      ok/no      ok/no      ok/ok      ok/ok      gone/gone  ok/ok
promise, other             in/in      in/in      gone/gone  gone/gone  gone/gone  gone/gone  gone/gone  ok/ok      ok/ok
decided                    in/in      in/in      no/no      no/no      no/no      gone/gone  gone/gone  gone/gone  gone/gone
decided, other             in/in      in/in      gone/gone  gone/gone  gone/gone  gone/gone  gone/gone  gone/gone  gone/gone
decision back              in/in      in/in      no/no      no/no      no/no      on/on      on/on      gone/gone  on/on
decision back, other       in/in      in/in      gone/gone  gone/gone  gone/gone  gone/gone  gone/gone  on/on      on/on
mails                      in/in      in/in      no/no      no/no      no/no      ok/on      ok/on      ok/on      ok/on
mail                       in/in      in/in      no/no      no/no      no/no      ok/ok      ok/ok      gone/gone  ok/ok
mail, other                in/in      in/in      no/no      no/no      no/no      gone/gone  gone/gone  ok/ok      ok/ok
staff's list               in/in      in/in      no/no      no/no      no/no      ok/no      ok/no      ok/no      ok/no
group: list                in/in      in/in      ok/ok      ok/ok      ok/ok      ok/ok      ok/ok      ok/ok      ok/ok
group: add                 in/in      in/in      no/no      no/no      no/no      ok/ok      ok/ok      ok/ok      ok/ok
group: change              in/in      in/in      ok/no      ok/no      ok/no      ok/ok      ok/ok      gone/gone  ok/ok
group: change, other       in/in      in/in      gone/gone  gone/gone  gone/gone  gone/gone  gone/gone  ok/ok      ok/ok
group: delete              in/in      in/in      no/no      no/no      no/no      no/no      no/no      no/no      ok/ok
group: delete, other       in/in      in/in      no/no      no/no      no/no      no/no      no/no      no/no      ok/ok
group: history             in/in      in/in      ok/ok      ok/ok      ok/ok      ok/ok      ok/ok      gone/gone  ok/ok
group: history, other      in/in      in/in      gone/gone  gone/gone  gone/gone  gone/gone  gone/gone  ok/ok      ok/ok
shared: list               in/in      in/in      ok/ok      ok/ok      ok/ok      ok/ok      ok/ok      ok/ok      ok/ok
shared: add                in/in      in/in      no/no      no/no      no/no      ok/ok      ok/ok      ok/ok      ok/ok
shared: change             in/in      in/in      ok/no      ok/no      ok/no      ok/ok      ok/ok      ok/ok      ok/ok
shared: delete             in/in      in/in      no/no      no/no      no/no      no/no      no/no      no/no      ok/ok
shared: history            in/in      in/in      ok/ok      ok/ok      ok/ok      ok/ok      ok/ok      ok/ok      ok/ok
role: list                 in/in      in/in      no/no      no/no      no/no      ok/ok      ok/ok      ok/ok      ok/ok
role: add                  in/in      in/in      no/no      no/no      no/no      no/no      ok/ok      ok/ok      ok/ok
role: change               in/in      in/in      no/no      no/no      no/no      ok/no      ok/ok      gone/gone  ok/ok
role: change, other        in/in      in/in      no/no      no/no      no/no      gone/gone  gone/gone  ok/ok      ok/ok
role: delete               in/in      in/in      no/no      no/no      no/no      no/no      ok/ok      gone/gone  ok/ok
role: delete, other        in/in      in/in      no/no      no/no      no/no      no/no      gone/gone  ok/ok      ok/ok
role: history              in/in      in/in      no/no      no/no      no/no      ok/ok      ok/ok      gone/gone  ok/ok
role: history, other       in/in      in/in      gone/gone  gone/gone  gone/gone  gone/gone  gone/gone  ok/ok      ok/ok
history: list              in/in      in/in      no/no      no/no      no/no      ok/ok      ok/ok      ok/ok      ok/ok
history: add               in/in      in/in      no/no      no/no      no/no      no/no      no/no      no/no      no/no
history: change            in/in      in/in      no/no      no/no      no/no      ok/no      ok/no      gone/gone  ok/no
history: change, other     in/in      in/in      no/no      no/no      no/no      gone/gone  gone/gone  ok/no      ok/no
history: delete            in/in      in/in      no/no      no/no      no/no      no/no      no/no      no/no      no/no
history: delete, other     in/in      in/in      no/no      no/no      no/no      no/no      no/no      no/no      no/no
history: history           in/in      in/in      no/no      no/no      no/no      ok/ok      ok/ok      gone/gone  ok/ok
history: history, other    in/in      in/in      gone/gone  gone/gone  gone/gone  gone/gone  gone/gone  ok/ok      ok/ok
person: list               in/in      in/in      no/no      no/no      no/no      no/no      no/no      no/no      ok/ok
person: add                in/in      in/in      no/no      no/no      no/no      no/no      no/no      no/no      ok/ok
person: change             in/in      in/in      no/no      no/no      no/no      no/no      no/no      no/no      ok/ok
person: change, other      in/in      in/in      no/no      no/no      no/no      no/no      no/no      no/no      ok/ok
person: delete             in/in      in/in      no/no      no/no      no/no      no/no      no/no      no/no      ok/ok
person: delete, other      in/in      in/in      no/no      no/no      no/no      no/no      no/no      no/no      ok/ok
person: history            in/in      in/in      gone/gone  gone/gone  gone/gone  gone/gone  gone/gone  gone/gone  ok/ok
person: history, other     in/in      in/in      gone/gone  gone/gone  gone/gone  gone/gone  gone/gone  gone/gone  ok/ok
password                   in/in      in/in      no/no      no/no      no/no      no/no      no/no      no/no      ok/ok
"""

HEAD = TABLE.split("\n")[1].split()
ROLES = {"stranger", "other", "administrator", *(role.value for role in RoleTerm.Role)}


@dataclass(frozen=True, slots=True)
class Place:
    """A line of the table and an address that it is about."""

    line: str
    address: str
    absent: str = ""  # the same of a row that is not there, where the row is another group's


def own_names() -> set[str]:
    """Give the name of every address of the secretariat's site, or its pattern where it has none."""
    resolver = next(
        each for each in get_resolver().url_patterns if getattr(each, "namespace", "") == "admin"
    )
    assert isinstance(resolver, URLResolver)

    def names(patterns: list[URLPattern | URLResolver]) -> Iterator[str]:
        for pattern in patterns:
            if isinstance(pattern, URLResolver):
                yield from names(pattern.url_patterns)
            else:
                yield pattern.name or str(pattern.pattern)

    return set(names(resolver.url_patterns))


def names_of(model: type[models.Model]) -> dict[str, str]:
    base = f"{model._meta.app_label}_{model._meta.model_name}"
    verbs = {"changelist": "list", "add": "add", "change": "change", "delete": "delete"}
    return {f"{base}_{verb}": word for verb, word in (verbs | {"history": "history"}).items()}


def places(own: dict[str, Any], others: dict[str, Any]) -> Iterator[Place]:
    """Yield every address, of rows that are there in the own group, in another, and nowhere."""
    site = admin.site
    for model in site._registry:
        label = model._meta.label_lower
        kind = KINDS[label]
        for name, word in names_of(model).items():
            if word in {"list", "add"}:
                yield Place(f"{kind}: {word}", reverse(f"admin:{name}"))
                continue
            yield Place(f"{kind}: {word}", reverse(f"admin:{name}", args=[own[label].pk]))
            if label in others:
                yield Place(
                    f"{kind}: {word}, other",
                    reverse(f"admin:{name}", args=[others[label].pk]),
                    reverse(f"admin:{name}", args=[987654]),
                )
        short = reverse(f"admin:{next(iter(names_of(model)))}")
        yield Place("short", f"{short}{own[label].pk}/")
    for name, label, more in OF_A_ROW:
        arguments = [own[key].pk if key in own else key for key in more]
        yield Place(PAGES[name], reverse(f"admin:{name}", args=[own[label].pk, *arguments]))
        yield Place(
            f"{PAGES[name]}, other",
            reverse(f"admin:{name}", args=[others[label].pk, *arguments]),
            reverse(f"admin:{name}", args=[987654, *arguments]),
        )
    yield Place("home", reverse("admin:report_report_cited", args=[own["meetings.instrument"].key]))
    yield Place("home", reverse("admin:promises"))
    yield Place("mails", reverse("admin:mails"))
    yield Place("staff's list", reverse("admin:delegations"))
    yield Place("queue", reverse("admin:delegation_invite"))
    yield Place("queue", reverse("admin:delegation_list"))
    yield from places_of_delegations(own["meetings.delegateterm"], others["meetings.delegateterm"])
    yield Place("read only", reverse("admin:documents"))
    yield Place("read only", reverse("admin:document_languages"))
    yield Place("queue", reverse("admin:document_new"))
    yield Place("queue", reverse("admin:contributions"))
    yield Place("read only", reverse("admin:contributors"))
    yield Place("queue", reverse("admin:launches"))
    yield Place("home", reverse("admin:search"))
    member = own["accounts.user"].pk
    yield Place("password", reverse("admin:auth_user_password_change", args=[member]))
    for name in ("index", "login", "logout", "password_change", "password_change_done", "jsi18n"):
        yield Place(PAGES[name], reverse(f"admin:{name}"))
    yield Place("home", reverse("admin:app_list", args=["meetings"]))
    yield Place("nowhere", "/secretariat/no/where/")
    asked = "?app_label=meetings&model_name=officer&field_name=country&term=a"
    yield Place("autocomplete", reverse("admin:autocomplete") + asked)
    kind_of_report = ContentType.objects.get_for_model(type(own["report.report"])).pk
    arguments = [kind_of_report, own["report.report"].pk]
    yield Place("public page", reverse("admin:view_on_site", args=arguments))
    yield Place(
        "public page, other",
        reverse("admin:view_on_site", args=[kind_of_report, others["report.report"].pk]),
        reverse("admin:view_on_site", args=[kind_of_report, 987654]),
    )


def places_of_delegations(own: Any, other: Any) -> Iterator[Place]:
    """Yield the pages of a delegation, which are named by group and Member State."""
    for name, more in (
        ("delegation", ()), ("delegation_hand_over", ()), ("delegation_remove", (own, other)),
    ):  # fmt: skip
        mine = [own.group.slug, own.member_state.iso, *(term.pk for term in more[:1])]
        theirs = [other.group.slug, other.member_state.iso, *(term.pk for term in more[1:])]
        yield Place("moderate", reverse(f"admin:{name}", args=mine))
        yield Place(
            "moderate, other",
            reverse(f"admin:{name}", args=theirs),
            reverse(f"admin:{name}", args=["nowhere", *theirs[1:]]),
        )


def said(answer: Any) -> str:
    """Put an answer in the table's words."""
    if answer.status_code != 302:
        return {200: "ok", 403: "no", 404: "gone", 405: "no", 422: "ok"}[answer.status_code]
    if answer["Location"].startswith(("/accounts/login/", "/secretariat/login/")):
        return "in"
    return "gone" if answer["Location"] == "/secretariat/" else "on"


def what_is_told(client: Client, answer: Any) -> tuple[object, ...]:
    """Give everything an answer tells, numbers and its own address left out."""
    told = [str(each) for each in client.get("/secretariat/").context["messages"]] if (
        said(answer) == "gone" and answer.status_code == 302
    ) else []  # fmt: skip
    page = answer.content.decode() if answer.status_code == 404 else ""
    page = page.replace(answer.request["PATH_INFO"], "")  # the address that was asked for, printed
    return answer.status_code, answer.get("Location"), re.sub(r"\d+", "", f"{told} {page}")


@pytest.fixture
def rows(db: None) -> tuple[dict[str, Any], dict[str, Any]]:
    """Make two groups with a row of each kind, and what they share."""
    shared = make_shared()
    own = by_label([*make_rows(make_group("own"), shared), *shared.rows()])
    others = by_label(make_rows(make_group("other"), shared))
    return own, others


def person(role: str, own: Any, other: Any) -> User | None:
    """Make somebody with `role`; in the table, "other" is a lead of the other group."""
    if role == "nobody":
        return None
    if role == "administrator":
        return User.objects.create_superuser("administrator@example.org", "x")
    group = {"stranger": None, "other": other}.get(role, own)
    return make_person(group, "lead" if role == "other" else role)


def browser(somebody: User | None) -> Client:
    return signed_in(somebody) if somebody else Client()


def expected(role: str) -> dict[str, str]:
    """Read the column of `role`."""
    head, *lines = TABLE.strip("\n").splitlines()
    column = head.split().index(role)
    return {line[:26].strip(): line[26:].split()[column] for line in lines}


def test_every_address_has_its_place() -> None:
    of_models = {
        name: f"{KINDS[model._meta.label_lower]}: {word}"
        for model in admin.site._registry
        for name, word in names_of(model).items()
    }
    short = {"<path:object_id>/"}  # of each model, without a name
    assert own_names() - short == {*of_models, *PAGES}
    assert {*of_models.values(), *PAGES.values(), "short"} <= {*expected("lead")}
    assert {*HEAD} == {"nobody", *ROLES}


@pytest.mark.parametrize("role", HEAD)
def test_what_each_address_answers(role: str, rows: Any) -> None:
    own, others = rows
    somebody = person(role, own["meetings.workinggroup"], others["meetings.workinggroup"])
    client = browser(somebody)
    found: dict[str, set[str]] = {}
    for place in places(own, others):
        get, post = client.get(place.address), client.post(place.address)
        found.setdefault(place.line, set()).add(f"{said(get)}/{said(post)}")
        if place.line == "sign-out":
            client = browser(somebody)
    assert found == {line: {cell} for line, cell in expected(role).items()}


@pytest.mark.parametrize("role", ["reader", "lead"])
def test_what_is_anothers_answers_like_what_is_not_there(role: str, rows: Any) -> None:
    own, others = rows
    client = browser(person(role, own["meetings.workinggroup"], None))
    asked = [place for place in places(own, others) if place.absent]
    assert len(asked) > 30
    for place in asked:
        for ask in (client.get, client.post):
            there, absent = (
                what_is_told(client, ask(address)) for address in (place.address, place.absent)
            )
            assert there == absent, place.address


@pytest.mark.parametrize("role", HEAD)
def test_an_empty_record_is_open_to_the_same_people(role: str, db: None) -> None:
    client = browser(person(role, make_group("own"), make_group("other")))
    lines = expected(role)
    for model in admin.site._registry:
        for name, word in list(names_of(model).items())[:2]:
            line = f"{KINDS[model._meta.label_lower]}: {word}"
            answer = client.get(reverse(f"admin:{name}"))
            assert said(answer) == lines[line].partition("/")[0], name
    assert said(client.get("/secretariat/")) == lines["home"].partition("/")[0]
