"""What a first analysis on this machine would wait for, compiled and cached before anybody waits: once a version.

umap-learn's inner loop is compiled by numba (about ten seconds), jieba builds its dictionary, the bundled model is
converted and tested for this processor (ten more), the table of glosses is made; all of it is kept on the disk. The
server has it done by a child process at its start: a thread would slow every session meanwhile.
"""

from __future__ import annotations

import hashlib
import json
import logging
import os
import subprocess
import sys
import threading
from pathlib import Path

from pipelines import logs, processes, settings
from pipelines.errors import ReviewscapeError
from pipelines.store import durable
from pipelines.store.bundle import library_versions

_NICENESS = 15
_WHAT = 2
"""Counts up when there is more to warm."""
_log = logging.getLogger(__name__)


def marker() -> Path:
    """The file that says that these versions are warm on this machine."""
    versions = json.dumps([dict(library_versions()), sys.prefix, _WHAT], sort_keys=True)
    return settings.home() / "models" / f"warm-{hashlib.sha256(versions.encode()).hexdigest()[:16]}"


def is_done() -> bool:
    """Whether nothing is left to do."""
    return marker().exists()


def warm() -> None:
    """Compile and cache it here and now; takes about half a minute the first time on a machine, a few after that."""
    from pipelines import project, text

    # The models first: a search in the dashboard waits for them, too.
    _warm_models()
    project.warm_up()
    text.tokens("预热")
    path = marker()
    path.parent.mkdir(parents=True, exist_ok=True)
    durable.replace_file(path, b"")


def _warm_models() -> None:
    from pipelines.embed.bundled import BundledEmbedder
    from pipelines.embed.gloss import GlossEmbedder

    for make, said in ((BundledEmbedder, "warm up"), (GlossEmbedder, "预热")):
        try:
            make().embed_documents([said])
        except (ReviewscapeError, OSError) as error:
            # Whoever needs it is told what lacks.
            logs.event(_log, "warm.failed", level=logging.WARNING, error=error)


def start() -> subprocess.Popen[bytes] | None:
    """Have a child process do it in the background; None where it is done already or no process can be started."""
    if is_done():
        return None
    root = str(Path(__file__).resolve().parents[1])
    paths = os.pathsep.join([root, *filter(None, [os.environ.get("PYTHONPATH")])])
    try:
        child = subprocess.Popen(
            [sys.executable, "-m", "pipelines", "warm"],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            env={**os.environ, "REVIEWSCAPE_HOME": str(settings.home()), "PYTHONPATH": paths},
            start_new_session=True,
        )
    except OSError as error:
        _log.warning("nothing is warmed up: %s", error)
        return None
    # Somebody must wait for a child, or it stays in the process table.
    threading.Thread(target=child.wait, daemon=True).start()
    return child


def step_back() -> None:
    """Let everything else on the machine go first."""
    processes.step_back(_NICENESS)
