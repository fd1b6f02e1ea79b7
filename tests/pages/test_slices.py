"""What sessions share: nobody's change reaches another's, every cache is bounded, an open popover stays open."""

from __future__ import annotations

import re

import numpy as np
import pytest
from streamlit.runtime.memory_uploaded_file_manager import MemoryUploadedFileManager

from pages.ui import slices
from pipelines.view import Filter, mask
from tests.conftest import ROOT
from tests.pages.conftest import assert_good
from tests.sample_bundle import sample_bundle

FILTERS = (
    (),
    (Filter("cluster", "is", 1),),
    (Filter("sentiment_label", "is", "negative"), Filter("rating", "between", (1, 3))),
)


@pytest.fixture
def bundle(home, tmp_path):
    return sample_bundle(tmp_path, 120)


@pytest.mark.parametrize("filters", FILTERS)
@pytest.mark.parametrize("selection", [None, (3, 4, 5, 60)])
def test_what_passes_is_what_the_mask_says(bundle, filters, selection):
    expected = mask(bundle.points, bundle.rows, filters)
    if selection:
        expected = expected & bundle.points["unit_id"].isin(selection).to_numpy()
    assert np.array_equal(slices.passing(bundle, filters, selection), expected)
    assert slices.points_of(bundle, filters, selection).equals(bundle.points[expected])


def test_no_two_choices_have_the_same_key(bundle):
    keys = [slices.digest(bundle, filters, chosen) for filters in FILTERS for chosen in (None, (1,), (1, 2))]
    assert len(set(keys)) == len(keys)


@pytest.mark.parametrize("filters", FILTERS)
def test_what_one_session_sets_on_its_points_no_other_sees(bundle, filters):
    mine = slices.points_of(bundle, filters)
    before = mine["rating"].copy()
    mine["rating"] = 0.0
    mine.loc[:, "text"] = "mine"
    assert slices.points_of(bundle, filters)["rating"].equals(before)
    assert "mine" not in set(bundle.points["text"])
    with pytest.raises(ValueError, match="read-only"):
        slices.passing(bundle, filters)[0] = True


def test_a_figure_is_reckoned_once(bundle):
    made = []
    for _session in range(3):
        assert slices.reckoned("name", slices.digest(bundle, ()), lambda: made.append(1) or 7) == 7
    assert slices.reckoned("other", slices.digest(bundle, ()), lambda: 8) == 8
    assert made == [1]


def test_the_first_ones_hold_no_other_texts(bundle):
    kept = slices.first(bundle.points, 3)
    assert kept.equals(bundle.points.head(3))
    assert kept["text"].array._pa_array.nbytes < bundle.points["text"].array._pa_array.nbytes / 10
    held = sum(b.size for chunk in kept["text"].array._pa_array.chunks for b in chunk.buffers() if b is not None)
    assert held < 4_000


def test_every_cache_of_the_pages_is_bounded():
    for path in (ROOT / "pages").rglob("*.py"):
        for decorator in re.findall(r"@st\.cache_\w+.*", path.read_text("utf-8")):
            assert "max_entries=" in decorator, f"{path}: {decorator}"
    for path in (ROOT / "pages").rglob("*.py"):
        assert "lru_cache(maxsize=None" not in path.read_text("utf-8")
        assert "@functools.cache\n" not in path.read_text("utf-8")


def test_what_others_save_meanwhile_does_not_close_a_popover(start, mine):
    from pipelines.store import library
    from pipelines.view import View

    app = start("check")
    (popover,) = (one for one in app.get("popover") if "Views" in one.proto.popover.label)
    library.save_view(mine, "of somebody else", View(analysis=mine))
    app.session_state["views"] = True
    app.run()
    assert_good(app)
    assert app.text_input(key="view_name") is not None
    (again,) = (one for one in app.get("popover") if "Views" in one.proto.popover.label)
    assert again.proto.popover.label == popover.proto.popover.label
    app.session_state["views"] = False
    app.run()
    (closed,) = (one for one in app.get("popover") if "Views" in one.proto.popover.label)
    assert closed.proto.popover.label.endswith("· 1")


def test_a_stored_upload_is_found_again_without_its_bytes(start, monkeypatch):
    kept = {}
    add_file = MemoryUploadedFileManager.add_file

    def noting(self, session_id, file):
        kept[file.file_id] = len(file.data)
        add_file(self, session_id, file)

    monkeypatch.setattr(MemoryUploadedFileManager, "add_file", noting)
    app = start("open")
    content = b"review,stars\n" + b"The hinge is stiff but it holds well enough.,4\n" * 40
    app.file_uploader(key="upload").set_value([("hinges.csv", content, "text/csv")]).run()
    assert_good(app)
    assert set(kept.values()) == {0}
    assert app.button(key="start") is not None
    assert {one.getvalue() for one in app.session_state["upload"]} == {b""}
