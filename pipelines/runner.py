"""What a worker runs: a job's spec becomes an analysis in the library."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pipelines.analysis import Request, analyze
from pipelines.config import AnalyzeConfig
from pipelines.ingest import IngestOptions
from pipelines.progress import Progress


def run_job(spec: Mapping[str, Any], progress: Progress) -> dict[str, str]:
    """Analyse `spec["upload"]` and publish it; returns analysis_id and bundle.

    spec: upload (path), name; and where they differ from the default encoding, delimiter, roles, config, allow_paid,
    sample (key), analysis_id (publish as a further bundle of that analysis).
    """
    from pipelines.store import library

    request = Request(
        source=Path(spec["upload"]),
        name=Path(spec["upload"]).name if spec.get("sample") else str(spec["name"]),
        ingest=IngestOptions(
            encoding=spec.get("encoding"), delimiter=spec.get("delimiter"), roles=spec.get("roles") or None
        ),
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
