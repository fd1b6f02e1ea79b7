"""OpenVINO: converted once, the same bits ever after; nothing is sent, nothing half-written is read."""

from __future__ import annotations

import ast
import os
import shutil
import signal
import subprocess
import sys
import textwrap
from pathlib import Path

import numpy as np
import pytest

from pipelines.embed.bundled import BundledEmbedder
from pipelines.embed.local import SentenceTransformerEmbedder
from tests.conftest import ROOT, cli_environment

TEXTS = ["The grinder jams every morning.", "ok", "a loud pump " * 30, "milk", "soup was cold"]


def child(code: str, home: Path, *arguments: object, **more: str) -> subprocess.Popen[str]:
    """Python code in a process of its own, with a state folder of its own."""
    return subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(code), *map(str, arguments)],
        cwd=ROOT,
        env={**cli_environment(home), **more},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def finished(process: subprocess.Popen[str]) -> str:
    out, err = process.communicate(timeout=600)
    assert process.returncode == 0, err
    return out.strip()


EMBED = """
    import sys
    from pipelines.embed.local import SentenceTransformerEmbedder
    embedder = SentenceTransformerEmbedder(sys.argv[1], arithmetic_name="fp32")
    print(embedder.embed_documents(["a loud pump", "milk"]).tobytes().hex(), *sorted(
        {"torch", "transformers", "sentence_transformers"} & set(sys.modules)))
"""


def embedded(folder: Path) -> tuple[SentenceTransformerEmbedder, np.ndarray]:
    embedder = SentenceTransformerEmbedder(str(folder), arithmetic_name="fp32")
    return embedder, embedder.embed_documents(TEXTS)


@pytest.fixture
def fresh_home(home: Path) -> Path:
    """A state folder in which no model has left anything."""
    (home / "models").unlink()
    return home


def graph_folder(home: Path) -> Path:
    (found,) = home.glob("models/*/openvino-*")
    return found


def test_a_warm_start_needs_no_torch_and_gives_the_same_bits(own_home: Path) -> None:
    before = BundledEmbedder(arithmetic_name="fp32").embed_documents(TEXTS)
    code = """
        import sys
        from pipelines.embed.bundled import BundledEmbedder
        embedder = BundledEmbedder(arithmetic_name="fp32")
        print(embedder.identity()["arithmetic"], embedder.embed_documents(sys.argv[1:]).tobytes().hex())
        print(*{"torch", "transformers", "sentence_transformers", "huggingface_hub"} & set(sys.modules))
    """
    told, _, loaded = finished(child(code, own_home, *TEXTS)).partition("\n")
    assert told == f"openvino-fp32 {before.tobytes().hex()}"
    assert loaded == ""


