"""Files of our own making: good ones, and one for each reason to refuse."""

from __future__ import annotations

import io
import random
import struct
import zlib
from collections.abc import Mapping
from typing import Any
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

import pikepdf
from docx import Document

AUTHOR = "Jane Secretauthor"
_OFFICE = (
    'xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
    'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" '
    'xmlns:draw="urn:oasis:names:tc:opendocument:xmlns:drawing:1.0" '
    'xmlns:script="urn:oasis:names:tc:opendocument:xmlns:script:1.0" '
    'xmlns:meta="urn:oasis:names:tc:opendocument:xmlns:meta:1.0" '
    'xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:xlink="http://www.w3.org/1999/xlink"'
)
ODT = "application/vnd.oasis.opendocument.text"
REL = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def zipped(parts: Mapping[str, bytes | str], stored: tuple[str, ...] = ("mimetype",)) -> bytes:
    """Return an archive of `parts`."""
    file = io.BytesIO()
    with ZipFile(file, "w") as made:
        for name, data in parts.items():
            info = ZipInfo(name, (2026, 1, 1, 0, 0, 0))
            info.compress_type = ZIP_STORED if name in stored else ZIP_DEFLATED
            made.writestr(info, data)
    return file.getvalue()


def parts_of(data: bytes) -> dict[str, bytes]:
    """Return the parts of an archive by name."""
    with ZipFile(io.BytesIO(data)) as opened:
        return {name: opened.read(name) for name in opened.namelist()}


def with_parts(data: bytes, **more: bytes) -> bytes:
    """Return an archive with parts added or replaced; `__` in a name is a slash, `_dot_` a dot."""
    named = {k.replace("__", "/").replace("_dot_", "."): v for k, v in more.items()}
    return zipped(parts_of(data) | named)


def docx(text: str = "An example paper.") -> bytes:
    """Return a Word file by AUTHOR."""
    made = Document()
    made.add_paragraph(text)
    made.core_properties.author = made.core_properties.last_modified_by = AUTHOR
    file = io.BytesIO()
    made.save(file)
    return file.getvalue()


def docx_typed(kind: str, data: bytes | None = None) -> bytes:
    """Return a Word file whose main part says to be of another type."""
    data = docx() if data is None else data
    types = parts_of(data)["[Content_Types].xml"].replace(
        b"application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml",
        kind.encode(),
    )
    return zipped(parts_of(data) | {"[Content_Types].xml": types})


def docx_related(kind: str, target: str, *, external: bool = True) -> bytes:
    """Return a Word file with one more relation of its text."""
    mode = ' TargetMode="External"' if external else ""
    data = docx()
    rels = parts_of(data)["word/_rels/document.xml.rels"].replace(
        b"</Relationships>",
        f'<Relationship Id="rIdX" Type="{REL}/{kind}" Target="{target}"{mode}/></Relationships>'.encode(),
    )
    return zipped(parts_of(data) | {"word/_rels/document.xml.rels": rels})


def docx_body(xml: str) -> bytes:
    """Return a Word file with more in its text."""
    data = docx()
    body = parts_of(data)["word/document.xml"].replace(b"<w:body>", f"<w:body>{xml}".encode())
    return zipped(parts_of(data) | {"word/document.xml": body})


def odt(body: str = "", *, kind: str = ODT, **more: bytes) -> bytes:
    """Return an OpenDocument text by AUTHOR, with more in its body."""
    parts: dict[str, bytes | str] = {
        "mimetype": kind,
        "content.xml": f"<?xml version='1.0' encoding='UTF-8'?><office:document-content {_OFFICE}>"
        f"<office:scripts/><office:body><office:text><text:p>Example.</text:p>{body}"
        "</office:text></office:body></office:document-content>",
        "meta.xml": f"<?xml version='1.0' encoding='UTF-8'?><office:document-meta {_OFFICE}>"
        f"<office:meta><meta:initial-creator>{AUTHOR}</meta:initial-creator>"
        f"<dc:creator>{AUTHOR}</dc:creator></office:meta></office:document-meta>",
        "META-INF/manifest.xml": '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument'
        ':xmlns:manifest:1.0"><manifest:file-entry manifest:full-path="/" '
        f'manifest:media-type="{kind}"/></manifest:manifest>',
    }
    named = {k.replace("__", "/").replace("_dot_", "."): v for k, v in more.items()}
    return zipped(parts | named)


