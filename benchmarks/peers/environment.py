"""A peer's virtual environment: made on demand in the user's cache folder, never in the repository."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from pathlib import Path

from pipelines.errors import UnusableInput

FOLDER = Path(__file__).resolve().parent
REPOSITORY = FOLDER.parents[1]
PEERS = ("bertopic",)
"""What benchmarks.speed runs in turn with ours."""
ENVIRONMENTS = (*PEERS, "leiden", "reading")
MARKER = ".reviewscape-peer"
"""Written last, with the digest of the requirements: without it an environment is incomplete or out of date."""


def requirements(peer: str) -> Path:
    """The file of a peer's pinned packages."""
    return FOLDER / f"{peer}.txt"


def script(peer: str) -> Path:
    """The script that runs a peer; it uses the peer's packages only."""
    return FOLDER / f"run_{peer}.py"


def default_folder(peer: str) -> Path:
    """Where a peer's environment lives when no folder is named: $XDG_CACHE_HOME, else ~/.cache."""
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    return cache / "reviewscape-benchmarks" / f"{peer}-py{sys.version_info.major}.{sys.version_info.minor}"


def python_of(peer: str, folder: Path | None = None) -> Path:
    """The interpreter of a peer's environment, which is made or brought up to date first (minutes, network).

    Raises UnusableInput for an unknown peer, for a folder inside the repository, for a folder that holds something
    else, and when an installation fails.
    """
    if peer not in ENVIRONMENTS:
        known = ", ".join(ENVIRONMENTS)
        raise UnusableInput("There is no peer “{peer}”; choose one of: {peers}.", peer=peer, peers=known)
    target = (folder or default_folder(peer)).expanduser().resolve()
    if target.is_relative_to(REPOSITORY):
        raise UnusableInput("{folder} is inside the repository: name a folder outside it.", folder=target)
    if target.is_dir() and any(target.iterdir()) and not (target / "pyvenv.cfg").is_file():
        raise UnusableInput("{folder} holds something else than a virtual environment: name another.", folder=target)
    python = target / "bin" / "python"
    if not is_ready(peer, target):
        sys.stderr.write(f"installing {peer} into {target} (minutes, once) …\n")
        _install(["-m", "venv", str(target)], sys.executable)
        _install(["-m", "pip", "install", "-q", "-r", str(requirements(peer))], str(python))
        (target / MARKER).write_text(_digest(peer), encoding="ascii")
    return python


def is_ready(peer: str, target: Path) -> bool:
    """Whether an environment was completed with today's requirements."""
    marker = target / MARKER
    return marker.is_file() and marker.read_text(encoding="ascii") == _digest(peer)


def _digest(peer: str) -> str:
    return hashlib.sha256(requirements(peer).read_bytes()).hexdigest()


def _install(arguments: list[str], python: str) -> None:
    # What pip says belongs to stderr: stdout carries the benchmark's result.
    ended = subprocess.run([python, *arguments], stdout=2, check=False)
    if ended.returncode:
        raise UnusableInput(
            "“{command}” failed with exit code {code}; what it said is above.",
            command=" ".join([python, *arguments]),
            code=ended.returncode,
        )
