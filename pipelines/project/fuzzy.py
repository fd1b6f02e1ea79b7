"""UMAP's fuzzy graph and its spectral start, in numpy: nothing to compile, and computed once for every layout.

Both follow McInnes, Healy and Melville 2018 (arXiv:1802.03426) and umap-learn's implementation of it.
"""

from __future__ import annotations

import numpy as np
from scipy import sparse
from scipy.sparse.csgraph import connected_components

from pipelines.types import FloatArray, NeighborGraph

_SEARCH_STEPS = 64
_DENSE_BELOW = 200
"""Up to this many vertices all eigenvectors are computed: exact, and faster than iterating."""


def fuzzy_graph(graph: NeighborGraph, n_neighbors: int, *, hubness_correction: bool = False) -> sparse.csr_array:
    """The symmetric fuzzy simplicial set (m, m) over each unit's n_neighbors - 1 nearest others, weights 0…1.

    hubness_correction: rank by cross-domain similarity local scaling (Conneau et al. 2018) instead of by cosine.
    """
    m = len(graph.indices)
    indices, distances = _ranked(graph, n_neighbors - 1, hubness_correction)
    weights = _memberships(distances, float(np.log2(indices.shape[1] + 1)))
    rows = np.repeat(np.arange(m), indices.shape[1])
    directed = sparse.csr_array((weights.ravel(), (rows, indices.ravel().astype(np.int64))), shape=(m, m))
    transposed = directed.T.tocsr()
    union = (directed + transposed - directed * transposed).tocsr()
    union.sum_duplicates()
    union.eliminate_zeros()
    return union


def _ranked(graph: NeighborGraph, k: int, hubness_correction: bool) -> tuple[np.ndarray, np.ndarray]:
    """The k nearest neighbours that the layout uses and their distances ≥ 0, nearest first."""
    similarity = graph.similarity.astype(np.float64)
    if not hubness_correction or graph.indices.shape[1] <= k:
        return graph.indices[:, :k], np.maximum(1.0 - similarity[:, :k], 0.0)
    # CSLS: a unit that is near to everything (a hub) is brought down by its own mean similarity
    around = similarity[:, :10].mean(axis=1)
    distance = 1.0 - (2.0 * similarity - around[graph.indices])
    order = np.argsort(distance, axis=1, kind="stable")[:, :k]
    distance = np.take_along_axis(distance, order, axis=1)
    return np.take_along_axis(graph.indices, order, axis=1), distance - min(0.0, float(distance.min(initial=0.0)))


def _memberships(distances: np.ndarray, target: float) -> np.ndarray:
    """Membership strengths exp(-(d - rho) / sigma), sigma found by bisection so that each row sums to `target`."""
    positive = np.where(distances > 0.0, distances, np.inf)
    rho = positive.min(axis=1)
    rho = np.where(np.isfinite(rho), rho, 0.0)
    excess = np.maximum(distances - rho[:, None], 0.0)
    low = np.zeros(len(distances))
    high = np.full(len(distances), np.inf)
    sigma = np.ones(len(distances))
    for _ in range(_SEARCH_STEPS):
        total = np.exp(-excess / sigma[:, None]).sum(axis=1)
        too_wide = total > target
        high = np.where(too_wide, sigma, high)
        low = np.where(too_wide, low, sigma)
        sigma = np.where(np.isfinite(high), (low + high) / 2.0, sigma * 2.0)
        sigma = np.minimum(sigma, 1e9)
    floor = 1e-3 * np.where(rho > 0.0, distances.mean(axis=1), distances.mean())
    sigma = np.maximum(np.maximum(sigma, floor), 1e-12)
    return np.exp(-excess / sigma[:, None]).astype(np.float32)


def spectral_start(fuzzy: sparse.csr_array, dims: int, seed: int) -> FloatArray:
    """Where a layout begins: the `dims` leading non-trivial eigenvectors of the normalised graph, (m, dims).

    A graph in pieces is laid out piece by piece, the largest in the middle and the others around it.
    """
    generator = np.random.default_rng(seed)
    pieces, piece_of = connected_components(fuzzy, directed=False)
    if pieces == 1:
        return _scaled(_eigenvectors(fuzzy, dims, generator))
    sizes = np.bincount(piece_of, minlength=pieces)
    start = np.empty((len(piece_of), dims), dtype=np.float32)
    for rank, piece in enumerate(np.argsort(-sizes, kind="stable")):
        members = np.flatnonzero(piece_of == piece)
        inside = _scaled(_eigenvectors(fuzzy[members][:, members], dims, generator))
        radius = float(np.sqrt(sizes[piece] / sizes.max()))
        direction = generator.normal(size=dims)
        direction /= np.linalg.norm(direction)
        away = 0.0 if rank == 0 else 10.0 + 5.0 * radius
        start[members] = inside * radius + direction * away
    return start


def _eigenvectors(fuzzy: sparse.csr_array, dims: int, generator: np.random.Generator) -> np.ndarray:
    """Eigenvectors 2…dims+1 of D^-½ A D^-½ for one connected piece; random places where it has too few vertices."""
    m = fuzzy.shape[0]
    if m <= dims + 2:
        return generator.uniform(-1.0, 1.0, size=(m, dims))
    from scipy.sparse import linalg

    degree = np.asarray(fuzzy.sum(axis=0)).ravel().astype(np.float64)
    scale = sparse.diags_array(1.0 / np.sqrt(np.maximum(degree, 1e-12)))
    normalised = (scale @ fuzzy.astype(np.float64) @ scale).tocsr()
    if m <= _DENSE_BELOW:
        _, vectors = np.linalg.eigh(normalised.toarray())
        return vectors[:, ::-1][:, 1 : dims + 1]
    try:
        # the largest of the adjacency are the smallest of the Laplacian, and the iteration finds them 20 times sooner
        values, vectors = linalg.eigsh(normalised, dims + 1, which="LA", tol=1e-4, v0=np.sqrt(degree), maxiter=5 * m)
    except linalg.ArpackError:
        return generator.uniform(-1.0, 1.0, size=(m, dims))
    return vectors[:, np.argsort(-values, kind="stable")[1:]]


def _scaled(coordinates: np.ndarray) -> np.ndarray:
    """Largest coordinate 10, and each axis' sign fixed, which an eigenvector leaves open."""
    leading = np.argmax(np.abs(coordinates), axis=0)
    signs = np.sign(coordinates[leading, np.arange(coordinates.shape[1])])
    largest = max(float(np.abs(coordinates).max(initial=0.0)), 1e-12)
    return (coordinates * np.where(signs == 0, 1.0, signs) * (10.0 / largest)).astype(np.float32)
