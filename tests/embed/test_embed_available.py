"""What this computer has: models on disk that are whole, Ollama servers of all manners, keys by name; in time."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest
from huggingface_hub import constants

from pipelines.embed import available, resolve
from pipelines.embed.available import ask_ollama, hub_models, look
from pipelines.embed.hub import find_folder
from pipelines.embed.keys import given
from pipelines.errors import ProviderFailed
from tests.conftest import ROOT
from tests.embed.ollama_list import hanging, refusing, serving

COMMIT = "0123456789abcdef0123456789abcdef01234567"
LISTED = {"models": [{"name": "bge-m3:latest"}, {"name": "qwen3-embedding:0.6b"}]}


@pytest.fixture
def hub(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder of models, as the hub's library keeps them."""
    folder = tmp_path / "hub"
    folder.mkdir()
    monkeypatch.setattr(constants, "HF_HUB_CACHE", str(folder))
    return folder


def keep(hub: Path, hub_id: str, model: Path) -> Path:
    """Put a model there as a download does: files are links to blobs."""
    folder = hub / ("models--" + hub_id.replace("/", "--"))
    snapshot = folder / "snapshots" / COMMIT
    shutil.copytree(model, snapshot)
    shutil.rmtree(snapshot / "2_Normalize", ignore_errors=True)
    (folder / "blobs").mkdir()
    weights = snapshot / "model.safetensors"
    weights.rename(folder / "blobs" / "a1")
    weights.symlink_to(folder / "blobs" / "a1")
    (folder / "refs").mkdir()
    (folder / "refs" / "main").write_text(COMMIT)
    return snapshot


