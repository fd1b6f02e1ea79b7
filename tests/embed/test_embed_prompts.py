"""Prompts: each family's own, documents bare unless trained otherwise, editable, part of what the cache asks by."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipelines.config import AnalyzeConfig
from pipelines.embed import VectorCache, embed_texts, resolve, restore, usual_prompts
from pipelines.embed.base import document_identity, identity_digest
from pipelines.embed.local import SentenceTransformerEmbedder
from pipelines.embed.ollama import OllamaEmbedder
from pipelines.embed.openai import OpenAIEmbedder
from pipelines.embed.prompts import QUERY_TASK, Prompts, default_prompts, takes_instruction
from pipelines.embed.registry import model_of
from pipelines.embed.remote import RemoteEmbedder
from pipelines.embed.retry import Patience
from pipelines.embedding import prompts_of
from pipelines.errors import UnusableInput
from tests.embed.provider_server import ProviderServer, texts_of
from tests.embed.providers import DIM


@pytest.mark.parametrize(
    ("model", "query", "document"),
    [
        ("qwen3-embedding:0.6b", f"Instruct: {QUERY_TASK}\nQuery:", ""),
        ("Qwen/Qwen3-Embedding-8B", f"Instruct: {QUERY_TASK}\nQuery:", ""),
        ("intfloat/multilingual-e5-small", "query: ", "passage: "),
        ("/models/e5-base-v2", "query: ", "passage: "),
        ("intfloat/multilingual-e5-large-instruct", f"Instruct: {QUERY_TASK}\nQuery: ", ""),
        ("nomic-embed-text:v1.5", "search_query: ", "search_document: "),
        ("BAAI/bge-small-en-v1.5", "Represent this sentence for searching relevant passages: ", ""),
        ("BAAI/bge-m3", "", ""),
        ("text-embedding-v4", QUERY_TASK, ""),
        ("text-embedding-v3", "", ""),
        ("text-embedding-3-small", "", ""),
        ("recipe5-model", "", ""),
        ("", "", ""),
    ],
)
def test_a_familys_prompts_go_by_its_name(model: str, query: str, document: str) -> None:
    assert default_prompts(model) == Prompts(query, document)


def test_an_instruction_for_documents_is_for_models_that_take_one() -> None:
    assert default_prompts("qwen3-embedding:4b", "clustering").document.startswith("Instruct: Identify the topic")
    assert default_prompts("nomic-embed-text", "classification").document == "classification: "
    assert takes_instruction("text-embedding-v4")
    assert not takes_instruction("intfloat/multilingual-e5-small")
    with pytest.raises(UnusableInput, match="takes no instruction"):
        default_prompts("intfloat/multilingual-e5-small", "clustering")


@pytest.mark.parametrize(
    ("name", "model"),
    [
        ("bundled", ""),
        ("dashscope:text-embedding-v4", "text-embedding-v4"),
        ("ollama:qwen3-embedding:0.6b", "qwen3-embedding:0.6b"),
        ("openai:bge-m3@http://127.0.0.1:8080/v1", "bge-m3"),
        ("st:intfloat/e5-small", "intfloat/e5-small"),
    ],
)
def test_a_name_tells_its_model(name: str, model: str) -> None:
    assert model_of(name) == model


def test_a_prompt_has_a_bound() -> None:
    with pytest.raises(UnusableInput, match="at most 2000"):
        Prompts(document="x" * 2001)


def test_qwen_queries_carry_their_instruction_and_documents_go_bare(server: ProviderServer, patience: Patience) -> None:
    embedder = OllamaEmbedder("qwen3-embedding:0.6b", dim=DIM, base_url=server.url, patience=patience)
    embedder.embed_query("too loud?")
    embedder.embed_documents(["too loud"])
    assert server.sent == [f"Instruct: {QUERY_TASK}\nQuery:too loud?", "too loud"]


def test_dashscope_documents_with_an_instruction_go_as_queries(
    server: ProviderServer, patience: Patience, keys: None
) -> None:
    from pipelines.embed.dashscope import DashScopeEmbedder

    prompts = default_prompts("text-embedding-v4", "clustering")
    embedder = DashScopeEmbedder("text-embedding-v4", base_url=server.url, dim=DIM, prompts=prompts, patience=patience)
    embedder.embed_documents(["too loud"])
    sent = server.requests[0]
    assert texts_of(sent) == ["too loud"]
    assert sent["parameters"]["text_type"] == "query"
    assert sent["parameters"]["instruct"] == prompts.document


def test_the_documents_prompt_is_part_of_the_cache_key_and_the_querys_is_not(
    server: ProviderServer, patience: Patience, tmp_path: Path
) -> None:
    def embedder(prompts: Prompts) -> RemoteEmbedder:
        return OpenAIEmbedder("any", server.url, prompts=prompts, patience=patience)

    with VectorCache(tmp_path / "vectors.db") as cache:
        first = embed_texts(embedder(Prompts("ask: ", "")), ["one", "two"], cache)
        other_query = embed_texts(embedder(Prompts("seek: ", "")), ["one", "two"], cache)
        other_document = embed_texts(embedder(Prompts("ask: ", "doc: ")), ["one", "two"], cache)
    assert other_query.counts["embedded"] == 0
    assert other_document.counts["embedded"] == 2
    assert server.sent == ["one", "two", "doc: one", "doc: two"]
    digests = {identity_digest(vectors.identity) for vectors in (first, other_query, other_document)}
    assert len(digests) == 3
    assert identity_digest(document_identity(first.identity)) == identity_digest(
        document_identity(other_query.identity)
    )


def test_a_finished_analysis_keeps_its_own_prompts(server: ProviderServer) -> None:
    made = resolve(f"openai:qwen3-embedding@{server.url}", prompts=Prompts("ask: ")).embedder
    again = restore(made.identity(), {})
    again.embed_query("too loud?")
    assert server.sent == ["ask: too loud?"]
    assert again.identity() == made.identity()
    assert resolve(made.name).embedder.identity() != made.identity()


def test_a_local_models_prompts_are_its_own_unless_given(tiny_model: Path) -> None:
    assert SentenceTransformerEmbedder(str(tiny_model)).identity()["prompts"] == {"query": "ask: "}
    given = SentenceTransformerEmbedder(str(tiny_model), prompts=Prompts("", "doc: "))
    assert given.identity()["prompts"] == {"document": "doc: "}
    again = restore(given.identity(), {})
    assert again.identity() == given.identity()


def test_a_prompt_of_ones_own_leaves_the_models_other_one(tiny_model: Path, server: ProviderServer) -> None:
    own = f"st:{tiny_model}"
    assert usual_prompts(own) == Prompts("ask: ", "")
    config = AnalyzeConfig(embedder=own, document_prompt="doc: ")
    embedder = resolve(own, prompts=prompts_of(config)).embedder
    assert embedder.identity()["prompts"] == {"query": "ask: ", "document": "doc: "}
    far = f"openai:multilingual-e5-small@{server.url}"
    made = resolve(far, prompts=prompts_of(AnalyzeConfig(embedder=far, query_prompt=""))).embedder
    assert made.identity()["prompts"] == {"document": "passage: "}


def test_the_usual_prompts_are_told_without_asking_anybody(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HF_ENDPOINT", "http://127.0.0.1:9")
    assert usual_prompts("st:intfloat/multilingual-e5-small") == Prompts("query: ", "passage: ")
    assert usual_prompts("st:") == usual_prompts("st:no model") == usual_prompts("bundled") == Prompts()
    instructed = usual_prompts("ollama:qwen3-embedding:0.6b", "clustering")
    assert instructed.document.startswith("Instruct: Identify")
