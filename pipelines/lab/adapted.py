"""An adapted model as a job: from reviews to a folder that the registry takes as `st:<folder>`, its gain beside it."""

from __future__ import annotations

import json
import logging
import re
import shutil
import time
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from pipelines import settings
from pipelines.errors import N_, UnusableInput
from pipelines.lab import adapting, confirmed, held_back
from pipelines.lab.adapting import AdaptConfig, Pair
from pipelines.lab.held_back import Change, Seen
from pipelines.lab.kinds import ADAPT, ADAPTING, Part
from pipelines.lab.two_models import sample
from pipelines.progress import Progress, silent
from pipelines.store import acting, catalog, durable, journal
from pipelines.store.reader import Bundle
from pipelines.types import FloatArray, IntArray
from pipelines.view import column_values

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

log = logging.getLogger(__name__)
LEAST_REVIEWS = 150
MOST_HELD, SHARE_HELD = 500, 0.3
MOST_VALUES = 40
"""A column of more different values says little about neighbours."""


@dataclass(frozen=True)
class Adapted:
    """A model that was made. name: as the registry takes it. halves, same: what changed, None where not measured.

    groups: AMI before and after, least, mean and most of the starts; empty without a column.
    """

    name: str
    source: str
    analysis: str
    bundle: str
    created: str
    learned: int
    confirmed: int
    held: int
    column: str
    seconds: float
    losses: tuple[float, ...]
    halves: Change | None
    same: Change | None
    groups: tuple[tuple[float, float, float], ...]

    @property
    def folder(self) -> Path:
        """Where it lies."""
        return Path(self.name.removeprefix("st:"))


def spec(analysis_id: str, bundle: Bundle, source: str, column: str, config: AdaptConfig) -> dict[str, object]:
    """The spec of a job that adapts a copy of `source` to a bundle's reviews; column: to measure by, "" for none.

    Raises UnusableInput unless the person at the machine acts.
    """
    if not acting.is_machine():
        raise UnusableInput(
            N_("Only the person at the machine adapts models: it keeps its processors busy for minutes.")
        )
    return {
        "kind": ADAPT,
        "analysis_id": analysis_id,
        "bundle": bundle.id,
        "name": source,
        "source": source,
        "column": column,
        "config": asdict(config),
    }


def run(bundle: Bundle, spec: Mapping[str, Any], progress: Progress) -> Path:
    """Adapt, measure, save; returns the model's folder. What is cancelled leaves nothing.

    Raises UnusableInput (too few reviews, a model that cannot be adapted), Cancelled.
    """
    began = time.monotonic()
    config = AdaptConfig(**spec["config"])
    source, analysis_id = str(spec["source"]), str(spec["analysis_id"])
    folder = adapting.folder_of(source)
    learned, held = parted(bundle, config)
    pairs, said = pairs_of(bundle, analysis_id, learned, config)
    texts = bundle.points["text"].iloc[held].tolist()
    labels = labels_of(bundle, str(spec.get("column", "")))
    known = None if labels is None else labels[held]
    model = adapting.load(folder, config.seed)
    before, after, losses = learn(model, pairs, texts, known, config, progress)
    target = _target(bundle, str(spec.get("job_id", "")), source)
    progress(ADAPTING, 97, 100)
    _save(model, target)
    made = Adapted(
        name=f"st:{target}",
        source=source,
        analysis=analysis_id,
        bundle=bundle.id,
        created=durable.to_iso(durable.now_utc()),
        learned=len(learned),
        confirmed=said,
        held=len(held),
        column=str(spec.get("column", "")),
        seconds=round(time.monotonic() - began, 1),
        losses=tuple(round(loss, 4) for loss in losses),
        halves=held_back.change(before.halves, after.halves),
        same=held_back.change(before.same, after.same),
        groups=tuple(_spread(seen.groups) for seen in (before, after) if seen.groups),
    )
    durable.replace_file(target.with_suffix(".json"), durable.json_bytes(asdict(made)))
    return target


def learn(
    model: SentenceTransformer,
    pairs: Sequence[Pair],
    texts: Sequence[str],
    labels: IntArray | None,
    config: AdaptConfig,
    progress: Progress = silent,
) -> tuple[Seen, Seen, list[float]]:
    """Teach a model the pairs in place; what it makes of held-back texts (n,) with labels (n,) before and after."""
    before = _look(model, texts, labels, Part(progress, ADAPTING, 0, 15))
    losses = adapting.adapt(model, pairs, config, Part(progress, ADAPTING, 15, 82))
    return before, _look(model, texts, labels, Part(progress, ADAPTING, 82, 97)), losses


