"""Parts done one after another in this process; stages themselves use all of its cores."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from pipelines.large.work import Done, Work
from pipelines.progress import Progress

Hear = Callable[[Done], None]


def run(work: Work, parts: Sequence[int], progress: Progress, hear: Hear) -> None:
    """Do the parts of a work; `hear` is told of each. Raises as the work does, and Cancelled between parts."""
    if not parts:
        return
    before = work.made.count - len(parts)
    progress(work.stage, before, work.made.count)
    do = work.opened()
    for done, part in enumerate(parts):
        progress(work.stage, before + done, work.made.count)
        hear(do(part))
