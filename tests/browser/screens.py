"""Take pictures of every main screen: python -m tests.browser.screens

At 390 and 1280 px, light and dark, and as printed, into build/screens/, from the demo record in a
database of its own.
"""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

OUT = Path("build/screens")
WIDTHS = (390, 1280)
# (name, address, signed in)
SCREENS = [
    ("sign-in", "/accounts/login/", False),
    ("start", "/", False),
    ("meetings", "/cwg-internet/meetings/", False),
    ("meeting", "/cwg-internet/meetings/20/", False),
    ("report", "/cwg-internet/reports/council-2026/", False),
    ("instrument", "/instruments/council-1305/", False),
    ("cockpit", "/secretariat/", True),
    ("outcomes", "/secretariat/meetings/meeting/4/outcomes/", True),
    ("preview", "/secretariat/report/report/1/preview/", True),
]
FLAGS = [
    "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]  # fmt: skip


def free_port() -> int:
    """Return a port that nobody uses."""
    with socket.socket() as door:
        door.bind(("127.0.0.1", 0))
        return int(door.getsockname()[1])


def answers(port: int) -> bool:
    """Wait for the server; say whether it came."""
    for _ in range(100):
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.1)
        else:
            return True
    return False


def sign_in(page: Page, base: str) -> None:
    """Sign the demonstration's secretariat in."""
    page.goto(f"{base}/accounts/login/")
    page.fill("input[name=login]", "secretariat@example.org")
    page.fill("input[name=password]", "a-record-kept-well")
    page.click("button[type=submit]")


def take(base: str, browser_path: str) -> None:
    """Take every picture."""
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=browser_path, args=FLAGS)
        for scheme in ("light", "dark"):
            for width in WIDTHS:
                size = {"width": width, "height": 900}
                context = browser.new_context(viewport=size, color_scheme=scheme)  # type: ignore[arg-type]
                page = context.new_page()
                sign_in(page, base)
                for name, address, _ in SCREENS:
                    page.goto(base + address)
                    page.screenshot(path=OUT / f"{name}-{width}-{scheme}.png", full_page=True)
                    if scheme == "light" and width == WIDTHS[-1]:
                        page.pdf(path=OUT / f"{name}-print.pdf", format="A4")
                context.close()
        browser.close()


def main() -> int:
    """Serve the demo record and take the pictures; return 0 when all are there."""
    browser_path = shutil.which("chromium")
    if browser_path is None:
        print("make: chromium is needed for the pictures; install the package chromium.")
        return 1
    OUT.mkdir(parents=True, exist_ok=True)
    port = free_port()
    with tempfile.TemporaryDirectory() as folder:
        env = {**os.environ, "DATA_DIR": folder}
        for command in (["migrate", "--verbosity", "0"], ["load_demo"], ["demo_accounts"]):
            subprocess.run([sys.executable, "manage.py", *command], env=env, check=True)
        server = subprocess.Popen(
            [
                ".venv/bin/granian", "--interface", "wsgi", "--host", "127.0.0.1",
                "--port", str(port), "--blocking-threads", "2", "--backpressure", "16",
                "--log-level", "error", "cwg.wsgi:application",
            ],
            env=env,
        )  # fmt: skip
        try:
            if not answers(port):
                print("The server did not start.")
                return 1
            take(f"http://127.0.0.1:{port}", browser_path)
        finally:
            server.terminate()
            server.wait(10)
    print(f"{len(list(OUT.iterdir()))} pictures stand in {OUT}.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
