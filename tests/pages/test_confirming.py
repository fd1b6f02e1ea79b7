from __future__ import annotations

import pytest

from pipelines.types import ROLES
from tests import made_reviews
from tests.pages.conftest import assert_good, words
from tests.pages.uploads import (
    csv_bytes,
    keys,
    sentence,
    small_csv,
    unsure_encoding,
    upload,
    wait_until_ended,
    workbook,
)


def test_a_column_is_chosen_where_none_looks_like_text(start):
    rows = [[1000 + i, 2 * i, ("ok", "no", "yes")[i % 3]] for i in range(40)]
    app = upload(start("open"), csv_bytes(["sku", "qty", "memo"], rows))
    assert_good(app)
    assert "40 rows" in sentence(app)
    assert "which column holds the reviews?" in sentence(app)
    assert len(app.dataframe[0].value) == 5
    assert app.button(key="start").disabled
    assert "Choose the column" in words(app)
    app.button(key="text_way_0").click().run()
    assert_good(app)
    assert "“memo”" in sentence(app)
    assert not app.button(key="start").disabled
    app.button(key="reset").click().run()
    assert_good(app)
    assert app.button(key="start").disabled


def test_a_weak_text_column_offers_others_and_the_way_back(start):
    rows = [[f"s{i % 7}", f"t{i % 11} x{i}", i] for i in range(60)]
    app = upload(start("open"), csv_bytes(["remark", "memo", "n"], rows))
    assert_good(app)
    before = sentence(app)
    assert "“remark” (not sure)" in before
    # The first way is the guess itself, beside which the others are judged; it has no button.
    app.button(key="text_way_1").click().run()
    assert_good(app)
    assert "“memo” ·" in sentence(app)
    app.button(key="back_text").click().run()
    assert_good(app)
    assert sentence(app) == before


@pytest.mark.parametrize("language", ["en", "zh"])
def test_an_unsure_encoding_is_switched_and_switched_back_by_one_click(start, language):
    app = upload(start("open", language=language), unsure_encoding())
    assert_good(app)
    guess = app.warning[0].value
    first = app.button(key="encoding_way_1")
    before, after = {"en": ("Read as ", ""), "zh": ("按 ", " 读取")}[language]
    chosen = first.label.removeprefix(before).removesuffix(after).replace("\\", "")
    first.click().run()
    assert_good(app)
    assert chosen in sentence(app)
    assert app.selectbox(key="fix_encoding").value
    app.button(key="back_encoding").click().run()
    assert_good(app)
    assert app.warning[0].value == guess
    assert not app.selectbox(key="fix_encoding").value


def test_a_sure_encoding_says_so_and_can_be_switched_all_the_same(start):
    texts = [text for text in made_reviews.mixed(80) if not text.isascii()][:24]
    rows = [[text, i % 5 + 1] for i, text in enumerate(texts)]
    app = upload(start("open"), csv_bytes(["评论", "评分"], rows, "gb18030"))
    assert_good(app)
    assert sentence(app).startswith("GB18030 · 24 reviews")
    assert app.success
    assert "found out: GB18030" in app.selectbox(key="fix_encoding").options
    app.selectbox(key="fix_encoding").select("big5").run()
    assert_good(app)
    assert app.error or "Big5 (your choice)" in sentence(app)
    app.button(key="undo_correction" if app.error else "back_encoding").click().run()
    assert_good(app)
    assert sentence(app).startswith("GB18030 · 24 reviews")


def test_another_sheet_is_read(start, monkeypatch):
    monkeypatch.setenv("REVIEWSCAPE_JOB_RUNNER", "tests.pages.quick_runner:publish")
    texts = made_reviews.english(24)
    sheets = {
        "Spring": [["review", "stars"], *[[text, 5] for text in texts[:12]]],
        "Summer <b>2026": [["review", "stars"], *[[text, 3] for text in texts[:7]]],
    }
    app = upload(start("open"), workbook(sheets), "book.xlsx")
    assert_good(app)
    assert "Excel, sheet “Spring”" in sentence(app)
    assert "12 reviews" in sentence(app)
    assert "fix_encoding" not in keys(app, "selectbox")
    app.selectbox(key="fix_sheet").select("Summer <b>2026").run()
    assert_good(app)
    assert "7 reviews" in sentence(app)
    app.button(key="start").click().run()
    assert wait_until_ended().spec["options"]["sheet"] == "Summer <b>2026"


def test_a_correction_that_fails_can_be_taken_back(start):
    app = upload(start("open"), small_csv())
    app.selectbox(key="fix_text").select("user").run()
    app.selectbox(key="fix_delimiter").select("own").run()
    app.text_input(key="fix_own_delimiter").input('"').run()
    assert_good(app)
    assert "delimiter" in app.error[0].value
    assert app.button(key="start").disabled
    assert "cannot be read" in words(app)
    app.button(key="undo_correction").click().run()
    assert_good(app)
    assert not app.error
    assert "“user”" in sentence(app)
    app.button(key="reset").click().run()
    assert "“review”" in sentence(app)


