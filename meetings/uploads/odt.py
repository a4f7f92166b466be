"""An OpenDocument text: what it must not hold, and its authors' names out of it."""

from __future__ import annotations

import re
from typing import Any

from . import markup
from .archive import Archive, refuse_foreign, written
from .docx import Cleaned
from .refusal import DAMAGED, ELSEWHERE, ENCRYPTED, MACROS, FileRefusedError

KIND = b"application/vnd.oasis.opendocument.text"
MANIFEST = "META-INF/manifest.xml"
NO_TEXT = "It is no text document (.odt) inside. Save it as .odt or PDF and add it again."
_XLINK = "{http://www.w3.org/1999/xlink}href"
_META = (
    b'<?xml version="1.0" encoding="UTF-8"?>\n<office:document-meta xmlns:office="urn:oasis:names:'
    b'tc:opendocument:xmlns:office:1.0" office:version="1.3"><office:meta/></office:document-meta>'
)
_FOLDERS = ("basic/", "scripts/", "dialogs/", "meta-inf/macrosignatures")
_LOADED = {
    "image", "object", "object-ole", "plugin", "applet", "floating-frame", "section-source",
    "audio", "video", "fill-image", "background-image",
}  # fmt: skip
_SCHEME = re.compile(r"^(?:[a-z][a-z0-9+.-]*:|//|/)", re.IGNORECASE)
_PEOPLE = {
    "creator", "initial-creator", "creator-initials", "sender-initials", "printed-by",
    "author-name", "author-initials",
}  # fmt: skip


def is_odt(archive: Archive) -> bool:
    """Say whether an archive says of itself that it is a file of the OpenDocument family."""
    return next(iter(archive.parts), "") == "mimetype"


def clean(archive: Archive, data: bytes) -> Cleaned:
    """Return an OpenDocument text without its authors' names. Raises FileRefusedError."""
    parts = dict(archive.parts)
    _check(archive)
    people, remarks = False, False
    signed = "META-INF/documentsignatures.xml" in parts
    if signed:
        names = _names(parts.get("meta.xml", b""))
        shown = f": the author’s name in it, “{names[:80]}”, will be seen" if names else ""
        return Cleaned(data, (f"Signed, so kept as it is{shown}",))
    for name, part in parts.items():
        if name.lower().endswith("meta.xml"):
            people = people or bool(_names(part))
            parts[name] = _META
        elif name.endswith(("content.xml", "styles.xml")) and b"creator" in part:
            parts[name] = markup.changed(part, _nameless)
            remarks = remarks or parts[name] is not part
    notes = [
        "Author’s name in the file: removed" if people or remarks else "No author’s name in it"
    ]
    if remarks:
        notes.append("It holds comments or tracked changes, which will be seen")
    return Cleaned(written(parts, stored={"mimetype"}), tuple(notes))


def _check(archive: Archive) -> None:
    parts = archive.parts
    if parts["mimetype"].strip() != KIND:
        raise FileRefusedError(NO_TEXT)
    if "mimetype" not in archive.stored or MANIFEST not in parts or "content.xml" not in parts:
        raise FileRefusedError(DAMAGED)
    if b"encryption-data" in parts[MANIFEST]:
        raise FileRefusedError(ENCRYPTED)
    if any(name.lower().startswith(_FOLDERS) for name in parts):
        raise FileRefusedError(MACROS)
    refuse_foreign(archive)
    markup.refuse_active_pictures(parts)
    for name, part in parts.items():
        if name.lower().endswith(".xml") and name != MANIFEST:
            _check_part(markup.read(part))


def _check_part(root: Any) -> None:
    for each in root.iter():
        if not isinstance(each.tag, str):
            continue
        space, _, local = each.tag.rpartition("}")
        if (local == "scripts" and len(each)) or local == "event-listener" or ":script:" in space:
            raise FileRefusedError(MACROS)
        if local in {"dde-source", "dde-connection-decl", "execute-macro"}:
            raise FileRefusedError(MACROS)
        target = str(each.get(_XLINK, "")).strip()
        if target.lower().startswith(
            ("javascript:", "vbscript:", "vnd.sun.star.script:", "macro:")
        ):
            raise FileRefusedError(MACROS)
        if local in _LOADED and (_SCHEME.match(target) or target.startswith("..")):
            raise FileRefusedError(ELSEWHERE)


def _names(part: bytes) -> str:
    if not part:
        return ""
    found = [
        (each.text or "").strip() for each in markup.read(part).iter()
        if isinstance(each.tag, str) and each.tag.rpartition("}")[2] in _PEOPLE
    ]  # fmt: skip
    return ", ".join(dict.fromkeys(filter(None, found)))


def _nameless(root: Any) -> bool:
    touched = False
    for each in root.iter():
        local = each.tag.rpartition("}")[2] if isinstance(each.tag, str) else ""
        if local in _PEOPLE and each.text:
            each.text, touched = "Author" if local == "creator" else "A", True
    return touched
