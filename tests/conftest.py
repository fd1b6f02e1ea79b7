"""Fixtures that tests of several folders share."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from pipelines.store.bundle import BundleParts

ROOT = Path(__file__).resolve().parents[1]
LABELS = ("negative", "neutral", "positive")


def cli_environment(home: Path, **more: str) -> dict[str, str]:
    """Variables for a child `python -m pipelines`: own state, English messages, warnings as people have them."""
    inherited = {name: value for name, value in os.environ.items() if name != "PYTHONWARNINGS"}
    return {**inherited, "REVIEWSCAPE_HOME": str(home), "LC_ALL": "C.UTF-8", **more}


def run_cli(*arguments: object, home: Path, **more: str) -> subprocess.CompletedProcess[str]:
    """`python -m pipelines ARGUMENTS` as a child process, waited for; `more` are environment variables."""
    return subprocess.run(
        [sys.executable, "-m", "pipelines", *map(str, arguments)],
        cwd=ROOT,
        env=cli_environment(home, **more),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=600,
        check=False,
    )


@pytest.fixture(scope="session", autouse=True)
def bare_computer(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """No model and no Ollama of the machine that tests decides what `auto` takes."""
    from huggingface_hub import constants

    hub = tmp_path_factory.mktemp("hub")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(constants, "HF_HUB_CACHE", str(hub))
        patch.setenv("HF_HUB_CACHE", str(hub))
        # Port 9 (discard) has no server: refused at once.
        patch.setenv("OLLAMA_HOST", "http://127.0.0.1:9")
        patch.setenv("REVIEWSCAPE_HOME", str(tmp_path_factory.mktemp("home")))
        # Tests of the warm-up switch it on.
        patch.setenv("REVIEWSCAPE_WARM_UP", "0")
        yield


@pytest.fixture(scope="session")
def shared_models(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What models leave on disk (graphs, verdicts, word tables), made once for the whole run."""
    return tmp_path_factory.mktemp("models")


@pytest.fixture
def home(tmp_path: Path, shared_models: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty state folder but for the models, used by everything in the test and by its child processes."""
    folder = tmp_path / "home"
    folder.mkdir()
    (folder / "models").symlink_to(shared_models)
    monkeypatch.setenv("REVIEWSCAPE_HOME", str(folder))
    return folder


def build_parts(n: int = 30, dim: int = 8, *, seed: int = 0, topics: int = 3, draft: bool = False) -> BundleParts:
    """A small sound result with one unit a row: made-up reviews, random places."""
    rng = np.random.default_rng(seed)
    cluster = (np.arange(n) % (topics + 1) - 1).astype(np.int32) if topics else np.full(n, -1, np.int32)
    texts = [f"第{i}条:房间很干净 room {i} was 'clean', “quiet” & <b>bright</b>" for i in range(n)]
    vectors = rng.normal(size=(n, dim)).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    duplicate_of = pd.array([None] * n, dtype="Int64")
    if n > 4:
        duplicate_of[4] = 1
    points = pd.DataFrame(
        {
            "row_id": np.arange(n),
            "unit_id": np.arange(n),
            "text": texts,
            **{axis: rng.normal(size=n).astype(np.float32) for axis in ("x2", "y2", "x3", "y3", "z3")},
            "cluster": cluster,
            "joined": rng.random(n) < 0.2,
            "cluster_strength": rng.random(n).astype(np.float32),
            "topic": [f"topic {c}" if c >= 0 else "" for c in cluster],
            "sentiment": rng.uniform(-1, 1, n).astype(np.float32),
            "sentiment_label": [LABELS[i % 3] for i in range(n)],
            "outlier_score": rng.random(n).astype(np.float32),
            "is_outlier": rng.random(n) < 0.1,
            "duplicate_of": duplicate_of,
            "rating": np.where(np.arange(n) % 5 == 4, np.nan, np.arange(n) % 5 + 1.0).astype(np.float32),
            "date": pd.Series(pd.date_range("2025-01-01", periods=n, freq="12h")),
            "item": [("北京店", "上海店")[i % 2] for i in range(n)],
            "language": ["zh"] * n,
        }
    )
    rows = pd.DataFrame(
        {
            "row_id": np.arange(n),
            "kept": np.ones(n, dtype=bool),
            "reason": pd.array([""] * n, dtype="str"),
            "评论": pd.array(texts, dtype="str"),
            "price": pd.array([("19.5", "7", "")[i % 3] for i in range(n)], dtype="str"),
            "when": pd.array([f"2025-01-{i % 28 + 1:02d}" for i in range(n)], dtype="str"),
        }
    )
    return BundleParts(
        rows=rows,
        points=points,
        vectors=vectors,
        state={
            "graph": {"indices": rng.integers(0, max(n, 1), (n, 3)).astype(np.int32), "query_dim": np.array(dim)},
            "trees": {},
            "notes": {"language": "zh", "weights": [1.5, None]},
        },
        summary={"rows": n, "topics": [], "coverage": float("nan"), "warnings": []},
        config={"seed": 42, "draft": draft},
        identity={"name": "made-up", "dim": dim},
    )


@pytest.fixture
def make_parts() -> Callable[..., BundleParts]:
    """Makes the parts of a small bundle: make_parts(n=30, dim=8, seed=0, topics=3, draft=False)."""
    return build_parts


@dataclass(frozen=True)
class AnalysedSample:
    """The coffee sample after one real `analyze` from the command line: its bundle, caches, and what was printed."""

    source: Path
    bundle: Path
    home: Path
    stdout: str
    stderr: str
    code: int


@pytest.fixture(scope="session")
def analysed_sample(tmp_path_factory: pytest.TempPathFactory, shared_models: Path) -> AnalysedSample:
    """The coffee sample, analysed once for the whole run; copy its bundle to change it."""
    folder = tmp_path_factory.mktemp("analysed")
    source, bundle, home = ROOT / "sample_data" / "coffee_machines.csv", folder / "bundle", folder / "home"
    home.mkdir()
    (home / "models").symlink_to(shared_models)
    done = run_cli("analyze", source, "--out", bundle, home=home)
    assert done.returncode == 0, done.stderr
    return AnalysedSample(source, bundle, home, done.stdout, done.stderr, done.returncode)
