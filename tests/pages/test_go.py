"""Leaving a page: a run that is cut short before the link is drawn is made good by the next one."""

from __future__ import annotations

from streamlit.testing.v1 import AppTest

APP = """
import streamlit as st
from pages.ui import go

go.resume(st.session_state.get("page", "open"))
done = st.session_state.setdefault("done", [])


def before():
    done.append("before")
    if len(done) == 1:
        st.rerun()  # as if another request came now


if st.button("leave"):
    go.to("https://example.invalid/there", before)
st.write("still here")
"""


def test_a_run_cut_short_is_made_good_by_the_next():
    app = AppTest.from_string(APP).run()
    app.button[0].click().run()
    assert app.session_state["done"] == ["before", "before"]
    assert not app.exception
    assert not app.markdown


def test_another_page_forgets_where_the_last_one_was_going():
    app = AppTest.from_string(APP).run()
    app.button[0].click().run()
    app.session_state["page"] = "map"
    app.run()
    assert [block.value for block in app.markdown] == ["still here"]
    app.session_state["page"] = "open"
    app.run()
    assert [block.value for block in app.markdown] == ["still here"]


def test_the_link_stands_where_no_part_of_the_page_is_drawn_over_it():
    app = AppTest.from_string(APP).run()
    app.button[0].click().run()
    first = app.main.children[0]
    assert [element.type for element in first.children.values()] == ["page_link", "html"]
