from __future__ import annotations

import argparse

import pytest

from pipelines.cli import verify as command
from pipelines.store.bundle import write_bundle


@pytest.fixture
def run():
    parser = argparse.ArgumentParser()
    command.add_parser(parser.add_subparsers())

    def run_with(*arguments):
        args = parser.parse_args(["verify", *map(str, arguments)])
        return args.run(args)

    return run_with


def test_sound_is_0_and_damaged_is_2_with_a_line_a_problem(tmp_path, make_parts, run, capsys):
    path = write_bundle(tmp_path / "out", make_parts(5))
    assert run(path) == 0
    (path / "vectors.npy").unlink()
    (path / "summary.json").write_bytes(b"{}")
    capsys.readouterr()
    assert run(path) == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err.splitlines() == [f"{path}: summary.json has the wrong size", f"{path}: vectors.npy is missing"]


def test_no_folder_is_2(tmp_path, run, capsys):
    assert run(tmp_path / "nothing") == 2
    assert "not a folder" in capsys.readouterr().err
