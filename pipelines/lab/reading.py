"""Typed texts as vectors, by the embedder that read the bundle's reviews; raw ones too where it can give them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import numpy as np

from pipelines import embed
from pipelines.embed.base import normalise
from pipelines.embed.combined import CutEmbedder
from pipelines.embed.gloss import GlossEmbedder
from pipelines.embed.inprocess import LocalEmbedder
from pipelines.store.reader import Bundle
from pipelines.tracked import meaning
from pipelines.types import FloatArray

MOST_CHARS = 2_000
MOST_TEXTS = 5_000

How = Literal["here", "remote", "own", "missing"]
"""Where typed texts are read: on this computer; by the service that read the reviews; nowhere, since the vectors are
the person's own, or since the embedder cannot be had here."""


def how(bundle: Bundle) -> How:
    """Where a typed text would be read; may load the embedder to find out."""
    name = str(bundle.identity.get("name", ""))
    if name in ("", "own"):
        return "own"
    if not meaning.is_read_here(bundle):
        return "remote"
    return "here" if meaning.embedder_of(bundle) is not None else "missing"


def embedder_of(bundle: Bundle, *, send: bool = False) -> embed.Embedder | None:
    """The embedder for typed texts; None where there is none, or where they would leave this computer and may not.

    send: they may. Raises UnusableInput, DamagedBundle, MissingKey for a service's embedder.
    """
    if meaning.is_read_here(bundle):
        return meaning.embedder_of(bundle)
    if not send or how(bundle) != "remote":
        return None
    state = bundle.state("embedder") if "embedder" in bundle.state_names else {}
    return embed.restore(bundle.identity, {name: array for name, array in state.items() if name != "query_dim"})


def read(bundle: Bundle, texts: Sequence[str], *, send: bool = False) -> FloatArray | None:
    """(n, dim) rows of length 1, as reviews are read; None where nobody can or may be asked. Raises as embedder_of."""
    embedder = embedder_of(bundle, send=send)
    if embedder is None:
        return None
    wanted = [text[:MOST_CHARS] for text in texts[:MOST_TEXTS]]
    return documents(embedder, wanted)


def documents(embedder: embed.Embedder, texts: Sequence[str]) -> FloatArray:
    """(n, dim) rows of length 1, in the order of `texts`, in batches that the embedder takes."""
    distinct = list(dict.fromkeys(texts))
    if not distinct:
        return np.zeros((0, embedder.dim), np.float32)
    place = {text: i for i, text in enumerate(distinct)}
    rows: FloatArray | None = None
    for batch in embedder.plan(distinct):
        found = embedder.embed_documents([distinct[i] for i in batch])
        if rows is None:
            rows = np.zeros((len(distinct), found.shape[1]), np.float32)
        rows[batch] = found
    assert rows is not None
    return normalise(rows[[place[text] for text in texts]])


def raw(embedder: embed.Embedder, texts: Sequence[str]) -> FloatArray | None:
    """(n, d) vectors before they are scaled to length 1; None where an embedder does not give them out.

    A model whose last layer scales them itself gives rows of length 1 here too.
    """
    inner = embedder.parts[0] if isinstance(embedder, CutEmbedder) else embedder
    if not isinstance(inner, LocalEmbedder) or isinstance(inner, GlossEmbedder) or not texts:
        return None
    prompts = inner.identity().get("prompts")
    before = str(prompts.get("document", "")) if isinstance(prompts, dict) else ""
    return inner.encoder.encode([before + text[:MOST_CHARS] for text in texts])[0]
