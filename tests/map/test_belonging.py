"""Colours that tell how clearly a review belongs, how sure its topic is and how far the map may be believed."""

from __future__ import annotations

import numpy as np
import pytest

from pipelines.map import belonging
from pipelines.map.colour import MISSING, STEPS, allowed_colours, colour_by
from pipelines.map.words import MAP_WORDS
from tests.sample_bundle import parts

SAMPLE = parts()
TOPIC_LIST = SAMPLE.summary["topics"]


def test_core_and_joined_are_told_apart_and_noise_is_neither():
    points = SAMPLE.points
    spec = colour_by(points, SAMPLE.rows, "belonging", TOPIC_LIST)
    assert spec.labels == belonging.BELONGS
    assert ((spec.index == MISSING) == (points["cluster"] < 0)).all()
    inside = points["cluster"] >= 0
    assert ((spec.index == 0) == (inside & ~points["joined"])).all()
    clear = points["cluster_strength"] >= belonging.CLEAR_VOTE
    assert ((spec.index == 1) == (inside & points["joined"] & clear)).all()
    assert ((spec.index == 2) == (inside & points["joined"] & ~clear)).all()
    assert all(len(spec.colours[theme]) == 3 for theme in ("light", "dark"))
    assert {*belonging.BELONGS} <= {*MAP_WORDS}


def test_a_review_has_its_topics_stability():
    points = SAMPLE.points
    spec = colour_by(points, SAMPLE.rows, "stability", TOPIC_LIST)
    assert (spec.kind, spec.low, spec.high) == ("sequential", 0, 1)
    for topic in TOPIC_LIST:
        own = spec.index[points["cluster"] == topic["id"]]
        known = topic["stability"]
        assert (own == (MISSING if known is None else round(known * STEPS))).all()
    assert (spec.index[points["cluster"] < 0] == MISSING).all()


@pytest.mark.parametrize("column", ["map_trust", "map_trust_3d"])
def test_trust_warns_at_its_low_end(column):
    points = SAMPLE.points.assign(**{column: np.linspace(0, 1, len(SAMPLE.points)).astype(np.float32)})
    spec = colour_by(points, SAMPLE.rows, column, TOPIC_LIST)
    assert (spec.kind, spec.low, spec.high) == ("diverging", 0, 1)
    assert spec.index[0] == 0 and spec.index[-1] == STEPS


def test_what_says_nothing_is_not_offered():
    plain = SAMPLE.points.assign(joined=False)
    unknown = {**SAMPLE.summary, "topics": [{**topic, "stability": None} for topic in TOPIC_LIST]}
    assert {"belonging", "stability"} <= {*allowed_colours(SAMPLE.points, SAMPLE.summary)}
    assert {"belonging", "stability", "map_trust"}.isdisjoint(allowed_colours(plain, unknown))


@pytest.mark.parametrize("column", ["belonging", "stability"])
def test_points_outside_leave_no_trace(column):
    points = SAMPLE.points
    only = (points["row_id"] % 3 == 1).to_numpy()
    changed = points.copy()
    changed.loc[~only, "cluster"] = 3
    one, other = (colour_by(frame, SAMPLE.rows, column, TOPIC_LIST, only=only) for frame in (points, changed))
    assert (one.index == other.index).all() and (one.index[~only] == MISSING).all()
