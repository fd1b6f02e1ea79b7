"""One contract over all projections, and what is particular to each."""

import numpy as np
import pytest

from pipelines import project
from pipelines.errors import Cancelled
from pipelines.neighbors import build_graph
from pipelines.project import ProjectConfig, pca
from pipelines.project.fuzzy import fuzzy_graph, spectral_start
from pipelines.types import NeighborGraph

# importing umap calls into a module loader that Python 3.11 warns of; nothing of ours
pytestmark = pytest.mark.filterwarnings("ignore::ImportWarning")


def groups(m: int, clusters: int = 3, d: int = 16, seed: int = 0) -> np.ndarray:
    rng = np.random.default_rng(seed)
    rows = (rng.normal(size=(clusters, d))[np.arange(m) % clusters] * 3 + rng.normal(size=(m, d))).astype(np.float32)
    return rows / np.linalg.norm(rows, axis=1, keepdims=True) if m else rows


def quick(method: str) -> ProjectConfig:
    return ProjectConfig(method=method, epochs=300 if method == "tsne" else 30, cluster_epochs=20)


@pytest.mark.parametrize("method", project.METHODS)
@pytest.mark.parametrize("m", [0, 1, 2, 3, 5, 8, 12, 90])
def test_shapes_types_and_finite_numbers(method, m):
    matrix = groups(m)
    placed = project.project(matrix, build_graph(matrix), quick(method))
    for name, dims in (("xy", 2), ("xyz", 3), ("cluster_space", 5)):
        array = getattr(placed, name)
        assert array.shape == (m, dims)
        assert array.dtype == np.float32
        assert np.isfinite(array).all()


@pytest.mark.parametrize("method", project.METHODS)
@pytest.mark.parametrize("m", [2, 12, 60])
def test_equal_vectors(method, m):
    matrix = np.repeat(groups(1), m, axis=0)
    placed = project.project(matrix, build_graph(matrix), quick(method))
    assert np.isfinite(placed.xy).all() and np.isfinite(placed.xyz).all() and np.isfinite(placed.cluster_space).all()
    assert len(np.unique(placed.xy, axis=0)) == m


@pytest.mark.parametrize("method", project.METHODS)
def test_same_input_same_bits(method):
    matrix = groups(80)
    one, other = (project.project(matrix, build_graph(matrix), quick(method)) for _ in range(2))
    assert (one.xy == other.xy).all() and (one.xyz == other.xyz).all()
    assert (one.cluster_space == other.cluster_space).all()


def test_threads_change_nothing(monkeypatch):
    matrix = groups(80)
    one = project.project(matrix, build_graph(matrix), quick("umap"))
    monkeypatch.setenv("REVIEWSCAPE_THREADS", "1")
    other = project.project(matrix, build_graph(matrix), quick("umap"))
    assert (one.xyz == other.xyz).all() and (one.cluster_space == other.cluster_space).all()


def test_umap_keeps_groups_together_and_3d_resembles_2d():
    matrix = groups(240)
    placed = project.project(matrix, build_graph(matrix))
    truth = np.arange(240) % 3
    for space in (placed.xy, placed.xyz, placed.cluster_space):
        centres = np.stack([space[truth == group].mean(axis=0) for group in range(3)])
        nearest = np.linalg.norm(space[:, None] - centres, axis=2).argmin(axis=1)
        assert (nearest == truth).mean() > 0.95
    for axis in range(2):
        assert np.corrcoef(placed.xy[:, axis], placed.xyz[:, axis])[0, 1] > 0.8


def test_a_cancelled_projection_stops():
    def cancel(stage, done, total, **_):
        raise Cancelled

    matrix = groups(200)
    with pytest.raises(Cancelled):
        project.project(matrix, build_graph(matrix), ProjectConfig(epochs=100_000), cancel)


def test_progress_ends_at_its_total():
    heard = []
    matrix = groups(60)
    project.project(matrix, build_graph(matrix), quick("umap"), lambda *call, **_: heard.append(call))
    assert {stage for stage, _, _ in heard} == {"projection"}
    assert heard[-1][1] == heard[-1][2]


def test_layout_makes_a_cluster_space_of_any_graph():
    graph = build_graph(groups(50))
    assert project.layout(graph, 4, epochs=10).shape == (50, 4)
    assert project.cluster_layout(graph, quick("umap"), 7).shape == (50, 5)
    empty = NeighborGraph(np.empty((1, 0), np.int32), np.empty((1, 0), np.float32))
    assert project.layout(empty, 5).shape == (1, 5)


def test_fuzzy_graph_equals_umap_learn():
    from umap.umap_ import fuzzy_simplicial_set

    matrix = groups(150)
    graph = build_graph(matrix)
    own = np.arange(150, dtype=np.int32)[:, None]
    theirs, _, _ = fuzzy_simplicial_set(
        matrix,
        15,
        np.random.RandomState(0),
        "cosine",
        knn_indices=np.hstack([own, graph.indices[:, :14]]),
        knn_dists=np.hstack([np.zeros((150, 1), np.float32), 1 - graph.similarity[:, :14]]),
    )
    difference = np.abs(fuzzy_graph(graph, 15).toarray() - theirs.toarray())
    assert difference.max() < 1e-3


def test_spectral_start_of_a_graph_in_pieces():
    matrix = groups(60)
    one = build_graph(matrix)
    far = NeighborGraph(np.vstack([one.indices, one.indices + 60]), np.vstack([one.similarity, one.similarity]))
    start = spectral_start(fuzzy_graph(far, 10), 2, 0)
    assert np.isfinite(start).all()
    assert np.linalg.norm(start[:60].mean(axis=0) - start[60:].mean(axis=0)) > 5


def test_principal_components_match_their_definition():
    matrix = groups(40, d=6)
    scores = pca.principal_components(matrix, 3)
    values = np.linalg.svd(matrix - matrix.mean(axis=0), compute_uv=False)
    assert np.linalg.norm(scores, axis=0) == pytest.approx(values[:3], rel=1e-4)


@pytest.mark.parametrize("wrong", [{"method": "mds"}, {"n_neighbors": 1}, {"min_dist": 1.5}, {"cluster_dim": 0}])
def test_wrong_settings_are_refused(wrong):
    with pytest.raises(ValueError, match=next(iter(wrong))):
        ProjectConfig(**wrong)
