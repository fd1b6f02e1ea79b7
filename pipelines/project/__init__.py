"""From vectors and their neighbour graph to places on the map and to the space in which clusters are found."""

from __future__ import annotations

from dataclasses import replace

from pipelines.progress import Progress, silent
from pipelines.project import pca, tsne, umap
from pipelines.project.config import METHODS, SMALLEST, ProjectConfig
from pipelines.types import FloatArray, NeighborGraph, Projection

__all__ = ["METHODS", "ProjectConfig", "cluster_layout", "layout", "project", "warm_up"]


def project(
    matrix: FloatArray, graph: NeighborGraph, config: ProjectConfig | None = None, progress: Progress = silent
) -> Projection:
    """2D, 3D and cluster space of `matrix` (m, d) with rows of length 1; float32 and finite for every m, 0 included."""
    config = config or ProjectConfig()
    if len(matrix) < SMALLEST:
        return pca.project(matrix, graph, config, progress)
    if config.method == "umap":
        return umap.project(matrix, graph, config, progress)
    if config.method == "tsne":
        return tsne.project(matrix, graph, config, progress)
    picture = pca.project(matrix, graph, config, progress)
    return replace(picture, cluster_space=cluster_layout(graph, config, config.seed))


def layout(
    graph: NeighborGraph, dims: int, config: ProjectConfig | None = None, epochs: int | None = None
) -> FloatArray:
    """A cluster space (m, dims) float32 of any graph, made as `project` makes it; for the resamples of the clusters."""
    config = config or ProjectConfig()
    return umap.layout(graph, dims, config, epochs or config.cluster_epochs)


def cluster_layout(graph: NeighborGraph, config: ProjectConfig | None = None, seed: int = 42) -> FloatArray:
    """The cluster space (m, cluster_dim) of any graph under another seed."""
    config = replace(config or ProjectConfig(), seed=seed)
    return umap.layout(graph, config.cluster_dim, config, config.cluster_epochs)


def warm_up() -> None:
    """Import and compile what a first layout needs; meant for a background thread at server start."""
    umap.warm_up()
