"""The pages of a delegation's documents, by HTTP: the steps, the errors, two at once, what is shown."""

from __future__ import annotations

import logging
import re
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from cwg.accounts.models import User
from cwg.discreet import DiscreetFormatter
from meetings import submitting
from meetings.models import Document, Meeting, Message, Topic, TopicProposal, WorkingGroup
from tests.away import database_away
from tests.meetings import uploading
from tests.meetings.desk.delegating import (
    NOW,
    at,
    desk_of,
    make_delegate,
    make_draft,
    make_meeting,
    states,
    with_co_sponsors,
)

pytestmark = pytest.mark.django_db
LIST, BEGIN = "/desk/fish/documents/", "/desk/fish/documents/begin/"


def paper(name: str = "paper.docx", data: bytes | None = None) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, data if data is not None else uploading.docx())


def about(meeting: Meeting | None, **more: Any) -> dict[str, Any]:
    assert meeting is not None
    return {
        "meeting": meeting.pk, "title": "On nets", "original_language": "en",
        "purpose": "information", "begun": "0123456789abcdef0123", "whole": "1", **more,
    }  # fmt: skip


def text(saves: int, **more: Any) -> dict[str, Any]:
    return {"saves": saves, "file_language": "en", "whole": "1", **more}


def words(answer: Any) -> str:
    plain = re.sub(r"<[^>]+>", " ", answer.content.decode())
    return " ".join(plain.replace("&#x27;", "’").split())


# From the desk to the receipt


def test_from_the_desk_to_the_receipt(meeting: Meeting, pole: User) -> None:
    desk = desk_of(pole)
    assert f'href="{BEGIN}"' in desk.get("/desk/").content.decode()
    item = meeting.agenda_items.get(position=2)
    assert "2. Contributions" in words(desk.get(BEGIN))
    begun = desk.post(BEGIN, about(meeting, agenda_items=[item.pk]))
    document = Document.objects.get()
    assert begun["Location"] == at("document_text", document)
    said = desk.post(
        at("document_text", document),
        text(1, summary="Nets have holes.", files=[paper(), paper("p.pdf", uploading.pdf())]),
    )
    assert said["Location"] == at("document_sources", document)
    said = desk.post(
        at("document_sources", document),
        {"whole": "1", "saves": 2, "co_sponsors": [states("KE")[0].pk, ""]},
    )
    assert said["Location"] == at("document_topic", document)
    said = desk.post(at("document_topic", document), {"whole": "1", "saves": 3, "title": ""})
    assert said["Location"] == at("document_check", document)
    checked = desk.get(at("document_check", document))
    assert "Pending co-sponsors: Kenya." in words(checked)
    assert "On nets" in words(desk.get(at("document_preview", document)))
    done = desk.post(
        at("document_check", document), {"saves": checked.context["stamp"]}, follow=True
    )
    document.refresh_from_db()
    assert done.redirect_chain == [(at("document", document), 302)]
    assert f"Received Receipt {document.receipt}" in words(done)
    assert "Source Poland, Kenya (pending)" in words(done)
    assert [(e.form, e.language) for e in document.files.all()] == [("docx", "en"), ("pdf", "en")]
    assert list(document.agenda_items.all()) == [item]
    for address in ("/desk/", LIST):
        assert re.search(rf"On nets 23 Received {document.receipt}", words(desk.get(address)))


def test_the_form_that_begins_pressed_twice_begins_once(meeting: Meeting, pole: User) -> None:
    desk = desk_of(pole)
    told = [desk.post(BEGIN, about(meeting))["Location"] for _ in range(2)]
    assert told[0] == told[1]
    assert Document.objects.count() == 1


def test_where_no_meeting_takes_documents_what_was_typed_is_given_back(
    meeting: Meeting, pole: User
) -> None:
    desk = desk_of(pole)
    meeting.cancelled_on = NOW.date()
    meeting.save()
    assert desk.get(BEGIN).status_code == 409
    answer = desk.post(BEGIN, about(meeting, contact="Ann, of the ministry"))
    assert answer.status_code == 409
    assert "Ann, of the ministry" in words(answer)


# Errors at their place


