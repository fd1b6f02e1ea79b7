"""Whatever is added, every value that was there before keeps its bits: seeded files of many shapes on many analyses."""

from __future__ import annotations

import csv
import io
import random
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
import pytest

from pipelines.add import add
from pipelines.analysis import Request, analyze
from pipelines.config import AnalyzeConfig
from pipelines.store.bundle import write_bundle
from pipelines.store.reader import Bundle, open_bundle
from pipelines.store.verify import verify
from tests import made_reviews

pytestmark = [
    # UMAP says at its import that TensorFlow, which its parametric variant wants, is not there.
    pytest.mark.filterwarnings("ignore:Tensorflow not installed:ImportWarning"),
    pytest.mark.filterwarnings("ignore::DeprecationWarning:(jieba|snownlp|hdbscan|umap)"),
]

N = 60
UNSEEN = (
    "The lid of the kettle rattles.",
    "水壶盖子一直响。",
    "El reloj llega tarde y sin caja.",
    "Не включается.",
    "😀😀",
    "",
)
ENCODINGS = ("utf-8", "utf-8-sig", "utf-16", "gb18030")


@pytest.fixture(scope="module")
def bundles(tmp_path_factory) -> dict[str, Bundle]:
    """An analysis of reviews, of sentences, and one with the person's own topics and places."""
    folder = tmp_path_factory.mktemp("before")
    rows = made_reviews.table(made_reviews.mixed(N))
    for i, row in enumerate(rows):
        row.update(x=f"{i % 8}.5", y=i // 8)
    path = made_reviews.write(folder / "before.csv", rows)
    configs = {
        "review": AnalyzeConfig(embedder="lexical"),
        "sentence": AnalyzeConfig(embedder="lexical", unit="sentence"),
        "own": AnalyzeConfig(embedder="lexical", label_column="shop", x_column="x", y_column="y"),
    }
    found = {}
    for name, config in configs.items():
        parts = analyze(Request(path, path.name, config=config), cache_dir=folder / "caches")
        found[name] = open_bundle(write_bundle(folder / name, parts))
    return found


def file_of(chosen: random.Random) -> bytes:
    """A file of 1 to 30 rows as somebody might export it: old rows among new ones, columns that come and go."""
    old = made_reviews.table(made_reviews.mixed(N))
    rows = [dict(row) for row in chosen.sample(old, chosen.randint(0, 6))]
    texts = made_reviews.mixed(chosen.randint(1, 20), chosen.randint(20, 90)) + chosen.sample(UNSEEN, 3)
    rows += [{**row, "user": f"new{i}"} for i, row in enumerate(made_reviews.table(texts, chosen.randint(5, 99)))]
    chosen.shuffle(rows)
    columns = [name for name in rows[0] if name == "review" or chosen.random() < 0.8]
    chosen.shuffle(columns)
    renamed = {name: f" {name.upper()}" if chosen.random() < 0.3 else name for name in columns}
    for row in rows:
        row["stars"] = int(str(row["stars"])) * chosen.choice((1, 1, 2, 20))
    made = [{renamed[name]: row[name] for name in columns} for row in rows]
    if chosen.random() < 0.5:
        made = [{**row, "row_id": i, "kept": "maybe"} for i, row in enumerate(made)]
    file = io.StringIO(newline="")
    writer = csv.DictWriter(file, list(made[0]), delimiter=chosen.choice(",;\t"))
    writer.writeheader()
    writer.writerows(made)
    return file.getvalue().encode(chosen.choice(ENCODINGS), "replace")


def assert_bits_are_kept(before: Bundle, after: Bundle) -> None:
    """Column by column of both tables as Parquet gives them, and the vectors' bytes."""
    for name in ("points.parquet", "rows.parquet"):
        was, now = pq.read_table(before.path / name), pq.read_table(after.path / name)
        assert now.num_rows >= was.num_rows
        for column in was.column_names:
            one = was[column].combine_chunks()
            other = now[column].combine_chunks().slice(0, len(one))
            assert other.type == one.type, column
            assert one.is_null().equals(other.is_null()), column
            values = [np.ascontiguousarray(array.to_pandas().to_numpy()) for array in (one, other)]
            if values[0].dtype == object:
                assert one.equals(other), column
            else:
                assert values[0].tobytes() == values[1].tobytes(), column
    was, now = np.asarray(before.vectors), np.asarray(after.vectors)
    assert now[: len(was)].tobytes() == was.tobytes()
    assert after.rows["row_id"].tolist() == list(range(len(after.rows)))
    assert after.points["unit_id"].tolist() == list(range(len(after.points)))
    assert len(now) == len(after.points)
    assert {t["id"]: t["name"] for t in after.summary["topics"]} == {
        t["id"]: t["name"] for t in before.summary["topics"]
    }


@pytest.mark.parametrize("seed", range(9))
def test_old_values_keep_their_bits(bundles, tmp_path: Path, seed: int):
    chosen = random.Random(seed)
    before = bundles[("review", "sentence", "own")[seed % 3]]
    path = tmp_path / "more.csv"
    for step in range(2):
        path.write_bytes(file_of(chosen))
        parts = add(before, Request(path, path.name), cache_dir=tmp_path / "caches", skip_known=chosen.random() < 0.3)
        after = open_bundle(write_bundle(tmp_path / f"after{step}", parts))
        assert verify(after.path) == []
        assert_bits_are_kept(before, after)
        before = after


def test_the_same_texts_have_the_same_vectors(bundles, tmp_path: Path):
    """What an embedder learned from the first file is used, and nothing learned anew from the second."""
    before = bundles["review"]
    rows = made_reviews.table(made_reviews.mixed(N))[:12]
    path = made_reviews.write(tmp_path / "again.csv", rows)
    parts = add(before, Request(path, path.name), cache_dir=tmp_path / "caches")
    np.testing.assert_allclose(parts.vectors[N:], np.asarray(before.vectors)[:12], atol=1e-6)


def test_own_topics_and_places_of_added_rows_count(bundles, tmp_path: Path):
    before = bundles["own"]
    rows = [{**row, "x": "3.5", "y": "2.25"} for row in made_reviews.table(made_reviews.mixed(8, 77), 77)]
    rows[0]["shop"], rows[1]["shop"], rows[1]["x"] = "west", "", ""
    path = made_reviews.write(tmp_path / "more.csv", rows)
    parts = add(before, Request(path, path.name), cache_dir=tmp_path / "caches")
    new = parts.points.iloc[N:]
    assert new["topic"].tolist()[2:] == [row["shop"] for row in rows[2:]]
    assert not new["joined"].iloc[2:].any()
    assert new["cluster"].iloc[0] == -1, "a shop that is no topic yet"
    assert any("west" in str(note["values"]) for note in parts.summary["warnings"])
    places = new[["x2", "y2"]].to_numpy()
    np.testing.assert_allclose(np.delete(places, 1, axis=0), [[3.5, 2.25]] * 7, atol=1e-5)
    assert np.isfinite(places).all()
