"""Cut and coarse vectors, and questions with an instruction."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from pipelines.embed import dimensions
from pipelines.lab import instructions, shrinking
from pipelines.store.bundle import write_bundle
from pipelines.store.reader import Bundle, open_bundle
from tests.conftest import build_parts


def test_less_keeps_less_and_the_full_vectors_keep_all(kitchen: Bundle) -> None:
    found = shrinking.shrink(kitchen)
    assert found is not None and (found.asked, found.among) == (120, 120)
    by = {(v.dim, v.precision): v for v in found.variants}
    full = by[384, "float32"]
    assert full.kept.value == 1.0 and full.lost == ()
    assert by[384, "float16"].kept.value > 0.99
    assert by[384, "int8"].kept.value > 0.97
    assert 0.3 < by[384, "binary"].kept.value < by[384, "int8"].kept.value
    assert by[16, "float32"].kept.value < by[128, "float32"].kept.value < 1.0
    assert by[384, "binary"].bytes == 48 and by[16, "float16"].bytes == 32
    assert full.topic is not None and full.topic.value > by[16, "binary"].topic.value > 0.2
    assert found.smallest.bytes <= by[384, "int8"].bytes
    assert found.smallest.kept.value >= shrinking.ENOUGH


def test_the_shares_are_those_that_the_models_page_shows(kitchen: Bundle) -> None:
    found, other = shrinking.shrink(kitchen), dimensions.agreement(np.asarray(kitchen.vectors))
    assert found is not None and other is not None
    shown = dict(zip(other.dims, other.kept, strict=True))
    for variant in found.variants:
        if variant.precision == "float32":
            assert variant.kept.value == pytest.approx(shown[variant.dim], abs=0.01)


def test_what_a_review_loses_was_near_it(kitchen: Bundle) -> None:
    found = shrinking.shrink(kitchen)
    assert found is not None
    variant = found.variants[-1]
    alike = kitchen.vectors @ kitchen.vectors[variant.worst]
    alike[variant.worst] = -1
    assert set(variant.lost) <= set(np.argsort(-alike, kind="stable")[:10].tolist())


def test_vectors_of_parts_are_not_cut(tmp_path: Path) -> None:
    parts = build_parts(40, 16)
    parts.identity["name"] = "offline-zh"
    found = shrinking.shrink(open_bundle(write_bundle(tmp_path / "a", parts)))
    assert found is not None and {v.dim for v in found.variants} == {16}


def test_without_topics_and_with_few_reviews(tmp_path: Path) -> None:
    found = shrinking.shrink(open_bundle(write_bundle(tmp_path / "a", build_parts(21, topics=0))))
    assert found is not None and found.variants[0].topic is None and found.by_chance == 10 / 19
    assert shrinking.shrink(open_bundle(write_bundle(tmp_path / "b", build_parts(19)))) is None


def test_a_model_without_prompts_is_asked_both_ways(kitchen: Bundle) -> None:
    assert instructions.own_prompt(kitchen) == ""
    assert instructions.suggested(kitchen).startswith("Instruct: ")
    sides = instructions.compare(kitchen, "noise of the grinder", "Instruct: cook a soup\nQuery:")
    assert sides is not None and len(sides.without) == len(sides.with_it) == 10
    assert 0 <= sides.both <= 10
    assert set(kitchen.points["topic"].iloc[sides.without[:5]]) == {"grinder"}
    found = instructions.measure(kitchen, "Instruct: cook a soup\nQuery:")
    assert found is not None and found.topics == 5
    assert found.low <= found.gain <= found.high
    assert found.gain == pytest.approx(found.with_it - found.without)


def test_a_model_with_a_prompt_of_its_own_can_be_asked_with_another(
    tiny_bundle: Bundle,
) -> None:
    assert instructions.own_prompt(tiny_bundle) == "ask: "
    own = instructions.ask(tiny_bundle, "room", "ask: ")
    bare = instructions.ask(tiny_bundle, "room", "")
    typed = instructions.ask(tiny_bundle, "ask: room", "")
    assert own is not None and bare is not None and typed is not None
    assert not np.allclose(own, bare)
    np.testing.assert_allclose(own, typed, atol=1e-6)


def test_nobody_is_asked_where_nobody_may_be(tmp_path: Path) -> None:
    parts = build_parts(40)
    parts.identity["name"] = "dashscope:text-embedding-v4"
    bundle = open_bundle(write_bundle(tmp_path / "a", parts))
    assert instructions.ask(bundle, "a", "b") is None
    assert instructions.compare(bundle, "a", "b") is None
