from __future__ import annotations

import pytest

from pipelines.tracked import Line, parse, parse_file, phrase


def test_lines_and_named_lines_in_both_languages():
    pasted = "late delivery\n- refund: refund, money back\n2. 隔音：隔音、吵；噪音\n# a note\n\n噪音"
    assert parse(pasted) == [
        Line("late delivery", ("late delivery",)),
        Line("refund", ("refund", "money back")),
        Line("隔音", ("隔音", "吵", "噪音")),
        Line("噪音", ("噪音",)),
    ]


def test_a_name_that_comes_again_adds_its_phrases():
    assert parse("a: x\nA: y, x") == [Line("a", ("x", "y"))]


def test_one_typed_phrase():
    assert phrase(" battery life ") == Line("battery life", ("battery life",))
    assert phrase("refund, money back") == Line("refund, money back", ("refund", "money back"))
    assert phrase("  ") is None
    assert phrase(",;、") is None


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "gb18030"])
def test_files_of_any_usual_encoding(encoding):
    data = "名称,关键词\n隔音,隔音;吵\n早餐,".encode(encoding)
    assert parse_file(data, "themes.CSV") == [Line("隔音", ("隔音", "吵")), Line("早餐", ("早餐",))]
    assert parse_file("早餐\n前台".encode(encoding), "t.txt") == [Line("早餐", ("早餐",)), Line("前台", ("前台",))]


@pytest.mark.parametrize("text", ["::::", "\x00\x01", "a" * 10_000, ",\n" * 5_000, "=cmd|' /C calc'!A0", "<b>: <i>"])
def test_hostile_lists_are_only_text(text):
    for line in parse(text):
        assert 0 < len(line.name) <= 120
        assert line.phrases


def test_at_most_two_hundred_themes():
    assert len(parse("\n".join(f"theme {i}" for i in range(500)))) == 200
