"""The correlation benchmark: reading of pairs, and what a correlation of plain cases is."""

from __future__ import annotations

import pytest

from benchmarks import sts
from pipelines.errors import UnusableInput

FORMS = {
    "named.tsv": 'split\tscore\tsentence1\tsentence2\ntrain\t1\tx\ty\ndev\t2.5\tsay "a\tb, c\ntest\t0\td\te\n',
    "plain.txt": 'say "a\tb, c\t2.5\r\nd\te\t0\r\n',
    "plain.csv": '"say ""a","b, c",2.5\nd,e,0\n',
}


@pytest.mark.parametrize("name", FORMS)
def test_pairs_are_read_in_each_form(name, tmp_path):
    file = tmp_path / name
    file.write_bytes(FORMS[name].encode())
    assert sts.read_pairs(file) == sts.Pairs(['say "a', "d"], ["b, c", "e"], [2.5, 0])


@pytest.mark.parametrize("content", [b"", b"one\ttwo\n", b"one\ttwo\tthree\n", "早餐\t房间\t1\n".encode("gb18030")])
def test_a_file_without_scored_pairs_is_told(content, tmp_path):
    file = tmp_path / "pairs.txt"
    file.write_bytes(content)
    with pytest.raises(UnusableInput):
        sts.read_pairs(file)


def test_shared_letters_correlate_with_scores_of_them():
    first = [f"the {word} works" for word in ("kettle", "grinder", "lid", "filter", "handle", "lamp")]
    second = [first[0], first[1], "the lid broke", "a filter", "zzz", "qqq jjj"]
    told = sts.spearman("lexical", sts.Pairs(first, second, [5, 5, 3, 2, 0, 0]), draft=False)
    assert told["spearman"] > 0.6
    assert told["dim"] == 256
