"""Python, packages against their pins, settings, processor and clock."""

from __future__ import annotations

import re
import sqlite3
import sys
import time
from importlib import metadata
from pathlib import Path

from pipelines import settings
from pipelines.health.finding import BAD, GOOD, NOTE, Finding
from pipelines.store import database

REQUIREMENTS = Path(__file__).resolve().parents[2] / "requirements.txt"
_PIN = re.compile(r"^([A-Za-z0-9._-]+)==([^\s;#]+)")
_INSTALL = "pip install -r requirements.txt"
_BUILT = 1_735_689_600
"""2025: a clock before it was never set."""


def python(_port: int) -> list[Finding]:
    """Python and its SQLite."""
    version = ".".join(map(str, sys.version_info[:3]))
    is_new = sys.version_info >= (3, 11)
    found = [
        Finding(
            "python",
            GOOD if is_new else BAD,
            f"Python {version} (3.11 or newer is needed)",
            "" if is_new else "install Python 3.11, then: make PYTHON=python3.11 run",
        )
    ]
    mode = "WAL" if database.has_safe_wal(sqlite3.sqlite_version_info) else "DELETE, as its WAL can lose data"
    found.append(Finding("sqlite", GOOD, f"SQLite {sqlite3.sqlite_version} (journal: {mode})"))
    return found


def packages(_port: int) -> list[Finding]:
    """Every package that running needs, against the version that was tested."""
    missing, other = [], []
    pins = [match.groups() for line in _lines() if (match := _PIN.match(line))]
    for name, wanted in pins:
        try:
            version = metadata.version(name)
        except metadata.PackageNotFoundError:
            missing.append(name)
            continue
        # torch's builds differ by what follows the plus alone.
        if version.split("+")[0] != wanted.split("+")[0]:
            other.append(f"{name} {version} (tested: {wanted})")
    if missing:
        return [Finding("packages", BAD, f"missing: {', '.join(missing)}", _INSTALL)]
    if other:
        return [Finding("packages", NOTE, f"other versions than tested: {', '.join(other)}", _INSTALL)]
    return [Finding("packages", GOOD, f"{len(pins)} packages, all in the versions that were tested")]


def settings_(_port: int) -> list[Finding]:
    """Values that cannot be used, and variables that look misspelt."""
    found = [
        Finding("settings", BAD, one.problem, f"unset {one.setting.variable}")
        for one in settings.standing()
        if one.problem
    ]
    for name, nearest in settings.unknown():
        fix = f"set {nearest} in its place" if nearest else f"unset {name}"
        found.append(Finding("settings", NOTE, f"{name} is no setting", fix))
    return found or [Finding("settings", GOOD, "settings: python -m pipelines settings lists them")]


def clock(_port: int) -> list[Finding]:
    """Whether the clock is set, and not behind what was written here before."""
    now = time.time()
    if now < _BUILT:
        return [
            Finding("clock", BAD, f"the clock says {time.strftime('%Y-%m-%d')}", "set it: timedatectl set-ntp true")
        ]
    newest = max((path.stat().st_mtime for path in settings.home().glob("*")), default=0.0)
    if newest > now + 3600:
        says = f"the clock is {(newest - now) / 3600:,.0f} hours behind files of the state folder"
        return [Finding("clock", NOTE, f"{says}: links end late", "set it: timedatectl set-ntp true")]
    return [Finding("clock", GOOD, f"clock: {time.strftime('%Y-%m-%d %H:%M %Z')}")]


def _lines() -> list[str]:
    try:
        return REQUIREMENTS.read_text("utf-8").splitlines()
    except OSError:
        return []
