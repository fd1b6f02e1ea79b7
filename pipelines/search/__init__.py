"""Search in a bundle: words (BM25) and meaning (vectors) joined, why each hit matched, and more like a review."""

from pipelines.search.engine import index_of, like, search
from pipelines.search.found import MODES, Found, How, Mode
from pipelines.search.terms import marked, query_terms

__all__ = ["MODES", "Found", "How", "Mode", "index_of", "like", "marked", "query_terms", "search"]
