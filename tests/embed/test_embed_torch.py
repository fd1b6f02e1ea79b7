"""Torch as the engine; what a GPU would be given is tried on the processor."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from pipelines.embed import hardware, torch_runtime
from pipelines.embed.bundled import BundledEmbedder
from pipelines.embed.encoder import Encoder
from pipelines.embed.local import SentenceTransformerEmbedder
from pipelines.errors import UnusableInput

TEXTS = ["a loud pump", "grinder", "milk and a wand"]


def as_on_a_gpu(folder: Path) -> Encoder:
    """Everything that the GPU's path does, in halves, but on the processor."""
    import torch

    embedder = SentenceTransformerEmbedder(str(folder), arithmetic_name="cuda-fp16")
    model = embedder._model(torch.float16, "cpu")
    return torch_runtime.encoder(
        embedder._own_tokenizer(model), lambda features: model(features)["sentence_embedding"], "cuda-fp16", "cpu"
    )


def test_halves_keep_the_vectors_and_come_back_whole(tiny_model: Path) -> None:
    vectors, tokens = as_on_a_gpu(tiny_model).encode(TEXTS)
    exact = SentenceTransformerEmbedder(str(tiny_model), arithmetic_name="torch-fp32").encoder.encode(TEXTS)
    assert vectors.dtype == np.float32
    assert tokens == exact[1]
    np.testing.assert_allclose(vectors, exact[0], atol=5e-3)
    assert not np.array_equal(vectors, exact[0])


def test_a_gpu_takes_large_batches_and_repeats_them_whole(tiny_model: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REVIEWSCAPE_BATCH_TOKENS", "100")
    encoder = as_on_a_gpu(tiny_model)
    assert encoder.batch_tokens == 100 * torch_runtime.GPU_BATCH_FACTOR
    assert encoder.depends_on_batch()
    assert Encoder(encoder.tokenize, encoder.forward).batch_tokens == 100


def test_a_candidate_has_its_device() -> None:
    import torch

    assert torch_runtime.device_of("torch-bf16") == "cpu"
    if not torch.cuda.is_available():
        with pytest.raises(UnusableInput, match="auto"):
            torch_runtime.device_of("cuda-fp16")


def test_torch_keeps_to_the_threads(monkeypatch: pytest.MonkeyPatch) -> None:
    import torch

    before = torch.get_num_threads()
    try:
        monkeypatch.setenv("REVIEWSCAPE_THREADS", "2")
        torch_runtime.use_threads()
        assert torch.get_num_threads() == hardware.threads() == 2
    finally:
        torch.set_num_threads(before)


def test_products_in_bf16_keep_the_vectors() -> None:
    exact = BundledEmbedder(arithmetic_name="torch-fp32").embed_documents(TEXTS)
    short = BundledEmbedder(arithmetic_name="torch-bf16")
    assert short.identity()["arithmetic"] == "torch-bf16, sums fp32"
    vectors = short.embed_documents(TEXTS)
    assert not np.array_equal(vectors, exact)
    assert (np.einsum("ij,ij->i", vectors, exact) > 0.999).all()
