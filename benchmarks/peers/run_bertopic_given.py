"""BERTopic at its defaults on given vectors: `python run_bertopic_given.py TEXTS.json VECTORS.npy OUT --language L`.

--rows FILE.npy … : one fit for each file of row numbers instead of one on all. --picture: also the picture as
BERTopic's documentation advises (UMAP to two dimensions, then `visualize_documents`), written as HTML.

Runs in the peer's own environment and imports nothing of this project. No seed is set, as by default. OUT receives
topics_0.npy, topics_1.npy … in the order of the fits. The last line of stdout is one JSON object.
"""

from __future__ import annotations

import argparse
import json
import time
from pathlib import Path

from run_bertopic import Stopwatch, _options


def main() -> None:
    """Read texts and vectors, fit, write topics, print seconds."""
    parser = argparse.ArgumentParser(description="BERTopic at its defaults on given vectors.")
    parser.add_argument("texts", type=Path, help="a JSON list of texts")
    parser.add_argument("vectors", type=Path, help="a row for each text")
    parser.add_argument("out", type=Path, help="the folder to write to")
    parser.add_argument("--language", choices=("english", "chinese", "multilingual"), default="english")
    parser.add_argument("--rows", type=Path, nargs="*", default=[])
    parser.add_argument("--picture", action="store_true")
    args = parser.parse_args()
    watch = Stopwatch()
    began = time.process_time()
    import numpy as np

    texts = json.loads(args.texts.read_text(encoding="utf-8"))
    vectors = np.load(args.vectors)
    parts = [np.load(file) for file in args.rows] or [np.arange(len(texts))]
    args.out.mkdir(parents=True, exist_ok=True)
    watch.lap("reading")
    from bertopic import BERTopic
    from umap import UMAP

    watch.lap("imports")
    for number, rows in enumerate(parts):
        model = BERTopic(**_options(args.language))
        topics, _ = model.fit_transform([texts[row] for row in rows], vectors[rows])
        np.save(args.out / f"topics_{number}.npy", np.asarray(topics, dtype=np.int32))
    watch.lap("topics")
    if args.picture:
        flat = UMAP(n_neighbors=10, n_components=2, min_dist=0.0, metric="cosine").fit_transform(vectors)
        watch.lap("projection")
        figure = model.visualize_documents(texts, reduced_embeddings=flat)
        figure.write_html(str(args.out / "documents.html"))
        watch.lap("picture")
    print(json.dumps({"seconds": watch.seconds, "processor_s": round(time.process_time() - began, 2)}))


if __name__ == "__main__":
    main()
