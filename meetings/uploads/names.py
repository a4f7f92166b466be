"""What a file that somebody sent is called from then on."""

from __future__ import annotations

import re
import unicodedata

LONGEST = 120
# Endings that say what a file is; any other dot is part of its name
_ENDING = re.compile(
    r"\.(?:pdf|docx?|docm|dot[xm]?|odt|ott|rtf|txt|html?|svgz?|xml|zip|exe|com|bat|cmd|scr|msi|lnk"
    r"|jar|js|vbs|ps1|sh|php|xls[xm]?|ppt[xm]?)$",
    re.IGNORECASE,
)
_FORBIDDEN = re.compile(r'[<>:"|?*%;]')


def shown_name(name: str) -> str:
    """Return a file's name as it can be shown: without folders and signs that mislead.

    What turns text round or cannot be seen is taken out, so that “gnp.exe” cannot pass for a
    picture.
    """
    last = unicodedata.normalize("NFC", name).replace("\\", "/").rpartition("/")[2]
    seen = "".join(
        sign if unicodedata.category(sign)[0] not in "CZ" else " "
        for sign in last
        if unicodedata.category(sign) not in {"Cf", "Cs", "Cn", "Co"}
    )
    return " ".join(_FORBIDDEN.sub(" ", seen).split()).strip(". ")[:LONGEST]


def safe_name(name: str, kind: str) -> str:
    """Return the name under which a file is kept, ending as its `kind` asks."""
    plain = shown_name(name)
    while _ENDING.search(plain):
        plain = _ENDING.sub("", plain).strip(". ")
    return f"{plain.strip('. ') or 'file'}.{kind}"
