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
