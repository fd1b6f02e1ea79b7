from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from pages.ui import compare_cells
from pipelines.compare import count, grid
from pipelines.store import library
from tests import sample_bundle
from tests.pages.conftest import N, assert_good, table_behind, words
from tests.pages.test_check_page import without_topics

SHOP = "row:<b>shop</b>"


def cell(topic: int = 1, shop: str = "north") -> str:
    return json.dumps([[SHOP, "is", shop], ["cluster", "is", topic]])


def in_pair(start, **query):
    app = start("compare", **query)
    app.segmented_control(key="compare_mode").set_value("pair").run()
    assert_good(app)
    return app


def table_of(app, key: str) -> pd.DataFrame:
    return next(frame.value for frame in app.dataframe if str(frame.key).startswith(key))


@pytest.mark.parametrize(("language", "said"), [("en", "differ"), ("zh", "比")])
def test_the_grid_comes_first(start, language, said):
    app = start("compare", language=language)
    assert_good(app)
    assert said in words(app)
    assert app.selectbox(key="compare_by").options == ["<b>shop</b>", *app.selectbox(key="compare_by").options[1:]]
    assert len(app.get("plotly_chart")) == 1
    cells = table_behind(app, "compare_grid_cells")
    assert len(cells) == 3 * 5
    points = sample_bundle.parts(N).points
    assert cells["reviews"].sum() == (points["cluster"] >= 0).sum()


@pytest.mark.parametrize("measure", ["share", "sentiment", "rating"])
@pytest.mark.parametrize("by", [SHOP, "language", "date"])
def test_every_split_and_measure_is_drawn(start, by, measure):
    app = start("compare")
    app.selectbox(key="compare_by").select(by)
    app.segmented_control(key="compare_measure").set_value(measure).run()
    assert_good(app)
    assert len(app.get("plotly_chart")) == 1


def test_stars_are_not_coloured_by_stars(start):
    app = start("compare")
    app.segmented_control(key="compare_measure").set_value("rating").run()
    app.selectbox(key="compare_by").select("rating").run()
    assert_good(app)
    assert app.segmented_control(key="compare_measure").value == "share"
    assert len(table_behind(app, "compare_grid_cells")) == 3 * 5


def test_a_cell_in_the_address_opens_its_reviews_and_leaves_the_grid_whole(start):
    app = start("compare", f=cell())
    assert_good(app)
    points, rows = sample_bundle.parts(N).points, sample_bundle.parts(N).rows
    n = int(((points["cluster"] == 1) & (rows["<b>shop</b>"] == "north")).sum())
    assert f"**north** · {sample_bundle.TOPICS[1]} · {n} reviews" in words(app).replace("\\", "")
    assert len(table_behind(app, "compare_grid_cells")) == 3 * 5


def test_other_filters_narrow_the_grid(start):
    app = start("compare", f=json.dumps([["sentiment_label", "is", "positive"]]))
    assert_good(app)
    points = sample_bundle.parts(N).points
    inside = (points["sentiment_label"] == "positive") & (points["cluster"] >= 0)
    assert table_behind(app, "compare_grid_cells")["reviews"].sum() == inside.sum()


def test_a_selection_can_be_compared_with_the_rest(start):
    app = start("compare", s="20-59")
    assert "selection" in app.selectbox(key="compare_by").options[-1].lower()
    app.selectbox(key="compare_by").select("selection").run()
    assert_good(app)
    points = sample_bundle.parts(N).points.iloc[20:60]
    assert table_behind(app, "compare_grid_cells")["reviews"].sum() == (points["cluster"] >= 0).sum()
    pair = in_pair(start, s="20-59")
    assert pair.button(key="compare_read_A").label == "40 reviews"
    assert pair.button(key="compare_read_B").label == f"{N - 40} reviews"


def test_two_groups_side_by_side(start):
    app = in_pair(start)
    shown = table_behind(app, "compare_pair_topics")
    assert set(shown["topic"]) == set(sample_bundle.TOPICS)
    assert app.button(key="compare_read_A").label == f"{N // 3} reviews"
    assert app.button(key="compare_read_B").label == f"{N - N // 3} reviews"
    app.selectbox(key="compare_b").select(("language", "en")).run()
    assert_good(app)
    both = ((np.arange(N) % 3 == 0) & (np.arange(N) % 2 == 1)).sum()
    # The first shop in the order of the names is <i>east</i>: every third row from the third on.
    east = (np.arange(N) % 3 == 2) & (np.arange(N) % 2 == 1)
    assert both == east.sum() and f"{both} reviews are in both groups and are left out." in words(app)
    app.button(key="compare_read_A").click().run()
    assert_good(app)


