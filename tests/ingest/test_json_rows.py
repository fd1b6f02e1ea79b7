"""JSON and JSON Lines: where the records are, what their cells say, and files that break off."""

import json

import pandas as pd
import pytest

from pipelines.errors import UnusableInput
from pipelines.ingest import read_table
from tests.ingest.damage import refused_or_read

RECORDS = [{"review": "Warm soup, kind staff", "stars": 5}, {"review": "Too loud", "stars": 2}]
READ = [["Warm soup, kind staff", "5"], ["Too loud", "2"]]
FRAME = pd.DataFrame(RECORDS)


def read(value):
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return read_table(text.encode())


def told(table):
    return [str(warning) for warning in table.warnings]


@pytest.mark.parametrize(
    "value",
    [
        RECORDS,
        {"data": RECORDS},
        {"status": "ok", "tags": ["a", "b", "c"], "data": {"page": {"reviews": RECORDS}}, "links": [{"next": 2}]},
        {"review": ["Warm soup, kind staff", "Too loud"], "stars": [5, 2]},
        [["review", "stars"], ["Warm soup, kind staff", 5], ["Too loud", 2]],
        {"r1": RECORDS[0], "r2": RECORDS[1]},
        FRAME.to_json(orient="records"),
        FRAME.to_json(orient="columns"),
        FRAME.to_json(orient="index"),
        FRAME.to_json(orient="split"),
        FRAME.to_json(orient="records", lines=True),
        json.dumps(RECORDS, indent=2),
        "\n\n".join(map(json.dumps, RECORDS)),
        ",\r\n".join(map(json.dumps, RECORDS)) + ",\n",
        "".join(map(json.dumps, RECORDS)),
        "\x1e" + "\n\x1e".join(map(json.dumps, RECORDS)),
        "\n".join(json.dumps(record, indent=1) for record in RECORDS),
    ],
)
def test_where_the_records_are(value):
    table = read(value)
    assert list(table.frame.columns) == ["review", "stars"]
    assert table.frame.values.tolist() == READ
    assert table.format in {"json", "jsonl"}
    assert (table.encoding, table.delimiter, table.warnings) == ("utf-8", "", ())


def test_pandas_own_table_orientation():
    table = read(FRAME.to_json(orient="table"))
    assert table.frame[["review", "stars"]].values.tolist() == READ


def test_numbers_stay_as_written():
    table = read('[{"id": 570306133677760513, "price": 4.50, "far": 1e400, "none": NaN, "yes": true, "void": null}]')
    assert table.frame.iloc[0].tolist() == ["570306133677760513", "4.50", "1e400", "NaN", "true", ""]


def test_nested_values_lie_flat():
    record = {
        "review": "Fine",
        "author": {"name": "Ann", "home": {"city": "Oslo"}},
        "tags": ["warm", 2, None],
        "votes": [{"up": 1, "text": 'a "b"'}, []],
        "empty": {},
    }
    row = read([record]).frame.iloc[0].to_dict()
    assert row == {
        "review": "Fine",
        "author.name": "Ann",
        "author.home.city": "Oslo",
        "tags": "warm, 2, ",
        "votes": '[{"up":1,"text":"a \\"b\\""},[]]',
        "empty": "{}",
    }


def test_records_that_differ_in_their_keys():
    table = read([{"a": 1}, {"b": 2, "a": 3}, {}, {"a.b": 1, "a": {"b": 2}}])
    assert list(table.frame.columns) == ["a", "b", "a.b"]
    assert table.frame.values.tolist() == [["1", "", ""], ["3", "2", ""], ["", "", ""], ["", "", "2"]]


def test_a_list_of_texts_is_one_column():
    table = read(["Warm soup", "Too loud", None, "Fine"])
    assert table.frame.to_dict("list") == {"text": ["Warm soup", "Too loud", "", "Fine"]}


def test_one_review():
    assert read({"review": "Warm soup", "stars": 5}).frame.values.tolist() == [["Warm soup", "5"]]


def test_a_broken_line_is_told_of():
    table = read('{"review": "one"}\n{"review": "tw\n{"review": "three"}\n')
    assert table.frame["review"].tolist() == ["one", "three"]
    assert told(table) == ["1 lines are no JSON and were left out (first: line 2)."]


