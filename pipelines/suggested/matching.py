"""A topic found again in another bundle of the same analysis, by the rows of its reviews."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from pipelines.members import Members, members_from, members_of, nearest
from pipelines.store.reader import Bundle
from pipelines.types import IntArray

Find = Callable[[str], Bundle | None]
"""As pipelines.shown has it."""

MOST_ROWS = 512
"""Of a larger topic a sample of its rows is kept: an entry names every topic of a map."""
_TEXTS_COMPARED = 20


def kept(bundle: Bundle, topic: int) -> dict[str, object]:
    """What finds a topic of a bundle as shown again, plain values."""
    inside = bundle.points["cluster"].to_numpy() == topic
    return members_of(bundle.points, inside, len(bundle.rows), MOST_ROWS).as_json()


def topic_of(bundle: Bundle, members: Mapping[str, Any], made_on: str, find: Find) -> int | None:
    """The topic that has most of the same rows, where it is the same one still; None where none is.

    made_on: id of the bundle that the members are of. find: the way to earlier bundles; where the rows of the earlier
    one hold other texts, it was another file.
    """
    try:
        meant = members_from(members)
    except ValueError:
        # A journal is a file that outlives the program that wrote it.
        return None
    points = bundle.points
    found = nearest(meant, points["row_id"].to_numpy(dtype=np.int64), points["cluster"].to_numpy(dtype=np.int32), -1)
    return found.ids[0] if found.fits and _same_texts(bundle, meant, made_on, find) else None


def _same_texts(bundle: Bundle, meant: Members, made_on: str, find: Find) -> bool:
    if bundle.id == made_on:
        return True
    earlier = find(made_on)
    if earlier is None:
        return True
    some = meant.rows[:_TEXTS_COMPARED]
    ours, theirs = (_text_of(one, some) for one in (bundle, earlier))
    shared = ours.keys() & theirs.keys()
    return not shared or sum(ours[row] == theirs[row] for row in shared) >= len(shared) / 2


def _text_of(bundle: Bundle, rows: IntArray) -> dict[int, str]:
    part = bundle.points[bundle.points["row_id"].isin(rows)].drop_duplicates("row_id")
    return dict(zip(part["row_id"].tolist(), part["text"].tolist(), strict=True))
