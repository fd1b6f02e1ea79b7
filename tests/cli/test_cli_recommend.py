"""`recommend DIR --user U` as DESIGN's contract has it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from pipelines import recommend
from pipelines.__main__ import main
from pipelines.store.bundle import write_bundle
from pipelines.store.reader import open_bundle
from tests import sample_bundle
from tests.conftest import AnalysedSample
from tests.recommend.planted import HOSTILE, planted


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    return write_bundle(tmp_path_factory.mktemp("people") / "bundle", planted()[0])


@pytest.mark.parametrize("user", ["person 50", *HOSTILE])
def test_the_contracts_keys_and_rows_of_the_item(folder: Path, user: str, capsys):
    before = {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    assert main(["recommend", str(folder), "--user", user, "-k", "4", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    points = open_bundle(folder).points
    assert len(told) == 4
    scores = [line["score"] for line in told]
    assert scores == sorted(scores, reverse=True)
    for line in told:
        assert list(line) == ["item", "score", "row_ids"]
        rows = points[points["row_id"].isin(line["row_ids"])]
        assert 1 <= len(line["row_ids"]) == len(rows)
        assert set(rows["item"]) == {line["item"]}
        assert line["item"] not in set(points["item"][points["user"] == user])
    assert {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()} == before


def test_ten_by_default_a_line_an_item_and_the_same_each_time(folder: Path, capsys):
    said = []
    for _time in range(2):
        assert main(["recommend", str(folder), "--user", "person 50"]) == 0
        out, err = capsys.readouterr()
        said.append(out)
        assert "ranked by" in err
    assert said[0] == said[1]
    assert len(said[0].splitlines()) == 10
    assert all(len(line.split("\t")) == 3 for line in said[0].splitlines())


def test_a_way_can_be_named(folder: Path, capsys):
    assert main(["recommend", str(folder), "--user", "person 50", "--by", "popularity", "--json"]) == 0
    out, err = capsys.readouterr()
    tastes, history = recommend.of(open_bundle(folder))
    first = tastes.items.index(json.loads(out)[0]["item"])
    seen = set(history.seen[tastes.user("person 50")].indices)
    assert history.reviewers[first] == max(n for item, n in enumerate(history.reviewers) if item not in seen)
    assert "ranked by popularity" in err


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--user", "nobody here"], "nobody here"),
        (["--user", "person 50", "-k", "0"], "-k 0"),
        (["--user", "person 50", "-k", "many"], "many"),
        (["--user", "person 50", "--by", "magic"], "magic"),
        (["--text", "a cable", "--user", "person 50"], "not allowed"),
        (["--text", "a cable"], "local model"),
        (["--text", "  "], "empty"),
        ([], "--user"),
    ],
)
def test_what_cannot_be_done_is_2_with_what_to_do(folder: Path, arguments, said, capsys):
    try:
        code = main(["recommend", str(folder), *arguments, "--json"])
    except SystemExit as stop:
        code = int(stop.code or 0)
    out, err = capsys.readouterr()
    assert (code, out) == (2, "")
    assert said in err and "Traceback" not in err


def test_no_users_or_no_bundle_is_2(tmp_path: Path, capsys):
    assert main(["recommend", str(sample_bundle.sample_bundle(tmp_path, 40).path), "--user", "u", "--json"]) == 2
    assert "item" in capsys.readouterr().err
    assert main(["recommend", str(tmp_path), "--user", "u"]) == 2


def test_a_real_analysis_and_a_typed_sentence(analysed_sample: AnalysedSample, monkeypatch, capsys):
    monkeypatch.setenv("REVIEWSCAPE_HOME", str(analysed_sample.home))
    points = open_bundle(analysed_sample.bundle).points
    counts = points.groupby("user")["item"].nunique()
    user = counts.index[(counts == 2) & (counts.index != "")][0]
    assert main(["recommend", str(analysed_sample.bundle), "--user", user, "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    # Of four machines two are left.
    assert len(told) == points["item"][points["item"] != ""].nunique() - 2
    sentence = "milk frother that makes thick foam"
    assert main(["recommend", str(analysed_sample.bundle), "--text", sentence, "-k", "2", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert len(told) == 2
    why = points[points["row_id"].isin(told[0]["row_ids"])]["text"].str.lower()
    assert why.str.contains("milk|foam|froth").any()
