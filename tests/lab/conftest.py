"""One analysis for the tests of the lab, read by the bundled model."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from pipelines.store.bundle import write_bundle
from pipelines.store.reader import Bundle, open_bundle
from tests.lab import made


@pytest.fixture(scope="session", autouse=True)
def one_thread() -> Iterator[None]:
    """Small batches gain nothing from a second thread; the bits are the same."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("REVIEWSCAPE_THREADS", "1")
        yield


@pytest.fixture(scope="session")
def kitchen(tmp_path_factory: pytest.TempPathFactory) -> Bundle:
    """120 reviews of five things."""
    return open_bundle(write_bundle(tmp_path_factory.mktemp("kitchen") / "bundle", made.parts(120)))
