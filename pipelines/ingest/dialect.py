"""How a file separates its cells: delimiter and quoting, chosen by how evenly they cut the file.

Each delimiter is tried with the quoting that its own file supports (well-formed quoted cells outnumber stray
quotes) and scored by the share of rows of the commonest width, as in van den Burg, Nazabal and Sutton, "Wrangling
messy CSV files by detecting row and type patterns" (2019), with the header's words in place of their cell types.
"""

from __future__ import annotations

import csv
import re
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace

from pipelines.ingest import names

_PRIORS = {
    ",": 1.0,
    "\t": 1.0,
    ";": 1.0,
    "|": 1.0,
    "\x01": 1.0,
    "\x1f": 1.0,
    "^": 0.9,
    "~": 0.8,
    "，": 0.6,
    ":": 0.5,
    " ": 0.3,
}
_SAMPLE_CHARS = 300_000
_LONGEST_SCANNED = 20_000_000  # characters searched for quoted cells; of longer files the sample decides
_NO_DELIMITER = "\x1e"
_SINGLE_COLUMN_SCORE = 0.2
_KNOWN_HEADER_BONUS = 0.3
_LONGEST_SINGLE_COLUMN_SPAN = 100


@dataclass(frozen=True)
class Dialect:
    """One way to cut a text into cells; quote "" means that quotes are plain characters.

    single: one column, where the delimiter (reported as a comma) does not cut.
    """

    delimiter: str
    quote: str = '"'
    backslash: bool = False
    skip_space: bool = False
    width: int = 1
    single: bool = False


def normalize_row_ends(text: str) -> tuple[str, str]:
    """Make every row end contain a line feed; returns the text and the stand-in for carriage returns inside cells.

    A lone CR is a row end only where it is the file's usual one; else it belongs to the cell it stands in.
    """
    if "\r" not in text:
        return text, ""
    text = text.replace("\r\r\n", "\r\n")
    lone = text.count("\r") - text.count("\r\n")
    if not lone:
        return text, ""
    if lone > text.count("\n"):
        return text.replace("\r\n", "\n").replace("\r", "\n"), ""
    stand_in = next(char for char in map(chr, range(0xF8FF, 0xE000, -1)) if char not in text)
    return re.sub(r"\r(?!\n)", stand_in, text), stand_in


def detect(text: str, delimiter: str | None = None) -> Dialect:
    """The dialect that cuts the head of the text most evenly; a given `delimiter` only leaves the quoting open."""
    hint = re.match(r"sep=(.)\r?\n", text)
    chosen = delimiter or (hint.group(1) if hint else None)
    if hint:
        text = text[hint.end() :]
    sample = text if len(text) <= _SAMPLE_CHARS else text[:_SAMPLE_CHARS].rpartition("\n")[0] or text[:_SAMPLE_CHARS]
    lines = sample.split("\n")
    best, best_score = Dialect(","), -1.0
    for candidate in [chosen] if chosen else _PRIORS:
        if candidate not in sample and not chosen and candidate != ",":
            continue
        dialect, quotes_used = _quoting(text if len(text) < _LONGEST_SCANNED else sample, candidate)
        rows = [row for row in _reader(_prepare(lines, dialect), dialect) if any(row)]
        score, width = _score(rows)
        score *= 1.0 if chosen else _PRIORS[candidate] * (0.7 + 0.3 * quotes_used)
        if score > best_score:
            best, best_score = replace(dialect, width=width), score
    if best.width == 1 and not chosen:
        quoting, _ = _quoting(text if len(text) < _LONGEST_SCANNED else sample, _NO_DELIMITER)
        return replace(quoting, delimiter=",", width=1, single=True)
    return best


def rows_of(text: str, dialect: Dialect) -> list[list[str]]:
    """All rows with at least one cell; a quote that was never closed is taken as a plain character."""
    hint = re.match(r"sep=.\r?\n", text)
    lines = _prepare((text[hint.end() :] if hint else text).split("\n"), dialect)
    if lines and not lines[-1]:
        lines.pop()
    return [row for row in _repairing(lines, dialect) if row]


def _prepare(lines: list[str], dialect: Dialect) -> list[str]:
    # Doubling keeps every other backslash as written, which csv's own escapechar would swallow.
    return [line.replace('\\"', '""') for line in lines] if dialect.backslash else lines


