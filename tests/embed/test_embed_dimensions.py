"""Neighbours kept when vectors are cut: right by a plain count, seeded, and well-behaved at the edges."""

from __future__ import annotations

import numpy as np
import pytest

from pipelines.embed.base import normalise
from pipelines.embed.dimensions import (
    agreement,
    can_be_cut,
    is_trained,
    powers_of_two,
    recommendation,
)


def made(n: int, dim: int, *, falling: bool, seed: int = 0) -> np.ndarray:
    """Random directions; falling: what comes first matters most."""
    random = np.random.default_rng(seed).normal(size=(n, dim))
    return normalise(random * (np.geomspace(1, 1e-3, dim) if falling else 1))


def counted(matrix: np.ndarray, dim: int, k: int = 10) -> float:
    """The same by sorting everything."""

    def nearest(vectors: np.ndarray) -> list[set[int]]:
        cosine = vectors @ vectors.T
        np.fill_diagonal(cosine, -np.inf)
        return [set(row) for row in np.argsort(-cosine, axis=1)[:, :k]]

    pairs = zip(nearest(matrix), nearest(normalise(matrix[:, :dim])), strict=True)
    return float(np.mean([len(before & after) / k for before, after in pairs]))


@pytest.mark.parametrize("falling", [True, False])
def test_the_share_is_that_of_a_plain_count(falling: bool) -> None:
    matrix = made(400, 96, falling=falling)
    found = agreement(matrix)
    assert found is not None
    assert found.dims == (16, 32, 64, 96)
    for dim, kept in zip(found.dims[:-1], found.kept[:-1], strict=True):
        assert kept == pytest.approx(counted(matrix, dim), abs=1e-3)
    assert found.kept[-1] == found.low[-1] == found.high[-1] == 1
    assert all(low <= kept <= high for low, kept, high in zip(found.low, found.kept, found.high, strict=True))
    assert (found.sampled, found.total, found.neighbours) == (400, 400, 10)


def test_a_sample_is_held_against_all_and_is_the_same_each_time() -> None:
    matrix = made(3000, 64, falling=True)
    whole, some = agreement(matrix, sample=3000), agreement(matrix, sample=500)
    assert whole is not None
    assert some is not None
    assert some == agreement(matrix, sample=500)
    assert some.sampled == 500
    assert some.low[0] <= whole.kept[0] <= some.high[0]


def test_duplicates_lose_nothing() -> None:
    matrix = np.repeat(made(20, 64, falling=False), 30, axis=0)
    found = agreement(matrix)
    assert found is not None
    assert found.kept == (1.0, 1.0, 1.0)


def test_the_smallest_dimension_that_is_enough_is_recommended() -> None:
    found = agreement(made(600, 256, falling=True))
    assert found is not None
    assert found.recommended < 256
    assert found.kept[found.dims.index(found.recommended)] >= 0.95
    assert str(found.recommended) in str(recommendation(found))
    bad = agreement(made(600, 256, falling=False))
    assert bad is not None
    assert bad.recommended == bad.native == 256
    assert "Keep all 256" in str(recommendation(bad))


@pytest.mark.parametrize(("n", "dim"), [(0, 8), (1, 8), (2, 8), (5, 0)])
def test_too_little_gives_nothing(n: int, dim: int) -> None:
    assert agreement(np.zeros((n, dim), np.float32)) is None


def test_few_reviews_have_fewer_neighbours() -> None:
    found = agreement(made(5, 32, falling=False))
    assert found is not None
    assert (found.neighbours, found.kept) == (4, (1.0, 1.0)), "all others are neighbours"


@pytest.mark.parametrize(
    ("native", "dims"), [(8, (8,)), (16, (16,)), (17, (16, 17)), (384, (16, 32, 64, 128, 256, 384))]
)
def test_dimensions_are_powers_of_two_and_all(native: int, dims: tuple[int, ...]) -> None:
    assert powers_of_two(native) == dims


@pytest.mark.parametrize(
    ("name", "trained"),
    [
        ("dashscope:text-embedding-v4", True),
        ("ollama:qwen3-embedding:0.6b", True),
        ("st:Qwen/Qwen3-Embedding-0.6B", True),
        ("st:nomic-ai/nomic-embed-text-v1.5", True),
        ("st:nomic-ai/nomic-embed-text-v1", False),
        ("st:google/embeddinggemma-300m", True),
        ("openai:text-embedding-3-large@https://api.openai.com/v1", True),
        ("openai:text-embedding-ada-002@https://api.openai.com/v1", False),
        ("bundled", False),
        ("st:intfloat/multilingual-e5-small", False),
        ("", False),
    ],
)
def test_which_models_are_trained_for_it(name: str, trained: bool) -> None:
    assert is_trained({"name": name}) is trained


def test_parts_side_by_side_are_not_cut() -> None:
    assert not can_be_cut({"name": "offline-zh"})
    assert can_be_cut({"name": "bundled"})
