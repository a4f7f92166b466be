"""Measure the archive of a meeting with 200 documents of 5 MB, through a real server.

    .venv/bin/python -m benchmarks.archive [DOCUMENTS] [MEGABYTES]

One granian as `make serve` starts it, on SQLite, with files on disk. Two readers load the archive at
once, one of them slowly; the server's memory (all of its processes, proportional set size) is read
all the while and compared with that of the same server after it answered pages and sent small files.
What arrived is checked against the checksums inside; loads that are cut let others go. Prints one line
for each fact and fails where the memory grew by 100 MB or more.

Measured in November 2026 on two shared cores: 107 MB idle, 118 MB at most while two archives of 1,000 MB
were sent, one of them at no more than 20 MB a second: 11 MB more.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
import zipfile
from datetime import UTC, date, datetime
from pathlib import Path

import django

FOLDER = Path("build/benchmark-archive").absolute()
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cwg.settings")
os.environ["DATA_DIR"] = str(FOLDER)
os.environ["DATABASE_URL"] = f"sqlite:///{FOLDER / 'db.sqlite3'}"
FOLDER.mkdir(parents=True, exist_ok=True)
django.setup()

from django.conf import settings  # noqa: E402
from django.core.management import call_command  # noqa: E402

from meetings.models import Document, DocumentFile, Meeting, WorkingGroup  # noqa: E402
from meetings.sending import AT_ONCE  # noqa: E402

MOST_MEGABYTES_MORE = 100
MEGABYTE = 1024 * 1024


def fill(documents: int, megabytes: int) -> str:
    """Make a meeting with so many public documents of so many megabytes; return its archive's path."""
    (FOLDER / "db.sqlite3").unlink(missing_ok=True)
    call_command("migrate", verbosity=0)
    group = WorkingGroup.objects.create(slug="example")
    group.names.create(acronym={"en": "EXAMPLE"}, name={"en": "Example group"})
    day = date(2026, 1, 20)
    meeting = Meeting.objects.create(group=group, ordinal=1, first_day=day, last_day=day)
    block = os.urandom(MEGABYTE)
    now = datetime.now(UTC)
    for number in range(1, documents + 1):
        place = f"received/{number % 256:02x}/{number}.pdf"
        path = Path(settings.MEDIA_ROOT, place)
        path.parent.mkdir(parents=True, exist_ok=True)
        data = number.to_bytes(8, "big") + block * megabytes
        path.write_bytes(data)
        made = Document.objects.create(
            group=group, meeting=meeting, key=f"1-{number}", number=f"EXAMPLE-1/{number}",
            ordinal=number, title={"en": f"Example {number}"}, public=True, registered_at=now,
        )  # fmt: skip
        DocumentFile.objects.create(
            document=made, language="en", form="pdf", path=place, size=len(data), added_at=now,
            sha256=hashlib.sha256(data).hexdigest(),
        )  # fmt: skip
    return "/example/meetings/1/documents.zip"


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


def memory(root: int) -> float:
    """Return the memory of a process and of those it started, in megabytes (proportional set size)."""
    family, grew = {root}, True
    parents = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                parents[int(entry.name)] = int(
                    (entry / "stat").read_text().rpartition(")")[2].split()[1]
                )
            except OSError:
                continue
    while grew:
        more = {key for key, parent in parents.items() if parent in family} - family
        family |= more
        grew = bool(more)
    total = 0
    for key in family:
        try:
            text = Path(f"/proc/{key}/smaps_rollup").read_text()
        except OSError:
            continue
        total += sum(int(line.split()[1]) for line in text.splitlines() if line.startswith("Pss:"))
    return total / 1024


def load(address: str, to: Path, pause: float) -> None:
    """Load the archive into a file, waiting a little after each megabyte."""
    with urllib.request.urlopen(address) as answer, to.open("wb") as file:
        while piece := answer.read(MEGABYTE):
            file.write(piece)
            time.sleep(pause)


def cut_and_asked_again(address: str, port: int) -> float:
    """Cut as many loads as are served at once; return after how many seconds another is served."""
    asked = f"GET {address.partition(str(port))[2]} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n\r\n"
    cut = [socket.create_connection(("127.0.0.1", port)) for _ in range(AT_ONCE)]
    for each in cut:
        each.sendall(asked.encode())
        each.recv(1000)
    for each in cut:
        each.close()
    began = time.monotonic()
    while True:
        try:
            with urllib.request.urlopen(address):
                return time.monotonic() - began
        except urllib.error.HTTPError:
            if time.monotonic() - began > 30:
                raise
            time.sleep(0.1)


def main() -> int:
    documents, megabytes = (int(each) for each in (*sys.argv[1:], "200", "5")[:2])
    path = fill(documents, megabytes)
    port = free_port()
    site = f"http://127.0.0.1:{port}"
    command = [
        ".venv/bin/granian", "--interface", "wsgi", "--host", "127.0.0.1", "--port", str(port),
        "--no-ws", "--workers", "1", "--blocking-threads", "4", "--backpressure", "16",
        "--log-level", "warning", "cwg.wsgi:application",
    ]  # fmt: skip
    server = subprocess.Popen(command, env={**os.environ, "DEBUG": "true", "SITE_ADDRESS": site})
    try:
        for _ in range(100):
            try:
                urllib.request.urlopen(f"{site}/").read()
                break
            except OSError:
                time.sleep(0.2)
        for number in range(1, 11):
            urllib.request.urlopen(f"{site}/example/documents/1/{number}/").read()
            urllib.request.urlopen(f"{site}/example/documents/1/{number}/en.pdf").read()
        time.sleep(1)
        idle = memory(server.pid)
        files = [FOLDER / f"loaded-{place}.zip" for place in range(2)]
        readers = [
            threading.Thread(target=load, args=(f"{site}{path}", file, pause))
            for file, pause in zip(files, (0.0, 0.05), strict=True)
        ]
        began, most = time.monotonic(), idle
        for reader in readers:
            reader.start()
        while any(reader.is_alive() for reader in readers):
            most = max(most, memory(server.pid))
            time.sleep(0.1)
        took = time.monotonic() - began
        freed = cut_and_asked_again(f"{site}{path}", port)
    finally:
        server.terminate()
        server.wait(30)
    for file in files:
        with zipfile.ZipFile(file) as opened:
            sums = opened.read("EXAMPLE-1/SHA256SUMS").decode().splitlines()
            wrong = [
                name for sum_, name in (line.split("  ") for line in sums)
                if hashlib.sha256(opened.read(f"EXAMPLE-1/{name}")).hexdigest() != sum_
            ]  # fmt: skip
        print(
            f"{file.name}: {file.stat().st_size / MEGABYTE:,.0f} MB, {len(sums)} files, {len(wrong)} wrong"
        )
        assert len(sums) == documents
        assert not wrong
    shutil.rmtree(FOLDER)
    print(f"two loads cut: another is served after {freed:.1f} s")
    print(
        f"idle {idle:.0f} MB, at most {most:.0f} MB while sending: {most - idle:.0f} MB more; {took:.1f} s"
    )
    return int(most - idle >= MOST_MEGABYTES_MORE)


if __name__ == "__main__":
    sys.exit(main())
