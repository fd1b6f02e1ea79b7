"""An analysis's choices: checked early, and the same on the command line."""

import shlex

import pytest

from pipelines.__main__ import main
from pipelines.cluster import ClusterConfig
from pipelines.config import AnalyzeConfig
from pipelines.errors import UnusableInput
from pipelines.neighbors import NeighborConfig


def test_round_trip():
    config = AnalyzeConfig(embedder="bundled", min_cluster_size=12, extra={"cluster.resamples": "0"})
    assert AnalyzeConfig.from_dict(config.as_dict()) == config


@pytest.mark.parametrize("bad", [{"unit": "word"}, {"projection": "magic"}, {"min_cluster_size": 1}, {"dim": 0}])
def test_values_outside_their_set_are_refused(bad):
    with pytest.raises(UnusableInput):
        AnalyzeConfig(**bad)


def test_unknown_names_are_refused():
    with pytest.raises(UnusableInput, match="colour"):
        AnalyzeConfig.from_dict({"colour": "red"})


def test_stage_settings():
    config = AnalyzeConfig(extra={"cluster.max_share": "0.3", "neighbors.k": "5"})
    assert config.stage_config("cluster", ClusterConfig()).max_share == 0.3
    with pytest.raises(UnusableInput, match="max_share"):
        AnalyzeConfig(extra={"cluster.nonsense": "1"}).stage_config("cluster", ClusterConfig())
    with pytest.raises(UnusableInput, match="does not parse"):
        AnalyzeConfig(extra={"cluster.max_share": "many"}).stage_config("cluster", ClusterConfig())


def test_copy_as_command_quotes_hostile_names():
    command = AnalyzeConfig(seed=7).as_command("a b; rm -rf x.csv", {"text": "内容 $(x)"})
    parts = shlex.split(command)[4:]
    assert parts[:2] == ["a b; rm -rf x.csv", "--text-column=内容 $(x)"]
    assert "--rating-column=" in parts
    assert parts[-2:] == ["--seed", "7"]


def test_settings_outside_their_range_are_refused():
    with pytest.raises(UnusableInput, match="seed"):
        AnalyzeConfig(seed=-5)
    for bad in ("10.5", "nan", "0"):
        with pytest.raises(UnusableInput):
            AnalyzeConfig(extra={"neighbors.k": bad}).stage_config("neighbors", NeighborConfig())


def test_missing_file_is_exit_2(capsys):
    assert main(["analyze", "no-such-file.csv"]) == 2
    assert "no-such-file.csv" in capsys.readouterr().err
