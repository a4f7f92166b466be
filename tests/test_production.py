"""The settings of a public site, read by a process of their own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PRODUCTION = {
    "DEPLOYMENT": "production",
    "SECRET_KEY": "fifty letters and more that nobody else knows: 1234567890",
    "ALLOWED_HOSTS": "record.example.org, www.example.org",
    "DATABASE_URL": "postgres://cwg:secret@db.example.org/cwg",
}


def manage(folder: Path, *arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
    kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    return subprocess.run(
        [sys.executable, "manage.py", *arguments],
        cwd=ROOT,
        env={**kept, "DATA_DIR": str(folder)} | variables,
        capture_output=True,
        text=True,
        check=False,
    )


def test_what_a_public_site_needs_is_on(tmp_path: Path) -> None:
    names = (
        "DEBUG", "ALLOWED_HOSTS", "SECURE_SSL_REDIRECT", "SESSION_COOKIE_SECURE",
        "CSRF_COOKIE_SECURE", "SECURE_HSTS_SECONDS", "ALLAUTH_TRUSTED_PROXY_COUNT",
    )  # fmt: skip
    asked = f"from django.conf import settings as s; import json; print(json.dumps([getattr(s, n) for n in {names}]))"
    answer = manage(tmp_path, "shell", "--no-imports", "-c", asked, **PRODUCTION, PROXIES="1")
    assert json.loads(answer.stdout) == [
        False, ["record.example.org", "www.example.org"], True, True, True, 31_536_000, 1
    ]  # fmt: skip
    assert not (tmp_path / "secret-key").exists()


@pytest.mark.parametrize("name", ["SECRET_KEY", "ALLOWED_HOSTS", "DATABASE_URL"])
def test_what_must_not_be_guessed_is_asked_for_in_one_line(tmp_path: Path, name: str) -> None:
    given = {key: value for key, value in PRODUCTION.items() if key != name}
    answer = manage(tmp_path, "check", **given)
    assert answer.returncode == 1
    assert answer.stderr.startswith(f"manage.py: {name} must be set: ")
    assert answer.stderr.count("\n") == 1


@pytest.mark.parametrize(
    ("wrong", "complaint"),
    [
        ({"DEBUG": "true"}, "DEBUG must not be true where DEPLOYMENT is production."),
        ({"PROXIES": "two"}, "PROXIES must be a whole number, not “two”."),
        ({"LOG_LEVEL": "loud"}, "LOG_LEVEL must be INFO or DEBUG or WARNING or ERROR, not “loud”."),
        (
            {"WORD_TEMPLATE": "/nowhere/house.docx"},
            "WORD_TEMPLATE, /nowhere/house.docx, cannot be read: No such file or directory.",
        ),
        (
            {"WORD_TEMPLATE": str(ROOT / "README.md")},
            f"WORD_TEMPLATE, {ROOT / 'README.md'}, is no Word document (.docx): "
            "save it in Word as “Word Document” and name that file.",
        ),
        ({"DATA_DIR": "/dev/null"}, "DATA_DIR, /dev/null, cannot be used: Not a directory."),
    ],
)
def test_a_wrong_value_is_refused_in_one_line(
    tmp_path: Path, wrong: dict[str, str], complaint: str
) -> None:
    answer = manage(tmp_path, "check", **(PRODUCTION | wrong))
    assert (answer.returncode, answer.stderr) == (1, f"manage.py: {complaint}\n")
