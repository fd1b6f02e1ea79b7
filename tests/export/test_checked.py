"""What a report and tables say of odd reviews, bursts, spot checks and mentions."""

from __future__ import annotations

import csv
from dataclasses import replace

import pandas as pd
import pytest

from pipelines import odd
from pipelines.defusing import ADDED, added_at_end
from pipelines.export.checked import SPOT_CHECK
from pipelines.export.tables import full_table, write_table
from pipelines.store.bundle import write_bundle
from pipelines.store.reader import Bundle, open_bundle
from tests import sample_bundle
from tests.export.test_html import data, make

FIGURES = {
    "topic": {"right": 17, "asked": 20, "low": 0.64, "high": 0.948},
    "sentiment": {"right": 9, "asked": 10, "low": 0.6, "high": 0.98},
}


@pytest.fixture
def whole(tmp_path) -> Bundle:
    """With a burst of 21, and checked by hand."""
    made = sample_bundle.parts(120)
    points = made.points.copy()
    points.loc[100:119, "duplicate_of"] = 99
    points.loc[99:119, "date"] = pd.Timestamp("2026-03-03")
    points.loc[0:13, "is_outlier"] = True
    summary = {**made.summary, SPOT_CHECK: FIGURES}
    return open_bundle(write_bundle(tmp_path / "whole", replace(made, points=points, summary=summary)))


@pytest.fixture
def sentences(tmp_path) -> Bundle:
    """Forty reviews of three sentences each."""
    made = sample_bundle.parts(120)
    points = made.points.assign(row_id=made.points["unit_id"] // 3)
    rows = made.rows.head(40)
    config = {**made.config, "unit": "sentence"}
    summary = {**made.summary, "rows": 40, "kept": 40}
    parts = replace(made, points=points, rows=rows, config=config, summary=summary)
    return open_bundle(write_bundle(tmp_path / "sentences", parts))


def test_the_report_says_what_a_spot_check_found(whole):
    facts = data(make(whole), "report_data")
    assert facts["spot"] == (
        "Spot check of reviews drawn at random: topic right for 17 of 20 (95 %: 64% to 95%), "
        "sentiment right for 9 of 10 (95 %: 60% to 98%)."
    )
    assert data(make(whole, redact=True), "report_data")["spot"] == facts["spot"]


def test_without_one_it_says_nothing(tmp_path):
    assert data(make(sample_bundle.sample_bundle(tmp_path, 60)), "report_data")["spot"] == ""


def test_odd_reviews_have_their_signs(whole):
    facts = data(make(whole), "report_data")
    told = {row["i"]: row["reason"] for row in facts["odd"]}
    machine_made = [reason for reason in told.values() if "Looks machine-made" in reason]
    assert machine_made
    assert all("ten nearest" in reason or "nearest review" in reason for reason in told.values())


def test_no_word_of_a_text_is_in_a_report_without_texts(tmp_path):
    made = sample_bundle.parts(120)
    points = made.points.copy()
    texts = points["text"].tolist()
    texts[20] = "I love my {secretword}, which stands in my kitchen and hums a little."
    texts[21] = "Zymurgy quokka xylophone rutabaga, said the secretword to the other one."
    points["text"] = pd.array(texts, dtype="str")
    points.loc[[20, 21], "is_outlier"] = True
    bundle = open_bundle(write_bundle(tmp_path / "b", replace(made, points=points)))
    assert any(sign.values.get("found") for sign in odd.of(bundle).of(20))
    page = make(bundle, allow_text=False)
    assert "secretword" not in page
    assert "quokka" not in page


def test_bursts_come_first_and_are_told(whole):
    (group,) = data(make(whole), "report_data")["duplicates"]
    assert group["burst"].startswith("A burst: 21 of them between 2026-03-03 and 2026-03-03")


def test_mentions_stand_beside_reviews_where_reviews_are_cut(sentences, whole):
    facts = data(make(sentences), "report_data")
    assert facts["hasMentions"]
    assert sum(topic["mentions"] for topic in facts["topics"]) == 120
    assert all(topic["mentions"] >= topic["reviews"] for topic in facts["topics"])
    assert not data(make(whole), "report_data")["hasMentions"]


def test_tables_name_every_topic_of_a_review(sentences, whole, tmp_path):
    table = full_table(sentences)
    assert table.columns.tolist()[-len(ADDED) - 1 :] == ["mentions", *ADDED]
    first = sentences.points[sentences.points["row_id"] == 0]
    counts = first.loc[first["topic"] != "", "topic"].value_counts()
    assert {*table["mentions"].iloc[0].split("; ")} == {f"{name} ({n})" for name, n in counts.items()}
    assert "mentions" not in full_table(whole)
    write_table(sentences, tmp_path / "t.csv", "csv")
    with (tmp_path / "t.csv").open(encoding="utf-8", newline="") as file:
        head = next(csv.reader(file))
    assert added_at_end(head) == ["mentions", *ADDED]
    assert added_at_end(["text", "reply", "mentions", *ADDED]) == ["reply", "mentions", *ADDED]
    assert added_at_end(["text", "reply", *ADDED]) == ["reply", *ADDED]
    assert added_at_end(["mentions", *ADDED]) == [*ADDED]
