"""The embedding stage alone, in this process: `python -m benchmarks.embed_stage TEXTS.json NAME LANGUAGE CACHE`.

Prints one JSON line: "import_s" (imports), "stage_s" (opening the cache and `embed_texts`, a model's loading included),
counts, and whether torch was loaded. LANGUAGE: the code that `auto` goes by.
NAME "plain" is sentence-transformers' own `encode`, which has no cache.
"""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path
from typing import Any


def main(texts_file: Path, name: str, language: str, cache_file: Path) -> dict[str, Any]:
    """Embed the texts once and say how long it took."""
    texts: list[str] = json.loads(texts_file.read_text(encoding="utf-8"))
    started = time.perf_counter()
    counts: dict[str, int] = {}
    if name == "plain":
        from benchmarks.embedding import plain_model

        imported = time.perf_counter()
        plain_model().encode(texts)
    else:
        from pipelines.embed import VectorCache, embed_texts, resolve

        imported = time.perf_counter()
        with VectorCache(cache_file) as cache:
            counts = dict(embed_texts(resolve(name, [language]).embedder, texts, cache).counts)
    ended = time.perf_counter()
    return {
        "import_s": round(imported - started, 3),
        "stage_s": round(ended - imported, 3),
        "torch": "torch" in sys.modules,
        **counts,
    }


if __name__ == "__main__":
    print(json.dumps(main(Path(sys.argv[1]), sys.argv[2], sys.argv[3], Path(sys.argv[4]))))
