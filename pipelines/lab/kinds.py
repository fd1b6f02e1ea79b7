"""The lab's long work: which jobs there are, and how they tell how far they are."""

from __future__ import annotations

from pipelines.progress import Progress

COMPARE, ADAPT = "lab_compare", "lab_adapt"
KINDS = frozenset({COMPARE, ADAPT})
COMPARING, ADAPTING = "comparing", "adapting"
"""The stages that they are told as; each is the whole of its job (estimate.WHOLE)."""


class Part:
    """A Progress that tells a part of a job, `begin` … `end` of 100, as one stage."""

    def __init__(self, progress: Progress, stage: str, begin: float, end: float) -> None:
        self._tell, self._stage, self._begin, self._end = progress, stage, begin, end

    def __call__(self, stage: str, done: float, total: float, *, rate: float | None = None, note: str = "") -> None:
        """Tell how far this part is, whatever its own stage."""
        share = min(max(done / total, 0.0), 1.0) if total > 0 else 0.0
        self._tell(self._stage, self._begin + (self._end - self._begin) * share, 100.0)