@pytest.mark.parametrize("name", ["fp32", "bf16"])
def test_threads_batches_and_reloading_change_no_bit(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    first = BundledEmbedder(arithmetic_name=name)
    texts = [f"{text} {i}" for i in range(7) for text in TEXTS]
    together = first.embed_documents(texts)
    for i in (0, 1, 2, 33):
        np.testing.assert_array_equal(first.embed_documents([texts[i]])[0], together[i])
    monkeypatch.setenv("REVIEWSCAPE_THREADS", "2")
    monkeypatch.setenv("REVIEWSCAPE_BATCH_TOKENS", "150")
    np.testing.assert_array_equal(BundledEmbedder(arithmetic_name=name).embed_documents(texts), together)


@pytest.mark.parametrize("damage", ["model.bin", "model.xml", "graph.json", "lost", "empty"])
def test_a_damaged_graph_is_made_anew(
    damage: str, tiny_model: Path, fresh_home: Path, caplog: pytest.LogCaptureFixture
) -> None:
    _, before = embedded(tiny_model)
    folder = graph_folder(fresh_home)
    whole = {path.name: path.read_bytes() for path in folder.iterdir()}
    if damage == "lost":
        shutil.rmtree(folder)
    elif damage == "empty":
        (folder / "model.bin").unlink()
    else:
        data = bytearray(whole[damage])
        data[len(data) // 2] ^= 1
        (folder / damage).write_bytes(data)
    embedder, after = embedded(tiny_model)
    np.testing.assert_array_equal(after, before)
    assert embedder.identity()["arithmetic"] == "openvino-fp32"
    assert ("is damaged" in caplog.text) == (damage not in ("lost", "empty"))
    again = graph_folder(fresh_home)
    assert sorted(path.name for path in again.iterdir()) == sorted(whole)
    assert (again / "model.bin").read_bytes() == whole["model.bin"]
    assert [path.name for path in again.parent.iterdir() if path.name.endswith(".tmp")] == []


def test_without_a_place_to_keep_it_the_bits_are_the_same(
    tiny_model: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    _, before = embedded(tiny_model)
    (tmp_path / "models").write_text("no folder")
    monkeypatch.setenv("REVIEWSCAPE_HOME", str(tmp_path))
    embedder, after = embedded(tiny_model)
    np.testing.assert_array_equal(after, before)
    assert embedder.identity()["arithmetic"] == "openvino-fp32"
    assert "nothing can be kept" in caplog.text


def test_killed_and_converted_twice_at_once_leaves_one_whole_graph(tiny_model: Path, tmp_path: Path) -> None:
    killed, other = (child(EMBED, tmp_path, tiny_model) for _ in range(2))
    # Wherever the kill falls, before, in or after the writing, the rest must hold; it is meant to fall into it.
    while killed.poll() is None:
        if any(tmp_path.glob("models/*/.*.tmp")):
            os.kill(killed.pid, signal.SIGKILL)
            break
    killed.communicate()
    told, *heavy = finished(other).split()
    assert "torch" in heavy
    third = finished(child(EMBED, tmp_path, tiny_model)).split()
    assert third == [told]
    names = sorted(path.name for path in graph_folder(tmp_path).iterdir())
    assert names == ["graph.json", "model.bin", "model.xml"]


def test_graphs_of_other_versions_and_abandoned_pieces_are_cleared_away(tiny_model: Path, fresh_home: Path) -> None:
    embedded(tiny_model)
    folder = graph_folder(fresh_home)
    old, abandoned = folder.with_name("openvino-0123456789abcdef"), folder.with_name(".openvino-x.01234567.tmp")
    folder.rename(old)
    abandoned.mkdir()
    (abandoned / "model.bin").write_bytes(b"half")
    embedded(tiny_model)
    assert graph_folder(fresh_home) == folder
    assert not abandoned.exists()


def test_nothing_is_sent_anywhere(tiny_model: Path, tmp_path: Path) -> None:
    code = """
        import os, socket, subprocess, sys
        def refuse(*args, **kwargs):
            print("a connection was asked for:", args[:2], file=sys.stderr, flush=True)
            os._exit(9)
        socket.socket.connect = socket.socket.connect_ex = refuse
        socket.create_connection = socket.getaddrinfo = socket.gethostbyname = refuse
        subprocess.Popen.__init__ = refuse
        from pipelines.embed.local import SentenceTransformerEmbedder
        embedder = SentenceTransformerEmbedder(sys.argv[1], arithmetic_name="fp32")
        assert embedder.identity()["arithmetic"] == "openvino-fp32"
        assert embedder.embed_documents(["a loud pump"]).shape == (1, 32)
        import openvino
        assert openvino.convert_model
        print(sorted(name for name in sys.modules if name.startswith("openvino_telemetry") and sys.modules[name]))
    """
    # Programs of its maker do not report from a build server: so none of its signs may stand in the environment.
    signs = ("CI", "TF_BUILD", "JENKINS_URL", "GITHUB_ACTIONS", "GITLAB_CI", "TRAVIS", "BUILD_ID")
    environment = {name: "" for name in signs if name in os.environ}
    (tmp_path / "user").mkdir()
    process = child(code, tmp_path / "home", tiny_model, **environment, HOME=str(tmp_path / "user"))
    assert finished(process) == "[]"
    assert list((tmp_path / "user").rglob("*telemetry*")) == []


def test_openvino_is_imported_in_one_place_only() -> None:
    found = set()
    for top in ("pipelines", "pages", "benchmarks"):
        for path in (ROOT / top).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text("utf-8"))):
                names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
                names += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
                if any(name.split(".")[0] == "openvino" for name in names):
                    found.add(path.relative_to(ROOT).as_posix())
    assert found == {"pipelines/embed/openvino_runtime.py"}


def test_a_disk_too_full_for_the_graph_costs_no_arithmetic(tmp_path: Path) -> None:
    code = """
        import logging, resource, sys
        logging.basicConfig()
        from pipelines.embed.bundled import BundledEmbedder
        embedder = BundledEmbedder(arithmetic_name="fp32")
        if sys.argv[1] == "full":
            # No file may grow over a megabyte: to those who write, the same as a full disk.
            resource.setrlimit(resource.RLIMIT_FSIZE, (2**20, 2**20))
        print(embedder.identity()["arithmetic"])
    """
    assert finished(child(code, tmp_path, "full")) == "torch-fp32"
    assert list(tmp_path.glob("models/*/verdict-*")) == []
    assert list(tmp_path.glob("models/*/openvino-*")) == []
    assert finished(child(code, tmp_path, "room")) == "openvino-fp32"
