"""Killed at any moment, a fresh process finds everything that was acknowledged, and nothing that is not whole."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import ROOT, cli_environment

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="no kill -9")
KILLS = int(os.environ.get("REVIEWSCAPE_TORTURE_KILLS", "100"))
KILLS_A_HOME = 10
_MOST_STEPS, _MOST_LINES = 400, 60


@dataclass
class Known:
    """What was acknowledged so far, and the keys that were under way when the process was killed."""

    facts: dict[str, Any] = field(default_factory=dict)
    in_doubt: list[str] = field(default_factory=list)
    acknowledged: int = 0

    def hear(self, line: str) -> None:
        said, what = json.loads(line)
        if said == "begin":
            self.in_doubt = what
        else:
            self.facts |= what
            self.in_doubt = []
            self.acknowledged += 1


def live_and_die(home: Path, seed: int, known: Known) -> None:
    """One process: killed at a step of its own on the disk, or by its parent after some lines, while it goes on."""
    chance = random.Random(seed)
    by_itself = chance.random() < 0.5
    steps = chance.randint(1, _MOST_STEPS) if by_itself else 0
    lines_left = chance.randint(1, _MOST_LINES)
    child = subprocess.Popen(
        [sys.executable, "-m", "tests.store.busy_child", str(seed), str(steps)],
        cwd=ROOT,
        env=cli_environment(home),
        stdout=subprocess.PIPE,
        text=True,
    )
    assert child.stdout is not None
    with child:
        for line in child.stdout:
            if not line.endswith("\n"):
                break
            known.hear(line)
            lines_left -= 1
            if not by_itself and lines_left == 0:
                for _ in range(chance.randrange(200_000)):
                    pass
                child.kill()
    assert child.returncode == -signal.SIGKILL


def look(home: Path, known: Known) -> None:
    """Nothing is damaged, nothing acknowledged is lost; what was under way is as before or as it would have been."""
    keys = list(known.facts)
    done = subprocess.run(
        [sys.executable, "-m", "tests.store.fresh_look"],
        cwd=ROOT,
        env=cli_environment(home),
        input=json.dumps(keys),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    assert told["problems"] == []
    assert told["again"] == [], "one sweep is enough"
    for key, value in told["facts"].items():
        if key in known.in_doubt:
            if key.startswith("bundles "):
                assert value[: len(known.facts[key])] == known.facts[key]
                assert len(value) <= len(known.facts[key]) + 1
            known.facts[key] = value
        else:
            assert value == known.facts[key], key
    known.in_doubt = []


def endure(home: Path, seeds: range) -> int:
    """All kills over one home; how much was acknowledged."""
    known = Known()
    for seed in seeds:
        live_and_die(home, seed, known)
        look(home, known)
    return known.acknowledged


def test_what_was_acknowledged_survives_a_few_kills(home: Path) -> None:
    assert endure(home, range(1, 4)) > 0


@pytest.mark.torture
@pytest.mark.parametrize("first", range(1000, 1000 + KILLS, KILLS_A_HOME))
def test_what_was_acknowledged_survives_many_kills(first: int, home: Path) -> None:
    acknowledged = endure(home, range(first, first + KILLS_A_HOME))
    print(f"{KILLS_A_HOME} kills, {acknowledged} things acknowledged, all there")  # noqa: T201
