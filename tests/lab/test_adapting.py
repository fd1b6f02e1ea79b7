"""Adapting a copy of a small model: it learns, it is measured on what it never saw, and the registry takes it."""

from __future__ import annotations

import time
import warnings
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from pipelines import checked, embed, jobs, tracked
from pipelines.errors import Cancelled, UnusableInput
from pipelines.lab import adapted, adapting, confirmed, held_back, runs
from pipelines.lab.adapting import AdaptConfig, Pair
from pipelines.store import catalog, journal, library
from pipelines.store.reader import Bundle
from tests.embed import tiny_models
from tests.lab import made


@pytest.fixture(autouse=True)
def _quiet() -> Iterator[None]:
    with warnings.catch_warnings():
        # torch's own, on import of its optimisers.
        warnings.simplefilter("ignore", DeprecationWarning)
        yield


def nothing(*told: object, **more: object) -> None:
    """A Progress that tells nobody."""


def test_no_batch_tells_apart_what_belongs_together() -> None:
    pairs = [Pair(f"a{i}", f"b{i}", f"group {i % 6}") for i in range(40)]
    plan = adapting.batches(pairs, 8, seed=0)
    for batch in plan:
        groups = [pairs[i].group for i in batch]
        assert len(groups) == len(set(groups)) and 2 <= len(batch) <= 8
    flat = [i for batch in plan for i in batch]
    assert len(flat) == len(set(flat)) >= 36
    assert plan == adapting.batches(pairs, 8, seed=0) != adapting.batches(pairs, 8, seed=1)
    assert adapting.batches(pairs[:1], 8, seed=0) == []


def test_a_review_is_paired_with_itself_or_its_other_part() -> None:
    assert adapting.of_one("The room was quiet all night", "g", "dropout").other == "The room was quiet all night"
    parts = adapting.of_one("The room was quiet all night", "g", "parts")
    assert (parts.one, parts.other) == ("The room was", "quiet all night")
    assert adapting.of_one("short", "g", "parts") == Pair("short", "short", "g")
    assert held_back.halves("房间很安静但是隔音很差吵") == ("房间很安静但", "是隔音很差吵")


def test_learning_brings_pairs_together(tiny_model: Path) -> None:
    model = adapting.load(tiny_model)
    texts = made.texts(60)[0]
    pairs = [adapting.of_one(text, str(i), "parts") for i, text in enumerate(texts)]
    before = adapting.encode(model, texts)
    limit = model.max_seq_length
    losses = adapting.adapt(model, pairs, AdaptConfig(epochs=6, batch=16, rate=3e-3), nothing)
    assert len(losses) == 6 * 4
    assert np.mean(losses[-4:]) < np.mean(losses[:4]) - 0.2
    assert model.max_seq_length == limit and not model.training
    assert not np.allclose(before, adapting.encode(model, texts), atol=1e-3)


def test_the_measure_tells_a_better_model_from_a_worse_one() -> None:
    random = np.random.default_rng(0)
    labels = np.arange(200) % 4
    texts = [f"text {i} in two parts here" for i in range(200)]
    middles = np.eye(4, 16, dtype=np.float32)

    def blind(batch: object) -> np.ndarray:
        return random.normal(size=(len(batch), 16)).astype(np.float32)  # type: ignore[arg-type]

    def seeing(batch: object) -> np.ndarray:
        numbers = [int("".join(sign for sign in text if sign.isdigit()) or 0) for text in batch]  # type: ignore[attr-defined]
        return middles[np.array(numbers) % 4] + random.normal(0, 0.1, (len(numbers), 16)).astype(np.float32)

    before, after = (held_back.look(encode, texts, labels) for encode in (blind, seeing))
    change = held_back.change(before.same, after.same)
    assert change is not None and change.verdict == "better" and change.n == 200
    assert change.before == pytest.approx(0.25, abs=0.05) and change.after > 0.95
    assert max(before.groups) < 0.1 < min(after.groups)
    back = held_back.change(after.same, before.same)
    assert back is not None and back.verdict == "worse"
    even = held_back.change(before.same, before.same)
    assert even is not None and even.verdict == "even" and even.gain == 0
    assert held_back.change(np.zeros(0), np.zeros(0)) is None


def test_few_values_give_a_wide_interval_and_one_gives_none() -> None:
    found = held_back.change(np.zeros(3), np.array([0.1, 0.2, 0.3]))
    # Student's t of two degrees of freedom is 4.30, where the normal distribution has 1.96.
    half = 4.3027 * 0.1 / 3**0.5
    assert found is not None and found.verdict == "even"
    assert (found.low, found.high) == pytest.approx((0.2 - half, 0.2 + half), abs=1e-4)
    alone = held_back.change(np.zeros(1), np.ones(1))
    assert alone is not None and alone.verdict == "even" and np.isnan(alone.low)


def test_labels_come_from_stars_and_from_columns(kitchen: Bundle) -> None:
    stars = adapted.labels_of(kitchen, "rating")
    assert stars is not None and len(np.unique(stars)) == 5
    assert adapted.labels_of(kitchen, "row:price") is None, "too many values"
    assert adapted.labels_of(kitchen, "row:nothing") is None
    assert adapted.labels_of(kitchen, "") is None


