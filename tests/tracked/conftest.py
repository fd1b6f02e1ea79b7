"""Vectors around known middles, and a small real analysis, for the tests of tracked topics."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from pipelines import shown
from pipelines.analysis import Request, analyze
from pipelines.store import catalog, journal, library
from pipelines.store.bundle import BundleParts, write_bundle
from pipelines.store.reader import Bundle, open_bundle
from tests import made_reviews
from tests.conftest import build_parts

THEMES = 8


def themed(n: int = 400, seed: int = 0) -> tuple[BundleParts, np.ndarray]:
    """n units that speak of one of eight themes each: by their vector, and one in four by the word "theme<k>" too."""
    random = np.random.default_rng(seed)
    parts = build_parts(n, 32, seed=seed)
    theme = np.arange(n) % THEMES
    middles = np.linalg.qr(random.normal(size=(32, 32)))[0][:THEMES]
    vectors = middles[theme] + random.normal(0, 0.17, (n, 32))
    parts.vectors[:] = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
    said = [f"about theme{k}" if i // THEMES % 4 == 0 else "in other words" for i, k in enumerate(theme)]
    parts.points["text"] = pd.array([f"case {seed}-{i} {text}" for i, text in enumerate(said)], dtype="str")
    parts.points["duplicate_of"] = pd.array([None] * n, dtype="Int64")
    parts.identity["name"] = "own"
    return parts, theme


@dataclass
class Analysis:
    """An analysis in the library; `shown` is its bundle as people left it."""

    id: str
    bundle: Bundle
    theme: np.ndarray

    def shown(self, bundle: Bundle | None = None) -> Bundle:
        entries = shown.deciding(journal.replay(catalog.home() / self.id))
        return shown.shown(bundle or self.bundle, entries, lambda _id: None)

    def listed(self, bundle: Bundle | None = None) -> list[dict]:
        return self.shown(bundle).summary.get("tracked", [])


@pytest.fixture
def own(home: Path) -> Analysis:
    """An analysis with vectors of a person's own."""
    parts, theme = themed()
    analysis = library.create("themes")
    return Analysis(analysis, library.publish(analysis, parts), theme)


@pytest.fixture(scope="session")
def wearers(tmp_path_factory: pytest.TempPathFactory) -> Bundle:
    """120 reviews in two languages, analysed for real."""
    folder = tmp_path_factory.mktemp("wearers")
    path = made_reviews.write(folder / "w.csv", made_reviews.table(made_reviews.mixed(120)))
    return open_bundle(write_bundle(folder / "bundle", analyze(Request(path, path.name), cache_dir=folder / "caches")))
