"""Random sequences of corrections: never a crash, every unit in one listed topic, and undo of all is the plain map."""

from __future__ import annotations

import random

import numpy as np
import pytest

from pipelines import corrections as fix
from pipelines.errors import UnusableInput
from pipelines.store import catalog, journal, library
from tests.corrections.conftest import assert_sound
from tests.corrections.test_replay import renumbered

STEPS = 14


def one_step(chosen: random.Random, analysis: str, look) -> None:
    bundle = look()
    ids = [topic["id"] for topic in bundle.summary["topics"]]
    topic = chosen.choice([*ids, -1, 12_345])
    seen = fix.decisions(journal.replay(catalog.home() / analysis))
    units = chosen.sample(bundle.points["unit_id"].tolist(), chosen.randint(1, 40))
    steps = [
        lambda: fix.rename(analysis, bundle, topic, chosen.choice(["", "Noise", "<b>x</b>", "早餐", "y" * 300])),
        lambda: fix.merge(analysis, bundle, chosen.sample(ids, min(len(ids), 2)), chosen.choice(["", "Both"])),
        lambda: fix.split(analysis, bundle, topic, fix.propose(bundle, topic)),
        lambda: fix.hide(analysis, bundle, topic),
        lambda: fix.pin(analysis, bundle, topic),
        lambda: fix.move(analysis, bundle, units, chosen.choice([None, topic]), copies=chosen.random() < 0.5),
        lambda: fix.undo(analysis, chosen.choice([one.seq for one in seen] or [0])),
        lambda: fix.redo(analysis, chosen.choice([one.seq for one in seen] or [0])),
    ]
    try:
        chosen.choice(steps)()
    except UnusableInput:
        # What a person cannot do is refused in words.
        return


@pytest.mark.parametrize("seed", range(4))
def test_any_sequence_leaves_a_sound_map_and_can_be_undone(analysis, look, parts, seed):
    chosen = random.Random(seed)
    plain = look(up_to=0)
    for step in range(STEPS):
        one_step(chosen, analysis, look)
        assert_sound(look(), plain)
        if step == STEPS // 2:
            library.publish(analysis, renumbered(parts, seed))
            plain = look(up_to=0)
            assert_sound(look(), plain)
    for one in fix.decisions(journal.replay(catalog.home() / analysis)):
        if not one.undone:
            fix.undo(analysis, one.seq)
    assert type(look()).__name__ == "Bundle"
    assert np.array_equal(look().points["cluster"], plain.points["cluster"])
    assert look().summary == plain.summary
