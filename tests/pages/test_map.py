"""The map's Python side: what the browser sends is read with care, and a page with a map runs without a browser."""

from __future__ import annotations

import base64
from pathlib import Path

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from pages.ui import map as review_map
from pages.ui import map_packed, map_texts
from pipelines.map import pack
from pipelines.view import View
from tests.map.test_pack import unpack
from tests.sample_bundle import parts, sample_bundle

ROOT = Path(__file__).resolve().parents[2]
POINTS = parts(60).points.assign(unit_id=np.arange(60) + 100)


def test_positions_become_unit_ids():
    assert review_map._units({"list": [2, 0, 2]}, POINTS) == (100, 102)
    assert review_map._units({"list": []}, POINTS) == ()
    bits = np.packbits(np.arange(60) % 7 == 0, bitorder="little").tobytes()
    found = review_map._units({"bits": base64.b64encode(bits).decode()}, POINTS)
    assert found == tuple(range(100, 160, 7))


@pytest.mark.parametrize(
    "sent",
    [{}, {"list": "1,2"}, {"list": [None, "3", 999, -1, 1.5]}, {"bits": "§"}, {"bits": 7}, {"bits": ""}, {"list": {}}],
)
def test_nonsense_selects_nothing(sent):
    assert review_map._units(sent, POINTS) == ()


def test_more_bits_than_points_are_cut():
    bits = base64.b64encode(b"\xff" * 100).decode()
    assert len(review_map._units({"bits": bits}, POINTS)) == len(POINTS)


def asked(sent, points=POINTS):
    meta, arrays = unpack(map_texts.answer(points, "name", sent))
    assert meta["digest"] == "name" and not arrays
    return dict(zip(meta["at"], meta["texts"], strict=True))


def test_only_the_texts_that_were_asked_for_are_sent():
    told = asked({"at": [3, 3, 59]})
    assert told == {i: pack.snippet(POINTS["text"][i]) for i in (3, 59)}
    assert len(asked({"at": list(range(60)) * 3}, parts(200).points)) == 60
    assert len(asked({"at": list(range(200))}, parts(200).points)) == map_texts.MOST_ASKED


@pytest.mark.parametrize("sent", [None, 7, {}, {"at": "0"}, {"at": [None, "3", -1, 60, 1.5]}, {"at": {}}])
def test_nonsense_gets_no_text(sent):
    assert asked(sent) == {}


def test_what_is_left_out_of_the_points_is_not_told():
    assert asked({"at": [0]}, POINTS.assign(text="")) == {0: ""}


def test_an_area_means_all_points_inside_the_filters_drawn_or_not():
    x, y = POINTS["x2"].to_numpy(), POINTS["y2"].to_numpy()
    low, high, bottom, top = np.median(x), x.max() + 1, y.min() - 1, y.max() + 1
    area = {"x": [float(v) for v in (low, high, high, low)], "y": [float(v) for v in (bottom, bottom, top, top)]}
    mask = np.arange(60) % 2 == 0
    meant = [int(unit) for unit in POINTS["unit_id"][(x > low) & mask]]
    assert 5 < len(meant) < 30
    assert review_map._selected({"area": area, "adds": False}, POINTS, View(selection=(159,)), mask) == tuple(meant)
    added = review_map._selected({"area": area, "adds": True}, POINTS, View(selection=(159,)), mask)
    assert added == tuple(sorted({*meant, 159}))


def test_a_click_means_all_points_on_the_spot():
    points = POINTS.assign(x2=POINTS["x2"].where(POINTS.index != 9, POINTS["x2"][4]))
    points = points.assign(y2=points["y2"].where(points.index != 9, points["y2"][4]))
    everything = np.ones(60, dtype=bool)
    clicked = {"list": [4], "adds": False}
    assert review_map._selected(clicked, points, View(), everything) == (104, 109)
    assert review_map._selected(clicked, points, View(dims=3), everything) == (104,)
    cleared = {"list": [], "adds": False}
    assert review_map._selected(cleared, points, View(selection=(104,)), everything) == ()


@pytest.mark.parametrize("sent", [{"adds": 1}, {"adds": True, "area": 3}, {"adds": "x", "list": "0"}])
def test_a_nonsense_area_selects_nothing(sent):
    assert review_map._selected(sent, POINTS, View(), np.ones(60, dtype=bool)) == ()


def test_where_a_point_stands_among_those_that_are_drawn():
    drawn = map_packed.Drawn(10, np.array([7, 2, 5]))
    assert drawn.of(np.arange(10) * 2).tolist() == [14, 4, 10]
    assert drawn.places(np.array([5, 1, 7])).tolist() == [2, 0]
    assert map_packed.Drawn(10).places(np.array([5, 1])).tolist() == [5, 1]


def test_a_page_with_a_map_runs_in_every_colour(tmp_path, monkeypatch):
    monkeypatch.setenv("SAMPLE_BUNDLE", str(sample_bundle(tmp_path).path))
    app = AppTest.from_file(str(ROOT / "tests/browser/map_app.py"), default_timeout=30).run()
    assert not app.exception
    for colour in app.radio[0].options:
        app.radio[0].set_value(colour).run()
        assert not app.exception
    assert app.session_state["view"].selection is None
