"""How long an analysis takes, stage by stage, and against a peer in the same run.

`python -m benchmarks.speed FILE [--text C] [--runs 3] [--embedder NAME] [--threads N] [--peer bertopic]
[--peer-venv DIR]`: each run is a fresh process with fresh caches. Tables for people, then one JSON line.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

from benchmarks.peers import environment
from benchmarks.rounds import Side, alternate, ratios, totals
from pipelines.errors import Cancelled, ReviewscapeError, UnusableInput

PACKAGES = ("torch", "sentence-transformers", "umap-learn", "hdbscan", "numba", "numpy", "pandas", "plotly")
OURS_INCLUDES = (
    "reading the file, vectors, neighbours, 2D and 3D and cluster space, clusters with the size chosen by resampling, "
    "stability, topic names, sentiment, outliers, duplicates, the bundle written to disk"
)
PEER_INCLUDES = {
    "bertopic": "vectors of the same reviews, topics with keywords, a 2D picture as HTML, topic numbers written to "
    "disk; no 3D, stability, sentiment, outliers, duplicates or reading of the upload"
}
BUSY = 0.3
"""Load per core before the first run from which the figures are called unsteady."""


@dataclass(frozen=True)
class Texts:
    """The reviews that take part, as they are written, and the language of most of them."""

    rows: int
    column: str
    kept: list[str]
    language: str


def read_texts(file: Path, column: str | None) -> Texts:
    """The reviews of a file that an analysis keeps; raises UnusableInput as `ingest` does, and for none kept."""
    from pipelines.ingest import IngestOptions, ingest

    reviews = ingest(file, IngestOptions(roles={"text": column} if column else None))
    kept = [text for text, take in zip(reviews.text, reviews.kept, strict=True) if take]
    if not kept:
        raise UnusableInput("{file} has no usable review in column “{column}”.", file=file, column=column)
    codes = [code for code, take in zip(reviews.language, reviews.kept, strict=True) if take]
    most = max(sorted(set(codes)), key=codes.count)
    language = {"en": "english", "zh": "chinese"}.get(most, "multilingual")
    return Texts(len(reviews.text), str(reviews.roles.get("text")), kept, language)


def ours(file: Path, column: str | None, embedder: str | None) -> Side:
    """`python -m pipelines analyze` with a fresh cache."""
    options = ["--text-column", column] if column else []
    options += ["--embedder", embedder] if embedder else []

    def command(folder: Path) -> list[str]:
        told = ["--out", str(folder / "bundle"), "--cache-dir", str(folder / "cache")]
        return [sys.executable, "-m", "pipelines", "analyze", str(file.resolve()), *told, *options]

    def details(folder: Path) -> dict[str, Any]:
        manifest = json.loads((folder / "bundle" / "manifest.json").read_text(encoding="utf-8"))
        return {"embedder": manifest["embedder"]}

    return Side("ours", OURS_INCLUDES, command, details)


def peer(name: str, python: Path, texts: Path, language: str) -> Side:
    """A peer's script in its own environment, on the same texts."""

    def command(folder: Path) -> list[str]:
        return [str(python), str(environment.script(name)), str(texts), str(folder / "out"), "--language", language]

    return Side(name, PEER_INCLUDES[name], command)


