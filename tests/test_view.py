from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.address import from_query, to_query
from pipelines.map.colour import MISSING, colour_by
from pipelines.view import Filter, View, column_values, describe, mask

FULL = View(
    analysis="0123456789abcdef",
    filters=(
        Filter("topic", "is", "房间 & <b>"),
        Filter("row:门店", "in", ("北京店", "")),
        Filter("date", "between", ("2025-01-03", None)),
        Filter("rating", "between", (1.5, 4)),
        Filter("text", "contains", "Room"),
        Filter("cluster", "not", (-1, 2)),
        Filter("is_outlier", "is", True),
    ),
    colour="row:price",
    dims=3,
    camera={"eye": {"x": 1.25, "y": -0.5}, "range": [0.5, 2]},
    selection=(0, 1, 2, 7, 9),
    note="看这里 & there",
    page="check",
)
json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)


def test_quotes_keep_their_order_and_travel_in_no_address():
    view = View(quotes=(7, 2, 30))
    assert View.from_json(view.to_json()) == view
    assert to_query(view) == {}
    assert View.from_dict({"quotes": [7, -1, True, "4", 2, 7]}).quotes == (7, 2)
    assert len(View.from_dict({"quotes": list(range(5000))}).quotes) == 500
    assert View.from_dict({"quotes": "12"}).quotes == ()


@pytest.mark.parametrize("view", [View(), FULL])
def test_round_trips(view):
    assert View.from_json(view.to_json()) == view
    assert View.from_dict(json.loads(json.dumps(view.to_dict()))) == view
    assert from_query(to_query(view)) == view


def test_the_usual_view_is_an_empty_address():
    assert to_query(View()) == {}
    assert to_query(View(selection=())) == {"s": ""}
    assert from_query({"s": ""}).selection == ()


def test_long_selections_are_kept_by_digest():
    kept = {}

    def keep(selection):
        kept["ab" * 8] = selection
        return "ab" * 8

    selection = tuple(range(0, 4000, 2))
    query = to_query(View(selection=selection), keep)
    assert query == {"s": "~" + "ab" * 8}
    assert from_query(query, kept.get).selection == selection
    assert from_query(query).selection is None
    assert from_query({"s": "~../../etc"}, kept.get).selection is None
    assert to_query(View(selection=selection)) == {}
    assert to_query(View(selection=tuple(range(5000)))) == {"s": "0-4999"}


@pytest.mark.parametrize(
    ("filter_", "expected"),
    [
        (Filter("cluster", "is", 1), lambda p, r: p["cluster"] == 1),
        (Filter("cluster", "is", "1"), lambda p, r: p["cluster"] == 1),
        (Filter("topic", "in", ("topic 0", "topic 2")), lambda p, r: p["cluster"].isin([0, 2])),
        (Filter("topic", "not", "topic 0"), lambda p, r: p["cluster"] != 0),
        (Filter("topic", "is", ""), lambda p, r: p["cluster"] == -1),
        (Filter("rating", "is", 3), lambda p, r: p["rating"] == 3),
        (Filter("rating", "is", ""), lambda p, r: p["rating"].isna()),
        (Filter("rating", "between", (2, 3)), lambda p, r: p["rating"].isin([2, 3])),
        (Filter("rating", "between", (None, 2)), lambda p, r: p["rating"] <= 2),
        (Filter("is_outlier", "is", True), lambda p, r: p["is_outlier"]),
        (Filter("is_outlier", "is", "false"), lambda p, r: ~p["is_outlier"]),
        (Filter("date", "between", ("2025-01-02", "2025-01-03")), lambda p, r: p["date"].dt.day.isin([2, 3])),
        (Filter("date", "is", "2025-01-02"), lambda p, r: p["date"].dt.day == 2),
        (Filter("text", "contains", "ROOM 1"), lambda p, r: p["text"].str.contains("room 1")),
        (Filter("text", "contains", ".*"), lambda p, r: p["cluster"] < -5),
        (Filter("row:price", "between", (5, 10)), lambda p, r: r["price"] == "7"),
        (Filter("row:price", "is", ""), lambda p, r: r["price"] == ""),
        (Filter("row:price", "is", 7), lambda p, r: r["price"] == "7"),
        (
            Filter("row:when", "between", ("2025-01-05", "2025-01-06")),
            lambda p, r: r["when"].isin(["2025-01-05", "2025-01-06"]),
        ),
        (Filter("item", "is", "北京店"), lambda p, r: p["unit_id"] % 2 == 0),
        (Filter("duplicate_of", "is", 1), lambda p, r: p["unit_id"] == 4),
        (Filter("duplicate_of", "is", ""), lambda p, r: p["unit_id"] != 4),
        (Filter("nothing", "is", 1), lambda p, r: p["unit_id"] >= 0),
        (Filter("row:nothing", "is", 1), lambda p, r: p["unit_id"] >= 0),
        (Filter("cluster", "is", "one"), lambda p, r: p["unit_id"] < 0),
        (Filter("rating", "between", ("x", "y")), lambda p, r: p["rating"].notna()),
    ],
)
def test_mask(make_parts, filter_, expected):
    parts = make_parts(30)
    chosen = mask(parts.points, parts.rows, [filter_])
    assert chosen.dtype == bool
    np.testing.assert_array_equal(chosen, expected(parts.points, parts.rows).to_numpy())


