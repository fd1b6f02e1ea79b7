"""Trends of topics: known answers, and simulations that hold bands and tests to what they promise."""

import numpy as np
import pandas as pd
import pytest

from pipelines.trends import trends
from pipelines.trends.smooth import Smoother, dispersion, share_band, share_curve
from pipelines.trends.timeline import Timeline

DAYS = 600
RISE = -3 + 1.5 * np.arange(DAYS) / DAYS


def reviews(random, n=3000, *, share=None, rating=None, days=DAYS, topics=6):
    """n reviews over `days`; topic 0 has the share of its day (days,), and the mean stars of its day (days,)."""
    day = random.integers(0, days, n)
    cluster = random.integers(0, topics, n)
    if share is not None:
        cluster = np.where(random.random(n) < share[day], 0, random.integers(1, topics, n))
    mean = np.full(n, 4.0) if rating is None else np.where(cluster == 0, rating[day], 4.0)
    return pd.DataFrame(
        {
            "row_id": np.arange(n),
            "cluster": cluster,
            "rating": mean + random.normal(0, 1, n),
            "sentiment": np.clip(random.normal(0.2, 0.4, n), -1, 1),
            "date": pd.Timestamp("2024-01-01") + pd.to_timedelta(day, unit="D"),
        }
    )


def logistic(value):
    return 1 / (1 + np.exp(-np.asarray(value)))


def test_a_timeline_counts_a_review_once_a_topic():
    points = pd.DataFrame(
        {
            "row_id": [0, 0, 0, 1, 2, 3],
            "cluster": [0, 0, 1, 1, -1, 0],
            "rating": [2.0, 2.0, 2.0, 4.0, 5.0, np.nan],
            "sentiment": [-1.0, 0.0, 1.0, 0.5, 0.0, 0.0],
            "date": pd.to_datetime(["2025-01-01"] * 3 + ["2025-01-01", "2025-01-03", None]),
        }
    )
    found = Timeline.of(points)
    assert (found.period, found.ids) == ("D", [-1, 0, 1])
    assert found.total.tolist() == [2, 0, 1]
    assert found.counts.tolist() == [[0, 1, 2], [0, 0, 0], [1, 0, 0]]
    n, total, _squares = found.means["rating"]
    assert n[0].tolist() == [0, 1, 2]
    assert total[0].tolist() == [0, 2, 6]
    assert found.means["sentiment"][1][0].tolist() == [0, -0.5, 1.5]


def test_without_dates_there_is_no_trend():
    points = reviews(np.random.default_rng(0), 50)
    assert trends(points.drop(columns="date")) is None
    assert trends(points.assign(date=pd.NaT)) is None
    assert trends(points.assign(date=pd.Timestamp("2025-01-01"))) is None
    assert trends(points.iloc[:0]) is None


@pytest.mark.parametrize(
    ("share", "kind"),
    [
        (logistic(RISE), "rising"),
        (logistic(RISE[::-1]), "fading"),
        (np.where(np.arange(DAYS) < 350, 0.0, 0.1), "new"),
        (np.full(DAYS, 0.1), "steady"),
        (np.full(DAYS, 0.002), "few"),
    ],
)
def test_a_topic_is_called_what_it_does(share, kind):
    found = trends(reviews(np.random.default_rng(3), share=share))
    verdict = found.verdict(0)
    assert verdict["kind"] == kind
    if kind in ("rising", "new"):
        assert 1 < verdict["low"] < verdict["change"] < verdict["high"]


def test_a_jump_is_found_where_it_is_and_a_slope_is_none():
    random = np.random.default_rng(4)
    jump = trends(reviews(random, share=np.where(np.arange(DAYS) < 366, 0.05, 0.15))).verdict(0)
    assert abs((jump["step"] - pd.Timestamp("2025-01-01")).days) <= 31
    assert jump["step_before"] == pytest.approx(0.05, abs=0.03)
    assert jump["step_after"] == pytest.approx(0.15, abs=0.03)
    slope = trends(reviews(random, share=np.linspace(0.02, 0.2, DAYS))).verdict(0)
    assert slope["kind"] == "rising"
    assert pd.isna(slope["step"])


def test_fewer_stars_are_seen():
    found = trends(reviews(np.random.default_rng(5), rating=np.linspace(4.5, 3, DAYS)))
    verdict = found.verdict(0, "rating")
    assert verdict["kind"] == "falling"
    assert verdict["low"] < verdict["change"] < verdict["high"] < 0
    assert found.verdict(0)["kind"] == "steady"


