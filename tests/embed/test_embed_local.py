"""sentence-transformers models in every arithmetic: other modules, other tokenizers, hub revisions, what is forced."""

from __future__ import annotations

import json
import shutil
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import numpy as np
import pytest

from pipelines.embed import embed_texts, restore, self_test
from pipelines.embed.hub import find_folder, split
from pipelines.embed.local import SentenceTransformerEmbedder
from pipelines.embed.model_files import checked_weights, deciding_files
from pipelines.embed.openvino_runtime import open_graph
from pipelines.errors import ProviderFailed, UnusableInput
from tests.embed import tiny_models

# Some are longer than the models read, so cutting off is tried as well.
TEXTS = ["Grinder", "a Loud pump", "电池的，", "milk", *self_test.texts()[:24]]


@pytest.mark.parametrize("kind", tiny_models.KINDS)
def test_a_models_own_modules_go_through_the_fast_engine(kind: str, tiny_model: Path, tmp_path: Path) -> None:
    from sentence_transformers import SentenceTransformer

    folder = tiny_models.build(kind, tiny_model, tmp_path)
    # The table reads all of a text; the others stop by themselves.
    texts = [text[:120] for text in TEXTS]
    plain = SentenceTransformer(str(folder), device="cpu").encode(texts, normalize_embeddings=True)
    ours = SentenceTransformerEmbedder(str(folder), arithmetic_name="fp32")
    assert ours.identity()["arithmetic"] == "openvino-fp32"
    assert ours.dim == plain.shape[1]
    np.testing.assert_allclose(ours.embed_documents(texts), plain, atol=1e-5)
    assert not ours.batch_dependent
    again = SentenceTransformerEmbedder(str(folder), arithmetic_name="fp32")
    np.testing.assert_array_equal(again.embed_documents(texts[::-1])[::-1], ours.embed_documents(texts))


def test_a_tokenizer_that_says_less_than_the_model_is_not_taken(tiny_model: Path, tmp_path: Path) -> None:
    alike = SentenceTransformerEmbedder(str(tiny_model), arithmetic_name="fp32")
    other = SentenceTransformerEmbedder(
        str(tiny_models.build("lower-case", tiny_model, tmp_path)), arithmetic_name="fp32"
    )
    facts = [open_graph(embedder._kept, embedder._source).facts for embedder in (alike, other)]
    assert [told["fast_tokenizer"] for told in facts] == [True, False]
    np.testing.assert_array_equal(other.embed_documents(["GRINDER"]), other.embed_documents(["grinder"]))


def test_forced_arithmetics_are_taken_and_told(tiny_model: Path) -> None:
    exact = SentenceTransformerEmbedder(str(tiny_model), arithmetic_name="torch-fp32")
    short = SentenceTransformerEmbedder(str(tiny_model), arithmetic_name="torch-bf16")
    assert exact.identity()["arithmetic"] == "torch-fp32"
    assert short.identity()["arithmetic"] == "torch-bf16"
    first, second = exact.embed_documents(TEXTS), short.embed_documents(TEXTS)
    assert not np.array_equal(first, second)
    assert (np.einsum("ij,ij->i", first, second) > 0.99).all()


def test_a_gpu_that_is_not_there_is_told(tiny_model: Path) -> None:
    import torch

    if torch.cuda.is_available():
        pytest.skip("this machine has a GPU")
    embedder = SentenceTransformerEmbedder(str(tiny_model), arithmetic_name="cuda-fp16")
    with pytest.raises(UnusableInput, match="cuda-fp16 needs an NVIDIA GPU"):
        embedder.embed_documents(["grinder"])


