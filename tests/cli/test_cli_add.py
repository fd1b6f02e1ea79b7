"""`add DIR FILE --out DIR2`: the contract of DESIGN.md, over the analysed sample."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from pipelines.store.reader import open_bundle
from tests.conftest import run_cli


@pytest.fixture(scope="module")
def more(analysed_sample, tmp_path_factory) -> Path:
    """The sample's first 20 rows once more, and 20 of them with another ending."""
    with analysed_sample.source.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    text = open_bundle(analysed_sample.bundle).summary["roles"]["text"]
    changed = [
        {**row, text: f"{row[text]} Second visit, week {i}, the same impression."} for i, row in enumerate(rows[20:40])
    ]
    path = tmp_path_factory.mktemp("more") / "more.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows([*rows[:20], *changed])
    return path


def add(analysed_sample, *arguments: object):
    return run_cli("add", *arguments, home=analysed_sample.home)


def test_the_new_bundle_has_the_old_rows_first_and_unchanged(analysed_sample, more, tmp_path):
    out = tmp_path / "out"
    done = add(analysed_sample, analysed_sample.bundle, more, "--out", out, "--json")
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    before, after = open_bundle(analysed_sample.bundle), open_bundle(out)
    n = len(before.points)
    pd.testing.assert_frame_equal(after.points.iloc[:n], before.points)
    pd.testing.assert_frame_equal(after.rows.iloc[: len(before.rows)], before.rows)
    assert np.asarray(after.vectors)[:n].tobytes() == np.asarray(before.vectors).tobytes()
    assert told["rows"] == len(before.rows) + 40 == len(after.rows)
    assert after.rows["row_id"].tolist() == list(range(len(after.rows)))
    assert told["bundle"] == str(out)
    assert told["known"] == 20
    assert told["joined"] + told["fits_nowhere"] == told["reviews"]
    assert {entry.name for entry in tmp_path.iterdir()} == {"out"}
    assert run_cli("verify", out, home=analysed_sample.home).returncode == 0
    assert run_cli("export", out, "--csv", tmp_path / "all.csv", home=analysed_sample.home).returncode == 0


def test_known_rows_can_be_left_out(analysed_sample, more, tmp_path):
    done = add(analysed_sample, analysed_sample.bundle, more, "--out", tmp_path / "out", "--skip-known")
    assert done.returncode == 0, done.stderr
    assert "20 rows were in the analysis already" in done.stdout
    assert open_bundle(tmp_path / "out").counts["rows"] == 511 + 20


@pytest.mark.parametrize("what", ["no bundle", "no file", "out is taken"])
def test_what_cannot_be_used_ends_with_2_and_one_line(analysed_sample, more, tmp_path, what):
    folder, file, out = analysed_sample.bundle, more, tmp_path / "out"
    if what == "no bundle":
        folder = tmp_path / "nothing"
    elif what == "no file":
        file = tmp_path / "nothing.csv"
    else:
        out = analysed_sample.bundle
    done = add(analysed_sample, folder, file, "--out", out)
    assert done.returncode == 2
    assert done.stdout == ""
    assert len(done.stderr.splitlines()) == 1
    assert "Traceback" not in done.stderr
    assert what == "out is taken" or not out.exists()


def test_a_file_that_is_no_table_leaves_nothing_behind(analysed_sample, tmp_path):
    picture = tmp_path / "picture.png"
    picture.write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(200))
    done = add(analysed_sample, analysed_sample.bundle, picture, "--out", tmp_path / "out")
    assert done.returncode == 2
    assert not (tmp_path / "out").exists()
