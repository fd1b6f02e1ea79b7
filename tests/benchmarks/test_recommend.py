import json

import numpy as np

from benchmarks.recommend import als, ease, main
from pipelines import recommend
from pipelines.store.bundle import write_bundle
from pipelines.store.reader import open_bundle
from tests.recommend.planted import planted


def test_a_line_a_way_then_the_parts(tmp_path, capsys):
    folder = write_bundle(tmp_path / "b", planted()[0])
    main(["any.csv", "--bundle", str(folder), "--draws", "1"])
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert lines[0]["people"] == 120 and lines[0]["chosen_on"] == lines[0]["told_of"] == 60
    by = {line["ranker"]: line for line in lines if "ranker" in line}
    assert set(recommend.RANKERS) | {"random"} < set(by)
    assert {name.split()[0] for name in by} >= {"EASE^R", "ALS"}
    for name in ("blend", *(name for name in by if name.startswith(("EASE", "ALS")))):
        assert by[name]["hit"] > by["popularity"]["hit"] > by["random"]["hit"] - 0.15
        assert by[name]["hit_low"] <= by[name]["hit"] <= by[name]["hit_high"]
    assert lines[-3]["about"]["hit"] > 0.5
    assert 0 < lines[-2]["onward"]["hit"] <= 1
    assert 0.7 < lines[-1]["own_profile"] <= 1


def test_peers_know_the_taste(tmp_path):
    bundle = open_bundle(write_bundle(tmp_path / "b", planted()[0]))
    tastes, history = recommend.of(bundle)
    people = np.arange(40)
    for ranker in (ease(30.0), als(8, 3.0, 5.0)):
        scores = np.array(ranker(history, people))
        scores[history.seen[people].nonzero()] = -np.inf
        of_item = np.array([int(name.split()[-1].split("-")[0]) for name in tastes.items])
        usual = [np.bincount(of_item[history.seen[person].indices]).argmax() for person in people]
        assert np.mean(of_item[scores.argmax(axis=1)] == usual) > 0.8
