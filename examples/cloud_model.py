"""The cloud's way: reviews as vectors by DashScope's text-embedding-v4, under LangChain's own `Embeddings` methods.

    DASHSCOPE_API_KEY=… .venv/bin/python -m examples.cloud_model

Beneath it is our registry's embedder: small batches, patience with the provider, every answer checked, one refused
text set apart from the others. The texts below are sent, and cost a few tokens.
"""

from pipelines.adapters import ReviewscapeEmbeddings

REVIEWS = ["The courier left my parcel in the rain.", "快递员态度很好,送货上门。", "The battery lasts two days."]
QUESTION = "物流怎么样?"


def main() -> None:
    """Print each review with how alike it is to the question in meaning."""
    embeddings = ReviewscapeEmbeddings("dashscope:text-embedding-v4", dim=256, allow_paid=True)
    question = embeddings.embed_query(QUESTION)
    for review, vector in zip(REVIEWS, embeddings.embed_documents(REVIEWS), strict=True):
        alike = sum(a * b for a, b in zip(question, vector, strict=True))
        print(f"{alike:+.2f}  {review}")


if __name__ == "__main__":
    main()