def pdf(change: Any = None, pages: int = 2, **how: Any) -> bytes:
    """Return a PDF by AUTHOR after `change`, a function of the open file."""
    made = pikepdf.new()
    for _ in range(pages):
        made.add_blank_page(page_size=(595, 842))
    with made.open_metadata() as said:
        said["dc:creator"] = [AUTHOR]
    made.docinfo["/Author"] = AUTHOR
    made.docinfo["/Title"] = "An example paper"
    if change is not None:
        change(made)
    file = io.BytesIO()
    made.save(file, **how)
    return file.getvalue()


def pdf_saying(*pages: str) -> bytes:
    """Return a PDF with a line of plain letters on each page."""

    def change(made: Any) -> None:
        font = pikepdf.Dictionary(
            Type=pikepdf.Name.Font, Subtype=pikepdf.Name.Type1, BaseFont=pikepdf.Name.Helvetica
        )
        for page, said in zip(made.pages, pages, strict=True):
            page.Resources = pikepdf.Dictionary(Font=pikepdf.Dictionary(F1=font))
            page.Contents = made.make_stream(f"BT /F1 12 Tf 72 720 Td ({said}) Tj ET".encode())

    return pdf(change, len(pages))


def acting(**act: Any) -> Any:
    """Return a change that gives a PDF an action when it opens."""

    def change(made: Any) -> None:
        said = {f"/{name}": value for name, value in act.items()}
        made.Root.OpenAction = made.make_indirect(pikepdf.Dictionary(said))

    return change


def with_file_inside(made: Any) -> None:
    """Put another file into a PDF."""
    made.attachments["tool.exe"] = b"MZ..."


def with_remark(made: Any) -> None:
    """Put somebody's remark on a page of a PDF."""
    remark = pikepdf.Dictionary(
        Type=pikepdf.Name.Annot, Subtype=pikepdf.Name.Text, Rect=[0, 0, 9, 9], T=AUTHOR,
        Contents="See here.",
    )  # fmt: skip
    made.pages[0].Annots = made.make_indirect(pikepdf.Array([remark]))


def signed(made: Any) -> None:
    """Give a PDF the field of a signature."""
    value = pikepdf.Dictionary(Type=pikepdf.Name.Sig, Filter=pikepdf.Name("/Adobe.PPKLite"))
    field = pikepdf.Dictionary(FT=pikepdf.Name.Sig, T="Signature1", V=made.make_indirect(value))
    made.Root.AcroForm = pikepdf.Dictionary(Fields=[made.make_indirect(field)], SigFlags=3)


def bomb(size: int = 80 * 1024 * 1024) -> bytes:
    """Return a Word file with one part that is nothing, unpacked by the megabyte."""
    return with_parts(docx(), word__media__image1_dot_bmp=b"\0" * size)


def overlapping() -> bytes:
    """Return an archive whose directory lists one part many times under other names."""
    data = docx()
    with ZipFile(io.BytesIO(data)) as opened:
        start, count = opened.start_dir, len(opened.infolist())
    end = data.rfind(b"PK\x05\x06")
    directory = data[start:end]
    entry = directory[: directory.find(b"PK\x01\x02", 4)]
    length = int.from_bytes(entry[28:30], "little")
    more = b"".join(
        entry[:46] + f"{number:0{length}d}".encode() + entry[46 + length :] for number in range(50)
    )
    tail = bytearray(data[end:])
    for at in (8, 10):
        tail[at : at + 2] = (count + 50).to_bytes(2, "little")
    tail[12:16] = (len(directory) + len(more)).to_bytes(4, "little")
    return data[:start] + directory + more + bytes(tail)


SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
HTML = b"<!DOCTYPE html><html><script>alert(1)</script></html>"
MAIN = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
MACRO_MAIN = "application/vnd.ms-word.document.macroEnabled.main+xml"


def parts_with(more: dict[str, bytes]) -> dict[str, bytes]:
    """Return the parts of a Word file, with more of them."""
    return parts_of(docx()) | more


def with_flag(data: bytes, flag: int) -> bytes:
    """Set a flag of the first part, at its place and in the directory."""
    changed = bytearray(data)
    at = data.find(b"PK\x01\x02")
    changed[at + 8] |= flag
    changed[6] |= flag
    return bytes(changed)


def with_link(data: bytes) -> bytes:
    """Say of the first part that it is a symbolic link."""
    changed = bytearray(data)
    at = data.find(b"PK\x01\x02")
    changed[at + 38 : at + 42] = struct.pack("<I", 0o120777 << 16)
    return bytes(changed)


def bomb_of_elements(number: int = 12_000_000) -> bytes:
    """Return a Word file of half a megabyte whose properties would fill gigabytes once they are read."""
    # what does not shrink keeps the part within what a document's may
    noise = random.Random(7).randbytes(200_000).hex().encode()  # no secret
    part = b'<?xml version="1.0"?><p><!--' + noise + b"-->" + b"<a/>" * number + b"</p>"
    return with_parts(docx(), docProps__core_dot_xml=part)


def pdf_bomb() -> bytes:
    """Return a PDF whose objects stand in a stream that unpacks to more than there is memory."""
    packer = zlib.compressobj(9)
    block = b" " * (16 * 1024 * 1024)
    inside = b"2 0 3 32  <</Type/Catalog/Pages 3 0 R>>   <</Type/Pages/Kids[]/Count 0>>"
    packed = packer.compress(inside)
    packed += b"".join(packer.compress(block) for _ in range(120)) + packer.flush()
    head = b"%PDF-1.5\n"
    stream = (
        b"1 0 obj\n<</Type/ObjStm/N 2/First 10/Filter/FlateDecode/Length %d>>\nstream\n" % len(packed)
        + packed + b"\nendstream\nendobj\n"
    )  # fmt: skip
    at = len(head) + len(stream)
    rows = b"".join(
        struct.pack(">BIH", *row)
        for row in ((0, 0, 65535), (1, len(head), 0), (2, 1, 0), (2, 1, 1), (1, at, 0))
    )
    table = (
        b"4 0 obj\n<</Type/XRef/Size 5/W[1 4 2]/Root 2 0 R/Length %d>>\nstream\n" % len(rows)
        + rows + b"\nendstream\nendobj\nstartxref\n%d\n%%%%EOF\n" % at
    )  # fmt: skip
    return head + stream + table


def pdf_of_large_properties() -> bytes:
    """Return a PDF whose properties, of which each reader of them makes a text, unpack to 640 MB."""
    packer = zlib.compressobj(9)
    block = b"a" * (16 * 1024 * 1024)
    packed = b"".join(packer.compress(block) for _ in range(40)) + packer.flush()
    objects = (
        b"<</Type/Catalog/Pages 2 0 R/Metadata 4 0 R>>", b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]>>",
        b"<</Type/Metadata/Subtype/XML/Filter/FlateDecode/Length %d>>stream\n%b\nendstream"
        % (len(packed), packed),
    )  # fmt: skip
    made, rows = b"%PDF-1.7\n", [b"0000000000 65535 f \n"]
    for place, each in enumerate(objects, 1):
        rows.append(b"%010d 00000 n \n" % len(made))
        made += b"%d 0 obj\n%b\nendobj\n" % (place, each)
    end = b"trailer<</Size 5/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n" % len(made)
    return made + b"xref\n0 5\n" + b"".join(rows) + end


def pdf_nested(deep: int = 100) -> bytes:
    """Return a PDF that holds a list in a list in a list, `deep` times."""

    def change(made: pikepdf.Pdf) -> None:
        made.Root.Nested = pikepdf.Object.parse(b"[" * deep + b"]" * deep)

    return pdf(change)
