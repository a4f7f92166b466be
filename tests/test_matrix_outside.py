"""Every address outside the secretariat's site, to everybody: one table; and what is read where.

The addresses come from the resolver; one that has no place fails. A cell says what GET and POST
answer:
    ok    the page
    in    sign in first
    no    refused
    gone  as if it were not there
    on    somewhere else
    now   not now: what is asked for does not go with where things stand
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

import pytest
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from tests.addressed import NO_LINK, NO_NAME, NO_NUMBER, NO_ROW, Addressed
from tests.everybody import ROLES
from tests.visiting import Visitor, said

# The name of an address, its line of the table, and the words that stand in it: {the key of a row},
# [a number] and (a name) of what may not be there, <a private link>. Everybody writes the link of a
# mail but the one who was mailed it without its last letter.
PLACES = """
pages:start                           public
pages:group                           public          own
pages:meetings                        public          own
pages:meeting                         public          own [1]
pages:consultations                   public          own
pages:consultation                    public          own open-round
pages:consultation                    nothing         own (round)
pages:contribution                    public          own 2026-03 {published}
pages:contribution                    nothing         own 2026-03 {unpublished}
pages:repository                      public          own
pages:repository_feed                 public          own
pages:repository_data                 public          own csv
pages:all_repository                  public
pages:all_repository_feed             public
pages:all_repository_data             public          json
pages:search                          public
pages:dictionary                      public
pages:dictionary_file                 public
pages:round_data                      public          own open-round csv
pages:round_data                      public          own open-round json
pages:round_data                      public          own open-round jsonl
pages:round_data                      nothing         own (round) csv
pages:round_package                   public          own open-round
pages:round_package                   nothing         own (round)
pages:summary                         public          own open-round
pages:summary                         nothing         own (round)
pages:summary_file                    public          own open-round pdf
pages:summary_file                    nothing         own (round) docx
pages:summary_edition                 public          own open-round original
pages:summary_edition                 nothing         own open-round rev-1
pages:summary_edition_file            public          own open-round original txt
pages:summary_edition_file            nothing         own (round) original html
pages:contributors                    public          own
pages:contributor                     public          own example-organization
pages:contributor                     nothing         own (contributor-of-own)
pages:over_the_years                  public          own
meetings:instruments                  public
meetings:instrument                   public          res-1
report:list                           public          own
report:report                         public          own public-report
report:report                         nothing         own (assembly-2030)
report:file                           public          own public-report txt
report:file                           nothing         own (assembly-2030) pdf
report:edition                        nothing         own public-report original
report:edition_file                   nothing         own public-report original pdf
consultations:feed                    public          own
consultations:round_feed              public          own open-round
consultations:round_feed              nothing         own (round)
consultations:calendar                public          own
consultations:meeting_calendar        public          own [1]
consultations:questions_file          public          own open-round
consultations:attachment              public          own 2026-03 {published} {published-file}
consultations:attachment              nothing         own 2026-03 {published} {published-withheld}
consultations:attachment              nothing         own 2026-03 {unpublished} {unpublished-file}
consultations:follow                  form            own
consultations:follow_asked            form            own
consultations:follow_confirm          by link         own <follow-confirm>
consultations:follow_end              by link         own <follow-end>
consultations:contribute              form            own open-round
consultations:contribute              no form         own (round)
consultations:draft_summary           by link         own <draft-summary>
consultations:own                     by link         own <unpublished>
consultations:about_you               by link         own <begun>
consultations:answers                 by link         own <begun>
consultations:send                    by link, act    own <begun>
consultations:withdraw                by link, act    own <unpublished>
consultations:confirm                 by link, late   own <confirm>
consultations:own_file                file by link    own <unpublished> {unpublished-file}
account_login                         sign-in
account_signup                        sign-in
account_logout                        sign-out
account_inactive                      public
account_reauthenticate                account
account_change_password               account
account_reset_password                form
account_reset_password_done           public
account_reset_password_from_key       form            1 nobody-was-given-this
account_reset_password_from_key_done  public
view_as                               view as
view_as_stop                          view as, stop
mfa_index                             account, read
mfa_authenticate                      account, again
mfa_reauthenticate                    account, again
mfa_activate_totp                     account, again
mfa_generate_recovery_codes           account, again
mfa_deactivate_totp                   no second step
mfa_view_recovery_codes               no codes
mfa_download_recovery_codes           no second step
desk:home                             desk
desk:draft_outcomes                   members, form   own [2]
desk:participants                     members, form   own [2]
account_invitation                    by link         <invitation>
desk:delegation                       delegation      own
desk:delegation_remove                A, remove       own {invited}
desk:cosponsor_link                   by link         <co-sponsor>
desk:cosponsor_link_file              file by link    <co-sponsor> {asked-file}
desk:documents                        members         own
desk:document_begin                   members, form   own
desk:document                         A               own {draft}
desk:document_file                    A               own {draft} {draft-file}
desk:document                         members         own {asked}
desk:document_file                    members         own {asked} {asked-file}
desk:document                         A               own {named}
desk:document_file                    A               own {named} {named-file}
desk:document                         A               own {revision}
desk:document_file                    A               own {revision} {revision-file}
desk:document                         A               own {received}
desk:document_file                    A               own {received} {received-file}
desk:document                         A               own {late}
desk:document_file                    A               own {late} {late-file}
desk:document                         A               own {taken-back}
desk:document_file                    A               own {taken-back} {taken-back-file}
desk:document                         A               own {addendum}
desk:document_file                    A               own {addendum} {addendum-file}
desk:document                         members         own {registered}
desk:document_file                    members         own {registered} {registered-file}
desk:document                         members         own {public}
desk:document_file                    members         own {public} {public-file}
desk:document                         members         own {withdrawn}
desk:document_file                    A               own {withdrawn} {withdrawn-file}
desk:document_about                   A, form         own {draft}
desk:document_about                   A, form         own {asked}
desk:document_about                   A, sent         own {received}
desk:document_about                   A, sent         own {registered}
desk:document_text                    A, form         own {draft}
desk:document_text                    A, form         own {asked}
desk:document_text                    A, sent         own {received}
desk:document_text                    A, sent         own {registered}
desk:document_sources                 A, form         own {draft}
desk:document_sources                 A, form         own {asked}
desk:document_sources                 A, sent         own {received}
desk:document_sources                 A, sent         own {registered}
desk:document_topic                   A, form         own {draft}
desk:document_topic                   A, form         own {asked}
desk:document_topic                   A, sent         own {received}
desk:document_topic                   A, sent         own {registered}
desk:document_preview                 A               own {draft}
desk:document_preview                 A               own {asked}
desk:document_preview                 A               own {received}
desk:document_preview                 A               own {registered}
desk:document_check                   A, submit       own {draft}
desk:document_check                   A, submit       own {asked}
desk:document_check                   A, sent once    own {received}
desk:document_check                   A, sent once    own {registered}
desk:document_delete                  A, delete       own {draft}
desk:document_delete                  A, delete       own {asked}
desk:document_delete                  A, sent         own {received}
desk:document_delete                  A, sent         own {registered}
desk:document_answer                  no answer       own {draft}
desk:document_answer                  B, answer       own {asked}
desk:document_answer                  no answer       own {received}
desk:document_answer                  no answer       own {registered}
desk:document_revise                  A, too early    own {draft}
desk:document_revise                  A, too early    own {asked}
desk:document_revise                  A, go on        own {received}
desk:document_revise                  A, go on        own {registered}
desk:document_add                     A, too early    own {draft}
desk:document_add                     A, too early    own {asked}
desk:document_add                     A, go on        own {received}
desk:document_add                     A, go on        own {registered}
desk:document_correct                 A, too early    own {draft}
desk:document_correct                 A, too early    own {asked}
desk:document_correct                 A, go on        own {received}
desk:document_correct                 A, go on        own {registered}
desk:document_withdraw                A, no draft     own {draft}
desk:document_withdraw                A, no draft     own {asked}
desk:document_withdraw                A, withdraw     own {received}
desk:document_withdraw                A, withdraw     own {registered}
desk:meetings                         members         own
desk:meeting                          members         own [2]
desk:archive                          members         own [2]
desk:meeting_document                 members         own [2] [7]
desk:meeting_document                 members         own [2] [8]
desk:meeting_document                 members         own [2] [9]
desk:meeting_document_later           not at desk     own [2] [7] rev-1
desk:meeting_document_later           not at desk     own [2] [7] add-1
desk:meeting_document_file            members         own [2] [7] en pdf
desk:meeting_document_file            members         own [2] [8] en pdf
desk:meeting_document_file            members, gone   own [2] [9] en pdf
desk:meeting_document_later_file      not at desk     own [2] [7] rev-1 en pdf
meetings:document                     nothing         own [2] [7]
meetings:document                     public          own [2] [8]
meetings:document                     public          own [2] [9]
meetings:document_later               nothing         own [2] [7] rev-1
meetings:document_file                nothing         own [2] [7] en pdf
meetings:document_file                public          own [2] [8] en pdf
meetings:document_file                public, gone    own [2] [9] en pdf
meetings:document_later_file          nothing         own [2] [7] rev-1 en pdf
meetings:archive                      public          own [2]
""".replace(" \n", "\n")
TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="[^"]*"')
TABLE = """
                nobody      stakeholder delegate_a  focal_a     delegate_b  focal_b     focal_x     reader      editor      lead        chair       vice_chair  lead_x      administrator
