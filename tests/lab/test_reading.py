"""Typed texts are read as the reviews were, here or not at all."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from pipelines import embed
from pipelines.lab import distances, keywords, nearest, reading
from pipelines.store.bundle import write_bundle
from pipelines.store.reader import Bundle, open_bundle
from tests.conftest import build_parts


def renamed(folder: Path, name: str) -> Bundle:
    parts = build_parts(12)
    parts.identity["name"] = name
    return open_bundle(write_bundle(folder / "bundle", parts))


def test_a_review_that_is_typed_again_gets_its_own_vector(kitchen: Bundle) -> None:
    assert reading.how(kitchen) == "here"
    read = reading.read(kitchen, [str(kitchen.points["text"].iloc[3]), "xyz", str(kitchen.points["text"].iloc[3])])
    assert read is not None
    np.testing.assert_allclose(read[0], kitchen.vectors[3], atol=1e-5)
    np.testing.assert_array_equal(read[0], read[2])


@pytest.mark.parametrize(
    ("name", "how"), [("own", "own"), ("dashscope:text-embedding-v4", "remote"), ("st:/no", "missing")]
)
def test_nothing_is_read_where_the_embedder_is_not_here(tmp_path: Path, name: str, how: str) -> None:
    bundle = renamed(tmp_path, name)
    assert reading.how(bundle) == how
    assert reading.read(bundle, ["a"]) is None


def test_a_service_is_asked_only_where_the_person_said_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[object] = []
    bundle = renamed(tmp_path, "openai:m@http://127.0.0.1:9/v1")
    bundled = embed.resolve("bundled").embedder
    monkeypatch.setattr(embed, "restore", lambda identity, state: asked.append(identity) or bundled)
    assert reading.read(bundle, ["a"]) is None
    assert asked == []
    assert reading.read(bundle, ["a"], send=True) is not None
    assert len(asked) == 1


def test_distance_and_angle_say_the_same_at_length_1_and_not_before(kitchen: Bundle) -> None:
    texts = ["The grinder is loud", "Delivery took three weeks"]
    pair, embedder = reading.read(kitchen, texts), reading.embedder_of(kitchen)
    assert pair is not None and embedder is not None
    measured = distances.measure(pair, reading.raw(embedder, texts))
    assert measured.distance == pytest.approx(np.sqrt(2 - 2 * measured.cosine), abs=1e-6)
    assert measured.lengths is not None and measured.lengths_differ
    assert measured.raw_distance is not None and measured.raw_distance > measured.distance
    assert measured.degrees == pytest.approx(np.degrees(np.arccos(measured.cosine)), abs=1e-4)
    assert not distances.measure(pair, pair).lengths_differ


def test_an_embedder_of_parts_gives_no_raw_vectors() -> None:
    assert reading.raw(embed.resolve("lexical").embedder, ["a"]) is None


def test_words_match_only_what_is_written() -> None:
    assert keywords.match("make coffee", "steps for brewing a cup").shared == ()
    assert keywords.match("river bank", "bank account").shared == ("bank",)
    assert keywords.match("手机", "智能手机").inside
    assert keywords.match("the", "the").share == 1.0, "function words count where there is nothing else"
    assert keywords.match("", "").share == 0.0


def test_nearest_reviews_are_distinct_and_leave_the_asked_one_out(kitchen: Bundle) -> None:
    found = nearest.nearest(kitchen, kitchen.vectors[3], 5, without=3)
    assert 3 not in found.units and found.of == 119
    assert (np.diff(found.cosine) <= 1e-6).all()
    typed = reading.read(kitchen, ["noisy when it grinds"])
    assert typed is not None
    near = nearest.nearest(kitchen, typed[0], 5)
    assert set(kitchen.points["topic"].iloc[near.units]) == {"grinder"}


def test_a_grid_is_symmetric_and_puts_alike_texts_together() -> None:
    vectors = np.eye(4, dtype=np.float32)[[0, 1, 0, 1]]
    cosine = nearest.likeness(vectors)
    np.testing.assert_array_equal(cosine, cosine.T)
    order = nearest.in_groups(cosine)
    assert sorted(order) == [0, 1, 2, 3]
    assert {frozenset(order[:2]), frozenset(order[2:])} == {frozenset({0, 2}), frozenset({1, 3})}
    assert nearest.in_groups(cosine[:2, :2]) == [0, 1]


def test_lines_are_texts_once_each_and_thirty_at_most() -> None:
    assert nearest.lines(" a \n\nb\na\n") == ["a", "b"]
    assert len(nearest.lines("\n".join(map(str, range(99))))) == nearest.MOST_IN_MATRIX


@pytest.mark.parametrize("name", ["st:someone/else", "st:someone/else@main", "static:st:someone/else"])
def test_a_bundle_fetches_no_model_whatever_it_names(tmp_path: Path, monkeypatch, name: str) -> None:
    asked: list[object] = []
    monkeypatch.setattr("pipelines.embed.hub._hub_answers", lambda: asked.append(1))
    bundle = renamed(tmp_path, name)
    assert reading.how(bundle) == "missing"
    assert not asked
