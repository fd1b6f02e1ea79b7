from __future__ import annotations

import json

import pytest

from pipelines.store import library
from tests import sample_bundle
from tests.pages.conftest import N, assert_good, words

POSITIVE = json.dumps([["sentiment_label", "is", "positive"]])


def positive() -> int:
    points = sample_bundle.parts(N).points
    return int((points["sentiment_label"] == "positive").sum())


@pytest.mark.parametrize(("language", "said"), [("en", "What matters"), ("zh", "主题")])
def test_it_shows_findings_topics_and_how_it_was_made(start, language, said):
    app = start(language=language)
    assert_good(app)
    assert said in words(app)
    assert len(app.metric) == 5
    assert app.metric[0].value == f"{N}"
    table = next(frame.value for frame in app.dataframe if str(frame.key).startswith("topics_"))
    assert set(sample_bundle.TOPICS) <= set(table["name"])


def test_the_open_analysis_is_in_the_address(start, mine):
    assert start(a="0" * 16).query_params["a"] == mine


def test_a_click_adds_a_filter_that_the_bar_shows_and_takes_away(start):
    app = start()
    app.button(key="only_positive").click().run()
    assert_good(app)
    assert app.metric[0].value == f"{positive()}"
    assert "Sentiment" in app.button(key="chip_0").label
    assert json.loads(app.query_params["f"]) == json.loads(POSITIVE)
    app.button(key="chip_0").click().run()
    assert_good(app)
    assert app.metric[0].value == f"{N}"
    assert "f" not in app.query_params


def test_filters_in_the_address_are_restored_and_go_along_to_other_pages(start):
    app = start(f=POSITIVE)
    assert_good(app)
    assert app.metric[0].value == f"{positive()}"
    app.switch_page("pages/main/map.py").run()
    assert_good(app)
    assert f"{positive()} of {N} reviews" in words(app)


def test_several_filters_are_cleared_at_once(start):
    app = start(f=json.dumps([["sentiment_label", "is", "positive"], ["language", "is", "en"]]), s="1-30")
    assert {"chip_0", "chip_1", "chip_selection"} <= {button.key for button in app.button}
    app.button(key="chip_clear").click().run()
    assert_good(app)
    assert app.metric[0].value == f"{N}"
    assert {"f", "s"}.isdisjoint(app.query_params)


def test_filters_that_leave_nothing_say_so(start):
    app = start(f=json.dumps([["text", "contains", "no such words anywhere"]]))
    assert_good(app)
    assert "No review passes these filters" in words(app)


@pytest.mark.parametrize(
    "query",
    [
        {"f": "not json"},
        {"f": '[["nothing","is",1]]'},
        {"f": '[["rating","between",["x",{}]]]', "s": "9-1.zz", "cam": "{}", "d": "7"},
        {"a": "../../etc", "c": "row:nothing", "s": "~" + "0" * 24},
        {"f": '[["cluster","is",99]]'},
        {"f": '[["row:<b>shop</b>","is","<i>east</i>"]]', "c": "row:<b>shop</b>"},
    ],
)
def test_any_address_opens(start, query):
    for page in ("overview", "map"):
        assert_good(start(page, **query))


def test_evidence_of_a_finding_opens(start):
    app = start()
    evidence = [button.key for button in app.button if str(button.key).startswith("evidence_")]
    for key in evidence:
        app.button(key=key).click().run()
        assert_good(app)


def test_without_any_analysis_it_says_what_to_do(start, mine):
    for info in library.list_analyses():
        library.delete(info.id)
    app = start()
    assert_good(app)
    assert "There is no analysis yet." in words(app)


def test_a_damaged_bundle_is_said_in_plain_words(start, mine):
    path = library.latest_bundle(mine) / "points.parquet"
    raw = bytearray(path.read_bytes())
    raw[len(raw) // 2] ^= 1
    path.write_bytes(raw)
    for page in ("overview", "map", "check", "share"):
        app = start(page)
        assert_good(app)
        assert "points" in app.error[0].value
        assert "Run the analysis again" in words(app)


def test_a_sample_in_the_persons_language_comes_first(start, mine):
    library.delete(mine)
    assert start(language="zh").title[0].value.startswith("Sample hotels")
    assert start(language="en").title[0].value.startswith("Sample coffee")
