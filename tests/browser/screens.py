"""Take pictures of the main screens: python -m tests.browser.screens [NAME …].

Into build/screens: each screen at 390 and 1280 pixels, light and dark, and as it prints. They are
taken of the demo record, with examples of what it has none of, in a database of their own.
"""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import django
import pypdfium2
from playwright.sync_api import Browser, BrowserContext, PdfMargins

from tests.browser.chromium import NoChromiumError, chromium

ROOT = Path(__file__).parents[2]
PICTURES = ROOT / "build" / "screens"
WIDTHS = (390, 1280)
SCHEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")
MARGINS: PdfMargins = {"top": "18mm", "bottom": "18mm", "left": "18mm", "right": "18mm"}
PAPER_SCALE = 1.3

type Keys = dict[str, int | str]


@dataclass(frozen=True, slots=True)
class Screen:
    """A screen by its name, and who looks at it: nobody in particular, or a demo sign-in.

    What is in `emptied` is emptied first, and the button in `pressed` pressed: so errors are seen.
    """

    name: str
    address: str
    seen_by: str = ""
    pressed: str = ""
    emptied: str = ""


SECRETARIAT = "secretariat@example.org"
CHAIR = "chair@example.org"
OPEN, OWN = "/cwg-internet/consultations/open-example/", "/cwg-internet/contribute"
ROUND = "/secretariat/consultations/round"
GO_ON, DO_IT = "main form [type=submit]", ".round-act button.default"
DELEGATE, CO_SPONSOR = "focal-point-ke@example.org", "focal-point-no@example.org"
DESK, PAPER = "/desk/cwg-internet", "/desk/cwg-internet/documents/{paper}"
MEETING = "/secretariat/meetings/{soon}"
REGISTER = "/secretariat/documents"
INVITE, DO = ".narrow [type=submit]", "#content form .submit-row [type=submit]"
# What stands in braces is a key or a private link: `tests.browser.on_screen` says of what.
SCREENS = [
    # first, while the index is fresh: nobody follows the changes here, and the pages say so
    Screen("repository", "/cwg-internet/contributions/"),
    Screen("repository-words", "/cwg-internet/contributions/?text=example+answer&group=academia"),
    Screen("repository-none", "/cwg-internet/contributions/?text=nothing&country=CH"),
    Screen("search-public", "/search/?q=internet"),
    Screen("search-number", "/search/?q=22+a"),
    Screen("groups", "/"),
    Screen("start", "/cwg-internet/"),
    Screen("start-empty", "/example-group/"),
    Screen("consultations", "/cwg-internet/consultations/"),
    Screen("consultations-none", "/cwg-internet/consultations/?text=nothing&year=2013"),
    Screen("consultations-empty", "/example-group/consultations/"),
    Screen("consultation", "/cwg-internet/consultations/open-example/"),
    Screen("consultation-none", "/cwg-internet/consultations/open-example/?text=nothing"),
    Screen("consultation-coming", "/cwg-internet/consultations/coming-example/"),
    Screen("consultation-over", "/cwg-internet/consultations/multilingualization-2024/"),
    Screen("contribution", "/cwg-internet/contributions/2031-03/25/"),
    Screen("contribution-gone", "/cwg-internet/contributions/2031-03/2/"),
    Screen("contributors", "/cwg-internet/contributors/"),
    Screen("contributors-none", "/cwg-internet/contributors/?text=nothing"),
    Screen("contributor", "/cwg-internet/contributors/example-registry/"),
    Screen("over-the-years", "/cwg-internet/over-the-years/"),
    Screen("contributors-desk", "/secretariat/contributors/?q=example", SECRETARIAT),
    Screen("contributor-desk", "/secretariat/contributors/{contributor}/", SECRETARIAT),
    Screen(
        "contributor-into",
        "/secretariat/contributors/{contributor}/into/{other_contributor}/",
        SECRETARIAT,
    ),
    Screen("follow", "/cwg-internet/follow/"),
    Screen("follow-error", "/cwg-internet/follow/", pressed=GO_ON),
    Screen("follow-asked", "/cwg-internet/follow/asked/"),
    Screen("follow-confirm", "{follow_confirm}"),
    Screen("follow-end", "{follow_end}"),
    Screen("contribute", f"{OPEN}contribute/"),
    Screen("contribute-error", f"{OPEN}contribute/", pressed=GO_ON),
    Screen("contribute-early", "/cwg-internet/consultations/coming-example/contribute/"),
    Screen("contribute-late", "/cwg-internet/consultations/over-example/contribute/"),
    Screen("about-you", f"{OWN}/{{draft}}/about-you/"),
    Screen("answers", f"{OWN}/{{draft}}/answers/"),
    Screen("answers-error", f"{OWN}/{{empty}}/answers/", pressed=GO_ON),
    Screen("send", f"{OWN}/{{draft}}/send/"),
    Screen("send-error", f"{OWN}/{{empty}}/send/"),
    Screen("sent", f"{OWN}/{{sent}}/"),
    Screen("confirm", "{confirm}"),
    Screen("receipt", f"{OWN}/{{received}}/"),
    Screen("change", f"{OWN}/{{received}}/answers/"),
    Screen("withdraw", f"{OWN}/{{received}}/withdraw/"),
    Screen("link-broken", f"{OWN}/nothing/"),
    Screen("meetings", "/cwg-internet/meetings/"),
    Screen("meetings-empty", "/example-group/meetings/"),
    Screen("meeting", "/cwg-internet/meetings/20/"),
    Screen("reports", "/cwg-internet/reports/"),
    Screen("report", "/cwg-internet/reports/council-2026/"),
    Screen("instruments", "/instruments/"),
    Screen("instrument", "/instruments/council-1305/"),
    Screen("not-there", "/cwg-internet/nothing/"),
    Screen("sign-in", "/accounts/login/"),
    Screen("sign-up", "/accounts/signup/"),
    Screen("password-forgotten", "/accounts/password/reset/"),
    Screen("password-change", "/accounts/password/change/", SECRETARIAT),
    Screen("second-factor", "/accounts/2fa/", SECRETARIAT),
    Screen("second-factor-new", "/accounts/2fa/totp/activate/", SECRETARIAT),
    Screen("view-as", "/accounts/view-as/", SECRETARIAT),
    Screen("cockpit", "/secretariat/", SECRETARIAT),
    Screen("search", "/secretariat/search/?q=internet", SECRETARIAT),
    Screen("search-empty", "/secretariat/search/", SECRETARIAT),
    Screen("admin-meeting", "/secretariat/meetings/meeting/{meeting}/change/", SECRETARIAT),
    Screen("admin-outcomes", "/secretariat/meetings/meeting/{meeting}/outcomes/", SECRETARIAT),
    Screen("admin-role", "/secretariat/meetings/roleterm/add/", SECRETARIAT),
    Screen("admin-meetings", "/secretariat/meetings/meeting/", SECRETARIAT),
    Screen("promises", "/secretariat/promises/?day=2026-01-21", SECRETARIAT),
    Screen("promises-today", "/secretariat/promises/", SECRETARIAT),
    Screen("promise", "/secretariat/promises/{promise}/", SECRETARIAT),
    Screen("promise-decided", "/secretariat/promises/{waiting}/decided/", SECRETARIAT),
    Screen("mails", "/secretariat/mails/", SECRETARIAT),
    Screen("mail", "/secretariat/mails/{mail}/", SECRETARIAT),
    Screen("desk-queue", "/secretariat/contributions/", SECRETARIAT),
    Screen("desk-queue-empty", "/secretariat/contributions/?standing=merged", SECRETARIAT),
    Screen("desk-contribution", "/secretariat/contributions/{first}/", SECRETARIAT),
    Screen("desk-contribution-proposed", "/secretariat/contributions/{declined}/", SECRETARIAT),
    Screen("desk-beside", "/secretariat/contributions/{first}/beside/{other}/", SECRETARIAT),
    Screen("desk-alike", f"{ROUND}/{{round}}/alike/", SECRETARIAT),
    Screen("desk-enter", f"{ROUND}/{{round}}/enter/", SECRETARIAT),
    Screen("desk-enter-error", f"{ROUND}/{{round}}/enter/", SECRETARIAT, DO_IT),
    Screen("desk-launches", "/secretariat/consultations/launch/", SECRETARIAT),
    Screen("desk-launch", "/secretariat/consultations/launch/{decision}/", SECRETARIAT),
    Screen(
        "desk-launch-error",
        "/secretariat/consultations/launch/{decision}/",
        SECRETARIAT,
        DO_IT,
        "[name=slug]",
    ),
    Screen("desk-announce", f"{ROUND}/{{ready}}/announce/", SECRETARIAT),
    Screen("desk-extend", f"{ROUND}/{{round}}/extend/", SECRETARIAT),
    Screen("desk-extend-error", f"{ROUND}/{{round}}/extend/", SECRETARIAT, DO_IT),
    Screen("desk-correct", f"{ROUND}/{{round}}/correct/", SECRETARIAT),
    Screen("desk-address", f"{ROUND}/{{round}}/address/", SECRETARIAT),
    Screen("summary-begin", f"{ROUND}/{{round}}/summary/", SECRETARIAT),
    Screen("summary-write", f"{ROUND}/{{summarized}}/summary/", SECRETARIAT),
    Screen("summary-write-one", f"{ROUND}/{{summarized}}/summary/?add=0", SECRETARIAT),
    Screen(
        "summary-write-error",
        f"{ROUND}/{{summarized}}/summary/?add=0",
        SECRETARIAT,
        ".write button.default",
    ),
    Screen("summary-read", f"{ROUND}/{{summarized}}/summary/read/?number=4", SECRETARIAT),
    Screen("summary-coverage", f"{ROUND}/{{summarized}}/summary/coverage/", SECRETARIAT),
    Screen("summary-draft", f"{ROUND}/{{summarized}}/summary/draft/", SECRETARIAT),
    Screen("summary-way", f"{ROUND}/{{summarized}}/summary/way/", SECRETARIAT),
    Screen("draft-summary", "{draft_summary}"),
    Screen("draft-summary-error", "{draft_summary}", pressed=GO_ON),
    Screen("admin-rounds", "/secretariat/consultations/consultation/", SECRETARIAT),
    Screen("admin-round", "/secretariat/consultations/consultation/{round}/change/", SECRETARIAT),
    Screen("admin-report", "/secretariat/report/report/{report}/change/", SECRETARIAT),
    Screen("admin-report-preview", "/secretariat/report/report/{report}/preview/", SECRETARIAT),
    Screen("admin-report-reading", "/secretariat/report/report/{report}/reading/", CHAIR),
    Screen("admin-report-editions", "/secretariat/report/report/{report}/editions/", SECRETARIAT),
    Screen(
        "admin-report-consideration",
        "/secretariat/report/report/{report}/considerations/{consideration}/",
        SECRETARIAT,
    ),
    Screen("admin-report-finalise", "/secretariat/report/report/{report}/finalise/", SECRETARIAT),
    Screen("admin-report-go-on", "/secretariat/report/report/{report}/go-on/", SECRETARIAT),
    Screen("admin-report-findings", "/secretariat/report/report/{report}/findings/", SECRETARIAT),
    Screen("invitation", "{invitation_good}"),
    Screen("invitation-error", "{invitation_good}", pressed=GO_ON),
    Screen("invitation-used", "{invitation_used}"),
    Screen("co-sponsor-link", "{cosponsor}"),
    Screen("delegate-home", "/desk/", DELEGATE),
    Screen("delegate-home-empty", "/desk/", "nothing-yet@example.org"),
    Screen("delegate-delegation", f"{DESK}/delegation/", DELEGATE),
    Screen("delegate-delegation-error", f"{DESK}/delegation/", DELEGATE, INVITE),
    Screen("delegate-documents", f"{DESK}/documents/", DELEGATE),
    Screen("delegate-documents-empty", "/desk/example-group/documents/", "nothing-yet@example.org"),
    Screen("delegate-begin", f"{DESK}/documents/begin/", DELEGATE),
    Screen("delegate-begin-error", f"{DESK}/documents/begin/", DELEGATE, GO_ON),
    Screen("delegate-about", f"{PAPER}/about/", DELEGATE),
    Screen("delegate-about-error", f"{PAPER}/about/", DELEGATE, GO_ON, "[name=title]"),
    Screen("delegate-text", f"{PAPER}/text/", DELEGATE),
    Screen("delegate-sources", f"{PAPER}/co-sponsors/", DELEGATE),
    Screen("delegate-topic", f"{PAPER}/topic/", DELEGATE),
    Screen("delegate-topic-error", f"{PAPER}/topic/", DELEGATE, GO_ON, "[name=title]"),
    Screen("delegate-preview", f"{PAPER}/preview/", DELEGATE),
    Screen("delegate-check", f"{PAPER}/check/", DELEGATE),
    Screen("delegate-check-lacks", f"{DESK}/documents/{{bare}}/check/", DELEGATE),
    Screen("delegate-draft", f"{PAPER}/", DELEGATE),
    Screen("delegate-delete", f"{PAPER}/delete/", DELEGATE),
    Screen("delegate-received", f"{DESK}/documents/{{received}}/", DELEGATE),
    Screen("delegate-late", f"{DESK}/documents/{{late}}/", DELEGATE),
    Screen("delegate-withdraw", f"{DESK}/documents/{{received}}/withdraw/", DELEGATE, GO_ON),
    Screen("delegate-withdrawn", f"{DESK}/documents/{{gone}}/", DELEGATE),
    Screen("delegate-outcomes", f"{DESK}/meetings/{{number}}/outcomes/", DELEGATE),
    Screen("delegate-participants", f"{DESK}/meetings/{{number}}/participants/", DELEGATE),
    Screen("delegate-meetings", f"{DESK}/meetings/", DELEGATE),
    Screen("delegate-meeting", f"{DESK}/meetings/{{number}}/", DELEGATE),
    Screen("delegate-registered", f"{DESK}/meetings/{{number}}/documents/{{printed}}/", DELEGATE),
    Screen("co-sponsor-home", "/desk/", CO_SPONSOR),
    Screen("co-sponsor-document", f"{PAPER}/", CO_SPONSOR),
    Screen("register-meeting", "/cwg-internet/meetings/{number}/"),
    Screen("register-document", "/cwg-internet/documents/{number}/{printed}/"),
    Screen("register", "/secretariat/documents/", SECRETARIAT),
    Screen("register-none", "/secretariat/documents/?state=held", SECRETARIAT),
    Screen("register-one", f"{REGISTER}/{{registered}}/", SECRETARIAT),
    Screen("register-late", f"{REGISTER}/{{late}}/", SECRETARIAT),
    Screen("register-data", f"{REGISTER}/{{registered}}/data/", SECRETARIAT),
    Screen("register-after", f"{REGISTER}/{{registered}}/after/rev/", SECRETARIAT),
    Screen("register-new-error", f"{REGISTER}/new/", SECRETARIAT, DO),
    Screen("register-languages", f"{REGISTER}/languages/?meeting={{soon}}", SECRETARIAT),
    Screen("delegations", "/secretariat/delegations/", SECRETARIAT),
    Screen("delegation", "/secretariat/delegations/cwg-internet/KE/", SECRETARIAT),
    Screen("delegation-invite", "/secretariat/delegations/invite/", SECRETARIAT),
    Screen("delegation-invite-error", "/secretariat/delegations/invite/", SECRETARIAT, DO),
    Screen("delegation-list", "/secretariat/delegations/list/", SECRETARIAT),
    Screen("delegation-list-error", "/secretariat/delegations/list/", SECRETARIAT, DO),
    Screen(
        "delegation-hand-over", "/secretariat/delegations/cwg-internet/KE/hand-over/", SECRETARIAT
    ),
    Screen(
        "delegation-remove", "/secretariat/delegations/cwg-internet/GH/{term}/remove/", SECRETARIAT
    ),
    Screen("work", f"{MEETING}/", SECRETARIAT),
    Screen("work-coming", "/secretariat/meetings/{coming}/", SECRETARIAT),
    Screen("work-new", "/secretariat/meetings/new/{group}/", SECRETARIAT),
    Screen("work-agenda", f"{MEETING}/agenda/", SECRETARIAT),
    Screen("work-participants", f"{MEETING}/participants/", SECRETARIAT),
    Screen("work-participant-error", f"{MEETING}/participants/add/", SECRETARIAT, DO),
    Screen("work-room", f"{MEETING}/room/", SECRETARIAT),
    Screen("work-outcomes", "/secretariat/meetings/meeting/{soon}/outcomes/", SECRETARIAT),
    Screen("work-close-refused", f"{MEETING}/close/", SECRETARIAT, DO),
    Screen("work-script", f"{MEETING}/script/", SECRETARIAT),
    Screen("work-statements", f"{MEETING}/statements/", SECRETARIAT),
    Screen("work-statements-error", f"{MEETING}/statements/", SECRETARIAT, DO),
    Screen("work-comments", f"{MEETING}/comments/", SECRETARIAT),
    Screen("work-comments-none", "/secretariat/meetings/{coming}/comments/", SECRETARIAT),
]


