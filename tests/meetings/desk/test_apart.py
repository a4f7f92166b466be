"""Another delegation's draft is reached by no address: desk, link, admin, search, history, record file."""

from __future__ import annotations

import re
from collections.abc import Callable
from io import StringIO
from pathlib import Path

import pytest
from auditlog.models import LogEntry
from django.core.management import call_command
from django.test import Client
from django.urls import reverse

from consultations import drafts as contribution_drafts
from cwg.accounts.models import User
from meetings import drafting, files, proposing, submitting, submitting_mails
from meetings.access import audience
from meetings.drafting import Change, Part
from meetings.models import Document, Meeting, Outcome, RoleTerm, Topic, WorkingGroup
from tests.conftest import signed_in
from tests.meetings.desk.delegating import (
    NOW,
    at,
    desk_of,
    make_delegate,
    make_draft,
    make_group,
    make_meeting,
    with_co_sponsors,
    word,
)
from tests.two_groups import make_person

pytestmark = pytest.mark.django_db
SECRET = "Zebrafish in trawls"
PAGES = (
    "document", "document_about", "document_text", "document_sources", "document_topic",
    "document_preview", "document_check", "document_delete", "document_withdraw",
)  # fmt: skip
ACTS = (
    "document_about", "document_text", "document_sources", "document_topic", "document_check",
    "document_delete", "document_withdraw", "document_answer", "document_revise", "document_add",
    "document_correct",
)  # fmt: skip


@pytest.fixture
def secret(meeting: Meeting, kenyan: User) -> Document:
    """A draft of Kenya."""
    made = make_draft(meeting, kenyan, title=SECRET)
    drafting.save(
        made, Part.TOPIC, Change(proposal={"title": f"{SECRET} topic", "questions": "Q?"}),
        saves=2, by=kenyan, at=NOW,
    )  # fmt: skip
    return made


def addresses(document: Document) -> dict[str, list[str]]:
    """Return every address of a document at the desk, by method."""
    file = document.files.get()
    return {
        "get": [*(at(name, document) for name in PAGES), at("document_file", document, file.pk)],
        "post": [at(name, document) for name in ACTS],
    }


def status(desk: Client, path: str) -> int:
    """Return what a page answers, having read it whole."""
    answer = desk.get(path)
    answer.getvalue()
    return answer.status_code


def others(fish: WorkingGroup) -> dict[str, User]:
    """Make everybody who has nothing to see there."""
    birds = make_group("birds")
    make_meeting(birds)
    return {
        "another State": make_delegate(fish, "PL"),
        "the same State in another group": make_delegate(birds, "KE"),
        "the secretariat": make_person(fish, RoleTerm.Role.LEAD),
        "an administrator": User.objects.create_superuser("all@example.org", "x"),
    }


def test_absent_and_forbidden_answer_alike(
    fish: WorkingGroup, meeting: Meeting, secret: Document, client: Client
) -> None:
    reached = addresses(secret)
    absent = {
        method: [each.replace(f"/{secret.pk}/", f"/{secret.pk + 999}/") for each in paths]
        for method, paths in reached.items()
    }
    for person in others(fish).values():
        desk = desk_of(person)
        for method, paths in reached.items():
            for path, nowhere in zip(paths, absent[method], strict=True):
                mine, none = getattr(desk, method)(path), getattr(desk, method)(nowhere)
                assert (mine.status_code, none.status_code) == (404, 404), (person, path)
                # but for the address that was asked for, which the foot prints
                assert mine.content.replace(path.encode(), b"") == none.content.replace(
                    nowhere.encode(), b""
                )
                assert mine["Cache-Control"] == none["Cache-Control"] == "private, no-store"
    for method, paths in reached.items():
        for path in paths:
            answer = getattr(client, method)(path)
            assert (answer.status_code, answer["Location"].split("?")[0]) == (
                302,
                "/accounts/login/",
            )
    secret.refresh_from_db()
    assert (secret.saves, secret.is_draft) == (3, True)


def test_no_cache_keeps_it_where_the_site_stands_below_a_path(pole: User) -> None:
    answer = desk_of(pole).get("/desk/", SCRIPT_NAME="/groups")
    assert (answer.status_code, answer["Cache-Control"]) == (200, "private, no-store")


def test_its_own_delegation_reaches_each_of_them(secret: Document, kenyan: User) -> None:
    desk = desk_of(kenyan)
    answers = {path: status(desk, path) for path in addresses(secret)["get"]}
    # a draft is deleted, not withdrawn
    assert answers == dict.fromkeys(answers, 200) | {at("document_withdraw", secret): 302}


