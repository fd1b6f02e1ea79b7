"""Publishes into copies of a home and dies at each step on the disk in turn: `-m tests.store.publish_steps FOLDER N`.

N: every how many steps. After each death a fresh process sweeps and looks: the analysis is as before or has the new
bundle, which is whole, and where it was acknowledged it is there. Prints how many steps there were.
"""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Callable
from pathlib import Path

from pipelines.store import catalog, journal, library, sweeping
from pipelines.store.verify import verify
from tests.conftest import build_parts
from tests.store.busy_child import die_at

ANALYSIS = "0" * 16


def apart(home: Path, work: Callable[[], None]) -> int:
    """Do `work` in a process of its own, on `home`; its exit status, negative for a signal."""
    child = os.fork()
    if not child:
        os.environ["REVIEWSCAPE_HOME"] = str(home)
        try:
            work()
        except BaseException as error:
            sys.stderr.write(f"{home.name}: {error!r}\n")
            os._exit(1)
        os._exit(0)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def prepare() -> None:
    library.create("kept", analysis_id=ANALYSIS)
    library.publish(ANALYSIS, build_parts(8))


def look(acknowledged: Path) -> None:
    sweeping.sweep()
    found = library.bundles(ANALYSIS)
    folder = catalog.home() / ANALYSIS
    assert [one.rows for one in found] in ([8], [8, 9]), found
    assert len(found) == 2 or not acknowledged.exists(), "acknowledged, and lost"
    assert [problem for one in found for problem in verify(folder / "bundles" / one.id)] == []
    assert journal.find_problems(folder) == []
    assert not list(catalog.home().rglob("*.tmp"))
    library.publish(ANALYSIS, build_parts(10))
    assert [one.rows for one in library.bundles(ANALYSIS)][-1] == 10, "the next one is published"


def main(folder: Path, every: int) -> int:
    first = folder / "first"
    first.mkdir()
    assert apart(first, prepare) == 0
    steps = 0
    while True:
        steps += every
        home = folder / str(steps)
        shutil.copytree(first, home)
        acknowledged = folder / f"{steps}.acknowledged"

        def publish(count: int = steps, told: Path = acknowledged) -> None:
            die_at(count, after=bool(count % 2))
            library.publish(ANALYSIS, build_parts(9))
            told.touch()

        ended = apart(home, publish)
        assert ended in (0, -9), ended
        assert apart(home, lambda told=acknowledged: look(told)) == 0, f"step {steps}"
        shutil.rmtree(home)
        if ended == 0:
            return steps


if __name__ == "__main__":
    print(main(Path(sys.argv[1]), int(sys.argv[2])))  # noqa: T201