def test_half_a_last_month_is_no_fall():
    """Reviews stop on the fourth of a month: its share stays, and it is marked."""
    points = reviews(np.random.default_rng(6), share=np.full(DAYS, 0.2))
    found = trends(points[points["date"] <= "2025-06-04"])
    series = found.series(0)
    assert not series["whole"].iloc[-1]
    assert series["whole"].iloc[:-1].all()
    assert series["n"].iloc[-1] < series["n"].iloc[-2] / 3
    assert series["low"].iloc[-1] < 0.2 < series["high"].iloc[-1]
    assert found.line(0)[-1] == pytest.approx(0.2, abs=0.05)
    assert found.verdict(0)["kind"] == "steady"


def test_a_burst_widens_the_band():
    """Reviews that come in bursts say less than their number: the band knows."""
    random = np.random.default_rng(7)
    total = np.full(24, 100.0)
    calm = random.binomial(100, 0.2, 24).astype(float)
    bursts = random.binomial(100, np.tile([0.05, 0.35], 12)).astype(float)
    wide, narrow = (dispersion(one[:, None] / 100, total[:, None], np.full((24, 1), 0.16))[0] for one in (bursts, calm))
    assert wide > 5 * narrow
    bands = [share_band(share_curve(Smoother(total), calm, excess)) for excess in (wide, narrow)]
    assert (bands[0][1] - bands[0][0]).mean() > 2 * (bands[1][1] - bands[1][0]).mean()


def test_periods_without_reviews_and_empty_topics_are_survived():
    points = reviews(np.random.default_rng(8), 60, days=30)
    points["date"] = points["date"].where(points["row_id"] % 2 == 0, points["date"] + pd.DateOffset(years=3))
    found = trends(points)
    assert np.isfinite(found.series(0)[["fit", "low", "high"]].to_numpy()).all()
    assert found.line(99) == []
    assert found.verdict(99) is None


def bursts(random, points, topics):
    """The same reviews with topics dealt anew, months differing from each other three times as much as by chance."""
    month = (points["date"] - pd.Timestamp("2024-01-01")).dt.days.to_numpy() // 30
    chances = random.dirichlet(np.full(topics, 40 / topics), size=month.max() + 1)
    return points.assign(cluster=(random.random(len(points))[:, None] > np.cumsum(chances[month], axis=1)).sum(axis=1))


def rates(runs, seed=0, *, in_bursts=False):
    """Shares of runs in which, with nothing planted, any topic is said to move or to jump, by measure."""
    random = np.random.default_rng(seed)
    said = []
    for _ in range(runs):
        points = reviews(random, 1500, topics=8)
        found = trends(bursts(random, points, 8) if in_bursts else points)
        tables = found.tables.items()
        said.append(
            {
                **{(name, "moves"): (~table["kind"].isin(["steady", "few"])).any() for name, table in tables},
                **{(name, "jumps"): table["step"].notna().any() for name, table in tables},
            }
        )
    return pd.DataFrame(said).mean()


def coverage(runs, seed=0):
    """How often bands hold a planted rise and a planted fall of stars, and how often intervals do: two figures each."""
    random = np.random.default_rng(seed)
    share, rating = logistic(RISE), np.linspace(4.5, 3.5, DAYS)
    bands, intervals = [], []
    for _ in range(runs):
        points = reviews(random, share=share, rating=rating)
        found = trends(points)
        day = (points["date"] - pd.Timestamp("2024-01-01")).dt.days.to_numpy()
        period = points["date"].dt.to_period(found.timeline.period).dt.start_time
        early, late = (period.isin(found.timeline.starts[part]).to_numpy() for part in found.timeline.thirds())
        for name, truth, weight in (("share", share[day], np.ones(len(day))), ("rating", rating[day], share[day])):
            series, verdict = found.series(0, name), found.verdict(0, name)
            curve = (
                pd.Series(truth * weight).groupby(period).sum() / pd.Series(weight).groupby(period).sum()
            ).to_numpy()
            bands.append((name, ((series["low"] <= curve) & (curve <= series["high"])).mean()))
            first, last = (np.average(truth[part], weights=weight[part]) for part in (early, late))
            change = last / first if name == "share" else last - first
            intervals.append((name, verdict["low"] <= change <= verdict["high"]))
    return [pd.DataFrame(held).groupby(0)[1].mean() for held in (bands, intervals)]


def test_bands_and_intervals_hold_the_truth_as_often_as_they_say():
    """95 %, less about three standard errors of this many runs; the bend of a curve costs the bands a little."""
    bands, intervals = coverage(40)
    assert (bands >= 0.88).all()
    assert (intervals >= 0.85).all()


def test_with_nothing_planted_no_topic_moves():
    assert (rates(60) <= 0.14).all()


@pytest.mark.torture
def test_bands_and_tests_keep_their_rates():
    bands, intervals = coverage(600, seed=1)
    assert (bands >= 0.9).all()
    assert (intervals >= 0.935).all()
    assert (rates(800, seed=1) <= 0.07).all()
    assert (rates(300, seed=2, in_bursts=True) <= 0.08).all()
