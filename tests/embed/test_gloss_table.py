"""Phrases are encoded once, kept without their words, and a damaged file costs only time."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from pipelines.embed import gloss_table
from pipelines.embed.gloss_table import GlossTable
from pipelines.errors import Cancelled

PHRASES = ["breakfast", "front desk", "very", "screen", "car park"]


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("REVIEWSCAPE_HOME", str(tmp_path))
    return tmp_path


def test_phrases_are_encoded_once_and_kept(home: Path) -> None:
    table = GlossTable()
    told: list[tuple[str, float, float]] = []
    table.add(PHRASES[:3], lambda stage, done, total, **_: told.append((stage, done, total)))
    assert told[-1] == ("embedding", 3, 3)
    vectors = table.vectors(PHRASES[:3])
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1, atol=2e-3)
    again = GlossTable()
    assert again.lacking(PHRASES) == sorted(PHRASES[3:])
    again.add(PHRASES)
    assert GlossTable().lacking(PHRASES) == []
    np.testing.assert_array_equal(GlossTable().vectors(PHRASES[:3]), vectors)
    assert all(phrase.encode() not in table.path.read_bytes() for phrase in PHRASES)


def test_a_phrase_has_the_bits_it_has_alone(home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    together = GlossTable()
    together.add(PHRASES)
    monkeypatch.setenv("REVIEWSCAPE_HOME", str(tmp_path / "other"))
    alone = GlossTable(together.model)
    for phrase in PHRASES:
        alone.add([phrase])
    np.testing.assert_array_equal(alone.vectors(PHRASES), together.vectors(PHRASES))


def test_words_of_a_question_do_not_stay(home: Path) -> None:
    table = GlossTable()
    table.add(PHRASES, keep=False)
    assert table.lacking(PHRASES) == []
    assert not table.path.exists()


@pytest.mark.parametrize(
    "harm", [lambda b: b[:-7], lambda b: b[:100] + b"x" + b[101:], lambda b: b"", lambda b: b"abc"]
)
def test_a_damaged_file_counts_as_absent(home: Path, harm) -> None:
    table = GlossTable()
    table.add(PHRASES[:2])
    table.path.write_bytes(harm(table.path.read_bytes()))
    again = GlossTable(table.model)
    assert again.lacking(PHRASES[:2]) == PHRASES[:2]
    again.add(PHRASES[:2])
    assert GlossTable(table.model).lacking(PHRASES[:2]) == []


def test_what_was_encoded_before_a_cancel_is_kept(home: Path) -> None:
    phrases = [
        f"{word} {other}" for word in PHRASES for other in ("room", "chair", "water tank", "in the big old house")
    ]
    table = GlossTable()
    calls = []

    def stop(stage: str, done: float, total: float, **_: object) -> None:
        calls.append(done)
        if len(calls) == 2:
            raise Cancelled

    long = [" ".join(["big room"] * n) for n in range(1, 120)]
    with pytest.raises(Cancelled):
        table.add(phrases + long, stop)
    kept = len(phrases + long) - len(GlossTable(table.model).lacking(phrases + long))
    assert kept == calls[-1] > 0


def test_another_process_loses_nothing(home: Path) -> None:
    first, second = GlossTable(), GlossTable()
    assert first.lacking([]) == second.lacking([]) == []
    first.add(PHRASES[:2])
    second.add(PHRASES[3:])
    assert GlossTable(first.model).lacking(PHRASES) == [PHRASES[2]]


def test_the_oldest_go(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gloss_table, "MAX_KEPT", 2)
    table = GlossTable()
    table.add(PHRASES[:2])
    table.add(PHRASES[2:3])
    assert len(GlossTable(table.model).lacking(PHRASES[:3])) == 1


@pytest.mark.parametrize("in_the_way", ["models", ""])
def test_a_folder_that_cannot_be_written_costs_only_time(
    home: Path, in_the_way: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    (home / "file").write_text("in the way")
    (home / "models").write_text("in the way")
    monkeypatch.setenv("REVIEWSCAPE_HOME", str(home if in_the_way else home / "file"))
    table = GlossTable()
    table.add(PHRASES[:1])
    assert table.vectors(PHRASES[:1]).shape == (1, 384)
