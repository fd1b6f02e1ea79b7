"""Intervals and tests against published and exact values."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from pipelines.compare import intervals, mean_of, tested


def test_wilson_as_published():
    # Newcombe (1998), "Two-sided confidence intervals for the single proportion", table I, method 3.
    low, high = intervals.wilson([81, 15, 0, 1], [263, 148, 20, 29])
    assert low == pytest.approx([0.2553, 0.0624, 0.0, 0.0061], abs=5e-5)
    assert high == pytest.approx([0.3662, 0.1605, 0.1611, 0.1718], abs=5e-5)
    assert np.isnan(intervals.wilson(0, 0)[0])


def test_difference_of_shares_as_published():
    # Newcombe (1998), "Interval estimation for the difference between independent proportions", table II, method 10.
    a, n_a, b, n_b = np.array([[56, 9, 10], [70, 10, 10], [48, 3, 0], [80, 10, 20]], dtype=float)
    low, high = intervals.difference(a / n_a, intervals.wilson(a, n_a), b / n_b, intervals.wilson(b, n_b))
    assert low == pytest.approx([0.0524, 0.1705, 0.6791], abs=5e-5)
    assert high == pytest.approx([0.3339, 0.8090, 1.0], abs=5e-5)


def test_log_odds_by_hand():
    value, low, high = intervals.log_odds(10, 30, 5, 45)
    assert value == pytest.approx(np.log((10.5 / 20.5) / (5.5 / 40.5)))
    margin = 1.959964 * np.sqrt(1 / 10.5 + 1 / 20.5 + 1 / 5.5 + 1 / 40.5)
    assert (low, high) == (pytest.approx(value - margin), pytest.approx(value + margin))
    assert np.isfinite(intervals.log_odds(0, 10, 10, 10)).all()


def test_means_with_intervals():
    values = np.array([1.0, 2, 2, 5, 4])
    by_scipy = stats.ttest_1samp(values, 0).confidence_interval(0.95)
    assert mean_of(values) == (pytest.approx(2.8), pytest.approx(by_scipy.low), pytest.approx(by_scipy.high))
    assert mean_of(np.array([3.0]))[0] == 3 and np.isnan(mean_of(np.array([3.0]))[1])
    assert np.isnan(mean_of(np.array([]))).all()


def bounded(values, common, common_variance):
    values = np.array(values, dtype=float)
    fields = (values.mean(), values.var(ddof=1), float(len(values)), common, common_variance)
    return intervals.bounded_mean(*(np.array(field) for field in fields))


def test_a_mean_of_many_has_the_usual_interval():
    rng = np.random.default_rng(0)
    values = rng.beta(3, 2, 5000)
    low, high = bounded(values, values.mean(), values.var(ddof=1))
    expected = stats.ttest_1samp(values, 0).confidence_interval(0.95)
    assert (low, high) == (pytest.approx(expected.low, abs=1e-4), pytest.approx(expected.high, abs=1e-4))


def test_a_mean_of_equal_values_has_an_interval_within_the_scale():
    low, high = bounded([1.0] * 12, 0.9, 0.05)
    assert 0.75 < low < 0.97 and high == 1
    # Nothing but ones anywhere: as uncertain as a share of twelve in twelve.
    assert bounded([1.0] * 12, 1.0, 0.0)[0] == pytest.approx(12 / (12 + stats.t.ppf(0.975, 21) ** 2))


def test_fisher_as_scipy_has_it():
    for a, n_a, b, n_b in ((3, 20, 10, 30), (0, 15, 8, 40), (12, 12, 1, 20), (5, 50, 5, 50)):
        cells = [[a, n_a - a], [b, n_b - b]]
        tails = [stats.fisher_exact(cells, alternative=way).pvalue for way in ("less", "greater")]
        assert tested.shares(a, n_a, b, n_b) == pytest.approx(min(1, 2 * min(tails)))


def test_means_are_close_to_the_exact_permutation_test():
    # Of values that are 1 or 5 the sum of n drawn blindly is hypergeometric.
    for size, bad, n in ((60, 9, 12), (200, 20, 30), (400, 40, 10), (80, 40, 20)):
        values = np.array([1.0] * bad + [5.0] * (size - bad))
        away = values - values.mean()
        count = np.arange(max(0, n - size + bad), min(n, bad) + 1)
        total = count * away[0] + (n - count) * away[-1]
        wide = [np.full(len(count), x) for x in (n, size, np.mean(away**2), np.mean(away**3))]
        found = tested.means(total, *wide, step=4)
        law = stats.hypergeom(size, bad, n)
        exact = np.minimum(1, 2 * np.minimum(law.cdf(count), law.sf(count - 1)))
        looked = exact > 1e-4
        assert found[looked] == pytest.approx(exact[looked], rel=0.5, abs=0.05)
        assert (found > exact / 3)[exact > 1e-7].all()


def test_values_that_are_all_equal_say_nothing():
    zero = np.zeros(1)
    assert tested.means(zero, np.array([10.0]), np.array([40.0]), zero, zero)[0] == 1


def test_correction_leaves_the_untested_out():
    found = tested.corrected(np.array([[0.01, np.nan], [0.04, 0.03]]))
    assert found[0, 0] == pytest.approx(0.03) and found[1, 0] == pytest.approx(0.04)
    assert np.isnan(found[0, 1])
    assert np.isnan(tested.corrected(np.full(3, np.nan))).all()
