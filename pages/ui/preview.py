"""A made page shown inside ours, in a frame whose scripts cannot reach it."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import streamlit as st

HEIGHT = 640
# Without allow-same-origin the frame has an origin of its own: st.iframe would give it ours.
_JS = """
export default function ({ data, parentElement }) {
  let frame = parentElement.querySelector("iframe");
  if (!frame) {
    frame = document.createElement("iframe");
    // A file that it offers is made in it, of what it holds already.
    frame.setAttribute("sandbox", "allow-scripts allow-downloads");
    frame.style.cssText = "width: 100%; border: 1px solid var(--st-border-color); border-radius: 8px";
    parentElement.append(frame);
  }
  frame.style.height = `${data.height}px`;
  frame.title = data.title;
  if (frame.srcdoc !== data.html) frame.srcdoc = data.html;
}
"""


@lru_cache(maxsize=1)
def _component() -> Any:
    return st.components.v2.component("preview", js=_JS)


def preview(html: str, *, key: str, title: str) -> None:
    """Show a complete HTML page."""
    _component()(key=key, data={"html": html, "title": title, "height": HEIGHT}, height=HEIGHT)
