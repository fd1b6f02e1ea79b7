"""In a real browser: a table's toolbar searches and has no download."""

from __future__ import annotations

OURS = """
import pandas as pd
from pages.ui.table import table
table(pd.DataFrame({"review": ["=1+1", "fine", "@you"], "n": [3, 1, 2]}), key="t")
"""
RAW = OURS.replace("from pages.ui.table import table", "from streamlit import dataframe as table")
ALLOWED = {"STREAMLIT_CLIENT_DISABLE_DATA_EXPORT": "false"}


def toolbar(page, address: str) -> list[str]:
    page.goto(address)
    page.wait_for_selector("[data-testid=stDataFrame]")
    page.hover("[data-testid=stDataFrame]")
    page.wait_for_selector("[data-testid=stElementToolbar]", state="attached")
    return page.eval_on_selector_all(
        "[data-testid=stElementToolbar] button", "found => found.map(b => b.getAttribute('aria-label') || b.innerText)"
    )


def test_the_toolbar_searches_and_does_not_download(page, start_app, tmp_path):
    script = tmp_path / "ours.py"
    script.write_text(OURS, encoding="utf-8")
    labels = toolbar(page, start_app(tmp_path / "home", script))
    assert any("earch" in label for label in labels)
    assert not [label for label in labels if "ownload" in label]


def test_without_the_setting_the_download_would_be_there(page, start_app, tmp_path):
    script = tmp_path / "raw.py"
    script.write_text(RAW, encoding="utf-8")
    labels = toolbar(page, start_app(tmp_path / "home", script, env=ALLOWED))
    assert [label for label in labels if "ownload" in label]
