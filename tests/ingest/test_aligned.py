"""Files with other names for the same columns become one table."""

from pipelines.ingest import Source, ingest

ENGLISH = "text,stars,date\n" + "".join(
    f"the kettle boils fast and stays quiet {i},{i % 5 + 1},2026-03-{i + 1:02d}\n" for i in range(12)
)
CHINESE = "评论内容,评分,评论时间\n" + "".join(
    f"水壶烧得快也很安静第{i}次买,{i % 5 + 1},2026-04-{i + 1:02d}\n" for i in range(12)
)


def test_columns_of_one_role_become_one():
    files = [Source(ENGLISH.encode(), "north.csv"), Source(CHINESE.encode("gb18030"), "南方.csv")]
    reviews = ingest(files)
    assert int(reviews.kept.sum()) == 24
    assert list(reviews.table.frame.columns) == ["text", "stars", "date", "source_file"]
    assert reviews.table.frame["source_file"].tolist() == ["north.csv"] * 12 + ["南方.csv"] * 12
    assert any("“评论内容” → “text”" in str(warning) for warning in reviews.warnings)
    assert reviews.date is not None
    assert str(reviews.date[-1])[:10] == "2026-04-12"


def test_a_column_that_both_have_keeps_its_name():
    other = CHINESE.replace("评论内容", "正文").replace("评论时间", "date")
    reviews = ingest([Source(ENGLISH.encode(), "a.csv"), Source(other.encode(), "b.csv")])
    assert list(reviews.table.frame.columns) == ["text", "stars", "date", "source_file"]
    assert int(reviews.kept.sum()) == 24