def parted(bundle: Bundle, config: AdaptConfig) -> tuple[IntArray, IntArray]:
    """unit_ids to learn from, and to measure on: different reviews, none in both. Raises UnusableInput for too few."""
    every = sample(bundle, len(bundle.points), config.seed)
    if len(every) < LEAST_REVIEWS:
        raise UnusableInput(
            N_("There are {n} different reviews; adapting a model takes {least}."), n=len(every), least=LEAST_REVIEWS
        )
    order = np.random.default_rng(config.seed).permutation(every)
    held = min(MOST_HELD, round(SHARE_HELD * len(order)))
    return order[held:][: config.rows], order[:held]


def pairs_of(bundle: Bundle, analysis_id: str, learned: IntArray, config: AdaptConfig) -> tuple[list[Pair], int]:
    """What is learned: a pair of each review, and confirmed pairs, none held back; how many of the latter."""
    texts = bundle.points["text"]
    allowed = {*learned.tolist()}
    entries = journal.replay(catalog.home() / analysis_id)
    together = [[unit for unit in group if unit in allowed] for group in confirmed.groups(bundle, entries)]
    group_of = {unit: f"group {number}" for number, group in enumerate(together) for unit in group}
    made = [
        adapting.of_one(str(texts.iloc[unit]), group_of.get(unit, f"unit {unit}"), config.pairs)
        for unit in learned.tolist()
    ]
    said = confirmed.pairs([group for group in together if len(group) > 1], config.seed)
    made += [Pair(str(texts.iloc[a]), str(texts.iloc[b]), group_of[a]) for a, b, _number in said]
    return made, len(said)


def labels_of(bundle: Bundle, column: str) -> IntArray | None:
    """(units,) a number for each value of a column, −1 for none; None for a column that cannot tell reviews apart."""
    values = column_values(bundle.points, bundle.rows, column) if column else None
    if values is None:
        return None
    rounded = values.round() if pd.api.types.is_float_dtype(values) else values
    codes, names = pd.factorize(rounded.where(rounded.astype(str) != ""))
    return codes.astype(np.int64) if 2 <= len(names) <= MOST_VALUES else None


def made_for(analysis_id: str) -> list[Adapted]:
    """The models adapted to an analysis that are still there, newest first."""
    found = []
    for path in sorted(_home().glob("*.json")) if _home().is_dir() else ():
        one = _read(path)
        if one is not None and one.analysis == analysis_id and one.folder.is_dir():
            found.append(one)
    return sorted(found, key=lambda one: one.created, reverse=True)


def remove(one: Adapted) -> None:
    """Delete a model's folder and its figures."""
    if one.folder.parent == _home():
        one.folder.with_suffix(".json").unlink(missing_ok=True)
        shutil.rmtree(one.folder, ignore_errors=True)


def _read(path: Path) -> Adapted | None:
    try:
        fields = json.loads(path.read_bytes())
        for name in ("halves", "same"):
            fields[name] = Change(**fields[name]) if fields[name] else None
        fields["losses"] = tuple(fields["losses"])
        fields["groups"] = tuple(tuple(one) for one in fields["groups"])
        # What can be removed is the folder beside these figures, whatever they say.
        return Adapted(**{**fields, "name": f"st:{path.with_suffix('')}"})
    except (OSError, ValueError, TypeError, KeyError):
        log.warning("the figures of an adapted model do not read")
        return None


def _home() -> Path:
    return settings.home() / "models" / "adapted"


def _target(bundle: Bundle, job_id: str, source: str) -> Path:
    """A folder for the model; a job that is done again after a crash takes the same."""
    told = re.sub(r"[^a-z0-9]+", "-", Path(source.removeprefix("st:")).name.lower()).strip("-")[:30] or "model"
    return _home() / f"{told}-{(job_id or bundle.id)[:12]}"


def _save(model: SentenceTransformer, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    with durable.temp_dir_beside(target) as temporary:
        model.save(str(temporary), create_model_card=False, safe_serialization=True)
        shutil.rmtree(target, ignore_errors=True)
        temporary.rename(target)


def _look(model: SentenceTransformer, texts: Sequence[str], labels: IntArray | None, progress: Progress) -> Seen:
    # Two halves of each text, and the texts themselves where there are labels.
    expected, read = len(texts) * (2 if labels is None else 3), 0

    def encode(batch: Sequence[str]) -> FloatArray:
        nonlocal read
        begin = read

        def tell(stage: str, done: float, total: float, *, rate: float | None = None, note: str = "") -> None:
            progress(stage, begin + done, expected)

        rows = adapting.encode(model, batch, tell)
        read += len(batch)
        return rows

    return held_back.look(encode, texts, labels)


def _spread(values: tuple[float, ...]) -> tuple[float, float, float]:
    return round(min(values), 4), round(float(np.mean(values)), 4), round(max(values), 4)
