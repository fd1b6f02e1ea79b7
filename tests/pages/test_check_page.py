from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from pages.ui import check_odd, check_repeated
from pipelines import checked, odd
from pipelines.bursts import repeated_groups
from pipelines.store import catalog, journal, library
from pipelines.store.bundle import BundleParts
from pipelines.store.reader import open_bundle
from tests import sample_bundle
from tests.pages.conftest import assert_good, words

TABS = {
    "en": ["Odd reviews", "Duplicates", "Stars against text", "Left out", "Spot check"],
    "zh": ["异", "重复", "星", "", "抽"],
}


def at_tab(start, tab: str, **query: str):
    """The page with a tab open: the browser's click on it is what AppTest cannot do."""
    app = start("check", **query)
    app.session_state["check_tab_en"] = tab
    return app.run()


def dismissed(analysis: str) -> list[int]:
    return [one.reviews for one in checked.dismissals(journal.replay(catalog.home() / analysis))]


def answers(analysis: str) -> list[bool | None]:
    return [one.right for one in checked.answers(journal.replay(catalog.home() / analysis))]


@pytest.mark.parametrize("language", ["en", "zh"])
def test_it_shows_every_tab(start, language):
    app = start("check", language=language)
    assert_good(app)
    assert len(app.tabs) == 5


@pytest.mark.parametrize("tab", TABS["en"])
def test_each_tab_opens(start, tab):
    assert_good(at_tab(start, tab))


def test_the_threshold_of_odd_reviews_moves(start):
    app = start("check")
    few = words(app)
    app.slider[0].set_value(0.0).run()
    assert_good(app)
    assert words(app) != few
    app.slider[0].set_value(1.0).run()
    assert_good(app)
    assert "Nothing is that odd." in words(app)


def test_signs_are_chosen_and_what_bears_them_is_dismissed_and_brought_back(start, mine):
    app = start("check")
    app.slider[0].set_value(0.0).run()
    everything = app.button(key="dismiss_all").label
    (why,) = (group for group in app.get("button_group") if str(group.key).startswith("odd_why"))
    too_short = next(option for option in why.options if "too short" in option)
    why.set_value(odd.SHORT).run()
    assert_good(app)
    number = too_short.split(" · ")[1]
    assert app.button(key="dismiss_all").label == f"Dismiss these {number}"
    app.button(key="dismiss_all").click().run()
    assert_good(app)
    assert dismissed(mine) == [int(number)]
    assert f"{number} reviews are dismissed." in words(app)
    assert app.button(key="dismiss_all").label != everything
    app.button(key="undo_dismissal_last").click().run()
    assert_good(app)
    assert dismissed(mine) == []
    assert app.button(key="dismiss_all").label == everything


def test_the_odd_ones_become_a_filter(start):
    app = start("check")
    app.button(key="filter_odd").click().run()
    assert_good(app)
    assert json.loads(app.query_params["f"])[0] == ["is_outlier", "is", True]
    assert app.button(key="filter_odd").disabled


def test_the_list_of_odd_ones_as_a_table(start, mine):
    start("check")
    bundle = open_bundle(library.latest_bundle(mine))
    reader = odd.of(bundle)
    table = check_odd.table(reader, range(6), str)
    assert table["row"].tolist() == [1, 2, 3, 4, 5, 6]
    assert table.notna().all().all()


def test_duplicates_are_grouped(start):
    app = at_tab(start, "Duplicates")
    groups = next(frame.value for frame in app.dataframe if str(frame.key).startswith("duplicate_groups"))
    assert groups["n"].tolist() == [3]
    assert "None of these texts came more often" in words(app)


