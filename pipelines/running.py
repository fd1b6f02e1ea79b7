"""One run of an analysis: what was asked for, and what it hands from stage to stage."""

from __future__ import annotations

import hashlib
import logging
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import lru_cache
from pathlib import Path

import numpy as np

from pipelines import checkpoints, ingest, logs
from pipelines.config import LOCAL, AnalyzeConfig
from pipelines.ingest import Source
from pipelines.pictures import Wanted
from pipelines.progress import Progress, within
from pipelines.store.bundle import library_versions
from pipelines.types import Warning_

_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Request:
    """What to analyse: the upload (a path, its bytes, or several files), the name people know it by, how to read it.

    vectors: the person's own, a .npy file with one row a data row (a Source where people know it by another name).
    pictures: where those that a column names are, and the model that reads them. tell: hears what is about to be sent
    to another computer. engine: one of ENGINES.
    """

    source: Path | bytes | Sequence[Source]
    name: str
    ingest: ingest.IngestOptions = field(default_factory=ingest.IngestOptions)
    config: AnalyzeConfig = field(default_factory=AnalyzeConfig)
    vectors: Path | Source | None = None
    pictures: Wanted | None = None
    allow_paid: bool = False
    tell: Callable[[Warning_], None] | None = None
    engine: str = LOCAL

    def pictures_told(self, count: int) -> dict[str, object] | None:
        """Plain values, for summary.json: what was asked for of pictures, and how many there are."""
        return None if self.pictures is None else {**self.pictures.as_dict(), "n": count}


@dataclass
class Run:
    """The state that one run hands from stage to stage: progress, seconds per stage, kept results, warnings."""

    request: Request
    progress: Progress
    kept: checkpoints.Checkpoints
    seconds: dict[str, float] = field(default_factory=dict)
    warnings: list[Warning_] = field(default_factory=list)

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        """Tell that a stage began and ended, and time it."""
        self.progress(name, 0, 1)
        started = time.perf_counter()
        yield
        self.seconds[name] = round(time.perf_counter() - started, 3)
        self.progress(name, 1, 1)

    def within(self, low: float, high: float) -> Run:
        """The same run, whose progress is told as the shares `low` to `high` of the stage that it is in."""
        return replace(self, progress=within(self.progress, low, high))

    def keep(
        self, stage: str, digest: str, compute: Callable[[], Mapping[str, np.ndarray]]
    ) -> Mapping[str, np.ndarray]:
        """A stage's arrays: kept ones where the same went in before, through the same versions, else made and kept."""
        digest = checkpoints.digest(digest, code_digest(), library_versions())
        kept = self.kept.load(stage, digest)
        if kept is not None:
            logs.event(_log, "stage.taken", stage=stage)
            return kept
        made = compute()
        self.kept.save(stage, digest, made)
        return made


@lru_cache(maxsize=1)
def code_digest() -> str:
    """Changes with any line of the package: a kept result is that of the code that would compute it now."""
    folder = Path(__file__).parent
    sums = hashlib.sha256()
    for path in sorted(folder.rglob("*.py")):
        sums.update(path.relative_to(folder).as_posix().encode() + b"\0" + path.read_bytes())
    return sums.hexdigest()
