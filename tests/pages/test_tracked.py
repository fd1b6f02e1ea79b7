"""Topics that a person tracks, on the Overview and from a selection on the map."""

from __future__ import annotations

import json

import pytest

from pages.ui.tracked import filter_label
from pipelines import tracked
from pipelines.store import library
from pipelines.store.reader import open_bundle
from pipelines.view import Filter
from tests import sample_bundle
from tests.pages.conftest import assert_good, follow, words


@pytest.fixture
def words_only(mine: str) -> str:
    """Vectors of a person's own: no model is loaded for a phrase."""
    parts = sample_bundle.parts(120)
    parts.identity["name"] = "own"
    library.publish(mine, parts)
    return mine


def track(start, text: str, **query: str):
    app = start(**query)
    app.text_input(key="tracked_phrase").set_value(text).run()
    assert_good(app)
    return app


def test_a_typed_phrase_is_looked_at_and_kept(start, words_only):
    app = track(start, "早餐")
    assert "reviews speak of it" in words(app)
    app.button(key="tracked_keep").click().run()
    assert_good(app)
    assert "1 topic is tracked now." in words(app).replace("\\", "")
    assert "Does this review belong to" in words(app)
    assert app.text_input(key="tracked_phrase").value == ""
    (topic,) = tracked.tracked(words_only)
    assert topic.name == "早餐"
    app.button(key="tracked_undo").click().run()
    assert_good(app)
    assert tracked.tracked(words_only) == ()


def test_answers_are_kept_and_taken_back(start, words_only):
    app = track(start, "早餐")
    app.button(key="tracked_keep").click().run()
    for key in ("tracked_y", "tracked_n", "tracked_s", "tracked_y"):
        app.button(key=key).click().run()
        assert_good(app)
    assert [answer.yes for answer in tracked.tracked(words_only)[0].answers] == [True, False, True]
    app.button(key="tracked_take_back").click().run()
    assert_good(app)
    assert len(tracked.tracked(words_only)[0].answers) == 2
    app.button(key="tracked_filter").click().run()
    assert_good(app)
    assert json.loads(app.query_params["f"])[0][1:] == ["not", ""]
    assert "You track: 早餐" in words(app).replace("\\", "")
    app.button(key="tracked_remove").click().run()
    assert_good(app)
    assert "f" not in app.query_params
    app.button(key="tracked_undo").click().run()
    assert len(tracked.tracked(words_only)[0].answers) == 2


def test_nothing_found_is_said(start, words_only):
    assert "No review speaks of it." in words(track(start, "天文望远镜"))


@pytest.mark.parametrize("text", ["<script>window.hacked=1</script>", "**b** $x$ :material/home:", "({[", "🔥"])
def test_hostile_phrases_are_only_text(start, words_only, text):
    app = track(start, text)
    app.button(key="tracked_keep").click().run()
    assert_good(app)


def test_a_list_is_made_at_once(start, words_only):
    app = start()
    app.text_area(key="tracked_pasted").set_value("早餐\nnoise: loud, louder\n隔音：隔音").run()
    assert_good(app)
    app.button(key="tracked_keep_all").click().run()
    assert_good(app)
    assert [topic.name for topic in tracked.tracked(words_only)] == ["早餐", "noise", "隔音"]
    app.button(key="tracked_undo").click().run()
    assert tracked.tracked(words_only) == ()


def test_a_selection_becomes_a_topic(start, words_only):
    app = start("map", s="20-40")
    assert_good(app)
    app.text_input(key="make_topic_name").set_value("<b>mine</b>")
    next(button for button in app.button if button.label == "Track it").click().run()
    app = follow(app)
    assert_good(app)
    (topic,) = tracked.tracked(words_only)
    assert (topic.name, len(topic.examples)) == ("<b>mine</b>", 21)
    assert "s" not in app.query_params


def test_a_draft_waits(start, mine):
    library.publish(mine, _draft())
    app = start()
    assert_good(app)
    assert "once the full map is there" in words(app)


def _draft():
    parts = sample_bundle.parts(60)
    parts.config["draft"] = True
    return parts


def test_it_speaks_chinese(start, words_only):
    assert "你关注的主题" in words(start(language="zh"))


def test_a_filter_on_what_is_tracked_no_longer_says_so(tmp_path):
    from pipelines.store.bundle import write_bundle

    bundle = open_bundle(write_bundle(tmp_path / "b", sample_bundle.parts(30)))
    assert filter_label(bundle, Filter("tracked:gone", "not", "")) == "A topic that is tracked no longer"
    assert filter_label(bundle, Filter("rating", "is", 1)) is None
