"""Results of costly stages, kept by a digest of what went in, so that a stopped run goes on where it was.

What cannot be read is as good as never kept: losing one costs time, never a result.
"""

from __future__ import annotations

import contextlib
import dataclasses
import hashlib
import io
import logging
import re
import struct
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from pipelines.store import durable

_MAGIC = b"RVSTAGE1"
_NAME = re.compile(r"[a-z][a-z0-9_]{0,31}")
_DIGEST = re.compile(r"[0-9a-f]{64}")
_SUFFIX = ".stage"
_log = logging.getLogger(__name__)


class Checkpoints:
    """Kept stage results in `folder`, at most `max_mb` MB of them; those not used for longest go first."""

    def __init__(self, folder: Path, max_mb: int) -> None:
        self.folder = folder
        self.max_bytes = max_mb * 1_000_000

    def load(self, stage: str, digest: str) -> dict[str, np.ndarray] | None:
        """The arrays kept for a stage under `digest`; None when there are none or they cannot be read."""
        path = self._path(stage, digest)
        try:
            data = path.read_bytes()
        except OSError:
            return None
        head = len(_MAGIC) + hashlib.sha256().digest_size
        if data[:head] != _MAGIC + hashlib.sha256(memoryview(data)[head:]).digest():
            _log.warning("kept result of stage %s is damaged: computed anew", stage)
            return None
        with contextlib.suppress(OSError):
            path.touch()
        with np.load(io.BytesIO(data[head:]), allow_pickle=False) as archive:
            return {name: archive[name] for name in archive.files}

    def save(self, stage: str, digest: str, arrays: Mapping[str, np.ndarray]) -> None:
        """Keep a stage's arrays. A full or read-only disk is logged and otherwise passed over: the run goes on."""
        body = durable.npz_bytes(arrays)
        if len(body) > self.max_bytes:
            return
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            path = self._path(stage, digest)
            durable.replace_file(path, _MAGIC + hashlib.sha256(body).digest() + body)
            self._bound(path)
        except OSError as error:
            _log.warning("result of stage %s could not be kept: %s", stage, error.strerror)

    def _path(self, stage: str, digest: str) -> Path:
        if not _NAME.fullmatch(stage) or not _DIGEST.fullmatch(digest):
            raise ValueError(f"no stage name or digest: {stage!r}, {digest!r}")
        return self.folder / f"{stage}-{digest}{_SUFFIX}"

    def _bound(self, newest: Path) -> None:
        """Within the bound again. The newest stays: where the clock was set back it looks like the oldest."""
        durable.sweep_temps(self.folder)
        kept = []
        for path in self.folder.glob(f"*{_SUFFIX}"):
            # Another run may remove files at the same time.
            with contextlib.suppress(FileNotFoundError):
                status = path.stat()
                kept.append((status.st_mtime_ns, status.st_size, path))
        total = sum(size for _, size, _ in kept)
        for _, size, path in sorted(kept):
            if total <= self.max_bytes:
                break
            if path == newest:
                continue
            path.unlink(missing_ok=True)
            total -= size


def digest(*parts: object) -> str:
    """SHA-256, in hex, over arrays, configs (frozen dataclasses), mappings, sequences, texts, numbers and None.

    Equal parts have equal digests, in every process; a type is part of the value (1 is not "1" is not 1.0). Raises
    TypeError for anything else, object arrays included.
    """
    hasher = hashlib.sha256()
    for part in parts:
        _feed(hasher, part)
    return hasher.hexdigest()


def _feed(hasher: Any, part: object) -> None:
    if isinstance(part, np.ndarray):
        if part.dtype.hasobject:
            raise TypeError("an array of objects has no digest")
        _tagged(hasher, b"array", f"{part.dtype.str}{part.shape}".encode("ascii"))
        hasher.update(np.ascontiguousarray(part).reshape(-1).view(np.uint8) if part.size else b"")
    elif isinstance(part, np.generic):
        _feed(hasher, part.item())
    elif dataclasses.is_dataclass(part) and not isinstance(part, type):
        _tagged(hasher, b"config", type(part).__qualname__.encode("utf-8"))
        _feed(hasher, {field.name: getattr(part, field.name) for field in dataclasses.fields(part)})
    elif isinstance(part, Mapping):
        _tagged(hasher, b"mapping", str(len(part)).encode("ascii"))
        for key in sorted(part, key=str):
            _feed(hasher, key)
            _feed(hasher, part[key])
    elif isinstance(part, list | tuple):
        _tagged(hasher, b"sequence", str(len(part)).encode("ascii"))
        for item in part:
            _feed(hasher, item)
    else:
        _feed_scalar(hasher, part)


def _feed_scalar(hasher: Any, part: object) -> None:
    if isinstance(part, str):
        _tagged(hasher, b"text", part.encode("utf-8", "surrogatepass"))
    elif isinstance(part, bytes):
        _tagged(hasher, b"bytes", part)
    elif part is None or isinstance(part, bool | int):
        _tagged(hasher, type(part).__name__.encode("ascii"), repr(part).encode("ascii"))
    elif isinstance(part, float):
        _tagged(hasher, b"float", struct.pack("<d", part))
    elif isinstance(part, Path):
        _tagged(hasher, b"path", str(part).encode("utf-8", "surrogateescape"))
    else:
        raise TypeError(f"{type(part).__name__} has no digest")


def _tagged(hasher: Any, tag: bytes, content: bytes) -> None:
    hasher.update(struct.pack("<BQ", len(tag), len(content)) + tag + content)
