"""Reviews that a person said belong together: answers to tracked topics, their examples, and spot checks."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

import numpy as np

from pipelines import checked
from pipelines.corrections import places
from pipelines.store.journal import Entry
from pipelines.store.reader import Bundle
from pipelines.tracked.definition import fold
from pipelines.tracked.judge import find

EACH = 3
"""Pairs that a review is part of at most, as the first of the two."""


def groups(bundle: Bundle, entries: Sequence[Entry]) -> list[list[int]]:
    """unit_ids that belong together, two or more a group; entries: the analysis's journal."""
    found: dict[tuple[str, str], set[int]] = defaultdict(set)
    for topic in fold(entries):
        marks = [(answer.mark, answer.bundle) for answer in topic.answers if answer.yes]
        marks += [(mark, topic.bundle) for mark in topic.examples]
        refused = {
            find(bundle, answer.mark, same=answer.bundle == bundle.id) for answer in topic.answers if not answer.yes
        }
        units = {find(bundle, mark, same=made_on == bundle.id) for mark, made_on in marks} - refused
        found["tracked", topic.id] |= {unit for unit in units if unit is not None}
    for answer in checked.answers(entries):
        if answer.question == checked.TOPIC and answer.right and answer.said:
            found["topic", answer.said] |= set(places.units_of(bundle.points, [answer.key]))
    return [sorted(units) for _name, units in sorted(found.items()) if len(units) > 1]


def pairs(together: Sequence[Sequence[int]], seed: int = 0) -> list[tuple[int, int, int]]:
    """unit, unit and the number of their group: each review with at most EACH others of its group."""
    random = np.random.default_rng(seed)
    made = []
    for number, units in enumerate(together):
        order = random.permutation(np.asarray(units)).tolist()
        steps = range(1, min(EACH, len(order) - 1) + 1)
        made += [(order[i], order[(i + step) % len(order)], number) for step in steps for i in range(len(order))]
    # Two of two are one pair, whichever way round.
    return list({(min(a, b), max(a, b), n): (a, b, n) for a, b, n in made}.values())