def test_what_is_wrong_is_said_at_its_place_and_the_rest_is_kept(
    draft: Document, pole: User
) -> None:
    desk = desk_of(pole)
    page = desk.get(at("document_text", draft))
    assert page.context["stamp"] == 2
    macros = paper("annex.docm", uploading.docx_typed(uploading.MACRO_MAIN))
    odt = paper("text.odt", uploading.odt())
    answer = desk.post(
        at("document_text", draft),
        text(2, summary="Typed words.", files=[macros, odt, paper("p.pdf", uploading.pdf())]),
    )
    assert answer.status_code == 422
    said = words(answer)
    assert "2 things to mend. Everything you typed stands below." in said
    assert "“annex.docm” was not taken: it holds macros." in said
    assert "“text.odt” was not taken: it is an ODT file. Save it as Word (.docx) or PDF" in said
    assert "Typed words." in said
    draft.refresh_from_db()
    assert (draft.summary, draft.files.count()) == ({"en": "Typed words."}, 2)
    assert answer.context["stamp"] == draft.saves == 3


def test_a_title_left_out_is_asked_for_and_the_rest_is_kept(
    draft: Document, meeting: Meeting, pole: User
) -> None:
    sent = about(meeting, title=" ", contact="Ann", saves=2)
    answer = desk_of(pole).post(at("document_about", draft), sent)
    assert answer.status_code == 422
    assert 'href="#id_title"' in answer.content.decode()
    draft.refresh_from_db()
    assert (draft.title, draft.contact) == ({"en": "On nets"}, "Ann")


def test_of_a_form_cut_on_its_way_nothing_is_kept_and_all_is_shown(
    draft: Document, meeting: Meeting, pole: User
) -> None:
    desk = desk_of(pole)
    sent = text(2, summary="Half of my wo", files=[paper("p.pdf", uploading.pdf())])
    del sent["whole"]
    answer = desk.post(at("document_text", draft), sent)
    assert answer.status_code == 422
    assert "“p.pdf” was not taken: the upload was cut before it was whole." in words(answer)
    assert "Nothing of it was saved" in words(answer)
    assert "Half of my wo" in words(answer)
    draft.refresh_from_db()
    assert (draft.files.count(), draft.summary, draft.saves) == (1, {"en": "Nets have holes."}, 2)
    begun = about(meeting)
    del begun["whole"]
    assert desk.post(BEGIN, begun).status_code == 422
    assert Document.objects.count() == 1


def test_the_link_of_a_mail_stands_in_no_log(draft: Document, pole: User, kenyan: User) -> None:
    submitting.ask_co_sponsors(with_co_sponsors(draft, pole, "KE"), by=pole, at=NOW)
    body = Message.objects.get(rule="submitting.ask").body
    found = re.search(r"/desk/co-sponsor/\S+", body)
    assert found is not None
    line = logging.LogRecord("django", logging.WARNING, "", 1, "Not Found: %s", (found[0],), None)
    assert DiscreetFormatter().format(line) == "Not Found: /desk/co-sponsor/[…]/"


def test_what_was_typed_while_the_database_left_is_shown_to_take_along(
    draft: Document, pole: User
) -> None:
    desk, sent = desk_of(pole), {**text(2), "summary": "Typed for an hour."}
    with database_away():
        answer = desk.post(at("document_text", draft), sent)
    assert answer.status_code == 503
    assert "Typed for an hour." in answer.text


def test_too_much_at_once_is_refused_before_it_is_read(draft: Document, pole: User) -> None:
    answer = desk_of(pole).post(
        at("document_text", draft), text(2), headers={"content-length": str(29 * 1024 * 1024)}
    )
    assert (answer.status_code, answer["Cache-Control"]) == (413, "private, no-store")


def test_a_form_of_another_site_is_refused(draft: Document, pole: User) -> None:
    desk = Client(enforce_csrf_checks=True)
    desk.force_login(pole, "allauth.account.auth_backends.AuthenticationBackend")
    assert desk.post(at("document_text", draft), text(2, summary="Forged.")).status_code == 403
    token = desk.get(at("document_text", draft)).cookies["csrftoken"].value
    sent = text(2, summary="Own.", csrfmiddlewaretoken=token)
    assert desk.post(at("document_text", draft), sent).status_code == 302


def test_half_a_topic_is_not_kept(draft: Document, pole: User) -> None:
    answer = desk_of(pole).post(
        at("document_topic", draft), {"whole": "1", "saves": 2, "title": "", "questions": "Why?"}
    )
    assert answer.status_code == 422
    assert "Give the topic its title, or empty the other boxes too." in words(answer)
    assert not TopicProposal.objects.exists()