def main(names: list[str]) -> int:
    """Take the pictures of the screens named, or of all, and say where they are."""
    with tempfile.TemporaryDirectory(prefix="cwg-screens-") as folder:
        keys = prepare(Path(folder))
        wanted = [screen for screen in SCREENS if not names or screen.name in names]
        PICTURES.mkdir(parents=True, exist_ok=True)
        try:
            with site() as address, chromium() as browser:
                take_all(browser, address, wanted, keys)
        except NoChromiumError as problem:
            print(f"screens: {problem}", file=sys.stderr)
            return 1
    print(f"Pictures of {len(wanted)} screens are in {PICTURES.relative_to(ROOT)}/.")
    return 0


def prepare(folder: Path) -> Keys:
    """Load what is to be seen into a database in `folder`; return the keys that addresses need."""
    os.environ |= {
        "DJANGO_SETTINGS_MODULE": "cwg.settings",
        "DATA_DIR": str(folder),
        "DEBUG": "false",
        "DATABASE_URL": f"sqlite:///{folder}/screens.sqlite3",
    }
    django.setup()
    from django.core.management import call_command

    from tests.browser import on_screen

    call_command("migrate", verbosity=0)
    call_command("collectstatic", interactive=False, verbosity=0)
    keys = on_screen.load()
    call_command("reindex", verbosity=0)
    return keys


