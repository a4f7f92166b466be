"""The register: numbers given once, late ones decided about, nothing of a number ever removed."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from auditlog.models import LogEntry
from django.conf import settings as django_settings
from django.core.exceptions import ValidationError
from django.db.models import ProtectedError

from cwg.accounts.models import User
from meetings import entering, language_versions, numbering, registering
from meetings.language_versions import NewVersion
from meetings.models import Body, Document, Meeting, Message, NumberSeries, Session, WorkingGroup
from meetings.registering import Entry
from meetings.site_address import absolute
from meetings.uploads.examine import Examined
from tests.at_once import Stop, at_once, shared
from tests.meetings import registered
from tests.meetings.registered import NOW, make_entered, make_file, make_received, make_registered


@pytest.fixture(autouse=True)
def own_files(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path / "files"


@pytest.fixture
def fish(db: None, request: pytest.FixtureRequest) -> WorkingGroup:
    marked = request.node.get_closest_marker("django_db")
    if marked is not None and marked.kwargs.get("transaction"):
        request.getfixturevalue("as_migrated")
    return registered.make_group()


@pytest.fixture
def meeting(fish: WorkingGroup) -> Meeting:
    return registered.make_meeting(fish)


@pytest.fixture
def lead(fish: WorkingGroup) -> User:
    return registered.make_lead(fish)


def kept(path: str) -> bytes:
    return Path(django_settings.MEDIA_ROOT, path).read_bytes()


def last_activity(document: Document) -> tuple[str, str, str]:
    """Return the activity, the reason and who of the last entry in a document's history."""
    entry = LogEntry.objects.get_for_object(document).latest("pk")
    said = entry.additional_data
    return said["activity"], said["reason"], str(entry.actor)


# Numbers


def test_what_is_registered_has_its_number_and_its_delegation_is_told(
    meeting: Meeting, lead: User
) -> None:
    focal = registered.make_focal_point(meeting.group, "PL")
    registered.make_focal_point(meeting.group, "KE")
    received = make_received(meeting, submitted_by=focal)
    found = registering.register(received, by=lead, at=NOW)
    assert (found.number, found.key, found.registered_at, found.state) == (
        "CWG-Fish-23/1", "23-1", NOW, Document.State.REGISTERED,
    )  # fmt: skip
    assert last_activity(found) == ("registering.register", "", str(lead))
    mail = Message.objects.get()
    assert (mail.to, mail.subject, mail.body) == (
        focal.email, "Registered: CWG-Fish-23/1",
        f"The secretariat registered your document for the {meeting}. Its number is CWG-Fish-23/1."
        f"\n\nOn nets\nReceipt: {received.receipt}\n\nWhere it stands: {absolute(f'/desk/fish/documents/{received.pk}/')}\n",
    )  # fmt: skip


def test_registered_twice_it_is_the_same_and_told_once(meeting: Meeting, lead: User) -> None:
    registered.make_focal_point(meeting.group, "PL")
    received = make_received(meeting)
    numbers = {registering.register(received, by=lead, at=NOW).number for _ in range(2)}
    assert numbers == {"CWG-Fish-23/1"}
    assert NumberSeries.objects.get().last == 1
    assert Message.objects.count() == 1


def test_each_series_counts_for_itself_and_a_withdrawn_number_stays(
    meeting: Meeting, lead: User
) -> None:
    made = [
        make_entered(meeting, lead, kind)
        for kind in ("agenda", "information", "temporary", "administrative", "report", "summary")
    ]
    registering.withdraw(made[0], "It was wrong.", by=lead, at=NOW)
    made.append(make_registered(meeting, lead))
    assert [each.number for each in made] == [
        "CWG-Fish-23/1", "CWG-Fish-23/INF/1", "CWG-Fish-23/DT/1", "CWG-Fish-23/ADM/1",
        "CWG-Fish-23/2", "CWG-Fish-23/3", "CWG-Fish-23/4",
    ]  # fmt: skip
    gone = Document.objects.get(number="CWG-Fish-23/1")
    assert (gone.state, gone.withdrawn_reason) == (Document.State.WITHDRAWN, "It was wrong.")