def test_a_file_that_cannot_be_read_offers_corrections(start):
    app = upload(start("open"), b"\x89PNG\r\n\x1a\n" + bytes(200), "reviews.csv")
    assert_good(app)
    assert app.error
    assert app.button(key="start").disabled
    assert {"fix_encoding", "fix_delimiter"} <= keys(app, "selectbox")
    app.button(key="read_again").click().run()
    assert_good(app)
    assert app.error


def test_rows_left_out_are_counted_with_examples(start):
    texts = [*made_reviews.english(12), "", "!!!", "此用户未填写评价内容", ""]
    rows = [[text, i % 5 + 1] for i, text in enumerate(texts)]
    app = upload(start("open"), csv_bytes(["review", "stars"], rows))
    assert_good(app)
    assert any("4 rows are left out" in expander.label for expander in app.expander)
    shown = [element.value for element in app.text]
    assert "row 13" in shown
    assert "row 14: !!!" in shown
    assert "row 15: 此用户未填写评价内容" in shown


def test_every_note_is_there_the_first_five_open(start):
    texts = made_reviews.english(24)
    rows = [f'"{text}",{i % 5 + 1},2026-03-{i + 1:02d},x' for i, text in enumerate(texts)]
    head = "review,stars,date,"
    broken = ['"short"', '"no rating",what,2026-03-01,x', '"no date",4,soon,x', '"long",4,2026-03-01,x,y,z']
    lines = ["# exported for a test", head, *rows, head, *broken, "Total,24,,"]
    app = upload(start("open"), "\n".join(lines).encode() + b"\nbad \xff\xfe byte,3,2026-03-01,x\n")
    assert_good(app)
    notes = [caption.value for caption in app.caption if ":material/warning:" in caption.value]
    assert len(notes) >= 6
    assert any("more note" in expander.label for expander in app.expander)


def test_all_roles_can_be_corrected_and_reach_the_job(start, monkeypatch):
    monkeypatch.setenv("REVIEWSCAPE_JOB_RUNNER", "tests.pages.quick_runner:publish")
    rows = [["Fine", text, i % 5 + 1, "de"] for i, text in enumerate(made_reviews.english(14))]
    app = upload(start("open"), csv_bytes(["title", "review", "stars", "lang"], rows))
    assert {f"fix_{role}" for role in ROLES} <= keys(app, "selectbox")
    app.checkbox(key="fix_join_title").check().run()
    app.selectbox(key="fix_rating").select("").run()
    app.selectbox(key="fix_delimiter").select(",").run()
    app.selectbox(key="fix_item").select("lang").run()
    app.selectbox(key="fix_encoding").select("utf-8").run()
    assert_good(app)
    app.button(key="start").click().run()
    options = wait_until_ended().spec["options"]
    assert options["join_title"] is True
    assert options["encoding"] == "utf-8"
    assert options["delimiter"] == ","
    assert options["roles"] == {"item": "lang"}


def test_columns_with_the_names_of_our_own_widgets(start):
    rows = [[text, i, "**b** [x](http://a.invalid)", "—"] for i, text in enumerate(made_reviews.english(14))]
    app = upload(start("open"), csv_bytes(["review", "_index", "![x](http://a.invalid/x.png)", "—"], rows))
    assert_good(app)
    shown = app.dataframe[0].value
    assert {name.strip() for name in shown.columns} == {"review", "_index", "![x](http://a.invalid/x.png)", "—"}
    app.selectbox(key="fix_text").select("![x](http://a.invalid/x.png)").run()
    assert_good(app)
    assert "](http://a.invalid" not in app.success[0].value


def test_more_rows_than_the_dashboard_takes(start, monkeypatch):
    monkeypatch.setenv("REVIEWSCAPE_MAX_ROWS", "10")
    app = upload(start("open"), small_csv())
    assert_good(app)
    assert app.button(key="start").disabled
    assert "python -m pipelines analyze" in words(app)


def test_scores_beside_the_rating_are_named(start):
    head = ["点评内容", "总分", "卫生", "服务", "位置"]
    texts = [text for text in made_reviews.mixed(80) if not text.isascii()][:30]
    rows = [[text, i % 5 + 1, (i * 3) % 5 + 1, (i * 2) % 5 + 1, 5 - i % 3] for i, text in enumerate(texts)]
    app = upload(start("open"), csv_bytes(head, rows))
    assert_good(app)
    assert "Further scores kept as segments: 卫生, 服务, 位置" in words(app)
