"""Read the XML parts of a document; none that declares a type or an entity."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from lxml import etree

from .refusal import DAMAGED, SCRIPTS, FileRefusedError

# What a picture made of markup could do: run, load, or hold a page
_ACTIVE = re.compile(
    rb"<\s*(?:[\w-]+:)?(?:script|foreignobject|iframe|object|embed|handler|set)\b"
    rb"|\son\w+\s*=|(?:java|vb)script\s*:|<!entity",
    re.IGNORECASE,
)


def read(data: bytes) -> Any:
    """Return the root of an XML part. Raises FileRefusedError, MemoryError."""
    if b"<!DOCTYPE" in data or b"<!ENTITY" in data:
        raise FileRefusedError(DAMAGED)
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=True, collect_ids=False
    )
    try:
        root = etree.fromstring(data, parser)
    except etree.XMLSyntaxError as error:
        if error.code == etree.ErrorTypes.ERR_NO_MEMORY:
            raise MemoryError from error
        raise FileRefusedError(DAMAGED) from error
    except ValueError as error:
        raise FileRefusedError(DAMAGED) from error
    if root.getroottree().docinfo.doctype:  # said in another encoding
        raise FileRefusedError(DAMAGED)
    return root


def written(root: Any) -> bytes:
    """Return an XML part as bytes."""
    made: bytes = etree.tostring(root, encoding="UTF-8", xml_declaration=True, standalone=True)
    return made


def changed(data: bytes, change: Callable[[Any], bool]) -> bytes:
    """Return an XML part after `change`, and the same bytes where it says that nothing was to do."""
    root = read(data)
    return written(root) if change(root) else data


def refuse_active_pictures(parts: dict[str, bytes]) -> None:
    """Refuse pictures of markup that run or load something, and pages. Raises FileRefusedError."""
    for name, data in parts.items():
        head = data[:512].lower()
        page = b"<html" in head or b"<!doctype html" in head
        picture = name.lower().endswith((".svg", ".svgz")) or b"<svg" in head
        if page or (picture and (not data.lstrip(b"\xef\xbb\xbf \r\n\t").startswith(b"<"))):
            raise FileRefusedError(SCRIPTS)
        if picture and _ACTIVE.search(data.replace(b"\x00", b"")):
            raise FileRefusedError(SCRIPTS)