def test_what_fails_takes_no_number(meeting: Meeting, lead: User) -> None:
    other = registered.make_meeting(meeting.group, 24, 200)
    entry = Entry(
        "secretariat", {"title": {"en": "A paper"}}, meeting,
        agenda_items=list(other.agenda_items.all()),
    )  # fmt: skip
    with pytest.raises(registering.ItemError):
        entering.enter(meeting.group, entry, by=lead, at=NOW)
    assert not Document.objects.exists()
    assert make_entered(meeting, lead).number == "CWG-Fish-23/1"


@pytest.mark.parametrize(
    ("facts", "error"),
    [
        ({"submitted_at": None, "receipt": None}, registering.NotThereError),
        ({"withdrawn_at": NOW}, registering.WithdrawnError),
        ({"late": True}, registering.UndecidedError),
        ({"late": True, "late_decision": "held"}, registering.UndecidedError),
    ],
)
def test_what_is_not_registered(
    meeting: Meeting, lead: User, facts: dict[str, Any], error: type[Exception]
) -> None:
    received = make_received(meeting, **facts)
    with pytest.raises(error):
        registering.register(received, by=lead, at=NOW)
    received.refresh_from_db()
    assert received.number == ""


def test_a_revision_is_registered_after_its_parent(meeting: Meeting, lead: User) -> None:
    base = make_received(meeting)
    revision = make_received(meeting, parent=base, relation="rev", changed="The holes.")
    with pytest.raises(registering.ParentFirstError, match="Register “On nets” first"):
        registering.register(revision, by=lead, at=NOW)
    registering.register(base, by=lead, at=NOW)
    assert registering.register(revision, by=lead, at=NOW).number == "CWG-Fish-23/1 Rev.1"


@pytest.mark.parametrize("staff", [True, False])
def test_the_secretariat_enters_what_comes_after_a_document(
    meeting: Meeting, lead: User, staff: bool
) -> None:
    base = make_entered(meeting, lead) if staff else make_registered(meeting, lead, pending=("KE",))
    made = [
        entering.enter_later(
            base, relation, Entry("", {"title": {"en": relation}, "changed": "A word."}),
            by=lead, at=NOW,
        )
        for relation in ("rev", "add", "corr", "rev")
    ]  # fmt: skip
    assert [(each.number, each.key, each.kind, each.is_draft) for each in made] == [
        (f"CWG-Fish-23/1 {name}", key, base.kind, False)
        for name, key in (
            ("Rev.1", "23-1-rev-1"), ("Add.1", "23-1-add-1"), ("Corr.1", "23-1-corr-1"),
            ("Rev.2", "23-1-rev-2"),
        )
    ]  # fmt: skip
    sources = [[(str(s), s.is_pending) for s in each.sources.all()] for each in made]
    assert sources == [[] if staff else [("Poland", False), ("Kenya", True)]] * 4
    with pytest.raises(entering.NotABaseError):
        entering.enter_later(made[0], "rev", Entry("", {"title": {"en": "T"}}), by=lead, at=NOW)


def test_nothing_comes_after_a_withdrawn_document(meeting: Meeting, lead: User) -> None:
    base = registering.withdraw(make_entered(meeting, lead), "Wrong.", by=lead, at=NOW)
    with pytest.raises(registering.WithdrawnError):
        entering.enter_later(base, "rev", Entry("", {"title": {"en": "T"}}), by=lead, at=NOW)


def test_a_document_with_a_number_is_held_by_what_names_it(meeting: Meeting, lead: User) -> None:
    base = make_entered(meeting, lead)
    entering.enter_later(base, "rev", Entry("", {"title": {"en": "T"}}), by=lead, at=NOW)
    with pytest.raises(ProtectedError):
        base.delete()


# What came on paper, or has a number already


def test_what_came_on_paper_has_a_receipt_and_a_number(meeting: Meeting, lead: User) -> None:
    entry = Entry(
        "contribution", {"title": {"en": "By post"}}, meeting,
        sources=[registered.state("KE"), registered.state("PL")], arrived_on=NOW.date(),
    )  # fmt: skip
    made = entering.enter(meeting.group, entry, by=lead, at=NOW)
    assert (made.number, str(made.member_state), made.late) == ("CWG-Fish-23/1", "Kenya", False)
    assert made.receipt is not None
    assert made.receipt.startswith("P-")
    assert [(str(s), s.is_pending) for s in made.sources.all()] == [
        ("Kenya", False), ("Poland", False),
    ]  # fmt: skip


