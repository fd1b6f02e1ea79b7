"""From file to bundle, for files of every awkward kind; the same bytes again, also after a crash; stages kept."""

from __future__ import annotations

import contextlib
import random
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from pipelines.analysis import Request, analyze
from pipelines.config import AnalyzeConfig
from pipelines.errors import UnusableInput
from pipelines.ingest import IngestOptions
from pipelines.progress import STAGES
from pipelines.store.bundle import BundleParts, write_bundle
from pipelines.store.reader import Bundle, open_bundle
from pipelines.store.verify import verify
from tests import made_reviews
from tests.conftest import ROOT, cli_environment

pytestmark = [
    # UMAP says at its import that TensorFlow, which its parametric variant wants, is not there.
    pytest.mark.filterwarnings("ignore:Tensorflow not installed:ImportWarning"),
    pytest.mark.filterwarnings("ignore::DeprecationWarning:(jieba|snownlp|hdbscan|umap)"),
]

MIXED = 60
TYPES = {
    "row_id": "int64",
    "unit_id": "int64",
    "text": "string",
    **dict.fromkeys(("x2", "y2", "x3", "y3", "z3"), "float"),
    "cluster": "int32",
    "joined": "bool",
    "cluster_strength": "float",
    "topic": "string",
    "sentiment": "float",
    "sentiment_label": "string",
    "outlier_score": "float",
    "is_outlier": "bool",
    "duplicate_of": "int64",
}
TRUST_TYPES = dict.fromkeys(("map_trust", "map_trust_3d"), "float")
"""Where there are enough reviews to say anything of the map."""
ROLE_TYPES = {"rating": "float", "date": "timestamp", "user": "string", "item": "string", "language": "string"}


@pytest.fixture(scope="module")
def caches(tmp_path_factory) -> Path:
    """One cache folder for the module: what one test embedded, no other embeds again."""
    return tmp_path_factory.mktemp("caches")


@pytest.fixture(scope="module")
def analysed(tmp_path_factory, caches) -> Callable[..., tuple[BundleParts, Bundle]]:
    """analysed(rows, columns=None, roles=None, cache_dir=…, **config) → the parts, and the bundle as read back."""

    def run(rows, columns=None, *, roles=None, cache_dir=caches, **config) -> tuple[BundleParts, Bundle]:
        folder = tmp_path_factory.mktemp("case")
        path = made_reviews.write(folder / "reviews.csv", rows, columns)
        request = Request(path, path.name, IngestOptions(roles=roles), AnalyzeConfig(**config))
        parts = analyze(request, cache_dir=cache_dir)
        return parts, open_bundle(write_bundle(folder / "bundle", parts))

    return run


@pytest.fixture(scope="module")
def mixed(analysed) -> tuple[BundleParts, Bundle]:
    """60 reviews in two languages, analysed with the defaults."""
    return analysed(made_reviews.table(made_reviews.mixed(MIXED)))


def arrow_name(kind: pa.DataType) -> str:
    return "timestamp" if pa.types.is_timestamp(kind) else str(kind).removeprefix("large_")


def assert_sound(bundle: Bundle, rows: int, units: int) -> None:
    """What DESIGN.md promises of any bundle."""
    assert verify(bundle.path) == []
    schema = pq.read_schema(bundle.path / "points.parquet")
    found = {field.name: arrow_name(field.type) for field in schema}
    assert list(found)[: len(TYPES)] == list(TYPES)
    assert {name: found[name] for name in TYPES} == TYPES
    assert {name: kind for name, kind in found.items() if name not in TYPES} == {
        name: kind for name, kind in {**ROLE_TYPES, **TRUST_TYPES}.items() if name in found
    }
    points, vectors = bundle.points, np.asarray(bundle.vectors)
    assert (len(bundle.rows), len(points), len(vectors)) == (rows, units, units)
    assert points["unit_id"].tolist() == list(range(units))
    assert points["row_id"].is_monotonic_increasing
    assert vectors.dtype == np.float32
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-3)
    assert np.isfinite(points[["x2", "y2", "x3", "y3", "z3", "sentiment", "outlier_score"]].to_numpy()).all()
    assert points["sentiment"].between(-1, 1).all()
    assert points["outlier_score"].between(0, 1).all()
    assert points["cluster_strength"].between(0, 1).all()
    assert ((points["cluster"] == -1) == (points["topic"] == "")).all()
    summary = bundle.summary
    topics = [topic["id"] for topic in summary["topics"]]
    assert topics == list(range(len(topics)))
    assert set(points["cluster"]) - {-1} == set(topics)
    assert summary["coverage"] == pytest.approx(float((points["cluster"] >= 0).mean()))
    assert set(summary["seconds"]) == set(STAGES)
    assert all(isinstance(seconds, float) for seconds in summary["seconds"].values())