def test_whoever_proposes_a_topic_sees_the_earlier_ones(draft: Document, pole: User) -> None:
    Topic.objects.create(group=draft.group, key="n", title={"en": "Mending of old nets"})
    desk = desk_of(pole)
    desk.post(
        at("document_topic", draft),
        {"whole": "1", "saves": 2, "title": "Mending by hand", "questions": "Q?"},
    )
    for name in ("document_topic", "document_check"):
        said = words(desk.get(at(name, draft)))
        assert "Earlier topics on the same matter Mending of old nets In common: mending" in said


# Two at once


def test_two_colleagues_do_not_write_over_each_other(
    draft: Document, pole: User, colleague: User
) -> None:
    mine, theirs = desk_of(pole), desk_of(colleague)
    for desk in (mine, theirs):
        assert desk.get(at("document_text", draft)).context["stamp"] == 2
    theirs.post(at("document_text", draft), text(2, summary="Their words."))
    answer = mine.post(
        at("document_text", draft),
        text(2, summary="My words.", files=[paper("p.pdf", uploading.pdf())]),
    )
    assert answer.status_code == 422
    said = words(answer)
    assert "delegate-pl-fish@example.org saved this page at" in said
    assert "Summary, as your colleague saved it: Their words." in said
    assert "My words." in said
    assert "Add the files again" in said
    draft.refresh_from_db()
    assert (draft.summary, draft.files.count()) == ({"en": "Their words."}, 1)
    # having seen both, mine is saved
    again = mine.post(at("document_text", draft), text(answer.context["stamp"], summary="Both."))
    assert again.status_code == 302
    draft.refresh_from_db()
    assert draft.summary == {"en": "Both."}


def test_what_is_typed_while_a_colleague_submits_is_given_back(
    draft: Document, pole: User, colleague: User
) -> None:
    desk = desk_of(colleague)
    submitting.submit(draft, by=pole, at=NOW)
    answer = desk.post(at("document_text", draft), text(2, summary="Words that came late."))
    assert answer.status_code == 409
    assert "This document was submitted meanwhile" in words(answer)
    assert "Words that came late." in words(answer)
    assert desk.get(at("document_text", draft))["Location"] == at("document", draft)


def test_the_focal_point_submits_what_it_looked_over(
    draft: Document, pole: User, colleague: User
) -> None:
    mine = desk_of(pole)
    stamp = mine.get(at("document_check", draft)).context["stamp"]
    desk_of(colleague).post(at("document_text", draft), text(2, summary="Changed."))
    answer = mine.post(at("document_check", draft), {"saves": stamp})
    assert answer.status_code == 409
    assert "changed meanwhile" in words(answer)
    mine.post(at("document_check", draft), {"saves": answer.context["stamp"]})
    draft.refresh_from_db()
    assert draft.receipt


# Colleague and focal point


def test_a_colleague_prepares_and_the_focal_point_submits(
    draft: Document, pole: User, colleague: User
) -> None:
    desk = desk_of(colleague)
    checked = desk.get(at("document_check", draft))
    assert "focal_point-pl-fish@example.org, your delegation’s focal point, submits it" in words(
        checked
    )
    assert "Submit to the secretariat" not in words(checked)
    assert desk.post(at("document_check", draft), {"saves": 2}).status_code == 403
    draft.refresh_from_db()
    assert draft.is_draft
    assert desk_of(pole).post(at("document_check", draft), {"saves": 2}).status_code == 302
    assert desk.get(at("document_withdraw", draft)).status_code == 403


def test_what_lacks_is_linked_to_its_step(meeting: Meeting, pole: User) -> None:
    draft = make_draft(meeting, pole, purpose="action")
    answer = desk_of(pole).post(at("document_check", draft), {"saves": 2})
    assert answer.status_code == 422
    page = answer.content.decode()
    assert f'<a href="{at("document_text", draft)}">It is for action:' in page
    assert "Submit to the secretariat" not in page


# Late


def test_late_is_said_before_and_after(fish: WorkingGroup, pole: User) -> None:
    meeting = make_meeting(fish, 22, in_days=5)
    draft = make_draft(meeting, pole)
    desk = desk_of(pole)
    assert "what arrives now is taken as late" in words(desk.get(at("document_text", draft)))
    assert "Late Documents were due" in words(desk.get(at("document_check", draft)))
    done = desk.post(at("document_check", draft), {"saves": 2}, follow=True)
    assert "Received, late" in words(done)
    assert "Late: the secretariat decides" in words(done)