@contextmanager
def site() -> Iterator[str]:
    """Serve the site on a free port while it is looked at, and give its address."""
    with closing(socket.socket()) as door:
        door.bind(("127.0.0.1", 0))
        port = door.getsockname()[1]
    command = [sys.executable, "manage.py", "runserver", "--noreload", f"127.0.0.1:{port}"]
    server = subprocess.Popen(
        command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        wait_for(port)
        yield f"http://127.0.0.1:{port}"
    finally:
        server.terminate()
        server.wait()


def wait_for(port: int) -> None:
    """Wait until somebody answers at `port`."""
    deadline = time.monotonic() + 30
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.1)
        else:
            return


def take_all(browser: Browser, address: str, screens: list[Screen], keys: Keys) -> None:
    """Take every picture of `screens`."""
    for person in sorted({screen.seen_by for screen in screens}):
        cookies = signed_in(browser, address, person)
        for width in WIDTHS:
            for scheme in SCHEMES:
                window = browser.new_context(
                    base_url=address,
                    storage_state=cookies,
                    color_scheme=scheme,
                    viewport={"width": width, "height": 844 if width < 600 else 900},
                )
                for screen in (screen for screen in screens if screen.seen_by == person):
                    take(window, screen, screen.address.format(**keys), f"{width}-{scheme}")
                window.close()


