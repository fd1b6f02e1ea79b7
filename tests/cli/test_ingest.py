"""`python -m pipelines ingest`: what a file is understood to be, told to people and to scripts."""

from __future__ import annotations

import json
import os
import pty
import subprocess
import sys

import pytest

from tests import made_reviews
from tests.conftest import ROOT, cli_environment, run_cli


def table(rows: list[dict[str, str]], delimiter: str = ",") -> str:
    lines = [delimiter.join(rows[0])]
    lines += [delimiter.join(f'"{cell}"' for cell in row.values()) for row in rows]
    return "\n".join(lines) + "\n"


@pytest.fixture
def english(tmp_path):
    path = tmp_path / "english.csv"
    path.write_text(table(made_reviews.table(made_reviews.english(20))), "utf-8")
    return path


def told(home, *arguments: object) -> dict:
    done = run_cli("ingest", *arguments, "--json", home=home)
    assert (done.returncode, done.stderr) == (0, "")
    return json.loads(done.stdout)


def test_a_table_without_review_text_is_told_of_all_the_same(home, tmp_path):
    path = tmp_path / "numbers.csv"
    path.write_text("x;y\n1;2\n3;4\n", "utf-8")
    found = told(home, path)
    assert (found["delimiter"], found["rows"], found["columns"]) == (";", 2, ["x", "y"])
    assert found["roles"]["text"] is None
    assert any("review text" in warning for warning in found["warnings"])


def test_what_a_person_says_goes_before_every_guess(home, english):
    found = told(home, english, "--text-column", "user", "--rating-column", "", "--date-column", "day")
    assert (found["roles"]["text"], found["roles"]["rating"], found["roles"]["date"]) == ("user", None, "day")
    done = run_cli("ingest", english, "--text-column", "nothing", home=home)
    assert done.returncode == 2
    assert "nothing" in done.stderr


def test_people_read_lines_not_json(home, english):
    done = run_cli("ingest", english, home=home)
    assert done.returncode == 0
    first, second, *_ = done.stdout.splitlines()
    assert first == "utf-8, comma-separated, with a header: 20 rows, 20 usable"
    assert second == "  text: review"


@pytest.mark.skipif(sys.platform == "win32", reason="no pseudo-terminals there")
def test_a_terminal_sees_how_far_reading_is(home, tmp_path):
    path = tmp_path / "long.csv"
    path.write_text(table(made_reviews.table(made_reviews.english(40))) * 400, "utf-8")
    ours, theirs = pty.openpty()
    with subprocess.Popen(
        [sys.executable, "-m", "pipelines", "ingest", str(path), "--json"],
        cwd=ROOT, env=cli_environment(home), stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=theirs,
    ) as child:  # fmt: skip
        os.close(theirs)
        seen = b""
        while True:
            try:
                piece = os.read(ours, 4096)
            except OSError:  # Linux's way to say that the other end is closed
                break
            if not piece:
                break
            seen += piece
    os.close(ours)
    assert child.returncode == 0
    assert "reading" in seen.decode("utf-8")
    assert "░" in seen.decode("utf-8")


def test_names_tell_the_terminal_nothing(home, tmp_path):
    path = tmp_path / "odd\x1b[31m.csv"
    path.write_text("review \x1b[2J\x9b31m,stars\n" + "The soup was warm,5\n" * 3, "utf-8")
    done = run_cli("ingest", path, path, tmp_path / "gone\x1b]0;x\x07.csv", home=home)
    assert done.returncode == 0
    assert "  text: review" in done.stdout
    for stream in (done.stdout, done.stderr):
        assert all(char.isprintable() or char == "\n" for char in stream)
    lost = run_cli("ingest", tmp_path / "gone\x1b[31m.csv", home=home)
    assert lost.returncode == 2
    assert "\x1b" not in lost.stderr