# Co-sponsorship


def test_a_co_sponsor_confirms_at_its_desk(draft: Document, pole: User, kenyan: User) -> None:
    mine, theirs = desk_of(pole), desk_of(kenyan)
    sent = {"whole": "1", "saves": 2, "co_sponsors": [states("KE")[0].pk], "ask": "1"}
    done = mine.post(at("document_sources", draft), sent, follow=True)
    assert "Asked to confirm: Kenya. Their delegations read the draft now." in words(done)
    assert "CWG-Fish: co-sponsorships asked of you On nets from Poland." in words(
        theirs.get("/desk/")
    )
    page = theirs.get(at("document", draft))
    assert "Poland asks Kenya to co-sponsor this document." in words(page)
    assert "What happened to it" not in words(page)
    file = draft.files.get()
    sent_file = theirs.get(at("document_file", draft, file.pk))
    assert sent_file.getvalue().startswith(b"PK")
    done = theirs.post(at("document_answer", draft), {"saves": 3, "answer": "confirm"}, follow=True)
    assert "Kenya is confirmed as a co-sponsor." in words(done)
    assert "Kenya confirmed" in words(mine.get(at("document", draft)))
    assert "co-sponsorships asked of you" not in words(theirs.get("/desk/"))
    changed = mine.post(at("document_text", draft), text(3, summary="Other words."), follow=True)
    assert "Kenya had answered the text as it was, and is pending again" in words(changed)


def test_a_co_sponsor_declines_by_the_link_without_signing_in(
    draft: Document, pole: User, kenyan: User, client: Client
) -> None:
    held = with_co_sponsors(draft, pole, "KE")
    submitting.ask_co_sponsors(held, by=pole, at=NOW)
    found = re.search(r"https?://[^/]+(\S+)", Message.objects.get(rule="submitting.ask").body)
    assert found is not None
    page = client.get(found[1])
    assert "Poland asks Kenya to co-sponsor this document." in words(page)
    assert page["Cache-Control"] == "private, no-store"
    source = draft.sources.get(member_state__iso="KE")
    assert source.is_pending  # reading it answers nothing
    file = client.get(f"{found[1]}files/{draft.files.get().pk}/")
    assert (file.status_code, file["Content-Disposition"]) == (
        200, f'attachment; filename="draft-{draft.pk}-en.docx"',
    )  # fmt: skip
    assert file.getvalue().startswith(b"PK")
    assert client.post(found[1], {"saves": 3}).status_code == 422
    done = client.post(found[1], {"saves": 3, "answer": "decline"})
    assert "Kenya declined: the document does not come from it." in words(done)
    source.refresh_from_db()
    assert source.declined_at is not None
    assert client.get(f"/desk/co-sponsor/{'x' * 20}/").status_code == 404
    assert client.get(f"/desk/co-sponsor/{'x' * 20}/files/1/").status_code == 404


def test_a_colleague_of_a_co_sponsor_reads_and_does_not_answer(
    draft: Document, pole: User, fish: WorkingGroup
) -> None:
    other = make_delegate(fish, "KE", role="delegate")
    held = with_co_sponsors(draft, pole, "KE")
    submitting.ask_co_sponsors(held, by=pole, at=NOW)
    desk = desk_of(other)
    assert "Your focal point answers." in words(desk.get(at("document", draft)))
    sent = {"saves": 3, "answer": "confirm"}
    assert desk.post(at("document_answer", draft), sent).status_code == 403
    assert draft.sources.get(member_state__iso="KE").is_pending


# Afterwards


def test_revised_added_to_corrected_and_withdrawn(
    fish: WorkingGroup, draft: Document, pole: User, kenyan: User
) -> None:
    fish.number_at_submission = True
    fish.save()
    desk = desk_of(pole)
    held = submitting.submit(draft, by=pole, at=NOW)
    for name, ending in {"revise": "Rev.1", "add": "Add.1", "correct": "Corr.1"}.items():
        begun = desk.post(at(f"document_{name}", held))
        later = Document.objects.latest("pk")
        assert begun["Location"] == at("document_text", later)
        assert desk.get(at(f"document_{name}", held)).status_code == 405
        checked = desk.post(at("document_check", later), {"saves": 0})
        assert "Say what is changed." in words(checked)
        desk.post(at("document_text", later), text(0, changed="A word.", files=[paper()]))
        desk.post(at("document_check", later), {"saves": 1})
        later.refresh_from_db()
        assert later.number == f"CWG-Fish-23/1 {ending}"
    page = words(desk.get(at("document", held)))
    assert "CWG-Fish-23/1 Rev.1 revision, Registered: A word." in page
    assert "Revision submitted" in page
    wrong = desk.post(at("document_withdraw", held), {"reason": " "})
    assert (wrong.status_code, held.state) == (422, "registered")
    done = desk.post(at("document_withdraw", held), {"reason": "Overtaken by events."}, follow=True)
    assert "The number CWG-Fish-23/1 stays, and says that it was withdrawn." in words(done)
    assert "Withdrawn: Overtaken by events." in words(done)
    # another delegation reads what has a number
    said = words(desk_of(kenyan).get(at("document", held)))
    assert "This document was withdrawn: Overtaken by events." in said
    assert desk.post(at("document_revise", held)).status_code == 409


