"""The local way: the same by Ollama's qwen3-embedding on this computer, which costs nothing and sends nothing away.

    ollama pull qwen3-embedding:0.6b
    .venv/bin/python -m examples.local_model

Where neither a key nor a server is there, "bundled" (English) and "gloss" (Chinese and English) work without either.
"""

import sys

from pipelines.adapters import ReviewscapeEmbeddings

REVIEWS = ["The courier left my parcel in the rain.", "快递员态度很好,送货上门。", "The battery lasts two days."]
QUESTION = "物流怎么样?"


def main(name: str = "ollama:qwen3-embedding:0.6b") -> None:
    """Print each review with how alike it is to the question in meaning."""
    embeddings = ReviewscapeEmbeddings(name)
    question = embeddings.embed_query(QUESTION)
    for review, vector in zip(REVIEWS, embeddings.embed_documents(REVIEWS), strict=True):
        alike = sum(a * b for a, b in zip(question, vector, strict=True))
        print(f"{alike:+.2f}  {review}")


if __name__ == "__main__":
    main(*sys.argv[1:2])
