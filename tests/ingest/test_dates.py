"""Forms of dates from many sites and programs; what is decided over a column: order, zone, what is no date at all."""

import numpy as np
import pytest

from pipelines.ingest.meaning.dates import parse_dates

DAY = "2024-03-05"


@pytest.mark.parametrize(
    "value",
    [
        "2024年3月5日", "2024年03月05日", "２０２４年３月５日", "二〇二四年三月五日", "2024. 3. 5.",
        "2024년 3월 5일", "2024/03/05(火)", "2024年3月5日に日本でレビュー済み", "2024年3月5日在美国审核",
        "发布于2024-03-05", "2024-03-05 发布", "于 2024年3月5日 点评", "Reviewed in Canada on March 5, 2024",
        "Rezension aus Deutschland vom 5. März 2024", "Commenté en France le 5 mars 2024",
        "Reseñado en España el 5 de marzo de 2024", "Recensito in Italia il 5 marzo 2024",
        "Avaliado no Brasil em 5 de março de 2024", "Beoordeeld in Nederland op 5 maart 2024",
        "Date of experience: March 05, 2024", "Reviewed: 5 March 2024", "Mon 5th of March 2024", "March 5th, 2024",
        "20240305", "2024-3-5",
    ],
)  # fmt: skip
def test_days(value):
    np.testing.assert_array_equal(parse_dates([value]).dates, np.array([DAY], dtype="datetime64[ns]"))


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("2024年3月5日 下午3:05", "2024-03-05T15:05"),
        ("2024年3月5日 凌晨12:05", "2024-03-05T00:05"),
        ("2024年3月5日 中午12:30", "2024-03-05T12:30"),
        ("2024年3月5日 星期二 15:05:33", "2024-03-05T15:05:33"),
        ("2024年03月05日15时05分33秒", "2024-03-05T15:05:33"),
        ("2024年03月05日 12:00 来自 手机客户端", "2024-03-05T12:00"),
        ("2024년 3월 5일 오후 3:05", "2024-03-05T15:05"),
        ("Mar 5, 2024 at 3:05 PM", "2024-03-05T15:05"),
        ("Tue Mar 05 2024 15:05:00 GMT+0800 (China Standard Time)", "2024-03-05T07:05"),
        ("2024-03-05T15:05:00.1234567+08:00", "2024-03-05T07:05:00.1234567"),
        ("2024-03-05 15:05:00 +0000 UTC", "2024-03-05T15:05"),
        ("1709622489000000", "2024-03-05T07:08:09"),
        ("1709622489.5", "2024-03-05T07:08:09.5"),
        ("March 2024", "2024-03-01"),
        ("2024年3月入住", "2024-03-01"),
    ],
)
def test_moments(value, expected):
    np.testing.assert_array_equal(parse_dates([value]).dates, np.array([expected], dtype="datetime64[ns]"))


@pytest.mark.parametrize(
    "value", ["昨天", "3天前", "3月5日", "03-05", "yesterday", "2 days ago", "a month ago", "刚刚"]
)
def test_a_day_that_depends_on_today_is_counted_and_not_read(value):
    parsed = parse_dates([value, DAY])
    assert (parsed.relative, parsed.share) == (1, 0.5)
    assert np.isnat(parsed.dates[0])


@pytest.mark.parametrize(
    "value", ["2024", "12:30", "5月", "2024-13-05", "may 2 people", "5 stars", "Order 66 on 5", "NaN"]
)
def test_no_dates(value):
    parsed = parse_dates([value])
    assert np.isnat(parsed.dates[0])
    assert parsed.relative == 0


def test_cst_is_chinas_in_chinese_files_and_central_elsewhere():
    values = ["2024-03-05 12:00:00 CST"]
    chinese, american = parse_dates(values, chinese=True), parse_dates(values)
    assert (str(chinese.dates[0])[:13], str(american.dates[0])[:13]) == ("2024-03-05T04", "2024-03-05T18")
    assert chinese.zone == american.zone == "CST"
    assert parse_dates(["2024-03-05 12:00:00 PST"]).zone == ""


def test_two_digit_years_first_are_seen_over_the_column():
    parsed = parse_dates(["24-03-05", "24-03-15", "24-04-01"])
    assert (parsed.order, parsed.sure, str(parsed.dates[0])[:10]) == ("ymd", False, DAY)
    assert parse_dates(["99/03/05", "98/04/05"]).order == "ymd"


def test_the_order_in_which_the_file_runs_on_decides_where_numbers_do_not():
    days_apart = parse_dates(["4/3/2025", "5/3/2025", "6/3/2025", "7/3/2025", "11/3/2025"])
    assert (days_apart.order, days_apart.sure) == ("dmy", False)
    assert parse_dates(["3/4/2025", "3/5/2025", "3/6/2025"]).order == "mdy"


def test_day_numbers_among_written_dates_are_dates():
    parsed = parse_dates(["45356", "2024-03-06", "45358.5", "25/03/2024", "99999", "12"])
    assert [str(date)[:10] for date in parsed.dates] == [DAY, "2024-03-06", "2024-03-07", "2024-03-25", "NaT", "NaT"]
    postcodes = parse_dates([str(number) for number in range(30_000, 30_040)] + ["2024-03-06"])
    assert postcodes.share == pytest.approx(1 / 41)
    assert parse_dates(["45356", "n. d."]).share == 0.0


def test_nothing():
    parsed = parse_dates([])
    assert (parsed.dates.dtype, len(parsed.dates), parsed.share) == (np.dtype("datetime64[ns]"), 0, 0.0)
