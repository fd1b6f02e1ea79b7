"""The samples as real analyses, two of them with reviews behind that give orders to a machine; made once a run."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from benchmarks.asking import SAMPLES, with_injections
from pipelines.store.reader import Bundle, open_bundle
from tests.conftest import run_cli


@pytest.fixture(scope="session")
def analyse(tmp_path_factory: pytest.TempPathFactory, shared_models: Path) -> Callable[[str], Path]:
    """From a sample's name to the folder of its bundle."""
    folder = tmp_path_factory.mktemp("asked")
    (folder / "home").mkdir()
    (folder / "home" / "models").symlink_to(shared_models)
    made: dict[str, Path] = {}

    def run(name: str) -> Path:
        if name not in made:
            source = SAMPLES / f"{name}.csv"
            if name != "travel_app_mixed":
                source = with_injections(name, folder / f"{name}.csv")
            done = run_cli("analyze", source, "--out", folder / name, home=folder / "home")
            assert done.returncode == 0, done.stderr
            made[name] = folder / name
        return made[name]

    return run


@pytest.fixture
def coffee(analyse: Callable[[str], Path], home: Path) -> Bundle:
    """The coffee machines, and 34 orders to a machine behind them."""
    return open_bundle(analyse("coffee_machines"))


@pytest.fixture
def hotels(analyse: Callable[[str], Path], home: Path) -> Bundle:
    """The hotels, and 26 orders to a machine behind them."""
    return open_bundle(analyse("hotels_zh"))


@pytest.fixture
def travel(analyse: Callable[[str], Path], home: Path) -> Bundle:
    """The travel app."""
    return open_bundle(analyse("travel_app_mixed"))
