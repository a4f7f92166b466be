"""Whatever is sent to a page of whoever contributes is answered, never with a 500."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.consultations import contributing
from tests.consultations.contributing import ABOUT, BEGIN, begin, clock, link, opened, private
from tests.consultations.making import MEANWHILE, make_round

ANYTHING = st.one_of(
    st.text(max_size=80), st.integers(-(10**25), 10**25).map(str),
    st.sampled_from(["\0", "on", "self", "xx", "a@b.c", "…" * 300, "\u202e"]),
)  # fmt: skip
NAMES = [*ABOUT, "country", "publish_country", "website", "opened", "later", "to", "text", "language",
         "without", "whole", "shown", "job_title"]  # fmt: skip
SENT = st.dictionaries(st.sampled_from(NAMES) | st.text(max_size=10), ANYTHING, max_size=8)
calm = settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


@pytest.fixture
def pages(db: None) -> list[str]:
    make_round()
    client = Client(raise_request_exception=False)
    contributing.sent(client)
    confirm = link("intake.confirm")
    own = private(begin(client))
    return [
        BEGIN,
        own,
        confirm,
        *(f"{own}{page}/" for page in ("about-you", "answers", "send", "withdraw")),
    ]


@calm
@given(st.integers(0, 6), SENT, st.booleans())
def test_a_form_is_never_answered_with_500(
    pages: list[str], which: int, sent: dict[str, str], whole: bool
) -> None:
    client = Client(raise_request_exception=False)
    told: dict[str, Any] = {**(ABOUT if whole else {}), "opened": opened(MEANWHILE), **sent}
    with clock(MEANWHILE):
        assert client.post(pages[which], told).status_code < 500
        assert client.get(pages[which], sent).status_code < 500


@calm
@given(st.text(max_size=60).filter(lambda text: "/" not in text and text not in {"", ".", ".."}))
def test_a_made_up_link_leads_nowhere(db: None, token: str) -> None:
    client = Client(raise_request_exception=False)
    for page in ("", "about-you/", "answers/", "send/", "withdraw/", "confirm/", "files/1/"):
        for act in (client.get, client.post):
            answer = act(f"/example-group/contribute/{token}/{page}")
            assert answer.status_code in {301, 404, 405}
