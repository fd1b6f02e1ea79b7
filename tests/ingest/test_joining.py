"""One text of several cells: a title before it, two halves of a review."""

import pandas as pd
import pytest

from pipelines.ingest import guess_roles, to_reviews
from pipelines.ingest.meaning.joining import join_sentences, title_and_text
from pipelines.types import Table


@pytest.mark.parametrize(
    ("title", "text", "joined"),
    [
        ("Warm place", "The soup was hot.", "Warm place. The soup was hot."),
        ("Warm place!", "The soup was hot.", "Warm place! The soup was hot."),
        ("很满意", "房间大", "很满意。房间大"),
        ("值得再来！", "房间大", "值得再来！房间大"),
        ("The room was", "The room was cold", "The room was cold"),
        ("The room was…", "the room was cold", "the room was cold"),
        ("Cold", "Cold", "Cold"),
        ("Five Stars", "The soup was hot.", "The soup was hot."),
        ("★★★★★", "The soup was hot.", "The soup was hot."),
        ("无标题", "房间大", "房间大"),
        ("NaN", "房间大", "房间大"),
        ("", "房间大", "房间大"),
        ("Warm place", "", "Warm place"),
        ("房间很大", "此用户未填写评价", "房间很大"),
    ],
)
def test_a_title_before_the_text(title, text, joined):
    assert title_and_text(title, text) == joined


@pytest.mark.parametrize(
    ("parts", "joined"),
    [
        (["The lift was broken", "Soft beds"], "The lift was broken. Soft beds"),
        (["空间大。", "油耗高"], "空间大。油耗高"),
        (["No Negative", "Soft beds"], "Soft beds"),
        (["No Negative", "No Positive"], ""),
        ([], ""),
    ],
)
def test_halves(parts, joined):
    assert join_sentences(parts) == joined


def test_titles_are_joined_where_a_person_asks_for_it():
    frame = pd.DataFrame({"title": ["Warm place", ""], "review": ["The soup was hot", "Kind staff here"]}).astype("str")
    table = Table(frame, "utf-8", ",", header=True)
    roles = guess_roles(table)
    assert to_reviews(table, roles).text[0] == "The soup was hot"
    assert to_reviews(table, roles, join_title=True).text == ["Warm place. The soup was hot", "Kind staff here"]
