"""Topics counted in reviews and in mentions, only where reviews are cut into sentences."""

from __future__ import annotations

from dataclasses import replace

import pytest

from pipelines.store import library
from tests import sample_bundle
from tests.pages.conftest import assert_good


def topics(app):
    return next(frame for frame in app.dataframe if str(frame.key).startswith("topics_"))


@pytest.fixture
def cut(mine: str) -> str:
    """Reviews of three sentences each."""
    made = sample_bundle.parts(120)
    points = made.points.assign(row_id=made.points["unit_id"] // 3)
    config = {**made.config, "unit": "sentence"}
    library.publish(mine, replace(made, points=points, rows=made.rows.head(40), config=config))
    return mine


def test_sentences_are_counted_beside_reviews(start, cut):
    app = start()
    assert_good(app)
    table = topics(app)
    assert "mentions" in list(table.proto.column_order)
    assert table.value["mentions"].sum() == 120
    assert (table.value["mentions"] >= table.value["reviews"]).all()
    listed = start("map")
    assert_good(listed)
    assert any("mentions" in button.label for button in listed.button if str(button.key).startswith("map_topic_"))


def test_whole_reviews_are_counted_once(start, mine):
    app = start()
    assert "mentions" not in list(topics(app).proto.column_order)
    listed = start("map")
    assert not any("mention" in button.label for button in listed.button if str(button.key).startswith("map_topic_"))
