"""Every stage meets a disk without room, then one with room: `python -m tests.store.full_disk_child HOW`.

HOW: limit (no file may grow, as RLIMIT_FSIZE has it) or fill (the file system of REVIEWSCAPE_HOME is filled up by a
ballast). Prints {"full": {stage: what came of it}, "old": what could be read meanwhile, "room", "after": with room}.
"""

from __future__ import annotations

import json
import os
import resource
import signal
import sys
from collections.abc import Callable
from typing import Any

import numpy as np

from pipelines import jobs, settings, uploads
from pipelines.checkpoints import Checkpoints
from pipelines.cli import export
from pipelines.embed import VectorCache
from pipelines.errors import UnusableInput
from pipelines.store import journal, library
from pipelines.store.catalog import home as analyses
from pipelines.store.reader import open_bundle
from pipelines.store.verify import verify
from pipelines.view import View
from tests.sample_bundle import parts

IDENTITY = {"name": "made-up"}
TEXTS = [f"t{i}" for i in range(1500)]
ANALYSIS = "0" * 16


def vectors() -> np.ndarray:
    return np.random.default_rng(0).normal(size=(len(TEXTS), 128)).astype(np.float32)


def stages() -> dict[str, Callable[[], object]]:
    """Name → what to try; True where it says of itself that it was done."""

    def embed() -> bool:
        with VectorCache(settings.home() / "vectors.db") as cache:
            cache.put(IDENTITY, TEXTS, vectors())
            return len(cache.get(IDENTITY, TEXTS)) == len(TEXTS)

    def checkpoint() -> bool:
        kept = Checkpoints(settings.home() / "stages", 10)
        kept.save("neighbors", "0" * 64, {"indices": np.random.default_rng(1).random(60_000)})
        return kept.load("neighbors", "0" * 64) is not None

    def exported() -> int:
        path = library.latest_bundle(ANALYSIS)
        target = str(settings.home() / "report.html")
        asked = {"html": target, "csv": None, "parquet": None, "xlsx": None, "view": None}
        return export.run(_arguments(dir=str(path), redact=False, language="en", bom=False, **asked)) == 0

    return {
        "upload": lambda: uploads.keep(os.urandom(300_000)),
        "cache": embed,
        "checkpoint": checkpoint,
        "publish": lambda: library.publish(ANALYSIS, parts(1200)),
        "journal": lambda: library.save_view(
            ANALYSIS, f"long {len(library.list_views(ANALYSIS))}", View(note="x" * 90_000)
        ),
        "create": lambda: library.publish(library.create("another"), parts(1200, seed=6)),
        "queue": lambda: [jobs.submit({"name": "y" * 400_000, "n": n}, start=False) for n in range(3)],
        "export": exported,
    }


def _arguments(**named: Any) -> Any:
    import argparse

    return argparse.Namespace(**named)


def tried() -> dict[str, str]:
    found = {}
    for name, work in stages().items():
        try:
            found[name] = "passed over" if work() is False else "done"
        except UnusableInput as error:
            found[name] = f"said: {error}"
    return found


def old() -> dict[str, Any]:
    """What is there can be read, whatever the disk has room for."""
    found = library.bundles(ANALYSIS)
    path = library.bundle_path(ANALYSIS, found[0].id)
    return {
        "name": library.info(ANALYSIS).name,
        "points": len(open_bundle(path).points),
        "bundles": [one.rows for one in found],
        "views": [view.name for view in library.list_views(ANALYSIS)],
        "problems": verify(path) + journal.find_problems(analyses() / ANALYSIS),
        "cached": _cached(),
        "jobs": len(jobs.list_recent()),
        "left": sorted(path.name for path in settings.home().rglob("*.tmp")),
    }


def _cached() -> int:
    with VectorCache(settings.home() / "vectors.db") as cache:
        return len(cache.get(IDENTITY, ["old"]))


def prepare() -> None:
    library.create("old", analysis_id=ANALYSIS)
    library.publish(ANALYSIS, parts(40))
    library.save_view(ANALYSIS, "look", View())
    jobs.submit({"name": "old"}, start=False)
    with VectorCache(settings.home() / "vectors.db") as cache:
        cache.put(IDENTITY, ["old"], np.ones((1, 128), np.float32))


def without_room(how: str) -> Callable[[], None]:
    """Take the room away; returns what gives it back."""
    if how == "limit":
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
        resource.setrlimit(resource.RLIMIT_FSIZE, (45_000, hard))
        return lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    ballast = settings.home() / "ballast"
    with ballast.open("wb", buffering=0) as file:
        for size in (1 << 16, 1 << 12):
            try:
                while True:
                    file.write(b"\0" * size)
            except OSError:
                continue
    return ballast.unlink


if __name__ == "__main__":
    prepare()
    give_back = without_room(sys.argv[1])
    told: dict[str, Any] = {"full": tried(), "old": old()}
    give_back()
    told |= {"room": tried(), "after": old()}
    sys.stdout.write("\n" + json.dumps(told))
