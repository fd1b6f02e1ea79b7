"""A bundle's pictures: which review each belongs to, its vector and its thumbnail, as plain arrays in the state."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np

from pipelines.embed import clip
from pipelines.errors import N_, DamagedBundle, UnusableInput
from pipelines.store.reader import Bundle, Held
from pipelines.types import FloatArray, IntArray

STATE = "pictures"


@dataclass(frozen=True)
class Pictures:
    """m pictures in the order of rows: row_id (m,), vectors (m, d) of length 1, thumbnails as JPEG files end to end.

    ends (m,): where each thumbnail ends in `jpeg`. identity: the model's, see embed.clip.
    """

    row_id: IntArray
    vectors: FloatArray
    jpeg: np.ndarray
    ends: IntArray
    identity: Mapping[str, object]

    def __len__(self) -> int:
        return len(self.row_id)

    def thumbnail(self, picture: int) -> bytes:
        """One picture as a JPEG file."""
        start = int(self.ends[picture - 1]) if picture else 0
        return self.jpeg[start : int(self.ends[picture])].tobytes()

    def of_row(self, row_id: int) -> range:
        """The pictures of a review."""
        return range(*np.searchsorted(self.row_id, [row_id, row_id + 1]).tolist())

    def as_state(self) -> dict[str, np.ndarray]:
        """Arrays for a bundle's state."""
        return {
            "row_id": self.row_id,
            "vectors": self.vectors,
            "jpeg": self.jpeg,
            "ends": self.ends,
            "identity": np.array(json.dumps(dict(self.identity), sort_keys=True)),
        }

    @classmethod
    def from_state(cls, state: Mapping[str, Any]) -> Pictures:
        """The inverse of as_state. Raises DamagedBundle where the arrays do not fit together."""
        try:
            found = cls(
                state["row_id"], state["vectors"], state["jpeg"], state["ends"], json.loads(str(state["identity"]))
            )
            n = len(found.row_id)
            fits = (
                found.vectors.shape[:1] == found.ends.shape == (n,)
                and found.jpeg.dtype == np.uint8
                and (np.diff(found.row_id) >= 0).all()
                and (np.diff(found.ends) > 0).all()
                and (n == 0 or int(found.ends[-1]) == len(found.jpeg))
            )
        except (KeyError, ValueError, TypeError, AttributeError):
            fits = False
        if not fits:
            raise DamagedBundle(N_("The bundle's pictures do not fit together. Run the analysis again."))
        return found


@dataclass(frozen=True)
class Found:
    """Pictures for a text, best first: their numbers, the review of each, and the cosine, −1…1."""

    pictures: IntArray
    row_id: IntArray
    alike: FloatArray


def of_bundle(bundle: Bundle) -> Pictures | None:
    """The pictures of a bundle; None where it has none."""
    return None if STATE not in bundle.state_names else _read(bundle.path.as_posix(), Held(bundle))


def search(bundle: Bundle, text: str, k: int = 24) -> Found:
    """The k pictures that show what `text` says, by the model that read them.

    Raises UnusableInput where the bundle has no pictures, or the model is not on this computer any more.
    """
    pictures = of_bundle(bundle)
    if pictures is None:
        raise UnusableInput(N_("This analysis has no pictures. Give some with --pictures and --picture-column."))
    query = _model(json.dumps(dict(pictures.identity), sort_keys=True)).embed_text(text)
    alike = pictures.vectors @ query
    best = np.argsort(-alike, kind="stable")[:k].astype(np.int64)
    return Found(best, pictures.row_id[best], alike[best])


@lru_cache(maxsize=2)
def _read(path: str, held: Held) -> Pictures:
    return Pictures.from_state(held.bundle.state(STATE))


@lru_cache(maxsize=1)
def _model(identity: str) -> clip.ClipModel:
    return clip.restore(json.loads(identity))
