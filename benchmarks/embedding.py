"""How fast texts become vectors, and whether their neighbours stay: each arithmetic, the draft, and plain `encode`.

`python -m benchmarks.embedding FILE… [--text C] [--rows N] [--repeat 3] [--no-bf16] [--warm]`: the sides take turns in
one process, round by round. Imports, loading and a first batch of each are outside these times; what a fresh process
takes to its first vector is a line of its own, and so is what the draft learns. Slow sides read evenly spaced texts up
to a number of tokens; speeds are compared by the token. Tables, then one JSON line a file.
"""

from __future__ import annotations

import argparse
import contextlib
import gc
import json
import os
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np

from benchmarks.measure import measure
from benchmarks.rounds import REPOSITORY
from benchmarks.speed import BUSY, Texts, machine, read_texts
from pipelines import settings
from pipelines.embed import arithmetic, embed_texts, resolve
from pipelines.embed.base import normalise
from pipelines.errors import Cancelled, ReviewscapeError
from pipelines.neighbors import NeighborConfig, build_graph
from pipelines.types import FloatArray, IntArray

PLAIN = "plain encode"
NEIGHBOURS = 10
SLOW, SLOW_TOKENS = (PLAIN, "torch-fp32"), 60_000
"""Sides that read so many tokens a round at most: some ten seconds on two cores."""
MODEL_TOKENS = 120_000
"""The same for the other sides that run the model; the draft reads everything."""
_WARM_UP_TEXTS = 64


@dataclass
class Side:
    """One of what is compared. encode: texts → (n, dim). start_s: loading, self-test and the first batch.

    places: (n,) which of all texts it reads, rising. tokens: those of them. vectors: (n, dim) of the last round.
    """

    name: str
    how: str
    encode: Callable[[list[str]], FloatArray]
    start_s: float = 0.0
    seconds: list[float] = field(default_factory=list)
    vectors: FloatArray | None = None
    places: IntArray = field(default_factory=lambda: np.zeros(0, np.int64))
    tokens: int = 0


def plain_model() -> Any:
    """sentence-transformers with its own defaults (fp32, 32 texts a batch), reading as many tokens as ours."""
    from sentence_transformers import SentenceTransformer
    from transformers.utils import logging as transformers_logging

    from pipelines.embed.bundled import model_folder

    transformers_logging.disable_progress_bar()
    model = SentenceTransformer(str(model_folder()), device="cpu")
    model.max_seq_length = settings.get_int("embed_max_tokens")
    return model


def sides(*, bf16: bool) -> list[Side]:
    """Plain `encode`, each arithmetic that this machine has, and what `auto` takes; each ready to go."""
    started = time.perf_counter()
    plain = plain_model()
    found = [Side(PLAIN, "sentence-transformers, fp32", lambda texts: np.asarray(plain.encode(texts)))]
    _warm(found[-1], started)
    for name in ("torch-fp32", "torch-bf16", "fp32", "bf16", "auto"):
        if bf16 or "bf16" not in name:
            found.append(_ours(name if bf16 or name != "auto" else "fp32", name))
    return found


def _ours(arithmetic_name: str, name: str) -> Side:
    """The bundled model, as an analysis does it, planning included, without a cache."""
    from pipelines.embed.bundled import BundledEmbedder

    started = time.perf_counter()
    embedder = BundledEmbedder(arithmetic_name=arithmetic_name)
    side = Side(name, embedder.decision.candidate, lambda texts: embed_texts(embedder, texts).matrix)
    _warm(side, started)
    return side


def _warm(side: Side, started: float) -> None:
    side.encode([f"a first text of {'many ' * (i % 40)}words" for i in range(_WARM_UP_TEXTS)])
    side.start_s = time.perf_counter() - started
    print(f"{side.name}: ready after {side.start_s:.1f} s", flush=True)


