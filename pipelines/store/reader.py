"""Reading a bundle: cheap to open, each file checked against its sum when it is first read."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa

from pipelines.errors import N_, DamagedBundle
from pipelines.store import durable, schema
from pipelines.store.bundle import (
    MANIFEST,
    MANIFEST_SUM,
    POINTS,
    ROWS,
    SCHEMA_VERSION,
    STATE,
    SUMMARY,
    VECTORS,
    sum_line,
)
from pipelines.types import FloatArray

_SUM_LINE = re.compile(rb"^[0-9a-f]{64}  manifest\.json\n$")
_SUM_IS_NEAR = 4
"""So many differing digits at most point to damage in the sum itself: another manifest's sum differs in about 60."""


class Bundle:
    """One finished run. What it returns is shared: copy a frame before changing it.

    manifest, path, id, created (ISO, UTC) and is_draft are there at once; points, rows, vectors, summary and state
    are read when first asked for and raise DamagedBundle where a file differs from its sum.
    """

    def __init__(self, path: Path, manifest: Mapping[str, Any]) -> None:
        self.path = path
        self.manifest = manifest
        self.id: str = manifest["id"]
        self.created: str = manifest["created"]
        self.is_draft: bool = bool(manifest.get("draft", False))

    def __repr__(self) -> str:
        return f"Bundle({str(self.path)!r})"

    @property
    def key(self) -> str:
        """What tells it from any other bundle, and from the same one with something laid over it (overlay.py)."""
        return str(self.path)

    @property
    def config(self) -> Mapping[str, Any]:
        """The settings of the run."""
        return self.manifest["config"]

    @property
    def identity(self) -> Mapping[str, Any]:
        """The embedder's identity, everything that decides a vector's bits."""
        return self.manifest["embedder"]

    @property
    def counts(self) -> Mapping[str, int]:
        """rows, units, topics and dim."""
        return self.manifest["counts"]

    @cached_property
    def points(self) -> pd.DataFrame:
        """One row a unit, in upload order (schema.POINT_COLUMNS, then roles); the index is unit_id."""
        return self._frame(POINTS)

    @cached_property
    def rows(self) -> pd.DataFrame:
        """One row a row of the upload: its columns, row_id, kept and reason; the index is row_id."""
        return self._frame(ROWS)

    @cached_property
    def upload_columns(self) -> tuple[str, ...]:
        """The upload's own columns in `rows`, in its order."""
        return tuple(name for name in self.rows.columns if name not in schema.OWN_ROW_COLUMNS)

    @cached_property
    def vectors(self) -> FloatArray:
        """(units, dim) float32, rows of length 1, mapped from the disk and not writable."""
        path = self._checked(VECTORS)
        try:
            return np.load(path, mmap_mode="r", allow_pickle=False)
        except ValueError:
            # An empty array cannot be mapped.
            return np.load(path, allow_pickle=False)

    @cached_property
    def summary(self) -> dict[str, Any]:
        """Counts, coverage, stability, topic table, warnings, seconds per stage."""
        return json.loads(self._checked(SUMMARY).read_bytes())

    @cached_property
    def state_names(self) -> tuple[str, ...]:
        """Names that `state` knows."""
        return tuple(sorted(Path(name).stem for name in self.manifest["files"] if name.startswith(f"{STATE}/")))

    def state(self, name: str) -> dict[str, Any]:
        """What was kept under `name`: arrays by name, or a plain dict; raises KeyError for an unknown name."""
        if f"{STATE}/{name}.json" in self.manifest["files"]:
            return json.loads(self._checked(f"{STATE}/{name}.json").read_bytes())
        if f"{STATE}/{name}.npz" not in self.manifest["files"]:
            raise KeyError(name)
        with np.load(self._checked(f"{STATE}/{name}.npz"), allow_pickle=False) as archive:
            return {key: archive[key] for key in archive.files}

    def _frame(self, name: str) -> pd.DataFrame:
        try:
            return schema.read_parquet(self._checked(name))
        except (OSError, pa.ArrowInvalid) as error:
            raise _damaged(self.path, N_("{name} is altered"), name=name) from error

    def _checked(self, name: str) -> Path:
        problem = file_problem(self.path, name, self.manifest["files"].get(name, {}))
        if problem:
            raise _damaged(self.path, problem, name=name)
        return self.path / name


