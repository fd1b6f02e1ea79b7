from __future__ import annotations

import io
import json

import pandas as pd
import pytest

from pages.ui import map_table
from tests.pages.conftest import N, assert_good, words


def see(app, part: str):
    app.segmented_control(key="map_selected_part").set_value(part).run()
    assert_good(app)
    return app


@pytest.mark.parametrize(("language", "said"), [("en", "of the 120 reviews in sight"), ("zh", "120")])
def test_a_selection_is_told_beside_all_others(start, language, said):
    app = start("map", s="20-59", language=language)
    assert_good(app)
    assert said in words(app)
    assert "n 40" in words(app)
    assert "n 80" in words(app)


def test_its_topics_and_a_door_through_each(start):
    app = see(start("map", s="20-59"), "topics")
    table = app.dataframe[0].value
    assert set(table.columns) == {"topic", "a", "share", "rest", "sure"}
    assert table["a"].sum() <= 40


def test_words_and_time_of_a_selection(start):
    espresso = ".".join(str(i) for i in range(15, 95, 2))
    app = see(start("map", s=espresso), "words")
    assert "grinder" in app.dataframe[0].value["word"].tolist()
    see(app, "time")
    assert "click one to see the reviews of that time only" in words(app)


def test_a_selection_of_one_and_one_outside_the_filters(start):
    app = start("map", s="20")
    assert_good(app)
    for part in ("topics", "words", "time", "reviews"):
        see(app, part)
    none = start("map", s="20-24", f=json.dumps([["text", "contains", "no such words"]]))
    assert_good(none)
    assert "None of the selected reviews" in words(none)


def test_the_table_has_every_column_sorts_and_pages(start):
    app = start("map")
    app.toggle(key="map_table_open").set_value(True).run()
    assert_good(app)
    table = app.dataframe[-1].value
    assert len(table) == map_table.PAGE
    assert {"评论", "<b>shop</b>", "price", "topic", "sentiment"} <= {*table.columns}
    app.selectbox(key="map_table_sort").select("price").run()
    assert_good(app)
    prices = app.dataframe[-1].value["price"].astype(float)
    assert prices.is_monotonic_increasing
    app.number_input(key="map_table_at").set_value(2).run()
    assert_good(app)
    assert len(app.dataframe[-1].value) == N - map_table.PAGE


def test_the_table_keeps_to_the_selection_and_its_file_too(start):
    app = start("map", s="20-24")
    app.toggle(key="map_table_open").set_value(True).run()
    assert_good(app)
    assert len(app.dataframe[-1].value) == 5
    # What is copied is made when the button is opened.
    assert not app.code
    app.session_state["map_table_copy"] = True
    text = app.run().code[0].value
    assert text.count("\n") >= 5
    assert "13800138000" not in text


def test_copied_cells_run_no_formula():
    rows = pd.DataFrame({"=a": ['=HYPERLINK("x")', "plain\ttab", None], "n": [1.5, float("nan"), 3]})
    found = list(pd.read_csv(io.StringIO(map_table._as_text(rows)), sep="\t", dtype=str).itertuples())
    assert found[0][1].startswith("'=")
    assert found[1][1] == "plain\ttab"
