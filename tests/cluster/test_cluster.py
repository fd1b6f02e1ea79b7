import numpy as np
import pytest
from scipy import sparse
from sklearn.metrics import adjusted_rand_score

from pipelines import collapse, project
from pipelines.cluster import ClusterConfig, at_size, cluster, consensus, hierarchy, size
from pipelines.cluster.join import vote
from pipelines.cluster.settle import _winners, settle
from pipelines.neighbors import NeighborConfig, build_graph
from pipelines.progress import silent
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


def test_choose_takes_the_weighted_median():
    scores = [(5, 40, 0.60), (10, 20, 0.79), (20, 12, 0.80), (40, 8, 0.79), (80, 6, 0.60)]
    assert size.choose(scores) == 20
    # where the curve is flat, another maximum is no other choice
    assert size.choose([(a, b, c + 0.02 * (a == 80)) for a, b, c in [(n, 10, 0.8) for n in (5, 10, 20, 40, 80)]]) == 20
    assert size.choose([(5, 30, 0.3), (10, 20, 0.9), (20, 10, 0.3)]) == 10
    assert size.choose([(5, 3, 0.5), (10, 2, 0.9)]) == 10
    assert size.choose([(5, 0, 0.0), (9, 0, 0.0)]) == 5


def test_consensus_of_one_layout_is_its_own_tree_cut_alike():
    matrix, _ = blobs([60, 50, 40, 30, 20])
    graph = build_graph(matrix)
    space = layout(graph, 1)
    own = hierarchy.cut(hierarchy.linkage(space), 10, len(matrix)).labels
    agreed = hierarchy.cut(consensus.linkage([(np.arange(len(matrix)), space)], graph), 10, len(matrix)).labels
    assert adjusted_rand_score(own, agreed) > 0.95


def test_consensus_connects_what_the_graph_leaves_apart_and_takes_parts():
    matrix, truth = blobs([40, 40, 40], noise=0.01)
    graph = build_graph(matrix)
    space = layout(graph, 1)
    part = np.arange(0, 120, 2)
    tree = consensus.linkage([(np.arange(120), space), (part, space[part])], graph)
    assert tree.shape == (119, 4) and tree[-1, 3] == 120 and np.isfinite(tree).all()
    assert adjusted_rand_score(truth, hierarchy.cut(tree, 10, 60).labels) == 1.0


def test_settle_moves_a_stray_to_its_neighbours_and_keeps_noise():
    matrix, truth = blobs([40, 40])
    graph = build_graph(matrix)
    labels = truth.astype(np.int32)
    labels[3], labels[5] = 1, -1
    found, moved, share = settle(labels, graph)
    assert found[3] == 0 and np.flatnonzero(moved).tolist() == [3]
    assert 0.5 < share[3] < 1.0 and share[moved == 0].max() == 0
    assert found[5] == -1
    assert (settle(labels, graph, 1.1)[0] == labels).all()
    none = np.full(80, -1, dtype=np.int32)
    assert (settle(none, graph)[0] == none).all()


def test_500_copies_of_one_review_group_the_others_as_one_does():
    matrix, _ = blobs([60, 50, 40, 30])
    texts = [f"review number {number} of {number % 7} kinds" for number in range(len(matrix))]
    place = 70

    def found(texts: list[str], matrix: np.ndarray) -> np.ndarray:
        graph, groups = collapse.neighbors_of_distinct(texts, matrix, NeighborConfig(), silent)
        labels = cluster(project.cluster_layout(graph), graph, layout=layout).labels
        return groups.spread(labels)

    once = found(texts, matrix)
    often = found(texts + [texts[place]] * 499, np.vstack([matrix, np.repeat(matrix[place : place + 1], 499, axis=0)]))
    assert adjusted_rand_score(once, often[: len(once)]) == 1.0
    assert (often[len(once) :] == often[place]).all()


@pytest.mark.parametrize("wrong", [{"min_cluster_size": 1}, {"max_share": 0.0}, {"resamples": -1}])
def test_wrong_settings_are_refused(wrong):
    with pytest.raises(ValueError, match=next(iter(wrong))):
        ClusterConfig(**wrong)


def test_however_mixed_a_file_is_its_topics_stay_readable(monkeypatch):
    matrix, _ = blobs([12] * 200, noise=0.05)
    found, graph = run(matrix)
    assert size.LEAST_TOPICS <= found.labels.max() + 1 <= size.MOST_TOPICS
    assert (found.labels >= 0).mean() >= 0.95
    asked = at_size(found.tree, graph, 10)
    assert asked.labels.max() + 1 > size.MOST_TOPICS  # who asks for more gets more
    monkeypatch.setattr(size, "MOST_TOPICS", 1000)
    assert run(matrix)[0].labels.max() + 1 > 160


def test_the_winner_has_the_most_votes_and_a_tie_goes_to_the_smaller():
    chosen = np.random.default_rng(5)
    for _ in range(50):
        units, clusters = chosen.integers(1, 40), chosen.integers(1, 8)
        votes = chosen.integers(0, 4, (units, clusters)) * chosen.integers(0, 2, (units, 1)) * 1.0
        own = chosen.integers(-1, clusters, units).astype(np.int32)
        winner, most = _winners(sparse.csr_array(votes), own)
        assert (most == votes.max(axis=1)).all()
        assert (winner == np.where(votes.any(axis=1), votes.argmax(axis=1), own)).all()
