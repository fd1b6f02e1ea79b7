"""The embedding cache: what is kept comes back bit for bit, what is damaged is a miss, size is bound."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np
import pytest

from pipelines.embed import VectorCache, cache_figures
from pipelines.embed.cache import RUNS_COUNTED
from tests.conftest import ROOT

IDENTITY = {"name": "made-up", "dim": 16}
TEXTS = [f"text {i} 好" for i in range(50)]


def _vectors(n: int = 50, dim: int = 16) -> np.ndarray:
    return np.random.default_rng(0).normal(size=(n, dim)).astype(np.float32)


def test_vectors_come_back_bit_for_bit_after_reopening(tmp_path: Path) -> None:
    vectors = _vectors()
    with VectorCache(tmp_path / "vectors.db") as cache:
        cache.put(IDENTITY, TEXTS, vectors)
    with VectorCache(tmp_path / "vectors.db") as cache:
        found = cache.get(dict(reversed(IDENTITY.items())), TEXTS)
        assert sorted(found) == list(range(50))
        np.testing.assert_array_equal(np.stack([found[i] for i in range(50)]), vectors)
        assert cache.stats().texts == 50
        assert (cache.stats().hits, cache.stats().misses) == (50, 0)


def test_another_identity_text_or_salt_is_a_miss(tmp_path: Path) -> None:
    with VectorCache(tmp_path / "vectors.db") as cache:
        cache.put(IDENTITY, TEXTS, _vectors())
        assert cache.get({**IDENTITY, "arithmetic": "fp32"}, TEXTS) == {}
        assert cache.get(IDENTITY, ["other", "\ud83d"]) == {}
        assert cache.get(IDENTITY, TEXTS, b"batch") == {}


def test_a_damaged_row_is_a_miss_and_can_be_written_again(tmp_path: Path) -> None:
    path = tmp_path / "vectors.db"
    with VectorCache(path) as cache:
        cache.put(IDENTITY, TEXTS, _vectors())
    db = sqlite3.connect(path)
    db.execute("UPDATE vectors SET vector = zeroblob(64) WHERE rowid = 3")
    db.execute("UPDATE vectors SET vector = x'00' WHERE rowid = 4")
    db.execute("UPDATE vectors SET vector = 'words' WHERE rowid = 5")
    db.commit()
    db.close()
    with VectorCache(path) as cache:
        found = cache.get(IDENTITY, TEXTS)
        assert sorted(set(range(50)) - set(found)) == [2, 3, 4]
        cache.put(IDENTITY, TEXTS[2:5], _vectors()[2:5])
        assert len(cache.get(IDENTITY, TEXTS)) == 50


def test_a_file_that_is_no_database_is_set_aside(tmp_path: Path) -> None:
    path = tmp_path / "vectors.db"
    path.write_bytes(b"not a database at all, but long enough to be read as one" * 200)
    with VectorCache(path) as cache:
        cache.put(IDENTITY, TEXTS, _vectors())
        assert cache.stats().texts == 50
    assert (tmp_path / "vectors.db.damaged").is_file()


def test_the_least_recently_used_go_when_it_is_full(tmp_path: Path) -> None:
    vectors = _vectors(1000, 384)
    texts = [f"t{i}" for i in range(1000)]
    path = tmp_path / "vectors.db"
    with VectorCache(path, max_mb=2) as cache:
        cache.put(IDENTITY, texts[:500], vectors[:500])
    with VectorCache(path, max_mb=2) as cache:
        assert len(cache.get(IDENTITY, texts[:100])) == 100
        cache.put(IDENTITY, texts[500:], vectors[500:])
        cache.put(IDENTITY, ["more"], vectors[:1])
        assert cache.stats().bytes <= 2.2 * 2**20
        assert len(cache.get(IDENTITY, texts[:100])) == 100, "what was used again stays"
        left = len(cache.get(IDENTITY, texts[100:500]))
        assert left < 300, "and what was not goes first"
        assert len(cache.get(IDENTITY, texts[500:])) == 500


@pytest.mark.parametrize("dim", [64, 1024])
def test_one_run_larger_than_the_bound_keeps_to_it(tmp_path: Path, dim: int) -> None:
    texts = [f"t{i}" for i in range(3000)]
    with VectorCache(tmp_path / "vectors.db", max_mb=1) as cache:
        cache.put(IDENTITY, ["old"], _vectors(1, 8))
        for i in range(0, 3000, 250):
            cache.put(IDENTITY, texts[i : i + 250], _vectors(250, dim))
            assert cache.stats().bytes <= 2**20
        assert len(cache.get(IDENTITY, texts[-50:])) == 50, "the last ones stay"
        assert not cache.get(IDENTITY, ["old"])
    assert (tmp_path / "vectors.db").stat().st_size <= 1.5 * 2**20


def test_a_bound_of_nothing_keeps_nothing(tmp_path: Path) -> None:
    with VectorCache(tmp_path / "vectors.db", max_mb=0) as cache:
        cache.put(IDENTITY, TEXTS, _vectors())
        assert cache.stats().texts == 0


def test_damage_that_shows_in_use_is_set_aside_and_the_run_goes_on(tmp_path: Path) -> None:
    path = tmp_path / "vectors.db"
    many = [f"t{i}" for i in range(2000)]
    with VectorCache(path) as cache:
        cache.put(IDENTITY, many, _vectors(2000, 64))
    content = bytearray(path.read_bytes())
    content[8192:-4096] = b"\x5a" * (len(content) - 12288)
    path.write_bytes(content)
    with VectorCache(path) as cache:
        cache.get(IDENTITY, many)
        cache.put(IDENTITY, many, _vectors(2000, 64))
        cache.put(IDENTITY, TEXTS, _vectors())
        assert len(cache.get(IDENTITY, TEXTS)) == 50
    assert (tmp_path / "vectors.db.damaged").is_file()


def test_a_folder_that_cannot_be_made_stops_no_run(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    (tmp_path / "file").write_text("no folder")
    with VectorCache(tmp_path / "file" / "vectors.db") as cache:
        cache.put(IDENTITY, TEXTS, _vectors())
        assert cache.get(IDENTITY, TEXTS) == {}
        assert cache.stats().misses == 50
    assert "nothing is added" in caplog.text


READ_ONLY = """
import os, sys
import numpy as np
from pipelines.embed import VectorCache
if os.getuid() == 0:
    os.setuid(65534)
