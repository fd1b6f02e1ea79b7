"""A sentiment model of the person's choice: small real ones, made here; what is no such model is refused in words."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import numpy as np
import pytest

from pipelines.embed.classifier import SentimentClassifier, class_values
from pipelines.embed.model_files import is_whole
from pipelines.errors import Cancelled, ProviderFailed, UnusableInput
from tests.embed import tiny_models


@pytest.fixture(scope="module")
def judge(tiny_model: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small BERT that learned to tell a few words of praise from a few of blame."""
    return tiny_models.classifier(tiny_model, tmp_path_factory.mktemp("judge"))


def with_config(judge: Path, folder: Path, **changes: object) -> Path:
    """A copy whose config.json says otherwise."""
    shutil.copytree(judge, folder)
    config = json.loads((folder / "config.json").read_text())
    (folder / "config.json").write_text(json.dumps({**config, **changes}))
    return folder


def test_it_tells_praise_from_blame(judge: Path) -> None:
    model = SentimentClassifier(str(judge))
    model.try_out()
    found = model.score(["i love it", "i hate it", "i love it", "great"])
    assert found.dtype == np.float32 and found.shape == (4,)
    assert found[0] == found[2] > 0 > found[1] and found[3] > 0
    assert (np.abs(found) <= 1).all()
    assert model.score([]).shape == (0,)


@pytest.mark.parametrize("arithmetic", ["torch-fp32", "torch-bf16"])
def test_the_same_text_has_the_same_score_in_any_company(
    judge: Path, arithmetic: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("REVIEWSCAPE_ARITHMETIC", arithmetic)
    texts = [f"a {word} thing{'s' * count}" for count in range(12) for word in ("great", "terrible", "plain")]
    first, second = (SentimentClassifier(str(judge)).score(part) for part in (texts, texts[::-1]))
    np.testing.assert_allclose(first, second[::-1], atol=1e-6)


def test_it_tells_how_far_it_is_and_can_be_stopped(judge: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REVIEWSCAPE_BATCH_TOKENS", "20")
    seen: list[tuple[str, float, float]] = []

    def progress(stage: str, done: float, total: float, **_: object) -> None:
        seen.append((stage, done, total))
        if len(seen) == 3:
            raise Cancelled

    with pytest.raises(Cancelled):
        SentimentClassifier(str(judge)).score([f"thing {'x' * i}" for i in range(1, 30)], progress)
    assert [stage for stage, _, _ in seen] == ["sentiment"] * 3 and seen[-1][2] == 29


@pytest.mark.parametrize(
    ("names", "values"),
    [
        (["negative", "positive"], [-1, 1]),
        (["POS", "NEG", "NEU"], [1, -1, 0]),
        (["1 star", "2 stars", "3 stars", "4 stars", "5 stars"], [-1, -0.5, 0, 0.5, 1]),
        (["Very Negative", "Negative", "Neutral", "Positive", "Very Positive"], [-1, -0.5, 0, 0.5, 1]),
        (["负面", "正面"], [-1, 1]),
        (["LABEL_0", "LABEL_1", "LABEL_2"], [-1, 0, 1]),
        (None, [-1, 1]),
    ],
)
def test_what_classes_mean(names: list[str] | None, values: list[float], tmp_path: Path) -> None:
    config: dict[str, object] = {"architectures": ["BertForSequenceClassification"]}
    if names is not None:
        config["id2label"] = {str(i): name for i, name in enumerate(names)}
    (tmp_path / "config.json").write_text(json.dumps(config))
    np.testing.assert_array_equal(class_values(tmp_path, "x"), np.array(values, dtype=np.float32))


@pytest.mark.parametrize(
    "changes",
    [
        {"id2label": {"0": "joy", "1": "anger"}},
        {"id2label": {"0": "positive", "1": "neutral"}},
        {"id2label": {"0": "LABEL_0"}},
        {"id2label": {str(i): f"LABEL_{i}" for i in range(4)}},
        {"problem_type": "regression"},
        {"architectures": ["BertModel"]},
        {"architectures": None},
    ],
)
def test_a_model_that_says_nothing_is_refused(judge: Path, tmp_path: Path, changes: dict[str, object]) -> None:
    folder = with_config(judge, tmp_path / "other", **changes)
    with pytest.raises(UnusableInput, match=r"say how a text feels|sorts texts into classes"):
        SentimentClassifier(str(folder))


def test_classes_the_wrong_way_round_are_noticed(judge: Path, tmp_path: Path) -> None:
    folder = with_config(judge, tmp_path / "turned", id2label={"0": "positive", "1": "negative"})
    with pytest.raises(UnusableInput, match="does not tell plain praise"):
        SentimentClassifier(str(folder)).try_out()


def test_an_embedder_is_no_sentiment_model(tiny_model: Path) -> None:
    with pytest.raises(UnusableInput, match="sorts texts into classes"):
        SentimentClassifier(str(tiny_model))


def test_a_head_that_is_not_there_is_not_made_up(tiny_model: Path, judge: Path, tmp_path: Path) -> None:
    folder = with_config(judge, tmp_path / "headless")
    shutil.copy(tiny_model / "model.safetensors", folder / "model.safetensors")
    with pytest.raises(UnusableInput, match="does not load as a sentiment model"):
        SentimentClassifier(str(folder)).try_out()


def test_pickled_weights_are_refused(judge: Path, tmp_path: Path) -> None:
    folder = tmp_path / "pickled"
    shutil.copytree(judge, folder)
    (folder / "model.safetensors").rename(folder / "pytorch_model.bin")
    with pytest.raises(UnusableInput, match="they can run code"):
        SentimentClassifier(str(folder))


def test_code_of_the_models_own_is_not_run(judge: Path, tmp_path: Path) -> None:
    folder = with_config(
        judge,
        tmp_path / "own",
        model_type="planted",
        auto_map={"AutoConfig": "planted.Config", "AutoModelForSequenceClassification": "planted.Model"},
    )
    ran = tmp_path / "ran"
    (folder / "planted.py").write_text(f"open({str(ran)!r}, 'w')")
    with pytest.raises(UnusableInput, match="does not load as a sentiment model"):
        SentimentClassifier(str(folder)).try_out()
    assert not ran.exists()


def test_what_is_not_here_and_cannot_be_fetched_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    with pytest.raises(ProviderFailed, match="not on this computer"):
        SentimentClassifier("nobody/nothing")
    with pytest.raises(UnusableInput, match="neither a folder nor a hub id"):
        SentimentClassifier("nothing")


def test_what_another_program_fetched_is_found(judge: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from huggingface_hub import constants

    monkeypatch.setattr(constants, "HF_HUB_CACHE", str(tmp_path / "hub"))
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    kept = tmp_path / "hub" / "models--someone--feelings"
    shutil.copytree(judge, kept / "snapshots" / ("a" * 40))
    (kept / "refs").mkdir()
    (kept / "refs" / "main").write_text("a" * 40)
    assert SentimentClassifier("someone/feelings").score(["i love it"])[0] > 0
    (kept / "snapshots" / ("a" * 40) / "tokenizer.json").unlink()
    assert not is_whole(kept / "snapshots" / ("a" * 40))
