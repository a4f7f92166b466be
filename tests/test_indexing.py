"""The index follows the database: whatever changes, in whatever order, whatever became of the index."""

from __future__ import annotations

import os
import re
import shutil
import threading
from collections.abc import Callable, Iterable, Iterator
from datetime import timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import DataError, IntegrityError, connection, models, transaction
from django.utils import timezone

from consultations import standing
from consultations.models import (
    Consultation,
    ConsultationTopic,
    Contribution,
    Standing,
    Summary,
)
from consultations.summary import finalising
from cwg.duties import ending
from cwg.indexing import changes, entries, following
from cwg.indexing.models import Changed
from cwg.report.models import Report
from cwg.searching.public import BY_NAME
from meetings import finding, registering
from meetings.finding import Entry, State, kept, opened, shelf
from meetings.models import (
    Document,
    Instrument,
    Meeting,
    MemberState,
    Outcome,
    Session,
    Source,
    Topic,
    WorkingGroup,
)
from tests.at_once import LONGEST, shared
from tests.consultations.making import make_contribution, make_group, make_round
from tests.indexed import difference, found, index
from tests.meetings import registered

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("own_index")]


@pytest.fixture(autouse=True)
def heard_by_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    """Leave the signals of the test run alone."""
    monkeypatch.setattr(ending, "listen", lambda: None)


@pytest.fixture
def held(report: Report) -> Consultation:
    """The demo record, a round on one of its topics with a contribution, and a public document."""
    made = make_round(report.group, slug="example-round", key="2031-03")
    made.topics.add(Topic.objects.filter(draws_on__isnull=False)[0])
    make_contribution(made, Standing.PUBLISHED, answers={1: "A zebraword example."})
    Meeting.objects.get(ordinal=23).agenda_items.create(position=1, title={"en": "An item"})
    return made


@pytest.fixture
def few_are_many(monkeypatch: pytest.MonkeyPatch) -> None:
    """Do for these few contributions what is done for very many, but for the second process."""
    monkeypatch.setattr(entries, "MANY", 1)
    monkeypatch.setattr(os, "process_cpu_count", lambda: 1)


# What changes


def rewritten(row: models.Model) -> None:
    """Change every text of a row, but for codes whose form would be lost."""
    before: dict[str, Any] = {}
    after: dict[str, Any] = {}
    for field in row._meta.concrete_fields:
        said = getattr(row, field.attname)
        if isinstance(field, models.JSONField) and isinstance(said, dict):
            after[field.attname] = {code: f"{text} changedword" for code, text in said.items()}
        elif isinstance(said, str) and said and not field.choices and field.name != "zone":
            after[field.attname] = f"{said} changedword"
        before[field.attname] = said
    for some in (after, *({name: value} for name, value in after.items())):
        try:
            with transaction.atomic():
                _changed(row, **some)
        except (IntegrityError, DataError):
            for name in some:
                setattr(row, name, before[name])
        else:
            if some == after:
                return


def test_whatever_anybody_writes_the_index_follows(held: Consultation) -> None:
    """Rows of every kind that is told of, rewritten one by one: the index equals the database."""
    index()
    followed = set()
    awaited = Outcome.objects.exclude(awaits=None)[0].awaits_id
    for model in changes.THINGS:
        wanted = {"pk": awaited} if model is Session else {}
        for row in model._default_manager.filter(**wanted).order_by("pk")[:1]:
            rewritten(row)
            if index():
                followed.add(model._meta.label)
            assert not difference(), f"{model._meta.label} {row.pk}"
    assert followed >= {
        "consultations.Answer", "consultations.Consultation", "consultations.Question",
        "meetings.AgendaItem", "meetings.Body", "meetings.GroupName", "meetings.Instrument",
        "meetings.Meeting", "meetings.MemberState", "meetings.Outcome", "meetings.Session",
        "meetings.Topic",
    }  # fmt: skip
    assert len(found("changedword")) > 8


