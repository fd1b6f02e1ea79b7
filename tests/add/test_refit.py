"""The map made anew over the earlier one, going back, and the jobs that do both."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from pipelines import runner
from pipelines.add import Refit, undo
from pipelines.analysis import analyze
from pipelines.errors import UnusableInput
from pipelines.progress import silent
from pipelines.store import library
from pipelines.store.bundle import write_bundle
from pipelines.store.reader import open_bundle
from pipelines.store.verify import verify
from tests import made_reviews, sample_bundle
from tests.add.conftest import N, fresh

pytestmark = [
    # UMAP says at its import that TensorFlow, which its parametric variant wants, is not there.
    pytest.mark.filterwarnings("ignore:Tensorflow not installed:ImportWarning"),
    pytest.mark.filterwarnings("ignore::DeprecationWarning:(jieba|snownlp|hdbscan|umap)"),
]


def test_a_refit_keeps_ids_names_and_about_the_places(old, added, caches, tmp_path):
    before = added(old, fresh(40))[1]
    refit = Refit(before, job="j1")
    parts = analyze(refit.request(tmp_path), reviews=refit.reviews(), cache_dir=caches, arrange=refit.arrange)
    after = open_bundle(write_bundle(tmp_path / "after", refit.finish(parts)))
    assert verify(after.path) == []
    assert after.points["text"].tolist() == before.points["text"].tolist()
    assert after.rows.equals(before.rows)
    for column in ("rating", "date", "user", "language"):
        assert after.points[column].equals(before.points[column])
    told = after.summary["refit"]
    assert told["from"] == before.id
    assert told["kept"] >= 2
    assert 0 <= told["stay"] <= 1
    assert all(entry["fitted"] for entry in after.summary["added"])
    ids = [topic["id"] for topic in after.summary["topics"]]
    assert len(set(ids)) == len(ids)
    assert set(after.points["cluster"]) - {-1} == set(ids)
    names = {topic["id"]: topic["name"] for topic in before.summary["topics"]}
    new = {one["id"] for one in told["new"]}
    assert new.isdisjoint(names), "an id that a topic had is given to no other"
    assert len({topic["name"] for topic in after.summary["topics"]}) == len(ids)
    distance = np.linalg.norm(after.points[["x2", "y2"]].to_numpy() - before.points[["x2", "y2"]].to_numpy(), axis=1)
    assert np.median(distance) < 0.35 * np.ptp(before.points[["x2", "y2"]].to_numpy(), axis=0).max()


def test_own_vectors_are_added_and_made_anew(tmp_path, caches):
    from pipelines.add import add
    from pipelines.analysis import Request

    generator = np.random.default_rng(0)
    first = made_reviews.write(tmp_path / "first.csv", made_reviews.table(made_reviews.english(40)))
    second = made_reviews.write(tmp_path / "second.csv", fresh(8))
    np.save(tmp_path / "first.npy", generator.normal(size=(40, 12)).astype(np.float32))
    np.save(tmp_path / "second.npy", generator.normal(size=(8, 12)).astype(np.float32))
    np.save(tmp_path / "wide.npy", generator.normal(size=(8, 13)).astype(np.float32))
    request = Request(first, first.name, vectors=tmp_path / "first.npy")
    bundle = open_bundle(write_bundle(tmp_path / "bundle", analyze(request, cache_dir=caches)))
    with pytest.raises(UnusableInput, match="--vectors"):
        add(bundle, Request(second, second.name), cache_dir=caches)
    with pytest.raises(UnusableInput, match="13 numbers"):
        add(bundle, Request(second, second.name, vectors=tmp_path / "wide.npy"), cache_dir=caches)
    parts = add(bundle, Request(second, second.name, vectors=tmp_path / "second.npy"), cache_dir=caches)
    more = open_bundle(write_bundle(tmp_path / "more", parts))
    refit = Refit(more)
    folder = tmp_path / "work"
    folder.mkdir()
    parts = analyze(refit.request(folder), reviews=refit.reviews(), cache_dir=caches, arrange=refit.arrange)
    np.testing.assert_allclose(refit.finish(parts).vectors, more.vectors, atol=1e-6)


@pytest.fixture
def analysis(home: Path) -> str:
    """An analysis in the library, made by a job."""
    path = made_reviews.write(home / "first.csv", made_reviews.table(made_reviews.english(N // 2)))
    spec = {"uploads": [{"path": str(path), "name": "first.csv"}], "name": "first.csv", "job_id": "0123456789abcdef"}
    return runner.run_job({**spec, "draft_first": False}, silent)["analysis_id"]


def test_jobs_add_and_make_anew_once_however_often_they_are_resumed(home, analysis):
    (first,) = library.bundles(analysis)
    path = made_reviews.write(home / "second.csv", fresh(10))
    spec = {
        "kind": "add",
        "uploads": [{"path": str(path), "name": "second.csv"}],
        "name": "both",
        "analysis_id": analysis,
        "bundle": first.id,
        "job_id": "a" * 16,
    }
    done = runner.run_job(spec, silent)
    assert runner.run_job(spec, silent) == done, "killed after publishing, it publishes nothing twice"
    assert [info.rows for info in library.bundles(analysis)] == [N // 2, N // 2 + 10]
    again = {"kind": "refit", "uploads": [], "name": "both", "analysis_id": analysis, "job_id": "b" * 16}
    made = runner.run_job({**again, "bundle": Path(done["bundle"]).name}, silent)
    assert open_bundle(made["bundle"]).summary["refit"]["job"] == "b" * 16
    assert [info.rows for info in library.bundles(analysis)] == [N // 2, N // 2 + 10, N // 2 + 10]


def test_going_back_shows_the_map_before_and_deletes_nothing(home):
    analysis = library.create("mine")
    one = library.publish(analysis, sample_bundle.parts(30))
    with pytest.raises(UnusableInput, match="no earlier map"):
        undo.withdraw(analysis, one.id)
    other = library.publish(analysis, sample_bundle.parts(40))
    undo.withdraw(analysis, other.id)
    undo.withdraw(analysis, other.id)
    assert library.latest_bundle(analysis) == one.path
    assert library.info(analysis).rows == 30
    assert open_bundle(library.bundle_path(analysis, other.id)).counts["rows"] == 40
    with pytest.raises(UnusableInput):
        undo.withdraw(analysis, one.id)
    undo.reinstate(analysis, other.id)
    assert library.latest_bundle(analysis) == other.path
    library.rebuild()
    assert [info.rows for info in library.bundles(analysis)] == [30, 40]