def test_a_list_that_breaks_off_is_read_so_far():
    whole = json.dumps(RECORDS * 10, indent=1)
    table = read(whole[: len(whole) // 2])
    assert 0 < len(table.frame) < 20
    assert "breaks off at line" in told(table)[0]


def test_entries_that_are_no_objects_are_counted():
    table = read([*RECORDS, "x", 3])
    assert table.frame.values.tolist() == READ
    assert told(table) == ["2 entries are no objects and were left out."]


def test_line_separators_inside_texts():
    table = read('{"review": "one\u2028two"}\n{"review": "three\\nfour"}\n')
    assert table.frame["review"].tolist() == ["one\u2028two", "three\nfour"]


def test_half_a_character_is_no_character():
    assert read('[{"review": "bad \\ud83d end"}]').frame["review"].tolist() == ["bad ? end"]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[]", "no records"),
        ("{}", "no records"),
        ('{"reviews": []}', ""),
        ("[null, null]", "no records"),
        ('{"review": "Warm', "broken at line 1"),
        ('[{"review": Warm}]', "broken at line 1"),
        ("[" * 50_000, "nested too deeply"),
        ('{"a":' * 50_000, "nested too deeply"),
        ('[{"a":' + "[" * 50_000 + "]" * 50_000 + "}]", "nested too deeply"),
    ],
)
def test_what_holds_no_records(text, message):
    if message:
        with pytest.raises(UnusableInput, match=message):
            read(text)
    else:
        assert len(read(text).frame) <= 1


def test_objects_without_common_keys_do_not_fill_the_memory(monkeypatch):
    monkeypatch.setenv("REVIEWSCAPE_MAX_COLUMNS", "10")
    table = read([{f"key {number}": number} for number in range(3_000)])
    assert table.frame.shape == (3_000, 10)
    assert told(table) == ["The file has 3000 columns; only the first 10 are read."]


def test_long_cells_are_cut(monkeypatch):
    monkeypatch.setenv("REVIEWSCAPE_MAX_CELL_CHARS", "5")
    table = read([{"review": "Warm soup"}])
    assert table.frame["review"].tolist() == ["Warm "]
    assert told(table) == ["1 cells were cut at 5 characters."]


def test_other_encodings():
    text = json.dumps(
        [{"评论": "味道很好，服务也不错，下次还会再来"}, {"评论": "等了很久，菜都凉了，不推荐"}], ensure_ascii=False
    )
    for codec in ("gb18030", "utf-16", "utf-8-sig"):
        table = read_table(text.encode(codec))
        assert table.frame["评论"].tolist()[1] == "等了很久，菜都凉了，不推荐"
        assert table.encoding == codec


def test_damage_never_raises_anything_else():
    refused_or_read(json.dumps({"data": RECORDS * 20}).encode())
    refused_or_read("\n".join(map(json.dumps, RECORDS * 20)).encode())


SAID = [{"id": each, "content": f"Soup number {each} was fine", "score": 4} for each in range(3)]
NAMES = ["id", "content", "score"]


@pytest.mark.parametrize(
    ("value", "columns", "left_out"),
    [
        ({"hotCommentTagStatistics": [{"id": 1, "name": "warm", "count": 3}] * 9, "comments": SAID}, NAMES, "hotComm"),
        ({"result": {"parts": [{"long_name": "Oslo", "types": ["x"]}] * 7, "reviews": SAID}}, NAMES, "result.parts"),
        ({"reviews": SAID[:1], "photos": [{"height": 3, "reference": "x"}] * 5}, NAMES, "photos"),
        ({"评论列表": SAID, "推荐": [{"sku": 1}] * 9}, NAMES, "推荐"),
        ({"data": {"rows": SAID, "ads": [{"url": "x", "text": 3}] * 9}}, NAMES, "data.ads"),
        ({"reviewTags": [{"name": "warm"}] * 9, "list": SAID}, NAMES, "reviewTags"),
        ({"reviews": [{"id": 1}, {"id": 2}], "data": SAID}, NAMES, "reviews"),
        ({"tags": {"all": 9, "list": [{"n": 1}] * 9}, "comments": {"all": 3, "list": SAID}}, NAMES, "tags.list"),
    ],
)
def test_the_list_most_like_reviews_is_read_and_the_others_are_told_of(value, columns, left_out):
    table = read(value)
    assert list(table.frame.columns) == columns
    assert table.frame["content"].iloc[0] == SAID[0]["content"]
    assert "1 further lists were left out: " + left_out in told(table)[0]


