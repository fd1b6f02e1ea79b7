from __future__ import annotations

import dataclasses
import json
import os
import signal
import subprocess
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from pipelines.errors import UnusableInput
from pipelines.store import durable
from pipelines.store.bundle import write_bundle
from pipelines.store.reader import open_bundle
from pipelines.store.verify import verify

ROOT = Path(__file__).resolve().parents[2]
FILES = {
    *("manifest.json", "manifest.sha256", "rows.parquet", "points.parquet", "vectors.npy", "summary.json"),
    *("state/graph.npz", "state/trees.json", "state/notes.json"),
}


def changed(parts, **columns):
    return dataclasses.replace(parts, points=parts.points.assign(**columns))


def test_a_bundle_holds_its_files_and_nothing_else(tmp_path, make_parts):
    path = write_bundle(tmp_path / "out", make_parts())
    assert {str(p.relative_to(path)) for p in path.rglob("*") if p.is_file()} == FILES
    assert [p.name for p in tmp_path.iterdir()] == ["out"]
    assert verify(path) == []


def test_what_went_in_comes_out(tmp_path, make_parts):
    parts = make_parts(30)
    bundle = open_bundle(write_bundle(tmp_path / "out", parts))
    pd.testing.assert_frame_equal(bundle.rows, parts.rows)
    expected = parts.points.astype({"date": "datetime64[us]"})
    pd.testing.assert_frame_equal(bundle.points, expected, check_dtype=False)
    assert bundle.points["duplicate_of"].dtype == "Int64"
    assert bundle.points["duplicate_of"].iloc[4] == 1
    assert {str(bundle.points[name].dtype) for name in ("text", "topic", "item")} == {"str"}
    assert bundle.points.dtypes.astype(str)[["row_id", "cluster", "x2", "rating", "joined"]].tolist() == [
        *("int64", "int32", "float32", "float32", "bool")
    ]
    np.testing.assert_array_equal(bundle.vectors, parts.vectors)
    np.testing.assert_array_equal(bundle.state("graph")["indices"], parts.state["graph"]["indices"])
    assert bundle.state("graph")["query_dim"] == 8
    assert bundle.state("trees") == {}
    assert bundle.state("notes") == {"language": "zh", "weights": [1.5, None]}
    assert bundle.state_names == ("graph", "notes", "trees")
    assert bundle.summary["coverage"] is None
    assert bundle.counts == {"rows": 30, "units": 30, "topics": 3, "dim": 8}
    assert bundle.upload_columns == ("评论", "price", "when")


def test_unknown_state_is_a_key_error(tmp_path, make_parts):
    with pytest.raises(KeyError):
        open_bundle(write_bundle(tmp_path / "out", make_parts())).state("nothing")


def test_same_parts_give_same_bytes_whatever_the_moment(tmp_path, make_parts):
    one = write_bundle(tmp_path / "one", make_parts(), created=datetime(2025, 1, 1, tzinfo=UTC))
    two = write_bundle(tmp_path / "two", make_parts(), created=datetime(2026, 1, 1, tzinfo=UTC))
    for name in FILES - {"manifest.json", "manifest.sha256"}:
        assert (one / name).read_bytes() == (two / name).read_bytes(), name
    assert open_bundle(one).id != open_bundle(two).id
    assert open_bundle(one).created == "2025-01-01T00:00:00.000+00:00"


def test_chunks_and_index_of_a_frame_do_not_reach_the_bytes(tmp_path, make_parts):
    parts = make_parts()
    pieces = pd.concat([parts.points.iloc[:7], parts.points.iloc[7:]])
    pieces.index = pieces.index[::-1]
    one = write_bundle(tmp_path / "one", parts)
    two = write_bundle(tmp_path / "two", dataclasses.replace(parts, points=pieces))
    assert (one / "points.parquet").read_bytes() == (two / "points.parquet").read_bytes()


def test_an_empty_folder_is_taken_a_full_one_and_a_file_are_not(tmp_path, make_parts):
    (tmp_path / "empty").mkdir()
    write_bundle(tmp_path / "empty", make_parts())
    (tmp_path / "file").write_text("x")
    for name in ("empty", "file"):
        with pytest.raises(UnusableInput, match=name):
            write_bundle(tmp_path / name, make_parts())
    assert verify(tmp_path / "empty") == []