def test_a_filter_that_chose_a_cell_does_not_empty_the_other_group(start):
    app = in_pair(start, f=cell())
    assert app.button(key="compare_read_A").label == f"{N // 3} reviews"


def test_words_are_found_when_asked_for(start, mine):
    app = in_pair(start)
    app.selectbox(key="compare_a").select(("language", "en"))
    app.toggle(key="compare_words").set_value(True).run()
    assert_good(app)
    found = table_of(app, "compare_words_A")
    assert "espresso" in found["word"].tolist()
    assert "早餐" in table_of(app, "compare_words_B")["word"].tolist()


def test_groups_too_small_to_compare_say_so(start):
    app = in_pair(start, f=json.dumps([["text", "contains", "hidden"]]))
    assert "too little to compare" in words(app)


@pytest.mark.parametrize("n", [1, 3, 30])
def test_without_topics_it_says_so(start, n):
    analysis = library.create("tiny")
    library.publish(analysis, without_topics(n))
    app = start("compare", a=analysis)
    assert_good(app)
    assert "No topic was found" in words(app)


def test_nothing_to_compare_by_says_what_it_takes(start):
    parts = sample_bundle.parts(60)
    points = parts.points.drop(columns=["rating", "date"]).assign(language="en")
    analysis = library.create("bare")
    library.publish(analysis, replace(parts, points=points, rows=parts.rows.drop(columns=["<b>shop</b>"])))
    app = start("compare", a=analysis)
    assert_good(app)
    assert "There is nothing to compare by yet." in words(app)


def test_filters_that_leave_one_group_or_none(start):
    for words_in in ("no such words anywhere", "x" * 40):
        app = start("compare", f=json.dumps([["text", "contains", words_in]]))
        assert_good(app)
        assert "Fewer than two segments are left" in words(app)


def test_numbers_are_read_by_people():
    number, between = compare_cells.number, compare_cells.between
    assert [number(0.234, "share"), number(0.056, "share"), number(float("nan"), "share")] == ["23%", "5.6%", "–"]
    assert [number(x, "share", signed=True) for x in (-0.16, 0.021, 0.0001)] == ["−16", "+2.1", "±0.0"]
    assert [number(x, "sentiment") for x in (-0.5, 0.001)] == ["−0.50", "±0.00"]
    assert between(0.021, 0.056, "share") == "2.1–5.6%"
    assert between(-0.12, 0.2, "share", signed=True) == "−12 … +20"
    assert between(3.1, 4.25, "rating") == "3.10–4.25"


def test_labels_are_wrapped_and_escaped():
    assert compare_cells.wrapped("<b>front</b> desk & staff", 18, 2) == "&lt;b&gt;front&lt;/b&gt; desk<br>&amp; staff"
    assert compare_cells.wrapped("早餐丰富 · 前台热情 · 隔音差", 12, 2) == "早餐丰富<br>前台热情…"
    assert compare_cells.wrapped("", 10, 2) == "–"


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_colours_go_both_ways_and_small_cells_are_pale(theme):
    n = 120
    points = pd.DataFrame(
        {
            "row_id": np.arange(n),
            "unit_id": np.arange(n),
            "cluster": np.repeat([0, 1, 2], [50, 62, 8]),
            "sentiment": 0.0,
            "rating": 5.0,
        }
    )
    shop = np.where(np.arange(n) % 10 < 3, 0, 1)
    shop[:40] = 0
    found = grid(count(points, [{"id": i, "name": str(i)} for i in range(3)]), shop, 2)
    fills, inks = compare_cells.colours(found, theme)
    assert fills.shape == inks.shape == (2, 3)
    assert fills[0, 0] != fills[1, 0]
    assert found.is_small[:, 2].all()
    # Pale is near the page: light on light, dark on dark.
    brightness = int(fills[0, 2][1:3], 16)
    assert brightness > 200 if theme == "light" else brightness < 70
