"""Layouts that sites, shops and survey tools export, with rows of our own: every role found, and nothing mistaken."""

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from pipelines.ingest import guess_roles, to_reviews
from pipelines.types import Table

LAYOUTS = json.loads((Path(__file__).parent / "exports.json").read_text(encoding="utf-8"))
EN = LAYOUTS["glassdoor"]["columns"]["cons"]
MORE = LAYOUTS["glassdoor"]["columns"]["pros"]
ZH = LAYOUTS["马蜂窝"]["columns"]["评论内容"]
ZH_MORE = LAYOUTS["淘宝天猫"]["columns"]["追加评论"]
ZH_PEOPLE = LAYOUTS["马蜂窝"]["columns"]["评论名称"]


def table_of(columns, repeat=8):
    frame = pd.DataFrame({name: [str(value) for value in values] * repeat for name, values in columns.items()})
    return Table(frame.astype("str"), "utf-8", ",", header=True)


@pytest.mark.parametrize("layout", LAYOUTS)
def test_roles_of_an_export(layout):
    expected = LAYOUTS[layout]["roles"]
    table = table_of(LAYOUTS[layout]["columns"])
    roles = guess_roles(table)
    found = {role: name for role, name in roles.columns.items() if name}
    assert {role: found.get(role) for role in expected} == expected
    # What is found beyond is an extra (a second id, a site's name), never a wrong text, rating or date.
    assert not {"text", "rating", "date"} & (found.keys() - expected.keys())
    assert all(0.1 <= roles.confidence[role] < 1 for role in found)
    reviews = to_reviews(table, roles)
    assert list(reviews.scores) == LAYOUTS[layout]["scores"]
    assert reviews.kept.all()
    if reviews.rating is not None:
        assert np.isfinite(reviews.rating).all()
        assert reviews.rating[1] < 3.1 <= reviews.rating[0]
    assert reviews.date is None or not np.isnat(reviews.date).any()


def test_confidence_means_something():
    sure = guess_roles(table_of(LAYOUTS["携程"]["columns"]))
    assert min(sure.confidence[role] for role in ("text", "rating", "date")) >= 0.85
    aspects = guess_roles(table_of(LAYOUTS["拼多多"]["columns"]))
    assert aspects.confidence["rating"] < 0.5
    unnamed = guess_roles(table_of({"c1": (1, 2, 3), "c2": EN}))
    assert (unnamed.get("text"), 0.5 <= unnamed.confidence["text"] < 0.9) == ("c2", True)
    twins = guess_roles(table_of({"c1": MORE, "c2": EN}))
    assert twins.confidence["text"] < 0.5


def test_both_halves_of_a_review_are_read():
    columns = LAYOUTS["booking, two halves"]["columns"]
    reviews = to_reviews(table := table_of(columns), guess_roles(table))
    assert reviews.text[:3] == [MORE[0], MORE[1], f"{MORE[2]}. The bed was soft"]
    assert any("halves" in str(warning) for warning in reviews.warnings)
    chosen = to_reviews(table, guess_roles(table, {"text": "Positive_Review"}))
    assert chosen.text[2] == "The bed was soft"
    assert chosen.reason[1] == "default_praise"


def test_a_follow_up_is_the_text_only_where_no_other_is():
    assert guess_roles(table_of({"昵称": ZH_PEOPLE, "追评": ZH_MORE})).get("text") == "追评"
    assert guess_roles(table_of({"追评": ZH_MORE, "c": ZH})).get("text") == "c"


def test_a_rating_made_of_an_aspect_is_told():
    columns = LAYOUTS["飞猪, only aspects"]["columns"]
    reviews = to_reviews(table := table_of(columns), guess_roles(table))
    assert any("no overall score" in str(warning) for warning in reviews.warnings)


def test_a_stay_is_no_silent_date_of_the_review():
    columns = {"评论内容": ZH, "入住日期": ("2024-03-01", "2024-02-01", "2024-03-28")}
    table = table_of(columns)
    roles = guess_roles(table)
    assert roles.confidence["date"] < 0.5
    assert any(warning.column == "入住日期" for warning in to_reviews(table, roles).warnings)


def test_of_two_columns_of_text_the_fuller_one_is_the_text():
    columns = {"content": ["", "", MORE[0]], "review": EN}
    assert guess_roles(table_of(columns)).get("text") == "review"
