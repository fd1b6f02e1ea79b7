from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from pipelines.store import library
from pipelines.store.bundle import BundleParts
from tests import sample_bundle
from tests.pages.conftest import assert_good, words


@pytest.mark.parametrize(("language", "tabs"), [("en", "Odd reviews"), ("zh", "异")])
def test_it_shows_every_tab(start, language, tabs):
    app = start("check", language=language)
    assert_good(app)
    assert len(app.tabs) == 4
    assert tabs in words(app)


def test_the_threshold_of_odd_reviews_moves(start):
    app = start("check")
    few = words(app)
    app.slider[0].set_value(0.0).run()
    assert_good(app)
    assert words(app) != few
    app.slider[0].set_value(1.0).run()
    assert_good(app)
    assert "Nothing is that odd." in words(app)


def test_duplicates_are_grouped(start):
    app = start("check")
    groups = next(frame.value for frame in app.dataframe if str(frame.key).startswith("duplicate_groups"))
    assert groups["n"].tolist() == [3]


def test_reviews_without_a_topic_become_a_filter(start):
    app = start("check")
    app.button(key="filter_unclear").click().run()
    assert_good(app)
    assert "no clear topic" in app.button(key="chip_0").label
    assert app.button(key="filter_unclear").disabled


def test_a_filter_that_leaves_nothing(start):
    app = start("check", f='[["text","contains","no such words anywhere"]]')
    assert_good(app)


@pytest.mark.parametrize("n", [1, 3])
def test_a_tiny_analysis(start, n):
    analysis = library.create("tiny")
    library.publish(analysis, without_topics(n))
    for page in ("overview", "map", "check", "share"):
        assert_good(start(page, a=analysis))


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