def close(held: Consultation) -> None:
    Meeting.objects.filter(ordinal=23).update(planned_at=timezone.now(), closed_on=None)
    Meeting.objects.get(ordinal=23).save()


ACTS: dict[str, Callable[[Consultation], Any]] = {
    "a meeting is planned here and not closed": close,
    "an outcome is removed": lambda held: Outcome.objects.filter(later_outcomes=None)[0].delete(),
    "a topic draws on none": lambda held: held.topics.exclude(draws_on=None).get().save_base(),
    "a topic of a round is another": lambda held: ConsultationTopic.objects.filter(
        consultation=held, topic__draws_on__isnull=False
    )[0].delete(),
    "a question is gone": lambda held: held.questions.filter(position=3)[0].delete(),
    "a round is not announced": lambda held: _changed(held, announced_at=None),
    "a report is public no more": lambda held: _changed(Report.objects.get(), public=False),
    "a report has a number": lambda held: _changed(Report.objects.get(), document_number="C31/99"),
    "a group has another name": lambda held: held.group.names.create(
        acronym={"en": "CWG-New"}, from_day="2030-01-01"
    ),
    "a country is of another region": lambda held: MemberState.objects.filter(iso="CH")[0].save(),
    "an instrument is gone": lambda held: Instrument.objects.create(
        key="own", body=Instrument.objects.all()[0].body, number="99999"
    ).delete(),
    "a group is kept elsewhere": lambda held: _changed(held.group, record_kept_here=False),
}


def _changed(row: models.Model, **facts: Any) -> None:
    for name, value in facts.items():
        setattr(row, name, value)
    row.save()


@pytest.mark.parametrize("act", ACTS)
def test_whatever_happens_the_index_follows(held: Consultation, act: str) -> None:
    index()
    ACTS[act](held)
    index()
    assert not difference()


