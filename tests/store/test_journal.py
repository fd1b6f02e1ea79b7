from __future__ import annotations

import errno
import os
import random
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from pipelines.errors import UnusableInput
from pipelines.store import journal

ROOT = Path(__file__).resolve().parents[2]
AT = datetime(2025, 3, 1, 12, tzinfo=UTC)


@pytest.fixture
def written(tmp_path):
    for number in range(6):
        journal.append(tmp_path, "noted", {"text": f"备注 {number} \ud83d \n", "n": number}, AT)
    return tmp_path


def numbers(folder):
    return [entry.payload["n"] for entry in journal.replay(folder)]


def test_entries_come_back_as_they_were(written):
    entries = journal.replay(written)
    assert [entry.seq for entry in entries] == [1, 2, 3, 4, 5, 6]
    assert entries[0] == journal.Entry(
        1, "2025-03-01T12:00:00.000+00:00", "noted", {"text": "备注 0 \ud83d \n", "n": 0}
    )
    assert journal.find_problems(written) == []


def test_an_analysis_without_a_journal_has_no_entries(tmp_path):
    assert journal.replay(tmp_path) == []
    assert journal.size(tmp_path) == 0


def test_a_torn_last_line_is_passed_over_and_removed_by_the_next_append(written):
    path = written / journal.JOURNAL
    whole = path.read_bytes()
    last = whole.splitlines(keepends=True)[-1]
    for kept in range(1, len(last) - 1, 7):
        path.write_bytes(whole[: -len(last)] + last[:kept])
        assert numbers(written) == [0, 1, 2, 3, 4]
        assert journal.find_problems(written) == []
        assert journal.append(written, "noted", {"n": 99}, AT).seq == 6
        assert numbers(written) == [0, 1, 2, 3, 4, 99]


def test_a_sound_last_line_is_kept_though_its_end_is_lost_or_altered(written):
    path = written / journal.JOURNAL
    whole = path.read_bytes()
    for damaged in (whole[:-1], whole[:-1] + b"\x0b"):
        path.write_bytes(damaged)
        journal.append(written, "noted", {"n": 99}, AT)
        assert numbers(written) == [0, 1, 2, 3, 4, 5, 99]
        assert journal.find_problems(written) == []


def test_flipped_bits_are_named_and_cost_their_own_line_only(written):
    path = written / journal.JOURNAL
    whole = path.read_bytes()
    lines = whole.split(b"\n")[:-1]
    rng = random.Random(3)
    for bit in rng.sample(range(len(whole) * 8), 200):
        damaged = bytearray(whole)
        damaged[bit // 8] ^= 1 << bit % 8
        path.write_bytes(damaged)
        problems = journal.find_problems(written)
        line = whole[: bit // 8].count(b"\n") + 1
        is_last_end = bit // 8 == len(whole) - 1
        assert is_last_end or f"line {line} is damaged" in problems
        kept = numbers(written)
        assert set(kept) <= set(range(6))
        assert len(kept) >= len(lines) - 2


def test_what_could_not_be_saved_is_not_there_later(written, monkeypatch):
    def refuse(_descriptor):
        raise OSError(errno.EIO, os.strerror(errno.EIO))

    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", refuse)
        with pytest.raises(UnusableInput, match="could not be saved"):
            journal.append(written, "noted", {"n": 99}, AT)
    assert numbers(written) == [0, 1, 2, 3, 4, 5]
    assert journal.append(written, "noted", {"n": 6}, AT).seq == 7


@pytest.mark.parametrize("lost", [0, 2, 5])
def test_what_is_left_is_kept_under_its_own_numbers(written, lost):
    path = written / journal.JOURNAL
    lines = path.read_bytes().splitlines(keepends=True)
    # A flipped bit may make a line's end within it: two lines that say nothing then.
    for broken in (lines[lost][:9] + b"\n" + lines[lost][10:], b"x" + lines[lost], b""):
        path.write_bytes(b"".join([*lines[:lost], broken, *lines[lost + 1 :]]))
        gone = journal.keep_what_is_left(written, AT)
        assert gone == (1 if broken or lost < 5 else 0)
        assert journal.find_problems(written) == []
        left = [entry for entry in journal.replay(written) if entry.kind != journal.LOST]
        assert [(entry.seq, entry.payload["n"]) for entry in left] == [(n + 1, n) for n in range(6) if n != lost]
        path.unlink()


def test_lost_lines_are_named(written):
    path = written / journal.JOURNAL
    lines = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(b"".join(lines[:2] + lines[3:]))
    assert numbers(written) == [0, 1, 3, 4, 5]
    assert journal.find_problems(written)


def test_appends_of_four_processes_are_all_there(tmp_path):
    script = (
        f"import sys; sys.path.insert(0, {str(ROOT)!r})\n"
        "from pathlib import Path\n"
        "from pipelines.store import journal\n"
        "for n in range(50): journal.append(Path(sys.argv[1]), 'noted', {'by': sys.argv[2], 'n': n})\n"
    )
    writers = [subprocess.Popen([sys.executable, "-c", script, str(tmp_path), str(by)]) for by in range(4)]
    assert [writer.wait(120) for writer in writers] == [0, 0, 0, 0]
    entries = journal.replay(tmp_path)
    assert [entry.seq for entry in entries] == list(range(1, 201))
    for by in range(4):
        assert [entry.payload["n"] for entry in entries if entry.payload["by"] == str(by)] == list(range(50))
    assert journal.find_problems(tmp_path) == []


@pytest.mark.skipif(sys.platform == "win32", reason="no kill -9")
def test_what_was_acknowledged_survives_kill_9(tmp_path):
    script = (
        f"import sys; sys.path.insert(0, {str(ROOT)!r})\n"
        "from pathlib import Path\n"
        "from pipelines.store import journal\n"
        "n = 0\n"
        "while True:\n"
        "    journal.append(Path(sys.argv[1]), 'noted', {'n': n, 'text': 'x' * 5000}); print(n, flush=True); n += 1\n"
    )
    for seed in range(5):
        folder = tmp_path / str(seed)
        folder.mkdir()
        writer = subprocess.Popen([sys.executable, "-c", script, str(folder)], stdout=subprocess.PIPE, text=True)
        assert writer.stdout is not None
        seen = [int(writer.stdout.readline()) for _ in range(3 + seed * 7)]
        writer.kill()
        seen += [int(line) for line in writer.communicate()[0].split()]
        assert numbers(folder)[: len(seen)] == seen
        assert journal.append(folder, "noted", {"n": -1}).seq == len(numbers(folder))
        assert journal.find_problems(folder) == []
