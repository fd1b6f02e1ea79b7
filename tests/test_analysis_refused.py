"""Texts that a provider will not take: left out and told, the rest of the file analysed; over a real HTTP server."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from pipelines import ingest
from pipelines.analysis import Request, analyze
from pipelines.config import AnalyzeConfig
from pipelines.errors import ProviderFailed
from pipelines.store.bundle import write_bundle
from pipelines.store.reader import open_bundle
from pipelines.store.verify import verify
from tests import made_reviews
from tests.embed.provider_server import ProviderServer, refuse_texts

pytestmark = [
    pytest.mark.filterwarnings("ignore:Tensorflow not installed:ImportWarning"),
    pytest.mark.filterwarnings("ignore::DeprecationWarning:(jieba|snownlp|hdbscan|umap)"),
]

FILTERED = (400, {"error": {"message": "content management policy", "code": "content_filter"}})
BAD = {3: "A forbidden word about the strap.", 11: "这条有 forbidden 的话,表带很差。", 20: "forbidden forbidden"}


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[ProviderServer]:
    monkeypatch.setenv("OPENAI_API_KEY", "sk-test-openai")
    running = ProviderServer()
    running.rules = [refuse_texts("forbidden", *FILTERED)]
    yield running
    running.close()


def request(tmp_path: Path, server: ProviderServer, texts: list[str], **more) -> Request:
    path = made_reviews.write(tmp_path / "reviews.csv", made_reviews.table(texts))
    config = AnalyzeConfig(embedder=f"openai:any@{server.url}", **more)
    return Request(path, path.name, config=config)


def texts(n: int = 24) -> list[str]:
    return [BAD.get(i, text) for i, text in enumerate(made_reviews.mixed(n))]


def test_refused_texts_are_left_out_and_the_map_is_made_without_them(tmp_path, server):
    parts = analyze(request(tmp_path, server, texts()), cache_dir=tmp_path / "caches")
    bundle = open_bundle(write_bundle(tmp_path / "bundle", parts))
    assert verify(bundle.path) == []
    rows, points, summary = bundle.rows, bundle.points, bundle.summary
    assert rows.index[rows["reason"] == "refused"].tolist() == sorted(BAD)
    assert rows["kept"].tolist() == [i not in BAD for i in range(24)]
    assert points["row_id"].tolist() == [i for i in range(24) if i not in BAD]
    assert points["unit_id"].tolist() == list(range(21))
    assert np.asarray(bundle.vectors).shape == (21, server.native_dim)
    assert summary["left_out"] == {"refused": 3}
    assert (summary["rows"], summary["kept"], summary["units"]) == (24, 21, 21)
    assert summary["embedding"]["refused"] == 3
    (told,) = [note for note in summary["warnings"] if "content filter" in note["template"]]
    assert told["values"]["count"] == 3
    # What was taken is in the cache: the second run asks again for the refused texts alone.
    asked = len(server.sent)
    again = analyze(request(tmp_path, server, texts()), cache_dir=tmp_path / "caches")
    assert {text for text in server.sent[asked:] if "forbidden" not in text} == set()
    assert again.points.equals(parts.points)


def test_a_review_stays_while_one_of_its_sentences_is_taken(tmp_path, server):
    given = made_reviews.english(12)
    given[4] = "The strap is soft and easy to swap. This one is forbidden by the filter."
    given[5] = "All of this is forbidden by the filter."
    parts = analyze(request(tmp_path, server, given, unit="sentence"), cache_dir=tmp_path / "caches")
    assert parts.rows["reason"].tolist() == ["refused" if i == 5 else "" for i in range(12)]
    assert parts.points.loc[parts.points["row_id"] == 4, "text"].tolist() == ["The strap is soft and easy to swap."]


def test_labels_and_places_of_refused_rows_go_with_them(tmp_path, server):
    rows = made_reviews.table(texts())
    for i, row in enumerate(rows):
        row.update(x=i, y=-i, kind="only here" if i in BAD else "elsewhere")
    path = made_reviews.write(tmp_path / "reviews.csv", rows)
    config = AnalyzeConfig(
        embedder=f"openai:any@{server.url}", x_column="x", y_column="y", label_column="kind", unit="review"
    )
    parts = analyze(Request(path, path.name, config=config), cache_dir=tmp_path / "caches")
    assert [topic["name"] for topic in parts.summary["topics"]] == ["elsewhere"]
    assert parts.points["x2"].tolist() == [float(i) for i in range(24) if i not in BAD]


def test_all_texts_refused_is_one_clear_error(tmp_path, server):
    with pytest.raises(ProviderFailed, match="refused"):
        analyze(request(tmp_path, server, [f"forbidden {i} strap" for i in range(6)]), cache_dir=tmp_path / "caches")


def test_reviews_that_were_read_before_are_not_read_again(tmp_path, server):
    asked = request(tmp_path, server, made_reviews.english(12))
    reviews = ingest.read(asked.source, asked.ingest)
    Path(str(asked.source)).unlink()
    parts = analyze(asked, reviews=reviews, cache_dir=tmp_path / "caches")
    assert len(parts.points) == 12
    assert parts.summary["source"]["name"] == "reviews.csv"
