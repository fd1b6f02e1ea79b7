"""Killed at any moment, the next run goes on: the cache is sound, one batch is repeated, no bit of a vector changes.

A kill comes at a step that the child has told and stands still at, or, in a commit, while it goes on: no clock decides.
"""

from __future__ import annotations

import json
import os
import random
import signal
import sqlite3
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from pipelines.embed import VectorCache
from tests.conftest import ROOT, cli_environment
from tests.embed.kill_child import made_up

STEPS = ("compute", "computed", "BEGIN", "INSERT", "COMMIT", "in COMMIT", "kept")
_LONGEST_SPIN = 30_000


@dataclass(frozen=True)
class Kill:
    """At the `nth` telling of a step; `spin`: turns of a loop that the parent makes first where the child goes on."""

    step: str
    nth: int
    spin: int = 0


@dataclass
class Run:
    """What a child told: the batches begun, those known to be durable, texts embedded, and its last step."""

    begun: list[str] = field(default_factory=list)
    kept: list[str] = field(default_factory=list)
    texts: int = 0
    largest: int = 0
    identity: dict[str, Any] = field(default_factory=dict)
    last: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Site:
    """Where children work: the same texts and the same cache, one run after another."""

    folder: Path
    kind: str
    count: int

    @property
    def cache(self) -> Path:
        return self.folder / "vectors.db"

    @property
    def vectors(self) -> Path:
        return self.folder / "vectors.npy"

    def run(self, kill: Kill | None = None) -> Run:
        """One child, to its end or to its death."""
        told = Run()
        seen = 0
        child = self._child()
        assert child.stdin is not None
        assert child.stdout is not None
        with child:
            for line in child.stdout:
                told.last = json.loads(line)
                step = told.last["step"]
                _note(told, step)
                seen += kill is not None and step == kill.step.removeprefix("in ")
                if kill is not None and seen == kill.nth:
                    if kill.step == "in COMMIT":
                        child.stdin.write("\n")
                        child.stdin.flush()
                        for _ in range(kill.spin):
                            pass
                    os.kill(child.pid, signal.SIGKILL)
                    break
                child.stdin.write("\n")
                child.stdin.flush()
            child.stdin.close()
        assert child.returncode in (0, -signal.SIGKILL), told.last
        return told

    def _child(self) -> subprocess.Popen[str]:
        command = [sys.executable, "-m", "tests.embed.kill_child", self.cache, self.kind, self.count, self.vectors]
        # Small batches, so that there are many moments between two of them; bits do not depend on their size.
        more = {"REVIEWSCAPE_BATCH_TOKENS": "512", "REVIEWSCAPE_THREADS": "1"}
        environment = cli_environment(self.folder.parent / "home", **more)
        return subprocess.Popen(
            list(map(str, command)),
            cwd=ROOT,
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )


def _note(told: Run, step: str) -> None:
    if step == "identity":
        told.identity = told.last["identity"]
    elif step == "compute":
        told.begun.append(told.last["batch"])
    elif step == "computed":
        told.texts += told.last["texts"]
        told.largest = max(told.largest, told.last["texts"])
    elif step == "kept":
        told.kept = list(told.begun)


def _kept_vectors(site: Site, identity: dict[str, Any], texts: list[str]) -> dict[int, np.ndarray]:
    """What the cache holds after a kill; a database that is damaged would not pass."""
    with sqlite3.connect(site.cache) as database:
        assert database.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    database.close()
    with VectorCache(site.cache) as cache:
        return dict(cache.get(identity, texts))


def _endure(tmp_path: Path, kind: str, count: int, kills: list[Kill]) -> None:
    """All kills, one after another over the same cache, then a run to the end against an undisturbed one."""
    for name in ("quiet", "killed"):
        (tmp_path / name).mkdir()
    quiet = Site(tmp_path / "quiet", kind, count)
    undisturbed = quiet.run()
    expected = np.load(quiet.vectors)
    texts = made_up(count)
    site = Site(tmp_path / "killed", kind, count)
    runs = []
    for kill in kills:
        runs.append(site.run(kill))
        assert runs[-1].last["step"] != "end", "it was killed"
        if kind != "moody":  # whose rows are kept under their batch
            kept = _kept_vectors(site, runs[-1].identity, texts)
            for i, vector in kept.items():
                assert vector.tobytes() == expected[i].tobytes()
    runs.append(site.run())
    assert np.load(site.vectors).tobytes() == expected.tobytes()
    for number, run in enumerate(runs):
        later = {batch for after in runs[number + 1 :] for batch in after.begun}
        assert not later & set(run.kept), "a batch told to be durable is never computed again"
        assert later & set(run.begun) <= set(run.begun[-1:]), "but the one under way, none is repeated"
    assert undisturbed.texts == len(set(texts))
    largest = max(run.largest for run in [*runs, undisturbed])
    assert sum(run.texts for run in runs) <= undisturbed.texts + len(kills) * largest
    assert site.run().begun == [], "a second run embeds nothing"


def _kills(seed: int, count: int, *, batch: int) -> list[Kill]:
    """Seeded kills, a few batches after the last one each; every kind of moment comes in turn."""
    chance = random.Random(seed)
    kills = []
    for number in range(count):
        step = STEPS[number % len(STEPS)]
        nth = chance.randint(1, 3 * batch) if step == "INSERT" else chance.randint(1, 3)
        kills.append(Kill(step, nth, chance.randrange(_LONGEST_SPIN)))
    chance.shuffle(kills)
    return kills


def test_killed_while_it_embeds_nothing_is_lost(tmp_path: Path) -> None:
    _endure(tmp_path, "bundled", 120, [Kill("computed", 2), Kill("in COMMIT", 2, 500)])


@pytest.mark.parametrize("seed", [0, 1])
def test_where_bits_depend_on_the_batch_a_kill_changes_none(seed: int, tmp_path: Path) -> None:
    _endure(tmp_path, "moody", 300, _kills(seed, 7, batch=4))


@pytest.mark.torture
@pytest.mark.parametrize("seed", [0])
def test_twenty_kills(seed: int, tmp_path: Path) -> None:
    _endure(tmp_path, "bundled", 2000, _kills(seed, 20, batch=30))


@pytest.mark.torture
@pytest.mark.parametrize("seed", range(2, 6))
def test_many_kills_where_bits_depend_on_the_batch(seed: int, tmp_path: Path) -> None:
    _endure(tmp_path, "moody", 1000, _kills(seed, 40, batch=4))
