"""Two models on the same reviews."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from pipelines import estimate
from pipelines.errors import Cancelled, UnusableInput
from pipelines.lab import compared, runs, two_models
from pipelines.lab.kinds import ADAPTING, COMPARING, Part
from pipelines.store import library
from pipelines.store.bundle import write_bundle
from pipelines.store.reader import Bundle, open_bundle
from tests.conftest import build_parts
from tests.lab import made

pytestmark = [
    # UMAP says at its import that TensorFlow, which its parametric variant wants, is not there.
    pytest.mark.filterwarnings("ignore:Tensorflow not installed:ImportWarning"),
    pytest.mark.filterwarnings("ignore::DeprecationWarning:(jieba|snownlp|hdbscan|umap)"),
]
RANDOM = np.random.default_rng(1)


def test_a_turned_mirrored_and_scaled_map_lies_on_the_first_again() -> None:
    places = RANDOM.normal(size=(80, 2)).astype(np.float32)
    angle = 1.1
    turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]]) @ np.diag([1, -1])
    aligned, moved = two_models.onto(places, (3.5 * places @ turn + [10, -4]).astype(np.float32))
    np.testing.assert_allclose(aligned, places, atol=1e-4)
    assert moved.max() < 1e-4


def test_what_moved_is_found_and_flat_maps_do_not_break() -> None:
    places = RANDOM.normal(size=(200, 2)).astype(np.float32)
    other = places.copy()
    other[7] += 4
    assert two_models.onto(places, other)[1].argmax() == 7
    flat = np.zeros((5, 2), np.float32)
    assert np.isfinite(two_models.onto(flat, flat)[1]).all()


def test_the_same_vectors_agree_and_random_ones_by_chance() -> None:
    units = np.arange(200)
    first = RANDOM.normal(size=(200, 32)).astype(np.float32)
    first /= np.linalg.norm(first, axis=1, keepdims=True)
    other = np.roll(first, 1, axis=0)[RANDOM.permutation(200)]
    places = RANDOM.normal(size=(200, 2)).astype(np.float32)
    same = two_models.agreement(two_models.compare(units, first, first, places, places))
    assert (same.shared, same.moved) == (1.0, pytest.approx(0, abs=1e-5))
    found = two_models.compare(units, first, other, places, places[::-1], again=places)
    agreed = two_models.agreement(found)
    assert agreed.low < found.by_chance < agreed.high
    assert found.again == pytest.approx(0, abs=1e-5)
    assert agreed.moved > 0.5


def test_two_bundles_meet_in_their_texts(kitchen: Bundle, tmp_path: Path) -> None:
    parts = made.parts(120)
    parts.points["text"] = parts.points["text"].where(parts.points.index % 2 == 0, "something else")
    other = open_bundle(write_bundle(tmp_path / "other", parts))
    found = two_models.of_bundles(kitchen, other)
    assert found is not None
    assert found.units.tolist() == list(range(0, 120, 2))
    assert two_models.agreement(found).shared == 1.0
    topics = two_models.by_topic(found, kitchen.points["cluster"].to_numpy()[found.units], range(5))
    assert sum(row[1] for row in topics) == 60
    assert two_models.of_bundles(kitchen, open_bundle(write_bundle(tmp_path / "c", build_parts(30)))) is None


def test_a_job_reads_a_sample_by_a_second_model_and_keeps_what_came_of_it(home: Path) -> None:
    analysis = library.create("kitchen")
    bundle = library.publish(analysis, made.parts(120))
    told: list[tuple[str, float]] = []
    spec = compared.spec(analysis, bundle, "lexical", 100)
    done = runs.run(spec, lambda stage, at, total, **more: told.append((stage, at / total)))
    assert Path(done["bundle"]).is_file()
    assert {stage for stage, _at in told} == {"comparing"}
    assert [at for _stage, at in told] == sorted(at for _stage, at in told)
    found = compared.kept(analysis, bundle.id, "lexical")
    assert found is not None and len(found.units) == 100
    agreed = two_models.agreement(found)
    assert found.by_chance + 0.1 < agreed.shared < 0.95
    assert found.again == found.again
    assert compared.kept(analysis, bundle.id, "other") is None


def test_a_job_of_the_lab_is_one_stage() -> None:
    assert frozenset({COMPARING, ADAPTING}) == estimate.WHOLE
    assert estimate.percent(COMPARING, 30, 100) == 30
    told: list[tuple[str, float, float]] = []
    part = Part(lambda stage, done, total, **more: told.append((stage, done, total)), ADAPTING, 20, 60)
    part("embedding", 5, 10)
    part("embedding", 0, 0)
    assert told == [(ADAPTING, 40.0, 100.0), (ADAPTING, 20.0, 100.0)]


def test_a_second_model_is_one_of_this_computer(home: Path) -> None:
    analysis = library.create("kitchen")
    bundle = library.publish(analysis, made.parts(120))
    for other in ("ollama:qwen3-embedding:0.6b", "st:nobody/nothing"):
        with pytest.raises(UnusableInput):
            compared.compare(bundle, other, 50, lambda *told, **more: None)

    def stop(*told: object, **more: object) -> None:
        raise Cancelled

    with pytest.raises(Cancelled):
        compared.compare(bundle, "lexical", 50, stop)