def draft_side(texts: list[str]) -> Side:
    """The draft, with what it learns of the texts learned: that is its start_s."""
    from pipelines.embed.static import LEARNED_FROM, StaticEmbedder

    started = time.perf_counter()
    embedder = resolve("bundled", draft=True).embedder
    assert isinstance(embedder, StaticEmbedder)
    embedder.prepare(texts)
    state = embedder.fit(texts)
    took = time.perf_counter() - started
    print(f"draft: ready after {took:.1f} s; the model read {min(LEARNED_FROM, len(texts))} of the reviews in these")

    def encode(some: list[str]) -> FloatArray:
        # A restored one has to take the texts apart again: that belongs to its speed.
        embedder.restore(state)
        return np.concatenate([embedder.embed_documents([some[i] for i in own]) for own in embedder.plan(some)])

    return Side("draft", "static token table", encode, took)


def share_out(found: Sequence[Side], tokens: Sequence[int]) -> None:
    """Say which texts each side reads. tokens: of each text; what a slower side reads, a quicker one reads as well."""
    every = np.arange(len(tokens))
    counted = np.asarray(tokens, np.int64)
    some = _evenly(every, counted, MODEL_TOKENS)
    few = _evenly(some, counted, SLOW_TOKENS)
    for side in found:
        side.places = few if side.name in SLOW else every if side.name == "draft" else some
        side.tokens = int(counted[side.places].sum())


def _evenly(places: IntArray, tokens: IntArray, most: int) -> IntArray:
    """So many of the places, evenly spaced, that they hold about `most` tokens; all where they hold fewer."""
    wanted = round(len(places) * min(1.0, most / max(1, tokens[places].sum())))
    return places[np.linspace(0, len(places) - 1, max(1, wanted)).round().astype(int)]


def take_turns(found: Sequence[Side], texts: list[str], repeat: int) -> None:
    """Let each side encode its texts, `repeat` times in turn; fills their seconds and vectors."""
    for number in range(1, repeat + 1):
        for side in found:
            own = [texts[i] for i in side.places]
            gc.collect()
            started = time.perf_counter()
            vectors = side.encode(own)
            side.seconds.append(time.perf_counter() - started)
            side.vectors = normalise(vectors)
            print(f"{side.name} {number}/{repeat}: {len(own) / side.seconds[-1]:,.0f} texts/s", flush=True)


def fidelity(matrix: FloatArray, reference: FloatArray, k: int = NEIGHBOURS) -> float:
    """The share of each text's k nearest (cosine, exact) in `reference` that are among its k nearest in `matrix`."""
    ours, theirs = (build_graph(rows, NeighborConfig(k)).indices for rows in (matrix, reference))
    if not ours.size:
        return 1.0
    # Rows without repeats: an index is shared where it stands twice in both together.
    both = np.sort(np.concatenate([ours, theirs], axis=1), axis=1)
    return float((both[:, 1:] == both[:, :-1]).sum() / ours.size)


def compare(found: Sequence[Side]) -> dict[str, dict[str, Any]]:
    """Figures of each side: medians, and ratios to plain `encode` by the token, with the least and most of any round.

    Neighbours are those among the texts that plain `encode` read.
    """
    plain = found[0]
    assert plain.vectors is not None
    told = {}
    for side in found:
        assert side.vectors is not None
        size = side.tokens / plain.tokens
        rounds = [size * theirs / own for theirs, own in zip(plain.seconds, side.seconds, strict=True)]
        seconds = median(side.seconds)
        same = side.vectors[np.searchsorted(side.places, plain.places)]
        told[side.name] = {
            "how": side.how,
            "texts": len(side.places),
            "texts_per_s": round(len(side.places) / seconds, 1),
            "tokens_per_s": round(side.tokens / seconds, 1),
            "times_plain": round(size * median(plain.seconds) / seconds, 2),
            "least": round(min(rounds), 2),
            "most": round(max(rounds), 2),
            "neighbours_kept": round(fidelity(same, plain.vectors), 4),
            "start_s": round(side.start_s, 2),
        }
    return told


def _count_tokens(texts: list[str]) -> list[int]:
    """Tokens that the model reads of each text."""
    from tokenizers import Tokenizer

    from pipelines.embed.bundled import model_folder

    tokenizer = Tokenizer.from_file(str(model_folder() / "tokenizer.json"))
    tokenizer.enable_truncation(max_length=settings.get_int("embed_max_tokens"))
    tokenizer.no_padding()
    return [len(encoding.ids) for encoding in tokenizer.encode_batch_fast(texts)]