texts = [f"text {i} 好" for i in range(50)]
with VectorCache(sys.argv[1]) as cache:
    found = len(cache.get({"name": "made-up", "dim": 16}, texts))
    cache.put({"name": "made-up", "dim": 16}, ["new"], np.ones((1, 16), np.float32))
    print(found, len(cache.get({"name": "made-up", "dim": 16}, ["new"])), cache.stats().texts)
"""

FULL_DISK = """
import resource, signal, sys
import numpy as np
from pipelines.embed import VectorCache
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
identity, texts = {"name": "made-up"}, [f"t{i}" for i in range(3000)]
with VectorCache(sys.argv[1]) as cache:
    cache.put(identity, texts[:100], np.ones((100, 384), np.float32))
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (600_000, hard))
    for i in range(100, 3000, 100):
        cache.put(identity, texts[i : i + 100], np.ones((100, 384), np.float32))
    full = cache.stats().texts
    resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    cache.put(identity, texts[-100:], np.ones((100, 384), np.float32))
    print(full, cache.stats().texts, len(cache.get(identity, texts[:100] + texts[-100:])))
"""

WRITER = """
import sys
import numpy as np
from pipelines.embed import VectorCache
who, batches = sys.argv[2], int(sys.argv[3])
with VectorCache(sys.argv[1]) as cache:
    for b in range(batches):
        texts = [f"{who} {b} {i}" for i in range(8)] + [f"both {b}"]
        cache.get({"name": "made-up"}, texts)
        cache.put({"name": "made-up"}, texts, np.full((9, 16), b, np.float32))
