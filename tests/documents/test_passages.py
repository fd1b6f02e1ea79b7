"""Passages: under their headings, whole sentences, overlapping, and nothing of the text lost."""

from __future__ import annotations

import re
from itertools import pairwise

import pytest

from pipelines.documents import split
from pipelines.documents.passages import MAX_PASSAGES, PASSAGE_CHARS, PASSAGE_HAN
from pipelines.errors import UnusableInput

HANDBOOK = """# 员工手册
前言一句。
## 第二章 休假
### 年休假
工作满一年的员工每年可休五天。
### 病假
凭医院证明可休病假。
# 报销
出差回来十天内提交票据。
"""


def test_headings_stand_over_their_passages() -> None:
    found = split([HANDBOOK], "手册.md")
    assert [(one.heading, one.text) for one in found] == [
        ("员工手册", "前言一句。"),
        ("员工手册 › 第二章 休假 › 年休假", "工作满一年的员工每年可休五天。"),
        ("员工手册 › 第二章 休假 › 病假", "凭医院证明可休病假。"),
        ("报销", "出差回来十天内提交票据。"),
    ]
    assert [one.number for one in found] == [1, 2, 3, 4] and {one.page for one in found} == {0}


def test_numbered_headings_of_text_files_and_pages() -> None:
    found = split(["第一条 年假\n每年五天。", "2.1 Sick leave\nA note from a doctor is needed."], "a.pdf", "id")
    assert [(one.page, one.heading, one.text) for one in found] == [
        (1, "第一条 年假", "每年五天。"),
        (2, "2.1 Sick leave", "A note from a doctor is needed."),
    ]
    assert found[0].document == "id"


def test_long_texts_are_cut_at_sentences_with_overlap_and_nothing_is_lost() -> None:
    chinese = "".join(f"第{n}项规定：员工在第{n}天之前提出申请，由主管批准。" for n in range(60))
    english = " ".join(f"Rule {n} says that parcels number {n} arrive on time." for n in range(60))
    for text, most, pattern in ((chinese, PASSAGE_HAN, r"第(\d+)项"), (english, PASSAGE_CHARS, r"Rule (\d+)")):
        found = [one.text for one in split([text], "a.txt")]
        assert len(found) > 3 and all(len(one) <= most for one in found)
        numbers = [{int(n) for n in re.findall(pattern, one)} for one in found]
        assert set().union(*numbers) == set(range(60))
        assert all(one & other for one, other in pairwise(numbers))
        assert all(one.endswith(("。", ".")) for one in found)


def test_nothing_and_signs_alone_are_no_passages() -> None:
    assert split([""], "a.txt") == split(["\n\n***\n---\n"], "a.txt") == split([], "a.txt") == []


@pytest.mark.parametrize(("line", "heading"), [("# C", "C"), ("## Two  words ##", "Two words"), ("# #", ""), ("#", "")])
def test_what_closes_a_heading_is_no_part_of_it(line: str, heading: str) -> None:
    assert [" ".join(one.heading.split()) for one in split([f"{line}\nbody of it"], "a.md")] == [heading]


@pytest.mark.parametrize("tail", [" " * 400_000 + "x#y", "#" * 400_000 + "x", " #" * 200_000 + "x"])
def test_a_line_made_to_be_slow_is_not(tail: str) -> None:
    # Before, each took time by the square of its length: hours.
    assert split([f"# {tail}\nbody of it"], "a.md")[0].text == "body of it"


def test_a_file_of_headings_alone_is_refused() -> None:
    with pytest.raises(UnusableInput, match="20,000 passages"):
        split(["# a\nb\n" * (MAX_PASSAGES + 1)], "a.md")
