"""When an analysis is made of landmarks, which engine does its parts, and where these are kept."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np

from pipelines.config import LOCAL, RAY, AnalyzeConfig
from pipelines.errors import N_, UnusableInput
from pipelines.landmarks import LandmarkConfig
from pipelines.large import held, here, on_ray
from pipelines.large.work import Done, Work
from pipelines.progress import Progress
from pipelines.running import Request
from pipelines.store.reader import Bundle

Engine = Callable[[Work, Sequence[int], Progress, Callable[[Done], None]], None]
FOLDER = "large"
SUMMARY = "landmarks"
"""In summary.json: n in the sample, of how many different units, and how many were placed by it."""
_KEPT_S = 24 * 3600.0
"""Parts of a run that nobody went on with for so long are removed when the next one begins."""


def config_of(request: Request) -> LandmarkConfig:
    """The settings `landmarks.…` of a run."""
    return request.config.stage_config("landmarks", LandmarkConfig())


def is_wanted(request: Request, units: int) -> bool:
    """Whether so many units are mapped by landmarks: beyond the limit, or where a cluster was asked for."""
    return request.engine == RAY or units > config_of(request).above


def can_refit(bundle: Bundle) -> bool:
    """Whether a map can be made anew over this one as a whole: none of a sample, nor of more units than have one."""
    try:
        chosen = AnalyzeConfig.from_dict(dict(bundle.config)).stage_config("landmarks", LandmarkConfig())
    except UnusableInput:
        # Settings of another version.
        return False
    placed = bundle.summary.get(SUMMARY, {}).get("placed", 0)
    return not placed and len(bundle.points) <= max(chosen.above, chosen.most)


def engine_of(request: Request) -> Engine:
    """What does the parts; raises UnusableInput where Ray is asked for and not installed."""
    if request.engine == LOCAL:
        return here.run
    if request.engine == RAY:
        on_ray.check_installed()
        return on_ray.run
    raise UnusableInput(
        N_("{name} cannot be “{value}”; choose one of: {allowed}."),
        name="engine",
        value=request.engine,
        allowed=f"{LOCAL}, {RAY}",
    )


def work_folder(caches: Path, digest: str) -> Path:
    """The folder of one run's parts; what older runs left is removed."""
    folder = caches / FOLDER / digest[:32]
    held.hold(folder)
    folder.touch()
    for other in folder.parent.iterdir():
        with contextlib.suppress(OSError):
            if other != folder and time.time() - other.stat().st_mtime > _KEPT_S:
                held.clear(other)
    return folder


def clear(vectors: np.ndarray) -> None:
    """Remove the parts that led to the vectors of a bundle, now that it holds them; any other array is let be.

    They stay while another run of the same vectors uses them.
    """
    folder = folder_of(vectors)
    if folder is not None:
        held.clear(folder)


def folder_of(vectors: np.ndarray) -> Path | None:
    """The folder of parts that vectors are mapped from; None for any others."""
    name = getattr(vectors, "filename", None)
    return Path(name).parent if name is not None and Path(name).parent.parent.name == FOLDER else None
