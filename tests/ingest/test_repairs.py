"""Tables that look whole and are not: shifted names, titles as headers, merged rows, totals, lists that commas cut."""

import json

import pytest

from pipelines.ingest import IngestOptions, read_table

NOUNS = ["soup", "staff", "room", "bed", "view", "lobby", "towel", "breakfast", "pool", "lift"]


def table_of(text):
    return read_table(text.encode(), IngestOptions())


def names(table):
    return list(table.frame.columns)


def cells(table):
    return [list(row) for row in table.frame.itertuples(index=False)]


def said(table):
    return " | ".join(map(str, table.warnings))


def lines(template, count=30):
    return "".join(
        template.format(i=i, day=i % 28 + 1, score=i % 5 + 1, noun=NOUNS[i % 10]) + "\n" for i in range(count)
    )


@pytest.mark.parametrize(
    ("header", "row", "second"),
    [
        (
            "id,date,rating,review",
            "{i},2024-01-{day:02d},{score},Nice {noun}, thanks {i}",
            ["1", "2024-01-02", "2", "Nice staff, thanks 1"],
        ),
        (
            "id,date,rating,review",
            "{i},January {day}, 2024,{score},Nice {noun}",
            ["1", "January 2, 2024", "2", "Nice staff"],
        ),
        ("id,city,rating,review", "{i},Paris, France,{score},Nice {noun}", ["1", "Paris, France", "2", "Nice staff"]),
        ("id,review,rating", '{i},"He said "ok {i}", then left",{score}', ["1", '"He said "ok 1", then left"', "2"]),
        (
            "review,rating,date",
            "Nice {noun}, thanks {i},{score},2024-01-{day:02d}",
            ["Nice staff, thanks 1", "2", "2024-01-02"],
        ),
        ("id,review,rating", "{i},很好{i},下次再来,{score}", ["1", "很好1,下次再来", "2"]),
        ("rating,review", "{score},good {noun}, thanks {i}", ["2", "good staff, thanks 1"]),
    ],
)
def test_a_delimiter_in_every_row_does_not_shift_the_names(header, row, second):
    table = table_of(header + "\n" + lines(row))
    assert names(table) == header.split(",")
    assert cells(table)[1] == second
    assert "surplus was joined" in said(table)


@pytest.mark.parametrize(
    ("header", "row", "first"),
    [
        ("review,rating,date", "{i},Nice {noun} indeed,{score},2024-01-{day:02d}", "1"),
        ('"review","rating","date"', '"{i}","Nice {noun}, indeed",{score},"2024-01-{day:02d}"', "1"),
        ("mpg,cyl,disp", "car {i} x,{i}.5,{score},1{score}0", "car 1 x"),
    ],
)
def test_row_names_stand_in_a_column_without_a_name(header, row, first):
    table = table_of(header + "\n" + lines(row))
    assert names(table) == ["column 1", *header.replace('"', "").split(",")]
    assert cells(table)[1][0] == first


def test_a_last_column_without_a_name_stays_a_column():
    table = table_of("review,rating\n" + lines("Nice {noun} {i},{score},Oslo"))
    assert names(table) == ["review", "rating", "column 3"]
    assert cells(table)[1] == ["Nice staff 1", "2", "Oslo"]


@pytest.mark.parametrize(
    "title",
    [
        "Reviews, January 2024\n",
        "Export date,2024-02-01\n",
        "导出时间,2024-02-01\n",
        "Shop,Acme\nFrom,2024-01-01\nTo,2024-02-01\n",
        "Shop,Acme,2024-01-01\n",
        "Acme,Reviews,January\n",
    ],
)
@pytest.mark.parametrize("header", ["User,Comment,Stars", "用户,评论,评分"])
def test_a_title_of_several_cells_is_no_header(title, header):
    table = table_of(title + header + "\n" + lines("guest {i},Nice {noun} indeed,{score}"))
    assert names(table) == header.split(",")
    assert len(table.frame) == 30
    assert f"{title.count(chr(10))} title or comment lines" in said(table)


def test_a_title_is_not_joined_to_the_names_and_a_second_header_row_is_told():
    body = lines("guest {i},Nice {noun} indeed,{score},2024-01-{day:02d}")
    table = table_of("Acme Ltd, Reviews, Jan 2024\nUser,Comment,Stars,Date\n" + body)
    assert names(table) == ["User", "Comment", "Stars", "Date"]
    assert "1 title or comment lines" in said(table)
    table = table_of("Name,Comment,Rating,Date\ntext,text,one to five,day\n" + body)
    assert names(table)[2] == "Rating one to five"
    assert "header has 2 rows" in said(table)


def test_rows_above_a_header_further_down_stay_rows():
    table = table_of("good soup,5\nbad soup,4\nreview,rating\nfine,3\nmeh,2\n")
    assert len(table.frame) == 5


