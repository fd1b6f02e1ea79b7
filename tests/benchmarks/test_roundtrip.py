"""The round-trip benchmark: a file with hostile cells comes back the same, and a difference is named by its place."""

from __future__ import annotations

import pandas as pd
import pytest

from benchmarks.roundtrip import FORMATS, first_difference, main

UPLOAD = 'id,review\r\n1,"a good machine, ""really"""\r\n2,"two\nlines of text"\r\n3,"the third one is fine"\r\n'


def test_a_file_comes_back_the_same_in_every_format(tmp_path, capsys):
    path = tmp_path / "in.csv"
    path.write_text(UPLOAD, encoding="utf-8", newline="")
    assert main([str(path)]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines == [f"in.csv\t{name}\t3 rows\t2 columns\tsame" for name in FORMATS]


def test_what_cannot_be_read_is_said(tmp_path, capsys):
    path = tmp_path / "in.csv"
    path.write_text("", encoding="utf-8")
    assert main([str(path)]) == 1
    assert capsys.readouterr().out.startswith("in.csv\tnot read\t")


@pytest.mark.parametrize(
    ("found", "expected"),
    [
        ({"a": ["1", "2"], "b": ["secret", "y"], "topic": ["", ""]}, None),
        ({"a": ["1", "2"], "b": ["secret", "z"]}, "different: row 2, column b (1 cells of it)"),
        ({"a": ["1"], "b": ["secret"]}, "different: 1 rows"),
        ({"b": ["secret", "y"], "a": ["1", "2"]}, "different: column names"),
    ],
)
def test_a_difference_is_named_by_its_place(found, expected):
    upload = pd.DataFrame({"a": ["1", "2"], "b": ["secret", "y"]}, dtype="str")
    assert first_difference(upload, pd.DataFrame(found, dtype="str")) == expected
