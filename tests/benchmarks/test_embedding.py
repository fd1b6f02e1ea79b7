"""The embedding benchmark: turns, ratios, fidelity, sampling, the second run; speeds themselves are not tested."""

from __future__ import annotations

import json
import os

import numpy as np
import pytest

from benchmarks import embedding
from benchmarks.embedding import PLAIN, Side
from pipelines.embed.base import normalise

# importing torch's and OpenVINO's parts calls into module loaders that Python 3.11 warns of; nothing of ours
pytestmark = pytest.mark.filterwarnings("ignore::ImportWarning", "ignore::DeprecationWarning")


def matrix(n: int = 200, seed: int = 0) -> np.ndarray:
    return normalise(np.random.default_rng(seed).normal(size=(n, 16)))


def test_fidelity_is_the_share_of_the_same_ten():
    rows = matrix()
    assert embedding.fidelity(rows, rows) == 1
    assert embedding.fidelity(matrix(seed=1), rows) == pytest.approx(10 / 199, abs=0.03)
    almost = normalise(rows + 0.02 * matrix(seed=2))
    cosine = rows @ rows.T
    other = almost @ almost.T
    np.fill_diagonal(cosine, -2)
    np.fill_diagonal(other, -2)
    ten = [set(np.argsort(-row)[:10]) & set(np.argsort(-near)[:10]) for row, near in zip(cosine, other, strict=True)]
    assert embedding.fidelity(almost, rows) == pytest.approx(np.mean([len(same) / 10 for same in ten]))
    assert embedding.fidelity(rows[:1], rows[:1]) == 1


def test_sides_take_turns_on_the_same_texts(capsys):
    order: list[tuple[str, int]] = []

    def side(name: str) -> Side:
        def encode(texts: list[str]) -> np.ndarray:
            order.append((name, len(texts)))
            return 3 * matrix(len(texts))

        return Side(name, "by hand", encode)

    found = [side(PLAIN), side("quick")]
    for one in found:
        one.places = np.arange(3)
    embedding.take_turns(found, ["a", "b", "c"], repeat=2)
    assert order == [(PLAIN, 3), ("quick", 3)] * 2
    assert [len(one.seconds) for one in found] == [2, 2]
    np.testing.assert_allclose(np.linalg.norm(found[1].vectors, axis=1), 1, atol=1e-6)
    assert "quick 2/2" in capsys.readouterr().out


def test_ratios_are_of_medians_and_spread_is_by_round():
    every = matrix()
    some = np.arange(0, 200, 2)
    plain = Side(PLAIN, "fp32", lambda texts: every, 1.0, [10.0, 12.0, 20.0], every[some], some, 1200)
    quick = Side("quick", "bf16", lambda texts: every, 0.5, [10.0, 8.0, 8.0], every, np.arange(200), 2400)
    told = embedding.compare([plain, quick])
    assert told[PLAIN]["times_plain"] == told[PLAIN]["least"] == told[PLAIN]["most"] == 1
    assert told["quick"] == {
        "how": "bf16",
        "texts": 200,
        "texts_per_s": 25,
        "tokens_per_s": 300,
        "times_plain": 3,
        "least": 2,
        "most": 5,
        "neighbours_kept": 1,
        "start_s": 0.5,
    }


def test_slow_sides_read_some_of_what_the_others_read(monkeypatch):
    found = [Side(name, "", lambda texts: matrix()) for name in (PLAIN, "fp32", "draft")]
    embedding.share_out(found, [10] * 100)
    assert [len(side.places) for side in found] == [100, 100, 100]
    monkeypatch.setattr(embedding, "SLOW_TOKENS", 200)
    monkeypatch.setattr(embedding, "MODEL_TOKENS", 500)
    embedding.share_out(found, [10] * 100)
    assert [(len(side.places), side.tokens) for side in found] == [(20, 200), (50, 500), (100, 1000)]
    assert set(found[0].places) < set(found[1].places) < set(found[2].places)


def test_every_side_runs_and_the_draft_learns_outside_its_time(tmp_path, capsys, monkeypatch):
    # The whole of it, once: a table, a note, one JSON line, and the environment as it was.
    monkeypatch.setattr(embedding, "start_up", dict)
    monkeypatch.setattr(embedding, "SLOW_TOKENS", 300)
    file = tmp_path / "reviews.csv"
    lines = [f"The kettle of day {i} boils {'very ' * (i % 9)}fast" for i in range(60)]
    file.write_text("id,review\n" + "".join(f'{i},"{line}"\n' for i, line in enumerate(lines)), encoding="utf-8")
    before = dict(os.environ)
    assert embedding.main([str(file), "--text", "review", "--repeat", "1", "--no-bf16"]) == 0
    assert dict(os.environ) == before
    out = capsys.readouterr().out
    told = json.loads(out.splitlines()[-1])["sides"]
    assert list(told) == [PLAIN, "torch-fp32", "fp32", "auto", "draft"]
    assert told["auto"]["how"] == told["fp32"]["how"]
    assert told[PLAIN]["texts"] == told["torch-fp32"]["texts"] < told["fp32"]["texts"] == told["draft"]["texts"] == 60
    assert all(told[name]["neighbours_kept"] > 0.98 for name in ("torch-fp32", "fp32", "auto"))
    assert "the model read 60 of the reviews" in out
    assert "read evenly spaced texts" in out


def test_a_sample_is_of_distinct_texts_and_the_same_each_time():
    texts = [f"text {i % 50}" for i in range(200)]
    assert embedding.sample(texts, None) == texts[:50]
    assert embedding.sample(texts, 99) == texts[:50]
    taken = embedding.sample(texts, 20)
    assert len(set(taken)) == 20
    assert taken == sorted(taken, key=texts.index) == embedding.sample(texts, 20)


def test_the_second_run_embeds_nothing_and_loads_no_model(tmp_path, capsys):
    file = tmp_path / "reviews.csv"
    lines = [f"The kettle of day {i} boils {'very ' * (i % 9)}fast" for i in range(40)]
    file.write_text("id,review\n" + "".join(f'{i},"{line}"\n' for i, line in enumerate(lines)), encoding="utf-8")
    assert embedding.main([str(file), "--text", "review", "--warm"]) == 0
    told = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert told["first run"]["embedded"] == told["second run"]["cached"] == 40
    assert told["second run"]["embedded"] == 0
    assert told["second run"]["torch"] is False


@pytest.mark.parametrize("arguments", [["--rows", "0"], ["--repeat", "-1"], ["nothing.csv"]])
def test_unusable_arguments_end_with_2(tmp_path, arguments):
    file = tmp_path / "reviews.csv"
    file.write_text("review\nfine\n", encoding="utf-8")
    with pytest.raises(SystemExit) as caught:
        embedding.main([str(file), *arguments])
    assert caught.value.code == 2


def test_a_file_without_the_column_ends_with_2(tmp_path, capsys):
    file = tmp_path / "reviews.csv"
    file.write_text("id,review\n1,fine\n", encoding="utf-8")
    assert embedding.main([str(file), "--text", "opinion"]) == 2
    assert "opinion" in capsys.readouterr().err
