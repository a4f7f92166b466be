"""A Word file: what it must not hold, and its authors' names out of it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from . import markup
from .archive import START, Archive, Budget, read, refuse_foreign, written
from .refusal import ELSEWHERE, EMBEDDED, MACROS, FileRefusedError

TYPES = "[Content_Types].xml"
MAIN = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
NO_WORD = "It is no Word document (.docx) inside. Save it as .docx or PDF and add it again."
W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_RELATED = "{http://schemas.openxmlformats.org/package/2006/relationships}"
# Workbooks behind charts, and the like: a whole package inside, looked at like the outer one
_PACKAGE = re.compile(r"^(?:word|xl|ppt)/embeddings/[^/]+\.(?:xlsx|docx|pptx)$", re.IGNORECASE)
_PROGRAM = re.compile(r"vbaproject|vbadata|activex|macroenabled|macrosheet", re.IGNORECASE)
_EMBEDDING = ("/aFChunk", "/oleObject", "/control", "/subDocument", "/frame", "/externalLink")
_CALLS = re.compile(r"\bDDE(?:AUTO)?\b|\bMACROBUTTON\b", re.IGNORECASE)
_CORE = (
    b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
    b'<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-'
    b'properties"/>'
)
_APP = (
    b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
    b'<Properties xmlns="http://schemas.openxmlformats.org/officeDocument/2006/extended-properties"/>'
)
_CUSTOM = _APP.replace(b"extended-properties", b"custom-properties")
_EMPTIED = {"docprops/core.xml": _CORE, "docprops/app.xml": _APP, "docprops/custom.xml": _CUSTOM}


@dataclass(frozen=True, slots=True)
class Cleaned:
    """A file as it is kept, and what its sender is told of it."""

    data: bytes
    notes: tuple[str, ...]


def is_docx(archive: Archive) -> bool:
    """Say whether an archive has what every file of Word's family has."""
    return TYPES in archive.parts


def clean(archive: Archive, data: bytes, budget: Budget) -> Cleaned:
    """Return a Word file without its authors' names. Raises FileRefusedError."""
    parts = dict(archive.parts)
    kinds = _check(archive, budget)
    if MAIN not in kinds:
        raise FileRefusedError(NO_WORD)
    people = _author(parts)
    if any(name.lower().startswith("_xmlsignatures/") for name in parts):
        # a change would break the signature: kept as it is, and said
        shown = f"the author’s name in it, “{people[:80]}”, will be seen" if people else ""
        return Cleaned(data, ("Signed, so kept as it is" + (f": {shown}" if shown else ""),))
    remarks = False
    for name, part in parts.items():
        low = name.lower()
        if low in _EMPTIED:
            parts[name] = _EMPTIED[low]
        elif low.startswith("word/") and low.endswith(".xml") and b"author" in part:
            parts[name] = markup.changed(part, _nameless)
            remarks = remarks or parts[name] is not part
        elif low in {"word/settings.xml", "word/_rels/settings.xml.rels"}:
            parts[name] = markup.changed(part, _without_template)
    notes = [
        "Author’s name in the file: removed" if people or remarks else "No author’s name in it"
    ]
    if remarks:
        notes.append("It holds comments or tracked changes, which will be seen")
    return Cleaned(written(parts), tuple(notes))


def _check(archive: Archive, budget: Budget, depth: int = 1) -> set[str]:
    """Refuse what no document of a contribution holds; return the types of the parts."""
    parts = archive.parts
    kinds = {
        str(each.get("ContentType", "")) for each in markup.read(parts.get(TYPES, b""))
        if isinstance(each.tag, str)
    }  # fmt: skip
    if any(_PROGRAM.search(text) for text in (*kinds, *parts)):
        raise FileRefusedError(MACROS)
    packages = [name for name in parts if _PACKAGE.match(name) and parts[name].startswith(START)]
    if packages and depth > 1:
        raise FileRefusedError(EMBEDDED)
    refuse_foreign(archive, packages)
    markup.refuse_active_pictures(parts)
    for name in packages:
        _check(read(parts[name], budget), budget, depth + 1)
    for name, part in parts.items():
        if name.lower().endswith(".rels"):
            _check_related(name.lower(), part)
        elif b"instrText" in part or b"fldSimple" in part:
            _check_fields(part)
    return kinds


def _check_related(name: str, part: bytes) -> None:
    for each in markup.read(part).iter(f"{_RELATED}Relationship"):
        kind, mode = str(each.get("Type", "")), str(each.get("TargetMode", ""))
        target = str(each.get("Target", "")).strip().lower()
        if kind.endswith(_EMBEDDING):
            raise FileRefusedError(EMBEDDED)
        if target.startswith(("javascript:", "vbscript:", "data:", "mhtml:")):
            raise FileRefusedError(MACROS)
        own = kind.endswith("/hyperlink") or (
            kind.endswith("/attachedTemplate") and name == "word/_rels/settings.xml.rels"
        )
        if mode.lower() == "external" and not own:
            raise FileRefusedError(ELSEWHERE)


def _check_fields(part: bytes) -> None:
    """Refuse fields that run a command; the words of one field may stand in several runs."""
    root = markup.read(part)
    said = "".join(each.text or "" for each in root.iter(f"{W}instrText", f"{W}delInstrText"))
    said += " ".join(str(each.get(f"{W}instr", "")) for each in root.iter(f"{W}fldSimple"))
    if _CALLS.search(said):
        raise FileRefusedError(MACROS)


def _author(parts: dict[str, bytes]) -> str:
    """Return whom the file's properties name."""
    found = []
    for name, part in parts.items():
        if name.lower() not in _EMPTIED:
            continue
        for each in markup.read(part).iter():
            if not isinstance(each.tag, str):
                continue
            local = each.tag.rpartition("}")[2]
            if local in {"creator", "lastModifiedBy", "Manager", "Company"} and each.text:
                found.append(each.text.strip())
    return ", ".join(dict.fromkeys(filter(None, found)))


def _nameless(root: Any) -> bool:
    """Take the names of people off comments and tracked changes, as Word’s own inspector does."""
    touched = False
    for each in root.iter():
        if not isinstance(each.tag, str):
            continue
        for key in list(each.attrib):
            local = key.rpartition("}")[2]
            if local in {"author", "initials", "userId"} and each.get(key):
                each.set(key, "Author" if local != "initials" else "A")
                touched = True
    return touched


def _without_template(root: Any) -> bool:
    """Forget the template on the author’s machine, which names its folders and would be fetched."""
    found = [
        each for each in root.iter(f"{W}attachedTemplate", f"{_RELATED}Relationship")
        if each.tag != f"{_RELATED}Relationship"
        or str(each.get("Type", "")).endswith("/attachedTemplate")
    ]  # fmt: skip
    for each in found:
        each.getparent().remove(each)
    return bool(found)
