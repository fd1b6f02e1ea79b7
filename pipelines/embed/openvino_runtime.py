"""OpenVINO as the engine: a model converted through torch once, kept as a graph on disk, run without torch afterwards.

A graph lies in a folder of its own beside the sums of its files. It appears complete or not at all; a damaged one, and
one of other versions, is made anew. Where the state folder cannot be written the graph lives in memory, with the same
bits.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import logging
import shutil
import sys
import tempfile
import threading
import warnings
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from pipelines.embed import hardware
from pipelines.embed.arithmetic import OPENVINO_BF16, version
from pipelines.embed.encoder import Forward
from pipelines.store import durable
from pipelines.types import FloatArray

if TYPE_CHECKING:
    import torch

log = logging.getLogger(__name__)

RULES = 1
"""Counts up when the way from a model to its graph changes."""

_FILES = ("model.xml", "model.bin")
_NOTE = "graph.json"
_PREFIX = "openvino-"


@dataclass(frozen=True)
class Source:
    """module: input_ids (n, length) int64 → (n, dim) float32. facts: what it is good to know, kept with the graph."""

    module: torch.nn.Module
    facts: dict[str, Any]


@dataclass(frozen=True)
class Graph:
    """A converted model and what its source told of it."""

    model: Any
    facts: dict[str, Any]


def library() -> Any:
    """The package openvino, without the part of it that reports to its maker.

    Importing it sends an event over the network through the package openvino_telemetry, unless that one is not there:
    so it is made not to be, before. Every import of openvino has to go through here.
    """
    # None is Python's word for "not to be imported"; openvino then takes a stub of its own.
    sys.modules.setdefault("openvino_telemetry", None)  # type: ignore[arg-type]
    import openvino

    return openvino


def open_graph(folder: Path | None, source: Callable[[], Source]) -> Graph:
    """The graph kept in a model's `folder`, else a fresh one, which is kept there if that goes; None: not kept.

    `source` is asked only for a fresh one. Raises what the conversion raises.
    """
    if folder is None:
        return _as_read(_convert(source()))
    target = folder / _name()
    kept = _read(target)
    if kept is not None:
        return kept
    made = _convert(source())
    try:
        _publish(made, target)
    except OSError as error:
        log.warning("the converted model is not kept in %s (%s)", target, error.strerror or type(error).__name__)
    return _read(target) or _as_read(made)


def forward(graph: Graph, candidate: str) -> Forward:
    """A graph compiled for this processor; one text's bits are the same alone and in any batch of its length."""
    ov, core = library(), _core()
    in_bf16 = candidate == OPENVINO_BF16
    if in_bf16 and "BF16" not in core.get_property("CPU", "OPTIMIZATION_CAPABILITIES"):
        raise RuntimeError("OpenVINO does not compute in bf16 on this processor")
    compiled = core.compile_model(
        graph.model,
        "CPU",
        {
            "INFERENCE_PRECISION_HINT": ov.Type.bf16 if in_bf16 else ov.Type.f32,
            "PERFORMANCE_HINT": "LATENCY",
            "INFERENCE_NUM_THREADS": hardware.threads(),
            # Two analyses at once must not be tied to the same cores.
            "ENABLE_CPU_PINNING": False,
        },
    )
    request = compiled.create_infer_request()
    lock = threading.Lock()

    def run(features: dict[str, np.ndarray]) -> FloatArray:
        with lock:
            return np.array(request.infer({0: features["input_ids"]})[0], np.float32)

    return run


@lru_cache(maxsize=1)
def _core() -> Any:
    return library().Core()


def _name() -> str:
    """The folder's name: another one for other versions, whose conversions may differ."""
    key = [RULES, *(version(package) for package in ("openvino", "torch", "transformers", "sentence-transformers"))]
    return _PREFIX + hashlib.sha256(json.dumps(key).encode()).hexdigest()[:16]


def _convert(source: Source) -> Graph:
    import torch

    ov = library()
    example = torch.full((2, 8), 3, dtype=torch.long)
    with _quiet():
        model = ov.convert_model(source.module, example_input=example, input=[([-1, -1], ov.Type.i64)])
    return Graph(model, source.facts)


@contextlib.contextmanager
def _quiet() -> Iterator[None]:
    """Without what the conversion says of itself: how it traces, what torch means to rename, how models train."""
    import torch

    told = logging.getLogger("transformers")
    level = told.level
    told.setLevel(logging.ERROR)
    try:
        with warnings.catch_warnings():
            warnings.filterwarnings("ignore", r"`torch\.jit\.", DeprecationWarning)
            warnings.filterwarnings("ignore", "`is_gradient_checkpointing`", FutureWarning)
            warnings.simplefilter("ignore", torch.jit.TracerWarning)
            yield
    finally:
        told.setLevel(level)


def _read(folder: Path) -> Graph | None:
    """The graph in `folder`; None when there is none, or not as it was written."""
    try:
        note = json.loads((folder / _NOTE).read_text("utf-8"))
        sums = {name: durable.sha256_file(folder / name) for name in _FILES}
        if note["sha256"] != sums or not isinstance(note["facts"], dict):
            raise ValueError
        return Graph(_core().read_model(folder / _FILES[0]), note["facts"])
    except FileNotFoundError:
        return None
    except (OSError, ValueError, KeyError, TypeError, RuntimeError):
        log.warning("the converted model in %s is damaged; it is made anew", folder)
        return None


def _as_read(graph: Graph) -> Graph:
    """The graph as it comes back from disk: not every sum keeps its order in the writing, so the last bits differ."""
    with tempfile.TemporaryDirectory() as temp:
        paths = [Path(temp) / name for name in _FILES]
        _save(graph, paths[0])
        text, weights = (path.read_bytes() for path in paths)
    return Graph(_core().read_model(text, weights), graph.facts)


def _save(graph: Graph, path: Path) -> None:
    """Write a graph; raises OSError where OpenVINO cannot, which tells a full disk as a RuntimeError of its own."""
    try:
        library().save_model(graph.model, path, compress_to_fp16=False)
    except RuntimeError as error:
        raise OSError(f"OpenVINO could not write {path.name}: {error}") from error


def _publish(graph: Graph, target: Path) -> None:
    """Put the graph at `target`, complete or not at all; another process that was faster is left its own."""
    durable.sweep_temps(target.parent)
    with durable.temp_dir_beside(target) as temp:
        _save(graph, temp / _FILES[0])
        note = {"sha256": {name: durable.sha256_file(temp / name) for name in _FILES}, "facts": graph.facts}
        for name in _FILES:
            durable.sync_file(temp / name)
        durable.write_file(temp / _NOTE, durable.json_bytes(note))
        durable.sync_dir(temp)
        if target.exists() and _read(target) is None:
            # Renamed before it is removed, so that nobody reads half of it.
            spoilt = durable.temp_beside(target)
            target.rename(spoilt)
            shutil.rmtree(spoilt, ignore_errors=True)
        if not target.exists():
            temp.rename(target)
            durable.sync_dir(target.parent)
    for other in target.parent.glob(f"{_PREFIX}*"):
        if other != target:
            shutil.rmtree(other, ignore_errors=True)
