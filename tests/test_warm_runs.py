"""A second analysis of the same file, in a fresh process: nothing is embedded, no model and no teacher is loaded."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import ROOT, AnalysedSample, cli_environment, run_cli

AGAIN = """
import json, sys
from pathlib import Path
from pipelines.analysis import Request, analyze

HEAVY = ("torch", "openvino", "transformers", "sentence_transformers", "umap", "numba", "snownlp")
loaded = {}

def progress(stage, done, total, *, rate=None, note=""):
    loaded[stage] = [name for name in HEAVY if name in sys.modules]

path = Path(sys.argv[1])
summary = analyze(Request(path, path.name), progress=progress).summary
print(json.dumps({"loaded": loaded, **{name: summary[name] for name in ("embedding", "sentiment", "topics")}}))
"""


def again(path: Path, home: Path) -> dict[str, Any]:
    """What a fresh process tells of one more analysis of a file."""
    done = subprocess.run(
        [sys.executable, "-c", AGAIN, str(path)],
        cwd=ROOT,
        env=cli_environment(home),
        capture_output=True,
        text=True,
        timeout=600,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


def assert_warm(found: dict[str, Any], bundle: Path) -> None:
    first = json.loads((bundle / "summary.json").read_text("utf-8"))
    assert found["embedding"]["embedded"] == found["embedding"]["tokens"] == 0
    assert found["embedding"]["cached"] == first["embedding"]["embedded"] == first["embedding"]["distinct"]
    assert found["loaded"]["saving"] == [], "whatever a stage loads stays loaded"
    assert len(found["loaded"]) == 9
    for name in ("sentiment", "topics"):
        assert found[name] == first[name]


def test_a_second_run_of_the_english_sample_loads_no_model(analysed_sample: AnalysedSample) -> None:
    assert_warm(again(analysed_sample.source, analysed_sample.home), analysed_sample.bundle)


@pytest.mark.skipif(sys.platform == "win32", reason="links to the models that other tests made")
def test_a_second_run_of_the_chinese_sample_loads_no_model(home: Path, tmp_path: Path) -> None:
    source = ROOT / "sample_data" / "hotels_zh.csv"
    first = run_cli("analyze", source, "--out", tmp_path / "bundle", home=home)
    assert first.returncode == 0, first.stderr
    assert_warm(again(source, home), tmp_path / "bundle")
