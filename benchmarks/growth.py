"""From vectors to map and named topics: how long, how much memory, how it grows; BERTopic in turn with ours.

python -m benchmarks.growth FILE… --text C [--vectors F.npy | --embedder NAME] [--sizes 1000 5000 …] [--runs 3]
    [--peer-up-to N] [--no-peer] [--peer-venv DIR] [--threads N] [--language L]
    Each run is a fresh process on the first N reviews and their vectors; beside BERTopic runs a side of ours without
    resamples, too. Sizes beyond the file are filled with pairs: two of its reviews in one text, whose vector lies
    between theirs. A table, then one JSON line.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from benchmarks.peers import environment
from benchmarks.rounds import Side, alternate, ratios, totals
from benchmarks.speed import machine
from pipelines import embed, settings
from pipelines.errors import ReviewscapeError
from pipelines.types import FloatArray

OURS = "duplicates, neighbours, 2D, 3D and cluster space, clusters, names, written to disk"
PEER = "imports, topics with keywords, a 2D picture as HTML"


def grown(texts: Sequence[str], matrix: FloatArray, n: int) -> tuple[list[str], FloatArray]:
    """n texts and vectors (n, d), rows of length 1: the first n, filled up with pairs, the same each time."""
    if n <= len(texts):
        return list(texts[:n]), matrix[:n]
    generator = np.random.default_rng(0)
    one, other = generator.integers(0, len(texts), size=(2, n - len(texts)))
    share = generator.uniform(0.15, 0.35, size=(len(one), 1)).astype(np.float32)
    mixed = (1.0 - share) * matrix[one] + share * matrix[other]
    mixed /= np.maximum(np.linalg.norm(mixed, axis=1, keepdims=True), 1e-12)
    pairs = [f"{texts[a]} {texts[b]}" for a, b in zip(one, other, strict=True)]
    return [*texts, *pairs], np.vstack([matrix, mixed])


def exponent(sizes: Sequence[int], seconds: Sequence[float]) -> float:
    """The slope of seconds over sizes in logarithms: 1 is linear, 2 quadratic; NaN for fewer than two sizes."""
    if len(sizes) < 2:
        return float("nan")
    return float(np.polyfit(np.log(sizes), np.log(seconds), 1)[0])


def sides(files: tuple[Path, Path], python: Path | None, language: str) -> list[Side]:
    """Ours and, with its interpreter, ours without resamples and BERTopic: on texts and vectors in `files`."""
    paths = [str(file) for file in files]

    def ours(*more: str) -> Any:
        return lambda folder: [sys.executable, "-m", "benchmarks.given", *paths, str(folder / "out"), *more]

    def peer(folder: Path) -> list[str]:
        script = str(environment.script("bertopic_given"))
        return [str(python), script, *paths, str(folder / "out"), "--language", language, "--picture"]

    whole = Side("ours", OURS + ", stability", ours())
    if python is None:
        return [whole]
    return [whole, Side("plain", OURS, ours("--resamples", "0")), Side("bertopic", PEER, peer)]


def measure(texts: Sequence[str], matrix: FloatArray, given: argparse.Namespace) -> list[dict[str, Any]]:
    """A row for each size: wall and processor seconds (medians), peak memory, stages, BERTopic's ratio to each."""
    rows = []
    for n in given.sizes:
        with_peer = not given.no_peer and n <= given.peer_up_to
        python = environment.python_of("bertopic", given.peer_venv) if with_peer else None
        with tempfile.TemporaryDirectory(prefix="reviewscape-growth-") as name:
            files = Path(name) / "texts.json", Path(name) / "vectors.npy"
            some, vectors = grown(texts, matrix, n)
            files[0].write_text(json.dumps(some, ensure_ascii=False), encoding="utf-8")
            np.save(files[1], vectors)
            found = alternate(sides(files, python, given.language), given.runs, given.threads)
        row: dict[str, Any] = {"reviews": n, **{side: totals(runs) for side, runs in found.items()}}
        if python is not None:
            # the share of BERTopic's time that ours takes
            row["share"] = ratios(found["bertopic"], found["ours"])
            row["share_plain"] = ratios(found["bertopic"], found["plain"])
        rows.append(row)
    return rows


def _print(rows: Sequence[dict[str, Any]]) -> None:
    print(f"\n{'reviews':>9} {'side':<9} {'wall s':>8} {'cpu s':>8} {'MB':>7} {'topics':>7} {'of BERTopic (cpu)':>26}")
    for row in rows:
        for side in ("ours", "plain", "bertopic"):
            if side in row:
                one = row[side]
                share = row.get({"ours": "share", "plain": "share_plain"}.get(side, ""))
                told = f"{share['ratio']:.2f} ({share['cpu_ratio']:.2f})" if share else ""
                print(
                    f"{row['reviews']:>9,} {side:<9} {one['wall_s_median']:>8.1f} {one['cpu_s_median']:>8.1f} "
                    f"{one['peak_mb']:>7,.0f} {one.get('topics', ''):>7} {told:>26}"
                )


def main(arguments: Sequence[str] | None = None) -> int:
    """Read, embed where no vectors are given, measure, print; returns the exit code."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("files", type=Path, nargs="+", metavar="FILE")
    parser.add_argument("--text", required=True)
    parser.add_argument("--vectors", type=Path, help="a row for each row of the files that has a text")
    parser.add_argument("--embedder", default="bundled")
    parser.add_argument("--sizes", type=int, nargs="+", default=[1000, 5000, 20000, 50000, 100000])
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--peer-up-to", type=int, default=20000, metavar="N")
    parser.add_argument("--language", choices=("english", "chinese", "multilingual"), default="english")
    parser.add_argument("--threads", type=int, default=settings.get_int("threads") or machine(0)["cores"])
    parser.add_argument("--no-peer", action="store_true")
    parser.add_argument("--peer-venv", type=Path, metavar="DIR")
    given = parser.parse_args(arguments)
    try:
        frame = pd.concat([pd.read_csv(file, dtype=str) for file in given.files], ignore_index=True)
        texts = frame[given.text].dropna().tolist()
        if given.vectors:
            matrix = np.load(given.vectors).astype(np.float32)
        else:
            matrix = embed.embed_texts(embed.resolve(given.embedder).embedder, texts).matrix
        if len(matrix) != len(texts):
            parser.error(f"{len(matrix)} vectors for {len(texts)} texts")
        where = machine(given.threads)
        rows = measure(texts, matrix, given)
    except ReviewscapeError as error:
        sys.stderr.write(f"{error}\n")
        return error.exit_code
    _print(rows)
    growth = exponent([row["reviews"] for row in rows], [row["ours"]["cpu_s_median"] for row in rows])
    print(json.dumps({"machine": where, "exponent_cpu": round(growth, 2), "rows": rows}))
    return 0


if __name__ == "__main__":
    sys.exit(main())
