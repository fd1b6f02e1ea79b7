"""Our embedders as LangChain's: lengths, agreement to costs, and what a bundle's embedder learned."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from pipelines.adapters import BundleStore, ReviewscapeEmbeddings
from pipelines.embed import embed_texts, resolve
from pipelines.errors import DamagedBundle, UnusableInput
from pipelines.store.bundle import write_bundle
from pipelines.store.reader import Bundle, open_bundle
from tests.conftest import AnalysedSample, build_parts
from tests.embed.provider_server import ProviderServer

TEXTS = ["早餐很丰富,前台热情", "隔音太差,一晚没睡", "The room was clean", "位置方便,离地铁近", "早餐种类少,咖啡难喝"]


@pytest.fixture
def server() -> Iterator[ProviderServer]:
    running = ProviderServer()
    yield running
    running.close()


@pytest.fixture
def fitted(tmp_path: Path) -> Bundle:
    """A bundle of the offline Chinese embedder, which learns from its file and compares a part of a vector."""
    made = embed_texts(resolve("offline-zh").embedder, TEXTS)
    parts = build_parts(len(TEXTS), dim=made.matrix.shape[1], topics=1)
    points = parts.points.assign(text=TEXTS)
    state = {"embedder": {**made.state, "query_dim": np.array(made.query_dim)}}
    whole = replace(parts, points=points, vectors=made.matrix, identity=made.identity, state=state)
    return open_bundle(write_bundle(tmp_path / "bundle", whole))


def test_documents_and_questions_of_a_fitted_embedder_have_one_length(fitted: Bundle) -> None:
    embeddings = ReviewscapeEmbeddings.of(fitted)
    documents = np.array(embeddings.embed_documents(TEXTS))
    question = np.array(embeddings.embed_query("早餐怎么样"))
    assert documents.shape == (len(TEXTS), embeddings.dim)
    assert question.shape == (embeddings.dim,)
    assert np.linalg.norm([*documents, question], axis=1) == pytest.approx(1, abs=1e-5)
    of_bundle = fitted.vectors[:, : embeddings.dim]
    of_bundle = of_bundle / np.linalg.norm(of_bundle, axis=1, keepdims=True)
    assert documents == pytest.approx(of_bundle, abs=1e-3)


def test_a_store_of_a_fitted_embedder_compares_the_part_that_questions_have(fitted: Bundle) -> None:
    found = BundleStore(fitted).similarity_search_with_score("早餐很丰富,前台热情", k=5)
    assert found[0][0].page_content == TEXTS[0]
    assert [likeness for _, likeness in found] == sorted((likeness for _, likeness in found), reverse=True)


def test_a_name_that_must_learn_first_is_refused_with_the_way_out() -> None:
    with pytest.raises(UnusableInput, match="take the embedder of its bundle"):
        ReviewscapeEmbeddings("offline-zh")


def test_a_paid_embedder_sends_nothing_before_it_is_agreed_to(server: ProviderServer, monkeypatch) -> None:
    monkeypatch.setenv("DASHSCOPE_API_KEY", "sk-of-a-test")
    monkeypatch.setenv("DASHSCOPE_HTTP_BASE_URL", server.url)
    name = "dashscope:text-embedding-v4"
    for ask in (lambda e: e.embed_documents(["a"]), lambda e: e.embed_query("a")):
        with pytest.raises(UnusableInput, match="costs money"):
            ask(ReviewscapeEmbeddings(name))
    assert not server.requests
    agreed = ReviewscapeEmbeddings(name, dim=server.native_dim, allow_paid=True)
    assert len(agreed.embed_query("a")) == agreed.dim == server.native_dim


def test_no_text_is_no_request(server: ProviderServer, monkeypatch) -> None:
    monkeypatch.setenv("OLLAMA_HOST", server.url)
    assert ReviewscapeEmbeddings("ollama:qwen3-embedding:0.6b").embed_documents([]) == []
    assert not server.requests


def test_vectors_of_ones_own_have_no_embedder(tmp_path: Path) -> None:
    parts = replace(build_parts(), identity={"name": "own", "dim": 8})
    bundle = open_bundle(write_bundle(tmp_path / "bundle", parts))
    with pytest.raises(UnusableInput, match="come from a file of yours"):
        ReviewscapeEmbeddings.of(bundle)


def test_the_models_vectors_are_the_bundles(analysed_sample: AnalysedSample, embeddings: ReviewscapeEmbeddings) -> None:
    bundle = open_bundle(analysed_sample.bundle)
    again = embeddings.rows(bundle.points["text"].tolist()[:20])
    assert (again * bundle.vectors[:20]).sum(axis=1) == pytest.approx(1, abs=2e-2)


def test_a_bundle_narrower_than_its_embedder_is_told(tmp_path: Path, embeddings: ReviewscapeEmbeddings) -> None:
    bundle = open_bundle(write_bundle(tmp_path / "bundle", build_parts()))
    with pytest.raises((UnusableInput, DamagedBundle), match="numbers"):
        BundleStore(bundle, embeddings).similarity_search("room")