def test_a_burst_is_marked_and_told(start, mine):
    parts = sample_bundle.parts(120)
    points = parts.points.copy()
    points.loc[100:119, "duplicate_of"] = 99
    points.loc[99:119, "date"] = pd.Timestamp("2026-03-03")
    library.publish(mine, replace(parts, points=points))
    app = at_tab(start, "Duplicates")
    assert_good(app)
    assert "came in a burst" in words(app)
    groups = next(frame.value for frame in app.dataframe if str(frame.key).startswith("duplicate_groups"))
    assert groups["mark"].tolist() == ["21 in 1 day"]
    (group,) = repeated_groups(points).assign(kind="").to_dict("records")
    assert "**21 of 21** between 2026-03-03 and 2026-03-03" in check_repeated.burst_said(group)
    saved = check_repeated.saved(repeated_groups(points).assign(kind=""))
    assert saved["burst from"].tolist() == ["2026-03-03"]


def test_the_spot_check_asks_keeps_and_takes_back(start, mine):
    app = at_tab(start, "Spot check")
    assert_good(app)
    assert "Round 1 · review 1 of 20" in words(app)
    for key in ("spot_y", "spot_n", "spot_s", "spot_y"):
        app.button(key=key).click().run()
        assert_good(app)
    assert answers(mine) == [True, False, None, True]
    assert {metric.label for metric in app.metric} <= {"Right topic", "Right sentiment"}
    app.button(key="spot_take_back").click().run()
    assert_good(app)
    assert answers(mine) == [True, False, None]
    again = at_tab(start, "Spot check")
    assert words(again) == words(app)
    overview = start()
    assert_good(overview)
    assert "Spot check of reviews drawn at random" in words(overview)


def test_a_round_ends_and_another_begins(start, mine):
    app = at_tab(start, "Spot check", f='[["text","contains","grinder of machine 2"]]')
    while not any(button.key == "spot_more" for button in app.button):
        app.button(key="spot_y").click().run()
    assert_good(app)
    assert "Round 1 is done." in words(app)
    assert "Drawn from the reviews that pass the filters" in words(app)
    app.button(key="spot_more").click().run()
    assert_good(app)
    assert "Every review here was asked about." in words(app)
    app.button(key="spot_take_back").click().run()
    assert_good(app)
    assert any(button.key == "spot_y" for button in app.button)
    assert "Spot check of reviews" not in words(start())


def test_a_draft_waits(start, mine):
    draft = sample_bundle.parts(120)
    draft.config["draft"] = True
    library.publish(mine, draft)
    app = at_tab(start, "Spot check")
    assert_good(app)
    assert "waits for the full map" in words(app)
    assert not any(button.key == "dismiss_all" for button in start("check").button)


def test_reviews_without_a_topic_become_a_filter(start):
    app = at_tab(start, "Left out")
    app.button(key="filter_unclear").click().run()
    assert_good(app)
    assert "no clear topic" in app.button(key="chip_0").label
    assert app.button(key="filter_unclear").disabled


@pytest.mark.parametrize("tab", TABS["en"])
def test_a_filter_that_leaves_nothing(start, tab):
    assert_good(at_tab(start, tab, f='[["text","contains","no such words anywhere"]]'))


@pytest.mark.parametrize("n", [1, 3])
def test_a_tiny_analysis(start, n):
    analysis = library.create("tiny")
    library.publish(analysis, without_topics(n))
    for page in ("overview", "map", "check", "share"):
        assert_good(start(page, a=analysis))
    for tab in TABS["en"]:
        assert_good(at_tab(start, tab, a=analysis))


def without_topics(n: int) -> BundleParts:
    """A sound result of so few reviews that there is no topic and no neighbour graph to speak of."""
    made = sample_bundle.parts(n)
    points = made.points.assign(cluster=np.int32(-1), topic="", joined=False, is_outlier=False)
    nothing = np.zeros((n, 0))
    graph = {"indices": nothing.astype(np.int32), "similarity": nothing.astype(np.float32)}
    none = {"topics": [], "coverage": 0.0, "core_coverage": 0.0, "stability": None}
    none["outliers"] = {"count": 0, "threshold": 1.0}
    return replace(
        made,
        points=points,
        state={"graph": {**graph, "representatives": np.arange(n)}},
        summary={**made.summary, **none},
    )
