"""A bundle as a LangChain retriever: the search of the dashboard, by words and by meaning together."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from langchain_core.callbacks import CallbackManagerForRetrieverRun
from langchain_core.documents import Document
from langchain_core.retrievers import BaseRetriever
from pydantic import ConfigDict, Field, PrivateAttr

from pipelines import search
from pipelines.adapters.documents import Documents
from pipelines.store.reader import Bundle, open_bundle


class BundleRetriever(BaseRetriever):
    """The k reviews that best hold or mean a question, best first (pipelines.search).

    mode: one of search.MODES. filter: metadata that a review must have, as BundleStore's. Beside its metadata each
    document has "found": {"score", "clear": whether it holds or clearly means what was asked, and is not only
    among the nearest}. Nothing is sent: where a provider read the reviews, words alone are looked for, and
    mode="vectors" raises UnusableInput.
    """

    model_config = ConfigDict(arbitrary_types_allowed=True)

    bundle: Bundle
    k: int = Field(default=4, ge=1)
    mode: search.Mode = "fused"
    filter: Mapping[str, object] | None = None
    _documents: Documents = PrivateAttr()

    @classmethod
    def open(cls, folder: str | Path, **options: Any) -> BundleRetriever:
        """The bundle in a folder; options: k, mode, filter. Raises DamagedBundle."""
        return cls(bundle=open_bundle(folder), **options)

    def model_post_init(self, _context: Any, /) -> None:
        """See pydantic."""
        self._documents = Documents(self.bundle)

    def _get_relevant_documents(
        self, query: str, *, run_manager: CallbackManagerForRetrieverRun, k: int | None = None, **kwargs: Any
    ) -> list[Document]:
        allowed = None if self.filter is None else self._documents.equal(self.filter)
        found = search.search(self.bundle, query, mode=self.mode, allowed=allowed, limit=k or self.k)
        documents = []
        for position, score, is_clear in zip(
            found.positions.tolist(), found.score.tolist(), found.clear.tolist(), strict=True
        ):
            document = self._documents.at(position)
            document.metadata["found"] = {"score": score, "clear": is_clear}
            documents.append(document)
        return documents
