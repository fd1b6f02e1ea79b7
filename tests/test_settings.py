"""Settings: one table that drives code and README."""

from pathlib import Path

import pytest

from pipelines import settings
from pipelines.errors import UnusableInput

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
@pytest.mark.parametrize("value", ["0", "-1"])
def test_a_limit_that_lets_nothing_through_is_refused(setting, value, monkeypatch):
    monkeypatch.setenv(setting.variable, value)
    with pytest.raises(UnusableInput, match=f"{setting.variable}={value} is less than"):
        settings.get(setting.name)


def test_what_every_reading_needs_has_a_least_value(monkeypatch):
    needed = {"max_file_mb", "max_rows", "max_columns", "max_cell_chars", "max_unpacked_mb", "max_members", "max_cells"}
    assert needed | {"parse_timeout_s", "parse_memory_mb"} <= {each.name for each in settings.SETTINGS if each.least}
    monkeypatch.setenv("REVIEWSCAPE_PARSE_TIMEOUT_S", "nan")
    with pytest.raises(UnusableInput, match="REVIEWSCAPE_PARSE_TIMEOUT_S"):
        settings.get("parse_timeout_s")
