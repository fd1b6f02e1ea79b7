"""The lab's benchmark on a small made file."""

from __future__ import annotations

import json
from pathlib import Path

import pandas as pd
import pytest

from benchmarks import lab
from tests.embed.conftest import tiny_model
from tests.lab import made

__all__ = ["tiny_model"]


@pytest.fixture
def file(tmp_path: Path) -> Path:
    texts, topic = made.texts(240)
    path = tmp_path / "kitchen.csv"
    pd.DataFrame({"review": texts, "thing": topic}).to_csv(path, index=False)
    return path


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_a_copy_is_adapted_and_measured_on_others(file: Path, tiny_model: Path, capsys) -> None:
    arguments = ["adapt", str(file), "--text", "review", "--label", "thing", "--model", f"st:{tiny_model}"]
    assert lab.main([*arguments, "--rows", "100", "--held", "60", "--tokens", "32"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["learned"], told["held"]) == (100, 60)
    assert told["same_label_of_10"]["n"] == 60 and told["same_label_of_10"]["verdict"] in ("better", "worse", "even")
    assert len(told["ami"]) == 2


def test_analogies_are_told_for_each_kind_of_vector(file: Path, capsys) -> None:
    assert lab.main(["words", str(file), "--text", "review", "--language", "en", "--embedder", "lexical"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["reviews"] == 240
    assert told["lexical"]["asked"] == 61 and 0 <= told["lexical"]["share"] <= 1


def test_a_column_that_is_not_there_is_told(file: Path, capsys) -> None:
    assert lab.main(["words", str(file), "--text", "nothing", "--language", "en"]) == 2
    assert "nothing" in capsys.readouterr().err