public          ok/no       ok/no       ok/no       ok/no       ok/no       ok/no       ok/no       ok/no       ok/no       ok/no       ok/no       ok/no       ok/no       ok/no
nothing         gone/no     gone/no     gone/no     gone/no     gone/no     gone/no     gone/no     gone/no     gone/no     gone/no     gone/no     gone/no     gone/no     gone/no
form            ok/ok       ok/ok       ok/ok       ok/ok       ok/ok       ok/ok       ok/ok       ok/ok       ok/ok       ok/ok       ok/ok       ok/ok       ok/ok       ok/ok
by link         gone/gone   ok/ok       gone/gone   gone/gone   gone/gone   gone/gone   gone/gone   gone/gone   gone/gone   gone/gone   gone/gone   gone/gone   gone/gone   gone/gone
no form         gone/gone   gone/gone   gone/gone   gone/gone   gone/gone   gone/gone   gone/gone   gone/gone   gone/gone   gone/gone   gone/gone   gone/gone   gone/gone   gone/gone
by link, act    gone/gone   ok/on       gone/gone   gone/gone   gone/gone   gone/gone   gone/gone   gone/gone   gone/gone   gone/gone   gone/gone   gone/gone   gone/gone   gone/gone
by link, late   gone/gone   ok/now      gone/gone   gone/gone   gone/gone   gone/gone   gone/gone   gone/gone   gone/gone   gone/gone   gone/gone   gone/gone   gone/gone   gone/gone
file by link    gone/no     ok/no       gone/no     gone/no     gone/no     gone/no     gone/no     gone/no     gone/no     gone/no     gone/no     gone/no     gone/no     gone/no
sign-in         ok/ok       ok/ok       on/on       on/on       on/on       on/on       on/on       on/on       on/on       on/on       on/on       on/on       on/on       on/on
sign-out        in/in       in/in       ok/in       ok/in       ok/in       ok/in       ok/in       ok/in       ok/in       ok/in       ok/in       ok/in       ok/in       ok/in
account         in/in       in/in       ok/ok       ok/ok       ok/ok       ok/ok       ok/ok       ok/ok       ok/ok       ok/ok       ok/ok       ok/ok       ok/ok       ok/ok
view as         in/in       in/in       no/no       no/no       no/no       no/no       no/no       no/no       ok/ok       ok/ok       no/no       no/no       ok/ok       ok/ok
view as, stop   no/on       no/on       no/on       no/on       no/on       no/on       no/on       no/on       no/on       no/on       no/on       no/on       no/on       no/on
account, read   in/in       in/in       ok/no       ok/no       ok/no       ok/no       ok/no       ok/no       ok/no       ok/no       ok/no       ok/no       ok/no       ok/no
account, again  in/in       in/in       on/on       on/on       on/on       on/on       on/on       on/on       on/on       on/on       on/on       on/on       on/on       on/on
no second step  in/in       in/in       gone/gone   gone/gone   gone/gone   gone/gone   gone/gone   gone/gone   gone/gone   gone/gone   gone/gone   gone/gone   gone/gone   gone/gone
no codes        in/in       in/in       gone/no     gone/no     gone/no     gone/no     gone/no     gone/no     gone/no     gone/no     gone/no     gone/no     gone/no     gone/no
desk            in/in       in/in       ok/ok       ok/ok       ok/ok       ok/ok       ok/ok       no/no       no/no       no/no       no/no       no/no       no/no       no/no
members, form   in/in       in/in       ok/ok       ok/ok       ok/ok       ok/ok       gone/gone   gone/gone   gone/gone   gone/gone   gone/gone   gone/gone   gone/gone   gone/gone
delegation      in/in       in/in       ok/no       ok/ok       ok/no       ok/ok       gone/gone   gone/gone   gone/gone   gone/gone   gone/gone   gone/gone   gone/gone   gone/gone
A, remove       in/in       in/in       no/no       ok/ok       gone/gone   gone/gone   gone/gone   gone/gone   gone/gone   gone/gone   gone/gone   gone/gone   gone/gone   gone/gone
members         in/no       in/no       ok/no       ok/no       ok/no       ok/no       gone/no     gone/no     gone/no     gone/no     gone/no     gone/no     gone/no     gone/no
A               in/no       in/no       ok/no       ok/no       gone/no     gone/no     gone/no     gone/no     gone/no     gone/no     gone/no     gone/no     gone/no     gone/no
A, form         in/in       in/in       ok/ok       ok/ok       gone/gone   gone/gone   gone/gone   gone/gone   gone/gone   gone/gone   gone/gone   gone/gone   gone/gone   gone/gone
A, sent         in/in       in/in       on/now      on/now      gone/gone   gone/gone   gone/gone   gone/gone   gone/gone   gone/gone   gone/gone   gone/gone   gone/gone   gone/gone
A, submit       in/in       in/in       ok/no       ok/on       gone/gone   gone/gone   gone/gone   gone/gone   gone/gone   gone/gone   gone/gone   gone/gone   gone/gone   gone/gone
A, sent once    in/in       in/in       on/no       on/on       gone/gone   gone/gone   gone/gone   gone/gone   gone/gone   gone/gone   gone/gone   gone/gone   gone/gone   gone/gone
A, delete       in/in       in/in       ok/on       ok/on       gone/gone   gone/gone   gone/gone   gone/gone   gone/gone   gone/gone   gone/gone   gone/gone   gone/gone   gone/gone
no answer       no/in       no/in       no/gone     no/gone     no/gone     no/gone     no/gone     no/gone     no/gone     no/gone     no/gone     no/gone     no/gone     no/gone
B, answer       no/in       no/in       no/gone     no/gone     no/no       no/ok       no/gone     no/gone     no/gone     no/gone     no/gone     no/gone     no/gone     no/gone
A, too early    no/in       no/in       no/now      no/now      no/gone     no/gone     no/gone     no/gone     no/gone     no/gone     no/gone     no/gone     no/gone     no/gone
A, go on        no/in       no/in       no/on       no/on       no/gone     no/gone     no/gone     no/gone     no/gone     no/gone     no/gone     no/gone     no/gone     no/gone
A, no draft     in/in       in/in       no/no       on/on       gone/gone   gone/gone   gone/gone   gone/gone   gone/gone   gone/gone   gone/gone   gone/gone   gone/gone   gone/gone
A, withdraw     in/in       in/in       no/no       ok/ok       gone/gone   gone/gone   gone/gone   gone/gone   gone/gone   gone/gone   gone/gone   gone/gone   gone/gone   gone/gone
not at desk     in/no       in/no       gone/no     gone/no     gone/no     gone/no     gone/no     gone/no     gone/no     gone/no     gone/no     gone/no     gone/no     gone/no
members, gone   in/no       in/no       on/no       on/no       on/no       on/no       gone/no     gone/no     gone/no     gone/no     gone/no     gone/no     gone/no     gone/no
public, gone    on/no       on/no       on/no       on/no       on/no       on/no       on/no       on/no       on/no       on/no       on/no       on/no       on/no       on/no
"""


@dataclass(frozen=True, slots=True)
class Place:
    """A line of the table, an address that it is about, and that of a row that is not there."""

    line: str
    name: str
    address: str
    absent: str


def named_outside() -> set[str]:
    """Give the name of every address outside the secretariat's site."""

    def named(patterns: list[URLPattern | URLResolver], spaces: str) -> Iterator[str]:
        for pattern in patterns:
            if isinstance(pattern, URLPattern):
                yield f"{spaces}{pattern.name or pattern.pattern}"
            elif pattern.namespace != "admin":
                below = f"{spaces}{pattern.namespace}:" if pattern.namespace else spaces
                yield from named(pattern.url_patterns, below)

    return set(named(get_resolver().url_patterns, ""))


