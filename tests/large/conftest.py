"""A file of 900 reviews put together from the sample's sentences, and analyses of it by few landmarks."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from benchmarks.grown_file import SAMPLES, sentences_of, write
from pipelines.analysis import Request, analyze
from pipelines.config import AnalyzeConfig
from pipelines.store.bundle import BundleParts

ROWS = 900
FEW = {"landmarks.above": "500", "landmarks.most": "250"}


@pytest.fixture(scope="session")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write(tmp_path_factory.mktemp("large") / "reviews.csv", sentences_of(SAMPLES[:1]), ROWS, seed=4)


@pytest.fixture(scope="session")
def small_parts() -> Iterator[None]:
    """Parts so small that this file has several."""
    patch = pytest.MonkeyPatch()
    patch.setattr("pipelines.large.vectors.PART_TEXTS", 256)
    patch.setattr("pipelines.large.placing.PART_ROWS", 256)
    yield
    patch.undo()


def analysed(file: Path, caches: Path, extra: dict[str, str] | None = None, **more: object) -> BundleParts:
    config = AnalyzeConfig(draft=True, extra=FEW if extra is None else extra)
    return analyze(Request(file, file.name, config=config), cache_dir=caches, **more)
