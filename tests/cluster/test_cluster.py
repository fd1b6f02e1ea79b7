import numpy as np
import pytest
from sklearn.metrics import adjusted_rand_score

from pipelines import project
from pipelines.cluster import ClusterConfig, at_size, cluster, hierarchy, size
from pipelines.cluster.join import vote
from pipelines.neighbors import build_graph
from pipelines.types import NeighborGraph

# importing umap calls into a module loader that Python 3.11 warns of; nothing of ours
pytestmark = pytest.mark.filterwarnings("ignore::ImportWarning")


def blobs(sizes: list[int], d: int = 24, noise: float = 0.15, seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    truth = np.repeat(np.arange(len(sizes)), sizes)
    centres = rng.normal(size=(len(sizes), d))
    rows = centres[truth] / np.linalg.norm(centres[truth], axis=1, keepdims=True)
    rows = (rows + noise * rng.normal(size=(len(truth), d))).astype(np.float32)
    return rows / np.linalg.norm(rows, axis=1, keepdims=True), truth


def layout(graph: NeighborGraph, seed: int) -> np.ndarray:
    return project.cluster_layout(graph, seed=seed)


def run(matrix: np.ndarray, config: ClusterConfig | None = None):
    graph = build_graph(matrix)
    return cluster(project.cluster_layout(graph), graph, config, layout=layout), graph


def test_finds_planted_groups_covers_all_and_counts_from_the_largest():
    matrix, truth = blobs([120, 90, 80, 60, 50, 40])
    found, _ = run(matrix)
    assert adjusted_rand_score(truth, found.labels) > 0.95
    assert (found.labels >= 0).mean() >= 0.95
    counts = np.bincount(found.labels[found.labels >= 0])
    assert (np.diff(counts) <= 0).all()
    assert found.stability.shape == (len(counts),)
    assert (found.stability > 0.8).all()
    assert ((found.strength >= 0) & (found.strength <= 1)).all()
    assert found.labels.dtype == np.int32 and found.strength.dtype == np.float32
    assert found.tried and found.min_cluster_size in {row[0] for row in found.tried}


@pytest.mark.parametrize("m", [0, 1, 2, 3, 5, 6, 12, 29, 31])
def test_few_units(m):
    found, _ = run(blobs([m])[0])
    assert found.labels.shape == found.joined.shape == found.strength.shape == (m,)
    assert len(found.stability) == found.labels.max(initial=-1) + 1


@pytest.mark.parametrize("m", [12, 100])
def test_equal_vectors(m):
    found, _ = run(np.repeat(blobs([1])[0], m, axis=0))
    assert np.isfinite(found.strength).all()


def test_same_input_same_result_whatever_the_threads(monkeypatch):
    matrix, _ = blobs([60, 50, 40, 30, 20])
    one, _ = run(matrix)
    monkeypatch.setenv("REVIEWSCAPE_THREADS", "1")
    other, _ = run(matrix)
    assert (one.labels == other.labels).all()
    assert (one.strength == other.strength).all()
    assert (one.stability == other.stability).all()
    assert one.tried == other.tried


def test_at_size_answers_from_the_kept_tree():
    matrix, _ = blobs([60, 50, 40, 30, 20])
    found, graph = run(matrix)
    again = at_size(found.tree, graph, found.min_cluster_size)
    assert (again.labels == found.labels).all()
    assert np.isnan(again.stability).all()
    assert at_size(found.tree, graph, 90).labels.max() <= found.labels.max()
    empty, few = run(matrix[:3])
    assert at_size(empty.tree, few, 5).labels.tolist() == [-1, -1, -1]


def test_a_given_size_is_used_and_still_judged():
    found, _ = run(blobs([60, 50, 40, 30, 20])[0], ClusterConfig(min_cluster_size=15))
    assert found.min_cluster_size == 15
    assert found.tried == ()
    assert np.isfinite(found.stability).all()


def test_without_resamples_stability_is_unknown():
    found, _ = run(blobs([60, 50, 40])[0], ClusterConfig(resamples=0))
    assert np.isnan(found.stability).all()
    assert found.labels.max() >= 1


def test_a_large_cluster_without_parts_is_kept():
    rng = np.random.default_rng(0)
    space = np.vstack([rng.normal(0, 0.1, (200, 2)), rng.normal(5, 0.1, (90, 2)), rng.normal(-5, 0.1, (90, 2))])
    found = hierarchy.cut(hierarchy.linkage(space.astype(np.float32)), 80, 152)
    assert (found.labels[:200] >= 0).mean() > 0.5


def test_cut_equals_hdbscan_where_no_cluster_is_large():
    import hdbscan

    matrix, _ = blobs([60, 50, 40, 30, 20], d=4, noise=0.3)
    tree = hierarchy.linkage(matrix)
    theirs = hdbscan.HDBSCAN(min_cluster_size=8, min_samples=hierarchy.MIN_SAMPLES, approx_min_span_tree=False)
    theirs.fit(matrix.astype(np.float64))
    found = hierarchy.cut(tree, 8, len(matrix))
    assert adjusted_rand_score(theirs.labels_, found.labels) == 1.0
    assert ((found.labels < 0) == (theirs.labels_ < 0)).all()
    assert found.strength == pytest.approx(theirs.probabilities_, abs=1e-6)


def test_vote_joins_in_rounds_and_keeps_the_share():
    # a chain 0-1-2-3-4-5 of which only the ends have a cluster
    indices = np.array([[1, 2], [0, 2], [1, 3], [4, 2], [5, 3], [4, 3]], dtype=np.int32)
    graph = NeighborGraph(indices, np.full((6, 2), 0.9, dtype=np.float32))
    labels = np.array([0, -1, -1, -1, -1, 1], dtype=np.int32)
    found, joined, share = vote(labels, graph)
    assert found.tolist() == [0, 0, 0, 1, 1, 1]
    assert joined.tolist() == [False, True, True, True, True, False]
    assert share[1] == pytest.approx(0.5) and share[0] == 0
    strict, joined, _ = vote(labels, graph, 0.9)
    assert strict.tolist() == labels.tolist() and not joined.any()


def test_vote_without_clusters_changes_nothing():
    graph = build_graph(blobs([10])[0])
    found, joined, _ = vote(np.full(10, -1, dtype=np.int32), graph)
    assert (found == -1).all() and not joined.any()


def test_overlap_is_the_best_jaccard():
    labels = np.array([0, 0, 0, 1, 1, -1])
    other = np.array([0, 0, 1, 1, 1, 1])
    assert size.overlaps(labels, other, 3) == pytest.approx([2 / 3, 2 / 4, 0.0])


def test_choose_takes_the_coarsest_of_the_run_from_the_best():
    scores = [(5, 40, 0.70), (10, 20, 0.80), (20, 12, 0.78), (40, 8, 0.60), (80, 6, 0.79)]
    assert size.choose(scores) == 20
    assert size.choose([(5, 3, 0.5), (10, 2, 0.9)]) == 10
    assert size.choose([(5, 0, 0.0), (9, 0, 0.0)]) == 5


@pytest.mark.parametrize("wrong", [{"min_cluster_size": 1}, {"max_share": 0.0}, {"resamples": -1}])
def test_wrong_settings_are_refused(wrong):
    with pytest.raises(ValueError, match=next(iter(wrong))):
        ClusterConfig(**wrong)
