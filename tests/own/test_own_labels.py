"""Own topics: as the column says them, row by row, hostile values included; refused where they are no categories."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from pipelines.errors import UnusableInput
from pipelines.own import named
from pipelines.own.labels import MOST_TOPICS, Labels
from pipelines.types import Groups, Roles, Topic
from tests.own.test_own_places import alone, reviews, ring, units


def topics(labels: list[str]) -> list[str]:
    """The names that topics of these labels get."""
    return [topic.name for topic in named([Topic(i, "words", (), ()) for i in range(len(labels))], labels)]


def read(cells: list[str], kept: list[bool] | None = None) -> Labels:
    return Labels.read(reviews({"kind": cells}, kept), "kind")


def test_topics_are_numbered_by_how_often_they_occur():
    labels = read(["b", "a", "a", "", "c", "b", "a"])
    clusters, order = labels.clusters(units(list(range(7))), alone(7), ring(7))
    assert order == ("a", "b", "c")
    assert clusters.labels.tolist() == [1, 0, 0, -1, 2, 1, 0]
    assert not clusters.joined.any()
    assert np.isnan(clusters.stability).all()
    assert clusters.stability.shape == (3,)
    assert clusters.tree == {}
    assert str(labels.note(units(list(range(7))))).endswith("; 1 reviews have none there.")


def test_equal_texts_keep_each_its_own_label():
    groups = Groups(np.array([0, 0, 2, 0]), np.array([0, 2]))
    labels = read(["late", "rude", "late", "late"])
    clusters, order = labels.clusters(units([0, 1, 2, 3]), groups, ring(2, 1))
    assert [order[i] for i in clusters.labels] == ["late", "rude", "late", "late"]
    # The one neighbour's commonest label is "late".
    assert clusters.strength.tolist() == [1, 0, 1, 1]


def test_strength_is_the_share_of_neighbours_with_the_label():
    clusters, _ = read(["a", "a", "b", "a", ""]).clusters(units(list(range(5))), alone(5), ring(5, 2))
    assert clusters.strength.tolist() == [0.5, 0.5, 0, 0.5, 0]


def test_without_neighbours_what_the_person_says_holds():
    clusters, _ = read(["a"]).clusters(units([0]), alone(1), ring(1, 0))
    assert clusters.strength.tolist() == [1.0]


@pytest.mark.parametrize(
    ("cell", "label"),
    [
        ("  late\n delivery ", "late delivery"),
        ("物流　慢", "物流 慢"),
        ("\u202eevil\u202c", "evil"),
        ("a\u200bb\x00c", "ab c"),
        ("👨\u200d👩\u200d👧", "👨\u200d👩\u200d👧"),
        ("e\u0301", "é"),
        ("=cmd|' /C calc'!A0", "=cmd|' /C calc'!A0"),
        ("<img src=x onerror=alert(1)>", "<img src=x onerror=alert(1)>"),
        ("{n} {0} %s", "{n} {0} %s"),
        *((nothing, "") for nothing in ("", " ", "NaN", "NULL", "n/a", "\u200b", "\t\n")),
    ],
)
def test_a_label_is_its_text_on_one_line(cell, label):
    assert read(["other", cell]).by_row[1] == label


def test_names_are_short_and_differ():
    long = "x" * 200
    names = topics([long + "1", long + "2", "short", long + "3"])
    assert names == ["x" * 79 + "…", "x" * 79 + "… (2)", "short", "x" * 79 + "… (3)"]


@pytest.mark.parametrize("column", ["reviewerName", "用户名", "E-mail", "订单号", "who"])
def test_columns_that_tell_who_people_are_are_refused(column):
    given = reviews({column: ["ann", "ann", "bob"]})
    given = dataclasses.replace(given, roles=Roles({"user": "who"}))
    with pytest.raises(UnusableInput, match=f"“{column}” tells who people are"):
        Labels.read(given, column)


@pytest.mark.parametrize("n", [10_000, 2 * (MOST_TOPICS + 1)])
def test_too_many_labels_are_refused_with_advice(n):
    cells = [f"label {i if n == 10_000 else i // 2}" for i in range(n)]
    with pytest.raises(UnusableInput, match=r"different values for .* Choose a column of categories"):
        read(cells)


def test_as_many_as_can_be_looked_through_are_taken():
    labels = read([f"label {i // 2}" for i in range(2 * MOST_TOPICS)])
    assert len(set(labels.by_row)) == MOST_TOPICS


def test_a_few_reviews_may_have_a_label_each():
    assert len(set(read([str(i) for i in range(12)]).by_row)) == 12


@pytest.mark.parametrize(
    ("cells", "kept"), [(["", "nan", " "], None), (["a", "", ""], [False, True, True]), ([""], None)]
)
def test_an_empty_column_is_refused(cells, kept):
    with pytest.raises(UnusableInput, match="“kind” is empty"):
        read(cells, kept)


def test_a_column_that_is_not_there_is_refused():
    with pytest.raises(UnusableInput, match="no column “topic”; it has: kind"):
        Labels.read(reviews({"kind": ["a"]}), "topic")
