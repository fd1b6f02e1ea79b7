"""A sentiment model of the person's choice: hub id or folder, safetensors only, no code of the model's own.

It is a transformer with a head for classes (…ForSequenceClassification) whose classes say how a text feels. It stands
here because it is found, checked and run as local embedders are: in batches of one exact length, on the same devices.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from pipelines import settings
from pipelines.embed import arithmetic, torch_runtime
from pipelines.embed.encoder import Encoder, joined_batches
from pipelines.embed.hub import find_folder
from pipelines.embed.model_files import checked_weights, deciding_files, has_classes, read_json
from pipelines.embed.tokenizing import Tokens, sound
from pipelines.embed.weights import sha256
from pipelines.errors import N_, UnusableInput
from pipelines.progress import Progress, silent
from pipelines.types import FloatArray

if TYPE_CHECKING:
    import torch

_MOST_TOKENS = 512
_PLAIN = (
    ("This is great, I love it.", "This is terrible, I hate it."),
    ("非常满意，强烈推荐。", "非常失望，太差了。"),
)
"""What any sentiment model of these languages tells apart."""
_LEAST_APART = 0.2
_NAMED = (
    (re.compile(r"neg|负|消极|差评"), -1.0),
    (re.compile(r"pos|正面|正向|积极|好评"), 1.0),
    (re.compile(r"neu|mixed|中性|中立|客观"), 0.0),
)
_STARS = re.compile(r"([1-5])[\s_-]*(?:stars?|星)")
_VERY = re.compile(r"very|extreme|strong|非常|强烈")
_NAMELESS = re.compile(r"(?:label[_ ]?)?(\d+)")
_SCALES: Mapping[int, tuple[float, ...]] = {
    2: (-1.0, 1.0),
    3: (-1.0, 0.0, 1.0),
    5: (-1.0, -0.5, 0.0, 0.5, 1.0),
}
"""What classes without names usually mean, by their number, in the order of their ids."""


class SentimentClassifier:
    """Scores texts −1…1 as the mean of its classes' values, weighted by their probabilities.

    Raises UnusableInput (no such model, other weights than safetensors, code of its own, no head for classes, classes
    that say nothing of feeling), ProviderFailed (a hub model that is not here and cannot be fetched).
    """

    def __init__(self, source: str) -> None:
        self.name = source
        self._folder = find_folder(source)
        self._weights = checked_weights(self._folder, source)
        self._values = class_values(self._folder, source)

    @property
    def digest(self) -> str:
        """sha256 of all files that decide what it says."""
        return sha256(deciding_files(self._folder, self._weights))

    def score(self, texts: Sequence[str], progress: Progress = silent) -> FloatArray:
        """(n,) float32 −1…1; equal texts are read once. progress is told of the stage "sentiment"."""
        distinct = list(dict.fromkeys(texts))
        found = np.zeros(len(distinct), dtype=np.float32)
        done = 0
        for batch in joined_batches(self._encoder.lengths(distinct), self._encoder.batch_tokens):
            probabilities, _ = self._encoder.encode([distinct[i] for i in batch])
            found[batch] = probabilities @ self._values
            done += len(batch)
            progress("sentiment", done, len(distinct))
        place = {text: i for i, text in enumerate(distinct)}
        return found[[place[text] for text in texts]]

    def try_out(self) -> None:
        """Load it and let it read plain praise and complaints; raises UnusableInput where it cannot tell them apart."""
        read = self.score([text for pair in _PLAIN for text in pair]).reshape(-1, 2)
        if not np.isfinite(read).all() or (read[:, 0] - read[:, 1]).max() < _LEAST_APART:
            raise UnusableInput(
                N_(
                    "The sentiment model “{name}” does not tell plain praise from plain complaints. Choose another one."
                ),
                name=self.name,
            )

    @cached_property
    def _encoder(self) -> Encoder:
        """The loaded model, in torch. Raises UnusableInput for a folder that does not load as one."""
        import torch
        from safetensors import SafetensorError

        candidate = next(name for name in arithmetic.choose() if not name.startswith("openvino"))
        device = torch_runtime.device_of(candidate)
        dtypes = {arithmetic.TORCH_BF16: torch.bfloat16, arithmetic.CUDA_FP16: torch.float16}
        try:
            model, tokenizer = _load(self._folder, dtypes.get(candidate, torch.float32))
        except (OSError, ValueError, KeyError, TypeError, ImportError, RuntimeError, SafetensorError) as error:
            raise UnusableInput(
                N_("“{name}” in {folder} does not load as a sentiment model ({kind})."),
                name=self.name,
                folder=self._folder,
                kind=type(error).__name__,
            ) from error
        limit = _limit(model, tokenizer)

        def tokenize(texts: list[str]) -> Tokens:
            tokens: Tokens = tokenizer([sound(t) for t in texts], truncation=True, max_length=limit, padding=False)
            return tokens

        def compute(features: dict[str, torch.Tensor]) -> torch.Tensor:
            return torch.softmax(model(**features).logits.float(), dim=-1)

        model.to(device)
        return torch_runtime.encoder(tokenize, compute, candidate, device)


def class_values(folder: Path, name: str) -> FloatArray:
    """What each class of a model means on −1…1, by its name or, where it has none, by its place.

    Raises UnusableInput for a model without a head for classes, and for classes that do not say how a text feels.
    """
    config = read_json(folder / "config.json", {})
    config = config if isinstance(config, dict) else {}
    kinds = config.get("architectures") or []
    if not has_classes(folder) or config.get("problem_type") in _OTHER_PROBLEMS:
        raise UnusableInput(
            N_("“{name}” is no model that sorts texts into classes: {folder} holds {kinds}."),
            name=name,
            folder=folder,
            kinds=", ".join(map(str, kinds)) or "?",
        )
    names = config.get("id2label")
    # A model of two nameless classes does not write them down.
    names = names if isinstance(names, dict) and names else {"0": "LABEL_0", "1": "LABEL_1"}
    listed = [str(label) for _, label in sorted(names.items(), key=lambda pair: int(pair[0]))]
    values = _by_name(listed) or _by_place(listed)
    if values is None:
        raise UnusableInput(
            N_("The classes of “{name}” do not say how a text feels: {classes}."),
            name=name,
            classes=", ".join(listed[:8]),
        )
    return np.array(values, dtype=np.float32)


_OTHER_PROBLEMS = ("regression", "multi_label_classification")


def _by_name(names: Sequence[str]) -> list[float] | None:
    """Values of classes that are all named by a feeling or by stars, both ends among them; else None."""
    found = [_value(name.lower()) for name in names]
    values = [value for value in found if value is not None]
    if len(values) < len(names) or min(values, default=0.0) >= 0 or max(values) <= 0:
        return None
    # Beside "very positive" a plain "positive" is half of it.
    has_very = any(_VERY.search(name.lower()) for name in names)
    half = [0.5 if has_very and not _VERY.search(name.lower()) else 1.0 for name in names]
    return [value * share for value, share in zip(values, half, strict=True)]


def _value(name: str) -> float | None:
    stars = _STARS.search(name)
    if stars:
        return (int(stars.group(1)) - 3) / 2
    return next((value for pattern, value in _NAMED if pattern.search(name)), None)


def _by_place(names: Sequence[str]) -> list[float] | None:
    """Values of classes that are only numbered, from the worst to the best as is the custom; else None."""
    if not all(_NAMELESS.fullmatch(name.lower()) for name in names) or len(names) not in _SCALES:
        return None
    return list(_SCALES[len(names)])


def _load(folder: Path, dtype: torch.dtype) -> tuple[Any, Any]:
    """Model and tokenizer. Raises as transformers does, and ValueError where weights of the model are missing."""
    from transformers import AutoModelForSequenceClassification, AutoTokenizer
    from transformers.utils import logging as transformers_logging

    # Its bar would stand between the lines of our own progress.
    transformers_logging.disable_progress_bar()
    own = {"local_files_only": True, "trust_remote_code": False}
    tokenizer = AutoTokenizer.from_pretrained(str(folder), **own)
    # Always safetensors: a pickled weights file can run code.
    model, told = AutoModelForSequenceClassification.from_pretrained(
        str(folder), use_safetensors=True, dtype=dtype, output_loading_info=True, **own
    )
    if told["missing_keys"]:
        # They would be made up at random.
        raise ValueError(f"{len(told['missing_keys'])} weights are missing")
    return model.eval(), tokenizer


def _limit(model: Any, tokenizer: Any) -> int:
    """Tokens read of a text: what the settings allow and the model has places for."""
    places = getattr(model.config, "max_position_embeddings", None)
    # Some families begin to count their places behind the padding's id.
    own = places - 2 if isinstance(places, int) and places > 2 else _MOST_TOKENS
    return min(settings.get_int("embed_max_tokens"), own, int(min(tokenizer.model_max_length, _MOST_TOKENS)))
