"""What is told of an embedding under way: the rate is that of the texts to come, by their bytes."""

from __future__ import annotations

from typing import Any

import pytest

from pipelines.embed.counter import Counter
from pipelines.errors import Cancelled
from pipelines.progress import unpacked
from tests.embed.moody import MoodyEmbedder


class Told:
    """A Progress that keeps what it was told."""

    def __init__(self) -> None:
        self.calls: list[dict[str, Any]] = []

    def __call__(self, stage: str, done: float, total: float, *, rate: float | None = None, note: str = "") -> None:
        assert stage == "embedding"
        self.calls.append({"done": done, "total": total, "rate": rate, **unpacked(note)})


class Clock:
    """Seconds that pass only when the test says so."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


def _counter(total: int) -> tuple[Counter, Told, Clock, MoodyEmbedder]:
    told, clock, embedder = Told(), Clock(), MoodyEmbedder()
    return Counter(embedder, total, told, clock), told, clock, embedder


def _left_s(call: dict[str, Any]) -> float:
    return (call["total"] - call["done"]) / call["rate"]


def test_the_time_left_is_exact_where_time_goes_by_bytes() -> None:
    texts = ["a" * (10 * i - 8) for i in range(1, 41)]
    counter, told, clock, _ = _counter(len(texts))
    counter.expect(texts, None)
    clock.now += 1000  # loading a model is no part of it
    counter.begin()
    for start in range(0, 40, 4):
        batch = texts[start : start + 4]
        clock.now += sum(len(text) + 8 for text in batch) / 50
        counter.computed(batch, {})
    seconds = [sum(10 * i for i in range(done + 1, 41)) / 50 for done in range(4, 40, 4)]
    assert [_left_s(call) for call in told.calls[:-1]] == pytest.approx(seconds)
    rates = [call["rate"] for call in told.calls]
    assert rates[:-1] == sorted(rates[:-1], reverse=True), "longer texts are slower, and that is said from the start"
    assert rates[-1] == pytest.approx(40 / (sum(range(10, 410, 10)) / 50)), "at the end, the rate of the whole"


def test_what_the_cache_gave_takes_no_time() -> None:
    counter, told, clock, embedder = _counter(10)
    counter.found(6)
    assert told.calls[-1] == {"done": 6, "total": 10, "rate": None, "tokens": 0, "cached": 6}
    counter.expect(["aa", "bb", "cc", "dd"], 256)
    counter.begin()
    clock.now += 2
    embedder.tokens += 12
    counter.computed(["aa", "bb"], {3: "content"})
    assert told.calls[-1] == {"done": 8, "total": 10, "rate": 1, "tokens": 12, "cached": 6}
    counter.found_late(["cc"])
    assert (told.calls[-1]["done"], told.calls[-1]["cached"]) == (9, 7)
    assert _left_s(told.calls[-1]) == 1
    assert (counter.embedded, counter.refused) == (1, {3: "content"})


def test_beyond_what_a_model_reads_a_text_costs_nothing() -> None:
    counter, told, clock, _ = _counter(3)
    counter.expect(["好" * 100, "x" * 10_000, "y" * 300], 75)
    counter.begin()
    clock.now += 5
    counter.computed(["好" * 100], {})
    assert _left_s(told.calls[-1]) == pytest.approx(10)


def test_no_rate_where_no_time_has_passed() -> None:
    counter, told, _, _ = _counter(2)
    counter.expect(["a", "b"], None)
    counter.begin()
    counter.computed(["a"], {})
    assert told.calls[-1]["rate"] is None


def test_a_wish_to_stop_passes_through() -> None:
    def stop(stage: str, done: float, total: float, **_: Any) -> None:
        raise Cancelled

    with pytest.raises(Cancelled):
        Counter(MoodyEmbedder(), 1, stop).found(0)
