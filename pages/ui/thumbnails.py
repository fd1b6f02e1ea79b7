"""Thumbnails of reviews' pictures, as the browser takes them: JPEG files of our own making inside an address."""

from __future__ import annotations

import base64
from collections.abc import Sequence

from pipelines import pictures
from pipelines.store.reader import Bundle

MOST = 120
"""Sent with one list at most: some 6 kB each."""
MOST_A_REVIEW = 4


def of_rows(bundle: Bundle | None, row_ids: Sequence[int]) -> list[list[str]]:
    """For each review the addresses of its first pictures, until MOST are sent; for none where there are none."""
    kept = None if bundle is None else pictures.of_bundle(bundle)
    if kept is None:
        return [[] for _ in row_ids]
    left = MOST
    found = []
    for row_id in row_ids:
        some = list(kept.of_row(int(row_id)))[: min(MOST_A_REVIEW, left)]
        left -= len(some)
        found.append([address(kept.thumbnail(picture)) for picture in some])
    return found


def address(jpeg: bytes) -> str:
    """A JPEG file as an address that asks no server."""
    return "data:image/jpeg;base64," + base64.b64encode(jpeg).decode("ascii")
