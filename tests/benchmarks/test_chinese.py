import json
from pathlib import Path

import numpy as np
import pytest

from benchmarks import chinese

# importing umap calls into a module loader that Python 3.11 warns of; nothing of ours
pytestmark = pytest.mark.filterwarnings("ignore::ImportWarning")


def test_recall_counts_how_many_stand_before():
    texts = np.eye(12, dtype=np.float32)
    assert chinese.recall(texts, texts) == {"recall@1": 1.0, "recall@10": 1.0}
    away = texts[::-1]
    assert chinese.recall(away, texts)["recall@1"] == 0.0


def test_topics_of_planted_groups():
    generator = np.random.default_rng(0)
    labels = np.repeat(list("abcdef"), 30)
    matrix = np.repeat(generator.normal(size=(6, 20)), 30, axis=0) + 0.4 * generator.normal(size=(180, 20))
    matrix = (matrix / np.linalg.norm(matrix, axis=1, keepdims=True)).astype(np.float32)
    found = chinese.topics(matrix, labels.tolist())
    assert found["ami_best"] > 0.9
    assert found["ami_best"] >= found["ami_default"]
    assert found["same_label_of_10"] > 0.95


@pytest.mark.parametrize("content", ["早餐,好,1\n房间,大,2\n", "早餐\t好\t1\n房间\t大\t2\n"])
def test_lines_of_both_kinds(tmp_path: Path, content: str):
    (tmp_path / "pairs").write_text(content, encoding="utf-8-sig")
    assert chinese.lines(tmp_path / "pairs") == [["早餐", "好", "1"], ["房间", "大", "2"]]


def test_what_cannot_be_read_ends_with_2(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    (tmp_path / "r.csv").write_text("text,label\n早餐很好,a\n", encoding="utf-8")
    for arguments in (["nothing.csv", "--text", "text"], ["r.csv", "--text", "opinion"]):
        file, *rest = arguments
        assert chinese.main(["topics", str(tmp_path / file), *rest, "--label", "label"]) == 2
        assert capsys.readouterr().err


def test_two_files_line_by_line_give_one_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    words = ("早餐", "房间", "隔音", "前台")
    (tmp_path / "p.csv").write_text("".join(f"{a}很好,{a}不错,{i}\n" for i, a in enumerate(words)), encoding="utf-8")
    assert chinese.main(["crossing", str(tmp_path / "p.csv"), str(tmp_path / "p.csv"), "--embedder", "lexical"]) == 0
    assert json.loads(capsys.readouterr().out)["recall@1"] == 1.0