def test_what_came_on_paper_after_the_deadline_waits_for_a_decision(
    fish: WorkingGroup, lead: User
) -> None:
    meeting = registered.make_meeting(fish, in_days=3)
    entry = Entry(
        "contribution", {"title": {"en": "By post"}}, meeting, sources=[registered.state("KE")],
        arrived_on=NOW.date(), public=True,
    )  # fmt: skip
    made = entering.enter(fish, entry, by=lead, at=NOW)
    assert (made.number, made.late, made.public) == ("", True, False)
    in_time = Entry(
        "contribution", {"title": {"en": "By post"}}, meeting, sources=[registered.state("KE")],
        arrived_on=meeting.first_day - timedelta(days=14),
    )  # fmt: skip
    assert entering.enter(fish, in_time, by=lead, at=NOW).number == "CWG-Fish-23/1"


def test_a_contribution_needs_a_source(meeting: Meeting, lead: User) -> None:
    with pytest.raises(registering.SourceError):
        make_entered(meeting, lead, "contribution")


def test_a_number_given_before_is_kept_and_counted(meeting: Meeting, lead: User) -> None:
    made = make_entered(meeting, lead, number="CWG-Fish-23/7")
    assert (made.number, made.key, made.register_name) == ("CWG-Fish-23/7", "23-7", "7")
    assert make_entered(meeting, lead).number == "CWG-Fish-23/8"
    with pytest.raises(ValidationError, match="A number once given is never given again"):
        make_entered(meeting, lead, number="CWG-Fish-23/7")


@pytest.mark.parametrize(
    ("kind", "number"),
    [("report", "CWG-Fish-22/7"), ("report", "CWG-Fish-23/INF/7"), ("information", "CWG-Fish-23/7"),
     ("report", "CWG-Fish-23/7 Rev.1"), ("report", "seven")],
)  # fmt: skip
def test_numbers_that_are_not_this_documents(
    meeting: Meeting, lead: User, kind: str, number: str
) -> None:
    with pytest.raises(entering.NumberError):
        make_entered(meeting, lead, kind, number=number)


def test_a_document_of_a_session_brings_its_number(meeting: Meeting, lead: User) -> None:
    session = Session.objects.create(
        body=Body.objects.create(key="council", name={"en": "Council"}, short={"en": "C"}),
        key="council-2026", year=2026, label={"en": "Council 2026"},
    )  # fmt: skip
    facts = {"title": {"en": "Report"}, "link": "https://example.org/c26/51"}
    made = entering.enter(
        meeting.group, Entry("report", facts, session=session, number="C26/51"), by=lead, at=NOW
    )
    assert (made.number, made.key, made.in_register) == ("C26/51", "c26-51", False)
    with pytest.raises(entering.NumberError):
        entering.enter(meeting.group, Entry("report", facts, session=session), by=lead, at=NOW)
    with pytest.raises(language_versions.NoPlaceError):
        make_file(made, lead)


# Corrected


def corrected(document: Document, **changes: Any) -> Entry:
    """Return an entry that says what stands, but for `changes`."""
    facts = {name: getattr(document, name) for name in registering.FACTS}
    sources = [each.member_state for each in document.sources.all()]
    said = {"kind": document.kind, "sources": sources, "agenda_items": []} | changes
    return Entry(said.pop("kind"), facts | said.pop("facts", {}), **said)


def test_data_are_corrected_with_a_reason(meeting: Meeting, lead: User) -> None:
    made = make_registered(meeting, lead)
    item = meeting.agenda_items.get(parent=None)
    entry = corrected(
        made, kind="secretariat", facts={"title": {"en": "On ropes"}, "dated": date(2026, 1, 6)},
        sources=[registered.state("KE"), registered.state("PL")], agenda_items=[item],
    )  # fmt: skip
    with pytest.raises(registering.ReasonMissingError):
        registering.correct(made, entry, " ", by=lead, at=NOW)
    found = registering.correct(made, entry, "A wrong title.", by=lead, at=NOW)
    assert (found.title, found.dated, found.kind, found.number) == (
        {"en": "On ropes"}, date(2026, 1, 6), "secretariat", "CWG-Fish-23/1",
    )  # fmt: skip
    assert [str(each) for each in found.sources.all()] == ["Kenya", "Poland"]
    assert list(found.agenda_items.all()) == [item]
    assert "A wrong title." in {
        (each.additional_data or {}).get("reason")
        for each in LogEntry.objects.get_for_object(found)
    }