def test_a_place_that_cannot_be_written_is_named(tmp_path, make_parts):
    (tmp_path / "file").write_text("x")
    with pytest.raises(UnusableInput, match="file"):
        write_bundle(tmp_path / "file" / "out", make_parts())


@pytest.mark.parametrize("n", [0, 1, 2, 3, 5, 12])
def test_few_units(tmp_path, make_parts, n):
    bundle = open_bundle(write_bundle(tmp_path / "out", make_parts(n, topics=0)))
    assert len(bundle.points) == len(bundle.rows) == len(bundle.vectors) == n
    assert bundle.vectors.shape == (n, 8)
    assert str(bundle.points["text"].dtype) == "str"
    assert str(bundle.points["cluster"].dtype) == "int32"
    assert verify(bundle.path) == []


@pytest.mark.parametrize(
    ("columns", "message"),
    [
        ({"x2": np.nan}, "x2 must be finite"),
        ({"sentiment": np.float32(1.5)}, "sentiment must lie"),
        ({"unit_id": 7}, "unit_id must count"),
        ({"row_id": np.arange(30)[::-1]}, "upload order"),
        ({"row_id": np.arange(30) + 1}, "a row that rows do not have"),
        ({"sentiment_label": "happy"}, "sentiment_label"),
        ({"duplicate_of": pd.array([29] * 30, dtype="Int64")}, "duplicate_of"),
        ({"cluster": np.int32(-2)}, "cluster must be"),
    ],
)
def test_points_that_break_the_contract_are_refused(tmp_path, make_parts, columns, message):
    with pytest.raises(ValueError, match=message):
        write_bundle(tmp_path / "out", changed(make_parts(), **columns))
    assert list(tmp_path.iterdir()) == []


def test_missing_columns_wrong_vectors_and_objects_are_refused(tmp_path, make_parts):
    parts = make_parts()
    for bad, message in (
        (dataclasses.replace(parts, points=parts.points.drop(columns="topic")), "topic"),
        (dataclasses.replace(parts, rows=parts.rows.drop(columns="kept")), "kept"),
        (dataclasses.replace(parts, vectors=parts.vectors[:-1]), "shape"),
        (dataclasses.replace(parts, vectors=parts.vectors * 2), "length 1"),
        (dataclasses.replace(parts, state={"x": {"a": np.array([{}], dtype=object)}}), "pickle|[Oo]bject"),
        (dataclasses.replace(parts, state={"../x": {}}), "state name"),
        (dataclasses.replace(parts, state={"x": {"a": np.zeros(2), "b": 1}}), "arrays only"),
    ):
        with pytest.raises(ValueError, match=message):
            write_bundle(tmp_path / "out", bad)
    assert list(tmp_path.iterdir()) == []


def test_rounding_at_the_end_of_a_range_is_put_on_the_bound(tmp_path, make_parts):
    parts = changed(make_parts(), cluster_strength=np.float32(1.000001), outlier_score=np.float32(-1e-7))
    points = open_bundle(write_bundle(tmp_path / "out", parts)).points
    assert points["cluster_strength"].max() == 1
    assert points["outlier_score"].min() == 0


def test_more_columns_of_points_are_kept_after_the_promised_ones(tmp_path, make_parts):
    parts = changed(make_parts(), confidence=np.float32(0.5))
    assert open_bundle(write_bundle(tmp_path / "out", parts)).points.columns[-1] == "confidence"


def test_odd_upload_columns_survive(tmp_path, make_parts):
    parts = make_parts(3)
    odd = {"a\nb": "1", "=cmd": "\x00\r\n", " ": "\u2028", "upload:row_id": "x", "": "empty name", "很" * 300: "😀"}
    rows = parts.rows.assign(**{name: pd.array([value] * 3, dtype="str") for name, value in odd.items()})
    bundle = open_bundle(write_bundle(tmp_path / "out", dataclasses.replace(parts, rows=rows)))
    pd.testing.assert_frame_equal(bundle.rows, rows)


