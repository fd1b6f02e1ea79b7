"""The list of contradictions as a file: in its order, defused, masked where asked."""

from __future__ import annotations

import io

import pandas as pd

from pipelines.export.contradictions import contradictions_csv
from pipelines.sentiment.contradictions import of_points


def made() -> pd.DataFrame:
    return pd.DataFrame(
        {
            "row_id": [0, 1, 1, 2],
            "unit_id": [0, 1, 2, 3],
            "text": pd.array(["=1+1 wonderful", "太差了", "打13800138000投诉", "fine"], dtype="str"),
            "sentiment": pd.Series([0.95, -0.8, -0.6, 0.9], dtype="float32"),
            "rating": pd.Series([1, 5, 5, 5], dtype="float32"),
            "topic": pd.array(["a", "b", "b", "c"], dtype="str"),
            "date": pd.to_datetime(["2025-01-02", "2025-02-03", "2025-02-03", None]),
            "user": pd.array(["mia@example.com", "u2", "u2", "u3"], dtype="str"),
        }
    )


def read(content: bytes) -> pd.DataFrame:
    return pd.read_csv(io.BytesIO(content), encoding="utf-8-sig")


def test_the_list_as_it_is_ranked() -> None:
    points = made()
    table = read(contradictions_csv(of_points(points), points, bom=True))
    assert table["row"].tolist() == [1, 2] and table["stars"].tolist() == [1, 5]
    assert table["reading"].tolist() == ["positive", "negative"]
    assert table["text"].tolist() == ["'=1+1 wonderful", "太差了\n打13800138000投诉"]
    assert table["date"].tolist() == ["2025-01-02", "2025-02-03"]
    assert table["user"].tolist() == ["mia@example.com", "u2"]


def test_masked() -> None:
    points = made()
    content = contradictions_csv(of_points(points), points, redact=True)
    assert b"13800138000" not in content and b"example.com" not in content and b"user" not in content
    assert not content.startswith(b"\xef\xbb\xbf")
