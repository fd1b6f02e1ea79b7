"""Answers over the real samples: what they cite, what they count, and when they say that there is too little."""

from __future__ import annotations

import json

import numpy as np
import pytest

from benchmarks.asking import COUNTING, ask_all, counts_equal
from pipelines.answer import as_json, prepare, reply
from pipelines.answer.evidence import diverse
from pipelines.errors import UnusableInput


def test_most_answers_cite_a_review_that_answers_and_none_that_does_not_exist(coffee, hotels, travel) -> None:
    told = [ask_all(name, bundle) for name, bundle in
            (("coffee_machines", coffee), ("hotels_zh", hotels), ("travel_app_mixed", travel))]  # fmt: skip
    assert sum(one.questions for one in told) == 30 and sum(one.unanswered for one in told) == 15
    assert sum(one.missing for one in told) == 0
    assert sum(one.hit for one in told) >= 26
    assert sum(one.right for one in told) / sum(one.cited for one in told) >= 0.6
    assert sum(one.thin_right for one in told) >= 14


@pytest.mark.parametrize("name", sorted(COUNTING))
def test_counts_equal_a_count_by_pandas_over_the_rows_shown(name, coffee, hotels, travel) -> None:
    bundle = {"coffee_machines": coffee, "hotels_zh": hotels, "travel_app_mixed": travel}[name]
    assert [question for question in COUNTING[name] if not counts_equal(bundle, question)] == []


def test_a_count_names_its_threshold_and_no_model_is_asked_for_it(coffee) -> None:
    class Untouched:
        name = "never"

    answer = reply(coffee, prepare(coffee, "how many complain about delivery, by country?"), model=Untouched())
    told = as_json(coffee, answer)
    assert told["kind"] == "count" and told["model"] is None and 0 < told["threshold"] < 1
    assert told["count"] == len(set(told["sentences"][0]["row_ids"])) > 10
    assert told["groups"][0]["value"] == "Canada" and sum(one["count"] for one in told["groups"]) == told["count"]
    stars = coffee.points.set_index("row_id").loc[told["sentences"][0]["row_ids"], "rating"]
    assert not (stars == 5).any()


def test_only_reviews_in_sight_are_counted_and_quoted(coffee) -> None:
    allowed = (coffee.points["rating"] == 1).to_numpy()
    for question in ("how many mention the app?", "What do people say about the app?"):
        told = as_json(coffee, reply(coffee, prepare(coffee, question, allowed=allowed)))
        rows = {row for sentence in told["sentences"] for row in sentence["row_ids"]}
        assert rows and rows <= set(coffee.points.loc[allowed, "row_id"])


def test_what_people_complain_about_names_topics(coffee) -> None:
    told = as_json(coffee, reply(coffee, prepare(coffee, "What do customers complain about?")))
    assert told["kind"] == "answer" and sum("topic" in one["text"] for one in told["sentences"]) >= 2


def test_every_sentence_of_an_answer_cites(coffee, hotels) -> None:
    for bundle, question in ((coffee, "What do customers say about delivery?"), (hotels, "客人对早餐怎么看？")):
        told = as_json(bundle, reply(bundle, prepare(bundle, question)))
        assert told["kind"] == "answer" and all(one["row_ids"] for one in told["sentences"])
        json.dumps(told)


def test_empty_and_endless_questions_say_what_to_do(coffee) -> None:
    for text in ("", "   ", "x" * 501):
        with pytest.raises(UnusableInput):
            prepare(coffee, text)
    for text in ("?", "💥💥", "）（", "\u202e\u0000", "how many", "多少条", "by store", "' OR 1=1 --", "{n}%s"):
        assert reply(coffee, prepare(coffee, text)).kind in ("thin", "answer", "count")


def test_diverse_takes_the_best_first_and_then_what_differs() -> None:
    vectors = np.array([[1, 0], [0.999, 0.04], [0, 1]], dtype=np.float32)
    relevance = np.array([1.0, 0.95, 0.6], dtype=np.float32)
    assert diverse(vectors, relevance, 2, 0.7).tolist() == [0, 2]
    assert diverse(vectors, relevance, 2, 1.0).tolist() == [0, 1]
    assert diverse(vectors[:0], relevance[:0], 2, 0.7).tolist() == []


def test_what_is_denied_counts_the_others(coffee) -> None:
    def told(text):
        return as_json(coffee, reply(coffee, prepare(coffee, text)))

    said, denied = (
        told("How many mention the grinder, by country?"),
        told("How many do not mention the grinder, by country?"),
    )
    total = coffee.points["row_id"].nunique()
    assert 0 < said["count"] < total and denied["count"] == total - said["count"]
    assert "do not speak of “grinder”" in denied["sentences"][0]["text"]
    assert {*said["sentences"][0]["row_ids"]}.isdisjoint(denied["sentences"][0]["row_ids"])
    of_country = {one["value"]: (one["count"], one["of"]) for one in said["groups"]}
    assert {one["value"]: (one["of"] - one["count"], one["of"]) for one in denied["groups"]} == of_country


def test_of_stars_alone_the_share_is_of_all_and_filters_are_said(coffee) -> None:
    told = as_json(coffee, reply(coffee, prepare(coffee, "How many 1-star reviews are there?")))
    ones = coffee.points.loc[coffee.points["rating"] == 1, "row_id"].nunique()
    assert told["count"] == ones and told["sentences"][0]["text"].startswith(
        f"{ones:,} of {coffee.points['row_id'].nunique():,} reviews"
    )
    assert told["notes"] == ["Counted are only reviews with rating: 1."]


def test_an_empty_slice_has_no_nan(coffee) -> None:
    none = (coffee.points["rating"] > 1).to_numpy()
    prepared = prepare(coffee, "How many 1-star reviews mention noise?", allowed=none)
    told = as_json(coffee, reply(coffee, prepared))
    assert told["count"] == 0 and "nan" not in told["sentences"][0]["text"]


def test_a_hidden_topic_is_not_named(coffee) -> None:
    from pipelines.answer.count import topics_called

    topic = coffee.summary["topics"][0]
    subject = str(topic["keywords"][0][0])
    assert int(topic["id"]) in topics_called(coffee, subject)
    topic["hidden"] = 7
    try:
        assert int(topic["id"]) not in topics_called(coffee, subject)
    finally:
        del topic["hidden"]
