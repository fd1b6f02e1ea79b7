"""Adapting a copy of a local model to reviews (contrastive fine-tuning), by sentence-transformers' own loss.

Pairs are made of each review: itself twice, read with other neurons left out (SimCSE, Gao et al. 2021), or its two
parts (cropping, as in Contriever, Izacard et al. 2022); and of two reviews that a person said belong together. Each
pair is told from all others of its batch (MultipleNegativesRankingLoss; Henderson et al. 2017). The loop is our own few
lines: the library's trainer needs two further packages (accelerate, datasets), and a person can stop this one between
any two steps.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from pipelines.embed import hub, torch_runtime
from pipelines.embed.bundled import model_folder
from pipelines.embed.model_files import checked_weights, is_table
from pipelines.errors import N_, UnusableInput
from pipelines.lab.held_back import SHORTEST, halves
from pipelines.progress import Progress, silent
from pipelines.types import FloatArray

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

log = logging.getLogger(__name__)
_WARM_UP = 0.1
_READ_AT_ONCE = 64


@dataclass(frozen=True)
class AdaptConfig:
    """rows: reviews to learn from at most. rate: of learning, its highest. max_tokens: of a text, while learning.

    pairs: what a review is paired with, itself (dropout) or its other part (parts). temperature: how sharply a pair is
    told from the others (the loss's scale is 1 / temperature).
    """

    rows: int = 2_000
    epochs: int = 1
    batch: int = 32
    rate: float = 2e-5
    max_tokens: int = 128
    pairs: Literal["dropout", "parts"] = "parts"
    temperature: float = 0.05
    seed: int = 42


@dataclass(frozen=True)
class Pair:
    """Two texts that belong together; group: what else belongs with them, so that no batch tells them apart."""

    one: str
    other: str
    group: str


def of_one(text: str, group: str, kind: str) -> Pair:
    """The pair of a review: itself twice, or its two parts where it is long enough to have them."""
    one, other = halves(text) if kind == "parts" and len(text) >= SHORTEST else (text, text)
    return Pair(one, other, group) if one and other else Pair(text, text, group)


def folder_of(name: str) -> Path:
    """The folder of a local model that can be adapted; raises UnusableInput for any other embedder's name."""
    kind, _, source = name.partition(":")
    folder = model_folder() if name == "bundled" else hub.here(source) if kind == "st" else None
    if folder is None:
        raise UnusableInput(
            N_("“{name}” cannot be adapted: give “bundled”, or st: and the folder of a model of this computer."),
            name=name,
        )
    checked_weights(folder, name)
    if is_table(folder):
        raise UnusableInput(
            N_("“{name}” is a table of words without a network: there is nothing to adapt by pairs."), name=name
        )
    return folder


def load(folder: Path, seed: int = 42) -> SentenceTransformer:
    """The model on the processor at full precision, in its eval mode. Seeds torch."""
    import torch
    from sentence_transformers import SentenceTransformer

    torch_runtime.use_threads()
    torch.manual_seed(seed)
    return SentenceTransformer(
        str(folder),
        device="cpu",
        trust_remote_code=False,
        local_files_only=True,
        model_kwargs={"use_safetensors": True, "dtype": torch.float32},
    ).eval()


def encode(model: SentenceTransformer, texts: Sequence[str], progress: Progress = silent) -> FloatArray:
    """(n, dim) float32 vectors as the model gives them, with its own prompt for documents where it has one."""
    prompt = (getattr(model, "prompts", None) or {}).get("document") or ""
    rows = []
    for begin in range(0, len(texts), _READ_AT_ONCE):
        progress("embedding", begin, len(texts))
        batch = [prompt + text for text in texts[begin : begin + _READ_AT_ONCE]]
        rows.append(np.asarray(model.encode(batch, show_progress_bar=False), dtype=np.float32))
    return np.concatenate(rows) if rows else np.zeros((0, 1), np.float32)


def adapt(
    model: SentenceTransformer, pairs: Sequence[Pair], config: AdaptConfig, progress: Progress = silent
) -> list[float]:
    """Teach the model the pairs, in place; the loss of each step. Raises Cancelled between steps."""
    import torch
    from sentence_transformers.sentence_transformer.losses import MultipleNegativesRankingLoss

    loss_of = MultipleNegativesRankingLoss(model, scale=1 / config.temperature)
    plans = [batches(pairs, config.batch, config.seed + epoch) for epoch in range(config.epochs)]
    steps = sum(map(len, plans))
    optimizer = torch.optim.AdamW(model.parameters(), lr=config.rate, weight_decay=0.01)
    rate = torch.optim.lr_scheduler.LambdaLR(optimizer, lambda step: _rate(step, steps))
    own_limit, model.max_seq_length = model.max_seq_length, min(model.max_seq_length or 512, config.max_tokens)
    prompt = (getattr(model, "prompts", None) or {}).get("document") or ""
    losses: list[float] = []
    torch.manual_seed(config.seed)
    model.train()
    try:
        for plan in plans:
            for batch in plan:
                progress("adapting", len(losses), steps)
                sides = ([prompt + pairs[i].one for i in batch], [prompt + pairs[i].other for i in batch])
                features: list[dict[str, Any]] = [model.preprocess(side) for side in sides]
                loss = loss_of(features, torch.zeros(len(batch)))
                loss.backward()
                torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
                optimizer.step()
                rate.step()
                optimizer.zero_grad()
                losses.append(float(loss.detach()))
    finally:
        model.eval()
        model.max_seq_length = own_limit
    progress("adapting", steps, steps)
    return losses


def batches(pairs: Sequence[Pair], size: int, seed: int) -> list[list[int]]:
    """Places of the pairs, shuffled, in batches where no two belong together.

    A pair waits for the next batch while one of its group is in this one. What would make batches of less than an
    eighth of `size`, as many pairs of few groups do, is left out: few others to be told from teach little.
    """
    waiting = np.random.default_rng(seed).permutation(len(pairs)).tolist()
    made = []
    while waiting:
        batch: list[int] = []
        groups: set[str] = set()
        later: list[int] = []
        for i in waiting:
            if len(batch) < size and pairs[i].group not in groups:
                batch.append(i)
                groups.add(pairs[i].group)
            else:
                later.append(i)
        if len(batch) < max(2, size // 8):
            break
        made.append(batch)
        waiting = later
    return made


def _rate(step: int, steps: int) -> float:
    """Up over a tenth of the way, then down to nothing."""
    warm = max(1, round(_WARM_UP * steps))
    return (step + 1) / warm if step < warm else max(0.0, (steps - step) / max(1, steps - warm))