def test_spaces_around_a_value_count_for_nothing_as_in_the_legend(make_parts):
    parts = make_parts(30)
    shops = np.array(["north", " north", "north\u00a0 ", "  ", "", "south"])[np.arange(30) % 6]
    rows = parts.rows.assign(shop=pd.array(shops, dtype="str"))
    colour = colour_by(parts.points, rows, "row:shop", [])
    for place, value in enumerate(colour.values):
        chosen = mask(parts.points, rows, [Filter("row:shop", "is", value)])
        np.testing.assert_array_equal(chosen, colour.index == place)
        assert chosen.sum() > 0
    np.testing.assert_array_equal(mask(parts.points, rows, [Filter("row:shop", "is", "")]), colour.index == MISSING)
    np.testing.assert_array_equal(
        mask(parts.points, rows, [Filter("row:shop", "is", " north")]),
        mask(parts.points, rows, [Filter("row:shop", "in", ("north",))]),
    )


def test_filters_add_up_and_a_short_number_finds_its_float32(make_parts):
    parts = make_parts(30)
    points = parts.points.assign(sentiment=np.float32(0.1))
    both = [Filter("sentiment", "is", 0.1), Filter("sentiment", "between", (0.1, 0.1)), Filter("cluster", "is", 0)]
    assert mask(points, parts.rows, both).sum() == (points["cluster"] == 0).sum() > 0
    assert mask(points, parts.rows, []).all()


def test_upload_columns_reach_every_unit_of_a_row(make_parts):
    parts = make_parts(6)
    points = parts.points.assign(row_id=[0, 0, 1, 3, 3, 5])
    assert column_values(points, parts.rows, "row:price").tolist() == ["19.5", "19.5", "7", "19.5", "19.5", ""]
    assert mask(points, parts.rows, [Filter("row:price", "is", "7")]).tolist() == [
        False,
        False,
        True,
        False,
        False,
        False,
    ]


def test_what_leaves_shows_nothing_where_a_column_is_not_there(make_parts):
    parts = make_parts(30)
    for column in ("nothing", "row:nothing", "row:kept"):
        filters = [Filter("cluster", "is", 0), Filter(column, "is", 1)]
        assert not mask(parts.points, parts.rows, filters, strict=True).any()
        assert mask(parts.points, parts.rows, filters).any()
    assert mask(parts.points, parts.rows, FULL.filters[1:3], strict=True).sum() == 0
    assert mask(parts.points, parts.rows, FULL.filters[2:3], strict=True).any()