def places(told: Addressed, role: str) -> Iterator[Place]:
    """Yield every address as somebody writes it who knows all but what was given to others."""
    for line in PLACES.strip().splitlines():
        name, kind, *words = re.split(r"\s{2,}", line.strip())
        filled = [_word(each, told, role) for each in " ".join(words).split()]
        yield Place(
            kind, name, reverse(name, args=[there for there, _ in filled]),
            reverse(name, args=[absent for _, absent in filled]),
        )  # fmt: skip


def _word(word: str, told: Addressed, role: str) -> tuple[str, str]:
    """Return what a word stands for, and the same of what is not there."""
    inside = word[1:-1]
    match word[0]:
        case "{":
            return told.keys[inside], NO_ROW
        case "[":
            return inside, NO_NUMBER
        case "(":
            return inside, NO_NAME
        case "<":
            known = role == "stakeholder"
            return told.links[inside] if known else told.links[inside][:-1], NO_LINK
    return word, word


def expected(role: str) -> dict[str, str]:
    """Read the column of `role`."""
    head, *lines = TABLE.strip("\n").splitlines()
    column = head.split().index(role)
    return {line[:16].strip(): line[16:].split()[column] for line in lines}


def test_every_address_has_its_place() -> None:
    lines = [re.split(r"\s{2,}", line.strip()) for line in PLACES.strip().splitlines()]
    assert {name for name, *_ in lines} == named_outside()
    assert {kind for _, kind, *_ in lines} == {*expected("nobody")}
    assert TABLE.strip("\n").splitlines()[0].split() == [*ROLES]


