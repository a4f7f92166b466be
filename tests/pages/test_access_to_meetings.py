"""How to take part in a meeting stands on its own page and on that of its round."""

from __future__ import annotations

from datetime import date

import pytest
from django.test import Client

from meetings.models import Meeting
from tests.consultations.making import make_group, make_round

pytestmark = pytest.mark.django_db


def test_what_is_known_is_shown_and_nothing_else(client: Client) -> None:
    day = date(2026, 6, 10)
    held = Meeting.objects.create(
        group=make_group(), series="open_consultation", ordinal=1, first_day=day, last_day=day
    )
    round_ = make_round(held.group, meeting=held)
    addresses = (held.get_absolute_url(), round_.get_absolute_url())
    words = (
        "<dt>Room</dt>", "Example Hall", "<dt>Remote participation</dt>", "After registration",
        'href="https://example.org/join"', 'href="https://example.org/webcast"',
        "<dt>Captions</dt>", "In English, with a transcript",
    )  # fmt: skip
    for address in addresses:
        said = client.get(address).content.decode()
        assert [each for each in words if each in said] == []
    held.venue, held.remote = {"en": "Example Hall"}, {"en": "After registration"}
    held.remote_link, held.webcast = "https://example.org/join", "https://example.org/webcast"
    held.captions = {"en": "In English, with a transcript"}
    held.save()
    for address in addresses:
        said = client.get(address).content.decode()
        assert [each for each in words if each not in said] == []
