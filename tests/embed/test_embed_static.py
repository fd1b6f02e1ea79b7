"""The quick stand-in of a local model: bits, states, the table on disk, and what happens when it is stopped."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from pipelines.embed import VectorCache, embed_texts, restore
from pipelines.embed.base import normalise
from pipelines.embed.bundled import BundledEmbedder
from pipelines.embed.distil import TokenTable
from pipelines.embed.local import SentenceTransformerEmbedder
from pipelines.embed.static import LEARNED_FROM, StaticEmbedder, _evenly_spaced
from pipelines.errors import Cancelled, DamagedBundle

ROOT = Path(__file__).parents[2]
WORDS = [
    "grinder",
    "pump",
    "milk",
    "steam",
    "wand",
    "loud",
    "weak",
    "jam",
    "cup",
    "slow",
    "clean",
    "hot",
    "cold",
    "leak",
]
TEXTS = [f"the {a} is {b}" for a in WORDS for b in WORDS]


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("REVIEWSCAPE_HOME", str(tmp_path / "home"))
    return tmp_path / "home"


@pytest.fixture
def static(tiny_model: Path) -> Callable[[], StaticEmbedder]:
    return lambda: StaticEmbedder(SentenceTransformerEmbedder(str(tiny_model)))


def _tables(home: Path) -> list[Path]:
    return sorted((home / "models").rglob("tokens-*.stage"))


def test_a_file_comes_nearer_to_the_model_than_its_tokens_alone() -> None:
    texts = (
        TEXTS + [f"{a} and {b}, again" for a in WORDS for b in WORDS] + [f"no {a}, {b}" for a in WORDS for b in WORDS]
    )
    ours, teacher = StaticEmbedder(BundledEmbedder()), BundledEmbedder()
    wanted = embed_texts(teacher, texts).matrix
    wanted = normalise(wanted - wanted.mean(axis=0))
    learned = embed_texts(ours, texts)
    alone = StaticEmbedder(teacher)
    alone.restore({**learned.state, "tokens": np.zeros(0, np.int32), "rows": np.zeros((0, wanted.shape[1]))})
    unread = [i for i, text in enumerate(texts) if text not in _evenly_spaced(texts)]
    near, far = ((rows * wanted)[unread].sum(axis=1).mean() for rows in (learned.matrix, alone.embed_documents(texts)))
    assert unread
    assert near > 0.7
    assert near > far + 0.1


def test_the_state_gives_the_same_bits_and_stays_small(static: Callable[[], StaticEmbedder], home: Path) -> None:
    vectors = embed_texts(static(), TEXTS)
    again = restore(vectors.identity, vectors.state)
    np.testing.assert_array_equal(again.embed_documents(TEXTS), vectors.matrix)
    assert sum(array.nbytes for array in vectors.state.values()) < 70 * 32 * 2 + 2000
    for table in _tables(home):
        table.unlink()
    np.testing.assert_array_equal(restore(vectors.identity, vectors.state).embed_documents(TEXTS), vectors.matrix)


def test_a_query_may_have_tokens_that_the_file_has_not(static: Callable[[], StaticEmbedder], home: Path) -> None:
    vectors = embed_texts(static(), ["cab", "bad", "dab", "abacad"])
    first = restore(vectors.identity, vectors.state).embed_query("zoo")
    assert np.linalg.norm(first) == pytest.approx(1, abs=1e-5)
    assert not np.array_equal(first, np.eye(1, len(first))[0])
    for table in _tables(home):
        table.unlink()
    np.testing.assert_array_equal(restore(vectors.identity, vectors.state).embed_query("zoo"), first)


@pytest.mark.parametrize(
    "texts", [[""], ["咖啡 很香"], ["", "咖啡", "!!"], ["x"], ["x", "y"], ["a"] * 3, ["[SEP] [CLS]"]]
)
def test_empty_and_unknown_texts_have_a_vector(static: Callable[[], StaticEmbedder], texts: list[str]) -> None:
    vectors = embed_texts(static(), texts)
    np.testing.assert_allclose(np.linalg.norm(vectors.matrix, axis=1), 1, atol=1e-5)
    again = restore(vectors.identity, vectors.state)
    np.testing.assert_array_equal(again.embed_documents(texts), vectors.matrix)
    assert np.isfinite(again.embed_query("what else")).all()


def test_no_texts_give_no_rows(static: Callable[[], StaticEmbedder]) -> None:
    assert embed_texts(static(), []).matrix.shape == (0, 32)
    with pytest.raises(RuntimeError, match="fit or restore"):
        static().embed_documents(["a"])


def test_the_batch_changes_no_bit(static: Callable[[], StaticEmbedder]) -> None:
    embedder = static()
    matrix = embed_texts(embedder, TEXTS).matrix
    alone = np.stack([embedder.embed_documents([text])[0] for text in TEXTS[:40]])
    np.testing.assert_array_equal(alone, matrix[:40])
    np.testing.assert_array_equal(embedder.embed_documents(["other zeal", *TEXTS[::-1]])[1:][::-1], matrix)


def test_another_process_gives_the_same_bits(tiny_model: Path, static: Callable[[], StaticEmbedder]) -> None:
    code = (
        "import sys, hashlib; from tests.embed.test_embed_static import TEXTS; from pipelines.embed import *;"
        f"v = embed_texts(resolve('st:{tiny_model}', draft=True).embedder, TEXTS);"
        "print(hashlib.sha256(v.matrix.tobytes()).hexdigest())"
    )
    sums = set()
    for threads, home in (("1", "one"), ("2", "other")):
        environment = {**os.environ, "OMP_NUM_THREADS": threads, "REVIEWSCAPE_THREADS": threads}
        environment["REVIEWSCAPE_HOME"] = os.environ["REVIEWSCAPE_HOME"] + home
        run = subprocess.run([sys.executable, "-c", code], cwd=ROOT, env=environment, capture_output=True, text=True)
        assert run.returncode == 0, run.stderr
        sums.add(run.stdout)
    assert len(sums) == 1


def test_the_reviews_that_were_read_are_not_read_again(
    static: Callable[[], StaticEmbedder], tiny_model: Path, tmp_path: Path
) -> None:
    with VectorCache(tmp_path / "vectors.db") as cache:
        static().prepare(TEXTS, cache=cache)
        again = SentenceTransformerEmbedder(str(tiny_model))
        counts = embed_texts(again, TEXTS, cache).counts
    distinct = len(dict.fromkeys(TEXTS))
    assert counts["cached"] == min(distinct, LEARNED_FROM)


def test_progress_counts_up_and_stops_between_batches(static: Callable[[], StaticEmbedder], home: Path) -> None:
    told: list[float] = []

    def stop(stage: str, done: float, total: float, *, rate: float | None = None, note: str = "") -> None:
        assert stage == "embedding"
        assert done <= total
        told.append(done)
        if done >= 14:  # the tokens are made: the first of the reviews is asked for
            raise Cancelled

    embedder = static()
    with pytest.raises(Cancelled):
        embedder.prepare(TEXTS, stop)
    assert told == sorted(told)
    assert len(_tables(home)) == 1
    matrix = embed_texts(embedder, TEXTS).matrix
    np.testing.assert_array_equal(matrix, embed_texts(static(), TEXTS).matrix)


def test_a_damaged_or_missing_table_is_made_again(static: Callable[[], StaticEmbedder], home: Path) -> None:
    matrix = embed_texts(static(), TEXTS).matrix
    (table,) = _tables(home)
    sound = table.read_bytes()
    for damaged in (b"", sound[: len(sound) // 2], sound[:-1] + bytes([sound[-1] ^ 1])):
        table.write_bytes(damaged)
        np.testing.assert_array_equal(embed_texts(static(), TEXTS).matrix, matrix)
        assert table.read_bytes() == sound


def test_a_home_that_cannot_be_written_costs_time_alone(
    static: Callable[[], StaticEmbedder], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    matrix = embed_texts(static(), TEXTS).matrix
    file = tmp_path / "file"
    file.write_text("no folder")
    monkeypatch.setenv("REVIEWSCAPE_HOME", str(file / "home"))
    np.testing.assert_array_equal(embed_texts(static(), TEXTS).matrix, matrix)
    (tmp_path / "blocked").mkdir()
    (tmp_path / "blocked" / "models").write_text("no folder")
    monkeypatch.setenv("REVIEWSCAPE_HOME", str(tmp_path / "blocked"))
    np.testing.assert_array_equal(embed_texts(static(), TEXTS).matrix, matrix)


def test_two_tables_grow_into_one(static: Callable[[], StaticEmbedder], home: Path) -> None:
    first, second = (static()._table for _ in range(2))
    assert first.lacking(np.arange(5, 20)).size == second.lacking(np.arange(5, 20)).size == 15
    first.add(np.arange(5, 12))
    second.add(np.arange(10, 20))
    third = static()._table
    assert third.lacking(np.arange(5, 20)).size == 0
    np.testing.assert_array_equal(third.rows(np.arange(5, 12)), first.rows(np.arange(5, 12)))


def test_a_kill_while_distilling_leaves_a_sound_table(tiny_model: Path, home: Path, tmp_path: Path) -> None:
    code = (
        "import os, sys; import pipelines.embed.distil as distil; distil.AT_ONCE = distil.KEPT_EVERY = 4\n"
        "from tests.embed.test_embed_static import TEXTS\nfrom pipelines.embed import resolve\n"
        f"embedder = resolve('st:{tiny_model}', draft=True).embedder\n"
        "embedder.prepare(TEXTS, lambda stage, done, total, **more: done >= 8 and os.kill(os.getpid(), 9))\n"
    )
    killed = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True)
    assert killed.returncode == -signal.SIGKILL, killed.stderr
    assert len(_tables(home)) == 1
    embedder = StaticEmbedder(SentenceTransformerEmbedder(str(tiny_model)))
    used = np.unique(embedder._bags_from(TEXTS).indices)
    assert 0 < embedder._table.lacking(used).size < used.size
    matrix = embed_texts(embedder, TEXTS).matrix
    assert np.isfinite(matrix).all()
    assert embedder._table.lacking(used).size == 0


def test_a_token_is_read_without_the_mark_of_a_words_inside(static: Callable[[], StaticEmbedder]) -> None:
    table: TokenTable = static()._table
    tokenizer = static()._tokenizer
    inside, bare = tokenizer.token_to_id("##a"), tokenizer.token_to_id("a")
    table.add(np.array([inside, bare]))
    np.testing.assert_array_equal(*table.rows(np.array([inside, bare])))


@pytest.mark.parametrize("name", ["tokens", "rows", "centre", "scale"])
def test_a_state_that_does_not_fit_is_damaged(static: Callable[[], StaticEmbedder], name: str) -> None:
    vectors = embed_texts(static(), TEXTS)
    with pytest.raises(DamagedBundle):
        restore(vectors.identity, {key: array for key, array in vectors.state.items() if key != name})
    with pytest.raises(DamagedBundle):
        restore(vectors.identity, {**vectors.state, name: np.zeros((3, 3))})
