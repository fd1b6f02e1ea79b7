"""Stand-ins for an analysis, run by real workers; they talk to the test through files in `spec["folder"]`."""

from __future__ import annotations

import hashlib
import os
import time
from pathlib import Path

from pipelines.embed import keys
from pipelines.errors import UnusableInput
from pipelines.progress import STAGES


def run(spec, progress):
    return globals()[spec["do"]](spec, progress)


def finish(spec, progress):
    for stage in STAGES:
        progress(stage, 0, 10)
        progress(stage, 10, 10, rate=250.0)
    return {"analysis_id": spec.get("analysis_id", "00000000000000a1"), "bundle": Path("/somewhere/bundle")}


def count_runs(spec, progress):
    folder = Path(spec["folder"])
    (folder / f"run-{os.getpid()}").write_text("x")
    while not (folder / "go").exists():
        progress("embedding", 3, 10, rate=5.0, note="half way")
        time.sleep(0.02)
    return finish(spec, progress)


def fail(spec, progress):
    progress("reading", 0, 1)
    raise UnusableInput("The column {column} is empty ({n}).", column="文本", n=3)


def break_down(spec, progress):
    progress("clusters", 0, 1)
    raise ZeroDivisionError("secret review text")


def run_out_of_memory(spec, progress):
    progress("projection", 0, 1)
    raise MemoryError


def hang(spec, progress):
    progress("clusters", 0, 1)
    (Path(spec["folder"]) / f"run-{os.getpid()}").write_text("x")
    while True:
        time.sleep(0.02)


def die(spec, progress):
    progress("projection", 1, 2)
    if not (Path(spec["folder"]) / "died").exists():
        (Path(spec["folder"]) / "died").write_text("x")
        os._exit(9)
    return finish(spec, progress)


def tell_key(spec, progress):
    """What a provider would get as its key, told by its sum alone; `ask` names the variables."""
    folder = Path(spec["folder"])
    found = {name: hashlib.sha256(keys.find(name).encode()).hexdigest() for name in spec["ask"]}
    told = folder / f"told-{spec['name']}.tmp"
    told.write_text("\n".join([str(os.getpid()), *(f"{name}={sum_}" for name, sum_ in found.items())]))
    told.replace(folder / f"told-{spec['name']}")
    while not (folder / f"go-{spec['name']}").exists():
        progress("embedding", 1, 10)
        time.sleep(0.02)
    return finish(spec, progress)


def eat(spec, progress):
    """Take more and more memory, piece by piece."""
    kept = []
    while True:
        progress("projection", len(kept), 1_000)
        kept.append(b"x" * (20 << 20))
        time.sleep(0.01)


def eat_at_once(spec, progress):
    progress("clusters", 0, 1)
    return len(b"x" * (int(spec["mb"]) << 20))


def work_for_ever(spec, progress):
    while True:
        progress("embedding", 1, 2)
        time.sleep(0.02)


def note_order(spec, progress):
    """Write into one file in which order jobs were done."""
    with (Path(spec["folder"]) / "order").open("a") as file:
        file.write(f"{spec['n']}\n")
    return finish(spec, progress)


def jump(spec, progress):
    """The clock is set while it works."""
    real = time.time
    progress("reading", 0, 1)
    time.time = lambda: real() + float(spec["by_s"])
    (Path(spec["folder"]) / f"run-{os.getpid()}").write_text("x")
    while not (Path(spec["folder"]) / "go").exists():
        progress("embedding", 3, 10, rate=5.0)
        time.sleep(0.02)
    return finish(spec, progress)
