"""What one pass over a table's rows tells about all of them, kept small however many they are."""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Iterable
from dataclasses import dataclass, field

_HEAD_ROWS, _HEAD_CELLS = 1_000, 200_000
_TAIL_ROWS = 40
_SAMPLE_ROWS, _SAMPLE_CELLS = 500, 500_000


@dataclass
class Profile:
    """Counts, the first rows, the last filled rows with their places, and rows from all over the table.

    shapes: rows by number of cells and place of the last filled cell, which tells cells from bare delimiters.
    blank: rows at the end with nothing in them.
    """

    total: int = 0
    blank: int = 0
    shapes: Counter[tuple[int, int]] = field(default_factory=Counter)
    commented: Counter[int] = field(default_factory=Counter)
    head: list[list[str]] = field(default_factory=list)
    tail: deque[tuple[int, list[str]]] = field(default_factory=lambda: deque(maxlen=_TAIL_ROWS))
    sample: list[list[str]] = field(default_factory=list)

    def common_width(self) -> int:
        """The commonest number of cells, comments left out; the greater of two equally common ones."""
        counts: Counter[int] = Counter()
        for (cells, _), count in self.shapes.items():
            counts[cells] += count
        counts = (counts - self.commented) or counts
        return max(counts, key=lambda width: (counts[width], width)) if counts else 0


def filled_cells(row: list[str]) -> int:
    """The place after the last cell that is not blank, 0 where all are."""
    for place in range(len(row), 0, -1):
        if row[place - 1].strip():
            return place
    return 0


def profile_of(rows: Iterable[list[str]]) -> Profile:
    """One pass over the rows; rows without any cell do not count."""
    found = Profile()
    head, tail, sample, shapes = found.head, found.tail, found.sample, found.shapes
    head_cells = sample_cells = 0
    step = 1
    for row in rows:
        if not row:
            continue
        place = found.total
        found.total += 1
        filled = len(row) if row[-1].strip() else filled_cells(row)
        shapes[len(row), filled] += 1
        if row[0].startswith("#"):
            found.commented[len(row)] += 1
        if filled:
            tail.append((place, row))
            found.blank = 0
        else:
            found.blank += 1
        if len(head) < _HEAD_ROWS and head_cells < _HEAD_CELLS:
            head.append(row)
            head_cells += len(row)
        if place % step == 0:
            sample.append(row)
            sample_cells += len(row)
            if len(sample) >= 2 * _SAMPLE_ROWS or (sample_cells > _SAMPLE_CELLS and len(sample) > 20):
                del sample[1::2]
                step *= 2
                sample_cells = sum(map(len, sample))
    return found
