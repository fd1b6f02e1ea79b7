"""What embedders that run in this process share: choosing their arithmetic, loading late, planning by tokens."""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Iterable, Sequence
from functools import cached_property
from pathlib import Path

import numpy as np

from pipelines import settings
from pipelines.embed import arithmetic, openvino_runtime, self_test
from pipelines.embed.base import direct
from pipelines.embed.encoder import Encoder, joined_batches
from pipelines.embed.openvino_runtime import Graph, Source
from pipelines.embed.tokenizing import Tokenize
from pipelines.embed.verdicts import Decision, decide
from pipelines.embed.weights import sha256
from pipelines.errors import UnusableInput
from pipelines.types import FloatArray

log = logging.getLogger(__name__)


class LocalEmbedder:
    """What embedders that run in this process share.

    A subclass gives `name`, `identity`, the files that decide what its model computes, and the model in torch.
    """

    max_batch = 4096
    paid = False
    remote = False
    per_text = True
    name: str

    def __init__(self, folder: Path, files: Sequence[Path], arithmetic_name: str | None = None) -> None:
        self.tokens = 0
        self._folder = folder
        self._order = arithmetic.choose(arithmetic_name)
        self._files = tuple(files)

    @property
    def dim(self) -> int:
        """See Embedder; reading it loads the model."""
        return self._width

    def identity(self) -> dict[str, object]:
        """See Embedder."""
        raise NotImplementedError

    def _in_torch(self, candidate: str) -> Encoder:
        """The model in one of torch's candidates."""
        raise NotImplementedError

    def _source(self) -> Source:
        """The model to be converted."""
        raise NotImplementedError

    def _tokenizer(self, graph: Graph) -> Tokenize:
        """The tokenizer that belongs to a converted model."""
        raise NotImplementedError

    @cached_property
    def decision(self) -> Decision:
        """The arithmetic that this model runs in here; the first time on a machine that takes a self-test."""
        if len(self._order) == 1:
            return Decision(self._order[0])
        weights = sum(path.stat().st_size for path in self._files if path.suffix == ".safetensors")
        return decide(self._order, self._load, self._kept, self_test.texts(weights))

    @cached_property
    def encoder(self) -> Encoder:
        """The loaded model."""
        return self.decision.encoder or self._load(self.decision.candidate)

    @cached_property
    def batch_dependent(self) -> bool:
        """See Embedder."""
        return self.encoder.depends_on_batch()

    @cached_property
    def digest(self) -> str:
        """sha256 over the files that decide what the model computes, with their places in its folder."""
        listed = "".join(f"{path.relative_to(self._folder).as_posix()} {sha256([path])}\n" for path in self._files)
        return hashlib.sha256(listed.encode()).hexdigest()

    @cached_property
    def _kept(self) -> Path | None:
        """The folder of what was found out about this model; None where there can be none."""
        try:
            folder = settings.home() / "models" / self.digest
            folder.mkdir(parents=True, exist_ok=True)
        except (OSError, UnusableInput):
            log.warning("nothing can be kept of the model %s: it is converted and tested at every start", self.name)
            return None
        return folder

    @cached_property
    def _width(self) -> int:
        return int(self.encoder.encode(["a"])[0].shape[1])

    def _load(self, candidate: str) -> Encoder:
        if not candidate.startswith("openvino"):
            return self._in_torch(candidate)
        graph = openvino_runtime.open_graph(self._kept, self._source)
        return Encoder(self._tokenizer(graph), openvino_runtime.forward(graph, candidate))

    def plan(self, texts: Sequence[str]) -> Iterable[list[int]]:
        """Batches of texts alike in length, up to what the encoder takes at once."""
        return joined_batches(self.encoder.lengths(texts), self.encoder.batch_tokens)

    def embed_documents(self, texts: Sequence[str]) -> FloatArray:
        """(n, dim) float32, each of length 1, in the order of `texts`."""
        return self._embed(texts)

    def embed_query(self, text: str) -> FloatArray:
        """(dim,) float32 of length 1."""
        return self._embed([text])[0]

    def _embed(self, texts: Sequence[str]) -> FloatArray:
        if not len(texts):
            return np.zeros((0, self.dim), np.float32)
        vectors, tokens = self.encoder.encode(texts)
        self.tokens += tokens
        return direct(vectors)
