"""`search DIR QUERY` as scripts meet it: DESIGN.md's contract, its exit codes, and queries from stdin."""

from __future__ import annotations

import io
import json
from dataclasses import replace
from pathlib import Path

import pytest

from pipelines import search
from pipelines.__main__ import main
from pipelines.cli.search import MODES
from pipelines.store.bundle import write_bundle
from tests.sample_bundle import parts
from tests.search.read_reviews import read_parts

KEYS = ["row_id", "unit_id", "score", "text", "why"]


@pytest.fixture(scope="module")
def read(tmp_path_factory) -> Path:
    return write_bundle(tmp_path_factory.mktemp("read") / "bundle", read_parts())


@pytest.fixture(scope="module")
def unread(tmp_path_factory) -> Path:
    """Reviews whose vectors came with the file."""
    return write_bundle(tmp_path_factory.mktemp("own") / "bundle", replace(parts(60), identity={"name": "own"}))


def ask(capsys, *arguments: object) -> tuple[int, str, str]:
    try:
        code = main(["search", *map(str, arguments)])
    except SystemExit as stop:  # argparse
        code = int(stop.code or 0)
    said = capsys.readouterr()
    return code, said.out, said.err


def test_one_list_best_first(read, capsys):
    code, out, err = ask(capsys, read, "delayed delivery", "-k", 5, "--json")
    assert (code, err) == (0, "")
    (line,) = out.splitlines()
    hits = json.loads(line)
    assert len(hits) == 5
    assert all(list(hit) == KEYS for hit in hits)
    assert [hit["score"] for hit in hits] == sorted((hit["score"] for hit in hits), reverse=True)
    assert all(hit["why"]["words"] == [] and hit["why"]["similarity"] > 0.2 for hit in hits)
    assert any(word in hits[0]["text"] for word in ("parcel", "arrived", "Shipping"))


def test_ten_hits_unless_said_otherwise_and_every_mode(read, capsys):
    assert MODES == search.MODES
    for mode in MODES:
        code, out, _ = ask(capsys, read, "espresso", "--mode", mode, "--json")
        assert code == 0
        hits = json.loads(out)
        assert len(hits) == (8 if mode == "words" else 10)
        assert "espresso" in hits[0]["text"]
        assert (hits[0]["why"]["similarity"] is None) == (mode == "words")


def test_a_query_a_line_from_stdin_gives_a_list_a_line(read, capsys, monkeypatch):
    queries = "espresso\n\n电池\nbattery\r\n"
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(queries.encode()), encoding="ascii"))
    code, out, _ = ask(capsys, read, "-", "-k", 1, "--json")
    assert code == 0
    lists = [json.loads(line) for line in out.splitlines()]
    assert [len(found) for found in lists] == [1, 0, 1, 1]
    assert "espresso" in lists[0][0]["text"]
    assert "battery" in lists[3][0]["text"]


def test_for_people_a_line_a_hit(unread, capsys):
    code, out, err = ask(capsys, unread, "espresso", "-k", 3)
    assert code == 0
    assert len(out.splitlines()) == 3
    assert "own" in err
    assert all(line.split("\t")[1].isdigit() and "espresso" in line for line in out.splitlines())


def test_a_model_that_cannot_be_asked_is_told_or_refused(unread, capsys):
    code, out, err = ask(capsys, unread, "espresso", "--json")
    assert (code, len(json.loads(out))) == (0, 10)
    assert "by words alone" in err
    code, out, err = ask(capsys, unread, "espresso", "--mode", "vectors", "--json")
    assert (code, out, len(err.splitlines())) == (2, "", 1)
    assert ask(capsys, unread, "espresso", "--mode", "words", "--json")[::2] == (0, "")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [((" ",), "empty"), (("espresso", "-k", "0"), "-k 0"), (("espresso", "-k", "-3"), "-k -3")],
)
def test_unusable_arguments_are_2_with_one_line(unread, capsys, arguments, said):
    code, out, err = ask(capsys, unread, *arguments, "--json")
    assert (code, out) == (2, "")
    assert len(err.splitlines()) == 1
    assert said in err


@pytest.mark.parametrize("arguments", [("espresso", "-k", "many"), ("espresso", "--mode", "magic"), ()])
def test_arguments_that_do_not_parse_are_2(unread, capsys, arguments):
    code, out, _ = ask(capsys, unread, *arguments)
    assert (code, out) == (2, "")


def test_a_missing_or_damaged_bundle_is_2(unread, tmp_path, capsys):
    code, out, err = ask(capsys, tmp_path / "nothing", "espresso", "--json")
    assert (code, out) == (2, "")
    assert "nothing" in err
    copy = tmp_path / "copy"
    copy.mkdir()
    for path in unread.rglob("*"):
        target = copy / path.relative_to(unread)
        target.mkdir() if path.is_dir() else target.write_bytes(path.read_bytes())
    raw = bytearray((copy / "points.parquet").read_bytes())
    raw[len(raw) // 2] ^= 1
    (copy / "points.parquet").write_bytes(raw)
    code, out, err = ask(capsys, copy, "espresso", "--json")
    assert (code, out) == (2, "")
    assert "points.parquet" in err


def test_queries_that_are_not_utf8_are_2(unread, capsys, monkeypatch):
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(b"\xff\xfe\n"), encoding="utf-8"))
    code, out, err = ask(capsys, unread, "-", "--json")
    assert (code, out) == (2, "")
    assert "UTF-8" in err
