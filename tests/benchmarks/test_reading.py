"""The reading benchmark: outcomes, right answers and silent misreadings are counted for a small folder."""

import hashlib
import json

import pytest

from benchmarks import reading
from benchmarks.peers import environment
from benchmarks.peers.run_reading import told


def test_a_digest_is_of_names_and_cells():
    found = told([" a  b", "c"], [["1", "2"]])
    assert found["cells"] == hashlib.sha256(b'[["a b", "c"], [["1", "2"]]]').hexdigest()
    assert (found["header"], found["rows"], found["columns"]) == (True, 1, 2)
    assert told(None, [["1"], ["1", "2"]])["columns"] == -1


def test_what_is_known_is_marked():
    found = {"delimiter": ",", "header": True, "rows": 2, "columns": 2, "cells": "x", "warnings": 0}
    assert reading.marks(found, {"delimiter": ";", "rows": 2}) == {"delimiter": False, "shape": True}
    assert reading.marks({"crashed": "Error"}, {"cells": "x"}) == {"cells": False}
    assert reading.marks(found, {}) == {}


def test_a_folder_is_read_and_counted(tmp_path, capsys):
    folder = tmp_path / "few"
    (folder / "group").mkdir(parents=True)
    (folder / "group" / "good.csv").write_text("review,stars\nfine,5\n", encoding="utf-8")
    (folder / "group" / "wrong.csv").write_text("review,stars\nfine,5\n", encoding="utf-8")
    (folder / "group" / "empty.csv").write_bytes(b"")
    answers = tmp_path / "answers.json"
    known = {"delimiter": ",", "header": True, "rows": 1, "columns": 2}
    cells = told(["review", "stars"], [["fine", "5"]])["cells"]
    answers.write_text(
        json.dumps({"group/good.csv": {**known, "cells": cells}, "group/wrong.csv": {**known, "delimiter": ";"}})
    )
    arguments = [str(folder), "--answers", str(answers), "--without", *reading.PEERS, "--wrong"]
    assert reading.main(arguments) == 0
    printed = capsys.readouterr().out
    result = json.loads(printed.splitlines()[-1])
    assert result["outcomes"]["ours"] == {"opened": 2, "refused with a message": 1}
    assert result["groups"]["group"]["ours"]["all"] == [1, 2]
    assert result["groups"]["group"]["ours"]["silent"] == [1, 2]
    assert "group/wrong.csv: delimiter" in printed


def test_a_missing_folder_ends_with_2(tmp_path, capsys):
    assert reading.main([str(tmp_path / "none")]) == 2
    assert "none" in capsys.readouterr().err


def test_answers_hold_no_sentences():
    for answers in reading.ANSWERS.glob("*.json"):
        for known in json.loads(answers.read_text(encoding="utf-8")).values():
            assert known.keys() <= {"encoding", "delimiter", "quote", "header", "rows", "columns", "names", "cells"}
            assert all(len(name) <= 60 for name in known.get("names", []))


def test_an_unknown_environment_is_refused(tmp_path):
    with pytest.raises(Exception, match="reading"):
        environment.python_of("nobody", tmp_path / "new")
