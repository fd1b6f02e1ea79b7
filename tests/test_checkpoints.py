from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest

from pipelines.checkpoints import Checkpoints, digest

ARRAYS = {
    "labels": np.array([1, -1, 3], np.int32),
    "tree_x": np.zeros((0, 4), np.float32),
    "words": np.array(["a", "很好"]),
    "size": np.array(5),
}


@dataclass(frozen=True)
class Config:
    seed: int = 42
    method: str | None = None


@dataclass(frozen=True)
class Other:
    seed: int = 42
    method: str | None = None


@pytest.fixture
def kept(tmp_path):
    return Checkpoints(tmp_path / "stages", 1)


def test_what_is_saved_is_loaded(kept):
    key = digest("x")
    assert kept.load("clusters", key) is None
    kept.save("clusters", key, ARRAYS)
    loaded = kept.load("clusters", key)
    assert list(loaded) == sorted(ARRAYS)
    for name, array in ARRAYS.items():
        np.testing.assert_array_equal(loaded[name], array)
        assert loaded[name].dtype == array.dtype
    assert kept.load("clusters", digest("y")) is None
    assert kept.load("topics", key) is None


def test_damage_is_a_miss(kept):
    key = digest("x")
    kept.save("clusters", key, ARRAYS)
    [path] = kept.folder.iterdir()
    sound = path.read_bytes()
    for bit in range(0, len(sound) * 8, 331):
        damaged = bytearray(sound)
        damaged[bit // 8] ^= 1 << bit % 8
        path.write_bytes(damaged)
        assert kept.load("clusters", key) is None, bit
    for cut in (0, 7, 8, 40, len(sound) - 1):
        path.write_bytes(sound[:cut])
        assert kept.load("clusters", key) is None
    path.write_bytes(sound)
    assert kept.load("clusters", key) is not None


def test_the_folder_stays_within_its_bound_and_keeps_what_was_used(kept):
    block = {"a": np.zeros(300_000, np.uint8)}
    keys = [digest(n) for n in range(3)]
    for age, key in enumerate(keys):
        kept.save("neighbors", key, block)
        os.utime(kept.folder / f"neighbors-{key}.stage", (age, age))
    assert kept.load("neighbors", keys[0]) is not None
    kept.save("neighbors", digest("new"), block)
    assert [kept.load("neighbors", key) is not None for key in keys] == [True, False, True]
    kept.save("neighbors", digest("large"), {"a": np.zeros(2_000_000, np.uint8)})
    assert kept.load("neighbors", digest("large")) is None
    assert len(list(kept.folder.iterdir())) == 3


def test_a_folder_that_cannot_be_made_is_passed_over(tmp_path):
    (tmp_path / "file").write_text("x")
    kept = Checkpoints(tmp_path / "file" / "stages", 1)
    kept.save("clusters", digest("x"), ARRAYS)
    assert kept.load("clusters", digest("x")) is None


@pytest.mark.parametrize(("stage", "key"), [("../x", "0" * 64), ("clusters", "../x"), ("", "0" * 64), ("a", "")])
def test_names_that_are_none(kept, stage, key):
    with pytest.raises(ValueError, match="no stage name"):
        kept.load(stage, key)


def test_digests_tell_apart_what_differs():
    parts = [
        *(1, 1.0, "1", b"1", True, None, "", [], {}, [1], ["1"], [[1]], {"a": 1}, {"a": "1"}, {"b": 1}),
        *(np.array([1]), np.array([1.0]), np.array([1], np.int32), np.array([[1]]), np.array(["1"]), np.zeros((0, 2))),
        *(np.zeros((2, 0)), Config(), Config(43), Config(method="a"), Other(), Path("1"), ["ab", "c"], ["a", "bc"]),
    ]
    assert len({digest(part) for part in parts}) == len(parts)
    assert digest("ab", "c") != digest("a", "bc") != digest(["a", "bc"])


def test_digests_do_not_depend_on_order_of_keys_layout_or_process():
    square = np.arange(12, dtype=np.float32).reshape(3, 4)
    assert digest({"a": 1, "b": [2]}) == digest({"b": (2,), "a": 1})
    assert digest(square) == digest(np.asfortranarray(square)) == digest(square[:, ::-1][:, ::-1])
    assert digest(np.float64(1.5), np.int64(2), np.str_("x")) == digest(1.5, 2, "x")
    root = Path(__file__).resolve().parents[1]
    code = "from pipelines.checkpoints import digest; print(digest({'x': 1, 'y': ['很好', None, 2.5]}, b'z'))"
    other = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=root, check=True)
    assert other.stdout.strip() == digest({"x": 1, "y": ["很好", None, 2.5]}, b"z")


@pytest.mark.parametrize("part", [object(), {1, 2}, np.array([{}], dtype=object), lambda: 1])
def test_what_has_no_digest(part):
    with pytest.raises(TypeError):
        digest(part)