def test_what_a_correction_does_not_do(meeting: Meeting, lead: User) -> None:
    made = make_registered(meeting, lead)
    other = registered.make_meeting(meeting.group, 24, 200)
    refused: list[tuple[Entry, type[Exception]]] = [
        (corrected(made, kind="information"), registering.KindError),
        (corrected(made, sources=[registered.state("KE")]), registering.SourceError),
        (corrected(made, agenda_items=other.agenda_items.all()), registering.ItemError),
        (corrected(made, facts={"title": {}}), ValidationError),
    ]
    for entry, error in refused:
        with pytest.raises(error):
            registering.correct(made, entry, "Why not.", by=lead, at=NOW)
    made.refresh_from_db()
    assert (made.kind, made.title) == ("contribution", {"en": "On nets"})
    assert [str(each) for each in made.sources.all()] == ["Poland"]


def test_a_correction_keeps_what_co_sponsors_answered(meeting: Meeting, lead: User) -> None:
    made = make_received(meeting, pending=("KE", "BR"))
    made.sources.filter(member_state__iso="BR").update(declined_at=NOW)
    entry = corrected(made, sources=[registered.state(iso) for iso in ("PL", "KE", "JP")])
    registering.correct(made, entry, "As agreed by mail.", by=lead, at=NOW)
    assert [
        (str(each), bool(each.confirmed_at), each.is_pending)
        for each in made.sources.order_by("declined_at", "position").filter(declined_at=None)
    ] == [("Poland", True, False), ("Kenya", False, True), ("Japan", True, False)]
    assert made.sources.get(member_state__iso="BR").declined_at == NOW


# Late


def test_a_late_one_is_taken_and_then_registered(meeting: Meeting, lead: User) -> None:
    registered.make_focal_point(meeting.group, "PL")
    late = make_received(meeting, late=True)
    registering.decide_late(late, "taken", by=lead, at=NOW)
    assert registering.register(late, by=lead, at=NOW).number == "CWG-Fish-23/1"
    assert Message.objects.get(rule="registering.decided").body.startswith(
        f"Your document came after the deadline. It is taken at the {meeting}."
    )
    with pytest.raises(registering.NotLateError):
        registering.decide_late(late, "held", by=lead, at=NOW)


def test_a_held_one_goes_to_the_next_meeting_with_what_comes_after_it(
    meeting: Meeting, lead: User
) -> None:
    registered.make_meeting(meeting.group, 24, 90, cancelled_on=NOW.date())
    coming = registered.make_meeting(meeting.group, 25, 200)
    registered.make_meeting(meeting.group, 3, 100, series="open_consultation")
    late = make_received(meeting, late=True)
    late.agenda_items.set(meeting.agenda_items.all())
    revision = make_received(meeting, parent=late, relation="rev", changed="A word.")
    found = registering.decide_late(late, "held", by=lead, at=NOW)
    revision.refresh_from_db()
    assert (found.meeting, found.late, found.late_decision) == (coming, False, "")
    assert revision.meeting == coming
    assert not found.agenda_items.exists()
    assert registering.register(found, by=lead, at=NOW).number == "CWG-Fish-25/1"


def test_a_draft_that_goes_on_with_a_held_one_leaves_no_trace_and_loses_nothing(
    meeting: Meeting, lead: User
) -> None:
    coming = registered.make_meeting(meeting.group, 24, 200)
    late = make_received(meeting, late=True)
    draft = make_received(
        meeting, parent=late, relation="rev", submitted_at=None, receipt=None, changed="Secret."
    )
    begun = LogEntry.objects.get_for_object(draft).count()
    registering.decide_late(late, "held", by=lead, at=NOW)
    draft.refresh_from_db()
    assert (draft.meeting, draft.is_draft, draft.changed) == (coming, True, "Secret.")
    assert LogEntry.objects.get_for_object(draft).count() == begun
    assert last_activity(late)[0] == "registering.decide_late"


