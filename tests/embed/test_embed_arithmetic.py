"""Which arithmetic is chosen: by hardware, by the setting, by a test of fidelity; verdicts kept and damaged."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from pipelines.embed import arithmetic, hardware, self_test
from pipelines.embed.base import normalise
from pipelines.embed.encoder import Encoder
from pipelines.embed.verdicts import Decision, decide
from pipelines.errors import UnusableInput

DIM = 24
TEXTS = self_test.texts()


class Bench:
    """A runtime of our own for every candidate: a bag of letters times a fixed matrix, with what is wrong given."""

    def __init__(self, **wrong: object) -> None:
        self.wrong = wrong
        self.loaded: list[str] = []

    def load(self, candidate: str) -> Encoder:
        self.loaded.append(candidate)
        wrong = self.wrong.get(candidate.replace("-", "_"))
        if isinstance(wrong, BaseException):
            raise wrong
        weights = np.random.default_rng(0).normal(size=(256, DIM)).astype(np.float32)

        def tokenize(texts: list[str]) -> dict[str, list[list[int]]]:
            return {"input_ids": [list(text.encode()) for text in texts]}

        def forward(features: dict[str, np.ndarray]) -> np.ndarray:
            vectors = weights[features["input_ids"]].mean(axis=1)
            return np.asarray(wrong(vectors) if callable(wrong) else vectors, np.float32)

        return Encoder(tokenize, forward)

    def decide(self, order: tuple[str, ...], folder: Path | None = None) -> Decision:
        return decide(order, self.load, folder, TEXTS)


def noisy(vectors: np.ndarray) -> np.ndarray:
    return vectors + np.random.default_rng(1).normal(scale=vectors.std(), size=vectors.shape)


ORDER = ("openvino-bf16", "openvino-fp32", "torch-fp32")


def test_the_order_follows_the_hardware() -> None:
    assert arithmetic.suggested(native_bf16=True, cuda=False) == (
        "openvino-bf16",
        "openvino-fp32",
        "torch-bf16",
        "torch-fp32",
    )
    assert arithmetic.suggested(native_bf16=False, cuda=False) == ("openvino-fp32", "torch-fp32")
    assert arithmetic.suggested(native_bf16=False, cuda=True)[0] == "cuda-fp16"
    expected = arithmetic.suggested(native_bf16=arithmetic.native_bf16(), cuda=hardware.has_cuda())
    assert arithmetic.choose("auto") == expected


@pytest.mark.parametrize(
    ("wanted", "order"),
    [
        ("bf16", ("openvino-bf16", "torch-bf16")),
        ("fp32", ("openvino-fp32", "torch-fp32")),
        ("torch-bf16", ("torch-bf16",)),
        ("torch-fp32", ("torch-fp32",)),
        ("cuda-fp16", ("cuda-fp16",)),
    ],
)
def test_the_setting_forces_one(wanted: str, order: tuple[str, ...], monkeypatch: pytest.MonkeyPatch) -> None:
    assert arithmetic.choose(wanted) == order
    monkeypatch.setenv("REVIEWSCAPE_ARITHMETIC", wanted)
    assert arithmetic.choose() == order


def test_an_unknown_one_is_quoted_with_the_allowed() -> None:
    with pytest.raises(UnusableInput, match="“int8”; choose one of: auto, bf16, fp32, torch-bf16"):
        arithmetic.choose("int8")


def test_an_identity_names_engine_processor_and_versions() -> None:
    told = arithmetic.describe("openvino-bf16")
    assert told["arithmetic"] == "openvino-bf16"
    assert told["openvino"] == arithmetic.version("openvino") != "missing"
    assert "openvino" not in arithmetic.describe("torch-fp32")
    assert arithmetic.describe("torch-bf16", sums="fp32")["arithmetic"] == "torch-bf16, sums fp32"
    assert arithmetic.describe("openvino-fp32", sums="fp32")["arithmetic"] == "openvino-fp32"
    assert arithmetic.version("no-such-package") == "missing"


def test_cores_are_real_and_the_setting_wins(monkeypatch: pytest.MonkeyPatch) -> None:
    assert hardware.real_cores() >= 1
    monkeypatch.setenv("REVIEWSCAPE_THREADS", "3")
    assert hardware.threads() == 3
    monkeypatch.setenv("REVIEWSCAPE_THREADS", "0")
    monkeypatch.setenv("OMP_NUM_THREADS", "1")
    assert hardware.threads() == 1
    monkeypatch.setenv("OMP_NUM_THREADS", "many")
    assert hardware.threads() == hardware.real_cores()


def test_the_texts_are_many_unlike_and_of_all_lengths() -> None:
    assert len(TEXTS) == len(set(TEXTS)) == self_test.MOST_TEXTS
    assert self_test.texts() == TEXTS
    assert min(map(len, TEXTS)) < 5
    assert max(map(len, TEXTS)) > 500
    chinese = sum(any("\u4e00" <= sign <= "\u9fff" for sign in text) for text in TEXTS)
    assert 40 < chinese < 110
    assert self_test.texts(2**40) == TEXTS[: self_test.FEWEST_TEXTS]
    assert self_test.FEWEST_TEXTS < len(self_test.texts(150 * 2**20)) < len(TEXTS)


def test_neighbours_are_counted_and_ties_are_not_losses() -> None:
    rng = np.random.default_rng(0)
    reference = normalise(rng.normal(size=(60, 16)))
    assert self_test.nearest_kept(reference, reference) == 1
    assert self_test.nearest_kept(reference, normalise(rng.normal(size=(60, 16)))) < 0.4
    alike = normalise(np.ones((60, 16)))
    assert self_test.nearest_kept(alike, normalise(alike + rng.normal(scale=1e-4, size=(60, 16)))) == 1


def test_the_first_that_keeps_its_neighbours_is_taken(tmp_path: Path) -> None:
    bench = Bench()
    decision = bench.decide(ORDER, tmp_path)
    assert decision.candidate == "openvino-bf16"
    assert decision.encoder is not None
    assert bench.loaded == ["torch-fp32", "openvino-bf16"]
    assert decision.verdicts[0].kept == 1


@pytest.mark.parametrize(
    ("wrong", "why"),
    [
        (RuntimeError("No conversion rule found for operation aten::strange\nand more"), "aten::strange"),
        (ImportError("No module named 'openvino'"), "No module named"),
        (noisy, "of the ten nearest neighbours are kept"),
        (lambda vectors: vectors * np.nan, "not finite"),
        (lambda vectors: vectors[:, :-1], "of shape"),
        (lambda vectors: -vectors, "point elsewhere"),
    ],
)
def test_a_failing_candidate_is_passed_over_and_says_why(
    wrong: object, why: str, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    bench = Bench(openvino_bf16=wrong)
    decision = bench.decide(ORDER, tmp_path)
    assert decision.candidate == "openvino-fp32"
    assert [verdict.passed for verdict in decision.verdicts] == [False, True]
    assert why in decision.verdicts[0].why
    assert "\n" not in decision.verdicts[0].why
    assert why in caplog.text
    # Kept, so neither is tried again.
    again = Bench(openvino_bf16=wrong)
    assert again.decide(ORDER, tmp_path) == decision
    assert again.loaded == []


def test_the_last_of_an_order_needs_no_test() -> None:
    bench = Bench(openvino_bf16=noisy, openvino_fp32=noisy)
    assert bench.decide(ORDER).candidate == "torch-fp32"
    assert Bench().decide(("torch-bf16",)) == Decision("torch-bf16")


def test_a_failure_that_may_pass_is_not_kept(tmp_path: Path) -> None:
    for error in (
        MemoryError(),
        OSError(28, "No space left on device"),
        RuntimeError("Exception from src/core.cpp:1: std::bad_alloc"),
        RuntimeError("[enforce fail at alloc_cpu.cpp] DefaultCPUAllocator: can't allocate memory: you tried 9 bytes"),
        RuntimeError("CUDA out of memory. Tried to allocate 20.00 MiB."),
    ):
        assert Bench(openvino_bf16=error).decide(ORDER, tmp_path).candidate == "openvino-fp32"
    assert Bench().decide(ORDER, tmp_path).candidate == "openvino-bf16"


def test_a_reference_that_does_not_load_is_no_verdict(tmp_path: Path) -> None:
    with pytest.raises(UnusableInput):
        Bench(torch_fp32=UnusableInput("no model")).decide(ORDER, tmp_path)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("damage", ["", "{", "[]", '{"kept": "much"}', '{"kept": NaN, "why": "", "key": {}}', None])
def test_a_damaged_verdict_is_found_anew(damage: str | None, tmp_path: Path) -> None:
    first = Bench().decide(ORDER, tmp_path)
    (file,) = tmp_path.iterdir()
    whole = file.read_bytes()
    if damage is None:
        file.write_bytes(whole.replace(b'"kept": 1.0', b'"kept": 0.1'))
    else:
        file.write_text(damage)
    assert file.read_bytes() != whole
    again = Bench()
    assert again.decide(ORDER, tmp_path) == first
    assert again.loaded == ["torch-fp32", "openvino-bf16"]
    assert file.read_bytes() == whole


def test_a_verdict_holds_for_one_processor_and_one_version(tmp_path: Path) -> None:
    Bench().decide(ORDER, tmp_path)
    (file,) = tmp_path.iterdir()
    told = json.loads(file.read_text())
    assert told["key"] == {
        **arithmetic.describe("openvino-bf16"),
        "least": self_test.LEAST_KEPT,
        "texts": told["key"]["texts"],
    }
    # The same file under a key of another machine says nothing here.
    file.write_text(json.dumps({**told, "key": {**told["key"], "processor": "other"}}))
    again = Bench()
    again.decide(ORDER, tmp_path)
    assert "openvino-bf16" in again.loaded


def test_a_folder_that_cannot_be_written_changes_nothing(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    missing = tmp_path / "file"
    missing.write_text("no folder")
    assert Bench().decide(ORDER, missing).candidate == "openvino-bf16"
    assert "is not kept" in caplog.text
    assert Bench().decide(ORDER, None).candidate == "openvino-bf16"
