"""Ratings to 1…5 and dates to datetime64[ns], each decided over the whole column."""

import numpy as np
import pytest

from pipelines.ingest.meaning import names
from pipelines.ingest.meaning.dates import parse_dates
from pipelines.ingest.meaning.values import parse_by_file, parse_ratings


@pytest.mark.parametrize(
    ("values", "expected", "scale"),
    [
        (["1", "5.0", "3,5", ""], [1, 5, 3.5, np.nan], "1-5"),
        (["0", "10", "5"], [1, 5, 3], "0-10"),
        (["1", "10", "9.1"], [1, 5, 4.6], "1-10"),
        (["2", "8", "10"], [1, 4, 5], "1-5"),
        (["0", "100", "37"], [1, 5, 2.48], "0-100"),
        (["20", "100", "60"], [1, 5, 3], "1-5"),
        (["0", "5", "4", "3"], [np.nan, 5, 4, 3], "1-5"),
        (["0", "2.3", "4.9", "3.14"], [1, 2.84, 4.92, 3.512], "0-5"),
        (["5.0 out of 5", "3 out of 5 stars", "4/5", "8/10"], [5, 3, 4, 4.2], "stars"),
        (["★★★☆☆", "⭐⭐⭐⭐⭐", "☆☆☆☆☆"], [3, 5, 1], "stars"),
        (["s-star5", "s-star1", "allstar40", "star3"], [5, 1, 4, 3], "stars"),
        (["4 stars", "1 star", "5星", "3分"], [4, 1, 5, 3], "1-5"),
        (["力荐", "推荐", "还行", "较差", "很差"], [5, 4, 3, 2, 1], "words"),
        (["好评", "中评", "差评"], [5, 3, 1], "words"),
        (["Very satisfied", "poor"], [5, 2], "words"),
        (["A+", "B-", "F"], [5, 3.6667, 1], "grades"),
        (["非常好", "很好", "好", "一般", "差"], [5, 4, 3, 2, 1], "words"),
        (["非常满意", "满意", "一般", "不满意", "非常不满意"], [5, 4, 3, 2, 1], "words"),
        (["매우만족", "普通", "とても悪い"], [5, 3, 1], "words"),
        (["FIVE", "ONE"], [5, 1], "words"),
        (["Good, I'm satisfied", "Bad, I'm unsatisfied"], [5, 1], "words"),
        (["Good", "Bad", "Offered"], [5, 1, np.nan], "words"),
        (["好", "中", "差"], [5, 3, 1], "words"),
        (["good", "average", "poor"], [5, 3, 1], "words"),
        (["good", "excellent", "bad"], [4, 5, 2], "words"),
        (["4.0/5.0", "4.5 / 5.0", "4.0 out of 5.0 stars", "9,0/10,0"], [4, 4.5, 4, 4.6], "stars"),
        (["allstar40 rating", "ui_rating bubble_25"], [4, 2.5], "stars"),
        (["Recommended", "Not Recommended"], [5, 1], "polarity"),
        (["5つ星のうち4.0", "4,0 von 5 Sternen", "4.0 of 5 bubbles", "bubble_45"], [4, 4, 4, 4.5], "stars"),
        (["★4.5", "评分：3", "5.0分", "-"], [4.5, 3, 5, np.nan], "1-5"),
        (["2.5", "10", "7.9"], [1, 5, 3.88], "2.5-10"),
        (["50", "10", "35"], [5, 1, 3.5], "10-50"),
        (["95%", "80%"], [4.8, 4.2], "0-100"),
        (["推荐", "不推荐"], [5, 1], "polarity"),
        (["👍", "👎"], [5, 1], "polarity"),
        (["4/5/2024", "5/5/2024"], [np.nan, np.nan], ""),
        (["0", "1", "1"], [1, 5, 5], "binary"),
        (["-1", "0", "1"], [1, 3, 5], "binary"),
        (["positive", "negative"], [5, 1], "polarity"),
        (["570306133677760513", "77"], [np.nan, np.nan], ""),
        (["", ""], [np.nan, np.nan], ""),
        ([], [], ""),
    ],
)
def test_ratings(values, expected, scale):
    parsed = parse_ratings(values)
    np.testing.assert_allclose(parsed.ratings, np.array(expected, dtype=np.float32), rtol=1e-5)
    assert (parsed.ratings.dtype, parsed.scale) == (np.float32, scale)


def test_a_name_tells_the_scale_of_few_values():
    assert parse_ratings(["1", "5", "3"], names.scale("NPS")).scale == "0-10"
    assert parse_ratings(["1", "5", "3"], names.scale("评分(满分10分)")).scale == "1-10"
    assert parse_ratings(["60", "80"], names.scale("score (0-100)")).ratings.tolist() == pytest.approx([3.4, 4.2])
    assert names.scale("rating") is None


def test_zero_stars_are_no_rating_and_cost_the_column_nothing():
    parsed = parse_ratings(["5", "4", "0", "0"])
    assert (parsed.share, np.isnan(parsed.ratings).tolist()) == (1.0, [False, False, True, True])


