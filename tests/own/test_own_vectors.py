"""Own vectors: every kind of .npy that holds numbers, only the rows that take part, nothing ever unpickled."""

from __future__ import annotations

import io
import pickle
from pathlib import Path

import numpy as np
import pytest

from pipelines.errors import UnusableInput
from pipelines.ingest import Source
from pipelines.own import vectors
from tests.own.test_own_places import reviews, units

ROWS, DIM = 6, 4
GIVEN = np.random.default_rng(0).normal(size=(ROWS, DIM)) * 9
DIRECTIONS = GIVEN / np.linalg.norm(GIVEN, axis=1, keepdims=True)


def read(tmp_path: Path, array: np.ndarray, rows: list[int] | None = None):
    np.save(tmp_path / "mine.npy", array)
    given = reviews({"review": ["x"] * ROWS})
    return vectors(tmp_path / "mine.npy", given, units(list(range(ROWS)) if rows is None else rows))


@pytest.mark.parametrize(
    "kind", ["<f4", ">f4", "<f8", ">f8", "<f2", "longdouble"], ids=lambda kind: kind.replace("<", "le ")
)
def test_any_kind_of_float(tmp_path, kind):
    found = read(tmp_path, GIVEN.astype(kind))
    assert found.matrix.dtype == np.float32
    np.testing.assert_allclose(found.matrix, DIRECTIONS, atol=2e-3 if kind == "<f2" else 1e-6)
    assert found.query_dim == DIM
    assert found.identity["name"] == "own"


@pytest.mark.parametrize("kind", ["i1", "u2", ">i4", "i8"])
def test_any_kind_of_integer(tmp_path, kind):
    whole = np.abs(GIVEN.round()).astype(kind) + np.ones(1, dtype=kind)
    np.testing.assert_allclose(
        read(tmp_path, whole).matrix, whole / np.linalg.norm(whole.astype(float), axis=1, keepdims=True), atol=1e-6
    )


def test_the_order_in_the_file_does_not_matter(tmp_path):
    one, other = read(tmp_path, GIVEN), read(tmp_path, np.asfortranarray(GIVEN))
    np.testing.assert_array_equal(one.matrix, other.matrix)
    assert one.identity == other.identity


@pytest.mark.parametrize("size", [1e-300, 1e-40, 1e30, 1e300])
def test_numbers_of_any_size_are_directions(tmp_path, size):
    np.testing.assert_allclose(read(tmp_path, GIVEN * size).matrix, DIRECTIONS, atol=1e-6)


def test_rows_left_out_may_hold_anything(tmp_path):
    broken = GIVEN.copy()
    broken[1], broken[4] = 0, np.nan
    found = read(tmp_path, broken, rows=[0, 2, 3, 5])
    np.testing.assert_allclose(found.matrix, DIRECTIONS[[0, 2, 3, 5]], atol=1e-6)


@pytest.mark.parametrize("bad", [0.0, np.nan, np.inf, -np.inf])
def test_a_row_that_is_no_direction_is_named(tmp_path, bad):
    broken = GIVEN.copy()
    broken[3] = bad
    with pytest.raises(UnusableInput, match=r"mine\.npy: the vector of data row 4 is zero or not finite"):
        read(tmp_path, broken)


@pytest.mark.parametrize(
    "array", [GIVEN[:-1], GIVEN[:, 0], GIVEN[:, :1], GIVEN[None], GIVEN[:0], GIVEN[:, :0], np.float64(3)]
)
def test_another_shape_is_refused(tmp_path, array):
    with pytest.raises(UnusableInput, match=r"mine\.npy"):
        read(tmp_path, array)


@pytest.mark.parametrize(
    ("array", "kind"),
    [(GIVEN.astype(complex), "complex128"), (GIVEN > 0, "bool"), (GIVEN.astype("U8"), "str"), (GIVEN.view("V32"), "")],
)
def test_what_is_no_number_is_refused(tmp_path, array, kind):
    with pytest.raises(UnusableInput, match=f"holds .*{kind}.*, not numbers"):
        read(tmp_path, array)


class Trap:
    """Leaves a file behind when it is unpickled."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __reduce__(self):
        return (Path.touch, (self.path,))


def archive() -> bytes:
    file = io.BytesIO()
    np.savez(file, a=GIVEN, b=GIVEN)
    return file.getvalue()


@pytest.mark.parametrize("kind", ["pickle", "objects", "empty", "text", "cut", "claims too much", "archive"])
def test_other_files_are_refused_and_nothing_is_unpickled(tmp_path, kind):
    trap = tmp_path / "sprung"
    np.save(tmp_path / "whole.npy", GIVEN)
    whole = (tmp_path / "whole.npy").read_bytes()
    if kind == "objects":
        np.save(tmp_path / "mine.npy", np.array([Trap(trap)] * ROWS, dtype=object), allow_pickle=True)
    else:
        content = {
            "pickle": pickle.dumps(Trap(trap)),
            "empty": b"",
            "text": b"0.1 0.2\n" * ROWS,
            "cut": whole[:-9],
            "claims too much": whole.replace(b"(6, 4)", b"(6,9**9)").replace(b"(6, 4)", b"(6, 4)"),
            "archive": archive(),
        }[kind]
        (tmp_path / "mine.npy").write_bytes(content)
    with pytest.raises(UnusableInput, match=r"mine\.npy .*numpy\.save"):
        vectors(tmp_path / "mine.npy", reviews({"review": ["x"] * ROWS}), units(list(range(ROWS))))
    assert not trap.exists()


def test_a_file_that_is_not_there_is_refused(tmp_path):
    with pytest.raises(UnusableInput, match=r"no\.npy"):
        vectors(tmp_path / "no.npy", reviews({"review": ["x"] * ROWS}), units([0]))


def test_a_message_names_the_file_as_people_know_it(tmp_path):
    (tmp_path / "0f3a.upload").write_bytes(b"?")
    with pytest.raises(UnusableInput, match=r"^my vectors\.npy is no"):
        vectors(Source(tmp_path / "0f3a.upload", "my vectors.npy"), reviews({"review": ["x"] * ROWS}), units([0]))
