"""What a worker does of the lab: the job's kind decides."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pipelines.lab import adapted, compared
from pipelines.lab.kinds import ADAPT, COMPARE, KINDS
from pipelines.progress import Progress
from pipelines.store import library
from pipelines.store.reader import open_bundle

__all__ = ["KINDS", "run"]
_RUN = {COMPARE: compared.run, ADAPT: adapted.run}


def run(spec: Mapping[str, Any], progress: Progress) -> dict[str, str]:
    """Do a job of KINDS for a bundle of an analysis; returns where its result lies, as "bundle"."""
    bundle = open_bundle(library.bundle_path(str(spec["analysis_id"]), str(spec["bundle"])))
    return {"bundle": str(_RUN[str(spec["kind"])](bundle, spec, progress))}
