"""Torch as the engine: the plain reference, the fall-back where OpenVINO does not do, and the way to a GPU."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

import numpy as np

from pipelines.embed import hardware
from pipelines.embed.arithmetic import CUDA_FP16
from pipelines.embed.encoder import Encoder, Forward
from pipelines.embed.tokenizing import Tokenize
from pipelines.errors import N_, UnusableInput
from pipelines.types import FloatArray

if TYPE_CHECKING:
    import torch

GPU_BATCH_FACTOR = 16
"""A GPU is busy only with batches many times as large as those that fit a processor's caches."""

Compute = Callable[[dict[str, Any]], "torch.Tensor"]
"""Fields of (n, length) int64 tensors → (n, dim)."""


def device_of(candidate: str) -> str:
    """Where a candidate computes. Raises UnusableInput when that is a GPU and torch finds none."""
    if candidate != CUDA_FP16:
        return "cpu"
    import torch

    if not torch.cuda.is_available():
        raise UnusableInput(
            N_("The arithmetic {name} needs an NVIDIA GPU, and torch finds none: choose “auto”."), name=candidate
        )
    return "cuda"


def encoder(tokenize: Tokenize, compute: Compute, candidate: str, device: str) -> Encoder:
    """A model in torch as an Encoder; `compute` runs on `device`."""
    use_threads()
    on_gpu = candidate == CUDA_FP16
    return Encoder(tokenize, _forward(compute, device), GPU_BATCH_FACTOR if on_gpu else 1, varies=on_gpu)


def _forward(compute: Compute, device: str) -> Forward:
    import torch

    def forward(features: dict[str, np.ndarray]) -> FloatArray:
        with torch.inference_mode():
            tensors = {field: torch.from_numpy(array).to(device) for field, array in features.items()}
            vectors: FloatArray = compute(tensors).float().cpu().numpy()
            return vectors

    return forward


def lower_products(model: torch.nn.Module) -> None:
    """Let every linear layer of an fp32 model multiply in bf16; what is added up between layers stays fp32.

    It keeps 0.992 of the ten nearest neighbours where everything in bf16 keeps 0.988, at the same speed.
    """
    import torch

    class Bf16Linear(torch.nn.Linear):
        def forward(self, input: torch.Tensor) -> torch.Tensor:  # noqa: A002  (torch's own word)
            return torch.nn.functional.linear(input.to(torch.bfloat16), self.weight, self.bias)

    for layer in model.modules():
        if type(layer) is torch.nn.Linear:
            layer.__class__ = Bf16Linear
            layer.to(torch.bfloat16)


@contextlib.contextmanager
def one_thread() -> Iterator[None]:
    """Compute small batches on one thread: on a busy machine two wait for each other ten times as long as they work."""
    torch = sys.modules.get("torch")
    if torch is None:
        yield
        return
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        yield
    finally:
        torch.set_num_threads(before)


def use_threads() -> None:
    """Let torch use the threads that a local model should."""
    import torch

    if torch.get_num_threads() != hardware.threads():
        torch.set_num_threads(hardware.threads())
