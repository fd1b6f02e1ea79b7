"""Do the topics meet labels, and do they come back? Ours and BERTopic's defaults on the same vectors, in one run.

python -m benchmarks.topics quality FILE… --text C --label C [--without L] [--rows N] [--embedder NAME] [--vectors NPY]
    Files are joined. AMI, ARI (noise counted as one cluster), coverage, topics: medians of --runs 3; ours under another
    seed each time, BERTopic without one, as by default.
python -m benchmarks.topics stability (the same)
    AMI and ARI between the whole and each of --samples 5 random 95 % of the rows, the size chosen anew each time.
--no-peer leaves BERTopic and Leiden out; --peer-venv DIR names BERTopic's environment. A table, then one JSON line.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import mean, median

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from benchmarks.given import topics_of
from benchmarks.peers import environment
from benchmarks.quality import agreement
from pipelines import collapse, embed, neighbors
from pipelines.errors import ReviewscapeError, UnusableInput
from pipelines.progress import silent
from pipelines.types import FloatArray

SHARE = 0.95


@dataclass(frozen=True)
class Labelled:
    """texts (n,), their labels (n,) and vectors (n, d)."""

    texts: list[str]
    labels: list[str]
    matrix: FloatArray


def read(given: argparse.Namespace) -> Labelled:
    """The labelled rows of the files; their vectors as given, or made by the embedder."""
    frame = pd.concat([pd.read_csv(file, dtype=str) for file in given.files], ignore_index=True)
    keep = frame[given.text].notna() & frame[given.label].notna() & (frame[given.label] != given.without)
    frame = frame[keep].reset_index(drop=True)
    if given.rows and given.rows < len(frame):
        frame = frame.iloc[np.sort(np.random.default_rng(0).permutation(len(frame))[: given.rows])]
    texts = frame[given.text].tolist()
    if given.vectors:
        matrix = np.load(given.vectors).astype(np.float32)
    else:
        matrix = embed.embed_texts(embed.resolve(given.embedder).embedder, texts).matrix
    if len(matrix) != len(texts):
        raise UnusableInput(
            "{file} has {rows} rows for {texts} labelled reviews.",
            file=given.vectors,
            rows=len(matrix),
            texts=len(texts),
        )
    return Labelled(texts, frame[given.label].tolist(), matrix)


def samples(n: int, count: int) -> list[NDArray[np.int64]]:
    """Row numbers of `count` random 95 % of n rows, the same each time."""
    return [np.sort(np.random.default_rng(number).permutation(n)[: round(SHARE * n)]) for number in range(count)]


def peer(data: Labelled, parts: Sequence[NDArray[np.int64]], python: Path, language: str) -> list[NDArray[np.int32]]:
    """BERTopic's topic of each row of each part, −1 none."""
    with tempfile.TemporaryDirectory(prefix="reviewscape-topics-") as name:
        folder = Path(name)
        (folder / "texts.json").write_text(json.dumps(data.texts, ensure_ascii=False), encoding="utf-8")
        np.save(folder / "vectors.npy", data.matrix)
        files = [folder / f"rows_{number}.npy" for number in range(len(parts))]
        for file, rows in zip(files, parts, strict=True):
            np.save(file, rows)
        paths = [str(folder / "texts.json"), str(folder / "vectors.npy"), str(folder / "out")]
        script = environment.script("bertopic_given")
        command = [str(python), str(script), *paths, "--language", language, "--rows", *map(str, files)]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
        return [np.load(folder / "out" / f"topics_{number}.npy") for number in range(len(parts))]


def leiden(data: Labelled, topics: int, runs: int) -> list[NDArray[np.int32]]:
    """The Leiden community of each row of our neighbour graph, under one seed after another."""
    python, script = environment.python_of("leiden"), environment.script("leiden_given")
    graph, groups = collapse.neighbors_of_distinct(data.texts, data.matrix, neighbors.NeighborConfig(), silent)
    found = []
    with tempfile.TemporaryDirectory(prefix="reviewscape-topics-") as name:
        given, out = Path(name) / "graph.npz", Path(name) / "out.npy"
        np.savez(given, indices=graph.indices, similarity=graph.similarity)
        for seed in range(runs):
            command = [str(python), str(script), str(given), str(out), "--topics", str(topics), "--seed", str(seed)]
            subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
            found.append(groups.spread(np.load(out)))
    return found