def test_a_draft_is_deleted_after_it_was_asked(draft: Document, pole: User) -> None:
    desk = desk_of(pole)
    assert "Delete the draft?" in words(desk.get(at("document_delete", draft)))
    assert Document.objects.exists()
    assert "The draft is deleted." in words(desk.post(at("document_delete", draft), follow=True))
    assert not Document.objects.exists()


# Lists


@pytest.mark.parametrize("rows", [1, 3])
def test_the_lists_ask_the_same_few_questions_however_long(
    meeting: Meeting, pole: User, kenyan: User, rows: int,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:  # fmt: skip
    for _ in range(rows):
        make_draft(meeting, pole)
        held = with_co_sponsors(make_draft(meeting, kenyan), kenyan, "PL")
        submitting.ask_co_sponsors(held, by=kenyan, at=NOW)
    desk = desk_of(pole)
    with django_assert_num_queries(12):
        desk.get("/desk/")
    with django_assert_num_queries(6):
        assert len(desk.get(LIST).context["rows"]) == rows


def test_the_list_is_paged_by_key(meeting: Meeting, pole: User) -> None:
    made = [make_draft(meeting, pole).pk for _ in range(27)][::-1]
    desk = desk_of(pole)
    first = desk.get(LIST)
    assert [each["document"].pk for each in first.context["rows"]] == made[:25]
    second = desk.get(f"{LIST}?before={first.context['more']}")
    assert [each["document"].pk for each in second.context["rows"]] == made[25:]
    assert second.context["more"] is None
    for odd in ("x", "-1", "9" * 40, ""):
        assert desk.get(LIST, {"before": odd}).context["rows"][0]["document"].pk == made[0]


def test_everything_a_country_sent_is_listed_also_what_it_co_sponsored(
    fish: WorkingGroup, meeting: Meeting, pole: User, kenyan: User
) -> None:
    old = Document.objects.create(
        group=fish, meeting=meeting, key="22-1", number="CWG-Fish-22/1", title={"fr": "Ancien"}
    )
    old.sources.create(member_state=states("PL")[0], position=2)
    other = Document.objects.create(
        group=fish, meeting=meeting, key="22-2", number="CWG-Fish-22/2", title={"en": "Kenya’s"}
    )
    other.sources.create(member_state=states("PL")[0], position=2, declined_at=NOW)
    make_draft(meeting, kenyan)
    assert [each["name"] for each in desk_of(pole).get(LIST).context["rows"]] == ["Ancien"]


def test_the_day_of_the_deadline_is_in_the_groups_zone(
    draft: Document, meeting: Meeting, pole: User
) -> None:
    day = meeting.first_day - timedelta(days=14)
    said = words(desk_of(pole).get(at("document", draft)))
    assert f"Documents are due {day:%-d %B %Y}, 23:59 Geneva time." in said


def test_an_agenda_that_is_not_published_is_shown_to_no_delegate(
    draft: Document, pole: User
) -> None:
    item = draft.agenda_items.model.objects.get(title__en="Other business")
    draft.agenda_items.add(item)
    desk = desk_of(pole)
    pages = [at(name, draft) for name in ("document", "document_about", "document_preview")]
    assert ["Other business" in words(desk.get(page)) for page in pages] == [True] * 3
    Meeting.objects.update(planned_at=NOW)  # bulk: a test's own
    assert ["Other business" in words(desk.get(page)) for page in pages] == [False] * 3
    assert desk.post(at("document_about", draft), about(draft.meeting, saves=2)).status_code == 302
    assert list(draft.agenda_items.all()) == [item]  # what was chosen stays
