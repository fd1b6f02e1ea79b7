"""Better topic names by a language model: from evidence to checked suggestions, and the layer that shows them."""

from pipelines.suggested.decisions import KINDS, layer
from pipelines.suggested.evidence import Evidence, gather
from pipelines.suggested.preview import Preview, preview
from pipelines.suggested.suggest import Suggestion, suggest

__all__ = ["KINDS", "Evidence", "Preview", "Suggestion", "gather", "layer", "preview", "suggest"]
