"""An HTML page to rows: its largest table, as browsers and spreadsheets show it.

The standard library's tolerant tokenizer is used: it opens no address, expands nothing but character references and
keeps no tree, so that neither depth nor unclosed tags cost anything.
"""

from __future__ import annotations

import codecs
import html
import re
from dataclasses import dataclass, field, replace
from email import message_from_bytes, policy
from html.parser import HTMLParser

from pipelines import settings
from pipelines.errors import N_, UnusableInput
from pipelines.ingest.encodings.encoding import Decoded
from pipelines.ingest.tabular.cells import table_of
from pipelines.progress import Progress, silent
from pipelines.types import Table, Warning_

_META_CHARSET = re.compile(rb"<meta\b[^>]{0,200}?charset\s*=\s*[\"']?\s*([\w.:-]{2,40})", re.I)
_XML_CHARSET = re.compile(rb"^\s*<\?xml\b[^>]{0,100}?encoding\s*=\s*[\"']([\w.:-]{2,40})", re.I)
_ROUNDED = re.compile(r"-?\d(?:\.\d+)?E\+\d{2,}")
_BLOCKS = {"p", "div", "li", "h1", "h2", "h3", "h4", "h5", "h6", "blockquote", "pre", "tr"}
_UNSEEN = {"script", "style", "template", "noscript", "head"}
_DEEPEST = 50
_MOST_SPAN = 1000  # what the HTML standard caps colspan at
_FEED_CHARS = 1 << 18


def declared_charset(data: bytes) -> str | None:
    """The codec that the page itself names and that decodes it without an error; gb2312 and gbk mean gb18030."""
    found = _META_CHARSET.search(data[:4096]) or _XML_CHARSET.search(data[:200])
    if not found:
        return None
    name = found[1].decode("ascii").lower()
    name = {"gb2312": "gb18030", "gbk": "gb18030", "shift_jis": "cp932", "iso-8859-1": "cp1252"}.get(name, name)
    try:
        if not getattr(codecs.lookup(name), "_is_text_encoding", True):
            return None
        data.decode(name)
    except (LookupError, ValueError):  # UnicodeError is a ValueError
        return None
    return name


def page_of(data: bytes) -> bytes:
    """The page with the most cells in a web archive (MHTML, as Excel's “single file web page” writes it).

    Raises UnusableInput when there is none.
    """
    pages: list[bytes] = []
    try:
        message = message_from_bytes(data.lstrip(), policy=policy.compat32)
        for part in message.walk():
            if part.get_content_type() == "text/html":
                payload = part.get_payload(decode=True)
                if isinstance(payload, bytes):
                    pages.append(payload)
    except (ValueError, LookupError, AttributeError, TypeError, RecursionError):
        pages = []
    if not pages:
        raise UnusableInput(N_("The web archive holds no page. Export the reviews as CSV and open that file."))
    return max(pages, key=lambda page: len(re.findall(rb"<td\b", page, re.I)))


def read_html(decoded: Decoded, progress: Progress = silent) -> Table:
    """Read the page's largest table (by filled cells).

    Raises UnusableInput when no table has a filled cell, or it is larger than the setting max_cells.
    """
    parser = _Tables()
    parser.read(decoded.text, progress)
    tables = [table for table in parser.finished() if table.filled]
    if not tables:
        raise UnusableInput(N_("The page holds no table with text. Export the reviews as CSV and open that file."))
    best = max(tables, key=lambda table: table.filled)
    warnings = list(decoded.warnings)
    others = sum(table.filled > 2 and table is not best for table in tables)
    if others:
        warnings.append(Warning_(N_("The page holds {count} more tables; the largest is read."), {"count": others}))
    rows = [row for row in best.rows if any(cell.strip() for cell in row)]
    table = table_of(rows, encoding=decoded.encoding, delimiter="", warnings=warnings)
    return replace(table, format="html", damaged=decoded.damaged, alternatives=decoded.alternatives)


class _Budget:
    """Cells that a page may still hold: spans can make a small page a large table."""

    def __init__(self) -> None:
        self._limit = self._left = settings.get_int("max_cells")

    def take(self, count: int) -> None:
        self._left -= count
        if self._left < 0:
            raise UnusableInput(
                N_("The table has more than {limit} cells. Split it, or raise REVIEWSCAPE_MAX_CELLS."),
                limit=self._limit,
            )


