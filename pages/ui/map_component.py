"""What every component of the map shares: its scripts, served by this server and never kept when they are old."""

from __future__ import annotations

import hashlib
from functools import lru_cache
from pathlib import Path

import streamlit as st

STATIC = Path(__file__).resolve().parents[2] / "static"
PLOTLY = "plotly-strict-4.1.1.min.js"


@lru_cache(maxsize=1)
def _version() -> str:
    """Changes with any file of the map, so that no browser keeps an old one."""
    files = sorted((STATIC / "map").iterdir())
    return hashlib.sha256(b"".join(file.read_bytes() for file in files)).hexdigest()[:12]


def loader(function: str) -> str:
    """A component's script that hands over to `function` of static/map/component.js."""
    base = str(st.get_option("server.baseUrlPath") or "").strip("/")
    address = f"/{base}/app/static/map/component.js".replace("//", "/") + f"?v={_version()}&plotly={PLOTLY}"
    # A component's script runs from a blob: address, which cannot import by a relative one.
    return (
        "export default async function (component) {\n"
        f'  const map = await import(new URL("{address}", document.baseURI).href);\n'
        f"  return map.{function}(component);\n"
        "}\n"
    )


carry = st.components.v2.component("reviewscape_part", js=loader("part"), isolate_styles=False)
"""Draws nothing; carries a part to the browser."""


def nothing() -> None:
    """An event's name is known to Streamlit only by a callback."""
