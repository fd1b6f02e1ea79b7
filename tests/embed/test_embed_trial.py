"""Trying a model: what the Test button shows, over local models and over providers that answer well and badly."""

from __future__ import annotations

import pytest

from pipelines.embed import resolve, trial
from pipelines.embed.remote import RemoteEmbedder
from pipelines.errors import MissingKey, ProviderFailed
from tests.embed.provider_server import ProviderServer, status
from tests.embed.providers import DIM


def test_the_bundled_model_knows_what_is_alike() -> None:
    tried = trial.test_model(resolve("bundled").embedder)
    assert tried.name == "bundled"
    assert tried.dim == 384
    assert len(tried.first) == 5
    assert 0 < tried.seconds < 60
    assert tried.sound
    assert "as it should be" in str(tried.told)
    assert tried.pairs[0][2] > tried.pairs[1][2] > tried.pairs[2][2]


def test_the_english_model_does_not_know_chinese_and_says_so() -> None:
    tried = trial.test_model(resolve("bundled").embedder, "zh")
    assert not tried.sound
    assert "topics will be rough" in str(tried.told)
    assert trial.test_model(resolve("gloss").embedder, "zh").sound


@pytest.mark.parametrize("name", ["lexical", "offline-zh"])
@pytest.mark.parametrize("language", ["en", "zh", "xx"])
def test_embedders_that_learn_are_tried_too(name: str, language: str) -> None:
    tried = trial.test_model(resolve(name).embedder, language)
    assert tried.dim == resolve(name).embedder.dim
    assert tried.pairs[tried.nearest][2] == max(pair[2] for pair in tried.pairs)


def test_a_provider_is_tried_with_few_short_texts(provider: RemoteEmbedder, server: ProviderServer) -> None:
    tried = trial.test_model(provider)
    assert tried.dim == DIM
    assert tried.tokens == 6 * 7, "five distinct texts of the pairs, and the one that is timed"
    assert len(server.sent) == 6


def test_a_provider_that_fails_is_told(
    provider: RemoteEmbedder, server: ProviderServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    server.faults = [status(400)] * 2
    with pytest.raises(ProviderFailed):
        trial.test_model(provider)
    monkeypatch.delenv(provider.key_variable)
    if provider.paid:
        with pytest.raises(MissingKey):
            trial.test_model(provider)
