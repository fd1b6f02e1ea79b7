"""Checking a bundle in full: every file against its sum, and nothing missing or added."""

from __future__ import annotations

from pathlib import Path

from pipelines.errors import N_
from pipelines.store.bundle import MANIFEST, MANIFEST_SUM, POINTS, ROWS, SUMMARY, VECTORS
from pipelines.store.reader import Problem, file_problem, read_manifest

_REQUIRED = (ROWS, POINTS, VECTORS, SUMMARY)
_LEFT_BY_SYSTEMS = {"Thumbs.db", "desktop.ini"}
"""Files that file managers put into folders; hidden files are passed over likewise."""


def find_problems(path: str | Path) -> list[Problem]:
    """Everything wrong with the bundle at `path`, as translatable templates and values; empty when it is sound."""
    path = Path(path)
    if not path.is_dir():
        return [(N_("{name} is not a folder"), {"name": str(path)})]
    manifest, problems = read_manifest(path)
    if problems:
        return problems
    files = manifest["files"]
    problems += [(N_("{name} is missing"), {"name": name}) for name in _REQUIRED if name not in files]
    for name in sorted(files):
        problem = file_problem(path, name, files[name])
        if problem:
            problems.append((problem, {"name": name}))
    known = {*files, MANIFEST, MANIFEST_SUM}
    for entry in sorted(path.rglob("*")):
        name = entry.relative_to(path).as_posix()
        if entry.is_file() and name not in known and not _is_left_by_system(entry):
            problems.append((N_("{name} does not belong to the bundle"), {"name": name}))
    return problems


def verify(path: str | Path) -> list[str]:
    """Everything wrong with the bundle at `path`, one English line each; empty when it is sound."""
    return [template.format(**values) for template, values in find_problems(path)]


def _is_left_by_system(entry: Path) -> bool:
    return entry.name.startswith(".") or entry.name in _LEFT_BY_SYSTEMS
