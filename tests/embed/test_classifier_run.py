"""An analysis whose sentiment comes from the person's own model, from settings to bundle; made here, never fetched."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from pipelines import drafts
from pipelines.add import add
from pipelines.analysis import Request, analyze
from pipelines.config import AnalyzeConfig
from pipelines.errors import UnusableInput
from pipelines.store.bundle import write_bundle
from pipelines.store.reader import open_bundle
from tests import made_reviews
from tests.embed import tiny_models

pytestmark = [
    pytest.mark.filterwarnings("ignore:Tensorflow not installed:ImportWarning"),
    pytest.mark.filterwarnings("ignore::DeprecationWarning:(jieba|snownlp|hdbscan|umap)"),
]

TEXTS = [text for i in range(8) for text in (f"i love it, thing {i}", f"i hate it, thing {i}", f"a great thing {i}")]


@pytest.fixture(scope="module")
def judge(tiny_model: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tiny_models.classifier(tiny_model, tmp_path_factory.mktemp("judge"))


def request(folder: Path, model: Path | str, texts: list[str] = TEXTS) -> Request:
    path = made_reviews.write(folder / "reviews.csv", made_reviews.table(texts))
    config = AnalyzeConfig(embedder="lexical", extra={"sentiment.model": str(model), "cluster.resamples": "0"})
    return Request(path, path.name, config=config)


def test_it_judges_every_review_and_the_added_ones_alike(judge: Path, tmp_path: Path) -> None:
    parts = analyze(request(tmp_path, judge), cache_dir=tmp_path / "caches")
    felt = dict(zip(parts.points["text"], parts.points["sentiment"], strict=True))
    assert all((score > 0) == ("hate" not in text) for text, score in felt.items())
    assert parts.summary["sentiment"]["method"] == [
        {"template": "Judged by the model {model}.", "values": {"model": str(judge)}}
    ]
    bundle = open_bundle(write_bundle(tmp_path / "bundle", parts))
    more = replace(request(tmp_path, judge, ["i hate it, another one", "a great thing 3"]), config=AnalyzeConfig())
    added = add(bundle, more, cache_dir=tmp_path / "caches")
    new = added.points.iloc[len(TEXTS) :]
    assert new["sentiment"].iloc[0] < 0 < new["sentiment"].iloc[1] == felt["a great thing 3"]


def test_one_that_does_not_load_is_told_before_anything_is_done(judge: Path, tmp_path: Path) -> None:
    broken = tmp_path / "broken"
    shutil.copytree(judge, broken)
    (broken / "model.safetensors").write_bytes(b"cut off")
    seen: list[str] = []

    def progress(stage: str, done: float, total: float, **_: object) -> None:
        seen.append(stage)

    with pytest.raises(UnusableInput, match="does not load as a sentiment model"):
        analyze(request(tmp_path, broken), cache_dir=tmp_path / "caches", progress=progress)
    assert seen == []
    given = request(tmp_path, broken)
    with pytest.raises(UnusableInput, match="does not load"):
        analyze(replace(given, config=drafts.quick(given.config)), cache_dir=tmp_path / "caches", progress=progress)


def test_a_draft_does_without_it(judge: Path, tmp_path: Path) -> None:
    given = request(tmp_path, judge)
    parts = analyze(replace(given, config=drafts.quick(given.config)), cache_dir=tmp_path / "caches")
    assert "VADER" in str(parts.summary["sentiment"]["method"])
