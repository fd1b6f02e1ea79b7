"""A bundle as a store: the same order as by hand, filters, diversity, and a bundle that never changes."""

from __future__ import annotations

import json

import numpy as np
import pytest

from pipelines.adapters import BundleStore, ReviewscapeEmbeddings
from pipelines.errors import UnusableInput
from pipelines.store.verify import verify


def test_the_order_is_that_of_the_cosine(store: BundleStore, embeddings: ReviewscapeEmbeddings) -> None:
    found = store.similarity_search_with_score("the grinder is too loud", k=7)
    likeness = store.bundle.vectors @ np.array(embeddings.embed_query("the grinder is too loud"), np.float32)
    best = np.argsort(-likeness, kind="stable")[:7]
    assert [int(document.id or -1) for document, _ in found] == best.tolist()
    assert [score for _, score in found] == pytest.approx(likeness[best], abs=1e-5)


def test_a_document_holds_what_is_known_of_it(store: BundleStore) -> None:
    (document,) = store.get_by_ids(["3"])
    point = store.bundle.points.iloc[3]
    assert document.page_content == point["text"]
    assert document.metadata["row_id"] == point["row_id"]
    assert document.metadata["topic"] == point["topic"]
    assert {"sentiment", "sentiment_label", "rating"} <= set(document.metadata)
    assert set(store.bundle.upload_columns) <= set(document.metadata)
    assert not {"x2", "text"} & set(document.metadata)
    assert json.loads(json.dumps(document.metadata)) == document.metadata


@pytest.mark.parametrize("kind", ["mapping", "function"])
def test_a_filter_holds(store: BundleStore, kind: str) -> None:
    wanted = {"rating": 1.0, "sentiment_label": "negative"}
    asked = wanted if kind == "mapping" else lambda d: all(d.metadata.get(key) == wanted[key] for key in wanted)
    found = store.similarity_search("delivery", k=1000, filter=asked)
    points = store.bundle.points
    is_in = (points["rating"] == 1.0) & (points["sentiment_label"] == "negative")
    assert sorted(int(document.id or -1) for document in found) == points.index[is_in].tolist()


def test_a_filter_on_nothing_that_is_there_says_what_is(store: BundleStore) -> None:
    with pytest.raises(UnusableInput, match=r"No review has “colour”.*sentiment_label"):
        store.similarity_search("delivery", filter={"colour": "red"})


def test_added_documents_stand_among_the_reviews_and_leave_the_bundle(store: BundleStore) -> None:
    (name,) = store.add_texts(["The warranty covers the grinder for five years."], [{"source": "policy.md"}])
    assert store.similarity_search("how long is the grinder's warranty?", k=1)[0].id == name
    assert store.similarity_search("warranty", k=3, filter={"sentiment_label": "negative"})
    store.delete([name, "0"])
    assert not store.get_by_ids([name, "0"])
    assert len(store) == len(store.bundle.points) - 1
    assert not verify(store.bundle.path)
    assert len(BundleStore(store.bundle, store.embeddings)) == len(store.bundle.points)


def test_an_added_document_takes_the_place_of_a_review_by_its_id(store: BundleStore) -> None:
    store.add_texts(["Nothing to say."], ids=["5"])
    assert store.get_by_ids(["5", "05", "-1", "99999999", "x"])[0].page_content == "Nothing to say."
    assert len(store.get_by_ids(["5", "05", "-1", "99999999", "x"])) == 1
    assert len(store) == len(store.bundle.points)


def test_diverse_results_repeat_less(store: BundleStore) -> None:
    plain = store.similarity_search("grinder", k=8)
    diverse = store.max_marginal_relevance_search("grinder", k=8, fetch_k=60, lambda_mult=0.2)

    def sameness(documents) -> float:
        rows = store.bundle.vectors[[int(document.id) for document in documents]]
        alike = rows @ rows.T
        return float(alike[np.triu_indices(len(rows), 1)].mean())

    assert sameness(diverse) < sameness(plain)


def test_relevance_is_between_0_and_1(store: BundleStore) -> None:
    scores = [score for _, score in store.similarity_search_with_relevance_scores("grinder", k=len(store))]
    assert min(scores) >= 0
    assert max(scores) <= 1


@pytest.mark.parametrize("search", [{"k": 3}, {"k": 3, "filter": {"rating": 5.0}}])
def test_as_a_retriever(store: BundleStore, search: dict) -> None:
    assert len(store.as_retriever(search_kwargs=search).invoke("espresso")) == 3


def test_fewer_than_one_is_no_number(store: BundleStore) -> None:
    with pytest.raises(ValueError, match="at least 1"):
        store.similarity_search("x", k=0)


def test_from_texts_wants_a_bundle(store: BundleStore) -> None:
    made = BundleStore.from_texts(["alone"], store.embeddings, bundle=store.bundle, ids=["new"])
    assert made.get_by_ids(["new"])[0].page_content == "alone"
    with pytest.raises(TypeError, match="bundle"):
        BundleStore.from_texts(["alone"], store.embeddings)