class NewerBundle(DamagedBundle):
    """A bundle of a version that this program does not know yet: it is whole, and cannot be read here."""


class Held:
    """A bundle beside a cache key: equal whenever asked, since the path beside it says which one it is."""

    def __init__(self, bundle: Bundle) -> None:
        self.bundle = bundle

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Held)

    def __hash__(self) -> int:
        return 0


def open_bundle(path: str | Path) -> Bundle:
    """Open the bundle at `path`; the manifest's sum and every file's size are checked, contents when first read.

    Raises DamagedBundle, with the first problem in its message.
    """
    path = Path(path).absolute()
    manifest, problems = read_manifest(path)
    if not problems:
        problems = [problem for name in manifest["files"] if (problem := _size_problem(path, name, manifest["files"]))]
    if problems:
        template, values = problems[0]
        if template == _NEWER:
            raise NewerBundle(_NEWER_BUNDLE, path=str(path), **values)
        raise _damaged(path, template, **values)
    return Bundle(path, manifest)


_NEWER = N_("its format is version {found} and this program reads version {known}: update Reviewscape")
_NEWER_BUNDLE = N_(
    "The bundle {path} was written by a newer version of Reviewscape (format {found}; this one reads {known})."
    " Nothing is wrong with it: update Reviewscape to open it."
)
Problem = tuple[str, dict[str, object]]


def read_manifest(path: Path) -> tuple[dict[str, Any], list[Problem]]:
    """The manifest of the bundle at `path`, or an empty one and what is wrong, as templates and values."""
    if not (path / MANIFEST).is_file():
        return {}, [(N_("{name} is missing"), {"name": MANIFEST})]
    if not (path / MANIFEST_SUM).is_file():
        return {}, [(N_("{name} is missing"), {"name": MANIFEST_SUM})]
    try:
        raw, line = (path / MANIFEST).read_bytes(), (path / MANIFEST_SUM).read_bytes()
    except OSError:
        return {}, [(N_("{name} cannot be read"), {"name": MANIFEST})]
    expected = sum_line(raw)
    if line != expected:
        differing = sum(one != other for one, other in zip(line, expected, strict=False))
        sum_is_wrong = not _SUM_LINE.match(line) or differing <= _SUM_IS_NEAR
        return {}, [(N_("{name} is altered"), {"name": MANIFEST_SUM if sum_is_wrong else MANIFEST})]
    try:
        manifest = json.loads(raw)
        version = manifest["schema_version"]
    except (ValueError, KeyError, TypeError):
        return {}, [(N_("{name} is not a manifest"), {"name": MANIFEST})]
    if version != SCHEMA_VERSION:
        return {}, [(_NEWER, {"found": version, "known": SCHEMA_VERSION})]
    return manifest, []


def file_problem(path: Path, name: str, entry: Mapping[str, Any]) -> str | None:
    """What is wrong with one file of a bundle against its manifest entry, as a template over {name}; None if sound."""
    size_problem = _size_problem(path, name, {name: entry})
    if size_problem:
        return size_problem[0]
    try:
        is_same = durable.sha256_file(path / name) == entry["sha256"]
    except OSError:
        return N_("{name} cannot be read")
    return None if is_same else N_("{name} is altered")


def _size_problem(path: Path, name: str, files: Mapping[str, Mapping[str, Any]]) -> Problem | None:
    try:
        size = (path / name).stat().st_size
    except OSError:
        return N_("{name} is missing"), {"name": name}
    if size != files[name].get("bytes"):
        return N_("{name} has the wrong size"), {"name": name}
    return None


def _damaged(path: Path, problem: str, **values: object) -> DamagedBundle:
    return DamagedBundle(
        N_("The bundle {path} is damaged: {problem}. Run the analysis again, or take the bundle from a backup."),
        path=str(path),
        problem=problem.format(**values),
    )
