"""A document's text, page by page: plain text, Markdown or PDF. Opened only in the reader's own process."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from pipelines.errors import N_, UnusableInput
from pipelines.ingest.encodings.encoding import decode
from pipelines.progress import Progress, silent

KINDS = {".txt": "text", ".text": "text", ".md": "markdown", ".markdown": "markdown", ".pdf": "pdf"}
MAX_PAGES = 3_000
MAX_CHARS = 3_000_000
_OF_DAMAGE = (
    *(ValueError, KeyError, TypeError, IndexError, AttributeError, NotImplementedError, RecursionError),
    *(ImportError, AssertionError),
)
_PDF_MARK = b"%PDF-"
_HEAD_BYTES = 1024
_FEWEST_PAGES = 4
"""A line on every page is a running head only where there are as many pages."""
_HAN = "\u3000-\u30ff\u3400-\u9fff\uff00-\uffef"
_END = re.compile(r"[。！？；：:!?.;…]['\"”’」』）)】]*$")
_STARTS_ANEW = re.compile(
    rf"^(?:[-*•·●▪#]|\d{{1,3}}[.、)）]|[（(][\d一二三四五六七八九十]+[)）]|第[{_HAN}\d]{{1,6}}[条章节]|[一二三四五六七八九十]+、)"
)


@dataclass(frozen=True)
class Document:
    """kind: text, markdown or pdf. pages: their texts in order; one page where the file has none."""

    kind: str
    pages: tuple[str, ...]


def read_document(path: Path, name: str, progress: Progress = silent) -> Document:
    """The text of the file at `path`, which people know as `name`; raises UnusableInput, which says what to do."""
    kind = kind_of(name)
    try:
        with path.open("rb") as file:
            is_pdf = _PDF_MARK in file.read(_HEAD_BYTES)
    except OSError as error:
        raise UnusableInput(N_("{file} cannot be read: {reason}."), file=name, reason=error.strerror) from error
    if is_pdf != (kind == "pdf"):
        raise UnusableInput(
            N_("The content of {file} is not what its name says. Save it again as PDF, Markdown or text."), file=name
        )
    if is_pdf:
        pages = _without_running_heads(list(_pdf_pages(path, name, progress)))
        pages = [_unwrapped(page) for page in pages]
    else:
        pages = [decode(path.read_bytes()).text.replace("\r\n", "\n").replace("\r", "\n")]
    if not any(page.strip() for page in pages):
        raise UnusableInput(
            N_("{file} holds no text, perhaps only pictures of pages. Let a text recognition read it first."), file=name
        )
    if sum(map(len, pages)) > MAX_CHARS:
        raise UnusableInput(
            N_("{file} is longer than {most} characters. Split it into smaller files."),
            file=name,
            most=f"{MAX_CHARS:,}",
        )
    return Document(kind, tuple(pages))


def kind_of(name: str) -> str:
    """The kind of a file by its name; raises UnusableInput for another than text, Markdown and PDF."""
    kind = KINDS.get(Path(name).suffix.lower())
    if kind is None:
        raise UnusableInput(
            N_("{file} is no text, Markdown or PDF file (.txt, .md, .pdf). Save it as one of these."), file=name
        )
    return kind


def _pdf_pages(path: Path, name: str, progress: Progress) -> Iterator[str]:
    """Pages of a PDF. What pypdf raises for a damaged file is of many kinds, some of them Python's own."""
    import logging

    from pypdf import PdfReader
    from pypdf.errors import PyPdfError

    # It says in words of the file what it finds wrong with it.
    logging.getLogger("pypdf").setLevel(logging.CRITICAL + 1)
    chars = 0
    try:
        reader = PdfReader(path, strict=False)
        if reader.is_encrypted and not reader.decrypt(""):
            raise UnusableInput(N_("{file} is protected by a password. Save it without one."), file=name)
        count = len(reader.pages)
        if count > MAX_PAGES:
            raise UnusableInput(
                N_("{file} has {n} pages, more than {most}. Split it into smaller files."),
                file=name, n=f"{count:,}", most=f"{MAX_PAGES:,}",
            )  # fmt: skip
        for number, page in enumerate(reader.pages):
            progress("reading", number, count)
            text = page.extract_text() or ""
            chars += len(text)
            yield text
            if chars > MAX_CHARS:
                return
    except (PyPdfError, *_OF_DAMAGE) as error:
        raise UnusableInput(
            N_("{file} is damaged or no PDF that can be read ({kind}). Save it again, or as text."),
            file=name, kind=type(error).__name__,
        ) from None  # fmt: skip


def _without_running_heads(pages: list[str]) -> list[str]:
    """Pages without the first or last line that most of them share, page numbers apart."""
    if len(pages) < _FEWEST_PAGES:
        return pages
    lines = [[line for line in page.splitlines() if line.strip()] for page in pages]
    common: set[tuple[int, str]] = set()
    for end in (0, -1):
        seen = Counter(_bare(page[end]) for page in lines if page)
        common |= {(end, line) for line, count in seen.items() if count > len(pages) / 2}
    for page in lines:
        for end, line in common:
            if page and _bare(page[end]) == line:
                page.pop(end)
    return ["\n".join(page) for page in lines]


def _bare(line: str) -> str:
    return re.sub(r"[\d\s]+", "#", line.strip())


def _unwrapped(page: str) -> str:
    """A page whose lines, broken by the printer, are whole paragraphs again; Chinese is joined without a space."""
    paragraphs: list[list[str]] = []
    is_open = False
    for raw in page.splitlines():
        line = raw.strip()
        if not line:
            is_open = False
            continue
        if is_open and not _STARTS_ANEW.match(line):
            before = paragraphs[-1][-1][-1]
            joint = "" if re.match(f"[{_HAN}]", before) and re.match(f"[{_HAN}]", line) else " "
            paragraphs[-1] += [joint, line]
        else:
            paragraphs.append([line])
        is_open = not _END.search(line) and len(line) > 12
    return "\n".join(map("".join, paragraphs))
