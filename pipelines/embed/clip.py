"""Models that read pictures and short texts into one space (CLIP, Radford et al. 2021): `clip:<hub id or folder>`.

Loaded by sentence-transformers as it loads any model: safetensors only, no code of the model's own. A picture and the
words that describe it come close together, so a typed text finds pictures. Whole reviews are read by another embedder:
a CLIP model reads some 77 tokens and was taught captions.
"""

from __future__ import annotations

import threading
from collections.abc import Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from pipelines.embed import torch_runtime
from pipelines.embed.base import direct
from pipelines.embed.hub import commit_of, find_folder, here, on_disk
from pipelines.embed.model_files import checked_weights
from pipelines.embed.tokenizing import sound
from pipelines.embed.weights import sha256
from pipelines.errors import N_, UnusableInput
from pipelines.types import FloatArray

if TYPE_CHECKING:
    from PIL.Image import Image

PREFIX = "clip:"
_BATCH = 16
_BOTH = {"text", "image"}


class ClipModel:
    """Pictures and texts as vectors of length 1 that compare with each other; the model is loaded with the first.

    Raises UnusableInput for a name or folder that is no such model, ProviderFailed when a hub model cannot be fetched.
    """

    def __init__(self, name: str, *, folder: Path | None = None) -> None:
        source = name.removeprefix(PREFIX).strip()
        if not name.startswith(PREFIX) or not source:
            raise UnusableInput(
                N_("“{name}” names no model for pictures: write clip:<hub id or folder>, a CLIP model."), name=name
            )
        self.name = PREFIX + source
        self._folder = folder or find_folder(source)
        self._weights = checked_weights(self._folder, self.name)
        self._one_at_a_time = threading.Lock()

    def identity(self) -> dict[str, object]:
        """What decides the vectors: the model's name, its commit and the sha256 of its weights."""
        return {"name": self.name, "revision": commit_of(self._folder), "weights": self._digest}

    @property
    def dim(self) -> int:
        """Length of a vector; loads the model."""
        return len(self.embed_text("a"))

    def embed_pictures(self, pictures: Sequence[Image]) -> FloatArray:
        """(n, dim) float32, each of length 1, of RGB pictures of any size."""
        if not pictures:
            return np.zeros((0, self.dim), np.float32)
        return self._encode(list(pictures))

    def embed_text(self, text: str) -> FloatArray:
        """(dim,) float32 of length 1: the vector of a typed description; what the model cannot read in full is cut."""
        return self._encode([sound(text) if text.strip() else "."])[0]

    def _encode(self, what: list[Any]) -> FloatArray:
        with self._one_at_a_time:
            rows = self._model.encode(what, batch_size=_BATCH, show_progress_bar=False, convert_to_numpy=True)
        return direct(np.asarray(rows, np.float32))

    @cached_property
    def _digest(self) -> str:
        return sha256(self._weights)

    @cached_property
    def _model(self) -> Any:
        import torch
        from sentence_transformers import SentenceTransformer
        from transformers.utils import logging as transformers_logging

        transformers_logging.disable_progress_bar()
        torch_runtime.use_threads()
        try:
            model = SentenceTransformer(
                str(self._folder),
                device="cpu",
                trust_remote_code=False,
                local_files_only=True,
                model_kwargs={"use_safetensors": True, "dtype": torch.float32},
            ).eval()
            reads = set(getattr(model[0], "modality_config", {}))
        except (OSError, ValueError, KeyError, TypeError, ImportError) as error:
            raise self._unusable(type(error).__name__) from error
        if not reads >= _BOTH:
            raise self._unusable(", ".join(sorted(reads)) or "?")
        _cut_where_the_model_ends(model)
        return model

    def _unusable(self, detail: str) -> UnusableInput:
        return UnusableInput(
            N_("“{name}” in {folder} is no model that reads both pictures and texts ({detail})."),
            name=self.name,
            folder=self._folder,
            detail=detail,
        )


def _cut_where_the_model_ends(model: Any) -> None:
    """Let the tokenizer cut at the last place that the model knows, where its folder does not say so itself."""
    config = getattr(model[0].model.config, "text_config", None)
    limit = getattr(config, "max_position_embeddings", None)
    if isinstance(limit, int) and model.tokenizer is not None and model.tokenizer.model_max_length > limit:
        model.tokenizer.model_max_length = limit


def restore(identity: Mapping[str, object]) -> ClipModel:
    """The model that read a bundle's pictures; none is fetched, since a bundle of another's may name any.

    Raises UnusableInput where there is none here, or where the one here has other weights.
    """
    name, commit = str(identity.get("name", "")), str(identity.get("revision", ""))
    source = name.removeprefix(PREFIX).strip()
    folder = (on_disk(source, commit) if commit else None) or here(source)
    model = None if folder is None else ClipModel(name, folder=folder)
    if model is None or model.identity()["weights"] != identity.get("weights"):
        raise UnusableInput(
            N_("The model “{name}” on this computer is not the one that made this analysis. Run the analysis again."),
            name=name,
        )
    return model
