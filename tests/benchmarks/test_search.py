from __future__ import annotations

import json

import numpy as np
import pytest

from benchmarks import search, search_latency
from benchmarks.search_latency import LIMIT, Plain
from pipelines.search.bm25 import build
from pipelines.search.ranking import best, scores
from pipelines.search.terms import query_terms

TEXTS = [
    f"the {thing} is {how} number {i}" for i in range(9) for thing in ("grinder", "tank") for how in ("loud", "fine")
]


@pytest.mark.parametrize(
    ("order", "relevant", "ndcg", "recall"),
    [
        ([0, 1, 2], {0, 1, 2}, 1.0, 1.0),
        ([5, 0], {0}, 1 / np.log2(3), 1.0),
        ([0, 7, 1], {0, 1}, (1 + 0.5) / (1 + 1 / np.log2(3)), 1.0),
        ([7, 8], {0, 1}, 0.0, 0.0),
        ([*range(10)], {*range(20)}, 1.0, 0.5),
    ],
)
def test_gains_are_those_of_the_definition(order, relevant, ndcg, recall):
    assert search.gains(np.array(order), relevant) == pytest.approx((ndcg, recall))


def test_labels_and_pairs_become_questions(tmp_path):
    labels = tmp_path / "labels.csv"
    labels.write_text("text,intent\n" + "".join(f"{text},{text.split()[1]}\n" for text in TEXTS) + "far away,oos\n")
    task = search.from_labels(labels, "text", "intent", "oos", 0)
    assert (len(task.questions), len(task.reviews)) == (4, 33)
    for question, relevant in zip(task.questions, task.relevant, strict=True):
        assert {task.reviews[i].split()[1] for i in relevant} == {question.split()[1]}
        assert question not in task.reviews
    pairs = tmp_path / "pairs.txt"
    pairs.write_text("a\tb\t1\na\tc\t0\nd\tb\t1\na\te\t1\nf\tg\t0\n")
    task = search.from_pairs(pairs, 10, 0)
    assert (task.questions, task.reviews) == (["a", "d"], ["b", "c", "e", "g"])
    assert task.relevant == [{0, 2}, {0}]


def test_a_run_prints_every_way_and_one_json_line(tmp_path, capsys):
    labels = tmp_path / "labels.csv"
    labels.write_text("text,intent\n" + "".join(f"{text},{text.split()[1]}\n" for text in TEXTS))
    search.main(["--labels", str(labels), "--embedder", "bundled", "--latency", "100"])
    told = json.loads(capsys.readouterr().out.splitlines()[-1])
    (found,) = told["quality"]
    assert found["reviews"] == 32
    for way in ("words", "vectors", "fused", "ranks"):
        assert 0.5 < found[way]["ndcg10"][0] <= 1
    assert told["latency"][0]["texts"] == 100


def test_the_plain_way_finds_the_same():
    random = np.random.default_rng(0)
    matrix = random.normal(size=(len(TEXTS), 8)).astype(np.float32)
    matrix /= np.linalg.norm(matrix, axis=1, keepdims=True)
    index, plain = build(TEXTS), Plain(TEXTS)
    for question in ("loud grinder", "tank 3", "no such words"):
        alike = matrix @ matrix[5]
        ours = best(scores(index.score(query_terms(question)), alike, "fused"), LIMIT, alike)
        assert plain.order(question, matrix, matrix[5])[:10].tolist() == ours[:10].tolist()


@pytest.mark.torture
def test_the_graph_is_measured_too():
    found = search_latency.latency(TEXTS, 400, 0, index=True)
    assert found["graph"]["share found"] > 0.5