def test_a_delegation_that_is_asked_reads_and_writes_nothing(
    fish: WorkingGroup, secret: Document, kenyan: User
) -> None:
    pole = make_delegate(fish, "PL")
    desk = desk_of(pole)
    change = Change(co_sponsors=[term.member_state for term in pole.delegate_terms.all()])
    held = drafting.save(secret, Part.SOURCES, change, saves=3, by=kenyan, at=NOW).document
    assert desk.get(at("document", secret)).status_code == 404  # named, not asked
    submitting.ask_co_sponsors(held, by=kenyan, at=NOW)
    reached = addresses(secret)
    read = {at("document", secret), at("document_file", secret, secret.files.get().pk)}
    for path in reached["get"]:
        assert status(desk, path) == (200 if path in read else 404), path
    for path in reached["post"]:
        wanted = 422 if path == at("document_answer", secret) else 404
        assert desk.post(path).status_code == wanted, path


def test_a_file_of_another_document_is_not_found_through_ones_own(
    secret: Document, meeting: Meeting, pole: User
) -> None:
    own = make_draft(meeting, pole)
    desk = desk_of(pole)
    assert status(desk, at("document_file", own, own.files.get().pk)) == 200
    assert status(desk, at("document_file", own, secret.files.get().pk)) == 404


def test_lists_of_other_delegations_do_not_name_it(
    fish: WorkingGroup, secret: Document, kenyan: User, pole: User
) -> None:
    for path in ("/desk/", "/desk/fish/documents/"):
        assert SECRET in desk_of(kenyan).get(path).content.decode()
        assert SECRET not in desk_of(pole).get(path).content.decode()


def words(site: Client, path: str) -> str:
    """Return what a page says; what was searched for is marked in it."""
    return re.sub(r"</?mark>", "", site.get(path, follow=True).content.decode())


def of_staff(secret: Document) -> dict[str, str]:
    """Return addresses of the secretariat's site at which a document could show."""
    find = {
        "app_label": "meetings",
        "model_name": "topic",
        "field_name": "proposed_in",
        "term": "draft",
    }
    query = "&".join(f"{name}={value}" for name, value in find.items())
    return {
        "list": reverse("admin:meetings_document_changelist"),
        "list searched": f"{reverse('admin:meetings_document_changelist')}?q=draft",
        "search": f"{reverse('admin:search')}?q=zebrafish",
        "autocomplete": f"{reverse('admin:autocomplete')}?{query}",
        "history": reverse("admin:auditlog_logentry_changelist"),
        "home": reverse("admin:index"),
        "outcomes": reverse("admin:meetings_meeting_outcomes", args=[secret.meeting_id]),
        "mails": reverse("admin:mails"),
    }


def test_the_secretariat_finds_it_nowhere(
    fish: WorkingGroup, secret: Document, kenyan: User
) -> None:
    people = [
        make_person(fish, RoleTerm.Role.LEAD),
        User.objects.create_superuser("a@example.org", "x"),
    ]
    for person in people:
        site = signed_in(person)
        for name in ("change", "delete", "history"):
            page = reverse(f"admin:meetings_document_{name}", args=[secret.pk])
            nowhere = reverse(f"admin:meetings_document_{name}", args=[secret.pk + 999])
            assert site.get(page).status_code == site.get(nowhere).status_code, name
            assert SECRET not in words(site, page)
        for name, path in of_staff(secret).items():
            assert SECRET not in words(site, path), name
            assert secret.key not in words(site, path), name
        # a meeting that has a draft cannot be removed, and the page does not name it
        gone = site.get(reverse("admin:meetings_meeting_delete", args=[secret.meeting_id]))
        assert SECRET not in gone.content.decode()
    assert not LogEntry.objects.filter(object_repr__contains="Zebrafish").exists()
    submitting.submit(secret, by=kenyan, at=NOW)
    for person in people:  # there is something to find
        site = signed_in(person)
        said = [name for name, path in of_staff(secret).items() if SECRET in words(site, path)]
        assert {"list", "history", "search"} <= set(said), said


def test_the_record_file_and_the_public_hold_none(
    fish: WorkingGroup, secret: Document, kenyan: User, client: Client
) -> None:
    def dumped() -> str:
        told = StringIO()
        call_command("dump_record", "fish", stdout=told)
        return told.getvalue()

    Outcome.objects.create(meeting=secret.meeting, kind="noted", action={"en": "noted"})  # type: ignore[misc]
    pages = ("/fish/", "/fish/meetings/", "/fish/meetings/23/", "/fish/consultations/")
    assert SECRET not in dumped()
    submitting.submit(secret, by=kenyan, at=NOW)
    assert SECRET in dumped()
    for each in pages:
        page = client.get(each)
        assert page.status_code == 200
        assert SECRET not in page.content.decode(), each
    assert audience(Topic.objects.get()) == "people with a role in CWG-Fish"
    document = Document.objects.get(pk=secret.pk)
    document.public, document.number = True, "CWG-Fish-23/1"
    document.save()
    assert f"{SECRET} topic" in client.get("/fish/").content.decode()
    assert audience(Topic.objects.get()) == "everybody"