def signed_in(browser: Browser, address: str, person: str) -> Path | None:
    """Sign `person` in and return the file that keeps them so."""
    if not person:
        return None
    from cwg.accounts.management.commands.demo_accounts import PASSWORD

    cookies = Path(os.environ["DATA_DIR"]) / "cookies.json"
    window = browser.new_context(base_url=address)
    page = window.new_page()
    page.goto("/accounts/login/")
    page.fill("[name=login]", person)
    page.fill("[name=password]", PASSWORD)
    page.click("main [type=submit]")
    # pages about a second factor ask for the password once more
    page.goto("/accounts/reauthenticate/")
    page.fill("[name=password]", PASSWORD)
    page.click("main [type=submit]")
    window.storage_state(path=cookies)
    window.close()
    return cookies


def take(window: BrowserContext, screen: Screen, address: str, label: str) -> None:
    """Take one picture; at the widest in light also take every printed page, as file and picture."""
    page = window.new_page()
    page.goto(address)
    if screen.emptied:
        page.locator(screen.emptied).fill("")
    if screen.pressed:
        page.locator(screen.pressed).first.click()
        page.wait_for_load_state()
    page.screenshot(path=PICTURES / f"{screen.name}-{label}.png", full_page=True)
    if label == "1280-light":
        paper = PICTURES / f"{screen.name}-print.pdf"
        page.pdf(path=paper, format="A4", margin=MARGINS)
        for old in PICTURES.glob(f"{screen.name}-print-*.png"):
            old.unlink()
        for number, sheet in enumerate(pypdfium2.PdfDocument(paper), 1):
            sheet.render(scale=PAPER_SCALE).to_pil().save(
                PICTURES / f"{screen.name}-print-{number}.png"
            )
    page.close()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
