"""How a local model computes: bf16 where the processor does it natively, fp32 elsewhere.

Measured on one core of an AMD EPYC with avx512_bf16, 1,000 tweets, ten nearest neighbours kept against fp32: 0.988 with
everything in bf16, 0.992 with products in bf16 and sums and norms in fp32 (`lower_products`), at the same speed.
Emulated bf16 is slower than fp32, so the choice follows the hardware.
"""

from __future__ import annotations

import platform
from functools import lru_cache
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING

from pipelines import settings
from pipelines.errors import N_, UnusableInput

if TYPE_CHECKING:
    import torch

ARITHMETICS = ("auto", "bf16", "fp32")
_NATIVE_BF16 = {"avx512_bf16", "amx_bf16"}
_CPUINFO = Path("/proc/cpuinfo")


def choose(wanted: str | None = None) -> str:
    """`bf16` or `fp32`: as wanted (default: the setting), else what this processor does best."""
    wanted = wanted or str(settings.get("arithmetic"))
    if wanted not in ARITHMETICS:
        raise UnusableInput(
            N_("The setting arithmetic cannot be “{value}”; choose one of: {allowed}."),
            value=wanted,
            allowed=", ".join(ARITHMETICS),
        )
    if wanted != "auto":
        return wanted
    return "bf16" if cpu_flags() & _NATIVE_BF16 else "fp32"


def describe(arithmetic: str, *, sums: str = "") -> dict[str, object]:
    """The part of an identity that says how numbers are computed: two machines alike in it give the same bits.

    sums: the arithmetic of sums and norms where it is not that of the products.
    """
    flags = cpu_flags()
    level = next((name for name in ("amx_bf16", "avx512_bf16", "avx512f", "avx2") if name in flags), "base")
    return {
        "arithmetic": f"{arithmetic}, sums {sums}" if sums and sums != arithmetic else arithmetic,
        "processor": f"{platform.machine()}/{level}",
        "torch": metadata.version("torch"),
        "transformers": metadata.version("transformers"),
    }


@lru_cache(maxsize=1)
def cpu_flags() -> frozenset[str]:
    """What the processor can do, in Linux's names; read without torch, whose import takes seconds, where that goes."""
    try:
        for line in _CPUINFO.read_text().splitlines():
            if line.startswith(("flags", "Features")):
                return frozenset(line.partition(":")[2].split())
    except OSError:
        pass
    import torch

    known = torch.cpu.get_capabilities() if hasattr(torch.cpu, "get_capabilities") else {}
    return frozenset({"avx512f" if name == "avx512_f" else name for name, has in known.items() if has is True})


def lower_products(model: torch.nn.Module) -> None:
    """Let every linear layer of an fp32 model multiply in bf16; what is added up between layers stays fp32."""
    import torch

    class Bf16Linear(torch.nn.Linear):
        def forward(self, input: torch.Tensor) -> torch.Tensor:  # noqa: A002  (torch's own word)
            return torch.nn.functional.linear(input.to(torch.bfloat16), self.weight, self.bias)

    for layer in model.modules():
        if type(layer) is torch.nn.Linear:
            layer.__class__ = Bf16Linear
            layer.to(torch.bfloat16)


def use_threads() -> None:
    """Let torch use the processor threads of the setting, or those that the system left it."""
    import torch

    wanted = settings.get_int("threads")
    if wanted > 0 and torch.get_num_threads() != wanted:
        torch.set_num_threads(wanted)