def in_fresh_process(name: str, texts: list[str], folder: Path, language: str = "en") -> dict[str, Any]:
    """`benchmarks.embed_stage` in a process of its own, with the state kept in `folder`; adds its wall seconds."""
    listed = folder / "texts.json"
    listed.write_text(json.dumps(texts), encoding="utf-8")
    env = {**os.environ, "REVIEWSCAPE_HOME": str(folder / "home"), "HF_HUB_OFFLINE": "1"}
    cache = str(folder / "vectors.db")
    command = [sys.executable, "-m", "benchmarks.embed_stage", str(listed), name, language, cache]
    measured = measure(command, env=env, cwd=REPOSITORY)
    return {"wall_s": round(measured.wall_s, 2), **json.loads(measured.stdout.splitlines()[-1])}


def start_up() -> dict[str, dict[str, Any]]:
    """From the start of a process to its first vector: ours on a new computer, ours later, plain `encode`."""
    with tempfile.TemporaryDirectory(prefix="reviewscape-embedding-") as name:
        folder = Path(name)
        told = {"ours, first time": in_fresh_process("bundled", ["a first text"], folder)}
        told["ours, later"] = in_fresh_process("bundled", ["another text"], folder)
        told[PLAIN] = in_fresh_process("plain", ["a first text"], folder)
    return told


def second_run(texts: list[str], language: str) -> dict[str, dict[str, Any]]:
    """The embedding stage of a file twice, each in a fresh process, with one cache; `auto` by the language's code."""
    with tempfile.TemporaryDirectory(prefix="reviewscape-embedding-") as name:
        return {run: in_fresh_process("auto", texts, Path(name), language) for run in ("first run", "second run")}


def sample(texts: Sequence[str], rows: int | None) -> list[str]:
    """Distinct texts, or `rows` of them at random (the same each time), in their order."""
    distinct = list(dict.fromkeys(texts))
    if rows is None or rows >= len(distinct):
        return distinct
    chosen = np.random.default_rng(0).choice(len(distinct), rows, replace=False)
    return [distinct[i] for i in np.sort(chosen)]


def _print_table(told: dict[str, dict[str, Any]]) -> None:
    titles = ("", "computed in", "texts", "texts/s", "tokens/s", "× plain (least–most)", "neighbours", "start s")
    rows = [
        (
            name,
            entry["how"],
            f"{entry['texts']:,}",
            f"{entry['texts_per_s']:,.0f}",
            f"{entry['tokens_per_s']:,.0f}",
            f"{entry['times_plain']:.2f} ({entry['least']:.2f}–{entry['most']:.2f})",
            f"{entry['neighbours_kept']:.4f}",
            f"{entry['start_s']:.1f}",
        )
        for name, entry in told.items()
    ]
    widths = [max(map(len, column)) for column in zip(titles, *rows, strict=True)]
    for row in (titles, *rows):
        print("  ".join(cell.ljust(w) if i < 2 else cell.rjust(w) for i, (cell, w) in enumerate(zip(row, widths))))  # noqa: B905


