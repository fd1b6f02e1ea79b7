"""PCA layouts: linear, instant, and the one method that works for a handful of units."""

from __future__ import annotations

import numpy as np

from pipelines.progress import Progress, silent
from pipelines.project.config import ProjectConfig
from pipelines.types import FloatArray, NeighborGraph, Projection


def project(matrix: FloatArray, graph: NeighborGraph, config: ProjectConfig, progress: Progress = silent) -> Projection:
    """The leading principal components of `matrix` (m, d) as picture and as cluster space."""
    progress("projection", 0, 1)
    components = principal_components(matrix, max(3, config.cluster_dim))
    progress("projection", 1, 1)
    return Projection(components[:, :2].copy(), components[:, :3].copy(), components[:, : config.cluster_dim].copy())


def principal_components(matrix: FloatArray, dims: int) -> FloatArray:
    """Scores (m, dims) on the leading components, widest first; axes the data do not fill are 0.

    Signs are fixed by each component's largest loading. Vectors that are all equal are spread over a disc.
    """
    m = len(matrix)
    if m == 0:
        return np.zeros((0, dims), dtype=np.float32)
    centred = matrix.astype(np.float64) - matrix.mean(axis=0, dtype=np.float64)
    if m > 1 and float(np.abs(centred).max(initial=0.0)) < 1e-6:
        return disc(m, dims)
    # the smaller of the two Gram matrices has the same leading components
    if m <= centred.shape[1]:
        values, left = np.linalg.eigh(centred @ centred.T)
        scores = left * np.sqrt(np.maximum(values, 0.0))
        loadings = centred.T @ left
    else:
        values, loadings = np.linalg.eigh(centred.T @ centred)
        scores = centred @ loadings
    order = np.argsort(-values, kind="stable")[: min(dims, m - 1)]
    scores, loadings = scores[:, order], loadings[:, order]
    leading = np.argmax(np.abs(loadings), axis=0)
    signs = np.where(loadings[leading, np.arange(len(order))] < 0, -1.0, 1.0)
    out = np.zeros((m, dims), dtype=np.float32)
    out[:, : len(order)] = scores * signs
    return out


def disc(m: int, dims: int) -> FloatArray:
    """m places spread evenly over a disc in the first two axes (Vogel's sunflower), 0 in the others."""
    out = np.zeros((m, dims), dtype=np.float32)
    radius = np.sqrt((np.arange(m) + 0.5) / max(m, 1))
    angle = np.arange(m) * np.pi * (3.0 - np.sqrt(5.0))
    out[:, 0] = radius * np.cos(angle)
    if dims > 1:
        out[:, 1] = radius * np.sin(angle)
    return out
