"""Quotes as text and in the report: with topic and stars beside each, masked as chosen, chosen texts only."""

from __future__ import annotations

import json
import re

import pytest

from pipelines.export.html import report_html
from pipelines.export.quotes import quote_rows, quotes_text
from pipelines.redact import MARKS
from pipelines.view import Filter, View
from pipelines.words import catalogue
from tests.sample_bundle import HOSTILE, sample_bundle

PHONE = "13800138000"


@pytest.fixture(scope="module")
def bundle(tmp_path_factory):
    return sample_bundle(tmp_path_factory.mktemp("quotes"), 60)


def facts(page: str) -> dict:
    found = re.search(r'<script type="application/json" id="report_data">(.*?)</script>', page, re.S)
    assert found is not None
    return json.loads(found[1])


def test_text_has_each_quote_with_stars_topic_date_and_row(bundle):
    said = quotes_text(bundle.points, [21, 16], catalogue("en").gettext, redact=False)
    first, second = said.split("\n\n")
    one = bundle.points.iloc[21]
    assert first == (
        f"“{one['text']}”\n— {one['rating']:g} of 5 stars · {one['topic'] or 'no clear topic'} · "
        f"{one['date']:%Y-%m-%d} · row 22"
    )
    assert PHONE in second
    masked = quotes_text(bundle.points, [21, 16], catalogue("zh").gettext, redact=True)
    assert PHONE not in masked
    assert MARKS["phone"] in masked


def test_hostile_texts_stay_as_they_are_written(bundle):
    said = quotes_text(bundle.points, range(len(HOSTILE)), catalogue("en").gettext, redact=False)
    assert all(text.strip() in said for text in bundle.points["text"][: len(HOSTILE)])


def test_units_that_are_not_there_are_left_out(bundle):
    bare = bundle.points.drop(columns=["rating", "date"])
    rows = quote_rows(bare, [5, 999, 4], redact=False)
    assert [(row["i"], row["rating"], row["date"]) for row in rows] == [(5, None, ""), (4, None, "")]


def test_the_report_has_the_quotes_even_outside_its_filters(bundle):
    inside = int(bundle.points.index[bundle.points["cluster"] == 1][0])
    outside = int(bundle.points.index[(bundle.points["cluster"] == 2) & (bundle.points["unit_id"] > 20)][0])
    view = View(filters=(Filter("cluster", "is", 1),), quotes=(outside, inside))
    page = report_html(bundle, view=view, redact=False, allow_text=True, language="en")
    assert [(one["i"], one["inside"]) for one in facts(page)["quotes"]] == [(outside, False), (inside, True)]
    assert facts(page)["quotes"][0]["text"] == bundle.points["text"][outside]


def test_masking_and_no_texts_hold_for_quotes_too(bundle):
    view = View(quotes=(16, 0))
    page = report_html(bundle, view=view, redact=True, allow_text=True, language="en")
    assert MARKS["phone"] in facts(page)["quotes"][0]["text"]
    assert PHONE not in page
    page = report_html(bundle, view=view, redact=False, allow_text=False, language="en")
    assert facts(page)["quotes"] == []
