"""What a file is, by its content and never by its extension."""

from __future__ import annotations

import io
import re
import zipfile

from pipelines.errors import N_, UnusableInput
from pipelines.ingest.formats import json_text

_MAGIC = (
    (b"\x1f\x8b\x08", "gzip"),
    (b"BZh", "bzip2"),
    (b"\xfd7zXZ\x00", "xz"),
    (b"\x28\xb5\x2f\xfd", "zstd"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "ole"),
    (b"PAR1", "parquet"),
    (b"PARE", "parquet"),  # an encrypted footer: its reader says so
    (b"ARROW1\x00\x00", "arrow"),
)
_ZIP_STARTS = (b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")
_HTML_START = re.compile(
    r"\s*(?:<\?xml[^>]*>\s*)?(?:<!--(?:(?!-->).)*-->\s*)*<(!doctype(?=\s+html\b)|html|head|meta|body|style|table)\b",
    re.I | re.S,
)
_XML_WORKBOOK = re.compile(r"<(?:\w+:)?Workbook\b[^>]*urn:schemas-microsoft-com:office:spreadsheet")
_MHTML_START = re.compile(r"(?:[\w-]+:[^\n]*\n(?:[ \t][^\n]*\n)*){1,30}", re.A)
_JSON_START = re.compile(r'\s*(?:\{\s*(?:"(?:[^"\\]|\\.)*"\s*:|\})|\[\s*(?:[\[{"\]]|-?\d|true\b|false\b|null\b))')
_HEAD_CHARS = 20_000
_DOCUMENTS = {
    "docx": N_("This is a Word document. Save the table in it as CSV and open that file."),
    "pptx": N_("This is a presentation. Save the table in it as CSV and open that file."),
    "odt": N_("This is a text document. Save the table in it as CSV and open that file."),
    "iwork": N_("This is a document of Numbers, Pages or Keynote. Export it as CSV and open that file."),
    "epub": N_("This is an electronic book. Save the table in it as CSV and open that file."),
}
"""Kinds of files that are ZIP archives and hold a document, and what to say of each."""


def kind_of_bytes(data: bytes) -> str:
    """The kind of a binary format, "text" for everything else.

    One of gzip | bzip2 | xz | zstd | tar | zip | xlsx | xlsb | ods | ole | parquet | arrow | text, or a document's
    that refuse_document knows; "ole" is an old
    Excel workbook or an encrypted new one.
    """
    for magic, kind in _MAGIC:
        # "BZh" and "PAR1" could start a text as well: a text has no control characters right after.
        if data.startswith(magic) and (kind not in {"bzip2", "parquet"} or _is_binary(data)):
            return kind
    if data.startswith(_ZIP_STARTS):
        return _kind_of_zip(data)
    if data[257:262] == b"ustar" and _is_binary(data):
        return "tar"
    return "text"


def refuse_document(kind: str) -> None:
    """Raise UnusableInput, saying what to do, for a document that is a ZIP archive inside."""
    if kind in _DOCUMENTS:
        raise UnusableInput(_DOCUMENTS[kind])


def kind_of_text(text: str) -> str:
    """The kind of a decoded text: html | xml_workbook | xml | mhtml | json | delimited.

    "json" is a guess by the first characters: a table of comma-separated cells may begin with a bracket as well.
    """
    head = text[:_HEAD_CHARS]
    if head.lstrip().startswith("<"):
        if _XML_WORKBOOK.search(head):
            return "xml_workbook"
        page = _HTML_START.match(head)
        if page and (page[1].lower() in {"html", "!doctype"} or re.search(r"<tr\b", text, re.I)):
            return "html"
        return "xml" if re.match(r"\s*<\?xml\s", head) else "delimited"
    if _JSON_START.match(head) or json_text.is_likely(head):
        return "json"
    headers = _MHTML_START.match(head)
    if headers and re.search(r"^MIME-Version:", headers.group(), re.I | re.M) and "<" in text:
        return "mhtml"
    return "delimited"


def _is_binary(data: bytes) -> bool:
    return bool(re.search(rb"[\x00-\x08\x0e-\x1a]", data[:4096]))


def _kind_of_zip(data: bytes) -> str:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = {info.filename for info in archive.infolist()}
            mimetype = b""
            if "mimetype" in names and archive.getinfo("mimetype").file_size < 200:
                mimetype = archive.read("mimetype")
    except Exception:  # noqa: BLE001  (a damaged archive raises whatever it likes; what reads it says what is wrong)
        return "zip"
    if b"opendocument.spreadsheet" in mimetype:
        return "ods"
    # Some writers use another case or back slashes.
    names = {name.replace("\\", "/").lower() for name in names}
    if "xl/workbook.bin" in names:
        return "xlsb"
    if "[content_types].xml" in names and any(name.startswith("xl/") for name in names):
        return "xlsx"
    return _kind_of_document(names, mimetype) or "zip"


def _kind_of_document(names: set[str], mimetype: bytes) -> str | None:
    """One of _DOCUMENTS by the parts that its format asks for at fixed places."""
    if "[content_types].xml" in names:
        return "docx" if "word/document.xml" in names else "pptx" if "ppt/presentation.xml" in names else None
    if mimetype.startswith(b"application/epub+zip"):
        return "epub"
    if mimetype.startswith(b"application/vnd.oasis.opendocument."):
        return "odt"
    # iWork's own archives hold its parts themselves or, in a package, an archive of them.
    if "index/document.iwa" in names or {"index.zip", "metadata/properties.plist"} <= names:
        return "iwork"
    return None
