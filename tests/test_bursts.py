from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from pipelines.bursts import COLUMNS, repeated_groups


def points(n: int = 400, days: int = 200, seed: int = 0) -> pd.DataFrame:
    random = np.random.default_rng(seed)
    return pd.DataFrame(
        {
            "row_id": np.arange(n),
            "unit_id": np.arange(n),
            "text": pd.array([f"text {i}" for i in range(n)], dtype="str"),
            "duplicate_of": pd.array([None] * n, dtype="Int64"),
            "date": pd.Timestamp("2025-03-01") + pd.to_timedelta(random.integers(0, days, n), unit="D"),
            "user": pd.array([f"u{i}" for i in range(n)], dtype="str"),
        }
    )


def repeat(table: pd.DataFrame, units: list[int], days: list[int] | None = None) -> None:
    table.loc[units[1:], "duplicate_of"] = units[0]
    if days is not None:
        table.loc[units, "date"] = [pd.Timestamp("2025-05-20") + pd.Timedelta(days=day) for day in days]


def test_a_planted_burst_is_told_with_its_window():
    table = points()
    repeat(table, [3, 10, 20, 30, 40, 50, 60], [0, 0, 1, 1, 1, 0, 80])
    repeat(table, [5, 15, 25, 35, 45, 55, 65, 75])
    found = repeated_groups(table)
    first, second = found.to_dict("records")
    assert (first["first"], first["n"], first["burst"]) == (3, 7, 6)
    assert (first["end"] - first["start"]).days == 1
    assert first["burst_users"] == 6
    assert first["p"] < 1e-4
    assert first["expected"] < 1
    assert pd.isna(second["burst"])
    assert second["n"] == 8


def test_few_or_undated_repeats_are_no_burst():
    table = points()
    repeat(table, [3, 10], [0, 0])
    assert repeated_groups(table)["burst"].isna().all()
    repeat(table, [3, 10, 20, 30], [0, 0, 0, 0])
    assert repeated_groups(table)["burst"].notna().all()
    assert repeated_groups(table.assign(date=pd.NaT))["burst"].isna().all()
    assert repeated_groups(table.drop(columns=["date", "user"]))["burst"].isna().all()


def test_nothing_repeated():
    found = repeated_groups(points())
    assert found.empty
    assert {*COLUMNS} <= {*found.columns}


def test_a_file_of_one_busy_week_has_no_burst():
    """All reviews fall into the week in which the repeats do: the file's own rate explains them."""
    table = points(days=5)
    repeat(table, [1, 2, 3, 4, 5, 6, 7, 8])
    assert repeated_groups(table)["burst"].isna().all()


@pytest.mark.parametrize("spread", ["even", "seasonal"])
def test_chance_alone_is_hardly_ever_a_burst(spread):
    """120 files of ten groups each, members dated as the file is: 1 in 100 files at most has a burst (p < 0.01)."""
    random = np.random.default_rng(7)
    alarms = 0
    for _ in range(120):
        table = points(300, 150, int(random.integers(1 << 30)))
        if spread == "seasonal":
            day = np.minimum(random.exponential(20, 300).astype(int), 149)
            table["date"] = pd.Timestamp("2025-03-01") + pd.to_timedelta(day, unit="D")
        for group in random.permutation(300)[:60].reshape(10, 6):
            repeat(table, sorted(group.tolist()))
        alarms += bool(repeated_groups(table)["burst"].notna().any())
    assert alarms <= 4
