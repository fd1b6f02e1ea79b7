"""What the one-page picture is drawn from: the slice's figures and quotes or typical reviews, masked or hidden."""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pytest

from pipelines.export.html import report
from pipelines.export.picture import ARRAYS, MOST_VOICES, QUOTES, TYPICAL
from pipelines.redact import MARKS
from pipelines.store.bundle import write_bundle
from pipelines.store.reader import open_bundle
from pipelines.view import Filter, View
from tests import sample_bundle as made

PHONE = "13800138000"


@pytest.fixture(scope="module")
def bundle(tmp_path_factory):
    return made.sample_bundle(tmp_path_factory.mktemp("picture"), 120)


def drawn(bundle, **options):
    options = {"view": None, "redact": False, "allow_text": True, "language": "en", **options}
    return report(bundle, **options).picture


def test_it_says_the_slices_figures(bundle):
    view = View(filters=(Filter("cluster", "in", (1, 2)),), note="Look", colour="sentiment")
    facts = drawn(bundle, view=view)["facts"]
    part = bundle.points[bundle.points["cluster"].isin([1, 2])]
    assert facts["cards"]["reviews"] == len(part)
    assert facts["total"] == 120
    assert facts["split"] == {
        label: int((part["sentiment_label"] == label).sum()) for label in ("negative", "neutral", "positive")
    }
    n = part["cluster"].value_counts()
    assert facts["stability"] == pytest.approx((n[1] * 0.7 + n[2] * 0.6) / len(part), abs=0.006)
    assert facts["note"] == "Look"
    assert [colour["light"]["column"] for colour in facts["colours"]] == ["sentiment"]
    assert "bundled" in facts["made_line"]
    assert bundle.created[:10] in facts["made_line"]
    assert drawn(bundle)["facts"]["stability"] == 0.74
    json.dumps(facts, allow_nan=False)


def test_the_quotes_come_first_else_typical_reviews_in_sight(bundle):
    facts = drawn(bundle, view=View(quotes=(30, 16, 21, 0, 5)))["facts"]
    assert (facts["voices_are"], [row["i"] for row in facts["voices"]]) == (QUOTES, [30, 16, 21])
    facts = drawn(
        bundle, view=View(filters=(Filter("cluster", "in", (1, 2)), Filter("unit_id", "between", (9, None))))
    )["facts"]
    assert facts["voices_are"] == TYPICAL
    assert len(facts["voices"]) <= MOST_VOICES
    for row in facts["voices"]:
        assert row["i"] >= 9
        assert bundle.points["cluster"][row["i"]] in (1, 2)


def test_masking_and_no_texts_hold(bundle):
    view = View(quotes=(16, 30), note="call 13800138000")
    facts = drawn(bundle, view=view, redact=True)["facts"]
    assert MARKS["phone"] in facts["voices"][0]["text"]
    assert PHONE not in json.dumps(facts)
    assert "hacked" not in facts["title"]
    assert drawn(bundle, view=view, allow_text=False)["facts"]["voices"] == []
    assert drawn(bundle, allow_text=False)["facts"]["voices"] == []


def test_of_the_points_it_takes_the_flat_map_and_one_colour(bundle):
    raw = drawn(bundle, view=View(selection=(3, 4)))["part"]
    header = json.loads(raw[8 : 8 + int.from_bytes(raw[4:8], "little")])
    assert set(header["arrays"]) == set(ARRAYS)
    assert set(header["meta"]["ranges"]) == {"x2", "y2"}
    assert len(raw) < 9 * 120 + 600


def test_own_places_and_topics_are_told(tmp_path):
    parts = made.parts(40)
    config = {**parts.config, "projection": "tsne", "label_column": "kind"}
    facts = drawn(open_bundle(write_bundle(tmp_path / "b", replace(parts, config=config))))["facts"]
    assert "places by t-SNE; topics by a column of the file" in facts["made_line"]


@pytest.mark.parametrize("n", [1, 2, 12])
def test_few_reviews_and_none_in_sight(tmp_path, n):
    few = made.sample_bundle(tmp_path, n)
    assert drawn(few)["facts"]["total"] == n
    facts = drawn(few, view=View(filters=(Filter("rating", "between", (9, 10)),)))["facts"]
    assert facts["voices"] == []
    assert np.sum(list(facts["split"].values())) == 0