def _cores() -> int:
    """The cores that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def machine(threads: int) -> dict[str, Any]:
    """What the figures were measured on."""
    model = platform.processor() or platform.machine()
    info = Path("/proc/cpuinfo")
    if info.is_file():
        names = [line for line in info.read_text(encoding="utf-8").splitlines() if line.startswith("model name")]
        model = names[0].partition(":")[2].strip() if names else model
    return {
        "cpu": model,
        "cores": _cores(),
        "threads": threads,
        "load": round(os.getloadavg()[0], 2),
        "system": platform.platform(terse=True),
        "python": platform.python_version(),
    }


def _print_side(side: Side, told: dict[str, Any]) -> None:
    print(f"\n{side.name}: {side.includes}")
    for stage, seconds in told["stages"].items():
        print(f"  {stage:<12} {seconds:8.2f} s")
    print(
        f"  {'wall':<12} {told['wall_s_median']:8.2f} s  (all of it, imports included; median of {len(told['wall_s'])})"
    )
    print(f"  {'processor':<12} {told['cpu_s_median']:8.2f} s")
    print(f"  {'peak memory':<12} {told['peak_mb']:8,.0f} MB")
    print(f"  {'topics':<12} {told.get('topics', '?'):>8}    coverage {told.get('coverage', '?')}")
    for key in ("embedder", "arithmetic", "versions"):
        if key in told:
            print(f"  {key}: " + json.dumps(told[key], ensure_ascii=False))


def _arguments(argv: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.speed", description=__doc__.splitlines()[0])
    parser.add_argument("file", type=Path, metavar="FILE")
    parser.add_argument("--text", metavar="C", help="the column that holds the review text (default: guessed)")
    parser.add_argument("--runs", type=int, default=3, metavar="N", help="runs of each side (default: 3)")
    parser.add_argument("--embedder", metavar="NAME", help="our embedder (default: as `analyze` chooses)")
    parser.add_argument("--threads", type=int, metavar="N", help="threads of each side (default: all cores)")
    parser.add_argument("--peer", choices=environment.PEERS, help="another tool to run in turn with ours")
    parser.add_argument("--peer-venv", type=Path, metavar="DIR", help="its environment (default: in the cache folder)")
    args = parser.parse_args(argv)
    for name in ("runs", "threads"):
        value = getattr(args, name)
        if value is not None and value < 1:
            parser.error(f"--{name} must be at least 1, not {value}")
    if not args.file.is_file():
        parser.error(f"there is no file {args.file}")
    return args


def main(argv: Sequence[str] | None = None) -> int:
    """Measure and print; returns the exit code."""
    args = _arguments(argv)
    try:
        return _run(args)
    except KeyboardInterrupt:
        return Cancelled.exit_code
    except ReviewscapeError as error:
        sys.stderr.write(f"{error}\n")
        return error.exit_code


def _run(args: argparse.Namespace) -> int:
    threads = args.threads or _cores()
    texts = read_texts(args.file, args.text)
    sides = [ours(args.file, args.text, args.embedder)]
    with tempfile.TemporaryDirectory(prefix="reviewscape-speed-") as name:
        if args.peer:
            listed = Path(name) / "texts.json"
            listed.write_text(json.dumps(texts.kept, ensure_ascii=False), encoding="utf-8")
            sides.append(peer(args.peer, environment.python_of(args.peer, args.peer_venv), listed, texts.language))
        where = machine(threads)
        print(f"{where['cpu']}, {where['cores']} cores, {threads} threads each, Python {where['python']}")
        print(
            f"{args.file.name}: {texts.rows:,} rows, {len(texts.kept):,} reviews in “{texts.column}” ({texts.language})"
        )
        if where["load"] > BUSY * where["cores"]:
            print(
                f"note: other programs are using this machine (load {where['load']}): neither the wall times nor their "
                "ratio can be trusted, processor times only roughly; measure again when it is quiet"
            )
        found = alternate(sides, args.runs, threads)
    told = {side.name: totals(found[side.name]) for side in sides}
    told["ours"]["versions"] = {package: version(package) for package in PACKAGES}
    for side in sides:
        _print_side(side, told[side.name])
    result = {"file": args.file.name, "rows": texts.rows, "reviews": len(texts.kept), "machine": where, **told}
    result["language"] = texts.language
    if args.peer:
        result |= {"peer": args.peer, **ratios(found["ours"], found[args.peer])}
        print(
            f"\n{args.peer} takes {result['ratio']:.2f} times as long as ours "
            f"(least {result['least']:.2f}, most {result['most']:.2f}; rounds: {args.runs}); "
            f"in processor time {result['cpu_ratio']:.2f} times\n"
        )
    print(json.dumps(result, ensure_ascii=False))
    return 0


if __name__ == "__main__":
    sys.exit(main())