def test_an_upload_column_called_like_one_of_ours_is_the_uploads_own(make_parts):
    parts = make_parts(6)
    rows = parts.rows.assign(**{"upload:kept": list("abcabc"), "upload:reason": "r", "upload:upload:kept": "deep"})
    assert column_values(parts.points, rows, "row:kept").tolist() == list("abcabc")
    assert column_values(parts.points, rows, "row:upload:kept").unique().tolist() == ["deep"]
    assert column_values(parts.points, rows, "row:row_id") is None
    assert mask(parts.points, rows, [Filter("row:kept", "is", "b")]).tolist() == [False, True, False] * 2


def test_no_units(make_parts):
    parts = make_parts(0)
    assert mask(parts.points, parts.rows, FULL.filters).shape == (0,)


def test_chips():
    parts = [describe(item) for item in FULL.filters]
    assert (parts[1].column, parts[1].is_upload, parts[1].op, parts[1].values) == ("门店", True, "in", ("北京店", ""))
    assert parts[2].values == ("2025-01-03", "")
    assert parts[3].values == ("1.5", "4")


@pytest.mark.parametrize(
    "hostile",
    [
        {"column": "x", "op": "drop table", "value": 1},
        {"column": "", "op": "is", "value": 1},
        {"column": 3, "op": "is", "value": 1},
        {"column": "x", "op": "is", "value": [1]},
        {"column": "x", "op": "is", "value": float("nan")},
        {"column": "x", "op": "in", "value": "abc"},
        {"column": "x", "op": "in", "value": [{}, []]},
        {"column": "x", "op": "between", "value": [1]},
        {"column": "x", "op": "between", "value": [None, None]},
        {"column": "x", "op": "between", "value": [1, "b"]},
        {"column": "x", "op": "between", "value": [True, False]},
        {"column": "x", "op": "between", "value": [float("inf"), 1]},
        {"column": "x", "op": "contains", "value": ""},
        {"column": "x", "op": "is", "value": "y" * 5000},
        {"column": "x", "op": ["is"], "value": 1},
        [],
        None,
        "is",
        7,
    ],
)
def test_hostile_filters_are_left_out_and_the_rest_stays(hostile):
    good = {"column": "topic", "op": "is", "value": "a"}
    assert View.from_dict({"filters": [hostile, good]}).filters == (Filter("topic", "is", "a"),)


@pytest.mark.parametrize(
    "query",
    [
        {"a": "../../etc/passwd", "d": "9", "p": "../x", "c": "x" * 900, "n": "n" * 9000, "s": "5-1", "cam": "[1]"},
        {"f": "[" * 100_000, "cam": "{" * 100_000, "s": "0-99999999999"},
        {"f": '{"a":1}', "cam": '{"x":1e999,"y":NaN}', "s": "1.x", "d": ["3"], "a": None, "p": 3, "n": b"x"},
        {"f": "9" * 5000, "s": "~" + "z" * 16},
    ],
)
def test_hostile_addresses_give_the_usual_view(query):
    assert from_query(query, lambda digest: (1,)) == View()


def test_limits():
    many = View.from_dict({"filters": [["x", "is", 1]] * 1000, "camera": {str(i): i for i in range(100)}})
    assert len(many.filters) == 30
    assert many.camera is None
    assert View.from_dict({"selection": [3, -1, True, "4", 2.5, 3, 1]}).selection == (1, 3)


@pytest.mark.parametrize("text", ["", "[]", "{", "null", "[" * 100_000])
def test_what_is_no_object_is_no_view(text):
    with pytest.raises(ValueError, match="not a JSON object"):
        View.from_json(text)


@given(json_values)
def test_anything_reads_as_a_view_that_round_trips(fields):
    for wrapped in (
        fields,
        {"filters": fields, "camera": fields, "selection": fields, "colour": fields, "note": fields, "quotes": fields},
    ):
        view = View.from_dict(wrapped)
        assert View.from_json(view.to_json()) == view
        assert from_query(to_query(view)) == replace(view, quotes=())


@given(st.dictionaries(st.sampled_from(["a", "f", "c", "d", "cam", "s", "n", "p"]), st.text(max_size=60)))
def test_any_address_reads_as_a_view(query):
    assert isinstance(from_query(query), View)
