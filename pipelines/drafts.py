"""The draft: a quick sketch of the map, to look at while a slow embedder makes the full one.

Whether one pays is weighed by how long embedding would take: the tokens of the texts that the cache lacks, by the speed
that this computer showed with the same embedder before (`rates.json` in the state folder).
"""

from __future__ import annotations

import json
import logging
import time
from collections.abc import Mapping, Sequence
from dataclasses import replace

from pipelines import embed, embedding, estimate, settings
from pipelines.config import AnalyzeConfig
from pipelines.embed.preview import preview
from pipelines.embed.tokens import estimate_all
from pipelines.progress import Progress
from pipelines.store import durable
from pipelines.types import Units

QUICK: Mapping[str, str] = {"cluster.resamples": "0", "project.epochs": "100", "sentiment.teacher_sample": "2000"}
"""Settings of stages, as `--set` takes them, that save most of what a draft costs after embedding."""

USUAL_TOKENS_PER_S: Mapping[str, float] = {"bundled": 3000.0, "offline-zh": 3000.0}
UNKNOWN_TOKENS_PER_S = 500.0
"""Speeds assumed before the first run here: rather too slow, since a needless draft costs seconds."""

_LEAST_TEXTS, _LEAST_S = 100, 0.3
"""Less than this says nothing about a speed."""

_SAMPLE = 2000
_log = logging.getLogger(__name__)


def quick(config: AnalyzeConfig) -> AnalyzeConfig:
    """The settings of a draft of `config`; what the person set for a stage stays, the model's dimension does not."""
    return replace(config, draft=True, dim=None, extra={**QUICK, **config.extra})


def are_allowed() -> bool:
    """Whether the setting draft_first_s leaves room for drafts at all."""
    return settings.get_int("draft_first_s") > 0


def pays(config: AnalyzeConfig, units: Units) -> bool:
    """Whether embedding these units is expected to take longer than the setting draft_first_s.

    Raises as `embed.resolve` does for the embedder that the config names.
    """
    return are_allowed() and seconds_of_embedding(config, units) > settings.get_int("draft_first_s")


def seconds_of_embedding(config: AnalyzeConfig, units: Units) -> float:
    """Seconds that embedding is expected to take; what the cache holds takes none.

    The cache is asked only where all texts together would be too slow: what they are kept under can cost a while to
    find out, when a model has never run here.
    """
    choice = embedding.chosen(config, units)
    if choice.name == "lexical":
        return 0.0
    rate = _rates().get(choice.name, USUAL_TOKENS_PER_S.get(choice.name, UNKNOWN_TOKENS_PER_S))
    seconds = estimate_all(dict.fromkeys(units.clean)) / rate
    kept = settings.cache_dir() / "vectors.db"
    if seconds <= settings.get_int("draft_first_s") or not kept.exists():
        return seconds
    with embed.VectorCache(kept) as cache:
        return preview(choice.embedder, units.clean, cache).tokens / rate


class DraftProgress:
    """A Progress that tells all stages of a draft as one, so that the full analysis goes on from where it ends."""

    def __init__(self, told: Progress) -> None:
        self._told = told

    def __call__(self, stage: str, done: float, total: float, *, rate: float | None = None, note: str = "") -> None:
        """Tell it on; raises Cancelled as the Progress behind it does."""
        self._told(estimate.DRAFT, estimate.percent(stage, done, total), 100)


class SpeedProgress:
    """A Progress that tells all on and takes the time between the first embedded batch and the last."""

    def __init__(self, told: Progress) -> None:
        self._told = told
        self._first: tuple[float, float] | None = None
        self._last = (0.0, 0.0)

    def __call__(self, stage: str, done: float, total: float, *, rate: float | None = None, note: str = "") -> None:
        """Tell it on; a rate says that a batch was embedded, not only found in the cache."""
        if stage == "embedding" and rate:
            self._last = (time.monotonic(), done)
            self._first = self._first or self._last
        self._told(stage, done, total, rate=rate, note=note)

    def remember(self, name: str, texts: Sequence[str]) -> None:
        """Keep the speed in tokens a second for the embedder `name`; texts: those of the analysis, for their length."""
        if self._first is None or not texts:
            return
        seconds, done = self._last[0] - self._first[0], self._last[1] - self._first[1]
        if seconds < _LEAST_S or done < _LEAST_TEXTS:
            return
        some = texts[:: max(1, len(texts) // _SAMPLE)]
        measured = done / seconds * estimate_all(some) / len(some)
        rates = _rates()
        # A busy minute must not decide alone.
        rates[name] = round((measured + rates.get(name, measured)) / 2, 1)
        try:
            durable.replace_file(settings.home() / "rates.json", durable.json_bytes(rates, indent=1))
        except OSError as error:
            _log.info("the speed of embedding could not be kept: %s", error.strerror)


def _rates() -> dict[str, float]:
    """Tokens a second by embedder; empty where none were kept, or they cannot be read."""
    try:
        kept = json.loads((settings.home() / "rates.json").read_bytes())
    except (OSError, ValueError):
        return {}
    known = kept.items() if isinstance(kept, dict) else ()
    return {str(name): float(rate) for name, rate in known if isinstance(rate, int | float) and rate > 0}
