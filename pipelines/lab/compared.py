"""A sample of the reviews read by a second model of this computer, as a job; what came of it is kept in a small file.

It lies in the analysis's folder (`lab/`) and goes with it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from pipelines import embed, neighbors, project
from pipelines.embed import embed_texts, hub
from pipelines.errors import N_, UnusableInput
from pipelines.lab import adapted, two_models
from pipelines.lab.kinds import COMPARE, COMPARING, Part
from pipelines.lab.two_models import Compared
from pipelines.progress import Progress
from pipelines.store import acting, catalog, durable
from pipelines.store.reader import Bundle

MOST_COMPARED = 2_000
SEED_AGAIN = 7
FOLDER = "lab"


def listed(analysis_id: str) -> list[str]:
    """Models that anybody may take as the second one: those that come along, and those adapted to this analysis."""
    return ["bundled", "offline-zh", "lexical", *(one.name for one in adapted.made_for(analysis_id))]


def may_name_any() -> bool:
    """Whether who acts may name any folder of this computer as a model: the person at it alone."""
    return acting.is_machine()


def spec(analysis_id: str, bundle: Bundle, other: str, rows: int = MOST_COMPARED) -> dict[str, object]:
    """The spec of a job that reads a sample of `bundle` by the embedder `other`.

    Raises UnusableInput for a model that is not listed, where who acts may not name any.
    """
    if not may_name_any() and other not in listed(analysis_id):
        raise UnusableInput(N_("Only the person at the machine can take “{name}”: choose a listed model."), name=other)
    return {
        "kind": COMPARE,
        "analysis_id": analysis_id,
        "bundle": bundle.id,
        "name": other,
        "other": other,
        "rows": rows,
    }


def run(bundle: Bundle, spec: Mapping[str, Any], progress: Progress) -> Path:
    """Do such a job; returns where its result lies. Raises as `compare`."""
    other = str(spec["other"])
    found = compare(bundle, other, int(spec["rows"]), progress)
    return keep(str(spec["analysis_id"]), bundle, other, found)


def compare(bundle: Bundle, other: str, rows: int, progress: Progress) -> Compared:
    """Read at most `rows` different reviews by another embedder of this computer, lay them out, and compare.

    Raises UnusableInput for an embedder elsewhere, and for fewer than two_models.LEAST reviews.
    """
    units = two_models.sample(bundle, min(rows, two_models.MOST))
    if len(units) < two_models.LEAST:
        raise UnusableInput(N_("Too few different reviews to compare two models: it takes {n}."), n=two_models.LEAST)
    points = bundle.points.iloc[units]
    languages = points["language"].fillna("").tolist() if "language" in points else ()
    if other.startswith("st:") and hub.here(other.removeprefix("st:")) is None:
        raise UnusableInput(N_("The model “{name}” is not on this computer: give its folder."), name=other)
    embedder = embed.resolve(other, languages).embedder
    if embedder.remote or embedder.paid:
        raise UnusableInput(
            N_("“{name}” reads texts elsewhere: here a second model is one of this computer."), name=other
        )
    vectors = embed_texts(embedder, points["text"].tolist(), progress=Part(progress, COMPARING, 0, 80)).matrix
    first = np.ascontiguousarray(np.asarray(bundle.vectors)[units], dtype=np.float32)
    maps = []
    for place, (matrix, seed) in enumerate(((vectors, 42), (first, SEED_AGAIN))):
        progress(COMPARING, 80 + 8 * place, 100)
        graph = neighbors.build_graph(matrix)
        maps.append(project.project(matrix, graph, project.ProjectConfig(seed=seed)).xy)
    progress(COMPARING, 96, 100)
    own = points[["x2", "y2"]].to_numpy(dtype=np.float32)
    return two_models.compare(units, first, vectors, own, *maps)


def keep(analysis_id: str, bundle: Bundle, other: str, found: Compared) -> Path:
    """Write a comparison beside the analysis's bundles; one a bundle and model, the newer in place of the older."""
    arrays = {name: getattr(found, name) for name in ("units", "places", "aligned", "shared", "moved")}
    numbers = np.array([found.k, found.by_chance, found.again], np.float64)
    path = _path(analysis_id, bundle.id, other)
    path.parent.mkdir(exist_ok=True)
    durable.replace_file(path, durable.npz_bytes({**arrays, "numbers": numbers}))
    return path


def kept(analysis_id: str, bundle_id: str, other: str) -> Compared | None:
    """A comparison that a job made; None where there is none, or it does not read."""
    try:
        with np.load(_path(analysis_id, bundle_id, other), allow_pickle=False) as archive:
            numbers = archive["numbers"].tolist()
            arrays = [archive[name] for name in ("units", "places", "aligned", "shared", "moved")]
    except (OSError, ValueError, KeyError):
        return None
    units, places, aligned, shared, moved = arrays
    return Compared(units, places, aligned, shared, moved, int(numbers[0]), numbers[1], numbers[2])


def _path(analysis_id: str, bundle_id: str, other: str) -> Path:
    named = hashlib.sha256(f"{bundle_id}\n{other}".encode()).hexdigest()[:20]
    return catalog.home() / analysis_id / FOLDER / f"{named}.npz"
