from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from pipelines import embed, hits
from pipelines.store.bundle import write_bundle
from pipelines.store.reader import Bundle, open_bundle
from tests.sample_bundle import parts, sample_bundle


@pytest.fixture(scope="module")
def bundle(tmp_path_factory) -> Bundle:
    return sample_bundle(tmp_path_factory.mktemp("hits"), 120)


def texts(bundle: Bundle, found: hits.Hits) -> list[str]:
    return bundle.points["text"].iloc[found.positions].tolist()


def test_words_are_found_in_any_case_width_and_inside_a_word(bundle):
    for typed in ("ESPRESSO", "espre", "espresso", " espresso "):
        found = hits.find(bundle, typed)
        assert found.how == "words"
        assert len(found) == 54
        assert all("espresso" in text for text in texts(bundle, found))
        assert found.said.all()
        assert np.isnan(found.alike).all()


def test_chinese_needs_no_spaces_and_forms_of_a_word_are_one(bundle):
    assert len(hits.find(bundle, "早餐丰富")) == 52
    assert len(hits.find(bundle, "grinders")) == len(hits.find(bundle, "grinder")) == 54


def test_the_phrase_goes_before_its_words_apart(bundle):
    found = hits.find(bundle, "espresso is good")
    assert found.positions.tolist() == sorted(found.positions.tolist())
    apart = hits.find(bundle, "good grinder")
    assert len(apart) == 54


@pytest.mark.parametrize("typed", ["", "  ", "nowhere to be found", "%_.*[", "\x00\u202e"])
def test_nothing_is_found_for_nothing(bundle, typed):
    found = hits.find(bundle, typed)
    assert len(found) in (0, 1)
    assert all(typed.strip() in text for text in texts(bundle, found))


def test_hostile_text_is_only_text(bundle):
    assert texts(bundle, hits.find(bundle, "'; DROP TABLE"))[0].startswith("'; DROP")
    assert len(hits.find(bundle, "(")) > 0


def test_a_model_that_cannot_be_asked_leaves_the_words(tmp_path):
    own = open_bundle(write_bundle(tmp_path / "bundle", replace(parts(60), identity={"name": "own"})))
    assert not hits.can_read(own)
    found = hits.find(own, "espresso", by_meaning=True)
    assert found.how == "unread"
    assert len(found) == 24


@pytest.fixture(scope="module")
def read(tmp_path_factory) -> Bundle:
    """Reviews of three kinds, read by the bundled model."""
    kinds = {
        "delivery": ["The parcel came two weeks late", "It arrived after a long wait", "Shipping took for ever"],
        "coffee": ["The espresso tastes bitter", "A cup of it is rich and smooth", "The roast is too dark for me"],
        "battery": ["The battery dies by noon", "It needs charging twice a day", "Power lasts for two days"],
    }
    lines = [f"{text}, number {i}" for i in range(8) for group in kinds.values() for text in group]
    embedder = embed.resolve("bundled").embedder
    made = parts(len(lines))
    points = made.points.assign(text=pd.array(lines, dtype="str"))
    vectors = np.asarray(embedder.embed_documents(lines), dtype=np.float32)
    whole = replace(made, points=points, vectors=vectors, identity=embedder.identity())
    return open_bundle(write_bundle(tmp_path_factory.mktemp("read") / "bundle", whole))


def test_meaning_finds_what_the_words_do_not(read):
    assert len(hits.find(read, "delayed delivery")) == 0
    found = hits.find(read, "delayed delivery", by_meaning=True)
    assert found.how == "meaning"
    assert found.clear > 10
    assert np.all(np.diff(found.alike) <= 0)
    late = ("parcel", "arrived", "Shipping")
    assert np.mean([any(word in text for word in late) for text in texts(read, found)]) > 0.8
    assert not found.said.any()


def test_what_says_it_is_always_among_what_means_it(read):
    said = {*hits.find(read, "espresso").positions.tolist()}
    assert said
    assert said <= {*hits.find(read, "espresso", by_meaning=True).positions.tolist()}


def test_what_nothing_means_gives_the_nearest_and_says_so(read):
    found = hits.find(read, "constitutional law of Norway", by_meaning=True)
    assert found.how == "meaning"
    assert found.clear == 0
    assert len(found) == hits.NEAREST
