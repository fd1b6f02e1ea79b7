import numpy as np
import pytest

from pipelines import neighbors
from pipelines.errors import Cancelled
from pipelines.landmarks import FAR_SHARE, LandmarkConfig, choose


def _points(n: int, seed: int = 0) -> np.ndarray:
    """n vectors around few centres, the last ten around one of their own."""
    generator = np.random.default_rng(seed)
    centres = generator.normal(size=(5, 16))
    rare = -centres.sum(axis=0)
    matrix = centres[generator.integers(4, size=n)] + 0.04 * generator.normal(size=(n, 16))
    matrix[-10:] = rare + 0.04 * generator.normal(size=(10, 16))
    return (matrix / np.linalg.norm(matrix, axis=1, keepdims=True)).astype(np.float32)


def test_few_candidates_are_all_landmarks() -> None:
    candidates = np.arange(0, 80, 2)
    assert np.array_equal(choose(_points(100), candidates, 50, 1), candidates)


def test_landmarks_are_rising_candidates_each_once_and_the_same_for_a_seed() -> None:
    matrix, candidates = _points(3000), np.arange(0, 3000, 2)
    one, other = (choose(matrix, candidates, 200, 7) for _ in range(2))
    assert np.array_equal(one, other)
    assert len(one) == 200
    assert (np.diff(one) > 0).all()
    assert set(one.tolist()) <= set(candidates.tolist())
    assert not np.array_equal(one, choose(matrix, candidates, 200, 8))


def test_what_is_rare_is_among_them_more_often_than_by_chance() -> None:
    matrix = _points(3000)
    found = [(choose(matrix, np.arange(3000), 300, seed) >= 2990).sum() for seed in range(8)]
    # One in three hundred is rare: one of the landmarks by chance.
    assert np.mean(found) >= 2


def test_identical_vectors_leave_nothing_to_draw_by_distance() -> None:
    matrix = np.ones((500, 1), dtype=np.float32)
    assert len(choose(matrix, np.arange(500), 100, 0)) == 100 - int(FAR_SHARE * 100)


def test_it_can_be_stopped() -> None:
    def stop(*_: object, **__: object) -> None:
        raise Cancelled

    with pytest.raises(Cancelled):
        choose(_points(500), np.arange(500), 60, 0, stop)


@pytest.mark.parametrize("values", [{"above": -1}, {"most": 49}])
def test_settings_that_make_no_map_are_refused(values: dict[str, int]) -> None:
    with pytest.raises(ValueError, match=next(iter(values))):
        LandmarkConfig(**values)


def test_the_nearest_landmarks_are_those_of_a_full_sort() -> None:
    matrix = _points(900)
    asked, landmarks = matrix[:400], matrix[400:]
    found = neighbors.among(asked, landmarks, 12)
    exact = np.sort(asked @ landmarks.T, axis=1)[:, ::-1][:, :12]
    assert np.allclose(found.similarity, exact, atol=2e-6)
    assert np.allclose(
        np.take_along_axis(asked @ landmarks.T, found.indices.astype(np.int64), axis=1), exact, atol=2e-6
    )


def test_fewer_landmarks_than_asked_for_and_nobody_asking() -> None:
    matrix = _points(40)
    assert neighbors.among(matrix, matrix[:3], 9).indices.shape == (40, 3)
    assert neighbors.among(matrix[:0], matrix, 9).indices.shape == (0, 9)
