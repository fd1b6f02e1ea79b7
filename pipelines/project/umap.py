"""UMAP layouts from the given neighbour graph: fuzzy graph and spectral start once, every dimension from them.

The optimiser is umap-learn's own inner loop, compiled without the interpreter's lock (two layouts then run side by
side) and kept on disk by numba, so that only the first run on a machine waits for the compiler.
"""

from __future__ import annotations

import functools
import logging
import os
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import FIRST_EXCEPTION, Future, ThreadPoolExecutor, wait
from typing import Any

import numpy as np
from scipy import sparse

from pipelines import settings
from pipelines.progress import Progress, silent
from pipelines.project import pca
from pipelines.project.config import SMALLEST, ProjectConfig
from pipelines.project.fuzzy import fuzzy_graph, spectral_start
from pipelines.types import FloatArray, NeighborGraph, Projection

_log = logging.getLogger(__name__)

_NEGATIVE_SAMPLES = 5
_POLL_S = 0.1

Tick = Callable[[], None]


class _Stopped(Exception):
    """A sibling failed or the person cancelled."""


def project(matrix: FloatArray, graph: NeighborGraph, config: ProjectConfig, progress: Progress = silent) -> Projection:
    """2D, 3D and cluster space of `matrix` (m, d) by UMAP; the 3D layout starts from the finished 2D one."""
    fuzzy = fuzzy_graph(graph, config.n_neighbors)
    start = spectral_start(fuzzy, 3, config.seed)
    cluster_fuzzy, cluster_start = _cluster_basis(graph, config, fuzzy, config.cluster_dim)
    epochs = config.epochs or default_epochs(len(matrix))
    epochs_3d = max(epochs // 2, 1)

    def picture(tick: Tick) -> tuple[FloatArray, FloatArray]:
        xy = optimize(fuzzy, start[:, :2], config.min_dist, epochs, config.seed, tick)
        return xy, optimize(fuzzy, _lifted(xy, start[:, 2]), config.min_dist, epochs_3d, config.seed, tick)

    def space(tick: Tick) -> FloatArray:
        return optimize(cluster_fuzzy, cluster_start, 0.0, config.cluster_epochs, config.seed, tick)

    total = epochs + epochs_3d + config.cluster_epochs
    (xy, xyz), cluster_space = _side_by_side([picture, space], total, progress)
    return Projection(_centred(xy), _centred(xyz), cluster_space)


def layout(graph: NeighborGraph, dims: int, config: ProjectConfig, epochs: int) -> FloatArray:
    """A cluster space (m, dims) for any graph, as `project` makes it: min_dist 0, its own spectral start."""
    m = len(graph.indices)
    if m < SMALLEST or graph.indices.shape[1] == 0:
        return pca.disc(m, dims)
    fuzzy, start = _cluster_basis(graph, config, None, dims)
    return optimize(fuzzy, start, 0.0, epochs, config.seed)


def lift(xy: FloatArray, third: FloatArray, graph: NeighborGraph, config: ProjectConfig) -> FloatArray:
    """A 3D layout (m, 3) that starts from a finished 2D one (m, 2) of whatever scale; `third` (m,) opens the depth."""
    scale = 10.0 / max(float(np.abs(xy).max(initial=0.0)), 1e-12)
    epochs = max((config.epochs or default_epochs(len(xy))) // 2, 1)
    fuzzy = fuzzy_graph(graph, config.n_neighbors)
    return _centred(optimize(fuzzy, _lifted(xy * scale, third), config.min_dist, epochs, config.seed))


def default_epochs(m: int) -> int:
    """Epochs of the picture: 500 for small files, 200 from 10,000 units on, as umap-learn, but without its jump."""
    return int(np.clip(500 * (1000 / max(m, 1)) ** 0.4, 200, 500))


def optimize(
    fuzzy: sparse.csr_array,
    start: FloatArray,
    min_dist: float,
    epochs: int,
    seed: int,
    tick: Tick = lambda: None,
    *,
    alpha: float = 1.0,
) -> FloatArray:
    """The layout (m, dims) after `epochs` of umap-learn's stochastic gradient descent; `tick` is called after each.

    alpha: the learning rate at the start, which falls to 0. The same arguments give the same bits on one machine.
    """
    step = _compiled_epoch()
    a, b = _curve(min_dist)
    edges = fuzzy.tocoo()
    strong = edges.data >= edges.data.max(initial=0.0) / max(epochs, 1)
    head = np.ascontiguousarray(edges.row[strong], dtype=np.int32)
    tail = np.ascontiguousarray(edges.col[strong], dtype=np.int32)
    weight = edges.data[strong].astype(np.float64)
    every = weight.max(initial=0.0) / np.maximum(weight, 1e-12)  # epochs between two uses of an edge
    every_negative = every / _NEGATIVE_SAMPLES
    next_use, next_negative = every.copy(), every_negative.copy()
    m, dims = start.shape
    generator = np.random.default_rng(seed)
    embedding = np.array(start, dtype=np.float32, order="C")
    embedding += generator.normal(
        scale=1e-4 * max(float(np.abs(start).max(initial=0.0)), 1.0), size=start.shape
    ).astype(np.float32)
    states = generator.integers(-(2**31) + 1, 2**31 - 1, size=(m, 3), dtype=np.int64)
    unused = np.zeros(1, dtype=np.float32)
    rate = alpha
    for epoch in range(epochs):
        step(
            embedding, embedding, head, tail, m, every, a, b, states, 1.0, dims, True, rate,
            every_negative, next_negative, next_use, epoch,
            False, unused, unused, 0.0, 0.0, 0.0, 0.0, unused, unused, 0.0,
        )  # fmt: skip
        rate = alpha * (1.0 - epoch / epochs)
        tick()
    return embedding


def warm_up() -> None:
    """Import and compile what a first layout needs; meant for a background thread at server start."""
    ring = np.arange(16, dtype=np.int32)
    indices = np.stack([(ring + 1) % 16, (ring - 1) % 16], axis=1)
    layout(NeighborGraph(indices, np.full((16, 2), 0.5, dtype=np.float32)), 2, ProjectConfig(), 2)


@functools.cache
def _curve(min_dist: float) -> tuple[float, float]:
    from umap.umap_ import find_ab_params

    a, b = find_ab_params(1.0, min_dist)
    return float(a), float(b)


_compile_lock = threading.Lock()


@functools.cache
def _compiled(on_disk: bool) -> Any:
    import numba
    from umap import layouts

    return numba.njit(fastmath=True, nogil=True, cache=on_disk)(layouts._optimize_layout_euclidean_single_epoch)


def _compiled_epoch() -> Any:
    """umap-learn's epoch as a function that releases the interpreter's lock."""
    with _compile_lock:
        try:
            return _compiled(True)
        except RuntimeError:  # numba found no folder that it may write its cache to
            _log.info("the compiled layout cannot be kept on disk; it is compiled anew in each process")
            return _compiled(False)


def _cluster_basis(
    graph: NeighborGraph, config: ProjectConfig, fuzzy: sparse.csr_array | None, dims: int
) -> tuple[sparse.csr_array, FloatArray]:
    """Fuzzy graph and start of the cluster space; `fuzzy` is reused when no correction changes it."""
    if fuzzy is None or config.hubness_correction:
        fuzzy = fuzzy_graph(graph, config.n_neighbors, hubness_correction=config.hubness_correction)
    return fuzzy, spectral_start(fuzzy, dims, config.seed)


def _lifted(xy: FloatArray, third: FloatArray) -> FloatArray:
    """A 3D start that looks like the 2D layout from above: its third axis is the next eigenvector, as wide."""
    spread = float(np.std(xy, axis=0).mean())
    depth = third / max(float(np.std(third)), 1e-12) * spread
    return np.column_stack([xy, np.clip(depth, -2.0 * spread, 2.0 * spread)]).astype(np.float32)


def _centred(coordinates: FloatArray) -> FloatArray:
    return (coordinates - coordinates.mean(axis=0, dtype=np.float64)).astype(np.float32)


def _side_by_side(jobs: Sequence[Callable[[Tick], Any]], total: int, progress: Progress) -> list[Any]:
    """The jobs' results, run in threads where there are cores; progress is only ever called from this thread."""
    done = [0] * len(jobs)
    stop = threading.Event()

    def ticker(slot: int) -> Tick:
        def tick() -> None:
            done[slot] += 1
            if stop.is_set():
                raise _Stopped

        return tick

    cores = settings.get_int("threads") or os.cpu_count() or 1
    with ThreadPoolExecutor(max_workers=max(1, min(len(jobs), cores))) as pool:
        futures: list[Future[Any]] = [pool.submit(job, ticker(slot)) for slot, job in enumerate(jobs)]
        try:
            pending = set(futures)
            while pending:
                progress("projection", sum(done), total)
                finished, pending = wait(pending, timeout=_POLL_S, return_when=FIRST_EXCEPTION)
                for future in finished:
                    future.result()
        finally:
            stop.set()
    progress("projection", total, total)
    return [future.result() for future in futures]