def test_whole_models_are_found_and_load_without_a_network(
    hub: Path, tiny_model: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    keep(hub, "somebody/tiny-model", tiny_model)
    (hub / "models--somebody--else").mkdir()
    (hub / "datasets--a--b").mkdir()
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    assert hub_models() == ("somebody/tiny-model",)
    identity = resolve("st:somebody/tiny-model").embedder.identity()
    assert identity["revision"] == COMMIT


@pytest.mark.parametrize("damage", ["blob", "shard", "tokenizer", "pooling", "modules", "ref", "pickle", "code"])
def test_a_model_that_lacks_something_is_none(hub: Path, tiny_model: Path, damage: str) -> None:
    snapshot = keep(hub, "somebody/tiny", tiny_model)
    folder = snapshot.parent.parent
    if damage == "blob":
        (folder / "blobs" / "a1").unlink()
    elif damage == "shard":
        (snapshot / "model.safetensors.index.json").write_text('{"weight_map": {"a": "model-00002.safetensors"}}')
    elif damage == "tokenizer":
        (snapshot / "tokenizer.json").unlink()
    elif damage == "pooling":
        shutil.rmtree(snapshot / "1_Pooling")
    elif damage == "modules":
        (snapshot / "modules.json").write_text("{")
    elif damage == "ref":
        (folder / "refs" / "main").write_text("../../elsewhere")
    elif damage == "pickle":
        (snapshot / "model.safetensors").rename(snapshot / "pytorch_model.bin")
    else:
        (snapshot / "modules.json").write_text('[{"path": "", "type": "evil.Module"}]')
    assert hub_models() == ()


def test_a_hub_folder_that_is_not_there_is_empty(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(constants, "HF_HUB_CACHE", str(tmp_path / "missing"))
    assert hub_models() == ()


def test_an_ollama_server_that_answers_lists_its_models(monkeypatch: pytest.MonkeyPatch) -> None:
    hostile = {"models": [*LISTED["models"], {"name": "x y"}, {"name": "a\n"}, {"name": "b" * 300}, {}, "c"]}
    with serving(hostile) as url:
        monkeypatch.setenv("OLLAMA_HOST", url)
        found = ask_ollama(only_here=True)
    assert (found.state, found.models) == ("answers", ("bge-m3:latest", "qwen3-embedding:0.6b"))


@pytest.mark.parametrize(
    ("body", "status"),
    [("no JSON", 200), ("[1]", 200), ({"models": 3}, 200), ({}, 200), ("", 200), (LISTED, 404), (LISTED, 302)],
)
def test_another_answer_is_no_list(body: object, status: int, monkeypatch: pytest.MonkeyPatch) -> None:
    with serving(body, status) as url:
        monkeypatch.setenv("OLLAMA_HOST", url)
        assert ask_ollama(only_here=True).state == "odd"


def test_an_address_where_nobody_listens_is_silent(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OLLAMA_HOST", refusing())
    assert ask_ollama(only_here=True).state == "silent"


@pytest.mark.parametrize("first", [b"", b"HTTP/1.1 200 OK\r\nContent-Length: 99999\r\n\r\n"])
def test_a_server_that_hangs_is_left_in_time(first: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    with hanging(first) as url:
        monkeypatch.setenv("OLLAMA_HOST", url)
        started = time.monotonic()
        found = look(0.4)
        assert time.monotonic() - started < 2.0
    assert found.ollama.state == "slow"
    assert found.scanned, "the disk was looked at side by side"


def test_a_server_elsewhere_is_not_asked_by_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    # An address that must not be asked: a look-up of this name would fail in another way.
    monkeypatch.setenv("OLLAMA_HOST", "http://ollama.invalid:11434")
    assert look().ollama.state == "elsewhere"
    monkeypatch.setenv("OLLAMA_HOST", "http://user:secret@127.0.0.1")
    assert look().ollama == available.OllamaServer("", "no address")


def test_keys_are_told_by_name_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "sk-secret")
    monkeypatch.setenv("DASHSCOPE_API_KEY", "  ")
    monkeypatch.delenv("OLLAMA_API_KEY", raising=False)
    found = look()
    assert found.keys == ("OPENAI_API_KEY",)
    assert "sk-secret" not in repr(found)


def test_a_key_that_no_header_carries_stops_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    with serving(LISTED) as url, given({"OLLAMA_API_KEY": "läuft\nnicht"}):
        monkeypatch.setenv("OLLAMA_HOST", url)
        assert look().ollama.state == "answers"


def test_looking_imports_no_model_library() -> None:
    code = (
        "import sys, pipelines.embed.available as a; a.look();"
        "assert not {'torch', 'transformers', 'sentence_transformers', 'langchain_ollama'} & set(sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("lacking", ["onnx/config.json", "training.json"])
def test_a_model_is_on_disk_though_files_that_nobody_needs_are_not(
    lacking: str, hub: Path, tiny_model: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HF_ENDPOINT", "http://127.0.0.1:9")
    snapshot = keep(hub, "somebody/listed", tiny_model)
    _list_files(snapshot, also=lacking)
    assert find_folder("somebody/listed") == snapshot
    assert resolve("st:somebody/listed").embedder.identity()["revision"] == COMMIT


def test_a_download_that_was_cut_is_told_and_not_loaded(
    hub: Path, tiny_model: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HF_ENDPOINT", "http://127.0.0.1:9")
    snapshot = keep(hub, "somebody/cut", tiny_model)
    _list_files(snapshot)
    (snapshot / "model.safetensors").unlink()
    with pytest.raises(ProviderFailed, match="not on this computer"):
        find_folder("somebody/cut")


def _list_files(snapshot: Path, *, also: str = "") -> None:
    """Write the list of a commit's files that the hub's library keeps of each download."""
    names = [path.relative_to(snapshot).as_posix() for path in snapshot.rglob("*") if path.is_file()]
    files = {name: {"size": 1, "blob_id": "0" * 40} for name in (*names, *filter(None, [also]))}
    trees = snapshot.parent.parent / "trees"
    trees.mkdir()
    (trees / f"{COMMIT}.json").write_text(json.dumps({"format_version": 1, "files": files}))