def _arguments(argv: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.embedding", description=__doc__.splitlines()[0])
    parser.add_argument("files", type=Path, metavar="FILE", nargs="+")
    parser.add_argument("--text", metavar="C", help="the column that holds the review text (default: guessed)")
    parser.add_argument("--rows", type=int, metavar="N", help="take N distinct texts at random (default: all)")
    parser.add_argument("--repeat", type=int, default=3, metavar="N", help="rounds (default: 3)")
    parser.add_argument("--no-bf16", action="store_true", help="as on a processor without bf16")
    parser.add_argument("--warm", action="store_true", help="instead: the same file a second time, out of the cache")
    args = parser.parse_args(argv)
    for name in ("rows", "repeat"):
        value = getattr(args, name)
        if value is not None and value < 1:
            parser.error(f"--{name} must be at least 1, not {value}")
    for file in args.files:
        if not file.is_file():
            parser.error(f"there is no file {file}")
    return args


def main(argv: Sequence[str] | None = None) -> int:
    """Measure and print; returns the exit code."""
    args = _arguments(argv)
    changed = {"REVIEWSCAPE_ARITHMETIC": "fp32"} if args.no_bf16 else {}
    try:
        with _environment(changed):
            return _measure_files(args)
    except KeyboardInterrupt:
        return Cancelled.exit_code
    except ReviewscapeError as error:
        sys.stderr.write(f"{error}\n")
        return error.exit_code


@contextlib.contextmanager
def _environment(changed: Mapping[str, str]) -> Iterator[None]:
    """Variables set for a while, for the processes started meanwhile too."""
    before = dict(os.environ)
    os.environ.update(changed)
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)


def _measure_files(args: argparse.Namespace) -> int:
    where = machine(settings.get_int("threads") or machine(0)["cores"])
    print(f"{where['cpu']}, {where['cores']} cores, Python {where['python']}, load {where['load']}")
    if where["load"] > BUSY * where["cores"]:
        print("note: other programs are using this machine: speeds are no result, ratios a rough one")
    for file in args.files:
        read = read_texts(file, args.text)
        print(f"\n{file.name}: {read.rows:,} rows, {len(read.kept):,} reviews in “{read.column}”")
        result = {"file": file.name, "machine": where}
        result |= _warm_run(read, args) if args.warm else _speed_run(sample(read.kept, args.rows), args)
        print(json.dumps(result, ensure_ascii=False))
    return 0


def _warm_run(read: Texts, args: argparse.Namespace) -> dict[str, Any]:
    told = second_run(read.kept[: args.rows], {"english": "en", "chinese": "zh"}.get(read.language, ""))
    for name, entry in told.items():
        print(
            f"{name}: embedding stage {entry['stage_s']:.2f} s, {entry['embedded']:,} texts embedded, "
            f"{entry['cached']:,} from the cache; torch loaded: {entry['torch']}"
        )
    return told


def _speed_run(texts: list[str], args: argparse.Namespace) -> dict[str, Any]:
    tokens = _count_tokens(texts)
    print(f"{len(texts):,} distinct texts, {sum(tokens):,} tokens; {args.repeat} rounds, each side in turn")
    # A fresh state folder: conversion, self-tests and the draft's table are made once in it, and that time is told.
    with (
        tempfile.TemporaryDirectory(prefix="reviewscape-embedding-") as home,
        _environment({"REVIEWSCAPE_HOME": home}),
    ):
        found = [*sides(bf16=arithmetic.native_bf16() and not args.no_bf16), draft_side(texts)]
        share_out(found, tokens)
        take_turns(found, texts, args.repeat)
    told = compare(found)
    started = start_up()
    print()
    _print_table(told)
    read = len(found[0].places)
    if read < len(texts):
        print(
            f"× plain is by the token: {', '.join(SLOW)} read evenly spaced texts up to {SLOW_TOKENS:,} tokens a round,"
        )
        print(f"other models up to {MODEL_TOKENS:,}; neighbours are those among the {read:,} texts of {PLAIN}")
    print("start s, outside the speeds: loading, an arithmetic's conversion and self-test, a first batch; of the draft")
    print(f"what it learns (its line above): with that it is {_with_start(told['draft']):.1f} × {PLAIN}")
    for name, entry in started.items():
        print(f"fresh process to its first vector, {name}: {entry['wall_s']:.1f} s")
    return {"texts": len(texts), "tokens": sum(tokens), "rounds": args.repeat, "sides": told, "start_up": started}


def _with_start(draft: Mapping[str, Any]) -> float:
    """How many times as fast as plain `encode` the draft of these very texts is, what it learns included."""
    seconds = draft["start_s"] + draft["texts"] / draft["texts_per_s"]
    alone = draft["times_plain"] * draft["texts"] / draft["texts_per_s"]
    return float(alone / seconds)


if __name__ == "__main__":
    sys.exit(main())
