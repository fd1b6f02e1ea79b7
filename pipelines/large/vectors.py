"""The vectors of a large file, on the disk: what an embedder learns from a sample, then every text, part by part."""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pyarrow as pa

from pipelines import checkpoints, embed, embedding
from pipelines.config import RAY
from pipelines.embed.base import is_combined, keeps, learns
from pipelines.embed.engine import notes_of
from pipelines.errors import N_, UnusableInput
from pipelines.large.choice import config_of, engine_of, folder_of, work_folder
from pipelines.large.parts import Parts, replacing, save
from pipelines.large.work import PART_TEXTS, Done, Embedding, parts_for
from pipelines.progress import Progress
from pipelines.running import Run, code_digest
from pipelines.store import durable
from pipelines.store.bundle import library_versions
from pipelines.types import IntArray, Units, Vectors, Warning_

VECTORS, LEARNED = "vectors.npy", "learned.npz"


@dataclass(frozen=True)
class Made:
    """vectors: matrix mapped from a run's folder. embedder: as it is after it learned; why it was chosen."""

    vectors: Vectors
    embedder: embed.Embedder
    why: Warning_


def embedded(run: Run, units: Units, caches: Path, cache: embed.VectorCache) -> Made | None:
    """Vectors of the units, each distinct text once; None for an embedder far away, which is asked in one piece.

    What an embedder learns, it learns from at most as many texts as there are landmarks. Raises UnusableInput (Ray for
    an embedder far away, too), Cancelled; parts that are done stay for the next time.
    """
    choice = embedding.chosen(run.request.config, units)
    embedder = choice.embedder
    if embedder.remote:
        if run.request.engine == RAY:
            raise UnusableInput(
                N_("“{name}” is asked over the network and gains nothing from Ray: leave --engine away."),
                name=embedder.name,
            )
        return None
    engine = engine_of(run.request)
    place_of: dict[str, int] = {}
    place = np.array([place_of.setdefault(text, len(place_of)) for text in units.clean], dtype=np.int64)
    distinct = list(place_of)
    del place_of
    state = _learned(embedder, _sample(distinct, config_of(run.request).most, run), cache, run.progress)
    identity = embedder.identity()
    query_dim = embedder.query_dim if is_combined(embedder) else embedder.dim
    count = parts_for(len(distinct), PART_TEXTS)
    parted = checkpoints.digest(distinct, identity, state, PART_TEXTS, code_digest(), library_versions())
    folder = work_folder(caches, parted)
    texts, made = Parts(folder, "texts", count), Parts(folder, "vectors", count)
    missing = made.missing()
    lacking = set(texts.missing()) & set(missing)
    for part in sorted(lacking):
        run.progress("embedding", made.count - len(missing), made.count)
        some = distinct[part * PART_TEXTS : (part + 1) * PART_TEXTS]
        texts.write(part, {"text": pa.array(some, type=pa.large_string())})
    durable.replace_file(folder / LEARNED, durable.npz_bytes(state))
    done: list[Done] = []
    work = Embedding(texts, made, identity, folder / LEARNED, cache.path.parent)
    engine(work, missing, _in_texts(run.progress, len(distinct)), done.append)
    matrix = _joined(made, place, embedder.dim, folder / VECTORS)
    embedded_now = sum(one.embedded for one in done)
    truncated = sum(one.truncated for one in done)
    counts = {
        "texts": len(place),
        "distinct": len(distinct),
        "embedded": embedded_now,
        # What an earlier run that was stopped had done is there, as what the cache holds is.
        "cached": len(distinct) - embedded_now,
        "tokens": sum(one.tokens for one in done),
        "truncated": truncated,
        "refused": 0,
    }
    vectors = Vectors(matrix, identity, query_dim, state, counts, notes=notes_of(embedder, truncated, {}))
    return Made(vectors, embedder, choice.why)


def laid_down(vectors: Vectors, caches: Path) -> tuple[Vectors, Path]:
    """Vectors as they lie in a run's folder, and the folder; others than `embedded`'s are written there first."""
    folder = folder_of(vectors.matrix)
    if folder is not None:
        return vectors, folder
    folder = work_folder(caches, checkpoints.digest(vectors.matrix))
    save(folder / VECTORS, vectors.matrix)
    return replace(vectors, matrix=np.load(folder / VECTORS, mmap_mode="r")), folder


def _sample(distinct: list[str], most: int, run: Run) -> list[str]:
    if len(distinct) <= most:
        return distinct
    drawn = np.random.default_rng(run.request.config.seed).choice(len(distinct), most, replace=False)
    return [distinct[i] for i in np.sort(drawn).tolist()]


def _learned(
    embedder: embed.Embedder, sample: list[str], cache: embed.VectorCache, progress: Progress
) -> dict[str, np.ndarray]:
    if not (learns(embedder) or keeps(embedder) or is_combined(embedder)):
        return {}
    return dict(embedding.vectors(embedder, sample, cache, progress).state)


def _in_texts(progress: Progress, texts: int) -> Progress:
    """Progress in parts as one in texts, with their rate since the first part."""
    started: list[tuple[float, float]] = []

    def tell(stage: str, done: float, total: float, *, rate: float | None = None, note: str = "") -> None:
        now = time.monotonic()
        started[:] = started or [(now, done)]
        passed = now - started[0][0]
        seen = texts * (done - started[0][1]) / max(total, 1)
        progress(stage, texts * done / max(total, 1), texts, rate=seen / passed if seen and passed else None, note=note)

    return tell


def _joined(made: Parts, place: IntArray, dim: int, path: Path) -> np.ndarray:
    """(n, dim) the vectors of units, whose texts are those at `place`, as a file that is mapped and not read whole."""
    order = np.argsort(place, kind="stable")
    ends = np.searchsorted(place[order], np.arange(made.count + 1) * PART_TEXTS)
    with replacing(path) as temp:
        joined = np.lib.format.open_memmap(temp, mode="w+", dtype="<f4", shape=(len(place), dim), version=(1, 0))
        for part, columns in enumerate(made):
            at = order[ends[part] : ends[part + 1]]
            joined[at] = columns["vector"][place[at] - part * PART_TEXTS]
        joined.flush()
        del joined
    mapped: np.ndarray = np.load(path, mmap_mode="r")
    return mapped