def test_the_files_of_documents_are_not_swept_with_those_of_nobody(
    secret: Document, own_files: Path, django_capture_on_commit_callbacks: Callable[..., object]
) -> None:
    with files.keeping() as keep:
        orphan = keep(b"nobody's", "pdf")
    assert contribution_drafts.sweep(NOW + files.SWEPT_AFTER * 2) == 1
    assert not (own_files / orphan.path).exists()
    assert (own_files / secret.files.get().path).exists()


def registered(draft: Document, by: User) -> Document:
    """Submit a draft and give it its number, as a group that numbers at submission does."""
    draft.group.number_at_submission = True
    draft.group.save()
    return submitting.submit(draft, by=by, at=NOW)


def test_a_revision_without_a_number_is_its_own_delegations(
    draft: Document, pole: User, kenyan: User
) -> None:
    held = registered(draft, pole)
    WorkingGroup.objects.update(number_at_submission=False)  # bulk: a test's own
    change = Change({"title": SECRET, "changed": SECRET}, files=[word()])
    later = drafting.begin_later(held, "rev", by=pole, at=NOW)
    drafting.save(later, Part.TEXT, change, saves=0, by=pole, at=NOW)
    later = submitting.submit(later, by=pole, at=NOW)
    assert later.number == ""
    assert SECRET in words(desk_of(pole), at("document", held))
    page = words(desk_of(kenyan), at("document", held))
    assert held.number in page
    assert SECRET not in page
    later.number = "CWG-Fish-23/1 Rev.1"
    later.save()
    assert SECRET in words(desk_of(kenyan), at("document", held))


def test_the_files_of_what_was_withdrawn_are_its_own_delegations(
    draft: Document, pole: User, kenyan: User
) -> None:
    held = registered(draft, pole)
    file = at("document_file", held, held.files.get().pk)
    people = {"its own": desk_of(pole), "another's": desk_of(kenyan)}
    assert {who: status(desk, file) for who, desk in people.items()} == {
        "its own": 200, "another's": 200,
    }  # fmt: skip
    submitting.withdraw(held, "A mistake.", by=pole, at=NOW)
    assert {who: status(desk, file) for who, desk in people.items()} == {
        "its own": 200, "another's": 404,
    }  # fmt: skip
    pages = {who: words(desk, at("document", held)) for who, desk in people.items()}
    assert {who: file in page for who, page in pages.items()} == {
        "its own": True, "another's": False,
    }  # fmt: skip


def test_the_link_of_a_mail_shows_nothing_once_it_is_answered_and_submitted(
    draft: Document, pole: User, kenyan: User, client: Client
) -> None:
    held = with_co_sponsors(draft, pole, "KE")
    submitting.ask_co_sponsors(held, by=pole, at=NOW)
    link = reverse(
        "desk:cosponsor_link",
        args=[submitting_mails.token(held.sources.get(member_state__iso="KE"), kenyan)],
    )
    file = f"{link}files/{held.files.get().pk}/"
    client.post(link, {"saves": held.saves, "answer": "confirm"})
    assert [status(client, path) for path in (link, file)] == [200, 200]  # may still decline
    submitting.submit(held, by=pole, at=NOW)
    assert [status(client, path) for path in (link, file)] == [404, 404]
    assert status(desk_of(kenyan), at("document", held)) == 200
    # pressed a second time it is the same answer
    again = client.post(link, {"saves": held.saves, "answer": "confirm"})
    assert (again.status_code, "Thank you" in again.content.decode()) == (200, True)


def test_an_outcome_that_is_not_public_makes_no_topic_known(
    secret: Document, kenyan: User, pole: User, client: Client
) -> None:
    meeting = Meeting.objects.get(documents=secret)
    meeting.planned_at = NOW
    meeting.save()
    submitting.submit(secret, by=kenyan, at=NOW)
    topic = Topic.objects.get()
    outcome = Outcome.objects.create(meeting=meeting, kind="no_consensus")
    outcome.outcome_topics.create(topic=topic, position=1)
    poland = pole.delegate_terms.get().member_state_id

    def known() -> list[bool]:
        earlier = proposing.earlier(meeting.group, poland, SECRET)
        shown = SECRET in client.get("/fish/").content.decode()
        return [shown, topic.is_known, [each.topic for each in earlier] == [topic]]

    assert known() == [False, False, False]
    meeting.closed_on = meeting.first_day
    meeting.save()
    assert known() == [True, True, True]