"""


def child(code: str, *arguments: object) -> subprocess.Popen[str]:
    """A real process that runs `code`."""
    return subprocess.Popen(
        [sys.executable, "-c", code, *map(str, arguments)],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def said(process: subprocess.Popen[str]) -> list[int]:
    out, errors = process.communicate(timeout=120)
    assert process.returncode == 0, errors
    return [int(word) for word in out.split()]


def test_a_read_only_disk_is_read_and_nothing_is_added() -> None:
    # Outside tmp_path, whose folders another user may not enter.
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        with VectorCache(folder / "vectors.db") as cache:
            cache.put(IDENTITY, TEXTS, _vectors())
        (folder / "vectors.db").chmod(0o444)
        folder.chmod(0o555)
        assert said(child(READ_ONLY, folder / "vectors.db")) == [50, 0, 50]
        folder.chmod(0o755)


def test_a_full_disk_loses_what_is_new_and_nothing_else(tmp_path: Path) -> None:
    path = tmp_path / "vectors.db"
    full, later, found = said(child(FULL_DISK, path))
    assert 100 <= full < 3000
    assert later == full + 100, "room again: kept again"
    assert found == 200
    assert sqlite3.connect(path).execute("PRAGMA integrity_check").fetchone() == ("ok",)


def test_processes_may_write_at_once(tmp_path: Path) -> None:
    path = tmp_path / "vectors.db"
    writers = [child(WRITER, path, who, 25) for who in ("one", "two", "three")]
    for writer in writers:
        said(writer)
    with VectorCache(path) as cache:
        texts = [f"{who} {b} {i}" for who in ("one", "two", "three") for b in range(25) for i in range(8)]
        found = cache.get({"name": "made-up"}, [*texts, *(f"both {b}" for b in range(25))])
        assert len(found) == 625
        assert all(found[600 + b][0] == b for b in range(25))
    assert cache_figures.figures(path).texts == 625


def test_figures_are_told_without_touching_the_file(tmp_path: Path) -> None:
    path = tmp_path / "vectors.db"
    assert cache_figures.figures(path).state == "empty"
    assert not path.exists()
    for _ in range(3):
        with VectorCache(path) as cache:
            if len(cache.get(IDENTITY, TEXTS)) < 50:
                cache.put(IDENTITY, TEXTS, _vectors())
    before = path.read_bytes()
    found = cache_figures.figures(path)
    assert (found.state, found.texts, found.hits, found.misses, found.runs) == ("sound", 50, 100, 50, 3)
    assert found.hit_rate == pytest.approx(2 / 3)
    assert found.bytes == len(before)
    assert path.read_bytes() == before


def test_a_look_leaves_no_trace(tmp_path: Path) -> None:
    path = tmp_path / "vectors.db"
    with VectorCache(path) as cache:
        cache.get(IDENTITY, TEXTS)
        cache.put(IDENTITY, TEXTS[:30], _vectors()[:30])
    before = path.read_bytes()
    for _ in range(RUNS_COUNTED + 5):
        with VectorCache(path) as cache:
            assert cache.peek(IDENTITY, TEXTS) == set(range(30))
    assert path.read_bytes() == before
    found = cache_figures.figures(path)
    assert (found.hits, found.misses, found.runs) == (0, 50, 1)


def test_hits_are_counted_for_the_last_runs_alone(tmp_path: Path) -> None:
    path = tmp_path / "vectors.db"
    with VectorCache(path) as cache:
        cache.get(IDENTITY, TEXTS)
        cache.put(IDENTITY, TEXTS, _vectors())
    for _ in range(RUNS_COUNTED + 5):
        with VectorCache(path) as cache:
            cache.get(IDENTITY, TEXTS[:10])
    found = cache_figures.figures(path)
    assert (found.hits, found.misses, found.runs) == (10 * RUNS_COUNTED, 0, RUNS_COUNTED)


def test_clearing_gives_the_space_back_and_harms_no_run(tmp_path: Path) -> None:
    path = tmp_path / "vectors.db"
    texts = [f"t{i}" for i in range(1000)]
    with VectorCache(path) as running:
        running.put(IDENTITY, texts, _vectors(1000, 384))
        path.with_name("vectors.db.damaged").write_bytes(b"0" * 1000)
        before = cache_figures.figures(path).bytes
        cache_figures.clear(path)
        assert cache_figures.figures(path).texts == 0
        assert cache_figures.figures(path).bytes < before / 10
        running.put(IDENTITY, texts[:10], _vectors(10, 384))
        assert len(running.get(IDENTITY, texts)) == 10
    cache_figures.clear(tmp_path / "missing.db")
    damaged = tmp_path / "damaged.db"
    damaged.write_bytes(b"no database at all" * 500)
    assert cache_figures.figures(damaged).state == "damaged"
    cache_figures.clear(damaged)
    assert cache_figures.figures(damaged).state == "empty"
