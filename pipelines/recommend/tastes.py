"""Who reviewed which item, and how they liked it: what every recommendation is made from."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from pipelines.errors import N_, UnusableInput
from pipelines.store.reader import Bundle
from pipelines.types import FloatArray, IntArray

PRIOR = 5.0
"""A person's usual opinion is drawn towards the middle as if by so many neutral reviews: one who has praised
everything so far likes it all the same, and means less by the next praise."""
_NAMELESS = """
- -- ? null none nan na n/a nil unknown user guest anonymous anon customer
匿名 匿名用户 匿名用戶 匿名网友 匿名买家 匿名会员 未知 无名 游客 用户
"""
NAMELESS = frozenset(_NAMELESS.split()) | {"a google user", "amazon customer", "kindle customer", "anonymous user"}
"""What stands where a name is not told: many people in one, and no taste of anybody."""


@dataclass(frozen=True)
class Tastes:
    """u people, i items, p pairs (a person and an item that they reviewed, once each), n units behind the pairs.

    users (u,), items (i,): their names, in the order of the upload. pair_user, pair_item (p,) int64. opinion (p,) −1…1:
    stars, where there are some, else the sentiment of the text. liking (p,): opinion against the person's own usual
    one, above 0 for what they liked. time (p,) datetime64, of the pair's last review (NaT where unknown). unit (n,):
    positions among the bundle's points; unit_pair (n,): their pairs. nameless: reviews left out since nobody's name, or
    no item's, stands beside them.
    """

    users: list[str]
    items: list[str]
    pair_user: IntArray
    pair_item: IntArray
    opinion: FloatArray
    liking: FloatArray
    time: NDArray[np.datetime64]
    unit: IntArray
    unit_pair: IntArray
    nameless: int

    def user(self, name: str) -> int:
        """A person's number; raises UnusableInput, which says whose name comes near."""
        if name in self.users:
            return self.users.index(name)
        like = [other for other in self.users if other.strip().casefold() == name.strip().casefold()]
        if len(like) == 1:
            return self.users.index(like[0])
        raise UnusableInput(
            N_(
                "No user of this analysis is called “{user}”. Names in the column “user”: {n}, for example “{example}”."
            ),
            user=name,
            n=len(self.users),
            example=self.users[0],
        )

    def pairs_of(self, user: int) -> IntArray:
        """(k,) the pairs of a person."""
        return np.flatnonzero(self.pair_user == user)


def has_columns(bundle: Bundle) -> bool:
    """Whether the file of a bundle said who wrote a review and about which item; cheap, for a menu."""
    roles = bundle.summary.get("roles", {})
    return bool(roles.get("user") and roles.get("item"))


def read(bundle: Bundle) -> Tastes:
    """The tastes of a bundle. Raises UnusableInput where it has no users or items, or none of them has a name."""
    points = bundle.points
    if not {"user", "item"} <= set(points.columns):
        raise UnusableInput(
            N_(
                "This analysis does not know who wrote a review, or about which item: recommending needs both. Analyse "
                "the file anew, and say on the page Open which columns are the user and the product or store."
            )
        )
    frame = pd.DataFrame({"at": np.arange(len(points)), "row": points["row_id"].to_numpy()})
    for role in ("user", "item"):
        frame[role] = points[role].fillna("").astype("str").str.strip().to_numpy()
    frame["opinion"] = _opinions(points)
    frame["time"] = points["date"].to_numpy() if "date" in points else np.datetime64("NaT", "us")
    named = (frame["item"] != "") & ~frame["user"].str.casefold().isin(NAMELESS) & (frame["user"] != "")
    nameless = int(frame.loc[~named, "row"].nunique())
    frame = frame[named]
    if frame.empty:
        message = N_("No review of this analysis has both a user and an item: there is nobody to recommend to.")
        raise UnusableInput(message)
    user, users = pd.factorize(frame["user"])
    item, items = pd.factorize(frame["item"])
    both = user.astype(np.int64) * len(items) + item
    pair, keys = pd.factorize(both)
    # A review cut into sentences counts once; several reviews of one item are one opinion.
    by_row = frame.assign(pair=pair).groupby(["pair", "row"], sort=True)["opinion"].mean()
    opinion = by_row.groupby(level="pair").mean().to_numpy(dtype=np.float32)
    pair_user, pair_item = (keys // len(items)).astype(np.int64), (keys % len(items)).astype(np.int64)
    return Tastes(
        users=[str(name) for name in users],
        items=[str(name) for name in items],
        pair_user=pair_user,
        pair_item=pair_item,
        opinion=opinion,
        liking=_liking(opinion, pair_user, len(users)),
        time=frame.groupby(pair, sort=True)["time"].max().to_numpy(),
        unit=frame["at"].to_numpy(dtype=np.int64),
        unit_pair=pair.astype(np.int64),
        nameless=nameless,
    )


def _opinions(points: pd.DataFrame) -> FloatArray:
    """(n,) −1…1 for each unit: its review's stars, else the sentiment of its text."""
    felt = points["sentiment"].to_numpy(dtype=np.float32)
    if "rating" not in points:
        return felt
    stars = (points["rating"].to_numpy(dtype=np.float32) - 3.0) / 2.0
    return np.where(np.isfinite(stars), stars, felt).astype(np.float32)


def _liking(opinion: FloatArray, pair_user: IntArray, users: int) -> FloatArray:
    count = np.bincount(pair_user, minlength=users)
    usual = np.bincount(pair_user, weights=opinion, minlength=users) / (count + PRIOR)
    return (opinion - usual[pair_user]).astype(np.float32)
