"""Parts hold what was put in, and are as small as promised."""

import json
import zlib

import numpy as np
import pytest

from pipelines.map import pack
from pipelines.map.colour import colour_by
from tests.sample_bundle import parts


def unpack(part: bytes):
    """What static/map/pack.js does."""
    assert part[:4] == pack.MAGIC
    size = int.from_bytes(part[4:8], "little")
    header = json.loads(part[8 : 8 + size])
    body = part[8 + size :]
    arrays = {}
    for name, (dtype, offset, length) in header["arrays"].items():
        assert (8 + size + offset) % 8 == 0
        arrays[name] = np.frombuffer(body, dtype=dtype, count=length, offset=offset)
    return header["meta"], arrays


def test_round_trip():
    arrays = {"a": np.arange(5, dtype=np.uint8), "b": np.arange(3, dtype=np.float32), "c": np.zeros(0, dtype=np.uint16)}
    meta, found = unpack(pack.pack({"text": "评论 <b>"}, arrays))
    assert meta == {"text": "评论 <b>"}
    for name, array in arrays.items():
        np.testing.assert_array_equal(found[name], array)


def test_other_types_are_refused():
    with pytest.raises(TypeError):
        pack.pack({}, {"a": np.zeros(2)})
    with pytest.raises(TypeError):
        pack.pack({}, {"a": np.zeros((2, 2), dtype=np.uint8)})


def test_places_are_within_a_step_and_11_bytes_a_point():
    points = parts(2000).points.assign(unit_id=np.arange(2000) + 7)
    digest, part = pack.points_part(points)
    meta, arrays = unpack(part)
    assert meta["digest"] == digest
    assert len(part) <= 11 * len(points) + 1000
    for axis in pack.AXES:
        low, span = meta["ranges"][axis]
        np.testing.assert_allclose(low + arrays[axis] / 65_535 * span, points[axis], atol=span / 65_535)
    np.testing.assert_array_equal(arrays["flags"] & pack.OUTLIER_FLAG, points["is_outlier"])


def test_some_places_have_the_scale_of_all_and_say_where_they_stand():
    points = parts(400).points
    at = np.array([399, 3, 7])
    meta, arrays = unpack(pack.points_part(points, at)[1])
    whole_meta, whole = unpack(pack.points_part(points)[1])
    assert (meta["n"], meta["all"]) == (3, 400)
    assert meta["ranges"] == whole_meta["ranges"]
    assert arrays["at"].tolist() == at.tolist()
    for name in (*pack.AXES, "flags"):
        assert arrays[name].tolist() == whole[name][at].tolist()


def test_a_place_that_is_not_known_is_packed_without_a_warning():
    points = parts(20).points
    points.loc[4, ["x2", "y3"]] = np.nan
    _, arrays = unpack(pack.points_part(points)[1])
    assert arrays["x2"][4] == arrays["y3"][4] == 0
    assert max(arrays["x2"].max(), arrays["y2"].max()) == 65_535


def test_the_digest_follows_the_places():
    points = parts(50).points
    assert pack.points_part(points)[0] == pack.points_part(points.copy())[0]
    assert pack.points_part(points)[0] != pack.points_part(points.assign(x2=points["y2"]))[0]


@pytest.mark.parametrize("n", [0, 1, 2, 3])
def test_few_or_equal_places(n):
    points = parts(n).points.assign(x2=np.float32(1), y2=np.float32(1))
    meta, arrays = unpack(pack.points_part(points)[1])
    assert meta["n"] == n
    assert (arrays["x2"] == 0).all()


def test_periods_travel_as_a_byte_a_point():
    index = np.array([0, 255, 1], dtype=np.uint8)
    digest, part = pack.periods_part(index, [("2025-01-01", "2025-01-31"), ("2025-02-01", "2025-02-28")])
    meta, arrays = unpack(part)
    assert meta == {"periods": [["2025-01-01", "2025-01-31"], ["2025-02-01", "2025-02-28"]], "digest": digest}
    np.testing.assert_array_equal(arrays["period"], index)
    assert pack.periods_part(index, []) is None


def test_a_filter_is_a_bit_a_point():
    sample = parts(8000)
    mask = sample.points["sentiment"].to_numpy() > 0
    part = pack.pack({}, pack.look_arrays(mask, None))
    assert len(part) <= len(mask) / 8 + 300
    bits = np.unpackbits(unpack(part)[1]["mask"], bitorder="little")[: len(mask)].astype(bool)
    np.testing.assert_array_equal(bits, mask)
    assert pack.look_arrays(np.ones(8000, dtype=bool), None) == {}


@pytest.mark.parametrize("column", ["topic", "sentiment"])
def test_a_recolour_is_below_a_byte_a_point(column):
    sample = parts(8000)
    colour = colour_by(sample.points, sample.rows, column, sample.summary["topics"])
    digest, part = pack.paint_part(colour.index)
    assert len(part) <= len(sample.points)
    meta, arrays = unpack(part)
    assert meta == {"digest": digest}
    assert zlib.decompress(arrays["index"].tobytes()) == colour.index.tobytes()


def test_snippets_are_short_single_lines():
    assert pack.snippet("  a\n\tb\u2028c ") == "a b c"
    assert len(pack.snippet("word " * 100)) <= pack.SNIPPET_CHARS


def test_labels_stand_at_the_median_largest_first():
    sample = parts()
    labels = pack.labels(sample.points, sample.summary["topics"])
    assert [label["n"] for label in labels] == sorted((label["n"] for label in labels), reverse=True)
    own = sample.points[sample.points["cluster"] == labels[0]["id"]]
    assert labels[0]["at"][0] == pytest.approx(float(own["x2"].median()), abs=1e-3)
    assert pack.labels(sample.points.iloc[:0], sample.summary["topics"]) == []


def test_a_topic_without_a_known_place_has_no_label():
    sample = parts()
    topics = sample.summary["topics"]
    first, second = (topic["id"] for topic in topics[:2])
    points = sample.points.copy()
    points.loc[points["cluster"] == first, ["x2", "y2"]] = np.nan
    points.loc[points.index[points["cluster"] == second][0], "x3"] = np.nan
    labels = pack.labels(points, topics)
    assert {label["id"] for label in labels} == {topic["id"] for topic in topics} - {first}
    assert np.isfinite([label["at"] for label in labels]).all()


def test_positions_leave_out_unknown_units():
    points = parts(20).points
    assert pack.positions_of([3, 99, 1], points).tolist() == [1, 3]


def test_a_large_selection_is_bits_and_a_small_one_positions():
    everything = np.ones(800, dtype=bool)
    few, many = np.array([3, 700], dtype=np.uint32), np.arange(0, 800, 2, dtype=np.uint32)
    assert pack.look_arrays(everything, few)["selection"].tolist() == [3, 700]
    bits = pack.look_arrays(everything, many)
    assert "selection" not in bits
    assert np.flatnonzero(np.unpackbits(bits["selected"], bitorder="little")).tolist() == many.tolist()
