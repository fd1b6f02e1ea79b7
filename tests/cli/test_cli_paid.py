"""Before a paid run from the command line: a word is needed, and nothing secret may stand in a name."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests import made_reviews
from tests.conftest import run_cli

AWAY = "openai:small@https://embeddings.example.invalid/v1"


@pytest.fixture
def few(tmp_path: Path) -> Path:
    return made_reviews.write(tmp_path / "few.csv", made_reviews.table(made_reviews.english(12)))


@pytest.mark.parametrize(
    "name",
    [
        "openai:m@https://user:hunter2hunter2@example.invalid/v1",
        "openai:user:hunter2hunter2@example.invalid/v1",
        "dashscope:sk-hunter2hunter2hunter2",
    ],
)
def test_a_secret_in_a_name_is_refused_at_once_and_told_nowhere(name: str, few: Path, home: Path) -> None:
    done = run_cli("--verbose", "analyze", few, "--embedder", name, "--yes", home=home)
    assert done.returncode == 2
    assert done.stdout == ""
    assert "key" in done.stderr or "secret" in done.stderr
    assert "hunter2" not in done.stderr
    assert not home.exists() or not any(b"hunter2" in one.read_bytes() for one in home.rglob("*") if one.is_file())


def test_a_paid_embedder_needs_a_word(few: Path, home: Path) -> None:
    done = run_cli("analyze", few, "--embedder", AWAY, home=home, OPENAI_API_KEY="sk-of-a-test")
    assert done.returncode == 2
    assert done.stdout == ""
    assert "costs money" in done.stderr
    assert "11 texts (about " in done.stderr
    assert "would go to https://embeddings.example.invalid/v1; 0 are known already" in done.stderr
    assert "--yes" in done.stderr
    assert "sk-of-a-test" not in done.stderr


def test_with_the_word_it_is_told_before_it_is_sent(few: Path, home: Path) -> None:
    fast = {"OPENAI_API_KEY": "sk-of-a-test", "REVIEWSCAPE_PROVIDER_BUDGET_S": "1"}
    done = run_cli("analyze", few, "--embedder", AWAY, "--yes", home=home, **fast)
    assert done.returncode == 3
    note, error = done.stderr.splitlines()[-2:]
    assert note.startswith("note: 11 texts (about ")
    assert "go to https://embeddings.example.invalid/v1; 0 are known already and are not sent." in note
    assert "sk-of-a-test" not in note + error


def test_over_the_cap_the_word_does_not_help(few: Path, home: Path) -> None:
    few_tokens = {"OPENAI_API_KEY": "sk-of-a-test", "REVIEWSCAPE_EMBED_MAX_PAID_TOKENS": "30"}
    done = run_cli("analyze", few, "--embedder", AWAY, "--yes", home=home, **few_tokens)
    assert done.returncode == 2
    assert "more than the 30 allowed. Nothing was sent." in done.stderr
