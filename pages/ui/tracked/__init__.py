"""Topics that a person tracks: the block on the Overview, and the door to it from a selection on the map."""

from pages.ui.tracked.block import show
from pages.ui.tracked.names import colour_name, filter_label
from pages.ui.tracked.selected import make_from

__all__ = ["colour_name", "filter_label", "make_from", "show"]
