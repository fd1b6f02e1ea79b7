"""t-SNE layouts over the given neighbour graph (van der Maaten and Hinton 2008), by scikit-learn's Barnes–Hut tree."""

from __future__ import annotations

from typing import Any

import numpy as np
from scipy import sparse

from pipelines.progress import Progress, silent
from pipelines.project import pca, umap
from pipelines.project.config import ProjectConfig
from pipelines.types import FloatArray, NeighborGraph, Projection

_LARGEST_START = 1e-4
"""Standard deviation of the start, as the method's authors advise: small, so that early forces stay small."""


def project(matrix: FloatArray, graph: NeighborGraph, config: ProjectConfig, progress: Progress = silent) -> Projection:
    """2D by t-SNE from a PCA start, 3D by UMAP's optimiser from that 2D layout, cluster space by UMAP.

    t-SNE's tree is far too slow in three dimensions, and it keeps no densities to find clusters by.
    """
    progress("projection", 0, 3)
    cluster_space = umap.layout(graph, config.cluster_dim, config, config.cluster_epochs)
    progress("projection", 1, 3)
    start = pca.principal_components(matrix, 3)
    xy = _embed(_distances(graph), start[:, :2], config)
    progress("projection", 2, 3)
    xyz = umap.lift(xy, start[:, 2], graph, config)
    progress("projection", 3, 3)
    return Projection(xy, xyz, cluster_space)


def _distances(graph: NeighborGraph) -> sparse.csr_matrix:
    """The graph as scikit-learn takes it: stored distances > 0, by row nearest first, itself with 0 included."""
    m, k = graph.indices.shape
    own = np.arange(m, dtype=np.int64)[:, None]
    columns = np.hstack([own, graph.indices.astype(np.int64)])
    # ties are ordered by index to six digits only, and scikit-learn wants rows that rise to the last one
    rising = np.maximum.accumulate(np.maximum(1.0 - graph.similarity.astype(np.float64), 1e-9), axis=1)
    values = np.hstack([np.zeros((m, 1)), rising])
    return sparse.csr_matrix((values.ravel(), columns.ravel(), np.arange(0, m * (k + 1) + 1, k + 1)), shape=(m, m))


def _embed(distances: sparse.csr_matrix, start: FloatArray, config: ProjectConfig) -> FloatArray:
    from sklearn.manifold import TSNE

    m = distances.shape[0]
    k = distances.indptr[1] - 1
    spread = max(float(start[:, 0].std()), 1e-12)
    model: Any = TSNE(
        n_components=start.shape[1],
        # scikit-learn asks the graph for 3·perplexity + 1 neighbours
        perplexity=max(1.0, min((k - 2) / 3.0, (m - 2) / 3.0)),
        metric="precomputed",
        init=(start / spread * _LARGEST_START).astype(np.float32),
        learning_rate="auto",
        max_iter=config.epochs or 500,
        random_state=config.seed,
        n_jobs=1,
    )
    out = np.asarray(model.fit_transform(distances), dtype=np.float32)
    return out - out.mean(axis=0)
