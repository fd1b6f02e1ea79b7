"""`offline-zh`: Chinese, Japanese, Korean and mixed files without a network.

Two parts: what the words mean (the English gloss of the text, read by the bundled model) and what it is made of
(character n-grams). The gloss part comes first: a query in either language is compared with it alone (`query_dim`).
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from pipelines.embed.base import Embedder, State
from pipelines.embed.combined import JoinedEmbedder
from pipelines.embed.gloss import GlossEmbedder
from pipelines.embed.lexical import LexicalEmbedder
from pipelines.errors import N_, DamagedBundle
from pipelines.types import FloatArray

SHARES = (0.65, 0.35)
"""Shares of gloss and lexical in the cosine.

Same-category share among ten neighbours, 3,000 Chinese reviews of ten product categories: gloss alone 0.700, lexical
alone 0.618; joined 0.730 at 0.5, 0.734 at 0.6, 0.730 at 0.7, 0.722 at 0.8. Our own hotel reviews (nine themes): 0.645,
0.668, 0.674, 0.673; between the two. With the raw text in place of its gloss, at its best share: 0.617 and 0.400.

A third part, the mean of the words' glosses (offline_zh_draft), at 0.5 + 0.35 + 0.15: categories of six samples of
1,500 -0.002 to +0.003, mean 0.001; hotel themes -0.004; praise or complaint of delivery reviews +0.010. For 384 more
columns and a table of words it tells themes no better: its weight is 0. Added at 0.3 to the gloss's own vector, with no
more columns, one sample each: +0.004, +0.002, +0.002; not worth the table either.
"""
FEW = 20
"""So many texts at nothing are put beside the file's own when their mean is taken: a small file's mean says little."""

_CENTRE = "gloss_centre"


class OfflineChineseEmbedder(JoinedEmbedder):
    """Gloss and n-grams joined; raises UnusableInput when the bundled model or the dictionary is missing.

    What all glosses of a file have in common (it is about hotels) is taken from each, from a query too (the mean of Mu
    & Viswanath 2018, "All-but-the-top").
    """

    def __init__(
        self, parts: Sequence[Embedder] | None = None, *, name: str = "offline-zh", shares: Sequence[float] = SHARES
    ) -> None:
        super().__init__(name, parts or [GlossEmbedder(), LexicalEmbedder()], shares)
        self._centre: FloatArray | None = None

    @property
    def query_dim(self) -> int:
        """The gloss part."""
        return self.parts[0].dim

    def settle(self, matrices: Sequence[FloatArray]) -> dict[str, np.ndarray]:
        """See CombinedEmbedder: the mean of the glosses' vectors."""
        glosses = matrices[0][~_silent(matrices[0])]
        total: np.ndarray = glosses.sum(axis=0, dtype=np.float64)
        centre: FloatArray = (total / (len(glosses) + FEW)).astype(np.float32)
        self._centre = centre
        return {_CENTRE: centre}

    def restore(self, state: State) -> None:
        """See KeptEmbedder; raises DamagedBundle when an array is missing or does not fit."""
        super().restore(state)
        centre = state.get(_CENTRE)
        if centre is None or centre.shape != (self.query_dim,):
            raise DamagedBundle(
                N_("The bundle's state does not fit its embedder “{name}”. Run the analysis again."), name=self.name
            )
        self._centre = np.asarray(centre, np.float32)

    def combine(self, matrices: Sequence[FloatArray]) -> FloatArray:
        """See JoinedEmbedder."""
        glosses, lexical = matrices
        centred = glosses if self._centre is None else glosses - self._centre
        return super().combine([np.where(_silent(glosses)[:, np.newaxis], np.float32(0), centred), lexical])


def _silent(glosses: FloatArray) -> np.ndarray:
    """(n,) which rows say nothing: zeros, or the first axis that `base.direct` puts for them."""
    silent: np.ndarray = ~np.any(glosses[:, 1:], axis=1)
    return silent
