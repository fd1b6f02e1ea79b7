"""A bundle as a retriever: what the dashboard's search finds, in its order, within a filter."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from pydantic import ValidationError

from pipelines import search
from pipelines.adapters import BundleRetriever
from pipelines.errors import UnusableInput
from pipelines.store.bundle import write_bundle
from pipelines.store.reader import open_bundle
from tests.conftest import AnalysedSample, build_parts

ASKED = "the grinder is too loud"


@pytest.mark.parametrize("mode", search.MODES)
def test_it_finds_what_the_search_finds(analysed_sample: AnalysedSample, mode: search.Mode) -> None:
    retriever = BundleRetriever.open(analysed_sample.bundle, k=6, mode=mode)
    documents = retriever.invoke(ASKED)
    expected = search.search(retriever.bundle, ASKED, mode=mode, limit=6)
    assert [int(document.id or -1) for document in documents] == expected.positions.tolist()
    assert [one.metadata["found"]["score"] for one in documents] == pytest.approx(expected.score.tolist())
    assert [one.metadata["found"]["clear"] for one in documents] == expected.clear.tolist()


def test_a_filter_holds(analysed_sample: AnalysedSample) -> None:
    retriever = BundleRetriever.open(analysed_sample.bundle, k=20, filter={"rating": 1.0})
    assert {document.metadata["rating"] for document in retriever.invoke(ASKED)} == {1.0}


def test_a_number_below_one_is_refused(analysed_sample: AnalysedSample) -> None:
    with pytest.raises(ValidationError):
        BundleRetriever.open(analysed_sample.bundle, k=0)


def test_reviews_that_a_provider_read_are_found_by_words_and_nobody_is_asked(tmp_path: Path) -> None:
    parts = replace(build_parts(), identity={"name": "dashscope:text-embedding-v4", "dim": 8})
    bundle = open_bundle(write_bundle(tmp_path / "bundle", parts))
    assert len(BundleRetriever(bundle=bundle, k=3).invoke("room")) == 3
    with pytest.raises(UnusableInput, match="cannot be asked here"):
        BundleRetriever(bundle=bundle, mode="vectors").invoke("room")
