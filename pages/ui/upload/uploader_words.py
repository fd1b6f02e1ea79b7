"""Streamlit's uploader says fixed English words; a style says them in the session's language."""

from __future__ import annotations

import json


def style(key: str, button: str, hint: str) -> str:
    """A <style> element for the uploader in the container `key`: its button's word and its hint."""
    button, hint = (json.dumps(word, ensure_ascii=False).replace("<", "\\3c ") for word in (button, hint))
    zone = f'.st-key-{key} [data-testid="stFileUploaderDropzone"]'
    return f"""<style>
{zone} > span button p {{ font-size: 0; }}
{zone} > span button p::after {{ content: {button}; font-size: 0.875rem; }}
{zone} [data-testid="stFileUploaderDropzoneInstructions"] span {{ font-size: 0; white-space: normal; }}
{zone} [data-testid="stFileUploaderDropzoneInstructions"] span::after {{ content: {hint}; font-size: 14px; }}
</style>"""
