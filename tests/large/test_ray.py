"""The same analysis by Ray's actors, in a process of its own as a person runs it."""

import json
import os
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest

from benchmarks import ray as side_by_side
from pipelines import processes
from pipelines.large import on_ray
from pipelines.store.reader import open_bundle

ROOT = Path(__file__).parents[2]
needs_ray = pytest.mark.skipif(find_spec("ray") is None, reason="Ray is an extra: pip install -r requirements-ray.txt")


def _analyze(file: Path, out: Path, home: Path, *more: str, code: str = "") -> subprocess.CompletedProcess[str]:
    arguments = ["analyze", str(file), "--draft", "--out", str(out), "--set", "landmarks.most=250", *more]
    script = f"import sys\n{code}\nfrom pipelines.__main__ import main\nsys.exit(main({arguments!r}))"
    return subprocess.run(
        [sys.executable, "-c", script],
        capture_output=True,
        encoding="utf-8",
        cwd=ROOT,
        env={**os.environ, "REVIEWSCAPE_HOME": str(home), "HOME": str(home)},
        timeout=600,
    )


def test_without_ray_the_command_says_how_to_install_it(file: Path, tmp_path: Path) -> None:
    ran = _analyze(file, tmp_path / "out", tmp_path, "--engine", "ray", code="sys.modules['ray'] = None")
    assert ran.returncode == 2
    assert ran.stdout == ""
    assert ran.stderr.splitlines()[-1].endswith("run `pip install 'ray[data]==2.60.0'`.")
    assert not (tmp_path / "out").exists()


def test_another_engine_is_refused(file: Path, tmp_path: Path) -> None:
    ran = _analyze(file, tmp_path / "out", tmp_path, "--engine", "spark")
    assert ran.returncode == 2
    assert "spark" in ran.stderr


@needs_ray
def test_ray_gives_the_same_bits_prints_nothing_and_leaves_nothing(file: Path, tmp_path: Path) -> None:
    home = tmp_path / "h"
    home.mkdir()
    here = _analyze(file, tmp_path / "here", home, "--set", "landmarks.above=0")
    ran = _analyze(file, tmp_path / "ray", home, "--set", "landmarks.above=0", "--engine", "ray")
    assert (here.returncode, ran.returncode) == (0, 0), ran.stderr
    (line,) = ran.stdout.splitlines()
    assert json.loads(line)["rows"] == len(open_bundle(tmp_path / "ray").rows)
    one, other = open_bundle(tmp_path / "here"), open_bundle(tmp_path / "ray")
    assert np.array_equal(one.vectors, other.vectors)
    assert one.points.equals(other.points)
    assert [path.name for path in home.iterdir() if "ray" in path.name] == []
    ours = ("note:", "[")  # the last is of Ray's C++ part, which tells of actors by a log of its own
    told = [text for text in ran.stderr.splitlines() if not text.startswith(ours) and not text.endswith("…")]
    assert told == []


def test_what_killed_runs_left_is_removed_and_what_lives_is_let_be(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    monkeypatch.setattr(on_ray, "_MOST_CHARS", 4096)
    child = subprocess.Popen([sys.executable, "-c", ""])
    child.wait()
    dead, alive, other = (tmp_path / name for name in (f"rs-ray-{child.pid}-a", f"rs-ray-{os.getpid()}-b", "rs-ray-c"))
    for folder in (dead, alive, other):
        folder.mkdir()
    made = on_ray._short_folder()
    assert made.is_dir()
    assert [folder.exists() for folder in (dead, alive, other)] == [not processes.can_tell(), True, True]


@needs_ray
@pytest.mark.torture
def test_a_killed_actor_loses_no_row(capsys: pytest.CaptureFixture[str]) -> None:
    assert side_by_side.main(["--texts", "30000", "--landmarks", "500"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["ray"]["killed"]
    assert told["ray"]["parts_twice"] >= 1
    assert told["units"][0] == told["units"][1]
    assert told["same_bits"]
    assert told["same_points"]