def test_a_correction_overrules_no_co_sponsor_that_declined_meanwhile(
    meeting: Meeting, lead: User
) -> None:
    made = make_received(meeting, pending=["KE"])
    read = registering.stamp(made)
    entry = Entry(
        "contribution", {"title": {"en": "On ropes"}},
        sources=[registered.state("PL"), registered.state("KE")],
    )  # fmt: skip
    kenya = made.sources.get(member_state__iso="KE")
    kenya.declined_at = NOW
    kenya.save()
    with pytest.raises(registering.ChangedMeanwhileError, match="compare what you typed"):
        registering.correct(made, entry, "Typo.", by=lead, at=NOW, seen=read)
    kenya.refresh_from_db()
    assert (kenya.declined_at, kenya.confirmed_at) == (NOW, None)
    read = registering.stamp(made)
    found = registering.correct(made, entry, "By letter.", by=lead, at=NOW, seen=read)
    assert found.title == {"en": "On ropes"}


def test_a_held_one_waits_until_the_next_meeting_is_made(meeting: Meeting, lead: User) -> None:
    registered.make_focal_point(meeting.group, "PL")
    late = make_received(meeting, late=True)
    registering.decide_late(late, "held", by=lead, at=NOW)
    assert (registering.count_to_move(NOW), registering.move_held(NOW)) == (0, 0)
    coming = registered.make_meeting(meeting.group, 24, 200)
    assert (registering.count_to_move(NOW), registering.move_held(NOW)) == (1, 1)
    assert (registering.count_to_move(NOW), registering.move_held(NOW)) == (0, 0)
    late.refresh_from_db()
    assert (late.meeting, late.late, late.late_decision) == (coming, False, "")
    assert last_activity(late)[0] == "registering.move_held"
    assert [each.body.split("\n")[0] for each in Message.objects.order_by("pk")] == [
        "Your document came after the deadline. It is held for the next meeting, which is not "
        "called yet.",
        f"Your document came after the deadline. It is held for the next meeting, the {coming}.",
    ]


def test_a_held_one_can_be_taken_after_all(meeting: Meeting, lead: User) -> None:
    late = make_received(meeting, late=True)
    registering.decide_late(late, "held", by=lead, at=NOW)
    registering.decide_late(late, "taken", by=lead, at=NOW)
    registered.make_meeting(meeting.group, 24, 200)
    assert registering.move_held(NOW) == 0
    assert registering.register(late, by=lead, at=NOW).number == "CWG-Fish-23/1"


# Public, withdrawn


def test_public_and_restricted_again(meeting: Meeting, lead: User) -> None:
    made = make_entered(meeting, lead)
    assert registering.publish(made, by=lead).state == Document.State.PUBLISHED
    with pytest.raises(registering.ReasonMissingError):
        registering.restrict(made, "", by=lead)
    assert registering.restrict(made, "By mistake.", by=lead).state == Document.State.REGISTERED
    assert last_activity(made) == ("registering.restrict", "By mistake.", str(lead))


def test_what_has_no_number_is_not_made_public(meeting: Meeting, lead: User) -> None:
    with pytest.raises(registering.NoNumberError):
        registering.publish(make_received(meeting), by=lead)


def test_withdrawn_on_behalf_of_a_delegation_tells_it(meeting: Meeting, lead: User) -> None:
    focal = registered.make_focal_point(meeting.group, "PL")
    made = make_received(meeting)
    for reason, error in (("", registering.ReasonMissingError), ("By note verbale.", None)):
        if error:
            with pytest.raises(error):
                registering.withdraw(made, reason, by=lead, at=NOW)
        else:
            registering.withdraw(made, reason, by=lead, at=NOW)
    assert [(each.to, each.subject) for each in Message.objects.all()] == [
        (focal.email, "Withdrawn: On nets")
    ]
    with pytest.raises(registering.WithdrawnError):
        registering.withdraw(made, "Again.", by=lead, at=NOW)