# ---- files of every awkward kind


@pytest.mark.parametrize(("n", "draft"), [(1, True), (2, True), (3, True), (5, True), (12, False), (1, False)])
def test_few_reviews_give_a_bundle_and_a_warning(analysed, n, draft):
    _, bundle = analysed(made_reviews.table(made_reviews.english(12))[:n], draft=draft)
    assert_sound(bundle, n, n)
    assert any("first impression" in warning["template"] for warning in bundle.summary["warnings"])
    assert set(bundle.points["language"]) <= {"en", "und"}


def test_a_header_alone_is_one_clear_error(analysed):
    with pytest.raises(UnusableInput, match="no data rows") as raised:
        analysed([], ["review", "stars"])
    assert raised.value.exit_code == 2


def test_a_text_column_without_text_is_one_clear_error(analysed):
    with pytest.raises(UnusableInput, match="empty: 12"):
        analysed([{**row, "review": ""} for row in made_reviews.table(made_reviews.english(12))])


def test_an_empty_file_is_one_clear_error(tmp_path, caches):
    (tmp_path / "empty.csv").write_bytes(b"")
    with pytest.raises(UnusableInput):
        analyze(Request(tmp_path / "empty.csv", "empty.csv"), cache_dir=caches)


def test_all_reviews_alike_are_one_place(analysed):
    _, bundle = analysed(made_reviews.table(["The strap broke after one week of use."] * 40))
    assert_sound(bundle, 40, 40)
    points = bundle.points
    assert points["duplicate_of"].tolist()[1:] == [0] * 39
    assert points["duplicate_of"].isna().tolist()[0]
    assert points[["x2", "y2", "cluster", "sentiment"]].drop_duplicates().shape[0] == 1


def test_an_empty_column_stays_and_plays_no_role(analysed):
    _, bundle = analysed([{**row, "extra": ""} for row in made_reviews.table(made_reviews.english(12))])
    assert_sound(bundle, 12, 12)
    assert bundle.rows["extra"].tolist() == [""] * 12
    assert "extra" not in bundle.summary["roles"].values()