def test_a_typing_error_does_not_change_the_scale():
    parsed = parse_ratings(["5"] * 99 + ["55"])
    assert parsed.scale == "1-5"
    assert np.isnan(parsed.ratings[-1])
    assert parsed.share == pytest.approx(0.99)


@pytest.mark.parametrize("stray", ["11", "50", "55", "-1", "8"])
def test_one_stray_value_does_not_rescale_a_small_column(stray):
    parsed = parse_ratings([str(index % 5 + 1) for index in range(29)] + [stray])
    assert (parsed.scale, parsed.ratings[:5].tolist()) == ("1-5", [1, 2, 3, 4, 5])
    assert parsed.unread.tolist() == [False] * 29 + [True]
    tens = parse_ratings([str(index % 10 + 1) for index in range(29)] + ["99"])
    assert (tens.scale, tens.ratings[9]) == ("1-10", 5.0)


def test_a_high_value_among_very_few_is_the_scale_and_one_far_outside_is_not():
    low = ["1", "2", "3", "4", "5", "3", "2", "1", "4", "2", "3"]
    assert parse_ratings([*low, "8"]).scale == "1-10"
    assert parse_ratings([*low, "55"]).scale == "1-5"
    assert parse_ratings(["1", "55"]).scale == "0-100"
    assert parse_ratings(["4.7"] * 29 + ["47"]).scale == "1-5"
    assert parse_ratings(["20", "40", "60", "80", "100"] * 6 + ["500"]).ratings[:5].tolist() == [1, 2, 3, 4, 5]


@pytest.mark.parametrize(
    "cell", ["-", "暂无评分", "未评分", "offered", "No rating", "not rated", "N/A", "0", "Not applicable", " "]
)
def test_what_says_that_there_is_no_rating_is_not_unread(cell):
    parsed = parse_ratings(["5", "4", cell, "3", "?!"])
    assert parsed.unread.tolist() == [False] * 4 + [True]
    assert np.isnan(parsed.ratings[2])


def test_stacked_files_are_read_each_on_its_own_scale_where_scales_differ():
    fives, tens = [str(index % 5 + 1) for index in range(30)], [str(index % 10 + 1) for index in range(30)]
    parsed, scales = parse_by_file([*fives, *tens, "5"], ["a"] * 30 + ["b"] * 30 + ["c"])
    assert scales == {"a": "1-5", "b": "1-10"}
    assert (parsed.ratings[4], parsed.ratings[39]) == (5.0, 5.0)
    assert parsed.ratings[60] == pytest.approx(1 + 16 / 9)  # one value shows no scale: the whole column's is taken
    assert parse_by_file([*fives, *fives], ["a"] * 30 + ["b"] * 30)[1] == {}
    assert parse_by_file([], [])[1] == {}


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("2025-03-07", "2025-03-07"),
        ("2025/3/7", "2025-03-07"),
        ("2025.3.7", "2025-03-07"),
        ("2025年3月7日", "2025-03-07"),
        ("2025年3月7日 下午3:05", "2025-03-07T15:05"),
        ("2025年3月", "2025-03-01"),
        ("2025-03-07 18:15:09.250", "2025-03-07T18:15:09.250"),
        ("2025-03-07T18:15:09Z", "2025-03-07T18:15:09"),
        ("2025-03-07T18:15:09+08:00", "2025-03-07T10:15:09"),
        ("2015-02-24 11:35:52 -0800", "2015-02-24T19:35:52"),
        ("Tue Jul 21 20:20:03 +0800 2015", "2015-07-21T12:20:03"),
        ("Fri, 07 Mar 2025 18:15:09 GMT", "2025-03-07T18:15:09"),
        ("March 7, 2025", "2025-03-07"),
        ("7 Mar 2025", "2025-03-07"),
        ("07-Mar-25", "2025-03-07"),
        ("Reviewed in the United States on March 7, 2025", "2025-03-07"),
        ("03 7, 2025", "2025-03-07"),
        ("3/7/2025 6:15 PM", "2025-03-07T18:15"),
        ("13/3/2025", "2025-03-13"),
        ("07.03.2025", "2025-03-07"),
        ("1741371309", "2025-03-07T18:15:09"),
        ("1741371309250", "2025-03-07T18:15:09.250"),
        ("20250307", "2025-03-07"),
        ("45723", "2025-03-07"),
        ("2025-02-30", "NaT"),
        ("tomorrow", "NaT"),
        ("", "NaT"),
        ("9999999999999999", "NaT"),
    ],
)
def test_dates(value, expected):
    dates = parse_dates([value]).dates
    assert dates.dtype == np.dtype("datetime64[ns]")
    np.testing.assert_array_equal(dates, np.array([expected], dtype="datetime64[ns]"))


def test_day_or_month_first_is_one_decision_a_column():
    american, european = parse_dates(["3/4/2025", "3/25/2025"]), parse_dates(["3/4/2025", "25/3/2025"])
    assert (american.order, american.sure, str(american.dates[0])[:10]) == ("mdy", True, "2025-03-04")
    assert (european.order, european.sure, str(european.dates[0])[:10]) == ("dmy", True, "2025-04-03")
    assert not parse_dates(["3/4/2025"]).sure
    assert parse_dates(["3/4/2025", "never"]).share == 0.5
