"""Which candidate a model runs in on this machine: the first of the order that keeps its neighbours, tried once.

A verdict is kept as a small file in the model's folder, under the processor, the versions and the candidate; what does
not read is found anew. A failure that may pass (memory, disk) is not kept.
"""

from __future__ import annotations

import hashlib
import json
import logging
import math
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from pipelines.embed import arithmetic, self_test, torch_runtime
from pipelines.embed.encoder import Encoder
from pipelines.store import durable
from pipelines.types import FloatArray

log = logging.getLogger(__name__)

_SHORT_OF_MEMORY = re.compile(r"out of memory|bad_alloc|(can't|cannot|failed to) allocate", re.IGNORECASE)

Load = Callable[[str], Encoder]
"""A candidate's name → the model loaded so. Raises whatever its runtime raises."""


@dataclass(frozen=True)
class Verdict:
    """kept: share of the ten nearest neighbours that the candidate leaves. why: what speaks against it, "" nothing."""

    candidate: str
    kept: float
    why: str = ""

    @property
    def passed(self) -> bool:
        """Whether the candidate may be used."""
        return not self.why


@dataclass(frozen=True)
class Decision:
    """candidate: what is used. verdicts: those tried until then, in order. encoder: the model, where it got loaded."""

    candidate: str
    verdicts: tuple[Verdict, ...] = ()
    encoder: Encoder | None = field(default=None, compare=False)


def decide(order: Sequence[str], load: Load, folder: Path | None, texts: Sequence[str]) -> Decision:
    """The first candidate that passes; the last of the order without a test, since nothing is left beside it.

    folder: where verdicts are kept (None: nowhere). texts: what candidates are compared on. Raises what loading
    `torch-fp32`, the reference, raises.
    """
    trial = _Trial(load, texts)
    verdicts: list[Verdict] = []
    for candidate in order[:-1]:
        key = {**arithmetic.describe(candidate), "least": self_test.LEAST_KEPT, "texts": _digest(texts)}
        verdict = _read(folder, candidate, key) or trial.judge(candidate)
        if candidate in trial.lasting:
            _write(folder, verdict, key)
        verdicts.append(verdict)
        if verdict.passed:
            return Decision(candidate, tuple(verdicts), trial.encoders.get(candidate))
        log.warning("%s is passed over: %s", candidate, verdict.why)
    return Decision(order[-1], tuple(verdicts))


class _Trial:
    """The self-test of a model's candidates; the reference is computed once, and only if one has to be tried."""

    def __init__(self, load: Load, texts: Sequence[str]) -> None:
        self._load = load
        self._texts = texts
        self.encoders: dict[str, Encoder] = {}
        self.lasting: set[str] = set()

    @cached_property
    def _reference(self) -> FloatArray:
        encoder = self._load(arithmetic.TORCH_FP32)
        with torch_runtime.one_thread():
            return encoder.encode(self._texts)[0]

    def judge(self, candidate: str) -> Verdict:
        """Load and compare; whatever goes wrong speaks against the candidate."""
        reference = self._reference
        try:
            encoder = self._load(candidate)
            vectors = encoder.encode(self._texts)[0]
        except Exception as error:  # noqa: BLE001  (a runtime may raise anything; the next candidate is at hand)
            if not _may_pass(error):
                self.lasting.add(candidate)
            return Verdict(candidate, 0.0, _short(error))
        self.lasting.add(candidate)
        kept, why = self_test.compare(reference, vectors)
        if not why:
            self.encoders[candidate] = encoder
        return Verdict(candidate, kept, why)


def _may_pass(error: Exception) -> bool:
    """Whether the same may go well tomorrow: memory or disk was short. Both runtimes say so in plain RuntimeErrors."""
    return isinstance(error, MemoryError | OSError) or _SHORT_OF_MEMORY.search(str(error)) is not None


def _short(error: BaseException) -> str:
    lines = str(error).strip().splitlines()
    return f"{type(error).__name__}: {lines[0][:200]}" if lines else type(error).__name__


def _digest(texts: Sequence[str]) -> str:
    return hashlib.sha256(json.dumps(list(texts)).encode()).hexdigest()[:16]


def _path(folder: Path, candidate: str, key: Mapping[str, object]) -> Path:
    return folder / f"verdict-{candidate}-{hashlib.sha256(durable.json_bytes(key)).hexdigest()[:16]}.json"


def _read(folder: Path | None, candidate: str, key: Mapping[str, object]) -> Verdict | None:
    if folder is None:
        return None
    try:
        told = json.loads(_path(folder, candidate, key).read_text("utf-8"))
        kept, why = float(told["kept"]), str(told["why"])
        whole = told["key"] == key and math.isfinite(kept) and (why or kept >= self_test.LEAST_KEPT)
        return Verdict(candidate, kept, why) if whole else None
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _write(folder: Path | None, verdict: Verdict, key: Mapping[str, object]) -> None:
    if folder is None:
        return
    told = {"key": key, "kept": verdict.kept, "why": verdict.why}
    try:
        durable.replace_file(_path(folder, verdict.candidate, key), durable.json_bytes(told, indent=1))
    except OSError as error:
        log.warning("the verdict on %s is not kept in %s (%s)", verdict.candidate, folder, error.strerror)