def test_texts_of_5000_characters_are_kept_whole(analysed):
    texts = [(sentence + " ") * (5000 // len(sentence) + 1) for sentence in made_reviews.english(6)]
    _, bundle = analysed(made_reviews.table([text[:5000] for text in texts]))
    assert_sound(bundle, 6, 6)
    assert bundle.rows["review"].str.len().tolist() == [5000] * 6


def test_cells_that_look_like_nothing(analysed):
    nothing = ["NaN", "null", "N/A", "None", "", "-", "nan", "NULL", "#N/A"]
    rows = made_reviews.table(made_reviews.english(24))
    for i, row in enumerate(rows):
        if i % 3 == 0:
            row["review"] = nothing[i % 9]
        if i % 2:
            row["stars"] = nothing[i % 9]
        if i % 4 == 1:
            row["day"] = nothing[i % 9]
    _, bundle = analysed(rows, roles={"rating": "stars", "date": "day"})
    assert_sound(bundle, 24, 16)
    assert bundle.rows["review"].tolist() == [row["review"] for row in rows]
    assert bundle.rows["kept"].tolist() == [i % 3 != 0 for i in range(24)]
    assert bundle.points["rating"].isna().tolist() == [i % 2 == 1 for i in range(24) if i % 3]


def test_emoji_are_text_like_any(analysed):
    texts = [
        "😀👍 great strap 🎉",
        "🔋🔋 dead by noon 😡",
        "👍👍👍",
        "❤️‍🔥 love the 👨‍👩‍👧 mode",
        "🇨🇳 表带很好 😊",
        "ok 👌🏽 fine watch",
    ]
    _, bundle = analysed(made_reviews.table(texts))
    assert_sound(bundle, 6, int(bundle.rows["kept"].sum()))
    assert bundle.rows["review"].tolist() == texts
    assert set(bundle.points["text"]) <= set(texts)


def test_a_text_column_of_numbers_warns(analysed):
    rows = [{"review": str(i * 37 % 101), "stars": i % 5 + 1} for i in range(20)]
    _, bundle = analysed(rows, roles={"text": "review"})
    assert_sound(bundle, 20, 20)
    assert any("numbers" in warning["template"] for warning in bundle.summary["warnings"])


def test_no_column_of_words_is_one_clear_error(analysed):
    with pytest.raises(UnusableInput, match="--text-column"):
        analysed([{"a": str(i * 37 % 101), "b": i % 5 + 1} for i in range(20)])


def test_two_languages(mixed):
    parts, bundle = mixed
    assert_sound(bundle, MIXED, MIXED)
    assert {"en", "zh"} <= set(bundle.points["language"])
    assert bundle.identity == parts.identity
    assert set(bundle.points) >= {"rating", "date", "user", "item", "language"}


def test_sentences_as_units(analysed):
    texts = [
        f"{one} But {two[0].lower()}{two[1:]}" for one, two in zip(*[iter(made_reviews.english(24))] * 2, strict=True)
    ]
    _, bundle = analysed(made_reviews.table(texts), unit="sentence", draft=True)
    assert len(bundle.points) > len(texts)
    assert_sound(bundle, len(texts), len(bundle.points))
    assert bundle.points.groupby("row_id").size().index.tolist() == list(range(len(texts)))


@pytest.mark.parametrize("projection", [pytest.param("tsne", marks=pytest.mark.torture), "pca"])
def test_the_other_projections(analysed, projection):
    _, bundle = analysed(made_reviews.table(made_reviews.mixed(MIXED)), projection=projection, draft=True)
    assert_sound(bundle, MIXED, MIXED)


def test_a_draft_is_marked(analysed):
    _, bundle = analysed(made_reviews.table(made_reviews.english(30)), draft=True)
    assert_sound(bundle, 30, 30)
    assert bundle.is_draft
    assert bundle.identity["name"] == "static:bundled"


# ---- a person's own vectors


def own(tmp_path: Path, matrix: np.ndarray, caches: Path) -> BundleParts:
    path = made_reviews.write(tmp_path / "reviews.csv", made_reviews.table(made_reviews.english(20)))
    np.save(tmp_path / "own.npy", matrix)
    return analyze(Request(path, path.name, vectors=tmp_path / "own.npy"), cache_dir=caches)


def test_own_vectors_are_taken_and_normalised(tmp_path, caches):
    matrix = np.random.default_rng(0).normal(size=(20, 7)) * 3
    bundle = open_bundle(write_bundle(tmp_path / "bundle", own(tmp_path, matrix, caches)))
    assert_sound(bundle, 20, 20)
    np.testing.assert_allclose(
        np.asarray(bundle.vectors), matrix / np.linalg.norm(matrix, axis=1, keepdims=True), atol=1e-6
    )


# ---- the same again


def bytes_of(bundle: Bundle | Path) -> tuple[bytes, bytes]:
    path = bundle if isinstance(bundle, Path) else bundle.path
    return (path / "points.parquet").read_bytes(), (path / "vectors.npy").read_bytes()


def test_the_same_file_gives_the_same_bytes_with_caches_and_without(mixed, analysed, tmp_path):
    _, bundle = mixed
    rows = made_reviews.table(made_reviews.mixed(MIXED))
    warm, again = analysed(rows)
    assert warm.summary["embedding"]["embedded"] == 0
    assert bytes_of(again) == bytes_of(bundle)
    fresh, anew = analysed(rows, cache_dir=tmp_path / "other")
    assert fresh.summary["embedding"]["cached"] == 0
    assert fresh.summary["embedding"]["embedded"] > 0
    assert bytes_of(anew) == bytes_of(bundle)


def test_the_phrases_that_sentiment_compares_with_are_embedded_once(analysed, tmp_path):
    rows = made_reviews.table(made_reviews.english(24))
    parts, _ = analysed(rows, embedder="bundled", cache_dir=tmp_path / "other")
    kept = embedded_so_far(tmp_path / "other")
    assert kept > parts.summary["embedding"]["distinct"]
    analysed(rows, embedder="bundled", cache_dir=tmp_path / "other")
    assert embedded_so_far(tmp_path / "other") == kept


def test_another_seed_differs_only_from_the_projection_on(mixed, analysed):
    _, bundle = mixed
    _, other = analysed(made_reviews.table(made_reviews.mixed(MIXED)), seed=7)
    assert bytes_of(other)[1] == bytes_of(bundle)[1]
    before = ["row_id", "unit_id", "text", "duplicate_of", "outlier_score", "is_outlier", "rating", "date", "language"]
    assert other.points[before].equals(bundle.points[before])
    for name, array in bundle.state("graph").items():
        np.testing.assert_array_equal(other.state("graph")[name], array)
    assert not np.array_equal(other.points["x2"], bundle.points["x2"])


def test_another_cluster_size_computes_nothing_before_the_clusters(mixed, analysed, caches):
    _, bundle = mixed
    stages = caches / "stages"
    kept = {path.name for path in stages.iterdir()}
    parts, other = analysed(made_reviews.table(made_reviews.mixed(MIXED)), min_cluster_size=12)
    assert parts.summary["embedding"]["embedded"] == 0
    assert [name.partition("-")[0] for name in {path.name for path in stages.iterdir()} - kept] == ["clusters"]
    assert other.summary["min_cluster_size"] == 12
    before = ["x2", "y2", "x3", "y3", "z3", "sentiment", "outlier_score"]
    assert other.points[before].equals(bundle.points[before])


def test_a_damaged_kept_result_is_computed_anew(mixed, analysed, caches, tmp_path):
    _, bundle = mixed
    shutil.copytree(caches, tmp_path / "caches")
    for path in (tmp_path / "caches" / "stages").iterdir():
        raw = bytearray(path.read_bytes())
        raw[len(raw) // 2] ^= 1
        path.write_bytes(raw)
    _, again = analysed(made_reviews.table(made_reviews.mixed(MIXED)), cache_dir=tmp_path / "caches")
    assert bytes_of(again) == bytes_of(bundle)


# ---- killed and run again


def embedded_so_far(caches: Path) -> int:
    with contextlib.suppress(sqlite3.Error):
        connection = sqlite3.connect(f"file:{caches / 'vectors.db'}?mode=ro", uri=True)
        with contextlib.closing(connection):
            return connection.execute("SELECT count(*) FROM vectors").fetchone()[0]
    return 0


def killed(source: Path, out: Path, caches: Path, at: str) -> None:
    """A real `analyze` that is killed once it says on stderr that `at` began, or once it has cached a first batch."""
    child = subprocess.Popen(
        [sys.executable, "-m", "pipelines", "analyze", str(source), "--out", str(out), "--cache-dir", str(caches)],
        cwd=ROOT,
        env=cli_environment(caches / "home", REVIEWSCAPE_BATCH_TOKENS="64"),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        for line in child.stderr:
            if line.startswith(f"{at} …"):
                break
        if at == "embedding":
            while child.poll() is None and not embedded_so_far(caches):
                pass
        child.kill()
    finally:
        child.kill()
        child.wait()
        child.stderr.close()
    if child.returncode == 0:
        # The last stages can be over before the kill comes: then there is a whole bundle, and nothing to resume.
        assert verify(out) == []
        shutil.rmtree(out)
    else:
        assert child.returncode == -9, f"ended with {child.returncode} before it reached {at}"
        assert not out.exists()


def resumed(source: Path, out: Path, caches: Path) -> tuple[BundleParts, Path]:
    parts = analyze(Request(source, source.name), cache_dir=caches)
    return parts, write_bundle(out, parts)


def kill_and_repeat(tmp_path: Path, stages: list[str], reference: tuple[bytes, bytes]) -> BundleParts:
    source = made_reviews.write(tmp_path / "reviews.csv", made_reviews.table(made_reviews.mixed(MIXED)))
    out, caches = tmp_path / "bundle", tmp_path / "caches"
    for stage in stages:
        killed(source, out, caches, stage)
        assert [path.name for path in tmp_path.iterdir() if path.name.startswith(".bundle")] == []
    parts, path = resumed(source, out, caches)
    assert verify(path) == []
    assert bytes_of(path) == reference
    return parts


def test_killed_while_embedding_and_then_later_it_gives_the_same_bytes(mixed, tmp_path):
    later = random.Random(11).choice(["projection", "clusters", "topics", "sentiment", "outliers"])
    parts = kill_and_repeat(tmp_path, ["embedding", later], bytes_of(mixed[1]))
    assert parts.summary["embedding"]["embedded"] == 0


@pytest.mark.torture
@pytest.mark.parametrize("seed", range(8))
def test_killed_again_and_again(mixed, tmp_path, seed):
    stages = random.Random(seed).choices(STAGES[1:], k=3)
    kill_and_repeat(tmp_path, stages, bytes_of(mixed[1]))
