"""What topics are called: words that leave with every export and link."""

import pytest

from pipelines.analysis import Request, analyze
from pipelines.config import AnalyzeConfig

pytestmark = [
    # UMAP says at its import that TensorFlow, which its parametric variant wants, is not there.
    pytest.mark.filterwarnings("ignore:Tensorflow not installed:ImportWarning"),
    pytest.mark.filterwarnings("ignore::DeprecationWarning:(jieba|snownlp|hdbscan|umap)"),
]


def test_a_topic_is_never_named_after_somebody(tmp_path):
    praise = ["房间干净，早餐也好", "前台热情，位置方便", "空调太吵，一晚没睡", "停车场小，绕了半天"]
    rows = [f"{praise[i % 4]}{i}" for i in range(48)]
    rows += [f"加V：lily_wang88 返现{i}元，联系 @hello2026" for i in range(24)]
    upload = ("评论,评分\n" + "".join(f"“{row}”,{i % 5 + 1}\n" for i, row in enumerate(rows))).encode()
    parts = analyze(Request(upload, "a.csv", config=AnalyzeConfig(draft=True)), cache_dir=tmp_path)
    words = str(parts.summary["topics"]).lower()
    assert "lily" not in words
    assert "wang88" not in words
    assert "hello2026" not in words
