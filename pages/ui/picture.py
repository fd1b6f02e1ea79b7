"""The one-page picture of a report: a button that saves it, and the picture itself, drawn by the browser."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

import streamlit as st

from pages.ui.i18n import _
from pipelines.export.html import STATIC, TEMPLATE

ASSETS = Path(__file__).parent / "assets"
_SHARED = "globalThis.reviewscape ??= {}"
_CORE = ("numbers.js", "pack.js", "labels.js", "figure.js", "legend.js")


@lru_cache(maxsize=1)
def _component() -> Any:
    files = [*(STATIC / "map" / name for name in _CORE), TEMPLATE / "picture.js"]
    # Functions of its own: those of a map on the page keep what they hold.
    core = "".join(file.read_text("utf-8").replace(_SHARED, "own") for file in files)
    js = (ASSETS / "picture.js").read_text("utf-8")
    return st.components.v2.component(
        "picture", js=f"const own = {{}};\n{core}\n{js}", css=(ASSETS / "picture.css").read_text("utf-8")
    )


def picture(data: Mapping[str, Any], *, key: str, file_name: str, preview: bool) -> None:
    """The button, and with `preview` the picture below it. data: of pipelines.export.picture.picture_data."""
    facts = data["facts"]
    _component()(
        key=key,
        data={
            "facts": facts,
            "part": base64.b64encode(data["part"]).decode(),
            "name": file_name,
            "preview": preview,
            "words": {"save": _("Save one picture"), "about": facts["words"]["picture_about"], "made": _("Saved.")},
        },
    )