def quality(runs: Sequence[NDArray[np.int32]], labels: Sequence[str]) -> dict[str, object]:
    """Medians of each figure over runs, and the AMI of each."""
    found = [agreement(run, labels) for run in runs]
    medians = {name: median(one[name] for one in found) for name in found[0]}
    return {**medians, "amis": [one["ami"] for one in found]}


def stability(
    whole: NDArray[np.int32], parts: Sequence[NDArray[np.int64]], found: Sequence[NDArray[np.int32]]
) -> dict[str, object]:
    """AMI and ARI between the whole's topics and each part's, over the part's rows; noise counted as one cluster."""
    pairs = [agreement(again, whole[rows].tolist()) for rows, again in zip(parts, found, strict=True)]
    return {
        "ari_mean": round(mean(pair["ari"] for pair in pairs), 4),
        "ari_least": min(pair["ari"] for pair in pairs),
        "ami_mean": round(mean(pair["ami"] for pair in pairs), 4),
        "ami_least": min(pair["ami"] for pair in pairs),
        "topics": [int(labels.max(initial=-1)) + 1 for labels in (whole, *found)],
    }


def measure(given: argparse.Namespace) -> dict[str, dict[str, object]]:
    """The figures of each side."""
    data = read(given)
    every = np.arange(len(data.texts))
    parts = samples(len(data.texts), given.samples) if given.command == "stability" else []
    python = None if given.no_peer else environment.python_of("bertopic", given.peer_venv)
    told: dict[str, dict[str, object]] = {}
    if given.command == "quality":
        ours = [topics_of(data.texts, data.matrix, 42 + run)[0] for run in range(given.runs)]
        told["ours"] = quality(ours, data.labels)
    else:
        ours = [topics_of([data.texts[row] for row in rows], data.matrix[rows])[0] for rows in [every, *parts]]
        told["ours"] = stability(ours[0], parts, ours[1:])
    print(f"{'ours':<10}" + json.dumps(told["ours"]), flush=True)
    if python is not None and given.command == "quality":
        many = int(median(int(labels.max(initial=-1)) + 1 for labels in ours))
        told["leiden"] = quality(leiden(data, max(1, many), given.runs), data.labels)
        print(f"{'leiden':<10}" + json.dumps(told["leiden"]), flush=True)
    if python is not None:
        fits = [every] * given.runs if given.command == "quality" else [every, *parts]
        theirs = peer(data, fits, python, given.language)
        told["bertopic"] = (
            quality(theirs, data.labels) if given.command == "quality" else stability(theirs[0], parts, theirs[1:])
        )
        print(f"{'bertopic':<10}" + json.dumps(told["bertopic"]), flush=True)
    return told


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure and print; returns the exit code."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("command", choices=("quality", "stability"))
    parser.add_argument("files", type=Path, nargs="+", metavar="FILE")
    parser.add_argument("--text", required=True)
    parser.add_argument("--label", required=True)
    parser.add_argument("--without", default="", help="leave out rows of this label")
    parser.add_argument("--rows", type=int, help="a random sample of so many, the same each time")
    parser.add_argument("--embedder", default="bundled")
    parser.add_argument("--vectors", type=Path, help="one row for each labelled review that takes part")
    parser.add_argument("--language", choices=("english", "chinese", "multilingual"), default="english")
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--samples", type=int, default=5)
    parser.add_argument("--no-peer", action="store_true")
    parser.add_argument("--peer-venv", type=Path, metavar="DIR")
    given = parser.parse_args(arguments)
    try:
        print(json.dumps({"files": [file.name for file in given.files], given.command: measure(given)}))
        return 0
    except ReviewscapeError as error:
        sys.stderr.write(f"{error}\n")
        return error.exit_code


if __name__ == "__main__":
    sys.exit(main())
