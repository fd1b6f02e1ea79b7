"""Stars against text: counted, chosen by kind and clearness, saved; and the agreement of both with its interval."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from pipelines.store import library
from tests import sample_bundle
from tests.pages.conftest import assert_good, words
from tests.pages.test_check_page import at_tab

TAB = "Stars against text"


def published(**columns: object) -> str:
    """An analysis whose points have other columns."""
    made = sample_bundle.parts()
    analysis = library.create("other")
    library.publish(analysis, replace(made, points=made.points.assign(**columns)))
    return analysis


@pytest.fixture
def clear(mine) -> str:
    """300 reviews: text and stars agree but for 6 that praise with one star and 3 that complain with five."""
    stars, felt = np.full(sample_bundle.N, 5, np.float32), np.full(sample_bundle.N, 0.8, np.float32)
    stars[:100], felt[:100] = 1, -0.8
    felt[10:16], felt[200:203] = 0.9, -0.95
    label = np.where(felt > 0, "positive", "negative")
    return published(rating=stars, sentiment=felt, sentiment_label=label)


def test_they_are_counted_with_what_they_are_counted_of(start, clear):
    shown = words(at_tab(start, TAB, a=clear))
    assert "**9 reviews** have stars that their text contradicts. 300 reviews in sight have stars." in shown
    assert "agrees with the stars for 97% of 300 reviews (95 %: 94% to 98%)" in shown


def test_one_kind_and_the_clearest_alone(start, clear):
    app = at_tab(start, TAB, a=clear)
    assert [button.label for button in app.get("download_button")] == ["Save this list (9 reviews, CSV)"]
    app.segmented_control(key="contradiction_kind").set_value("kind_text").run()
    assert_good(app)
    assert [button.label for button in app.get("download_button")] == ["Save this list (6 reviews, CSV)"]
    app.segmented_control(key="contradiction_kind").set_value("all").run()
    app.slider(key="contradiction_least").set_value(0.96).run()
    assert_good(app)
    assert [button.label for button in app.get("download_button")] == ["Save this list (3 reviews, CSV)"]
    app.slider(key="contradiction_least").set_value(1.0).run()
    assert_good(app)
    assert "None contradicts itself that clearly" in words(app)


def test_filters_apply(start, clear):
    app = at_tab(start, TAB, a=clear, f='[["rating","between",[4,5]]]')
    assert_good(app)
    assert "**3 reviews** have stars" in words(app)


def test_a_file_without_stars_says_so(start, mine):
    analysis = published(rating=np.full(sample_bundle.N, np.nan, np.float32))
    app = at_tab(start, TAB, a=analysis)
    assert_good(app)
    assert "no star ratings to compare with" in words(app)
    assert "agrees with the stars" not in words(app)


def test_the_agreement_stands_above_the_sentiment(start, clear):
    app = start("overview", a=clear)
    assert_good(app)
    assert "agrees with the stars for 97% of 300 reviews (95 %: 94% to 98%)" in words(app)