ACTS: list[Callable[[Document, User], object]] = [
    lambda draft, by: registering.register(draft, by=by, at=NOW),
    lambda draft, by: registering.correct(draft, corrected(draft), "x", by=by, at=NOW),
    lambda draft, by: registering.decide_late(draft, "taken", by=by, at=NOW),
    lambda draft, by: registering.publish(draft, by=by),
    lambda draft, by: registering.restrict(draft, "x", by=by),
    lambda draft, by: registering.withdraw(draft, "x", by=by, at=NOW),
    lambda draft, by: entering.enter_later(draft, "rev", Entry("", {}), by=by, at=NOW),
    make_file,
]


@pytest.mark.parametrize("act", ACTS)
def test_a_draft_is_not_with_the_secretariat(
    meeting: Meeting, lead: User, act: Callable[[Document, User], object]
) -> None:
    with pytest.raises(registering.NotThereError):
        act(registered.make_draft(meeting), lead)


# Language versions


@pytest.mark.django_db(transaction=True)
def test_language_versions_are_added_replaced_and_removed(
    meeting: Meeting, lead: User, tmp_path: Path
) -> None:
    made = make_registered(meeting, lead, original_language="")
    first = make_file(made, lead, b"first", reason="")
    french = make_file(made, lead, b"french", "fr", "docx", "machine", reason="")
    made.refresh_from_db()
    assert made.original_language == "en"
    with pytest.raises(registering.ReasonMissingError):
        make_file(made, lead, b"second", reason="")
    second = make_file(made, lead, b"second", reason="A page was missing.")
    assert second.pk == first.pk
    assert (second.sha256, kept(second.path)) == (hashlib.sha256(b"second").hexdigest(), b"second")
    language_versions.tell_apart(french, "official", by=lead)
    assert language_versions.told(made.files.all()) == {
        "en": "original", "fr": "official translation", "es": "", "ru": "", "ar": "", "zh": "",
    }  # fmt: skip
    language_versions.remove(french, "It was another document’s.", by=lead)
    with pytest.raises(language_versions.NoSuchFileError):
        language_versions.tell_apart(french, "official", by=lead)
    files = [path.read_bytes() for path in (tmp_path / "files").rglob("*.*") if path.is_file()]
    assert files == [b"second"]


def test_only_word_and_pdf_are_kept(meeting: Meeting, lead: User) -> None:
    new = NewVersion("en", "original", Examined("paper.odt", "odt", b"x", ""))
    with pytest.raises(language_versions.FormatError):
        language_versions.put(make_registered(meeting, lead), new, by=lead, at=NOW)


def test_of_two_formats_the_more_official_counts(meeting: Meeting, lead: User) -> None:
    made = make_registered(meeting, lead)
    make_file(made, lead, language="fr", version="machine")
    make_file(made, lead, language="fr", form="docx", version="courtesy")
    assert language_versions.told(made.files.all())["fr"] == "courtesy translation"


# At once


@pytest.mark.django_db(transaction=True)
def test_one_document_registered_twice_at_once_has_one_number(
    meeting: Meeting, lead: User, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    received, stop = make_received(meeting), Stop()
    monkeypatch.setattr(numbering, "give", stop.after(numbering.give))

    def act() -> Document:
        return registering.register(received, by=lead, at=NOW)

    with shared(tmp_path):
        assert [each.number for each in at_once(stop, act, act)] == ["CWG-Fish-23/1"] * 2
        assert stop.held_up
        assert NumberSeries.objects.get().last == 1


@pytest.mark.django_db(transaction=True)
def test_many_registered_at_once_have_numbers_without_gap_or_double(
    meeting: Meeting, lead: User, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    received, stop = [make_received(meeting) for _ in range(12)], Stop()
    monkeypatch.setattr(numbering, "give", stop.after(numbering.give))
    acts = [lambda each=each: registering.register(each, by=lead, at=NOW) for each in received]
    with shared(tmp_path):
        answers = at_once(stop, *acts)
        assert sorted(each.ordinal for each in answers) == list(range(1, 13))
        found = Document.objects.values_list("ordinal", flat=True)
        assert sorted(found) == list(range(1, 13))  # type: ignore[type-var]