@pytest.mark.parametrize(
    "text",
    [
        "\n".join(json.dumps({"page": page, "reviews": SAID}) for page in (1, 2)),
        json.dumps([{"page": page, "reviews": SAID} for page in (1, 2)]),
        json.dumps({"pages": [{"page": page, "reviews": SAID} for page in (1, 2)], "tags": [{"id": 1}] * 9}),
    ],
)
def test_pages_give_way_to_their_reviews(text):
    table = read(text)
    assert list(table.frame.columns) == [*NAMES, "page"]
    assert table.frame["page"].tolist() == ["1"] * 3 + ["2"] * 3
    assert told(table)[-1].startswith("6 records lie in inner lists “reviews”")


def test_products_with_reviews_keep_what_is_said_of_both():
    shop = [
        {"name": "Pot", "rating": 4.5, "review_count": 2, "data": {"reviews": [{"body": "Heavy", "rating": 5}]}},
        {"name": "Pan", "rating": 3.5, "review_count": 0, "data": {"reviews": [{"body": "Thin", "rating": 2}]}},
        {"name": "Lid", "rating": 1.5, "review_count": 0, "data": {"reviews": []}},
    ]
    table = read(shop)
    assert list(table.frame.columns) == ["body", "rating", "name", "parent.rating", "review_count"]
    assert table.frame.values.tolist() == [["Heavy", "5", "Pot", "4.5", "2"], ["Thin", "2", "Pan", "3.5", "0"]]
    assert told(table)[1:] == ["1 entries whose list “data.reviews” is empty or lacks were left out."]


@pytest.mark.parametrize(
    "record",
    [
        {"text": "Warm soup", "comments": [{"text": "I agree", "user": "Ann"}]},
        {"id": 1, "replies": [{"text": "Thank you", "user": "The house"}]},
        {"id": 1, "said": "The soup was warm and the staff was kind", "notes2": [{"text": "x", "user": "Ann"}]},
        {"id": 1, "pictures": [{"url": "a"}, {"url": "b"}]},
    ],
)
def test_records_with_a_text_of_their_own_stay_whole(record):
    table = read([record] * 2)
    assert len(table.frame) == 2
    assert told(table) == []


@pytest.mark.parametrize(
    "text",
    [
        f"fetchJSON_comment98({json.dumps(SAID)});",
        f"/**/jQuery.call_12({json.dumps({'comments': SAID})})\n",
        f"var data = {json.dumps(SAID, indent=1)};\n",
        f"window.__STATE__['a b'] = {json.dumps({'comments': SAID})}",
        ")]}'\n" + json.dumps(SAID),
        "\n".join(f"call({json.dumps({'comments': [each]})});" for each in SAID),
        repr(SAID),
        "\n".join(map(repr, SAID)),
    ],
)
def test_json_in_a_script_and_what_python_writes(text):
    table = read(text)
    assert table.frame[NAMES].values.tolist() == [[str(value) for value in each.values()] for each in SAID]
    assert table.format in {"json", "jsonl"}


def test_what_python_writes_keeps_quotes_and_nothing():
    table = read(repr([{"review": 'it\'s "fine"', "stars": 4.5, "seen": None, "liked": True, "tags": ("a", "b")}]))
    assert table.frame.values.tolist() == [['it\'s "fine"', "4.5", "", "true", "a, b"]]


def test_what_python_writes_of_objects_is_refused(monkeypatch):
    with pytest.raises(UnusableInput, match=r"json\.dump"):
        read("[{'review': 'fine', 'stars': nan}]")
    assert read("[{'tag': nan}]\tfine soup\n[{'tag': 1}]\tcold tea\n").format == "delimited"
    monkeypatch.setattr("pipelines.ingest.formats.json_text.MOST_LITERAL_CHARS", 100)
    with pytest.raises(UnusableInput, match="of more than"):
        read(repr(SAID))


def test_a_table_is_no_script():
    table = read("review(s),stars\nnice (really) [good],5\nf = {x},2\n")
    assert list(table.frame.columns) == ["review(s)", "stars"]


def test_what_stands_beside_a_list_never_takes_a_reviews_own_place():
    inner = [{"text": "Warm", "parent": "x"}, {"text": "Cold", "title": "Tea", "by": {"name": "Ann"}}]
    table = read([{"title": "House", "by": {"name": "Shop"}, "reviews": inner}])
    assert table.frame.to_dict("list") == {
        "text": ["Warm", "Cold"],
        "parent": ["x", ""],
        "parent parent.title": ["House", "House"],
        "parent parent.by.name": ["Shop", "Shop"],
        "title": ["", "Tea"],
        "by.name": ["", "Ann"],
    }
