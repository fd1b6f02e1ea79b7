"""One small real analysis for the tests of adding: 120 reviews in two languages, and files to add to it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from pipelines.add import add
from pipelines.analysis import Request, analyze
from pipelines.store.bundle import BundleParts, write_bundle
from pipelines.store.reader import Bundle, open_bundle
from tests import made_reviews

N = 120


def fresh(n: int, seed: int = 11) -> list[dict[str, object]]:
    """Rows of other users, in the columns of the first file."""
    rows = made_reviews.table(made_reviews.mixed(n, seed), seed)
    return [{**row, "user": f"later{i}", "review": f"{row['review']} ({seed}-{i})"} for i, row in enumerate(rows)]


@pytest.fixture(scope="module")
def caches(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One cache folder for the module: what one test embedded, no other embeds again."""
    return tmp_path_factory.mktemp("caches")


@pytest.fixture(scope="module")
def old(tmp_path_factory: pytest.TempPathFactory, caches: Path) -> Bundle:
    """The analysis that reviews are added to."""
    folder = tmp_path_factory.mktemp("old")
    path = made_reviews.write(folder / "old.csv", made_reviews.table(made_reviews.mixed(N)))
    return open_bundle(write_bundle(folder / "bundle", analyze(Request(path, path.name), cache_dir=caches)))


@pytest.fixture(scope="module")
def added(tmp_path_factory: pytest.TempPathFactory, caches: Path) -> Callable[..., tuple[BundleParts, Bundle]]:
    """added(bundle, rows, **options of add) → the parts, and the bundle as read back."""

    def run(bundle: Bundle, rows: list[dict[str, object]], **options: object) -> tuple[BundleParts, Bundle]:
        folder = tmp_path_factory.mktemp("case")
        path = made_reviews.write(folder / "new.csv", rows)
        parts = add(bundle, Request(path, path.name), cache_dir=caches, **options)
        return parts, open_bundle(write_bundle(folder / "bundle", parts))

    return run
