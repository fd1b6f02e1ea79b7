"""No page has a way round the export: every table on screen goes through the one helper."""

from __future__ import annotations

import re
from pathlib import Path

import streamlit as st
from streamlit.testing.v1 import AppTest

from pages.ui.table import SETTING

ROOT = Path(__file__).resolve().parents[2]
RAW = re.compile(r"\b(?:st|left|right|middle|column|tab|container)\.(?:dataframe|data_editor|table)\(")


def test_no_page_calls_streamlits_table_directly():
    callers = {
        path.relative_to(ROOT).as_posix()
        for path in [ROOT / "app.py", *(ROOT / "pages").rglob("*.py")]
        if RAW.search(path.read_text(encoding="utf-8"))
    }
    assert callers == {"pages/ui/table.py"}


def test_the_projects_settings_take_the_download_away():
    settings = (ROOT / ".streamlit" / "config.toml").read_text(encoding="utf-8")
    assert re.search(r"^disableDataExport = true$", settings, re.MULTILINE)


def test_a_server_with_other_settings_gets_it_back():
    def page():
        import pandas as pd

        from pages.ui.table import table

        table(pd.DataFrame({"a": ["=1"]}), key="t")

    st.set_option(SETTING, False)
    try:
        app = AppTest.from_function(page).run()
        assert not app.exception
        assert app.dataframe[0].value["a"].tolist() == ["=1"]
        assert st.get_option(SETTING) is True
    finally:
        st.set_option(SETTING, True)
