"""Any sentence-transformers model: `st:<hub id or folder>`, safetensors only, no code of the model's own.

A folder, or a hub model that is already on disk, is used without asking the network. Else the hub is probed within the
setting probe_timeout_s before anything is downloaded, so that a computer without a network hears so at once.
"""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipelines import settings
from pipelines.embed import arithmetic
from pipelines.embed.bundled import beyond
from pipelines.embed.encoder import Encoder, Tokens
from pipelines.embed.inprocess import LocalEmbedder
from pipelines.embed.prompts import Prompts, default_prompts
from pipelines.embed.weights import sha256
from pipelines.errors import N_, ProviderFailed, UnusableInput
from pipelines.types import FloatArray

if TYPE_CHECKING:
    import torch

WANTED_FILES = ["*.safetensors", "*.json", "*.txt", "*.model", "*/config.json", "*/*.safetensors"]
UNWANTED_FILES = ["onnx/*", "openvino/*", "*.onnx", "*.bin", "*.h5"]
_OWN_MODULES = "sentence_transformers."


class SentenceTransformerEmbedder(LocalEmbedder):
    """A model folder run through its own modules (pooling, dense layers, normalising) in exact-length batches.

    Before a text comes its prompt: of `prompts`, else the one named `query` or `document` in the model's configuration,
    else the usual one of its family. Raises UnusableInput for a folder that is no such model, ProviderFailed when a hub
    model cannot be fetched.
    """

    def __init__(self, source: str, *, arithmetic_name: str | None = None, prompts: Prompts | None = None) -> None:
        super().__init__()
        self.name = f"st:{source}"
        self._source = source
        self._arithmetic = arithmetic.choose(arithmetic_name)
        self._folder = find_folder(source)
        self._weights = checked_weights(self._folder, self.name)
        self._prompts = (_prompts(self._folder, source) if prompts is None else prompts).as_dict()
        self._max_tokens = settings.get_int("embed_max_tokens")

    @property
    def dim(self) -> int:
        """See Embedder; reading it loads the model."""
        return int(self._model.get_embedding_dimension())

    def identity(self) -> dict[str, object]:
        """See Embedder."""
        return {
            "name": self.name,
            "model": self._source,
            "revision": self._folder.name if self._folder.parent.name == "snapshots" else "",
            "weights": sha256(self._weights),
            "max_tokens": self._max_tokens,
            "prompts": self._prompts,
            **arithmetic.describe(self._arithmetic),
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
        own_limit = _json(self._folder / "sentence_bert_config.json", {}).get("max_seq_length")
        limit = min(self._max_tokens, own_limit) if isinstance(own_limit, int) else self._max_tokens
        tokenizer = self._folder / "tokenizer.json"
        prompt = self._prompts.get("document", "")
        return beyond(tokenizer, limit, [prompt + text for text in texts]) if tokenizer.is_file() else []

    @property
    def _model(self) -> Any:
        """The SentenceTransformer that the encoder drives."""
        return self.encoder.model

    def _load(self) -> Encoder:
        import torch
        from sentence_transformers import SentenceTransformer

        # Always safetensors: a pickled weights file can run code.
        options = {"use_safetensors": True, "dtype": torch.bfloat16 if self._arithmetic == "bf16" else torch.float32}
        try:
            model = SentenceTransformer(
                str(self._folder),
                device="cpu",
                trust_remote_code=False,
                local_files_only=True,
                model_kwargs={**options, "attn_implementation": "sdpa"},
            ).eval()
        except (OSError, ValueError, KeyError, TypeError, ImportError) as error:
            raise UnusableInput(
                N_("“{name}” in {folder} does not load as a sentence-transformers model ({kind})."),
                name=self.name,
                folder=self._folder,
                kind=type(error).__name__,
            ) from error
        tokenizer = model.tokenizer
        own_limit = model.max_seq_length
        limit = min(self._max_tokens, own_limit) if own_limit else self._max_tokens

        def tokenize(texts: list[str]) -> Tokens:
            sound = [text.encode("utf-8", "replace").decode("utf-8") for text in texts]
            answer: Tokens = tokenizer(sound, truncation=True, max_length=limit, padding=False)
            return answer

        def forward(features: dict[str, torch.Tensor]) -> torch.Tensor:
            vectors: torch.Tensor = model(features)["sentence_embedding"]
            return vectors

        return Encoder(tokenize, forward, model)


def find_folder(source: str) -> Path:
    """The folder of a model: itself, the hub's copy on disk, or a fresh download. Errors as the class says."""
    folder = Path(source).expanduser()
    if folder.is_dir():
        return folder.resolve()
    if source.count("/") != 1 or source.startswith((".", "/", "~")):
        raise UnusableInput(
            N_("“{name}” is neither a folder nor a hub id such as intfloat/multilingual-e5-small."), name=source
        )
    from huggingface_hub import snapshot_download
    from huggingface_hub.errors import HFValidationError, LocalEntryNotFoundError

    try:
        return Path(snapshot_download(source, local_files_only=True, allow_patterns=WANTED_FILES))
    except HFValidationError as error:
        raise UnusableInput(N_("“{name}” is no valid hub id."), name=source) from error
    except LocalEntryNotFoundError:
        return _download(source)


def _download(source: str) -> Path:
    """A model from the hub into its usual cache, after a probe of bounded length."""
    from huggingface_hub import snapshot_download
    from huggingface_hub.errors import GatedRepoError, RepositoryNotFoundError

    if os.environ.get("HF_HUB_OFFLINE", "").upper() in ("1", "TRUE", "YES", "ON") or not _hub_answers():
        raise ProviderFailed(
            N_(
                "The model “{name}” is not on this computer and the hub does not answer. "
                "Give a folder, or use “bundled”."
            ),
            name=source,
        )
    try:
        return Path(snapshot_download(source, allow_patterns=WANTED_FILES, ignore_patterns=UNWANTED_FILES))
    except (RepositoryNotFoundError, GatedRepoError) as error:
        raise UnusableInput(N_("The hub has no model “{name}” that is open to you."), name=source) from error
    except (OSError, ValueError) as error:
        raise ProviderFailed(
            N_("The model “{name}” did not download ({kind}). Run it again, or give a folder."),
            name=source,
            kind=type(error).__name__,
        ) from error


def _hub_answers() -> bool:
    import requests

    try:
        requests.head(
            os.environ.get("HF_ENDPOINT", "https://huggingface.co"), timeout=settings.get_float("probe_timeout_s")
        )
    except requests.exceptions.RequestException:
        return False
    return True


def checked_weights(folder: Path, name: str) -> list[Path]:
    """The safetensors files of a model folder, sorted; raises UnusableInput for other weights or code of its own."""
    weights = sorted(path for path in folder.rglob("*.safetensors") if not {"onnx", "openvino"} & set(path.parts))
    if not weights or not ((folder / "config.json").is_file() or (folder / "modules.json").is_file()):
        raise UnusableInput(
            N_(
                "“{name}”: {folder} holds no model with safetensors weights. "
                "Other weights are not loaded: they can run code."
            ),
            name=name,
            folder=folder,
        )
    modules = _json(folder / "modules.json", [])
    types = [str(module.get("type", "")) for module in modules if isinstance(module, dict)]
    foreign = [kind for kind in types if not kind.startswith(_OWN_MODULES)]
    if foreign:
        raise UnusableInput(
            N_("“{name}” needs code of its own ({module}), which is not run."), name=name, module=foreign[0]
        )
    return weights


def _prompts(folder: Path, source: str) -> Prompts:
    """The model's own prompts for queries and documents, where its configuration names them so; else its family's."""
    prompts = _json(folder / "config_sentence_transformers.json", {}).get("prompts") or {}
    document = prompts.get("document") or prompts.get("passage") or ""
    found = Prompts(prompts.get("query") or "", document)
    return found if found.as_dict() else default_prompts(source)


def _json(path: Path, default: Any) -> Any:
    try:
        return json.loads(path.read_text("utf-8"))
    except FileNotFoundError:
        return default
    except (OSError, ValueError) as error:
        raise UnusableInput(N_("{path} does not read as JSON."), path=path) from error
