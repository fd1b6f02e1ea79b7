"""`offline-zh`: Chinese, Japanese, Korean and mixed files without a network.

The bundled English model reads Chinese sign by sign and badly; character n-grams carry most of the meaning here.
A third part, the English gloss of each word, has its
place first in `parts`: queries in either language will then be compared with it alone (`query_dim`).
"""

from __future__ import annotations

from pipelines.embed.bundled import BundledEmbedder
from pipelines.embed.combined import JoinedEmbedder
from pipelines.embed.lexical import LexicalEmbedder

SHARES = (0.3, 0.7)
"""Shares of bundled and lexical in the cosine.

Same-category share among ten neighbours, 3,000 Chinese reviews of ten product categories: bundled alone 0.314, lexical
alone 0.605; joined 0.606 at 0.2, 0.602 at 0.3, 0.597 at 0.4, 0.586 at 0.5. The most that costs Chinese nothing (a
standard error is 0.004) is taken, since in mixed files the English reviews live by the bundled part.
"""


def offline_zh() -> JoinedEmbedder:
    """Bundled model and n-grams joined; raises UnusableInput when the bundled model is missing."""
    return JoinedEmbedder("offline-zh", [BundledEmbedder(), LexicalEmbedder()], SHARES)
