"""A worker killed with -9 at any moment of any stage: its job goes on, and what comes out has the same bytes.

REVIEWSCAPE_TORTURE_WORKER_KILLS says how many kills the torture makes (100 unless it says otherwise).
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from pipelines import jobs, uploads
from tests import made_reviews, worker_kills
from tests.conftest import ROOT
from tests.worker_kills import KEPT, Kill

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="signals and /proc")
KILLS = int(os.environ.get("REVIEWSCAPE_TORTURE_WORKER_KILLS", "100"))
PER_JOB = 5


@pytest.fixture
def fresh(tmp_path, shared_models, monkeypatch) -> Callable[[str], None]:
    """fresh(name): a state folder of its own, with real workers that can be told to die."""
    monkeypatch.setenv("REVIEWSCAPE_JOB_RUNNER", "tests.worker_kills:run")
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    monkeypatch.setenv("REVIEWSCAPE_WORKERS", "2")
    monkeypatch.setenv("REVIEWSCAPE_BATCH_TOKENS", "256")

    def make(name: str) -> None:
        folder = tmp_path / name
        folder.mkdir()
        (folder / "models").symlink_to(shared_models)
        monkeypatch.setenv("REVIEWSCAPE_HOME", str(folder))

    return make


def spec(embedder: str, rows: int = 60) -> dict[str, object]:
    path = uploads.folder().parent / "made.csv"
    made_reviews.write(path, made_reviews.table(made_reviews.mixed(rows)))
    kept = uploads.keep(path.read_bytes())
    config = {"embedder": embedder, "extra": {"cluster.resamples": "3"}}
    return {"uploads": [{"path": str(kept), "name": "made.csv"}], "name": "made.csv", "config": config}


def undisturbed(embedder: str) -> tuple[bytes, ...]:
    job_id, attempts = worker_kills.endure(spec(embedder), [])
    assert [attempt.state for attempt in attempts] == [jobs.DONE]
    assert attempts[0].taken == set() and attempts[0].kept == {*KEPT}
    return worker_kills.bytes_of(worker_kills.check(job_id, attempts))


def test_killed_in_later_stages_no_earlier_one_is_made_again(fresh):
    fresh("quiet")
    expected = undisturbed("lexical")
    fresh("killed")
    kills = [Kill("clusters"), Kill("outliers"), Kill(worker_kills.PUBLISHED)]
    job_id, attempts = worker_kills.endure(spec("lexical"), kills)
    assert [attempt.was_killed for attempt in attempts] == [True, True, True, False]
    assert [attempt.taken for attempt in attempts] == [
        *(set(), {"neighbors", "projection"}, {*KEPT}),
        # What was published is the result: no stage is looked at again.
        set(),
    ]
    bundle: Path = worker_kills.check(job_id, attempts)
    assert worker_kills.bytes_of(bundle) == expected


@pytest.mark.torture
def test_a_hundred_kills_over_all_stages(fresh):
    expected = {}
    for embedder in ("lexical", "bundled"):
        fresh(f"quiet-{embedder}")
        expected[embedder] = undisturbed(embedder)
    died, seed, moments = 0, 0, set()
    while died < KILLS:
        embedder = ("lexical", "bundled")[seed % 2]
        fresh(f"killed-{seed}")
        planned = worker_kills.plans(seed, 2 * len(worker_kills.MOMENTS))[: min(PER_JOB, KILLS - died)]
        job_id, attempts = worker_kills.endure(spec(embedder), planned)
        bundle = worker_kills.check(job_id, attempts)
        assert worker_kills.bytes_of(bundle) == expected[embedder], f"seed {seed}"
        killed = [attempt.kill.moment for attempt in attempts if attempt.was_killed]
        died, moments = died + len(killed), moments | {*killed}
        sys.stderr.write(f"seed {seed} ({embedder}): killed in {', '.join(killed)}; {died} of {KILLS}\n")
        seed += 1
    assert moments == {*worker_kills.MOMENTS} or len(worker_kills.MOMENTS) * 3 > KILLS
