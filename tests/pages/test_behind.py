"""Every chart has its table, its download and its kinds of picture behind it, made only when somebody looks."""

from __future__ import annotations

import json

import pytest
from streamlit.testing.v1 import AppTest

from pipelines.map import pack
from pipelines.store import library
from tests import planted_effects, sample_bundle
from tests.pages.conftest import N, assert_good, table_behind

TOPIC_0 = json.dumps([["cluster", "is", 0]])
OVERVIEW = ("impact", "sentiment_bars", "sentiment_topics", "sentiment_periods")


@pytest.fixture
def planted(mine):
    """The same analysis again, with effects and trends to draw."""
    library.publish(mine, planted_effects.parts())


def settings(app: AppTest) -> list[dict]:
    """Of every chart on the page, what Plotly is told."""
    return [json.loads(chart.proto.config) for chart in app.get("plotly_chart")]


def toggles(app: AppTest) -> int:
    return sum(one.label in ("Table and download", "表格与下载") for one in app.expander)


@pytest.mark.parametrize(
    ("page", "query", "charts"),
    [("overview", {}, 4), ("overview", {"f": TOPIC_0}, 5), ("compare", {}, 1)],
)
def test_every_chart_has_something_behind_it(start, planted, page, query, charts):
    app = start(page, **query)
    assert_good(app)
    assert len(settings(app)) == charts
    assert toggles(app) == charts
    assert all(one["modeBarButtons"] == [["toImage"]] for one in settings(app))
    assert len({one["toImageButtonOptions"]["filename"] for one in settings(app)}) == charts


def test_nothing_is_made_while_it_is_closed(start, planted):
    app = start(f=TOPIC_0)
    behind = [one for one in app.expander if one.label == "Table and download"]
    assert behind
    assert not any(len(one.children) for one in behind)


@pytest.mark.parametrize("key", [*OVERVIEW, "trend"])
@pytest.mark.parametrize("language", ["en", "zh"])
def test_it_holds_a_table_and_a_download(start, planted, key, language):
    app = start(language=language, f=TOPIC_0)
    found = table_behind(app, key)
    assert_good(app)
    assert len(found)
    assert len(found.columns) >= 4
    (button,) = (one for one in app.get("download_button") if f"{key}_csv" in str(one.proto.id))
    assert button.proto.label in ("Save as CSV", "存为 CSV", "保存为 CSV")


def test_the_tables_of_sentiment_count_every_review(start):
    app = start()
    assert table_behind(app, "sentiment_bars")["Reviews"].sum() == N
    by_topic = table_behind(app, "sentiment_topics")
    assert by_topic["Reviews"].sum() == N
    points = sample_bundle.parts(N).points
    largest = points["topic"].value_counts().index[0]
    negative = (points.loc[points["topic"] == largest, "sentiment_label"] == "negative").mean()
    assert by_topic.set_index("Topic").loc[largest, "negative"].startswith(f"{negative:.0%} (")
    assert table_behind(app, "sentiment_periods")["Reviews"].sum() == sample_bundle.parts(N).points["date"].count()


def test_a_chosen_row_opens_its_topic_once(start, planted):
    app = start()
    names = table_behind(app, "impact")["Topic"].tolist()
    app.session_state["impact_table_0"] = {"selection": {"rows": [1], "columns": [], "cells": []}}
    app.run()
    assert_good(app)
    (topic,) = (item[2] for item in json.loads("".join(app.query_params["f"])))
    assert sample_bundle.TOPICS[topic] == names[1]
    assert app.session_state["impact_table_generation"] == 1


def test_every_chart_is_saved_as_the_chosen_kind(start, planted):
    app = start()
    assert {one["toImageButtonOptions"]["format"] for one in settings(app)} == {"png"}
    table_behind(app, "impact")
    app.segmented_control(key="impact_picture").set_value("svg").run()
    assert_good(app)
    assert {one["toImageButtonOptions"]["format"] for one in settings(app)} == {"svg"}


def test_plotly_speaks_chinese_and_writes_dates_as_figures(start, planted):
    (chinese, *_others) = settings(start(language="zh"))
    assert "locale" not in settings(start())[0]
    told = chinese["locales"][chinese["locale"]]
    assert told["format"]["month"] == "%Y-%m"
    assert told["format"]["shortMonths"][0] == "1月"
    assert len(told["format"]["months"]) == 12
    assert len(told["format"]["days"]) == 7


def test_maps_of_a_session_share_what_they_pack(start, monkeypatch):
    packed = []
    one_part = pack.points_part
    monkeypatch.setattr(pack, "points_part", lambda points, at: packed.append(len(points)) or one_part(points, at))
    app = start("compare")
    app.segmented_control(key="compare_mode").set_value("pair").run()
    assert_good(app)
    assert_good(app.switch_page("pages/main/map.py").run())
    assert packed == [N]
