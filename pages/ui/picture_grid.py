"""Pictures side by side, each a button; names and texts beside them only ever become text."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import streamlit as st

ASSETS = Path(__file__).parent / "assets"


@dataclass(frozen=True)
class Tile:
    """id: what is returned on a press. source: the picture's address. told: its review, read out and as a tip."""

    id: int
    source: str
    told: str
    caption: str = ""


@lru_cache(maxsize=1)
def _component() -> Any:
    return st.components.v2.component(
        "picture_grid",
        js=(ASSETS / "picture_grid.js").read_text("utf-8"),
        css=(ASSETS / "picture_grid.css").read_text("utf-8"),
    )


def grid(tiles: Sequence[Tile], *, key: str) -> int | None:
    """Draw the tiles in their order; the id of the one that was pressed, once."""
    result = _component()(key=key, data={"tiles": [asdict(tile) for tile in tiles]}, on_opened_change=_nothing)
    opened = getattr(result, "opened", None)
    return int(opened) if opened is not None else None


def _nothing() -> None:
    """An event's name is known to Streamlit only by a callback."""
