"""Read one PDF in a process of its own: python pdf_apart.py SOURCE TARGET.

A file made to break its reader then breaks this process, within its memory and time, and not the
site. It writes the cleaned file to TARGET and prints one line of JSON. It imports nothing of the
project.
"""

from __future__ import annotations

import json
import re
import resource
import sys
from pathlib import Path
from typing import Any

import pikepdf

MEMORY, SECONDS, LARGEST = 800 * 1024 * 1024, 20, 64 * 1024 * 1024
MUCH = 256 * 1024 * 1024  # more than reading a file of 10 MB takes that is only damaged
DEEPEST = 60
RUNS = {"/JavaScript", "/Launch", "/ImportData", "/SubmitForm", "/RichMediaExecute", "/GoTo3DView"}
HOLDS = {"/RichMedia", "/Screen", "/Movie", "/Sound", "/FileAttachment", "/3D"}
# Drawings of the page itself; the name in any other annotation is its author's
NO_REMARK = {"/Link", "/Widget", "/Popup", "/PrinterMark", "/TrapNet", "/Watermark"}


class Found(Exception):  # noqa: N818  # what stops the walk, not an error
    """Something for which a file is refused, by its name."""


class Walk:
    """Go through all objects of a file."""

    def __init__(self) -> None:
        self.remarks = False
        self.signed = False
        self.named: list[Any] = []  # what names people or their programs

    def look(self, thing: Any, depth: int = 0) -> None:
        """Look at an object and what stands inside it. Raises Found."""
        if depth > DEEPEST:
            raise Found("deep")
        if isinstance(thing, pikepdf.Array):
            for each in list(thing):
                if isinstance(each, pikepdf.Object) and not each.is_indirect:
                    self.look(each, depth + 1)
        elif isinstance(thing, pikepdf.Dictionary | pikepdf.Stream):
            self.look_at_keys(thing)
            for key in list(thing.keys()):
                value = thing.get(key)
                if isinstance(value, pikepdf.Object) and not value.is_indirect:
                    self.look(value, depth + 1)

    def look_at_keys(self, thing: Any) -> None:
        """Look at one dictionary: what it does, holds and names."""
        keys = set(thing.keys())
        kind, act = _name(thing, "/Subtype"), _name(thing, "/S")
        if act in RUNS or keys & {"/JS", "/JavaScript"}:
            raise Found("scripts")
        if keys & {"/XFA"}:
            raise Found("form")
        if kind in HOLDS or keys & {"/EF", "/EmbeddedFiles", "/RichMediaContent"}:
            raise Found("embedded")
        if (_name(thing, "/FT") == "/Sig" and "/V" in keys) or _name(thing, "/Type") == "/Sig":
            self.signed = True
        if _is_remark(thing):
            self.remarks = True
            self.named.append(thing)
        elif keys & {"/Metadata", "/PieceInfo"}:
            self.named.append(thing)

    def forget(self) -> None:
        """Take out of what was found what names people and their programs."""
        for thing in self.named:
            for key in ("/Metadata", "/PieceInfo"):
                if key in thing:
                    del thing[key]
            if _is_remark(thing):
                thing["/T"] = pikepdf.String("Author")


def _is_remark(thing: Any) -> bool:
    """Say whether an object is somebody's remark on a page, with a name."""
    kind = _name(thing, "/Subtype")
    return bool(kind and "/T" in thing and "/Rect" in thing and kind not in NO_REMARK)


def _name(thing: Any, key: str) -> str:
    value = thing.get(key)
    return str(value) if isinstance(value, pikepdf.Name) else ""


def people(pdf: Any) -> str:
    """Return whom the file's properties name."""
    found = []
    if "/Info" in pdf.trailer and "/Author" in pdf.trailer.Info:
        found.append(str(pdf.trailer.Info.Author).strip())
    with_properties = pdf.open_metadata(set_pikepdf_as_editor=False, update_docinfo=False)
    said = with_properties.get("dc:creator")
    found += [said] if isinstance(said, str) else [str(each) for each in said or ()]
    return ", ".join(dict.fromkeys(filter(None, found)))[:200]


def read(source: str, target: str) -> dict[str, Any]:
    """Look through a file and write it cleaned; return what is to be said of it."""
    with pikepdf.open(source, attempt_recovery=False, suppress_warnings=True) as pdf:
        if pdf.is_encrypted:
            return {"refused": "encrypted"}
        walk = Walk()
        for thing in (pdf.trailer, *pdf.objects):
            walk.look(thing)
        pages = len(pdf.pages)
        if not pages:
            return {"refused": "damaged"}
        named = people(pdf)
        if not walk.signed:
            title = pdf.docinfo.get("/Title") if "/Info" in pdf.trailer else None
            if "/Info" in pdf.trailer:
                del pdf.trailer["/Info"]
            if isinstance(title, pikepdf.String):
                pdf.docinfo["/Title"] = title
            walk.forget()
            pdf.save(target, fix_metadata_version=False, deterministic_id=True)
    return {"pages": pages, "people": named, "signed": walk.signed, "remarks": walk.remarks}


def most_used() -> int:
    """Return the most memory that this process used, in bytes; 0 where the system does not say."""
    try:
        said = Path("/proc/self/status").read_text(encoding="ascii")
    except OSError:
        return 0
    found = re.search(r"^VmHWM:\s*(\d+) kB", said, re.MULTILINE)
    return int(found[1]) * 1024 if found else 0


def main() -> int:
    """Read the file that the command names."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_FSIZE, (LARGEST, LARGEST))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    try:
        said = read(sys.argv[1], sys.argv[2])
    except Found as found:
        said = {"refused": str(found)}
    except pikepdf.PasswordError:
        said = {"refused": "encrypted"}
    except MemoryError:
        said = {"refused": "large"}
    except OSError as error:
        said = {"failed": str(error)}
    except Exception as error:  # whatever a broken file makes its reader raise
        # Of memory that ran out the library tells as of any other mistake of a file, or goes on
        # without what it could not read: only what was used then says which of the two it was.
        large = "bad_alloc" in str(error) or most_used() > MUCH
        said = {"refused": "large" if large else "damaged"}
    sys.stdout.write(json.dumps(said))
    return 0


if __name__ == "__main__":
    sys.exit(main())
