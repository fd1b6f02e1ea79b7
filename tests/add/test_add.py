"""A finished map with further reviews: nothing old changes, new ones join, and what does not fit is told."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pyarrow.parquet as pq
import pytest

from pipelines import ingest
from pipelines.add import add, read
from pipelines.analysis import Request
from pipelines.errors import UnusableInput
from pipelines.map.colour import colour_by
from pipelines.store.verify import verify
from tests import made_reviews
from tests.add.conftest import N, fresh

pytestmark = [
    # UMAP says at its import that TensorFlow, which its parametric variant wants, is not there.
    pytest.mark.filterwarnings("ignore:Tensorflow not installed:ImportWarning"),
    pytest.mark.filterwarnings("ignore::DeprecationWarning:(jieba|snownlp|hdbscan|umap)"),
]


def assert_old_is_unchanged(before, after):
    n = len(before.points)
    pd.testing.assert_frame_equal(after.points.iloc[:n], before.points)
    pd.testing.assert_frame_equal(after.rows.iloc[: len(before.rows)][list(before.rows.columns)], before.rows)
    assert np.asarray(after.vectors)[:n].tobytes() == np.asarray(before.vectors).tobytes()
    graph, kept = after.state("graph"), before.state("graph")
    m = len(kept["representatives"])
    for name in ("indices", "similarity", "representatives"):
        np.testing.assert_array_equal(graph[name][:m], kept[name])
    assert len(graph["indices"]) == len(graph["representatives"]) == after.summary["distinct"]
    assert {name: after.state(name).keys() for name in before.state_names} == {
        name: before.state(name).keys() for name in before.state_names
    }


@pytest.fixture(scope="module")
def more(old, added):
    return added(old, fresh(60))[1]


def test_old_rows_come_first_and_keep_every_bit(old, more):
    assert verify(more.path) == []
    assert_old_is_unchanged(old, more)
    assert (len(more.rows), len(more.points)) == (N + 60, N + 60)
    assert more.points["row_id"].tolist() == list(range(N + 60))
    assert pq.read_schema(more.path / "points.parquet").equals(pq.read_schema(old.path / "points.parquet"))
    assert more.identity == old.identity
    assert more.config == old.config


def test_new_rows_are_told_as_they_were_understood(old, more):
    new = more.points.iloc[N:]
    assert new["user"].tolist() == [f"later{i}" for i in range(60)]
    assert new["rating"].between(1, 5).all()
    assert new["date"].notna().all()
    assert set(new["topic"]) <= set(old.points["topic"]) | {""}
    by_id = {topic["id"]: topic["name"] for topic in old.summary["topics"]}
    assert [by_id.get(one, "") for one in new["cluster"]] == new["topic"].tolist()
    assert new.loc[(new["cluster"] >= 0) & new["duplicate_of"].isna(), "joined"].all()
    assert np.isfinite(new[["x2", "y2", "x3", "y3", "z3"]].to_numpy()).all()
    # Among the old points, and no two on one spot unless one repeats the other.
    low, high = old.points["x2"].min(), old.points["x2"].max()
    assert new["x2"].between(low - (high - low), high + (high - low)).all()
    alone = new[new["duplicate_of"].isna()]
    assert not alone[["x2", "y2"]].duplicated().any()


def test_the_summary_counts_all_of_them(old, more):
    entry = more.summary["added"][-1]
    assert (entry["rows"], entry["reviews"], entry["first_row"], entry["first_unit"]) == (60, 60, N, N)
    assert entry["joined"] + entry["fits_nowhere"] == 60
    assert more.summary["rows"] == N + 60
    counts = more.points["cluster"].value_counts()
    assert {topic["id"]: topic["units"] for topic in more.summary["topics"]} == {
        topic["id"]: int(counts[topic["id"]]) for topic in old.summary["topics"]
    }
    assert [topic["name"] for topic in more.summary["topics"]] == [topic["name"] for topic in old.summary["topics"]]
    colours = [colour_by(one.points, one.rows, "topic", one.summary["topics"]).values for one in (old, more)]
    assert colours[0] == colours[1]
    assert more.summary["coverage"] == (more.points["cluster"] >= 0).mean()


def test_the_same_again_gives_the_same_bits(old, added):
    one, other = added(old, fresh(30, 5))[1], added(old, fresh(30, 5))[1]
    for name in ("points.parquet", "vectors.npy", "rows.parquet"):
        assert (one.path / name).read_bytes() == (other.path / name).read_bytes()


def test_adding_to_what_was_added_to(old, more, added):
    third = added(more, fresh(20, 7))[1]
    assert_old_is_unchanged(more, third)
    assert_old_is_unchanged(old, third)
    assert [entry["rows"] for entry in third.summary["added"]] == [60, 20]


def test_rows_that_are_there_already_are_counted_and_can_be_left_out(old, added):
    again = made_reviews.table(made_reviews.mixed(N))[:10]
    both = added(old, [*again, *fresh(5)])[1]
    assert both.summary["added"][-1]["known"] == 10
    copies = both.points.iloc[N : N + 10]
    heads = copies["duplicate_of"].to_numpy(dtype=int)
    assert (heads < N).all()
    for column in ("x2", "y2", "x3", "y3", "z3", "cluster", "sentiment", "outlier_score", "sentiment_label"):
        assert copies[column].tolist() == old.points[column].iloc[heads].tolist()
    less = added(old, [*again, *fresh(5)], skip_known=True)[1]
    assert len(less.rows) == N + 5
    assert (less.summary["added"][-1]["known"], less.summary["added"][-1]["skipped"]) == (10, 10)
    with pytest.raises(UnusableInput, match="10 rows"):
        added(old, again, skip_known=True)


def test_columns_are_united_under_the_old_names(old, added):
    rows = [{"Review ": row["review"], "colour": "red", "stars": row["stars"]} for row in fresh(12, 9)]
    more = added(old, rows)[1]
    assert list(old.upload_columns) == list(more.upload_columns)[: len(old.upload_columns)]
    assert set(more.upload_columns) == {*old.upload_columns, "colour"}
    assert more.rows["colour"].tolist() == [""] * N + ["red"] * 12
    assert more.rows["user"].tolist()[N:] == [""] * 12
    assert more.points["date"].iloc[N:].isna().all()
    assert more.points["text"].iloc[N] == rows[0]["Review "]
    templates = [note["template"] for note in more.summary["warnings"]]
    assert any("lacks" in template for template in templates)
    assert any("more columns" in template for template in templates)


def test_a_text_column_of_another_name_is_found_and_told(old, tmp_path):
    rows = [{"comment": row["review"], "stars": row["stars"]} for row in fresh(30, 13)]
    path = made_reviews.write(tmp_path / "other.csv", rows)
    found = read(old, path)
    assert found.reviews.text == [row["comment"] for row in rows]
    assert any(note.values == {"given": "comment", "column": "review"} for note in found.notes)
    said = read(old, path, ingest.IngestOptions(roles={"text": "comment"}))
    assert said.reviews.text == found.reviews.text


def test_ratings_are_read_on_the_scale_of_the_rows_before(tmp_path, caches):
    from pipelines.analysis import analyze
    from pipelines.store.bundle import write_bundle
    from pipelines.store.reader import open_bundle

    rows = [{**row, "stars": 1 + i % 10} for i, row in enumerate(made_reviews.table(made_reviews.english(40)))]
    first = made_reviews.write(tmp_path / "ten.csv", rows)
    bundle = open_bundle(write_bundle(tmp_path / "b", analyze(Request(first, "ten.csv"), cache_dir=caches)))
    path = made_reviews.write(tmp_path / "five.csv", [{**row, "stars": 5} for row in fresh(6)])
    new = read(bundle, path).reviews
    five = bundle.points.loc[bundle.rows["stars"] == "5", "rating"].iloc[0]
    assert new.rating.tolist() == [five] * 6
    assert five < 4


def test_a_file_without_usable_reviews_is_refused(old, tmp_path, caches):
    path = made_reviews.write(tmp_path / "none.csv", [{**row, "review": "!!!"} for row in fresh(3)])
    with pytest.raises(UnusableInput, match="No usable review"):
        add(old, Request(path, path.name), cache_dir=caches)


def test_another_arithmetic_is_refused_with_what_to_do(old, tmp_path, caches, monkeypatch):
    from pipelines.add import vectors

    path = made_reviews.write(tmp_path / "new.csv", fresh(3))
    with pytest.raises(UnusableInput, match="REVIEWSCAPE_ARITHMETIC"):
        vectors._check_alike({"arithmetic": "cuda-fp16"}, {"arithmetic": "torch-fp32"})
    with pytest.raises(UnusableInput, match="leave --vectors away"):
        add(old, Request(path, path.name, vectors=tmp_path / "v.npy"), cache_dir=caches)