def test_each_kind_is_found_by_its_words(held: Consultation, settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path / "files"
    group = registered.make_group()
    meeting, lead = registered.make_meeting(group), registered.make_lead(group)
    registered.make_registered(meeting, lead, "BR", "A paper on trawlers", public=True)
    index()
    assert found("nets", "meeting") == [f"meeting:{meeting.pk}"]
    _changed(meeting, planned_at=registered.NOW)
    index()
    assert found("nets", "meeting") == []
    assert found("trawlers") == [
        f"document:{Document.objects.get(title__en__icontains='trawl').pk}"
    ]
    assert found("Brazil", "document") == found("trawlers")
    assert found("Council 2026", "report") == [f"report:{Report.objects.get().pk}"]
    assert found("102", "instrument") == [f"instrument:{Instrument.objects.get(key='pp-102').pk}"]
    said = Outcome.objects.filter(outcome_topics__topic__title__en__icontains="ultilingualization")
    assert {*found("multilingualization", "outcome")} == {f"outcome:{each.pk}" for each in said}
    round_, topic = f"round:{held.pk}", f"topic:{Topic.objects.get(key='topic-2031-03').pk}"
    assert {*found('"example topic of 2031-03"')} == {round_, topic}
    finalising.keep_loaded()
    index()
    assert found("multilingualization", "summary") == [f"summary:{Summary.objects.get().pk}"]
    told = finding.search("", facets=("kind", "group"))
    assert {*told.facets["kind"]} == {*BY_NAME, "contribution"}
    assert told.state == State.WHOLE


def test_what_is_kept_from_the_public_is_not_found(group: WorkingGroup) -> None:
    fish = registered.make_group()
    meeting, lead = registered.make_meeting(fish), registered.make_lead(fish)
    registered.make_draft(meeting, title="A draftword")
    registered.make_received(meeting, "KE", "A receivedword")
    registered.make_registered(meeting, lead, "FR", "A memberword")
    gone = registered.make_registered(meeting, lead, "BR", "A withdrawnword", public=True)
    seen = registered.make_registered(meeting, lead, "DE", "A publicword", public=True)
    declined = Source.objects.create(
        document=seen, member_state=MemberState.objects.get(iso="JP"), position=2,
        asked_at=registered.NOW, declined_at=registered.NOW,
    )  # fmt: skip
    of_draft = Document.objects.get(title__en="A draftword")
    _changed(of_draft, submitted_at=registered.NOW, receipt="R-TEST-9")
    Topic.objects.create(
        group=fish, key="own", title={"en": "A proposedword"}, proposed_in=of_draft
    )
    index()
    assert found("withdrawnword") == [f"document:{gone.pk}"]
    registering.withdraw(gone, "Sent twice.", by=lead, at=timezone.now())
    index()
    for word in ("draftword", "receivedword", "memberword", "withdrawnword", "proposedword"):
        assert found(word) == [], word
    assert found("publicword germany") == [f"document:{seen.pk}"]
    assert found("publicword japan") == []
    _changed(declined, declined_at=None, confirmed_at=registered.NOW)
    index()
    assert found("publicword japan") == [f"document:{seen.pk}"]
    assert not difference()


# Whatever became of the index


def cut(folder: Path) -> None:
    for each in folder.glob("index/*.store"):
        each.write_bytes(each.read_bytes()[:10])


def words_gone(folder: Path) -> None:
    for each in folder.glob("index/*.term"):
        each.unlink()


HURT: dict[str, Callable[[Path], object]] = {
    "all is gone": lambda folder: shutil.rmtree(shelf.root()),
    "the folder is gone": shutil.rmtree,
    "files are cut": cut,
    "files are gone": words_gone,
    "its list of files is no list": lambda folder: (folder / "index/meta.json").write_text("{"),
    "its list of files is empty": lambda folder: (folder / "index/meta.json").write_text(""),
    "nobody knows how far it came": lambda folder: (folder / "seen").unlink(),
    "how far it came is nonsense": lambda folder: (folder / "seen").write_text('{"upto": "x"}'),
    "it came further than the list": lambda folder: Changed.objects.all().delete(),
    "the name of the folder is nonsense": lambda folder: (shelf.root() / "current").write_text("x"),
}


@pytest.mark.parametrize("what", HURT)
def test_an_index_that_is_hurt_is_built_anew_and_no_search_fails(
    held: Consultation, what: str
) -> None:
    index()
    HURT[what](shelf.current() or shelf.root())
    opened.forget()
    told = finding.search("zebraword", facets=("kind",))
    assert (told.total, told.state) in {(0, State.BUILDING), (1, State.WHOLE), (1, State.BEHIND)}
    make_contribution(held, Standing.PUBLISHED, answers={1: "Another zebraword example."})
    index()
    index()
    assert len(found("zebraword")) == 2
    assert not difference()
    assert len([each for each in shelf.root().iterdir() if each.is_dir()]) == 1


def test_an_index_of_another_schema_is_built_anew(
    held: Consultation, monkeypatch: pytest.MonkeyPatch
) -> None:
    index()
    monkeypatch.setattr(shelf, "SCHEMA", shelf.SCHEMA + 1)
    opened.forget()
    assert finding.search("zebraword").state == State.BUILDING
    assert following.to_follow() == index() > 0
    assert len(found("zebraword")) == 1


def test_of_very_many_changes_all_is_built_anew(
    held: Consultation, monkeypatch: pytest.MonkeyPatch
) -> None:
    every = index()
    monkeypatch.setattr(following, "MOST_CHANGES", 2)
    for _ in range(3):
        make_contribution(held, Standing.PUBLISHED, answers={1: "A zebraword example."})
    assert index() == every + 3
    assert len(found("zebraword")) == 4


def test_old_changes_are_forgotten_and_a_quiet_machine_goes_on(held: Consultation) -> None:
    index()
    later = timezone.now() + following.KEPT + timedelta(days=1)
    noted = Changed.objects.count()
    assert following.forget(later) == noted - 1 > 0
    assert following.forget(later) == 0
    make_contribution(held, Standing.PUBLISHED, answers={1: "Another zebraword example."})
    assert index() == 1
    assert not difference()


def test_nothing_is_written_twice_and_only_one_writes(held: Consultation) -> None:
    index()
    make_contribution(held, Standing.PUBLISHED, answers={1: "Another zebraword example."})
    assert following.to_follow() == 1
    with shelf.writing() as mine:
        assert mine
        assert index() == 0
    assert index() == 1
    assert following.to_follow() == index() == 0
    assert not difference()


def test_a_change_that_is_taken_back_is_not_followed(held: Consultation) -> None:
    index()
    noted = Changed.objects.count()
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        make_contribution(held, Standing.PUBLISHED, answers={1: "A zebraword example."})
        raise ZeroDivisionError
    assert Changed.objects.count() == noted
    with transaction.atomic():
        with pytest.raises(ZeroDivisionError), transaction.atomic():
            changes.note(["round:1"])
            raise ZeroDivisionError
        changes.note(["round:1"])
        changes.note(["round:1"])
    assert Changed.objects.count() == noted + 1


# The command


def reindex(*words: str) -> str:
    out = StringIO()
    call_command("reindex", *words, stdout=out)
    opened.forget()
    return out.getvalue()


def test_reindex_and_its_check(held: Consultation) -> None:
    with pytest.raises(CommandError, match="There is no index here"):
        reindex("--check")
    said = reindex()
    number = int(said.split()[0])
    assert re.fullmatch(r"\d+ entries indexed in \d+ s\.\n", said)
    assert reindex("--check") == f"The index equals the database: {number} entries.\n"
    # changed past every signal, as by a hand in the database
    Topic.objects.filter(pk=held.topics.all()[0].pk).update(title={"en": "A pastword"})
    with pytest.raises(CommandError) as refused:
        reindex("--check")
    assert str(refused.value) == (
        "The index differs from the database: 0 entries missing, 0 left over, 5 changed."
    )
    reindex()
    assert {each.partition(":")[0] for each in found("pastword")} == {"outcome", "round", "topic"}


def test_while_it_is_built_the_old_one_serves_and_what_changes_meanwhile_is_found(
    held: Consultation, monkeypatch: pytest.MonkeyPatch
) -> None:
    index()
    everything, served = entries.everything, []

    def slow() -> Iterator[Any]:
        for number, entry in enumerate(everything()):
            yield entry
            if number == 3:
                served.append(len(found("zebraword")))
                make_contribution(held, Standing.PUBLISHED, answers={1: "A zebraword too."})
                Topic.objects.create(group=held.group, key="new", title={"en": "A newword"})

    monkeypatch.setattr(entries, "everything", slow)
    reindex()
    monkeypatch.setattr(entries, "everything", everything)
    assert served == [1]
    assert len(found("zebraword")) == 2
    assert len(found("newword")) == 1
    assert not difference()


@pytest.mark.usefixtures("few_are_many")
def test_answers_to_usual_words_are_kept_once_all_was_quiet_for_a_minute(
    held: Consultation, monkeypatch: pytest.MonkeyPatch
) -> None:
    index()
    folder = shelf.current()
    assert folder is not None
    first = (folder / "answers").read_text()
    assert "\nzebraword\t" in first
    assert finding.search("zebraword", kinds=["contribution"]).total == 1
    make_contribution(held, Standing.PUBLISHED, answers={1: "A zebraword too."})
    assert index() > 0
    assert index() == 0
    assert (folder / "answers").read_text() == first
    assert finding.search("zebraword", kinds=["contribution"]).total == 2
    monkeypatch.setattr(following, "QUIET", 0)
    assert index() == 0
    assert (folder / "answers").read_text() != first
    assert finding.search("zebraword", kinds=["contribution"]).total == 2


def test_a_sample_is_taken_of_contributions_however_far_apart_their_keys(
    held: Consultation, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(entries, "MANY", 1)
    made = Contribution.objects.get(answers__text="A zebraword example.")
    other = make_contribution(held, Standing.PUBLISHED, answers={1: "A zebraword too."})
    for far in (10**6, 10**6 + 1):
        copied = Contribution.objects.get(pk=other.pk)
        copied.pk, copied.number, copied.reference = far, far, f"EXAMPLE/{far}"
        copied.save(force_insert=True)
        copied.answers.create(question=held.questions.all()[0], text="A zebraword as well.")
    taken: list[str] = []

    def sampled(sample: Iterable[Entry]) -> frozenset[str]:
        taken.extend(each.key for each in sample)
        return frozenset()

    monkeypatch.setattr(entries, "usual_words", sampled)
    entries.usual()
    keys = entries.KINDS["contribution"].rows().values_list("pk", flat=True)
    assert sorted(taken) == sorted(f"contribution:{each}" for each in keys)
    assert {f"contribution:{each}" for each in (made.pk, 10**6, 10**6 + 1)} < {*taken}
    monkeypatch.setattr(entries, "SAMPLE", len(keys) // 2)
    taken.clear()
    entries.usual()
    assert len(keys) // 2 <= len(taken) <= len(keys) // 2 + 1


@pytest.mark.usefixtures("few_are_many")
def test_where_answers_cannot_be_kept_the_index_serves_all_the_same(
    held: Consultation, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:

    def full(*_: Any) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(kept, "write", full)
    reindex()
    assert "Answers to usual words are not kept: [Errno 28] No space left" in caplog.text
    assert finding.search("zebraword", kinds=["contribution"]).total == 1
    assert not difference()


@pytest.mark.usefixtures("few_are_many")
def test_answers_wait_for_what_changed_meanwhile(
    held: Consultation, monkeypatch: pytest.MonkeyPatch
) -> None:
    index()
    folder = shelf.current()
    assert folder is not None
    (folder / "answers").unlink()
    monkeypatch.setattr(following, "QUIET", 0)
    monkeypatch.setattr(following, "BESIDE_EVERY", 0)
    monkeypatch.setattr(following, "to_follow", lambda: 1)
    assert index() == 0
    assert not (folder / "answers").exists()


def test_asked_to_end_while_it_builds_it_leaves_the_old_one(
    held: Consultation, monkeypatch: pytest.MonkeyPatch
) -> None:
    index()
    before = shelf.current()
    monkeypatch.setattr(ending, "going_on", lambda: False)
    monkeypatch.setattr(entries, "AT_ONCE", 5)
    with pytest.raises(CommandError, match="the index that stood before serves on"):
        reindex()
    assert shelf.current() == before
    assert len(found("zebraword")) == 1
    index()


if connection.vendor == "postgresql":  # SQLite writes one transaction after the other

    @pytest.mark.django_db(transaction=True)
    def test_what_ends_later_than_what_began_later_is_not_lost(
        as_migrated: None, tmp_path: Path
    ) -> None:
        """Two connections: the one that took the earlier key ends after the other was followed."""
        held = make_round()
        other = make_round(make_group("other-group"), key="2026-04", slug="other-round")
        first = make_contribution(held, answers={1: "A zebraword example."})
        second = make_contribution(other, answers={1: "Another zebraword example."})
        index()
        noted, go_on = threading.Event(), threading.Event()

        def slowly() -> None:
            with transaction.atomic():
                publish(first)
                noted.set()
                assert go_on.wait(LONGEST)
            connection.close()

        with shared(tmp_path):
            slow = threading.Thread(target=slowly)
            slow.start()
            assert noted.wait(LONGEST)
            publish(second)
            index()
            assert found("zebraword") == [f"contribution:{second.pk}"]
            assert index() == 0
            go_on.set()
            slow.join(LONGEST)
            assert Changed.objects.order_by("pk").last().thing != f"contribution:{first.pk}"  # type: ignore[union-attr]
            assert index() == 1
            assert {*found("zebraword")} == {
                f"contribution:{first.pk}", f"contribution:{second.pk}",
            }  # fmt: skip
            assert following.to_follow() == 0
            assert not difference()


def publish(made: Contribution) -> None:
    with transaction.atomic():
        standing.move(standing.locked(made), Standing.PUBLISHED, "test.publish", at=timezone.now())
