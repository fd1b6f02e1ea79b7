"""The passages of an analysis's documents, ready to be searched: words always, meaning by the embedder that read the
reviews where it runs on this computer."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np

from pipelines import embedding, ingest, settings
from pipelines.documents import keep
from pipelines.documents.passages import Passage, split
from pipelines.embed import VectorCache
from pipelines.embed.base import Embedder, normalise
from pipelines.errors import DamagedBundle, ReviewscapeError
from pipelines.ingest import Source
from pipelines.progress import Progress, silent
from pipelines.store import catalog
from pipelines.store.history import BUNDLES
from pipelines.store.reader import Bundle
from pipelines.text import clean
from pipelines.tracked import meaning
from pipelines.types import FloatArray

_AT_ONCE = 64
_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Shelf:
    """vectors: (passages, dim) by the bundle's embedder, None where it cannot be asked. damaged: names left out."""

    passages: tuple[Passage, ...] = ()
    vectors: FloatArray | None = None
    damaged: tuple[str, ...] = ()


def shelf_of(analysis_id: str, bundle: Bundle, progress: Progress = silent) -> Shelf:
    """All passages of an analysis's documents; a damaged document is left out and named. Raises Cancelled."""
    found: list[Passage] = []
    damaged = []
    for one in keep.listed(analysis_id):
        try:
            found += keep.passages(analysis_id, one.id)
        except DamagedBundle as error:
            _log.warning("document %s: %s", one.id, type(error).__name__)
            damaged.append(one.name)
    return Shelf(tuple(found), _vectors(bundle, found, progress), tuple(damaged))


def kept_beside(bundle: Bundle, progress: Progress = silent) -> Shelf | None:
    """The documents of the analysis that a bundle lies in; None where it lies in none, or has none."""
    folder = bundle.path.parent.parent
    if folder.parent != catalog.home().absolute() or bundle.path.parent.name != BUNDLES:
        return None
    found = shelf_of(folder.name, bundle, progress)
    return found if found.passages or found.damaged else None


def shelf_of_files(files: Sequence[Path], bundle: Bundle, progress: Progress = silent) -> Shelf:
    """Passages of files that are kept nowhere; raises UnusableInput where one cannot be read."""
    found: list[Passage] = []
    for path in files:
        document = ingest.read_document(Source(path, path.name), progress)
        found += split(document.pages, path.name)
    return Shelf(tuple(found), _vectors(bundle, found, progress))


def embedder_of(bundle: Bundle) -> Embedder | None:
    """The embedder that read the bundle's reviews; None where it runs elsewhere, or there was none."""
    return meaning.embedder_of(bundle)


def encode(bundle: Bundle, texts: Sequence[str], progress: Progress = silent) -> FloatArray | None:
    """(n, dim) vectors of texts, each of length 1, comparable to the bundle's; those read before come from the cache.

    None where the embedder cannot be asked on this computer.
    """
    embedder = embedder_of(bundle)
    if embedder is None or not texts:
        return None
    try:
        cleaned = [clean(text) or "." for text in texts]
        distinct = list(dict.fromkeys(cleaned))
        with VectorCache(settings.home() / "vectors.db") as cache:
            encoder = embedding.encoder(embedder, cache)
            if encoder is None:
                return None
            parts = []
            for start in range(0, len(distinct), _AT_ONCE):
                progress("embedding", start, len(distinct))
                parts.append(encoder(distinct[start : start + _AT_ONCE]))
            progress("embedding", len(distinct), len(distinct))
    except ReviewscapeError as error:
        if error.exit_code == 130:
            raise
        _log.info("texts are compared by words alone: %s", type(error).__name__)
        return None
    place = {text: number for number, text in enumerate(distinct)}
    return normalise(np.concatenate(parts))[[place[text] for text in cleaned]]


def _vectors(bundle: Bundle, found: Sequence[Passage], progress: Progress) -> FloatArray | None:
    return _kept(meaning.reader_of(bundle), tuple(one.read_as for one in found), _Asked(bundle, progress))


class _Asked:
    """What is needed to compute, beside a cache key that says what is computed."""

    def __init__(self, bundle: Bundle, progress: Progress) -> None:
        self.bundle, self.progress = bundle, progress

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Asked)

    def __hash__(self) -> int:
        return 0


@lru_cache(maxsize=8)
def _kept(reader: str, texts: tuple[str, ...], asked: _Asked) -> FloatArray | None:
    return encode(asked.bundle, texts, asked.progress) if texts else None