def test_the_manifest_says_how_it_was_made(tmp_path, make_parts):
    path = write_bundle(tmp_path / "out", make_parts(draft=True), bundle_id="ab" * 16)
    manifest = json.loads((path / "manifest.json").read_bytes())
    assert manifest["schema_version"] == 1
    assert manifest["id"] == "ab" * 16
    assert manifest["draft"] is True
    assert manifest["config"]["seed"] == 42
    assert manifest["embedder"] == {"name": "made-up", "dim": 8}
    assert {"numpy", "pandas", "pyarrow", "python", "reviewscape"} <= set(manifest["versions"])
    assert set(manifest["files"]) == FILES - {"manifest.json", "manifest.sha256"}


WRITER = """
import sys, time
from pathlib import Path
sys.path[:0] = [{root!r}, {tests!r}]
from conftest import build_parts
from pipelines.store import bundle, durable
where, target = sys.argv[1], Path(sys.argv[2])
module, _, name = where.partition(".")
owner = {{"durable": durable, "bundle": bundle}}[module]
real = getattr(owner, name)
def hold(*args, **kwargs):
    print("here", flush=True)
    time.sleep(60)
setattr(owner, name, hold)
bundle.write_bundle(target, build_parts())
"""


@pytest.mark.skipif(sys.platform == "win32", reason="no kill -9")
@pytest.mark.parametrize("where", ["durable.write_file", "durable.sync_file", "bundle._manifest", "bundle._rename"])
def test_killed_midway_nothing_is_at_the_target_and_the_rest_is_swept(tmp_path, where):
    target = tmp_path / "out"
    script = WRITER.format(root=str(ROOT), tests=str(ROOT / "tests"))
    writer = subprocess.Popen([sys.executable, "-c", script, where, str(target)], stdout=subprocess.PIPE, text=True)
    assert writer.stdout is not None
    try:
        assert writer.stdout.readline() == "here\n"
        assert not target.exists()
        assert durable.sweep_temps(tmp_path) == [], "a live writer's folder is left alone"
    finally:
        os.kill(writer.pid, signal.SIGKILL)
        writer.communicate()
    assert not target.exists()
    assert len(durable.sweep_temps(tmp_path)) == 1
    assert list(tmp_path.iterdir()) == []


def test_temp_files_are_swept_by_age_and_others_never(tmp_path):
    old, new, other = tmp_path / ".a.0123abcd.tmp", tmp_path / ".b.0123abcd.tmp", tmp_path / "mine.tmp"
    for path in (old, new, other):
        path.write_text("x")
        os.utime(path, (0, 0) if path != new else (time.time(), time.time()))
    assert durable.sweep_temps(tmp_path) == [old]
    assert {path.name for path in tmp_path.iterdir()} == {new.name, other.name}


FULL_DISK = """
import resource, signal, sys
from pathlib import Path
sys.path[:0] = [{root!r}, {tests!r}]
from conftest import build_parts
from pipelines.errors import UnusableInput
from pipelines.store import journal
from pipelines.store.bundle import write_bundle
folder = Path(sys.argv[1])
for n in range(3):
    journal.append(folder, "noted", {{"n": n}})
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
refused = 0
for limit in (100, 700, 2000, 4000, 6000, 9000):
    resource.setrlimit(resource.RLIMIT_FSIZE, (limit, resource.RLIM_INFINITY))
    try:
        write_bundle(folder / "out", build_parts(60, 40))
    except UnusableInput as error:
        refused += 1
try:
    journal.append(folder, "noted", {{"text": "x" * 20000}})
except UnusableInput:
    refused += 1
print(refused, [path.name for path in folder.iterdir()], len(journal.replay(folder)), journal.find_problems(folder))
"""


@pytest.mark.skipif(sys.platform == "win32", reason="no resource limits")
def test_no_space_is_said_and_leaves_nothing_behind(tmp_path):
    script = FULL_DISK.format(root=str(ROOT), tests=str(ROOT / "tests"))
    done = subprocess.run([sys.executable, "-c", script, str(tmp_path)], capture_output=True, text=True)
    assert done.stdout == "7 ['journal.jsonl'] 3 []\n", done.stderr
