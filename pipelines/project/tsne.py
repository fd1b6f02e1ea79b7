"""t-SNE layouts over the given neighbour graph (van der Maaten and Hinton 2008), by openTSNE.

Many points by interpolation over a grid and Fourier transforms (Linderman and others 2019), few by a Barnes–Hut tree.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from pipelines.progress import Progress, silent
from pipelines.project import pca, umap
from pipelines.project.config import ProjectConfig
from pipelines.types import FloatArray, NeighborGraph, Projection

_LARGEST_START = 1e-4
"""Standard deviation of the start, as the method's authors advise: small, so that early forces stay small."""
_NO_SPREAD = 1e-6
"""Where all are alike nothing pulls apart what pulls together: all points fall into one, and the start is better."""
_EARLY_STEPS, _EARLY_PULL, _STEPS = 250, 12, 250
"""Steps in which neighbours pull so many times as hard, to find each other; and steps after them."""
_FFT_FROM = 3_000
_CELL = 2.0
"""Width of a cell of the grid, in units of the layout. 13,083 vectors take 6 s on one core where scikit-learn's tree
takes 34; 0.616 of the ten nearest stay so, 0.620 there, 0.626 with cells half as wide in 13 s."""
_TOLD_EVERY = 10


def project(matrix: FloatArray, graph: NeighborGraph, config: ProjectConfig, progress: Progress = silent) -> Projection:
    """2D by t-SNE from a PCA start, 3D by UMAP's optimiser from that 2D layout, cluster space by UMAP.

    t-SNE is far too slow in three dimensions, and it keeps no densities to find clusters by.
    """
    progress("projection", 0, 3)
    cluster_space = umap.layout(graph, config.cluster_dim, config, config.cluster_epochs)
    progress("projection", 1, 3)
    start = pca.principal_components(matrix, 3)
    xy = _embed(graph, start[:, :2], config, progress)
    progress("projection", 2, 3)
    xyz = umap.lift(xy, start[:, 2], graph, config)
    progress("projection", 3, 3)
    return Projection(xy, xyz, cluster_space)


def _embed(graph: NeighborGraph, start: FloatArray, config: ProjectConfig, progress: Progress) -> FloatArray:
    """(m, 2) from `start` (m, 2); asks whether to stop every few steps."""
    from openTSNE import TSNEEmbedding
    from openTSNE.affinity import PerplexityBasedNN
    from openTSNE.nearest_neighbors import PrecomputedNeighbors

    m, k = graph.indices.shape
    # Ties are ordered by index to six digits only; distances have to rise to the last one.
    distances = np.maximum.accumulate(np.maximum(1.0 - graph.similarity.astype(np.float64), 1e-9), axis=1)
    affinities = PerplexityBasedNN(
        perplexity=max(1.0, min(k / 3.0, (m - 1) / 3.0)),
        knn_index=PrecomputedNeighbors(graph.indices.astype(np.int64), distances),
        symmetrize=True,
    )
    start = start / max(float(start[:, 0].std()), 1e-12)
    later = config.epochs or _STEPS

    def tell(step: int, _error: float, _layout: object) -> None:
        progress("projection", 1 + min(step, later) / later, 3)

    # On one thread, since sums over several depend on their order, and a file must look alike on every machine.
    layout: Any = TSNEEmbedding(
        (start * _LARGEST_START).astype(np.float64),
        affinities,
        negative_gradient_method="bh" if m < _FFT_FROM else "fft",
        ints_in_interval=_CELL,
        random_state=config.seed,
        n_jobs=1,
    )
    for steps, pull, momentum in ((_EARLY_STEPS, _EARLY_PULL, 0.5), (later, 1, 0.8)):
        layout.optimize(
            steps, exaggeration=pull, momentum=momentum, inplace=True, callbacks=tell, callbacks_every_iters=_TOLD_EVERY
        )
    out = np.asarray(layout, dtype=np.float32)
    if float(out.std()) < _NO_SPREAD:
        out = start
    return out - out.mean(axis=0)
