"""Packed selections: what is packed comes back, what anybody may have written does no harm."""

from __future__ import annotations

import base64
import json
import zlib

import numpy as np
import pytest

from pipelines.unit_ids import LEAST, MARK, packed, unpacked
from pipelines.view import MAX_SELECTED, View


@pytest.mark.parametrize("share", [0.01, 0.5, 1.0])
def test_a_selection_comes_back_and_is_small(share: float) -> None:
    random = np.random.default_rng(1)
    ids = tuple(np.flatnonzero(random.random(100_000) < share).tolist())
    view = View(selection=ids, quotes=(5, 3))
    stored = json.loads(json.dumps(view.to_stored()))
    assert View.from_dict(stored) == view == View.from_dict(view.to_dict())
    assert len(stored["selection"]) < 2 * len(ids)


def test_few_ids_stay_a_list_and_odd_ones_are_left_as_they_are() -> None:
    few, far = tuple(range(LEAST - 1)), (*range(LEAST), 10**11)
    assert packed(few) is None
    assert packed(far) is None
    assert packed((*range(LEAST), 5)) is None
    for ids in (few, far, ()):
        assert View.from_dict(View(selection=ids).to_stored()).selection == ids
    assert View().to_stored() == View().to_dict()


def _written(data: bytes) -> str:
    return MARK + base64.b64encode(zlib.compress(data)).decode("ascii")


@pytest.mark.parametrize(
    "text",
    ["", "x", MARK, MARK + "é", MARK + "AAAA", _written(b""), _written(b"abc"), _written(b"\0" * 8)],
)
def test_another_text_is_no_selection(text: str) -> None:
    assert unpacked(text, 10) is None
    assert View.from_dict({"selection": text}).selection is None


def test_more_than_may_be_selected_is_refused_before_it_is_all_read() -> None:
    many = b"\1" * (MAX_SELECTED + 1) + b"\0" * 3 * (MAX_SELECTED + 1)
    assert unpacked(_written(many), MAX_SELECTED) is None
    assert unpacked(_written(b"\1" * 3 + b"\0" * 9), 3) == (0, 1, 2)
