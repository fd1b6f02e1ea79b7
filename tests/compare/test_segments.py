"""What reviews can be split by, and that each segment's filters find exactly its units."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from pipelines.compare import OTHER, SELECTION, UNKNOWN, count, offered, selected, split
from pipelines.view import mask
from tests import sample_bundle

SHOP = "row:<b>shop</b>"


@pytest.fixture
def made():
    parts = sample_bundle.parts(240)
    rows = parts.rows.copy()
    rows.loc[:19, "<b>shop</b>"] = ""
    return parts.points, rows


def filtered_alike(points, rows, key) -> list[int]:
    """Sizes of the segments, each of which its filters find."""
    found = split(points, rows, key)
    for place, segment in enumerate(found.segments):
        assert (mask(points, rows, segment.filters) == (found.code == place)).all(), segment
    return [int((found.code == place).sum()) for place in range(len(found.segments))]


def test_what_is_offered(made):
    points, rows = made
    assert offered(points, rows, ["<b>shop</b>"]) == [SHOP, "language", "rating", "date"]
    assert offered(points.drop(columns=["rating", "date", "language"]), rows, []) == []
    # A column of the file that says the language already is not offered twice.
    told = rows.assign(lang=pd.array(points["language"], dtype="str"))
    assert offered(points, told, ["lang"]) == ["row:lang", "rating", "date"]
    assert "date" not in offered(points.assign(date=pd.Timestamp("2026-01-01")), rows, [])
    assert "rating" not in offered(points.assign(rating=np.float32(5)), rows, [])


def test_a_column(made):
    points, rows = made
    assert sum(filtered_alike(points, rows, SHOP)) == 220
    found = split(points, rows, SHOP)
    assert {segment.name for segment in found.segments} == {"north", "south", "<i>east</i>"}
    assert (found.code[:20] == UNKNOWN).all()
    assert split(points, rows, "row:nothing").segments == ()


def test_the_largest_of_many_products(made):
    points, rows = made
    many = points.assign(item=pd.array([f"item {i % 60}" if i < 120 else "large" for i in range(240)], dtype="str"))
    sizes = filtered_alike(many, rows, "item")
    found = split(many, rows, "item")
    assert len(sizes) == 40 and sizes[0] == 120 and found.segments[0].name == "large"
    assert (found.code == OTHER).sum() == 240 - sum(sizes)


@pytest.mark.parametrize("add", [0.0, 0.25, 0.499])
def test_bands_of_stars(made, add):
    points, rows = made
    rating = (points["rating"] + np.float32(add)).clip(upper=5).astype(np.float32)
    points = points.assign(rating=rating.mask(points["unit_id"] < 9))
    assert sum(filtered_alike(points, rows, "rating")) == 231
    assert [segment.name for segment in split(points, rows, "rating").segments] == ["1–2", "3", "4–5"]


@pytest.mark.parametrize(
    ("days", "first"),
    [
        (6, "2026-01-01"),
        (60, "2025-12-29 – 01-04"),
        (300, "2026-01"),
        (700, "2026 Q1"),
        (4000, "2026"),
        (30000, "2069"),
    ],
)
def test_periods_by_span(made, days, first):
    points, rows = made
    dates = pd.Timestamp("2026-01-01 10:00") + pd.to_timedelta(np.linspace(0, days, 240), unit="D")
    points = points.assign(date=pd.Series(dates).mask(points["unit_id"] == 3))
    found = split(points, rows, "date")
    assert found.segments[0].name == first
    assert 2 <= len(found.segments) <= 40
    filtered_alike(points, rows, "date")
    assert found.code[3] == UNKNOWN


def test_the_selection_against_the_rest(made):
    points, _rows = made
    # A review of two sentences is selected when one of them is.
    points = points.assign(row_id=points["row_id"] // 2)
    found = selected(points, (0, 5, 6))
    counted = count(points, [])
    codes = found.of_reviews(np.ones(240, dtype=bool), counted)
    assert found.key == SELECTION
    assert np.flatnonzero(codes == 0).tolist() == [0, 2, 3] and set(codes.tolist()) == {0, OTHER}


def test_nothing_at_all():
    parts = sample_bundle.parts(30)
    nothing = replace(parts, points=parts.points.iloc[:0]).points
    assert offered(nothing, parts.rows, []) == []
    assert split(nothing, parts.rows, SHOP).segments == ()
