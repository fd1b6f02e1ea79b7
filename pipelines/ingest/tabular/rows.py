"""A text as a stream of rows: nothing but the row at hand is copied, and rows with quotes out of place are cut anew."""

from __future__ import annotations

import csv
import re
import sys
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass

from pipelines.ingest.tabular.quoting import Cut, closing_quote, cut_row, unescaped
from pipelines.progress import Progress, silent

_CHUNK_CHARS = 1 << 18
_FIRST_LINE_CHARS = 200
_LONGEST_SPAN = 200  # lines in one row, from which on it is asked whether a quote was left open
_MOST_SPAN = 1_000  # lines and
_MOST_REOPENED = 20
_MOST_SPAN_CHARS = 1_000_000  # characters that are searched for the end of a quoted cell
RUN = "  "
"""Two spaces or more between columns that are padded to a width."""
_PRIVATE = (*range(0xF8FF, 0xE000, -1), *range(0x10FFFD, 0x10F000, -1))
"""Code points without a meaning of their own, which stand for something as long as the text has none of them."""


@dataclass(frozen=True)
class Dialect:
    """One way to cut a text into cells; quote "" means that quotes are plain characters.

    backslash, escaped: a quote, a delimiter inside a cell has a backslash before it. skip_space: spaces beside
    delimiters are no part of the cells. width: the commonest number of cells. single: one column, where the delimiter
    (reported as a comma) does not cut.
    """

    delimiter: str
    quote: str = '"'
    backslash: bool = False
    escaped: bool = False
    skip_space: bool = False
    width: int = 1
    single: bool = False


def sep_hint(text: str) -> re.Match[str] | None:
    """The line "sep=;" with which a spreadsheet names its delimiter, where a text begins with one."""
    return re.match(r'"?sep=(.)"?(?:\r\n|\r|\n)', text, re.IGNORECASE)


class _LongSpan(Exception):
    """A row goes on for more lines than rows do."""


@dataclass
class Repairs:
    """Rows whose quotes stood out of place: how many, and the first one's place among all rows."""

    count: int = 0
    first: int | None = None

    def add(self, ordinal: int) -> None:
        """One more, at this place."""
        self.count += 1
        self.first = ordinal if self.first is None else self.first


class _Feed:
    """Hands lines to a reader: span holds those since it was last cleared, again those to be handed out once more."""

    def __init__(self, lines: Iterator[str]) -> None:
        self.span: list[str] = []
        self.again: deque[str] = deque()
        self.longest = _LONGEST_SPAN
        self._lines = lines

    def draw(self) -> str | None:
        """The next line, None at the end; not noted in span."""
        return self.again.popleft() if self.again else next(self._lines, None)

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        line = self.again.popleft() if self.again else next(self._lines)
        self.span.append(line)
        if len(self.span) > self.longest:
            raise _LongSpan
        return line


def ends_by_return(text: str) -> bool:
    """Whether carriage returns alone are a text's usual row end: those within quoted cells end no row."""
    if '"' in text:
        text = re.sub(r'"[^"]*+"', "", text)
    return text.count("\r") - text.count("\r\n") > text.count("\n")


