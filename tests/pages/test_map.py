"""The map's Python side: what the browser sends is read with care, and a page with a map runs without a browser."""

from __future__ import annotations

import base64
from pathlib import Path

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from pages.ui import map as review_map
from pages.ui import map_texts
from pipelines.map import pack
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


def test_a_page_with_a_map_runs_in_every_colour(tmp_path, monkeypatch):
    monkeypatch.setenv("SAMPLE_BUNDLE", str(sample_bundle(tmp_path).path))
    app = AppTest.from_file(str(ROOT / "tests/browser/map_app.py"), default_timeout=30).run()
    assert not app.exception
    for colour in app.radio[0].options:
        app.radio[0].set_value(colour).run()
        assert not app.exception
    assert app.session_state["view"].selection is None