@pytest.mark.parametrize("broken", ['5,"Good, but pricey,1', '5,"Good" they said, and left,1'])
def test_a_quote_that_is_never_closed_swallows_no_row(broken):
    good = [f'{i % 5 + 1},"Good {NOUNS[i % 10]}, fine {i}",{i % 3}' for i in range(100)]
    table = table_of("rating,review,votes\n" + "\n".join([*good[:50], broken, *good[51:]]) + "\n")
    assert len(table.frame) == 100
    assert cells(table)[51] == ["2", "Good staff, fine 51", "0"]
    assert "1 rows had quotes out of place" in said(table)


def test_a_quoted_cell_of_several_lines_stays_one_row():
    good = [f'{i % 5 + 1},"Good {NOUNS[i % 10]}, fine {i}",{i % 3}' for i in range(100)]
    good[50] = '5,"Good, but\npricey, so,1\nleft",1'
    table = table_of("rating,review,votes\n" + "\n".join(good) + "\n")
    assert len(table.frame) == 100
    assert cells(table)[50][1] == "Good, but\npricey, so,1\nleft"


@pytest.mark.parametrize(
    "footer",
    [
        "合计,20条,60,",
        "平均分,,4.2,",
        "备注：仅供内部使用",
        "Total reviews: 20",
        "Generated by Acme, 2024-02-01",
        "导出时间：2024-02-01 10:00,,,",
        "Exported,2024-02-01,,",
        "共20条,,,",
        "(20 rows),,,",
        "Total,,,",
    ],
)
def test_totals_and_footers_are_no_reviews(footer):
    table = table_of("user,review,rating,votes\n" + lines("guest {i},Nice {noun} {i},{score},{i}", 20) + footer + "\n")
    assert len(table.frame) == 20
    (warning,) = [warning for warning in table.warnings if "total or footer" in warning.template]
    assert warning.row == 20


@pytest.mark.parametrize(
    "last",
    [
        "Exported product was fake and broke,,",
        "共3条数据线都坏了，气死,,",
        "Average,,",
        "Source of joy,,",
        "Generated by a machine I suppose,,",
        "Total rubbish,,",
    ],
)
def test_a_last_review_that_begins_like_a_footer_stays(last):
    table = table_of("review,rating,date\n" + lines("Nice {noun} {i},{score},2024-01-{day:02d}", 20) + last + "\n")
    assert cells(table)[-1][0] == last.removesuffix(",,")


def test_half_a_character_in_a_name_is_replaced():
    table = read_table(json.dumps([["review\ud800", "rating"], ["good", 5]]).encode(), IngestOptions())
    assert names(table) == ["review?", "rating"]


def test_many_repeated_names_are_one_warning():
    table = table_of(",".join(["a"] * 400) + "\n" + ",".join("1" * 400) + "\n" + ",".join("2" * 400) + "\n")
    assert names(table)[399] == "a (400)"
    (warning,) = table.warnings
    assert warning.values["count"] == 399


@pytest.mark.parametrize("header", ["review,rating", '"review","rating"'])
def test_byte_order_marks_of_files_pasted_together(header):
    table = table_of(f"{header}\nfine,4\n\ufeff{header}\ngood,5\n")
    assert cells(table) == [["fine", "4"], ["good", "5"]]


CHINESE = [
    "味道不错，下次再来",
    "服务很好，环境一般",
    "分量太少，价格偏贵",
    "上菜慢，态度差",
    "菜很咸",
    "床很硬，睡不好",
]
ENGLISH = ["Great food, slow staff", "Nice room, bad view", "Cheap, but cold", "Dirty towels", "Warm soup, kind staff"]
SHORT = ["Great food", "Slow staff", "Never again", "Loved it", "Too cold", "5 stars", "Tasty :)", "Kind staff"]


@pytest.mark.parametrize("header", ["", "Customer said\n", "Guest experience\n", "顾客的话\n"])
@pytest.mark.parametrize(
    "reviews",
    [CHINESE, [text.replace("，", ",") for text in CHINESE], ENGLISH, [ENGLISH[0], ENGLISH[1], ENGLISH[4]], SHORT],
)
def test_a_list_of_short_reviews_is_one_column(header, reviews):
    table = table_of(header + "\n".join(reviews * 4) + "\n")
    assert table.frame.shape[1] == 1
    assert cells(table)[-1] == [reviews[-1]]


@pytest.mark.parametrize(
    ("text", "width"),
    [
        ("Oslo,Norway\nRome,Italy\nParis,France\nTurin,Italy\n", 2),
        ("1 2 3\n4 5 6\n7 8 9\n", 3),
        (
            "name, city, review\nAnn Lee, Oslo, good soup here\nBob Ray, Rome, bad soup there\nCy, Turin, not again\n",
            3,
        ),
        ("问题,回答\n早餐怎么样啊,非常丰富好吃\n房间怎么样啊,干净又很安静\n位置怎么样啊,离地铁比较近\n", 2),
        ("北京,朝阳区某街道\n上海,徐汇区某街道\n广州,天河区某街道\n北京,海淀区某街道\n", 2),
    ],
)
def test_columns_of_words_are_still_cut(text, width):
    assert table_of(text).frame.shape[1] == width
