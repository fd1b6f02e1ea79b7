"""Numbers in the ways that people and their programs write them."""

from __future__ import annotations

import math

import numpy as np
import pytest

from pipelines.own.numbers import parse

NAN = math.nan


@pytest.mark.parametrize(
    ("cells", "numbers"),
    [
        pytest.param(["1.5", "-2", "+0.25", ".5", "3."], [1.5, -2, 0.25, 0.5, 3], id="points"),
        pytest.param(["1,5", "-0,25", "2"], [1.5, -0.25, 2], id="decimal commas"),
        pytest.param(["1,234", "-3,210", "0,120"], [1.234, -3.21, 0.12], id="three decimals each, one below 1"),
        pytest.param(["1,234", "3,210"], [1.234, 3.21], id="three decimals each"),
        pytest.param(["1,234", "567"], [1234, 567], id="thousands beside hundreds"),
        pytest.param(["1,234", "12.5"], [1234, 12.5], id="thousands beside decimals"),
        pytest.param(["1,234,567", "2,000"], [1234567, 2000], id="millions"),
        pytest.param(["1.234,5", "1.234"], [1234.5, 1234], id="points between thousands"),
        pytest.param(["1 234,5", "12\u202f000", "7\u00a0000"], [1234.5, 12000, 7000], id="spaces between thousands"),
        pytest.param(["1,5", "2,5", "3.5"], [1.5, 2.5, 3.5], id="both marks, each plain by itself"),
        pytest.param(["1e-3", "2E+2", "-1.5e1"], [0.001, 200, -15], id="exponents"),
        pytest.param(["１２．５", "−3", "'-4", " 5 "], [12.5, -3, -4, 5], id="full width, a real minus, apostrophe"),
    ],
)
def test_a_column_of_numbers(cells, numbers):
    np.testing.assert_allclose(parse(cells), numbers)


@pytest.mark.parametrize(
    "cell",
    [
        *("", " ", "nan", "NaN", "inf", "-Infinity", "1e39", "1e999", "-1e400", "abc", "1.2.3", "1,2,3", "12,34,567"),
        *("3 5", "12%", "$3", "=1+1", "0x10", "1_000", "--1", "+-1", ".", ",", "-", "e5", "1e", "٣" * 41, "9" * 400),
        *("2024-01-02", "10:30", "<b>1</b>", "½", "0,123,456"),
    ],
)
def test_what_is_no_number_is_nan(cell):
    assert math.isnan(parse(["7", cell])[1])


def test_no_cells_are_no_numbers():
    assert parse([]).shape == (0,)


def test_a_column_is_read_alike_whatever_its_order():
    cells = ["1,234", "12.5", "7", "", "x", "1,234"]
    np.testing.assert_array_equal(parse(cells)[::-1], parse(cells[::-1]))


def test_one_cell_typed_otherwise_changes_no_other():
    written = [f"{i}.397" for i in range(1, 101)]
    np.testing.assert_allclose(parse([*written, "1,5"]), [*(i + 0.397 for i in range(1, 101)), 1.5])
    commas = [cell.replace(".", ",") for cell in written]
    np.testing.assert_allclose(parse([*commas, "1.5"]), [*(i + 0.397 for i in range(1, 101)), 1.5])
