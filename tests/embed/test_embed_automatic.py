"""What `auto` takes: by the languages and by what is at hand, the same each time, and never from outside."""

from __future__ import annotations

import time

import pytest

from pipelines.embed import automatic, hardware, resolve
from pipelines.embed.automatic import ON_DISK, ON_OLLAMA, choose
from pipelines.embed.available import Available, OllamaServer
from pipelines.words import sentence
from tests.embed.ollama_list import hanging, refusing, serving

HERE = "http://127.0.0.1:11434"
CHINESE, MIXED, GERMAN = ["zh"] * 10, ["zh"] * 3 + ["en"] * 7, ["de"] * 9 + ["en"]


def having(*on_disk: str, served: tuple[str, ...] = (), state: str = "answers") -> Available:
    return Available(on_disk, True, OllamaServer(HERE, state, served), ())


def told(note) -> str:
    return sentence(str, {"template": note.template, "values": note.values})


@pytest.mark.parametrize("languages", [[], ["en"] * 9 + ["zh"], ["", ""], ["en"] * 5 + ["de"] * 5])
def test_english_is_read_by_the_bundled_model_without_looking(
    languages: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    with hanging() as url:
        monkeypatch.setenv("OLLAMA_HOST", url)
        started = time.monotonic()
        assert choose(languages)[0] == "bundled"
        assert time.monotonic() - started < 0.5


@pytest.mark.parametrize("languages", [CHINESE, MIXED, GERMAN])
def test_a_multilingual_model_on_disk_comes_first(languages: list[str]) -> None:
    found = having("intfloat/multilingual-e5-base", "intfloat/multilingual-e5-small", served=("bge-m3:latest",))
    name, why = choose(languages, found)
    assert name == "st:intfloat/multilingual-e5-small"
    assert "on this computer already" in told(why)


@pytest.mark.parametrize(
    ("served", "name"),
    [
        (("bge-m3:latest", "llama3:8b"), "ollama:bge-m3:latest"),
        (("bge-m3:567m", "qwen3-embedding:0.6b"), "ollama:qwen3-embedding:0.6b"),
        (("qwen3-embedding:latest",), "ollama:qwen3-embedding:latest"),
        (("llama3:8b", "nomic-embed-text:latest"), "offline-zh"),
        ((), "offline-zh"),
    ],
)
def test_then_what_a_local_ollama_has(served: tuple[str, ...], name: str) -> None:
    assert choose(CHINESE, having(served=served))[0] == name


def test_with_a_gpu_the_larger_models_come_first(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hardware, "has_cuda", lambda: True)
    found = having("intfloat/multilingual-e5-small", "Qwen/Qwen3-Embedding-0.6B")
    assert choose(CHINESE, found)[0] == "st:Qwen/Qwen3-Embedding-0.6B"


@pytest.mark.parametrize(
    ("state", "words"),
    [
        ("silent", "does not run"),
        ("slow", "did not answer in time"),
        ("odd", "is no Ollama"),
        ("elsewhere", "not asked"),
        ("no address", "is none"),
        ("answers", "none that Ollama"),
    ],
)
def test_what_was_looked_for_and_not_found_is_said(state: str, words: str) -> None:
    name, why = choose(CHINESE, having(state=state))
    assert name == "offline-zh"
    assert "100%" in told(why)
    assert words in told(why)
    name, why = choose(GERMAN, having(state=state))
    assert name == "offline-zh", "what neither dictionary nor model reads has its n-grams"
    assert "10%" in told(why)
    assert words in told(why)


@pytest.mark.parametrize("garbage", ["no JSON", {"models": "all"}, "[" * 5000])
def test_garbage_at_ollamas_address_changes_nothing(garbage: object, monkeypatch: pytest.MonkeyPatch) -> None:
    with serving(garbage) as url:
        monkeypatch.setenv("OLLAMA_HOST", url)
        assert choose(CHINESE)[0] == "offline-zh"


def test_without_anything_the_choice_is_quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OLLAMA_HOST", refusing())
    started = time.monotonic()
    assert choose(CHINESE)[0] == "offline-zh"
    assert time.monotonic() - started < 1.5


def test_a_hanging_server_costs_the_probes_time_at_most(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REVIEWSCAPE_PROBE_TIMEOUT_S", "0.5")
    with hanging() as url:
        monkeypatch.setenv("OLLAMA_HOST", url)
        started = time.monotonic()
        name, why = choose(CHINESE)
        assert time.monotonic() - started < 2.0
    assert name == "offline-zh"
    assert "did not answer in time" in told(why)


def test_the_same_computer_gives_the_same_choice(monkeypatch: pytest.MonkeyPatch) -> None:
    with serving({"models": [{"name": "embeddinggemma:latest"}, {"name": "bge-m3:latest"}]}) as url:
        monkeypatch.setenv("OLLAMA_HOST", url)
        choices = {choose(CHINESE)[0] for _ in range(5)}
        assert choices == {"ollama:embeddinggemma:latest"}
        assert resolve("auto", CHINESE).name == "ollama:embeddinggemma:latest"


def test_every_model_says_how_it_is_known_to_be_multilingual() -> None:
    for model in (*ON_DISK, *ON_OLLAMA):
        assert model.languages >= 10
        assert "model card" in model.source
    assert len({model.name for model in ON_DISK}) == len(ON_DISK)
    assert automatic.SHARE_FOR_OFFLINE_ZH == 0.2
