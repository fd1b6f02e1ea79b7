"""The embedding cache: what is kept comes back bit for bit, what is damaged is a miss, size is bound."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import numpy as np

from pipelines.embed import VectorCache

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


def test_clear_forgets_and_gives_the_space_back(tmp_path: Path) -> None:
    path = tmp_path / "vectors.db"
    with VectorCache(path) as cache:
        cache.put(IDENTITY, [f"t{i}" for i in range(1000)], _vectors(1000, 384))
        before = path.stat().st_size
        cache.clear()
        assert cache.stats().texts == 0
    assert path.stat().st_size < before / 10


def test_two_processes_may_share_it(tmp_path: Path) -> None:
    with VectorCache(tmp_path / "vectors.db") as one, VectorCache(tmp_path / "vectors.db") as two:
        one.put(IDENTITY, TEXTS[:25], _vectors()[:25])
        two.put(IDENTITY, TEXTS[25:], _vectors()[25:])
        assert len(one.get(IDENTITY, TEXTS)) == len(two.get(IDENTITY, TEXTS)) == 50
