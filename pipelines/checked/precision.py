"""How often a spot check found topic and sentiment right, with the interval that so many answers leave."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from pipelines.checked.spot import SENTIMENT, TOPIC, WHOLE, Answer, said_of
from pipelines.corrections import places
from pipelines.figures import share_interval
from pipelines.store.reader import Bundle

QUESTIONS = (TOPIC, SENTIMENT)


@dataclass(frozen=True)
class Precision:
    """Of `asked` answers `right` said yes; the share lies between low and high (95 %, Wilson 1927)."""

    right: int
    asked: int
    low: float
    high: float

    def as_dict(self) -> dict[str, Any]:
        """Plain values for a summary."""
        return asdict(self)


def precision(bundle: Bundle, answers: Sequence[Answer], population: str = WHOLE) -> dict[str, Precision]:
    """By question, from the answers in a population whose judged topic or label is still what the bundle says.

    A re-run can give a review another topic: an answer about the old one says nothing of it, and is left out.
    """
    unit_of = _units(bundle, [one.key for one in answers])
    found = {}
    for question in QUESTIONS:
        latest = {
            one.key: one.right
            for one in answers
            if one.question == question
            and one.population == population
            and one.right is not None
            and one.key in unit_of
            and said_of(bundle, unit_of[one.key], question) == one.said
        }
        if latest:
            right = sum(bool(yes) for yes in latest.values())
            found[question] = Precision(right, len(latest), *share_interval(right, len(latest)))
    return found


def _units(bundle: Bundle, wanted: Sequence[int]) -> dict[int, int]:
    """The unit ids of keys; a key that the bundle has not is left out."""
    keys = places.keys(bundle.points)
    at = np.flatnonzero(np.isin(keys, list(wanted)))
    return dict(zip(keys[at].tolist(), at.tolist(), strict=True))
