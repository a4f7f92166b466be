"""Somebody who looks at many pages, each as if it were the first, and what they tell."""

from __future__ import annotations

import html
import io
import re
import zipfile
from http.cookies import SimpleCookie
from typing import Any

from django.core.cache import cache
from django.db import transaction
from django.test import Client

from cwg.accounts.models import User
from tests.conftest import signed_in


class Visitor:
    """Somebody with a browser; of what they do nothing stays, so that the next answer is as the first."""

    def __init__(self, somebody: User | None) -> None:
        self.client = signed_in(somebody) if somebody else Client()
        self.cookies = self.client.cookies.output(header="", sep=";")

    def ask(self, how: str, address: str) -> Any:
        """Ask by GET or POST; the answer has its whole body as `whole`."""
        self.client.cookies = SimpleCookie(self.cookies)
        cache.clear()  # how often somebody asked
        with transaction.atomic():
            answer = getattr(self.client, how)(address)
            answer.whole = b"".join(answer) if answer.streaming else answer.content
            transaction.set_rollback(True)
        return answer


def said(answer: Any) -> str:
    """Put an answer in the matrix's words."""
    if answer.status_code != 302:
        return {
            200: "ok", 403: "no", 404: "gone", 405: "no", 409: "now", 422: "ok",
        }[answer.status_code]  # fmt: skip
    return "in" if answer["Location"].startswith("/accounts/login/") else "on"


def everything(answer: Any) -> str:
    """Return all that an answer says: its headers, its page without markup, what is in its archive."""
    parts = [answer.whole]
    if answer.whole.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(answer.whole)) as archive:
            parts += [archive.read(name) for name in archive.namelist()]
            parts.append("\n".join(archive.namelist()).encode())
    read = "\n".join(part.decode(errors="replace") for part in parts)
    headers = "\n".join(f"{name}: {value}" for name, value in answer.items())
    # attributes are read as they stand; what a mark cuts in two is read as one
    return f"{headers}\n{read}\n{html.unescape(re.sub(r'<[^>]+>', '', read))}"
