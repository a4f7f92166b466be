"""Two at the same moment: one contribution, one number; one form, one draft."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from unittest.mock import patch

import pytest
from django.test import Client

from consultations import intake, standing
from consultations.models import Contribution, ContributionEvent
from meetings.models import Message
from tests.at_once import Stop, at_once, shared
from tests.consultations import contributing
from tests.consultations.contributing import ABOUT, BEGIN, clock, link, opened
from tests.consultations.making import MEANWHILE, make_round

pytestmark = pytest.mark.django_db(transaction=True)


def test_two_confirmations_make_one_contribution(tmp_path: Path) -> None:
    with shared(tmp_path):
        make_round()
        contributing.sent(Client())
        address, stop = link("intake.confirm"), Stop()
        with clock(MEANWHILE):
            shown = Client().get(address).context["digest"]
            with patch.object(standing, "locked", stop.after(standing.locked)):
                answers = at_once(
                    stop, *[lambda: Client().post(address, {"shown": shown})["Location"]] * 2
                )
        assert answers[0] == answers[1]
        made = Contribution.objects.get()
        assert (made.number, made.link_version) == (1, 2)
        assert ContributionEvent.objects.filter(what="intake.confirm").count() == 1
        assert Message.objects.filter(rule="intake.receipt").count() == 1


def test_one_form_pressed_twice_makes_one_draft(tmp_path: Path) -> None:
    with shared(tmp_path):
        make_round()
        stop, form = Stop(), opened(MEANWHILE - timedelta(hours=1), "b" * 32)
        sent = {**ABOUT, "opened": form}
        with clock(MEANWHILE), patch.object(intake, "_begun", stop.after(intake._begun)):
            answers = at_once(stop, *[lambda: Client().post(BEGIN, sent)["Location"]] * 2)
        assert answers[0] == answers[1], answers
        assert Contribution.objects.count() == 1
