"""Which reviews a spot check asks about: random ones, the same after a reload, none of them twice."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from pipelines.checked.spot import SENTIMENT, TOPIC, WHOLE, Answer, said_of
from pipelines.corrections import places
from pipelines.figures import heads
from pipelines.store.reader import Bundle
from pipelines.types import BoolArray

AT_ONCE = 20


@dataclass(frozen=True)
class Round:
    """A sample. number counts from 1 in its population; units: their ids in the order they are asked about; open: what
    is not answered yet, as (unit_id, question).
    """

    number: int
    units: tuple[int, ...]
    open: tuple[tuple[int, str], ...]


def next_round(
    bundle: Bundle,
    chosen: BoolArray,
    answers: Sequence[Answer],
    *,
    population: str = WHOLE,
    number: int | None = None,
    count: int = AT_ONCE,
) -> Round:
    """The round that is being asked about: the last one that has an answer, the first where there is none.

    chosen (n,): the units of the population. number: a later round than that. A sample is drawn without replacement
    from the units that no earlier round asked about, one of those that say the same; its seed is the round's number and
    the population's name, so that a reload shows the same reviews.
    """
    own = [one for one in answers if one.population == population]
    number = max([1, *(one.round for one in own)]) if number is None else number
    keys = places.keys(bundle.points)
    seen = {one.key for one in own if one.round < number}
    eligible = np.flatnonzero(chosen & ~np.isin(keys, list(seen)))
    # Spread over positions by hash and not by shuffling: a unit that comes or goes leaves the others' order as it was.
    seed = np.random.SeedSequence([number, *population.encode()]).generate_state(1, np.uint64)[0]
    order = eligible[np.argsort(_mixed(keys[eligible].astype(np.uint64) ^ seed), kind="stable")]
    head = heads(bundle.points)
    firsts = np.sort(np.unique(head[order], return_index=True)[1])
    units = tuple(int(unit) for unit in order[firsts][:count])
    answered = {(one.key, one.question) for one in own if one.round == number}
    still = [
        (unit, question)
        for unit in units
        for question in (TOPIC, SENTIMENT)
        if (int(keys[unit]), question) not in answered and said_of(bundle, unit, question)
    ]
    return Round(number, units, tuple(still))


def _mixed(values: np.ndarray) -> np.ndarray:
    """splitmix64's finaliser (Steele et al. 2014): equal numbers to equal ones, near ones far apart."""
    mixed = values + np.uint64(0x9E3779B97F4A7C15)
    for shift, factor in ((30, 0xBF58476D1CE4E5B9), (27, 0x94D049BB133111EB)):
        mixed = (mixed ^ (mixed >> np.uint64(shift))) * np.uint64(factor)
    return mixed ^ (mixed >> np.uint64(31))
