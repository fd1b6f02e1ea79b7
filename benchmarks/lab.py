"""The lab's figures on any file. Each command prints one JSON object.

python -m benchmarks.lab words FILE --text C --language en|zh [--rows N] [--embedder bundled]
    Analogies: the share right for the embedder's vectors of single words, and for vectors learned from the file alone.
python -m benchmarks.lab adapt FILE --text C --label C [--model bundled] [--pairs parts|dropout] [--rows 2000]
                               [--held 500] [--tokens 128] [--rate 2e-5] [--seed 42]
    A copy of a local model adapted to the file's reviews: neighbours of one's own label among ten, agreement of groups
    with the labels (AMI, k-means), and halves that find each other, on reviews held back, before and after.
"""

from __future__ import annotations

import argparse
import os
import sys
import time
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

import numpy as np
import pandas as pd

from benchmarks.command import printed
from pipelines import embed
from pipelines.embed import embed_texts
from pipelines.lab import adapted, adapting, analogies, analogy_set, cooccurrence, held_back
from pipelines.lab.adapting import AdaptConfig
from pipelines.lab.cooccurrence import WordSpace

_FILE_WORDS = 2_000


def words(texts: Sequence[str], language: str, name: str) -> dict[str, object]:
    """The share right of each kind of vector, and of the embedder's on those that the file knows."""
    told = cooccurrence.tell(texts, [language] * len(texts))
    own = cooccurrence.learn(told)
    known = list(dict.fromkeys([*analogy_set.vocabulary(language), *told.commonest(_FILE_WORDS)]))
    model = WordSpace(tuple(known), embed_texts(embed.resolve(name).embedder, known).matrix)
    scores = {name: analogies.score(model, language)}
    if own is not None:
        both = analogies.answerable(own, language)
        scores |= {"file": analogies.score(own, language)}
        scores |= {f"{name}, those that the file knows": analogies.score(model, language, both)}
    return {
        kind: {
            **{field: value for field, value in asdict(score).items() if field != "by_kind"},
            "share": round(score.share, 4),
        }
        for kind, score in scores.items()
    }


def adapt(
    texts: Sequence[str], labels: Sequence[object], model_name: str, config: AdaptConfig, held: int
) -> dict[str, object]:
    """Adapt to `config.rows` random texts, measure on `held` others."""
    began = time.perf_counter()
    distinct = pd.DataFrame({"text": texts, "label": labels}).drop_duplicates("text")
    order = distinct.sample(frac=1.0, random_state=config.seed)
    kept, learned = order.iloc[:held], order.iloc[held : held + config.rows]
    pairs = [adapting.of_one(text, str(i), config.pairs) for i, text in enumerate(learned["text"].tolist())]
    codes = pd.factorize(kept["label"])[0].astype(np.int64)
    model = adapting.load(adapting.folder_of(model_name), config.seed)
    before, after, losses = adapted.learn(model, pairs, kept["text"].tolist(), codes, config)
    changes = {"same_label_of_10": held_back.change(before.same, after.same)}
    changes["halves_found"] = held_back.change(before.halves, after.halves)
    return {
        "learned": len(pairs),
        "held": len(kept),
        **asdict(config),
        **{
            name: None
            if one is None
            else {
                **{field: round(value, 4) for field, value in asdict(one).items()},
                "gain": round(one.gain, 4),
                "verdict": one.verdict,
            }
            for name, one in changes.items()
        },
        "ami": [[round(value, 4) for value in seen.groups] for seen in (before, after)],
        "loss": [round(float(np.mean(part)), 4) for part in (losses[:5], losses[-5:])],
        "seconds": round(time.perf_counter() - began, 1),
    }


def main(arguments: Sequence[str] | None = None) -> int:
    """Read, measure, print; returns the exit code."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    commands = parser.add_subparsers(dest="command", required=True)
    for name in ("words", "adapt"):
        command = commands.add_parser(name)
        command.add_argument("file", type=Path)
        command.add_argument("--text", required=True)
        command.add_argument("--rows", type=int)
        if name == "words":
            command.add_argument("--language", choices=("en", "zh"), required=True)
            command.add_argument("--embedder", default="bundled")
            continue
        usual = AdaptConfig()
        command.add_argument("--label", required=True)
        command.add_argument("--model", default="bundled")
        command.add_argument("--pairs", choices=("parts", "dropout"), default=usual.pairs)
        command.add_argument("--held", type=int, default=adapted.MOST_HELD)
        command.add_argument("--tokens", type=int, default=usual.max_tokens)
        command.add_argument("--rate", type=float, default=usual.rate)
        command.add_argument("--seed", type=int, default=usual.seed)
    given = parser.parse_args(arguments)
    return printed(lambda: _measure(given))


def _measure(given: argparse.Namespace) -> dict[str, object]:
    told = {"file": given.file.name, "load": round(os.getloadavg()[0], 2)}
    frame = pd.read_csv(given.file)
    if given.command == "words":
        texts = frame[given.text].dropna().astype(str)
        texts = texts.sample(given.rows, random_state=0) if given.rows else texts
        return {**told, "reviews": len(texts), **words(texts.tolist(), given.language, given.embedder)}
    frame = frame[[given.text, given.label]].dropna()
    config = AdaptConfig(
        rows=given.rows or AdaptConfig().rows,
        max_tokens=given.tokens,
        rate=given.rate,
        pairs=given.pairs,
        seed=given.seed,
    )
    return {
        **told,
        **adapt(frame[given.text].astype(str).tolist(), frame[given.label].tolist(), given.model, config, given.held),
    }


if __name__ == "__main__":
    sys.exit(main())