def _reader(lines: Iterator[str] | list[str], dialect: Dialect) -> Iterator[list[str]]:
    csv.field_size_limit(min(sys.maxsize, 2**31 - 1))
    ended = (line + "\n" for line in lines)
    delimiter = _NO_DELIMITER if dialect.single else dialect.delimiter
    if not dialect.quote:
        return csv.reader(ended, delimiter=delimiter, quoting=csv.QUOTE_NONE)
    return csv.reader(ended, delimiter=delimiter, quotechar=dialect.quote, skipinitialspace=dialect.skip_space)


def _repairing(lines: list[str], dialect: Dialect) -> Iterator[list[str]]:
    """csv rows, but a row that swallowed whole rows through an unclosed quote is read again without quoting."""
    position = 0

    def feed() -> Iterator[str]:
        nonlocal position
        while position < len(lines):
            position += 1
            yield lines[position - 1]

    plain = replace(dialect, quote="")
    reader, start = _reader(feed(), dialect), 0
    while True:
        row = next(reader, None)
        if row is None:
            return
        if position - start > 1 and _ran_away(lines[start:position], row, dialect, plain):
            yield next(_reader([lines[start]], plain))
            position = start + 1
            reader = _reader(feed(), dialect)
        else:
            yield row
        start = position


def _ran_away(span: list[str], row: list[str], dialect: Dialect, plain: Dialect) -> bool:
    if dialect.width == 1:
        return len(span) > _LONGEST_SINGLE_COLUMN_SPAN
    if len(row) == dialect.width and len(span) < 5:
        return False
    if len(next(_reader([span[0]], plain))) < dialect.width:
        return False
    inner = span[1:200]
    whole = sum(len(next(_reader([line], dialect), [])) == dialect.width for line in inner)
    return whole >= 0.8 * len(inner)


def _quoting(text: str, delimiter: str) -> tuple[Dialect, float]:
    """The quoting under which most quoted cells of the text are well formed, and the share of quotes it explains."""
    cut = re.escape(delimiter)
    if '"' not in text:
        well, stray, used = _count_cells(text, cut, "'", gap="")
        single = well > 5 * stray and well > 2
        return Dialect(delimiter, "'" if single else '"'), used if single else 1.0
    well, stray, used = _count_cells(text, cut, '"', gap="")
    skip_space = False
    if delimiter != " " and re.search(cut + ' +"', text):
        spaced = _count_cells(text, cut, '"', gap=" *")
        if spaced[0] > well and spaced[1] <= stray:
            (well, stray, used), skip_space = spaced, True
    if stray and '\\"' in text:
        escaped = _count_cells(text.replace('\\"', '""'), cut, '"', gap="")
        if escaped[1] < stray and escaped[0] >= well:
            return Dialect(delimiter, '"', backslash=True), escaped[2]
    return Dialect(delimiter, '"' if well >= stray else "", skip_space=skip_space), used


def _count_cells(text: str, cut: str, quote: str, gap: str) -> tuple[int, int, float]:
    """How many cells are quoted from end to end, how many only start with a quote, and the share of quotes used so."""
    start = rf"(?:(?:^|{cut}){gap}){quote}"
    whole = re.compile(rf"{start}[^{quote}]*(?:{quote}{quote}[^{quote}]*)*{quote}(?={cut}|\r?$)", re.MULTILINE)
    rest, well = whole.subn("", text)
    used = 1 - rest.count(quote) / max(1, text.count(quote))
    return well, len(re.findall(start, rest, re.MULTILINE)), used


def _score(rows: list[list[str]]) -> tuple[float, int]:
    """How even the rows are, 0…1.3, and their commonest width."""
    rows = [row for row in rows if not row[0].startswith("#")] or rows  # comments have no columns
    if not rows:
        return 0.0, 1
    widths = Counter(map(len, rows))
    width = max(widths, key=lambda wide: (widths[wide], wide))
    common: float = widths[width]
    bonus = 0.0
    for row in rows[:10]:
        if len(row) > 1 and names.looks_named(row):
            bonus, width = _KNOWN_HEADER_BONUS, len(row)
            # Surplus cells under a clear header are unquoted delimiters in the text: half as good as an even row.
            common = widths[width] + sum(count for wider, count in widths.items() if wider > width) / 2
            break
    if not bonus and len(rows[0]) == 1 and names.is_known(rows[0][0]):
        return _SINGLE_COLUMN_SCORE + _KNOWN_HEADER_BONUS, 1
    if width == 1:
        return _SINGLE_COLUMN_SCORE, 1
    return (common / len(rows)) ** 2 * (width - 1) / width + bonus, width
