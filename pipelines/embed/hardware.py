"""What this machine computes with: the processor's abilities, its real cores, whether an NVIDIA GPU could be used.

All of it is read from files in milliseconds; torch, whose import takes seconds, is asked only where there are none.
"""

from __future__ import annotations

import importlib.util
import os
import platform
import re
from functools import lru_cache
from pathlib import Path

from pipelines import settings

_CPUINFO = Path("/proc/cpuinfo")
_TOPOLOGY = Path("/sys/devices/system/cpu")
_QUOTA = Path("/sys/fs/cgroup/cpu.max")
_NVIDIA_DRIVER = (
    "/dev/nvidiactl",
    "/proc/driver/nvidia/version",
    "/usr/lib/wsl/lib/libcuda.so.1",
    "C:/Windows/System32/nvcuda.dll",
)
_LEVELS = ("amx_bf16", "avx512_bf16", "avx512f", "avx2")


@lru_cache(maxsize=1)
def cpu_flags() -> frozenset[str]:
    """What the processor can do, in Linux's names."""
    told = _cpuinfo().get("flags") or _cpuinfo().get("Features")
    if told:
        return frozenset(told.split())
    import torch

    known = torch.cpu.get_capabilities() if hasattr(torch.cpu, "get_capabilities") else {}
    return frozenset({"avx512f" if name == "avx512_f" else name for name, has in known.items() if has is True})


def processor() -> str:
    """The processor as far as it decides the bits of a sum: kind, maker and model, and its widest instructions."""
    info = _cpuinfo()
    model = "-".join(info[key] for key in ("vendor_id", "cpu family", "model") if key in info)
    level = next((name for name in _LEVELS if name in cpu_flags()), "base")
    return "/".join(part for part in (platform.machine(), model, level) if part)


def threads() -> int:
    """Threads of a local model: the setting, else the real cores that this process may use.

    Two threads on one real core share its arithmetic units and only get in each other's way. OMP_NUM_THREADS is heeded.
    """
    wanted = settings.get_int("threads")
    if wanted > 0:
        return wanted
    bound = os.environ.get("OMP_NUM_THREADS", "")
    return min(real_cores(), int(bound)) if bound.isdigit() and int(bound) else real_cores()


def real_cores() -> int:
    """Cores that this process may use: hardware threads of one core count once, and a container's quota is kept."""
    allowed = os.sched_getaffinity(0) if hasattr(os, "sched_getaffinity") else set(range(os.cpu_count() or 1))
    cores = {_siblings(cpu) for cpu in allowed}
    return max(1, min(len(cores), _quota() or len(cores)))


def has_cuda() -> bool:
    """Whether an NVIDIA driver is there and torch was built for it; whether they work shows when they are tried."""
    if not any(Path(path).exists() for path in _NVIDIA_DRIVER):
        return False
    found = importlib.util.find_spec("torch")
    try:
        built = (Path(found.origin).parent / "version.py").read_text("utf-8") if found and found.origin else ""
    except OSError:
        return False
    return re.search(r"^cuda\b.*= *['\"]", built, re.MULTILINE) is not None


@lru_cache(maxsize=1)
def _cpuinfo() -> dict[str, str]:
    """The first processor's lines; nothing where the system does not tell."""
    try:
        first = _CPUINFO.read_text("utf-8", "replace").strip().split("\n\n")[0]
    except OSError:
        return {}
    return {key.strip(): value.strip() for key, _, value in (line.partition(":") for line in first.splitlines())}


def _siblings(cpu: int) -> str:
    try:
        return (_TOPOLOGY / f"cpu{cpu}" / "topology" / "thread_siblings_list").read_text("ascii").strip()
    except OSError:
        return str(cpu)


def _quota() -> int:
    """Whole processors of a container's quota, 0 where there is none."""
    try:
        most, period = _QUOTA.read_text("ascii").split()
        return max(1, int(most) // int(period)) if most != "max" else 0
    except (OSError, ValueError, ZeroDivisionError):
        return 0
