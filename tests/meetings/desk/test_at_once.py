"""Two at the same moment: one receipt, one number each, one text that wins and one that is told."""

from __future__ import annotations

from pathlib import Path
from unittest.mock import patch

import pytest

from cwg.accounts.models import User
from meetings import drafting, numbering, submitting
from meetings.drafting import Change, Part
from meetings.models import Document, Meeting, Message, Topic
from tests.at_once import Stop, at_once, shared
from tests.meetings.desk.delegating import NOW, make_draft, make_group, make_meeting
from tests.meetings.desk.delegating import make_delegate as delegate

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("as_migrated")]


def make_all() -> tuple[Meeting, User]:
    group = make_group()
    return make_meeting(group), delegate(group, "PL")


def test_two_submissions_make_one_receipt(tmp_path: Path) -> None:
    with shared(tmp_path):
        meeting, pole = make_all()
        draft, stop = make_draft(meeting, pole), Stop()
        with patch.object(drafting, "locked", stop.after(drafting.locked)):
            answers = at_once(
                stop, *[lambda: submitting.submit(draft, by=pole, at=NOW, saves=2).receipt] * 2
            )
        assert answers[0] is not None
        assert answers == [Document.objects.get().receipt] * 2
        assert Message.objects.filter(rule="submitting.receipt").count() == 1


def test_a_save_that_meets_a_submission_is_refused(tmp_path: Path) -> None:
    with shared(tmp_path):
        meeting, pole = make_all()
        draft, stop = make_draft(meeting, pole), Stop()
        change = Change({"summary": "Too late."})
        with patch.object(drafting, "locked", stop.after(drafting.locked)):
            answers = at_once(
                stop,
                lambda: submitting.submit(draft, by=pole, at=NOW).receipt,
                lambda: drafting.save(draft, Part.TEXT, change, saves=2, by=pole, at=NOW),
            )
        assert isinstance(answers[1], drafting.NotDraftError), answers
        assert Document.objects.get().summary == {"en": "Nets have holes."}


def test_of_two_who_save_one_is_told(tmp_path: Path) -> None:
    with shared(tmp_path):
        meeting, pole = make_all()
        draft, stop = make_draft(meeting, pole), Stop()

        def save(words: str) -> Document:
            change = Change({"summary": words})
            return drafting.save(draft, Part.TEXT, change, saves=2, by=pole, at=NOW).document

        with patch.object(drafting, "locked", stop.after(drafting.locked)):
            answers = at_once(stop, lambda: save("First."), lambda: save("Second."))
        assert isinstance(answers[1], drafting.StaleError), answers
        assert Document.objects.get().summary == {"en": "First."}


def test_two_delegations_submit_at_once_and_each_has_its_number(tmp_path: Path) -> None:
    with shared(tmp_path):
        meeting, pole = make_all()
        meeting.group.number_at_submission = True
        meeting.group.save()
        kenyan = delegate(meeting.group, "KE")
        drafts = [(make_draft(meeting, each), each) for each in (pole, kenyan)]
        stop = Stop()
        take = numbering.take
        with patch.object(numbering, "take", stop.after(take)):
            answers = at_once(
                stop,
                *[
                    lambda draft=draft, by=by: submitting.submit(draft, by=by, at=NOW).number
                    for draft, by in drafts
                ],
            )
        assert sorted(answers) == ["CWG-Fish-23/1", "CWG-Fish-23/2"]


def test_of_two_topics_with_one_title_one_stands(tmp_path: Path) -> None:
    with shared(tmp_path):
        meeting, pole = make_all()
        kenyan = delegate(meeting.group, "KE")
        texts = {"title": "Nets", "questions": "Q?"}
        drafts = []
        for each in (pole, kenyan):
            draft = make_draft(meeting, each)
            change = Change(proposal=texts)
            drafting.save(draft, Part.TOPIC, change, saves=2, by=each, at=NOW)
            drafts.append((draft, each))
        stop = Stop()
        with patch.object(submitting, "lacks", stop.after(submitting.lacks)):
            answers = at_once(
                stop,
                *[
                    lambda draft=draft, by=by: submitting.submit(draft, by=by, at=NOW).receipt
                    for draft, by in drafts
                ],
            )
        refused = [each for each in answers if isinstance(each, submitting.IncompleteError)]
        assert len(refused) == 1, answers
        assert Topic.objects.count() == 1
        assert Document.objects.submitted().count() == 1
