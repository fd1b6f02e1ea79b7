"""Adapting a copy of a local model to reviews (contrastive fine-tuning), by sentence-transformers' trainer and loss.

Pairs are made of each review: itself twice, read with other neurons left out (SimCSE, Gao et al. 2021), or its two
parts (cropping, as in Contriever, Izacard et al. 2022); and of two reviews that a person said belong together. Each
pair is told from all others of its batch (MultipleNegativesRankingLoss; Henderson et al. 2017). A person can stop it
between any two steps.
"""

from __future__ import annotations

import logging
import tempfile
from collections.abc import Iterator, Sequence
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
    from datasets import Dataset
    from sentence_transformers import SentenceTransformerTrainer, SentenceTransformerTrainingArguments
    from sentence_transformers.sentence_transformer.losses import MultipleNegativesRankingLoss
    from transformers import PrinterCallback

    plan = batches(pairs, config.batch, config.seed)
    if not plan:
        return []
    steps = len(plan) * config.epochs
    prompt = (getattr(model, "prompts", None) or {}).get("document") or ""
    own_limit, model.max_seq_length = model.max_seq_length, min(model.max_seq_length or 512, config.max_tokens)
    torch.manual_seed(config.seed)
    try:
        with tempfile.TemporaryDirectory() as folder:
            trainer = SentenceTransformerTrainer(
                model=model,
                args=SentenceTransformerTrainingArguments(
                    output_dir=folder,
                    num_train_epochs=config.epochs,
                    per_device_train_batch_size=config.batch,
                    batch_sampler=lambda dataset, **_: planned(dataset, pairs, config),
                    learning_rate=config.rate,
                    weight_decay=0.01,
                    warmup_steps=_WARM_UP,
                    seed=config.seed,
                    use_cpu=True,
                    save_strategy="no",
                    logging_strategy="steps",
                    logging_steps=1,
                    report_to="none",
                    disable_tqdm=True,
                    dataloader_pin_memory=False,
                ),
                train_dataset=Dataset.from_dict(
                    {"one": [prompt + pair.one for pair in pairs], "other": [prompt + pair.other for pair in pairs]}
                ),
                loss=MultipleNegativesRankingLoss(model, scale=1 / config.temperature),
                callbacks=[_telling(progress, steps)],
            )
            # It would print every loss on stdout, which carries results only.
            trainer.remove_callback(PrinterCallback)
            trainer.train()
    finally:
        model.eval()
        model.max_seq_length = own_limit
    progress("adapting", steps, steps)
    return [entry["loss"] for entry in trainer.state.log_history if "loss" in entry]


def _telling(progress: Progress, steps: int) -> Any:
    """What the trainer calls before each step; where progress raises, the training ends."""
    from transformers import TrainerCallback

    class Telling(TrainerCallback):
        def on_step_begin(self, args: Any, state: Any, control: Any, **more: Any) -> None:
            progress("adapting", state.global_step, steps)

    return Telling()


def planned(dataset: Any, pairs: Sequence[Pair], config: AdaptConfig) -> Any:
    """The trainer's sampler that gives `batches`, other ones in each epoch."""
    from sentence_transformers.base.sampler import DefaultBatchSampler

    class Planned(DefaultBatchSampler):
        def __iter__(self) -> Iterator[list[int]]:
            yield from batches(pairs, config.batch, config.seed + self.epoch)

        def __len__(self) -> int:
            return len(batches(pairs, config.batch, config.seed))

    return Planned(dataset, batch_size=config.batch, drop_last=False)


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
