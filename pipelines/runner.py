"""What a worker runs: a job's spec becomes an analysis in the library."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pipelines.analysis import Request, analyze
from pipelines.config import AnalyzeConfig
from pipelines.ingest import IngestOptions, Source
from pipelines.progress import Progress


def run_job(spec: Mapping[str, Any], progress: Progress) -> dict[str, str]:
    """Analyse `spec["uploads"]` and publish the bundle; returns analysis_id and bundle.

    spec: uploads (a path and a name each), name; and where they differ from the default options (of reading), config,
    allow_paid, sample (key), analysis_id (publish as a further bundle of that analysis).
    """
    from pipelines.store import library

    request = Request(
        source=[Source(Path(upload["path"]), upload["name"]) for upload in spec["uploads"]],
        name=str(spec["uploads"][0]["name"] if spec.get("sample") else spec["name"]),
        ingest=IngestOptions(**(spec.get("options") or {})),
        config=AnalyzeConfig.from_dict(spec.get("config") or {}),
        allow_paid=bool(spec.get("allow_paid")),
    )
    parts = analyze(request, progress=progress)
    # Named after its job: a worker killed after publishing makes no second analysis when it is resumed.
    analysis_id = library.create(
        str(spec["name"]),
        {"file": request.name, "roles": parts.summary["roles"]},
        sample=str(spec.get("sample") or ""),
        analysis_id=spec.get("analysis_id") or spec.get("job_id"),
    )
    bundle = library.publish(analysis_id, parts)
    return {"analysis_id": analysis_id, "bundle": str(bundle.path)}
