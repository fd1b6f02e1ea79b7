"""Any sentence-transformers model: `st:<hub id or folder>`, safetensors only, no code of the model's own.

A folder, or a hub model that is already on disk, is used without asking the network. Else the hub is probed within the
setting probe_timeout_s before anything is downloaded, so that a computer without a network hears so at once.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipelines import settings
from pipelines.embed import arithmetic, self_test, torch_runtime
from pipelines.embed.encoder import Encoder
from pipelines.embed.hub import commit_of, find_folder, hub_id
from pipelines.embed.inprocess import LocalEmbedder
from pipelines.embed.model_files import (
    checked_weights,
    deciding_files,
    is_table,
    own_prompts,
    read_json,
    tokenizer_file,
)
from pipelines.embed.openvino_runtime import Graph, Source
from pipelines.embed.prompts import MODELS_OWN, Prompts, default_prompts
from pipelines.embed.tokenizing import Tokenize, Tokens, beyond, fast_tokenizer, only_ids_matter, sound
from pipelines.embed.weights import sha256
from pipelines.errors import N_, UnusableInput
from pipelines.types import FloatArray

if TYPE_CHECKING:
    import torch


class SentenceTransformerEmbedder(LocalEmbedder):
    """A model folder run through its own modules (pooling, dense layers, normalising) in exact-length batches.

    Before a text comes its prompt: of `prompts`, else the one named `query` or `document` in the model's configuration,
    else the usual one of its family. folder: where the commit lies that is to be used. Raises UnusableInput for a
    folder that is no such model, ProviderFailed when a hub model cannot be fetched.
    """

    def __init__(
        self,
        source: str,
        *,
        arithmetic_name: str | None = None,
        prompts: Prompts | None = None,
        folder: Path | None = None,
    ) -> None:
        self.name = f"st:{source}"
        self._model_name = source
        folder = folder or find_folder(source)
        self._weights = checked_weights(folder, self.name)
        super().__init__(folder, deciding_files(folder, self._weights), arithmetic_name)
        self.tokenizer_file = tokenizer_file(self._folder)
        self._table = is_table(self._folder)
        self._prompts = (prompts or MODELS_OWN).over(usual_prompts(self._folder, hub_id(source))).as_dict()
        self._max_tokens = settings.get_int("embed_max_tokens")

    def identity(self) -> dict[str, object]:
        """See Embedder."""
        return {
            "name": self.name,
            "model": self._model_name,
            "revision": commit_of(self._folder),
            "weights": sha256(self._weights),
            "files": self.digest,
            "max_tokens": self._max_tokens,
            "prompts": self._prompts,
            **arithmetic.describe(self.decision.candidate),
        }

    def embed_documents(self, texts: Sequence[str]) -> FloatArray:
        """(n, dim) float32, each of length 1, in the order of `texts`."""
        prompt = self._prompts.get("document", "")
        return self._embed([prompt + text for text in texts])

    def embed_query(self, text: str) -> FloatArray:
        """(dim,) float32 of length 1."""
        return self._embed([self._prompts.get("query", "") + text])[0]

    def cut_off(self, texts: Sequence[str]) -> list[int]:
        """Indices of texts longer than the model reads, where its folder says how it cuts them into tokens."""
        own = read_json(self._folder / "sentence_bert_config.json", {}).get("max_seq_length")
        limit = self._limit(own if isinstance(own, int) else None)
        if not self.tokenizer_file.is_file():
            return []
        prompt = self._prompts.get("document", "")
        return beyond(self.tokenizer_file, limit, [prompt + text for text in texts])

    def _in_torch(self, candidate: str) -> Encoder:
        import torch

        dtypes = {arithmetic.TORCH_BF16: torch.bfloat16, arithmetic.CUDA_FP16: torch.float16}
        device = torch_runtime.device_of(candidate)
        model = self._model(dtypes.get(candidate, torch.float32), device)

        def compute(features: dict[str, torch.Tensor]) -> torch.Tensor:
            vectors: torch.Tensor = model(_as_bags(features["input_ids"]) if self._table else features)[
                "sentence_embedding"
            ]
            return vectors

        return torch_runtime.encoder(self._own_tokenizer(model), compute, candidate, device)

    def _source(self) -> Source:
        import torch

        model = self._model(torch.float32, "cpu")
        texts, tokenize = self_test.texts(), self._own_tokenizer(model)
        tokens = tokenize(texts)
        if not only_ids_matter(tokens):
            raise RuntimeError("the model reads more than the ids of its tokens")
        facts = {"own_limit": _own_limit(model), "fast_tokenizer": self._fast_is_alike(model, texts)}
        return Source(_over_ids(model, table=self._table, with_types="token_type_ids" in tokens), facts)

    def _tokenizer(self, graph: Graph) -> Tokenize:
        if graph.facts["fast_tokenizer"]:
            return fast_tokenizer(self.tokenizer_file, self._limit(graph.facts["own_limit"]), marks=not self._table)
        import torch

        return self._own_tokenizer(self._model(torch.float32, "cpu"))

    def _fast_is_alike(self, model: Any, texts: list[str]) -> bool:
        """Whether tokenizer.json alone gives the ids that the model's own tokenizer gives, cut off or not."""
        if not self.tokenizer_file.is_file():
            return False
        for limit in (self._limit(_own_limit(model)), 16):
            fast = fast_tokenizer(self.tokenizer_file, limit, marks=not self._table)(texts)
            own = self._own_tokenizer(model, limit)(texts)
            if [list(ids) for ids in fast["input_ids"]] != [list(ids) for ids in own["input_ids"]]:
                return False
        return True

    def _own_tokenizer(self, model: Any, limit: int | None = None) -> Tokenize:
        most = limit or self._limit(_own_limit(model))
        if self._table:
            # A table of token vectors has no marks around a text, and no tokenizer but its file.
            return fast_tokenizer(self.tokenizer_file, most, marks=False)
        tokenizer = model.tokenizer

        def tokenize(texts: list[str]) -> Tokens:
            answer: Tokens = tokenizer([sound(t) for t in texts], truncation=True, max_length=most, padding=False)
            return answer

        return tokenize

    def _limit(self, own: int | None) -> int:
        return min(self._max_tokens, own) if own else self._max_tokens

    def _model(self, dtype: torch.dtype, device: str) -> Any:
        """The SentenceTransformer. Raises UnusableInput for a folder that does not hold one."""
        from sentence_transformers import SentenceTransformer

        try:
            return SentenceTransformer(
                str(self._folder),
                device=device,
                trust_remote_code=False,
                local_files_only=True,
                # Always safetensors: a pickled weights file can run code.
                model_kwargs={"use_safetensors": True, "dtype": dtype, "attn_implementation": "sdpa"},
            ).eval()
        except (OSError, ValueError, KeyError, TypeError, ImportError) as error:
            raise UnusableInput(
                N_("“{name}” in {folder} does not load as a sentence-transformers model ({kind})."),
                name=self.name,
                folder=self._folder,
                kind=type(error).__name__,
            ) from error


