"""Impact and trends on the pages: the chart under the topic table, a topic's panel, what there is too little for."""

import json

import numpy as np
import pytest

from pages.ui import topic_columns
from pipelines.impact import impact
from pipelines.store import library
from pipelines.trends import trends
from tests import planted_effects, sample_bundle
from tests.pages.conftest import assert_good, table_behind, words

TOPIC_0 = json.dumps([["cluster", "is", 0]])


@pytest.fixture
def planted(mine):
    """The same analysis again, larger, with planted effects."""
    made = planted_effects.parts()
    library.publish(mine, made)
    return made.points


@pytest.mark.parametrize(("language", "said"), [("en", "What moves the stars"), ("zh", "星")])
def test_the_overview_has_impact_trend_and_their_figures(start, planted, language, said):
    app = start(language=language)
    assert_good(app)
    assert said in words(app)
    table = next(frame.value for frame in app.dataframe if str(frame.key).startswith("topics_")).set_index("name")
    first = table.loc[sample_bundle.TOPICS[0]]
    assert first["growth"].startswith("↗ ×")
    assert first["effect"].startswith("−")
    assert len(first["trend"]) > 20
    figures = table_behind(app, "impact")
    assert len(figures) == 5


def test_the_corner_and_the_findings_say_what_was_planted(start, planted):
    said = words(start())
    assert "**Fix first:** grinder noise" in said
    assert "pulls ratings down most" in said
    assert "is growing" in said


@pytest.mark.parametrize("page", ["overview", "map"])
def test_a_topics_panel_tells_its_impact_and_trend(start, planted, page):
    app = start(page, f=TOPIC_0)
    assert_good(app)
    said = words(app)
    assert "**Fix first** · Impact: −" in said
    assert "**Rising** · " in said
    assert "Without these reviews the mean would be" in said
    for measure in ("sentiment", "rating"):
        app.session_state["trend_measure"] = measure
        assert_good(app.run())


def test_the_panel_compares_with_what_the_other_filters_leave(start, planted):
    app = start(f=json.dumps([["cluster", "is", 0], ["language", "is", "en"]]))
    assert_good(app)
    part = planted[planted["language"] == "en"].reset_index(drop=True)
    row = impact(part, [{"id": 0, "name": ""}]).table.iloc[0]
    assert f"{row['n']:,} against {row['rest']:,} reviews" in words(app)


def test_reviews_of_several_topics_are_told_with_the_others_held_equal(start, mine):
    library.publish(mine, planted_effects.parts(300, units=2))
    app = start(f=TOPIC_0)
    assert_good(app)
    assert "With the other topics of a review held equal it is −" in words(app)
    figures = table_behind(app, "impact")
    assert "Other topics held equal" in figures
    assert_good(app.switch_page("pages/main/map.py").run())


def test_few_reviews_make_no_claim(start):
    app = start(s="1-30", f=TOPIC_0)
    assert_good(app)
    said = words(app)
    assert "too few to say anything" in said
    assert "Fix first" not in said


def test_words_of_a_trend():
    found = trends(sample_bundle.parts(900).points)
    kinds = {"few": "–", "rising": "↗ ×", "fading": "↘ ×", "steady": "→ ×"}
    for kind, said in kinds.items():
        verdict = found.verdict(0).copy()
        verdict["kind"] = kind
        assert topic_columns.growth(verdict).startswith(said)
    assert topic_columns.growth(None) == "–"
    assert topic_columns.effect(np.nan, np.nan, np.nan) == "–"
