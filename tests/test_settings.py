"""Settings: one table that drives code and README."""

import json
from pathlib import Path

import pytest

from pipelines import settings
from pipelines.errors import UnusableInput
from tests.conftest import run_cli

README = Path(__file__).resolve().parents[1] / "README.md"


def test_readme_lists_every_setting_with_its_default():
    text = README.read_text("utf-8")
    for setting in settings.SETTINGS:
        default = setting.default if setting.default != "" else "—"
        assert f"| `{setting.variable}` | {default} | {setting.help} |" in text


def test_environment_wins_and_is_checked(monkeypatch):
    monkeypatch.setenv("REVIEWSCAPE_MAX_ROWS", "12")
    assert settings.get("max_rows") == 12
    monkeypatch.setenv("REVIEWSCAPE_MAX_ROWS", "many")
    with pytest.raises(UnusableInput, match="REVIEWSCAPE_MAX_ROWS"):
        settings.get("max_rows")


def test_home_is_made_where_the_variable_says(tmp_path, monkeypatch):
    monkeypatch.setenv("REVIEWSCAPE_HOME", str(tmp_path / "a" / "b"))
    assert settings.home() == tmp_path / "a" / "b"
    assert settings.home().is_dir()


@pytest.mark.parametrize("setting", [each for each in settings.SETTINGS if each.least is not None])
@pytest.mark.parametrize("below", [0.001, 1])
def test_a_value_below_the_least_is_refused(setting, below, monkeypatch):
    whole = isinstance(setting.default, int)
    value = str(int(setting.least - 1) if whole else setting.least - below)
    monkeypatch.setenv(setting.variable, value)
    with pytest.raises(UnusableInput, match=f"{setting.variable}={value} is less than"):
        settings.get(setting.name)


def test_what_every_reading_needs_has_a_least_value(monkeypatch):
    needed = {"max_file_mb", "max_rows", "max_columns", "max_cell_chars", "max_unpacked_mb", "max_members", "max_cells"}
    assert needed | {"parse_timeout_s", "parse_memory_mb"} <= {each.name for each in settings.SETTINGS if each.least}
    monkeypatch.setenv("REVIEWSCAPE_PARSE_TIMEOUT_S", "nan")
    with pytest.raises(UnusableInput, match="REVIEWSCAPE_PARSE_TIMEOUT_S"):
        settings.get("parse_timeout_s")


def test_every_number_has_a_least_value():
    assert [each.name for each in settings.SETTINGS if not isinstance(each.default, str) and each.least is None] == []


def test_the_command_prints_each_setting_and_where_its_value_comes_from(home):
    key = "s3cret-key-of-the-owner"
    done = run_cli("settings", "--json", home=home, REVIEWSCAPE_KEY=key, REVIEWSCAPE_MAX_ROWS="12")
    assert done.returncode == 0, done.stderr
    told = {one["name"]: one for one in json.loads(done.stdout)}
    assert list(told) == [setting.name for setting in settings.SETTINGS]
    assert (told["max_rows"]["value"], told["max_rows"]["from"]) == (12, "REVIEWSCAPE_MAX_ROWS")
    assert (told["max_columns"]["value"], told["max_columns"]["from"]) == (500, "default")
    assert told["key"]["value"] == settings.SECRET
    table = run_cli("settings", home=home, REVIEWSCAPE_KEY=key)
    assert key not in done.stdout + done.stderr + table.stdout + table.stderr
    assert len(table.stdout.splitlines()) == len(settings.SETTINGS) + 1


def test_a_bad_value_and_a_misspelt_name_are_told(home):
    done = run_cli(
        "settings", home=home, REVIEWSCAPE_WORKERS="-2", REVIEWSCAPE_MAXROWS="5", REVIEWSCAPE_LOG_LEVEL="loud"
    )
    assert done.returncode == 2
    assert "REVIEWSCAPE_WORKERS=-2 is less than 0" in done.stderr
    assert "REVIEWSCAPE_LOG_LEVEL=loud is none of: debug, info, warning, error" in done.stderr
    assert "REVIEWSCAPE_MAXROWS is no setting; do you mean REVIEWSCAPE_MAX_ROWS?" in done.stderr
