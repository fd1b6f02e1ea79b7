"""How an embedding starts, in fresh processes: with no network at all, and out of the cache without any model."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np

from tests.conftest import ROOT, cli_environment

STAGE = """
import json, sys
import numpy as np
from pipelines.embed import VectorCache, embed_texts, resolve
texts = json.loads(open(sys.argv[1]).read())
with VectorCache(sys.argv[2]) as cache:
    vectors = embed_texts(resolve("auto", ["en"] * len(texts)).embedder, texts, cache)
np.save(sys.argv[3], vectors.matrix)
heavy = ("torch", "openvino", "transformers", "sentence_transformers", "sklearn", "onnxruntime")
print(json.dumps({**vectors.counts, "loaded": [name for name in heavy if name in sys.modules]}))
"""

OFFLINE = """
import ipaddress, json, sys
asked = []

def is_here(host):
    try:
        return host in ("", "localhost", None) or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False

def watch(event, arguments):
    if event == "socket.connect" and isinstance(arguments[1], tuple):
        host = arguments[1][0]
    elif event in ("socket.getaddrinfo", "socket.gethostbyname"):
        host = arguments[0].decode() if isinstance(arguments[0], bytes) else arguments[0]
    else:
        return
    if not is_here(host):
        asked.append([event, str(host)])
        raise OSError(101, "Network is unreachable")

sys.addaudithook(watch)
from pipelines.embed import embed_texts, resolve
from pipelines.errors import Cancelled

told = []

def progress(stage, done, total, *, rate=None, note=""):
    told.append([stage, done, total])
    if done:
        raise Cancelled

texts = [f"第{i}次买，房间{'很' * (i % 9)}干净，咖啡机有点吵，客服{'不' * (i % 2)}好" for i in range(60)]
choice = resolve("auto", ["zh"] * len(texts))
try:
    embed_texts(choice.embedder, texts, None, progress)
except Cancelled:
    pass
print(json.dumps({"name": choice.name, "why": str(choice.why), "told": told, "asked": asked}))
"""


def _python(script: str, *arguments: object, home: Path, **more: str) -> dict[str, Any]:
    """The last line of a script's output, run in a fresh process with the warnings that people have."""
    environment = {
        name: value for name, value in cli_environment(home, **more).items() if not name.startswith(("HF_", "OLLAMA"))
    }
    done = subprocess.run(
        [sys.executable, "-c", script, *map(str, arguments)],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        timeout=600,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


def test_a_second_run_embeds_nothing_and_loads_no_model(tmp_path: Path) -> None:
    texts = [f"The kettle of day {i} boils {'very ' * (i % 30)}fast" for i in range(300)]
    listed = tmp_path / "texts.json"
    listed.write_text(json.dumps([*texts, texts[0]]))
    arguments = [listed, tmp_path / "vectors.db"]
    first = _python(STAGE, *arguments, tmp_path / "first.npy", home=tmp_path / "home")
    second = _python(STAGE, *arguments, tmp_path / "second.npy", home=tmp_path / "home")
    assert (first["embedded"], first["cached"]) == (300, 0)
    assert (second["embedded"], second["cached"], second["tokens"]) == (0, 300, 0)
    assert second["loaded"] == []
    assert np.load(tmp_path / "second.npy").tobytes() == np.load(tmp_path / "first.npy").tobytes()


def test_a_chinese_file_starts_with_no_network_and_asks_nobody(tmp_path: Path) -> None:
    told = _python(OFFLINE, home=tmp_path / "home", HF_HOME=str(tmp_path / "hub"))
    assert told["name"] == "offline-zh"
    assert "Chinese" in told["why"]
    stage, done, total = told["told"][-1]
    assert (stage, total) == ("embedding", 60)
    assert 0 < done <= 60
    assert told["asked"] == [], "not even one attempt that a firewall would have to stop"
