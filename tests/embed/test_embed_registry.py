"""Names, the automatic choice, dimensions, and models that are missing or unsafe."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from pipelines.embed import NAMES, embed_texts, registry, resolve, restore
from pipelines.embed.bundled import model_folder
from pipelines.embed.lexical import LexicalEmbedder
from pipelines.embed.local import SentenceTransformerEmbedder
from pipelines.embed.model_files import numbers_per_token
from pipelines.errors import DamagedBundle, ProviderFailed, UnusableInput


@pytest.mark.parametrize(
    ("languages", "name"),
    [
        ([], "bundled"),
        (["en"] * 9 + ["zh"], "bundled"),
        (["en"] * 8 + ["zh"] * 2, "offline-zh"),
        (["ja", "ko", "zh"], "offline-zh"),
        (["de"] * 9 + ["en"], "offline-zh"),
        (["", ""], "bundled"),
    ],
)
def test_auto_follows_the_languages_and_says_why(languages: list[str], name: str) -> None:
    choice = resolve("auto", languages)
    assert choice.name == choice.embedder.name == name
    assert name in str(choice.why)


def test_auto_is_frank_about_other_languages() -> None:
    assert "10%" in str(resolve("auto", ["de"] * 9 + ["en"]).why)


@pytest.mark.parametrize("name", ["", "gpt", "st:", "dashscope", "BUNDLED", "openai:"])
def test_an_unknown_name_is_quoted_with_the_allowed_ones(name: str) -> None:
    with pytest.raises(UnusableInput) as caught:
        resolve(name)
    assert f"“{name}”" in str(caught.value)
    assert all(allowed in str(caught.value) for allowed in NAMES)


@pytest.mark.parametrize(("name", "dim"), [("bundled", 385), ("bundled", 1), ("offline-zh", 100), ("lexical", 999)])
def test_an_impossible_dimension_is_refused(name: str, dim: int) -> None:
    with pytest.raises(UnusableInput, match=str(dim)):
        resolve(name, dim=dim)


def test_fewer_dimensions_are_the_leading_ones() -> None:
    texts = ["one cup", "two cups", "tea"]
    whole = resolve("lexical").embedder
    cut = resolve("lexical", dim=2).embedder
    first, second = embed_texts(whole, texts), embed_texts(cut, texts)
    expected = first.matrix[:, :2] / np.linalg.norm(first.matrix[:, :2], axis=1, keepdims=True)
    np.testing.assert_allclose(second.matrix, expected, atol=1e-6)
    again = restore(second.identity, second.state)
    np.testing.assert_array_equal(again.embed_documents(texts), second.matrix)


def test_a_hub_model_without_a_network_is_told_at_once(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("HF_ENDPOINT", "http://127.0.0.1:9")
    with pytest.raises(ProviderFailed, match="not on this computer"):
        resolve("st:nobody/not-a-model-of-ours")
    with pytest.raises(UnusableInput, match="neither a folder nor a hub id"):
        resolve(f"st:{tmp_path}/missing")


def test_weights_that_can_run_code_are_refused(tiny_model: Path, tmp_path: Path) -> None:
    pickled = tmp_path / "pickled"
    shutil.copytree(tiny_model, pickled)
    (pickled / "model.safetensors").rename(pickled / "pytorch_model.bin")
    with pytest.raises(UnusableInput, match="safetensors"):
        resolve(f"st:{pickled}")
    foreign = tmp_path / "foreign"
    shutil.copytree(tiny_model, foreign)
    (foreign / "modules.json").write_text(json.dumps([{"idx": 0, "name": "0", "path": "", "type": "evil.Module"}]))
    with pytest.raises(UnusableInput, match=r"evil\.Module"):
        resolve(f"st:{foreign}")


def test_a_damaged_model_folder_is_named(tiny_model: Path, tmp_path: Path) -> None:
    folder = tmp_path / "damaged"
    shutil.copytree(tiny_model, folder)
    (folder / "modules.json").write_text("{")
    with pytest.raises(UnusableInput, match=r"modules\.json"):
        resolve(f"st:{folder}")
    (folder / "modules.json").unlink()
    (folder / "config.json").write_text("{}")
    with pytest.raises(UnusableInput, match="does not load"):
        resolve(f"st:{folder}").embedder.embed_documents(["text"])


def test_a_models_own_modules_and_prompts_are_used(tiny_model: Path) -> None:
    from sentence_transformers import SentenceTransformer

    ours = SentenceTransformerEmbedder(str(tiny_model), arithmetic_name="fp32")
    texts = ["grinder", "a loud pump", "milk and a wand"]
    plain = SentenceTransformer(str(tiny_model), device="cpu")
    np.testing.assert_allclose(ours.embed_documents(texts), plain.encode(texts), atol=1e-5)
    np.testing.assert_allclose(ours.embed_query("pump"), plain.encode("ask: pump"), atol=1e-5)
    assert ours.identity()["prompts"] == {"query": "ask: "}


def test_changed_weights_do_not_pass_for_the_old_ones(tiny_model: Path) -> None:
    identity = resolve(f"st:{tiny_model}").embedder.identity()
    with pytest.raises(UnusableInput, match="not the one that made this analysis"):
        restore({**identity, "weights": "0" * 64}, {})


def test_a_state_that_lacks_an_array_is_damaged() -> None:
    embedder = LexicalEmbedder()
    state = embedder.fit(["some text", "other text"])
    with pytest.raises(DamagedBundle, match="idf"):
        restore(embedder.identity(), {key: state[key] for key in ("vocabulary", "components")})
    with pytest.raises(DamagedBundle):
        restore(embedder.identity(), {**state, "idf": state["idf"][:-1]})
    with pytest.raises(DamagedBundle):
        restore({}, {})


def test_lexical_neighbours_share_their_wording() -> None:
    texts = [
        "早餐很丰盛，种类多",
        "早餐丰盛种类很多",
        "隔音太差，晚上吵",
        "晚上太吵，隔音差",
        "前台热情",
        "前台服务热情",
    ]
    matrix = embed_texts(LexicalEmbedder(), texts).matrix
    similarity = matrix @ matrix.T - 2 * np.eye(6)
    assert similarity.argmax(axis=1).tolist() == [1, 0, 3, 2, 5, 4]


def test_lexical_state_survives_a_file_and_a_large_fit(tmp_path: Path) -> None:
    rng = np.random.default_rng(0)
    signs = np.array(list("房间早餐服务热情干净吵闹便宜贵好坏快慢abcdefg "))
    texts = ["".join(rng.choice(signs, rng.integers(1, 30))) for _ in range(900)]
    vectors = embed_texts(LexicalEmbedder(max_terms=500), texts)
    assert len(vectors.state["vocabulary"]) == 500
    np.savez(tmp_path / "state.npz", **vectors.state)
    with np.load(tmp_path / "state.npz", allow_pickle=False) as loaded:
        again = restore({**vectors.identity, "max_terms": 20_000}, dict(loaded))
    np.testing.assert_array_equal(again.embed_documents(texts), vectors.matrix)


@pytest.mark.parametrize(
    ("name", "languages", "stand_in"),
    [
        ("auto", ["en"] * 9, "static:bundled"),
        ("bundled", ["zh"] * 9, "static:bundled"),
        ("offline-zh", [], "offline-zh-draft"),
        ("ollama:qwen3-embedding:0.6b", ["en"] * 9 + ["zh"], "static:bundled"),
        ("dashscope:text-embedding-v4", ["en"] * 8 + ["zh"] * 2, "offline-zh-draft"),
        ("openai:any@http://127.0.0.1:9", ["", ""], "static:bundled"),
        ("lexical", ["en"], "lexical"),
        ("static:bundled", ["en"], "static:bundled"),
        ("offline-zh-draft", ["zh"], "offline-zh-draft"),
    ],
)
def test_a_draft_stands_in_and_says_so(name: str, languages: list[str], stand_in: str) -> None:
    choice = resolve(name, languages, dim=None, draft=True)
    assert choice.name == choice.embedder.name == choice.embedder.identity()["name"] == stand_in
    assert not choice.embedder.remote
    assert "draft" in str(choice.why)
    assert resolve(stand_in).name == stand_in


def test_a_draft_of_a_model_on_disk(tiny_model: Path, tmp_path: Path) -> None:
    choice = resolve(f"st:{tiny_model}", dim=8, draft=True)
    assert choice.name == f"static:st:{tiny_model}"
    texts = ["grinder", "a loud pump", "milk"]
    vectors = embed_texts(choice.embedder, texts)
    assert vectors.matrix.shape == (3, 8)
    again = restore(vectors.identity, vectors.state)
    np.testing.assert_array_equal(again.embed_documents(texts), vectors.matrix)
    np.testing.assert_array_equal(again.embed_query("pump"), choice.embedder.embed_query("pump"))
    with pytest.raises(UnusableInput, match="not the one that made this analysis"):
        restore({**vectors.identity, "weights": "0" * 64}, vectors.state)
    untold = tmp_path / "untold"
    shutil.copytree(tiny_model, untold)
    (untold / "tokenizer.json").unlink()
    assert resolve(f"st:{untold}", dim=8, draft=True).name == "lexical"


@pytest.mark.parametrize("name", ["gpt", "st:", "dashscope", "static:", "static:lexical", "static:st:", "bundled:x"])
def test_there_is_no_draft_of_what_there_is_not(name: str) -> None:
    with pytest.raises(UnusableInput):
        resolve(name, draft=True)


def test_importing_loads_nothing_heavy() -> None:
    heavy = "{'torch', 'sklearn', 'transformers', 'sentence_transformers', 'requests', 'httpx', 'dashscope', 'scipy'}"
    code = f"import sys, pipelines.embed; sys.exit(', '.join({heavy} & set(sys.modules)) or 0)"
    root = Path(__file__).parents[2]
    found = subprocess.run([sys.executable, "-c", code], cwd=root, capture_output=True, text=True)
    assert found.returncode == 0, found.stderr


@pytest.mark.parametrize(("language", "stand_in"), [("en", "static:bundled"), ("zh", "offline-zh-draft")])
def test_a_model_too_slow_to_teach_a_draft_is_stood_in_for_like_a_provider(
    language: str, stand_in: str, tiny_model: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("REVIEWSCAPE_ARITHMETIC", "fp32")
    monkeypatch.setattr(registry, "MOST_FOR_A_STAND_IN", 1000)
    choice = resolve(f"st:{tiny_model}", [language], dim=8, draft=True)
    assert choice.name == stand_in
    assert f"st:{tiny_model}" in str(choice.why)
    # A GPU is quick enough.
    monkeypatch.setenv("REVIEWSCAPE_ARITHMETIC", "cuda-fp16")
    assert resolve(f"st:{tiny_model}", [language], draft=True).name == f"static:st:{tiny_model}"


def test_a_models_numbers_per_token_leave_out_its_tables(tiny_model: Path, tmp_path: Path) -> None:
    assert 9e6 < numbers_per_token([model_folder() / "model.safetensors"]) < 12e6
    assert 0 < numbers_per_token([tiny_model / "model.safetensors"]) < 120_000
    (tmp_path / "model.safetensors").write_bytes(b"\xff" * 64)
    assert numbers_per_token([tmp_path / "model.safetensors"]) == 0


def test_a_draft_refuses_the_dimension_that_the_full_map_would() -> None:
    with pytest.raises(UnusableInput, match="100"):
        resolve("offline-zh", ["zh"], dim=100, draft=True)


def test_a_bundle_of_other_glosses_is_told_to_be_made_anew() -> None:
    identity = resolve("offline-zh").embedder.identity()
    gloss, lexical = identity["parts"]  # type: ignore[misc]
    # As the version before wrote it: other words, another way of naming the arithmetic.
    old = {**gloss, "words": {"rules": 1, "senses": "0" * 16}, "arithmetic": "bf16, sums fp32"}
    with pytest.raises(UnusableInput, match="Run the analysis again"):
        restore({**identity, "parts": [old, lexical]}, {})


def test_a_bundle_made_with_another_arithmetic_is_taken(tiny_model: Path) -> None:
    identity = resolve(f"st:{tiny_model}").embedder.identity()
    old = {key: value for key, value in identity.items() if key not in ("files", "openvino")}
    assert restore({**old, "arithmetic": "bf16", "processor": "x86_64/avx2"}, {}).embed_query("pump").shape == (32,)
