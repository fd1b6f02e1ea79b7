"""Jobs that add: none loses what another added, none adds twice, and no provider is asked for what is there."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from pipelines import runner, share
from pipelines.add import Refit, add, undo
from pipelines.analysis import Request, analyze
from pipelines.config import AnalyzeConfig
from pipelines.errors import ProviderFailed, UnusableInput
from pipelines.progress import silent
from pipelines.store import library
from pipelines.store.bundle import write_bundle
from pipelines.store.reader import Bundle, open_bundle
from pipelines.view import View
from tests import made_reviews, sample_bundle
from tests.add.conftest import fresh
from tests.embed.provider_server import ProviderServer

pytestmark = [
    # UMAP says at its import that TensorFlow, which its parametric variant wants, is not there.
    pytest.mark.filterwarnings("ignore:Tensorflow not installed:ImportWarning"),
    pytest.mark.filterwarnings("ignore::DeprecationWarning:(jieba|snownlp|hdbscan|umap)"),
]

N = 40


@pytest.fixture
def analysis(home: Path) -> str:
    """An analysis in the library, made by a job; lexical, so that it takes a moment only."""
    path = made_reviews.write(home / "first.csv", made_reviews.table(made_reviews.english(N)))
    spec = {"uploads": [{"path": str(path), "name": "first.csv"}], "name": "first.csv", "job_id": "0123456789abcdef"}
    config = {"config": AnalyzeConfig(embedder="lexical").as_dict(), "draft_first": False}
    return runner.run_job({**spec, **config}, silent)["analysis_id"]


def adding(home: Path, analysis: str, base: str, name: str, n: int) -> dict[str, object]:
    """The spec of a job."""
    path = made_reviews.write(home / f"{name}.csv", fresh(n, len(name)))
    return {
        "kind": "add",
        "uploads": [{"path": str(path), "name": f"{name}.csv"}],
        "name": name,
        "analysis_id": analysis,
        "bundle": base,
        "job_id": f"{n:016x}",
    }


def test_two_files_added_to_the_same_map_are_both_there(home, analysis):
    (base,) = library.bundles(analysis)
    first, second = (adding(home, analysis, base.id, name, n) for name, n in (("mon", 7), ("tues", 9)))
    made = runner.run_job(first, silent)
    runner.run_job(second, silent)
    assert [info.rows for info in library.bundles(analysis)] == [N, N + 7, N + 16]
    latest = open_bundle(library.latest_bundle(analysis))
    assert [entry["file"] for entry in latest.summary["added"]] == ["mon.csv", "tues.csv"]
    # The first job was killed after it published, and is resumed now.
    assert runner.run_job(first, silent) == made
    undo.withdraw(analysis, latest.id)
    assert runner.run_job(second, silent)["bundle"] == str(latest.path), "taken back by a person, not added again"
    assert [info.rows for info in library.bundles(analysis)] == [N, N + 7]


def test_what_was_added_meanwhile_is_not_lost(home, analysis):
    (base,) = library.bundles(analysis)
    first, second = (adding(home, analysis, base.id, name, n) for name, n in (("mon", 7), ("tues", 9)))
    between = []

    def meanwhile(stage: str, done: float, total: float, **_more: object) -> None:
        if stage == "outliers" and not between:
            between.append(runner.run_job(first, silent))

    runner.run_job(second, meanwhile)
    assert between
    assert [info.rows for info in library.bundles(analysis)] == [N, N + 7, N + 16]


def test_a_link_and_a_view_of_the_map_before_still_find_it(home, analysis):
    (base,) = library.bundles(analysis)
    token = share.create_link(analysis, View(analysis=analysis), bundle=base.id)
    view = library.save_view(analysis, "before", View(analysis=analysis))
    runner.run_job(adding(home, analysis, base.id, "mon", 7), silent)
    found = share.open_link(token)
    assert found is not None
    assert Path(found.bundle).name == base.id
    assert next(one for one in library.list_views(analysis) if one.id == view).bundle == base.id


def test_a_draft_takes_no_reviews(tmp_path):
    parts = sample_bundle.parts(30)
    parts.config["draft"] = True
    draft = open_bundle(write_bundle(tmp_path / "draft", parts))
    path = made_reviews.write(tmp_path / "more.csv", fresh(3))
    with pytest.raises(UnusableInput, match="draft"):
        add(draft, Request(path, path.name), cache_dir=tmp_path / "caches")


@pytest.fixture
def remote(tmp_path: Path, monkeypatch) -> tuple[Bundle, ProviderServer]:
    """An analysis whose vectors came from a server."""
    server = ProviderServer(native_dim=1024)
    monkeypatch.setenv("OLLAMA_HOST", server.url)
    path = made_reviews.write(tmp_path / "first.csv", made_reviews.table(made_reviews.english(N)))
    request = Request(path, path.name, config=AnalyzeConfig(embedder="ollama:qwen3-embedding:0.6b"))
    parts = analyze(request, cache_dir=tmp_path / "caches")
    return open_bundle(write_bundle(tmp_path / "bundle", parts)), server


def test_a_server_is_asked_for_the_new_texts_alone_and_for_none_to_make_the_map_anew(remote, tmp_path):
    bundle, server = remote
    asked = len(server.requests)
    path = made_reviews.write(tmp_path / "more.csv", fresh(5))
    parts = add(bundle, Request(path, path.name), cache_dir=tmp_path / "caches2")
    sent = json.dumps(server.requests[asked:])
    assert all(f"(11-{i})" in sent for i in range(5))
    assert bundle.points["text"].iloc[0] not in sent
    more = open_bundle(write_bundle(tmp_path / "more", parts))
    server.close()
    other = made_reviews.write(tmp_path / "other.csv", fresh(4, 12))
    with pytest.raises(ProviderFailed):
        add(more, Request(other, other.name), cache_dir=tmp_path / "caches3")
    refit = Refit(more)
    again = analyze(
        refit.request(tmp_path),
        reviews=refit.reviews(),
        cache_dir=tmp_path / "caches4",
        arrange=refit.arrange,
        embedded=refit.embedded,
    )
    again = refit.finish(again)
    np.testing.assert_array_equal(again.vectors, more.vectors)
    assert again.identity == more.identity
