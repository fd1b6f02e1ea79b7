"""The Pictures page over a library of hostile texts: what is in sight, what is found, and who does not see it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from pages.ui import thumbnails
from pipelines import share
from pipelines.embed.clip import ClipModel
from pipelines.pictures import STATE, Pictures
from pipelines.pictures.decoding import thumbnail
from pipelines.store import library
from pipelines.view import View
from tests import sample_bundle
from tests.conftest import ROOT
from tests.pages.conftest import TIMEOUT_S, assert_good, words
from tests.pictures import tiny_clip
from tests.pictures.tiny_clip import COLOURS

N = 60


@pytest.fixture(scope="session")
def clip_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tiny_clip.save(tmp_path_factory.mktemp("clip") / "tiny")


@pytest.fixture
def with_pictures(home: Path, clip_folder: Path) -> str:
    """A library with one analysis, whose every third review has a picture, the colours in turn."""
    sample_bundle.stand_in(30)
    analysis = library.create("mine")
    images = [tiny_clip.picture(list(COLOURS)[i % 6], seed=i) for i in range(N // 3)]
    model = ClipModel(f"clip:{clip_folder}")
    jpegs = [thumbnail(image) for image in images]
    kept = Pictures(
        row_id=np.arange(0, N, 3, dtype=np.int64),
        vectors=model.embed_pictures(images),
        jpeg=np.frombuffer(b"".join(jpegs), np.uint8),
        ends=np.cumsum([len(one) for one in jpegs]).astype(np.int64),
        identity=model.identity(),
    )
    parts = sample_bundle.parts(N)
    library.publish(analysis, replace(parts, state={**parts.state, STATE: kept.as_state()}))
    return analysis


@pytest.fixture
def open_page(with_pictures: str, monkeypatch: pytest.MonkeyPatch) -> Callable[..., AppTest]:
    monkeypatch.chdir(ROOT)

    def opened(page: str = "pictures", **query: str) -> AppTest:
        app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=TIMEOUT_S)
        app.session_state["language"] = "en"
        for name, value in {"a": with_pictures, **query}.items():
            app.query_params[name] = value
        app.run()
        folder = "more" if page == "pictures" else "main"
        return app.switch_page(f"pages/{folder}/{page}.py").run()

    return opened


def tiles(app: AppTest) -> list[dict]:
    return component(app, "tiles")


def component(app: AppTest, part: str) -> list[dict]:
    """What the one component that has this part was given."""
    import json

    given = [json.loads(one.proto.json) for one in app.get("bidi_component") if one.proto.json]
    return next(data[part] for data in given if part in data)


def test_all_pictures_in_their_order(open_page: Callable[..., AppTest]) -> None:
    app = open_page()
    assert_good(app)
    assert "20 pictures · 20 of the 60 reviews in sight have one" in words(app).replace("\\", "")
    shown = tiles(app)
    assert [tile["id"] for tile in shown] == list(range(20))
    assert all(tile["source"].startswith("data:image/jpeg;base64,") for tile in shown)
    assert shown[0]["told"] == sample_bundle.HOSTILE[0]


def test_found_by_what_they_show(open_page: Callable[..., AppTest]) -> None:
    app = open_page()
    app.text_input(key="pictures_words").set_value("blue").run()
    assert_good(app)
    blue = list(COLOURS).index("blue")
    found = tiles(app)
    assert {tile["id"] for tile in found[:3]} <= set(range(blue, 20, 6))
    assert all(tile["caption"].startswith("likeness ") for tile in found)
    assert "the middle one of all has" in words(app)


def test_filters_hold_and_the_reviews_can_be_seen_on_the_map(open_page: Callable[..., AppTest]) -> None:
    app = open_page(f='[["language","is","en"]]')
    shown = tiles(app)
    assert 0 < len(shown) < 20
    app.button(key="pictures_map").click().run()
    assert_good(app)
    selection = app.session_state["view_state"].selection
    assert selection == tuple(sorted(3 * tile["id"] for tile in shown))


def test_a_list_of_reviews_shows_its_pictures(open_page: Callable[..., AppTest], with_pictures: str) -> None:
    app = open_page("map", f='[["cluster","is",0]]')
    assert_good(app)
    given = component(app, "reviews")
    assert given
    assert all(bool(one["pictures"]) == (one["id"] % 3 == 0) for one in given)


def test_a_link_carries_no_picture(with_pictures: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    view = View(analysis=with_pictures, selection=(0, 3, 6), quotes=(0, 3))
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=TIMEOUT_S)
    app.session_state["language"] = "en"
    app.query_params["view"] = share.create_link(with_pictures, view, allow_text=True, redact=False)
    app.run()
    assert_good(app)
    cards = component(app, "reviews")
    assert {0, 3} <= {card["id"] for card in cards}
    assert not any(card["pictures"] for card in cards)
    assert not any("data:image" in one.proto.json for one in app.get("bidi_component"))


def test_a_model_that_is_gone_is_told_and_the_pictures_stay(
    open_page: Callable[..., AppTest], clip_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from pipelines.pictures import kept

    kept._model.cache_clear()
    weights = clip_folder / "model.safetensors"
    weights.rename(clip_folder / "away")
    try:
        app = open_page()
        app.text_input(key="pictures_words").set_value("green").run()
        assert not app.exception
        assert "safetensors" in app.error[0].value
        assert len(tiles(app)) == 20
    finally:
        (clip_folder / "away").rename(weights)


def test_an_analysis_without_pictures_says_how_to_have_some(start: Callable[..., AppTest]) -> None:
    app = start().switch_page("pages/more/pictures.py").run()
    assert_good(app)
    assert "This analysis has no pictures" in words(app)


def test_no_more_are_sent_than_a_list_can_bear(with_pictures: str) -> None:
    from pipelines.store.reader import open_bundle

    path = library.latest_bundle(with_pictures)
    assert path is not None
    bundle = open_bundle(path)
    assert sum(map(len, thumbnails.of_rows(bundle, [0] * 500))) == thumbnails.MOST
    assert thumbnails.of_rows(None, [0, 1]) == [[], []]
