"""What a page says."""

from __future__ import annotations

import html
import re
from typing import Any


def words(answer: Any, *, part: str = "html") -> str:
    """Return what an element of a page says, without its markup: the first `part` in it.

    A hyphen that does not break is read as one.
    """
    page = answer.content.decode().replace("\u2011", "-")
    inside = re.search(rf"<{part}[ >].*?</{part}>", page, re.DOTALL)
    assert inside is not None, f"no <{part}>"
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", inside[0])).split())