def test_vectors_of_one_arithmetic_are_searched_with_another(tiny_model: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REVIEWSCAPE_ARITHMETIC", "torch-fp32")
    made = embed_texts(SentenceTransformerEmbedder(str(tiny_model)), TEXTS)
    monkeypatch.setenv("REVIEWSCAPE_ARITHMETIC", "fp32")
    again = restore(made.identity, made.state)
    assert again.identity()["arithmetic"] == "openvino-fp32"
    np.testing.assert_allclose(again.embed_documents(TEXTS), made.matrix, atol=1e-5)


def test_other_files_are_another_model(tiny_model: Path, tmp_path: Path) -> None:
    folder = tmp_path / "pooled otherwise"
    shutil.copytree(tiny_model, folder)
    before = SentenceTransformerEmbedder(str(folder))
    by_first = before.embed_documents(["grinder"])
    pooling = json.loads((folder / "1_Pooling" / "config.json").read_text())
    pooling |= {"pooling_mode_cls_token": False, "pooling_mode_mean_tokens": True}
    (folder / "1_Pooling" / "config.json").write_text(json.dumps(pooling))
    after = SentenceTransformerEmbedder(str(folder))
    assert before.digest != after.digest
    assert not np.array_equal(by_first, after.embed_documents(["grinder"]))


def test_a_model_may_lie_in_a_folder_named_like_another_programs(tiny_model: Path, tmp_path: Path) -> None:
    folder = tmp_path / "openvino" / "tiny@2"
    shutil.copytree(tiny_model, folder)
    (folder / "onnx").mkdir()
    (folder / "onnx" / "model.safetensors").write_bytes(b"for another program")
    weights = checked_weights(folder, "st:tiny")
    assert weights == [folder / "model.safetensors"]
    assert folder / "onnx" / "model.safetensors" not in deciding_files(folder, weights)
    assert find_folder(str(folder)) == folder


@pytest.fixture
def hub(tiny_model: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, Path]:
    """Two commits of a hub model as the hub's client keeps them; `main` is the second. Commit → its folder."""
    from huggingface_hub import constants

    monkeypatch.setattr(constants, "HF_HUB_CACHE", str(tmp_path / "hub"))
    monkeypatch.setenv("HF_ENDPOINT", "http://127.0.0.1:9")
    kept = tmp_path / "hub" / "models--someone--tiny"
    commits = {sign * 40: kept / "snapshots" / (sign * 40) for sign in "ab"}
    for folder in commits.values():
        shutil.copytree(tiny_model, folder)
    config = json.loads((commits["a" * 40] / "config.json").read_text())
    (commits["a" * 40] / "config.json").write_text(json.dumps({**config, "layer_norm_eps": 0.1}))
    (kept / "refs").mkdir()
    (kept / "refs" / "main").write_text("b" * 40)
    (kept / "refs" / "v1").write_text("a" * 40)
    return commits


def test_a_revision_is_pinned_and_its_commit_recorded(hub: dict[str, Path]) -> None:
    latest = SentenceTransformerEmbedder("someone/tiny")
    tagged = SentenceTransformerEmbedder("someone/tiny@v1")
    exact = SentenceTransformerEmbedder(f"someone/tiny@{'a' * 40}")
    assert latest.identity()["revision"] == "b" * 40
    assert tagged.identity()["revision"] == exact.identity()["revision"] == "a" * 40
    assert tagged.name == tagged.identity()["name"] == "st:someone/tiny@v1"
    assert not np.array_equal(latest.embed_documents(["grinder"]), tagged.embed_documents(["grinder"]))
    np.testing.assert_array_equal(exact.embed_documents(["grinder"]), tagged.embed_documents(["grinder"]))
    assert restore(tagged.identity(), {}).identity() == tagged.identity()


def test_a_bundle_is_read_by_the_commit_that_made_it(hub: dict[str, Path]) -> None:
    refs = hub["a" * 40].parent.parent / "refs"
    (refs / "main").write_text("a" * 40)
    made = SentenceTransformerEmbedder("someone/tiny")
    before = made.embed_query("grinder")
    (refs / "main").write_text("b" * 40)
    again = restore(made.identity(), {})
    assert again.identity() == made.identity()
    np.testing.assert_array_equal(again.embed_query("grinder"), before)
    assert not np.array_equal(SentenceTransformerEmbedder("someone/tiny").embed_query("grinder"), before)


def test_a_modules_pickled_weights_are_refused(tiny_model: Path, tmp_path: Path) -> None:
    import torch
    from safetensors.torch import load_file

    folder = tiny_models.build("dense", tiny_model, tmp_path)
    (dense,) = folder.glob("*_Dense")
    torch.save(load_file(dense / "model.safetensors"), dense / "pytorch_model.bin")
    assert SentenceTransformerEmbedder(str(folder)).dim == 12, "beside safetensors nobody looks at it"
    (dense / "model.safetensors").unlink()
    with pytest.raises(UnusableInput, match="they can run code"):
        SentenceTransformerEmbedder(str(folder))


def test_a_revision_that_is_not_here_is_not_replaced(hub: dict[str, Path]) -> None:
    with pytest.raises(ProviderFailed, match="someone/tiny@v2"):
        SentenceTransformerEmbedder("someone/tiny@v2")


@pytest.mark.parametrize("source", ["someone/tiny@", "someone/tiny@../../x", "someone/tiny@a..b", "someone/tiny@ v1"])
def test_what_is_no_revision_is_refused(source: str) -> None:
    with pytest.raises(UnusableInput, match="names no revision"):
        find_folder(source)


def test_a_source_is_taken_apart(tmp_path: Path) -> None:
    assert split("someone/tiny@refs/pr/3") == ("someone/tiny", "refs/pr/3")
    assert split("someone/tiny") == ("someone/tiny", None)
    (tmp_path / "a@b").mkdir()
    assert split(str(tmp_path / "a@b")) == (str(tmp_path / "a@b"), None)


def test_a_hub_that_breaks_off_is_told(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    from huggingface_hub import constants

    class Handler(BaseHTTPRequestHandler):
        def do_HEAD(self) -> None:
            self.send_response(200)
            self.end_headers()

        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Length", "1000")
            self.end_headers()
            self.wfile.write(b"{")

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}).start()
        address = f"http://127.0.0.1:{server.server_port}"
        monkeypatch.setenv("HF_ENDPOINT", address)
        monkeypatch.setattr(constants, "ENDPOINT", address)
        monkeypatch.setattr(constants, "HF_HUB_CACHE", str(tmp_path))
        try:
            with pytest.raises(ProviderFailed, match=r"someone/tiny.*did not download"):
                find_folder("someone/tiny")
        finally:
            server.shutdown()