def _own_limit(model: Any) -> int | None:
    """Tokens that the model itself reads at most; None where it does not say."""
    told = model.max_seq_length
    return told if isinstance(told, int) and told > 0 else None


def _as_bags(input_ids: torch.Tensor) -> dict[str, torch.Tensor]:
    """Rows of one length as a token table wants them: all in one row, and where each begins."""
    import torch

    starts = torch.arange(input_ids.shape[0], device=input_ids.device) * input_ids.shape[1]
    return {"input_ids": input_ids.reshape(-1), "offsets": starts}


def _over_ids(model: Any, *, table: bool, with_types: bool) -> torch.nn.Module:
    """A SentenceTransformer as a module from ids alone to vectors; nothing is masked and every token is of type 0."""
    import torch

    class OverIds(torch.nn.Module):
        def __init__(self, model: torch.nn.Module) -> None:
            super().__init__()
            self.model = model

        def forward(self, input_ids: torch.Tensor) -> torch.Tensor:
            if table:
                features = _as_bags(input_ids)
            else:
                features = {"input_ids": input_ids, "attention_mask": torch.ones_like(input_ids)}
            if with_types:
                features["token_type_ids"] = torch.zeros_like(input_ids)
            vectors: torch.Tensor = self.model(features)["sentence_embedding"]
            return vectors

    return OverIds(model).eval()


def usual_prompts(folder: Path, source: str) -> Prompts:
    """The model's own prompts for queries and documents, where its configuration names them so; else its family's."""
    found = own_prompts(folder)
    return found if found.as_dict() else default_prompts(source)