@dataclass
class _Grid:
    """One table being read: rows of text cells; pending: columns that a rowspan above still covers, with its text."""

    budget: _Budget
    rows: list[list[str]] = field(default_factory=list)
    pending: dict[int, tuple[int, str]] = field(default_factory=dict)
    row: list[str] | None = None
    cell: list[str] | None = None
    span: tuple[int, int] = (1, 1)
    exact: str = ""
    filled: int = 0

    def open_row(self) -> None:
        self.close_row()
        self.row = []

    def open_cell(self, attrs: dict[str, str | None]) -> None:
        if self.row is None:
            self.row = []
        self.close_cell()
        self.cell, self.span, self.exact = [], (1, 1), ""
        if attrs:
            self.span = _span(attrs.get("colspan")), _span(attrs.get("rowspan"))
            self.exact = attrs.get("x:num") or ""

    def close_cell(self) -> None:
        if self.cell is None or self.row is None:
            return
        text = _clean("".join(self.cell))
        if self.exact.isdecimal() and _ROUNDED.fullmatch(text):
            text = self.exact  # Excel shows 5.7E+17 and keeps the id beside it
        self.filled += bool(text)
        colspan, rowspan = self.span
        self.budget.take(colspan)
        self._cover()
        for offset in range(colspan):
            # A cell that spans columns stands in the first of them; one that spans rows holds for each.
            shown = text if offset == 0 else ""
            if rowspan > 1:
                self.pending[len(self.row)] = (rowspan - 1, shown)
            self.row.append(shown)
        self.cell = None

    def close_row(self) -> None:
        self.close_cell()
        if self.row is None:
            return
        self._cover()
        if self.row:
            self.rows.append(self.row)
        self.row = None

    def _cover(self) -> None:
        """Fill the places that a cell above reaches down to."""
        assert self.row is not None
        while (covered := self.pending.get(len(self.row))) is not None:
            left, text = covered
            if left > 1:
                self.pending[len(self.row)] = (left - 1, text)
            else:
                del self.pending[len(self.row)]
            self.row.append(text)
            self.budget.take(1)


class _Tables(HTMLParser):
    """Collects every table of a page; the text of an inner one belongs to itself alone."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self._open: list[_Grid] = []
        self._done: list[_Grid] = []
        self._too_deep = 0
        self._unseen = ""
        self._budget = _Budget()

    def read(self, text: str, progress: Progress) -> None:
        """Read a page piece by piece."""
        at, size = 0, _FEED_CHARS
        while at < len(text):
            self.feed(text[at : at + size])
            at += size
            # What has no end yet (a comment, say) is looked through anew with each piece: as it grows, so do they.
            size = max(size, len(self.rawdata))
            progress("reading", min(at, len(text)), len(text))
        # Not close(): it takes an end that is missing for each "<!--" in turn, and browsers drop such a rest as well.
        if not self.rawdata.startswith("<"):
            self.handle_data(html.unescape(self.rawdata))

    def finished(self) -> list[_Grid]:
        """All tables, those without an end tag as well."""
        while self._open:
            self._close_table()
        return self._done

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _UNSEEN:
            self._unseen = self._unseen or tag
            return
        if tag == "table":
            self._unseen = ""
            if len(self._open) >= _DEEPEST:
                self._too_deep += 1
            else:
                self._open.append(_Grid(self._budget))
            return
        if not self._open or self._too_deep:
            return
        grid = self._open[-1]
        if tag == "tr":
            grid.open_row()
        elif tag in {"td", "th"}:
            grid.open_cell(dict(attrs))
        elif grid.cell is not None and (tag == "br" or tag in _BLOCKS):
            grid.cell.append("\n" if tag == "br" else "\v")

    def handle_endtag(self, tag: str) -> None:
        if tag == self._unseen:
            self._unseen = ""
        elif tag == "table":
            if self._too_deep:
                self._too_deep -= 1
            elif self._open:
                self._close_table()
        elif self._open and not self._too_deep:
            grid = self._open[-1]
            if tag in {"td", "th"}:
                grid.close_cell()
            elif tag == "tr":
                grid.close_row()
            elif grid.cell is not None and tag in _BLOCKS:
                grid.cell.append("\v")

    def handle_data(self, data: str) -> None:
        if self._open and not self._too_deep and not self._unseen and self._open[-1].cell is not None:
            self._open[-1].cell.append(data.replace("\n", " "))

    def _close_table(self) -> None:
        grid = self._open.pop()
        grid.close_row()
        self._done.append(grid)

    def parse_marked_section(self, i: int, report: int = 1) -> int:
        """Office writes <![if …]>, and others whatever else: passed over instead of an AssertionError."""
        end = self.rawdata.find(">", i + 3)
        return end + 1 if end >= 0 else -1


def _span(value: str | None) -> int:
    number = re.match(r"\s*(\d{1,6})", value or "")
    return min(max(int(number[1]), 1), _MOST_SPAN) if number else 1


def _clean(text: str) -> str:
    """Spaces as a browser shows them: runs are one, `<br>` is a line end, blocks begin on a new line."""
    text = re.sub(r"[ \t\r\f\xa0]+", " ", text).strip(" ")
    if "\n" in text:
        text = text.replace(" \n", "\n").replace("\n ", "\n")
    if "\v" in text:
        text = "\n".join(filter(None, (part.strip(" \n") for part in text.split("\v"))))
    return text.strip(" \n")