def alike(answer: Any, address: str) -> tuple[object, ...]:
    """Return all that an answer tells, but for the address that was asked for and the time."""
    apart = {"Content-Length", "Expires"}
    headers = {name: value for name, value in answer.items() if name not in apart}
    page = answer.whole.decode()
    for written in (address, quote(address)):
        page = page.replace(written, "")
        headers = {name: value.replace(written, "") for name, value in headers.items()}
    return answer.status_code, headers, TOKEN.sub("", page)


@pytest.mark.parametrize("role", ROLES)
def test_what_each_address_answers(role: str, told: Addressed) -> None:
    visitor = Visitor(told.people.get(role))
    found: dict[str, set[str]] = {}
    for place in places(told, role):
        get, post = (visitor.ask(how, place.address) for how in ("get", "post"))
        found.setdefault(place.line, set()).add(f"{said(get)}/{said(post)}")
        if place.address.startswith(("/desk/", "/accounts/")):
            kept = {answer["Cache-Control"] for answer in (get, post)}
            assert kept == {"private, no-store"}, place.address
    assert found == {line: {cell} for line, cell in expected(role).items()}


@pytest.mark.parametrize(
    "role", ["nobody", "delegate_a", "focal_b", "focal_x", "lead", "administrator"]
)
def test_what_somebody_may_not_read_answers_like_what_is_not_there(
    role: str, told: Addressed
) -> None:
    visitor, asked = Visitor(told.people.get(role)), 0
    for place in places(told, role):
        for how in ("get", "post") if place.address != place.absent else ():
            there = visitor.ask(how, place.address)
            if said(there) in {"gone", "in"}:
                absent = visitor.ask(how, place.absent)
                assert alike(there, place.address) == alike(absent, place.absent), place.address
                asked += 1
    assert asked > 20