def test_what_a_person_confirmed_belongs_together(home: Path) -> None:
    analysis = library.create("kitchen")
    bundle = library.publish(analysis, made.parts(120))
    for unit in (0, 5, 10):
        checked.answer(analysis, bundle, unit, checked.TOPIC, True)
    checked.answer(analysis, bundle, 15, checked.TOPIC, False)
    checked.answer(analysis, bundle, 1, checked.TOPIC, True)
    tracked.create_from_reviews(analysis, bundle, "foam", [2, 7])
    groups = confirmed.groups(bundle, journal.replay(catalog.home() / analysis))
    assert sorted(groups) == [[0, 5, 10], [2, 7]]
    pairs = confirmed.pairs(groups)
    assert {frozenset(pair[:2]) for pair in pairs} == {frozenset(one) for one in ((0, 5), (5, 10), (0, 10), (2, 7))}


def test_a_job_adapts_a_copy_that_the_registry_takes(home: Path, tiny_model: Path, tmp_path: Path) -> None:
    analysis = library.create("kitchen")
    bundle = library.publish(analysis, made.parts(240))
    tracked.create_from_reviews(analysis, bundle, "foam", [2, 7, 12, 17, 22, 27, 32])
    source = f"st:{tiny_model}"
    config = AdaptConfig(rows=100, batch=16, rate=1e-3, max_tokens=32)
    told: list[tuple[str, float]] = []
    spec = {**adapted.spec(analysis, bundle, source, "rating", config), "job_id": "0123456789abcdef"}
    done = runs.run(spec, lambda stage, at, total, **more: told.append((stage, at / total)))
    shares = [at for _stage, at in told]
    assert shares == sorted(shares) and {stage for stage, _at in told} == {"adapting"}
    (made_one,) = adapted.made_for(analysis)
    assert str(made_one.folder) == done["bundle"]
    assert (made_one.learned, made_one.held, made_one.column) == (100, 72, "rating")
    assert made_one.confirmed > 0
    assert made_one.same is not None and made_one.same.n == 72
    assert len(made_one.groups) == 2 and len(made_one.losses) >= 6
    embedder = embed.resolve(made_one.name).embedder
    new = embedder.embed_documents(["The grinder is loud"])
    old = embed.resolve(source).embedder.embed_documents(["The grinder is loud"])
    assert new.shape == old.shape and not np.allclose(new, old, atol=1e-4)
    assert adapted.made_for("another") == []
    figures = made_one.folder.with_suffix(".json")
    figures.write_text(figures.read_text().replace(made_one.name, f"st:{made_one.folder.parent}/.."))
    assert adapted.made_for(analysis) == [made_one]
    adapted.remove(made_one)
    assert adapted.made_for(analysis) == [] and not made_one.folder.exists()


def test_what_is_stopped_leaves_nothing(home: Path, tiny_model: Path) -> None:
    analysis = library.create("kitchen")
    bundle = library.publish(analysis, made.parts(240))

    def stop(stage: str, done: float, total: float, **more: object) -> None:
        if done > 30:
            raise Cancelled

    spec = {**adapted.spec(analysis, bundle, f"st:{tiny_model}", "", AdaptConfig(rows=100)), "job_id": "stopped"}
    with pytest.raises(Cancelled):
        runs.run(spec, stop)
    assert adapted.made_for(analysis) == []
    assert not list((home / "models" / "adapted").glob("*stopped*"))


def test_what_cannot_be_adapted_is_refused(home: Path, tiny_model: Path, tmp_path: Path) -> None:
    for name in ("offline-zh", "dashscope:text-embedding-v4", "st:nobody/nothing"):
        with pytest.raises(UnusableInput, match="cannot be adapted"):
            adapting.folder_of(name)
    table = tiny_models.build("table", tiny_model, tmp_path)
    with pytest.raises(UnusableInput, match="table of words"):
        adapting.folder_of(f"st:{table}")
    analysis = library.create("small")
    bundle = library.publish(analysis, made.parts(60))
    with pytest.raises(UnusableInput, match="60"):
        adapted.parted(bundle, AdaptConfig())


def test_a_worker_that_adapts_can_be_stopped(home: Path, tiny_model: Path) -> None:
    analysis = library.create("kitchen")
    bundle = library.publish(analysis, made.parts(240))
    config = AdaptConfig(rows=100, batch=16, epochs=5_000)
    job_id = jobs.submit(adapted.spec(analysis, bundle, f"st:{tiny_model}", "rating", config))
    end = time.monotonic() + 300
    while (job := jobs.get(job_id)) is not None and job.is_active and job.percent < 15 and time.monotonic() < end:
        time.sleep(0.2)
    assert job is not None and job.stage == "adapting", job
    jobs.cancel(job_id)
    while (job := jobs.get(job_id)) is not None and job.is_active and time.monotonic() < end:
        time.sleep(0.2)
    assert job is not None and job.state == jobs.CANCELLED
    assert adapted.made_for(analysis) == []
