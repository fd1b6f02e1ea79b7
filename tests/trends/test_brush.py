"""The periods that a map plays."""

import numpy as np
import pandas as pd

from pipelines.trends.brush import NONE, brush_periods


def test_each_unit_has_its_period_and_those_without_a_date_none():
    points = pd.DataFrame(
        {"date": pd.to_datetime(["2025-03-02", None, "2025-01-31", "2025-12-24"])}, index=[9, 3, 7, 5]
    )
    index, periods = brush_periods(points)
    assert index.tolist() == [2, NONE, 0, 11]
    assert (periods[0], periods[-1]) == (("2025-01-01", "2025-01-31"), ("2025-12-01", "2025-12-31"))


def test_too_many_months_are_years():
    points = pd.DataFrame({"date": pd.date_range("1980-01-01", "2020-06-01", freq="90D")})
    index, periods = brush_periods(points)
    assert len(periods) == 41
    assert periods[0] == ("1980-01-01", "1980-12-31")
    assert index.max() == 40


def test_nothing_to_play():
    for dates in ([], [pd.NaT, pd.NaT], [pd.Timestamp("2025-01-01")] * 3):
        index, periods = brush_periods(pd.DataFrame({"date": pd.Series(dates, dtype="datetime64[ns]")}))
        assert periods == []
        assert (index == NONE).all()
    assert brush_periods(pd.DataFrame({"text": ["a"]}))[1] == []
    assert np.array_equal(brush_periods(pd.DataFrame({"text": ["a"]}))[0], [NONE])
