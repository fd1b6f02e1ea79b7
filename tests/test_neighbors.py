import numpy as np
import pytest

from pipelines.neighbors import NeighborConfig, build_graph, restrict


def unit_rows(m: int, d: int = 16, seed: int = 0) -> np.ndarray:
    rows = np.random.default_rng(seed).normal(size=(m, d)).astype(np.float32)
    return rows / np.linalg.norm(rows, axis=1, keepdims=True) if m else rows


def brute_force(matrix: np.ndarray, k: int) -> np.ndarray:
    similarity = matrix.astype(np.float64) @ matrix.T.astype(np.float64)
    np.fill_diagonal(similarity, -np.inf)
    return np.argsort(-similarity, axis=1, kind="stable")[:, :k]


@pytest.mark.parametrize("m", [0, 1, 2, 3, 5, 12])
def test_few_units_get_as_many_neighbors_as_there_are(m):
    graph = build_graph(unit_rows(m))
    assert graph.indices.shape == graph.similarity.shape == (m, max(0, min(30, m - 1)))
    assert graph.indices.dtype == np.int32
    assert graph.similarity.dtype == np.float32


@pytest.mark.parametrize("m", [40, 700])
def test_equals_brute_force(m):
    matrix = unit_rows(m)
    graph = build_graph(matrix, NeighborConfig(k=10))
    expected = brute_force(matrix, 10)
    rows = np.arange(m)[:, None]
    similarity = matrix.astype(np.float64) @ matrix.T.astype(np.float64)
    # two neighbours may change places only where the sixth digit is all that tells them apart
    assert similarity[rows, graph.indices] == pytest.approx(similarity[rows, expected], abs=2e-6)
    assert (graph.indices == expected).mean() > 0.999
    assert (np.diff(graph.similarity, axis=1) <= 2e-6).all()


def test_blocks_do_not_change_the_result(monkeypatch):
    matrix = unit_rows(300)
    whole = build_graph(matrix, NeighborConfig(k=7))
    monkeypatch.setattr("pipelines.neighbors._BLOCK_CELLS", 3000)
    in_blocks = build_graph(matrix, NeighborConfig(k=7))
    assert (whole.indices == in_blocks.indices).all()


def test_ties_go_to_the_smaller_index():
    matrix = np.repeat(unit_rows(1), 600, axis=0)
    graph = build_graph(matrix, NeighborConfig(k=3))
    assert graph.indices[0].tolist() == [1, 2, 3]
    assert graph.indices[599].tolist() == [0, 1, 2]


def test_reports_progress_to_the_end():
    heard = []
    build_graph(unit_rows(50), progress=lambda stage, done, total, **_: heard.append((stage, done, total)))
    assert heard[0] == ("neighbors", 0, 50)
    assert heard[-1] == ("neighbors", 50, 50)


def test_restrict_equals_a_new_graph_even_where_neighbors_run_short():
    matrix = unit_rows(200)
    graph = build_graph(matrix, NeighborConfig(k=12))
    keep = np.random.default_rng(1).random(200) < 0.3
    part = restrict(graph, keep, matrix, 8)
    assert (part.indices == build_graph(matrix[keep], NeighborConfig(k=8)).indices).all()


@pytest.mark.parametrize("kept", [0, 1, 2])
def test_restrict_to_few(kept):
    matrix = unit_rows(20)
    keep = np.arange(20) < kept
    part = restrict(build_graph(matrix), keep, matrix, 5)
    assert part.indices.shape == (kept, max(0, kept - 1))


def test_a_k_below_one_is_refused():
    with pytest.raises(ValueError, match="k=0"):
        NeighborConfig(k=0)


@pytest.mark.filterwarnings("ignore::ImportWarning")
@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_an_index_finds_nearly_all_and_the_same_each_time():
    rng = np.random.default_rng(0)
    centres = rng.normal(size=(40, 24))
    matrix = (np.repeat(centres, 50, axis=0) + rng.normal(size=(2000, 24))).astype(np.float32)
    matrix /= np.linalg.norm(matrix, axis=1, keepdims=True)
    exact = build_graph(matrix)
    found = build_graph(matrix, NeighborConfig(exact_up_to=1999))
    again = build_graph(matrix, NeighborConfig(exact_up_to=1999))
    assert (found.indices == again.indices).all() and (found.similarity == again.similarity).all()
    kept = [len(set(one) & set(other)) for one, other in zip(exact.indices, found.indices, strict=True)]
    assert np.mean(kept) / 30 > 0.98
    assert (found.indices != np.arange(2000)[:, None]).all() and found.indices.min() >= 0
    assert all(len(set(row)) == 30 for row in found.indices.tolist())
    assert found.indices.dtype == np.int32 and (np.diff(found.similarity, axis=1) <= 2e-6).all()
