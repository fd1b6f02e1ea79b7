"""The part of a file that tells its codec: the stretches around bytes above ASCII, evenly over the whole file.

A file of 400 MB can have its one such byte near its end, so the whole file is looked through (blocks of ASCII cost next
to nothing) and a limited amount is kept.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

BUDGET = 2_000_000
"""Most bytes kept of one file; where there are more, each block gives its share."""
_BLOCK = 1 << 16
_REACH = 1 << 12  # how far a stretch goes where no line end stops it
_HIGH = re.compile(rb"[\x80-\xff]")
# No codec here has a byte below 0x30 within a character, so a cut beside one halves none.
_CUT_AFTER = re.compile(rb"[\x00-\x2f](?=[^\x00-\x2f]*\Z)", re.DOTALL)
_CUT_BEFORE = re.compile(rb"[\x00-\x2f]")
_LINE_END = re.compile(rb"[\r\n]")


def high_lines(data: bytes, budget: int = BUDGET) -> list[bytes]:
    """Lines (or stretches of very long ones) that hold bytes above ASCII, in file order, about `budget` bytes."""
    starts = [at for at in range(0, len(data), _BLOCK) if not data[at : at + _BLOCK].isascii()]
    quota = budget // max(1, len(starts))
    lines: list[bytes] = []
    done = 0
    for start in starts:
        taken = 0
        for first, last in _stretches(data, done, start, start + _BLOCK):
            lines.append(data[first:last])
            done = last
            taken += last - first
            if taken >= quota:
                break
    return lines


def _stretches(data: bytes, done: int, start: int, stop: int) -> Iterator[tuple[int, int]]:
    """Bounds of stretches with a byte above ASCII in start…stop; each may reach back to `done` and on past the stop."""
    while found := _HIGH.search(data, max(start, done), stop):
        at = found.start()
        first, done = _left(data, done, at), _right(data, at)
        yield first, done


def _left(data: bytes, least: int, at: int) -> int:
    """Where the line of the byte at `at` starts, or a safe cut not too far before it."""
    begin = max(least, at - _REACH)
    line = max(data.rfind(b"\n", begin, at), data.rfind(b"\r", begin, at)) + 1
    if line or begin == least:
        return max(line, begin)
    cut = _CUT_AFTER.search(data[begin:at])
    return begin + cut.end() if cut else at


def _right(data: bytes, at: int) -> int:
    """Where the line ends, or a safe cut once the line has gone on for long."""
    end = _LINE_END.search(data, at, at + _REACH)
    if end:
        return end.start()
    cut = _CUT_BEFORE.search(data, at + _REACH, at + (_REACH << 8))
    return cut.start() if cut else min(len(data), at + (_REACH << 8))


def shortened(lines: list[bytes], budget: int) -> list[bytes]:
    """Every n-th line, so that about `budget` bytes are left; never none of some."""
    size = sum(map(len, lines))
    if size <= budget:
        return lines
    step = -(-size // budget)
    return lines[::step]


def above_ascii(text: str) -> int:
    """How many characters of a text are above ASCII."""
    return 0 if text.isascii() else len(text) - len(text.encode("ascii", errors="ignore"))


def pieces(data: bytes, size: int = 1 << 20) -> Iterator[tuple[int, int]]:
    """Bounds of consecutive pieces of about `size` bytes, each cut behind a line end or, failing that, a safe byte."""
    start = 0
    while start < len(data):
        end = start + size
        if end < len(data):
            line = _LINE_END.search(data, end, end + size) or _CUT_BEFORE.search(data, end, end + size)
            end = line.end() if line else min(len(data), end + size)
            if data[end - 1 : end + 1] == b"\r\n":
                end += 1
        end = min(end, len(data))
        yield start, end
        start = end
