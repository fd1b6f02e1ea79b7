"""Which arithmetic a local model computes in: what the hardware suggests, in order, or what the setting wants.

Measured on two cores of an AMD EPYC with avx512_bf16, 3,000 tweets through all-MiniLM-L6-v2, texts a second and share
of the ten nearest neighbours kept against fp32: torch fp32 216, torch bf16 572 (0.990), OpenVINO fp32 552 (1.000),
OpenVINO bf16 931 (0.991); sentence-transformers' plain `encode` 155. Emulated bf16 is slower than fp32, so the order
follows the hardware. Speed on the day is never measured: the same machine has to choose the same each time.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from importlib import metadata

from pipelines import settings
from pipelines.embed import hardware
from pipelines.errors import N_, UnusableInput

CUDA_FP16 = "cuda-fp16"
OPENVINO_BF16 = "openvino-bf16"
OPENVINO_FP32 = "openvino-fp32"
TORCH_BF16 = "torch-bf16"
TORCH_FP32 = "torch-fp32"

_FORCED: Mapping[str, tuple[str, ...]] = {
    "bf16": (OPENVINO_BF16, TORCH_BF16),
    "fp32": (OPENVINO_FP32, TORCH_FP32),
    "torch-bf16": (TORCH_BF16,),
    "torch-fp32": (TORCH_FP32,),
    "cuda-fp16": (CUDA_FP16,),
}
ARITHMETICS = ("auto", *_FORCED)
"""What the setting `arithmetic` may be."""

_NATIVE_BF16 = {"avx512_bf16", "amx_bf16"}


def choose(wanted: str | None = None) -> tuple[str, ...]:
    """Candidates, best first, as wanted (default: the setting); the last one is what is left when the others fail."""
    wanted = wanted or str(settings.get("arithmetic"))
    if wanted not in ARITHMETICS:
        raise UnusableInput(
            N_("The setting arithmetic cannot be “{value}”; choose one of: {allowed}."),
            value=wanted,
            allowed=", ".join(ARITHMETICS),
        )
    return _FORCED.get(wanted) or suggested(native_bf16=native_bf16(), cuda=hardware.has_cuda())


def suggested(*, native_bf16: bool, cuda: bool) -> tuple[str, ...]:
    """The order that hardware suggests: a GPU, then OpenVINO, then torch; bf16 only where the processor has it."""
    order = (CUDA_FP16, OPENVINO_BF16, OPENVINO_FP32, TORCH_BF16, TORCH_FP32)
    lacking = set() if cuda else {CUDA_FP16}
    if not native_bf16:
        lacking |= {OPENVINO_BF16, TORCH_BF16}
    return tuple(name for name in order if name not in lacking)


def native_bf16() -> bool:
    """Whether this processor multiplies in bf16 by itself."""
    return bool(hardware.cpu_flags() & _NATIVE_BF16)


def describe(candidate: str, *, sums: str = "") -> dict[str, object]:
    """The part of an identity that says how numbers are computed: two machines alike in it give the same bits.

    sums: the arithmetic of sums and norms in `torch-bf16`, where it is not that of the products. Torch's version counts
    for OpenVINO too, whose graph is converted by it.
    """
    told: dict[str, object] = {
        "arithmetic": f"{candidate}, sums {sums}" if sums and candidate == TORCH_BF16 else candidate,
        "processor": hardware.processor(),
        "torch": version("torch"),
        "transformers": version("transformers"),
    }
    if candidate.startswith("openvino"):
        told["openvino"] = version("openvino")
    if candidate == CUDA_FP16:
        told["processor"] = _gpu()
    return told


@lru_cache(maxsize=16)
def version(package: str) -> str:
    """An installed package's version, without importing it; "missing" where it is not installed."""
    try:
        return metadata.version(package)
    except metadata.PackageNotFoundError:
        return "missing"


def _gpu() -> str:
    import torch

    return f"cuda/{torch.cuda.get_device_name(0)}" if torch.cuda.is_available() else "cuda/none"