class Rows:
    """The rows of a text under a dialect; each iteration reads the text again.

    A row is a list of cells, blank lines are none. repairs tells of the last finished iteration. A carriage return
    alone ends rows only where that is the file's usual row end; else it belongs to the cell it stands in.
    """

    def __init__(self, text: str, dialect: Dialect, progress: Progress = silent, passes: int = 1) -> None:
        self.repairs = Repairs()
        self._text, self._dialect = text, dialect
        self._progress, self._passes, self._pass = progress, passes, 0
        feeds, returns = text.count("\n"), text.count("\r")
        self._feeds = feeds > 0
        self._first_line = re.escape(re.split(r"[\r\n]", text[:_FIRST_LINE_CHARS], maxsplit=1)[0])
        self._drawn = self._barren_until = 0  # in lines of the text
        self._tried: list[str] = []
        doubled = text.count("\r\r\n")
        self._doubled = 2 * doubled > feeds
        self._lone = returns - text.count("\r\n") - (doubled if self._doubled else 0)
        self._by_return = self._lone > feeds and ends_by_return(text)
        free = (char for char in map(chr, _PRIVATE) if char not in text)
        self._return_mark = next(free) if self._lone > 0 and not self._by_return else ""
        stands_in = dialect.single or len(dialect.delimiter) > 1
        self._cut = next(free) if stands_in else dialect.delimiter
        self._quote_mark = next(free) if dialect.backslash else ""
        self._inner_mark = next(free) if dialect.escaped else ""

    def __iter__(self) -> Iterator[list[str]]:
        self.repairs = Repairs()
        self._drawn = self._barren_until = 0
        self._pass += 1
        rows = self._cut_rows()
        wide = self._dialect.delimiter if len(self._dialect.delimiter) > 1 and not self._dialect.single else ""
        inner = self._dialect.delimiter if self._inner_mark else ""
        marks = ((self._return_mark, "\r"), (self._quote_mark, '"'), (self._inner_mark, inner), (self._cut, wide))
        stands_for = {ord(mark): text for mark, text in marks if mark and text}
        if stands_for:
            return ([cell.translate(stands_for) for cell in row] for row in rows)
        return rows

    def _lines(self) -> Iterator[str]:
        """Lines with their ends, prepared so that one character cuts cells and marks stand for what was escaped."""
        text, length = self._text, len(self._text)
        hint = sep_hint(text[:100])
        start = hint.end() if hint else 0
        end = "\r" if self._by_return and not self._feeds else "\n"
        while start < length:
            self._progress("reading", (start + (self._pass - 1) * length) / self._passes, length)
            stop = self._chunk_end(start)
            chunk = self._prepared(text[start:stop])
            lines = chunk.split(end)
            last = lines.pop()
            for line in lines:
                self._drawn += 1
                yield line + end
            if last:
                self._drawn += 1
                yield last + end
            start = stop

    def _chunk_end(self, start: int) -> int:
        """Just after the last row end within a chunk, else after the next one, else the text's end."""
        text, most = self._text, start + _CHUNK_CHARS
        if most >= len(text):
            return len(text)
        mark = "\r" if self._by_return else "\n"
        found = text.rfind(mark, start, most)
        if found < 0:
            found = text.find(mark, most)
        if found < 0:
            return len(text)
        return found + 2 if mark == "\r" and text.startswith("\n", found + 1) else found + 1

    def _prepared(self, chunk: str) -> str:
        dialect = self._dialect
        if "\ufeff" in chunk:  # files pasted together bring their byte order marks before each one's header
            chunk = re.sub(rf"(?:^|(?<=[\r\n]))\ufeff+(?={self._first_line})", "", chunk)
        if "\r" in chunk:
            if self._doubled:
                chunk = chunk.replace("\r\r\n", "\r\n")
            if self._by_return:
                chunk = chunk.replace("\r\n", "\n").replace("\r", "\n") if self._feeds else chunk
            elif self._return_mark:
                chunk = re.sub(r"\r(?!\n)", self._return_mark, chunk)
        if dialect.backslash:
            chunk = unescaped(chunk, self._quote_mark)
        if dialect.escaped:
            chunk = chunk.replace("\\" + dialect.delimiter, self._inner_mark)
        if dialect.delimiter == RUN:
            return re.sub(r" {2,}", self._cut, re.sub(r"(?m)^ +|(?<! ) +(?=\r?$)", "", chunk))
        return chunk.replace(dialect.delimiter, self._cut) if len(dialect.delimiter) > 1 else chunk

    def _cut_rows(self) -> Iterator[list[str]]:
        """csv's rows where quotes are in order; rows where they are not are cut by `cut_row`."""
        csv.field_size_limit(min(sys.maxsize, 2**31 - 1))
        feed, ordinal = _Feed(self._lines()), 0
        reader = _reader(feed, self._dialect, self._cut)
        while True:
            row, sound, ran_away = self._next(reader, feed)
            if row is None and sound:
                return
            if not sound:
                reader = _reader(feed, self._dialect, self._cut)
                if len(feed.span) > feed.longest and not ran_away:
                    feed.longest *= 4  # a long cell, read once more with more room
                    feed.again.extendleft(reversed(feed.span))
                    continue
                row, repaired = self._recut(feed, ran_away)
                if repaired:
                    self.repairs.add(ordinal)
            feed.longest = _LONGEST_SPAN
            if row:
                ordinal += 1
                yield row

    def _next(self, reader: Iterator[list[str]], feed: _Feed) -> tuple[list[str] | None, bool, bool]:
        """csv's next row (None at the end), whether it is sound, and whether it swallowed rows."""
        feed.span.clear()
        try:
            row = next(reader, None)
        except csv.Error:
            return None, False, False
        except _LongSpan:
            return None, False, self._ran_away(feed.span, None)
        ran_away = row is not None and len(feed.span) > 1 and self._ran_away(feed.span, row)
        return row, not ran_away, ran_away

    def _ran_away(self, span: list[str], row: list[str] | None) -> bool:
        """Whether a row of several lines swallowed whole rows, through a quote that was never closed."""
        width = self._dialect.width
        if width == 1:
            return row is None and len(span) > _LONGEST_SPAN
        if row is not None and len(row) == width and len(span) < 5:
            return False
        if len(self._plain(span[0])) < width:
            return False
        inner = span[1:_LONGEST_SPAN]
        whole = sum(
            len(cut_row(_bare(line), self._cut, self._dialect.quote, literal=True).cells) == width for line in inner
        )
        return whole >= 0.8 * len(inner)

    def _plain(self, line: str) -> list[str]:
        return _bare(line).split(self._cut)

    def _recut(self, feed: _Feed, ran_away: bool) -> tuple[list[str], bool]:
        """The first row of a span of lines, cut leniently; lines that it does not need are put back."""
        dialect, width = self._dialect, self._dialect.width
        first, lines = feed.span[0], feed.span[1:]
        cut = cut_row(_bare(first), self._cut, dialect.quote, gap=dialect.skip_space)
        if cut.open:
            feed.again.extendleft(reversed(lines))
            cut = cut_row(_bare(first), self._cut, dialect.quote, gap=dialect.skip_space, literal=True)
            if not ran_away and (len(cut.cells) != width or width == 1):
                longer = self._continued(first, feed)
                if longer and (width == 1 or len(longer.cells) == width or len(cut.cells) > width):
                    return longer.cells, longer.stray
                if longer is not None:
                    feed.again.extendleft(reversed(self._tried))
            return cut.cells, True
        feed.again.extendleft(reversed(lines))
        if cut.stray and len(cut.cells) > width > 1:
            characters = _bare(first).split(self._cut)
            if len(characters) == width:
                cut.cells = characters
        return cut.cells, cut.stray

    def _continued(self, first: str, feed: _Feed) -> Cut | None:
        """The row that begins with a line and ends where its open cell closes; None, and nothing read, when far off."""
        here = self._drawn - len(feed.again)
        if self._barren_until - here > _MOST_SPAN // 2:
            return None
        whole, chars, closed_at, reopened = [first], len(first), 0, 0
        while len(whole) <= _MOST_SPAN and chars < _MOST_SPAN_CHARS and reopened < _MOST_REOPENED:
            line = feed.draw()
            if line is None:
                break
            whole.append(line)
            chars += len(line)
            if len(whole) == 2 and self._is_whole(line):
                break
            if closing_quote(_bare(line), 0, self._cut, self._dialect.quote)[0] < 0:
                continue
            closed_at = closed_at or len(whole)
            reopened += 1
            cut = cut_row(_bare("".join(whole)), self._cut, self._dialect.quote, gap=self._dialect.skip_space)
            if not cut.open:
                self._tried = whole[1:]
                return cut
            if len(cut.cells) > self._dialect.width:
                break
        if len(whole) == 2 and not closed_at:
            feed.again.appendleft(whole[1])
            return None
        self._barren_until = here + (closed_at or len(whole)) - 1
        feed.again.extendleft(reversed(whole[1:]))
        return None

    def _is_whole(self, line: str) -> bool:
        """Whether a line is a row on its own: as many cells as the others, each quote with its partner."""
        dialect, bare = self._dialect, _bare(line)
        if dialect.width < 2 or not dialect.quote or bare.count(dialect.quote) % 2:
            return False
        cut = cut_row(bare, self._cut, dialect.quote, gap=dialect.skip_space)
        return not cut.open and not cut.stray and len(cut.cells) == dialect.width


def _bare(line: str) -> str:
    return line.rstrip("\r\n") if line.endswith(("\n", "\r")) else line


def _reader(lines: Iterator[str], dialect: Dialect, cut: str) -> Iterator[list[str]]:
    if not dialect.quote:
        return csv.reader(lines, delimiter=cut, quoting=csv.QUOTE_NONE, skipinitialspace=dialect.skip_space)
    return csv.reader(lines, delimiter=cut, quotechar=dialect.quote, skipinitialspace=dialect.skip_space, strict=True)
