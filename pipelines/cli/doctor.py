"""`doctor`: what this machine has and lacks, with fixes."""

from __future__ import annotations

import argparse
import shutil
import sys
from importlib import metadata

from pipelines import settings

PACKAGES = (
    "streamlit",
    "pandas",
    "plotly",
    "torch",
    "openvino",
    "sentence-transformers",
    "umap-learn",
    "hdbscan",
    "jieba",
    "snownlp",
    "pypdf",
)
LEAST_FREE_MB = 1024


def add_parser(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Declare the command's arguments."""
    parser = subparsers.add_parser("doctor", help="say what this machine has and lacks")
    parser.set_defaults(run=run)


def run(_args: argparse.Namespace) -> int:
    """Print one line a check; 0 when an analysis can run, 2 otherwise."""
    checks = [_python(), *(_package(name) for name in PACKAGES), _model(), _arithmetic(), _documents(), _disk()]
    for good, line in checks:
        print(f"{'ok  ' if good else 'FIX '} {line}")
    return 0 if all(good for good, _ in checks) else 2


def _python() -> tuple[bool, str]:
    version = ".".join(map(str, sys.version_info[:3]))
    return sys.version_info >= (3, 11), f"Python {version} (3.11 or newer is needed)"


def _package(name: str) -> tuple[bool, str]:
    try:
        return True, f"{name} {metadata.version(name)}"
    except metadata.PackageNotFoundError:
        return False, f"{name} is missing: run `pip install -r requirements.txt`"


def _model() -> tuple[bool, str]:
    from pipelines import embed
    from pipelines.errors import ReviewscapeError

    try:
        choice = embed.resolve("bundled", ["en"])
    except ReviewscapeError as error:
        return False, str(error)
    return True, f"model {choice.name}: weights found and their checksum is right"


def _arithmetic() -> tuple[bool, str]:
    """How local models compute here; the first time on a machine this converts and tests the bundled one."""
    from pipelines.embed import hardware
    from pipelines.embed.bundled import BundledEmbedder
    from pipelines.errors import ReviewscapeError

    try:
        decision = BundledEmbedder().decision
    except (ReviewscapeError, ImportError) as error:
        return False, f"no arithmetic for local models: {error}"
    reasons = [f"{verdict.candidate} failed its test: {verdict.why}" for verdict in decision.verdicts if verdict.why]
    reasons += [
        f"it keeps {verdict.kept:.1%} of the nearest neighbours that torch in fp32 finds"
        for verdict in decision.verdicts
        if verdict.passed
    ]
    where = f"{hardware.processor()}, threads: {hardware.threads()}"
    return True, f"arithmetic {decision.candidate} ({where}): {'; '.join(reasons) or 'as the setting wants it'}"


def _documents() -> tuple[bool, str]:
    """Whether the documents kept with the analyses are as they were added."""
    from pipelines import documents
    from pipelines.store import catalog

    found = [f"{one}: {problem}" for one in catalog.analysis_ids()
             for problem in documents.find_problems(catalog.home() / one)]  # fmt: skip
    return not found, f"documents of analyses: {'; '.join(found) or 'all as they were added'}"


def _disk() -> tuple[bool, str]:
    home = settings.home()
    free = shutil.disk_usage(home).free // 2**20
    return free >= LEAST_FREE_MB, f"{free:,} MB free for {home} (at least {LEAST_FREE_MB:,} MB are wanted)"
