"""What a worker runs: a job's spec becomes an analysis in the library, where it pays with a draft of it first."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from pipelines import drafts, ingest, jobs
from pipelines.analysis import Request, analyze
from pipelines.config import AnalyzeConfig
from pipelines.errors import Cancelled, ReviewscapeError
from pipelines.progress import Progress
from pipelines.store import catalog, history, journal, library
from pipelines.store.bundle import BundleParts
from pipelines.types import Reviews
from pipelines.units import split

_log = logging.getLogger(__name__)


def run_job(spec: Mapping[str, Any], progress: Progress) -> dict[str, str]:
    """Analyse `spec["uploads"]` and publish the bundle; returns analysis_id and bundle.

    spec: uploads (a path and a name each), name; and where they differ from the default options (of reading), config,
    vectors (the person's own: a path and a name), allow_paid, sample (key), analysis_id (publish as a further bundle of
    that analysis), draft_first ("auto": where embedding is expected to take longer than the setting draft_first_s;
    true; false).
    """
    vectors = spec.get("vectors")
    request = Request(
        source=[ingest.Source(Path(upload["path"]), upload["name"]) for upload in spec["uploads"]],
        name=str(spec["uploads"][0]["name"] if spec.get("sample") else spec["name"]),
        ingest=ingest.IngestOptions(**(spec.get("options") or {})),
        config=AnalyzeConfig.from_dict(spec.get("config") or {}),
        vectors=ingest.Source(Path(vectors["path"]), vectors["name"]) if vectors else None,
        allow_paid=bool(spec.get("allow_paid")),
    )
    place = _Place(spec)
    reviews = None
    if not place.is_empty():
        place.announce_draft()
    elif _may_be_drafted(spec.get("draft_first", "auto"), request):
        # Read once, for the draft and for the full map; what is wrong with the file is the same for both.
        reviews = ingest.read(request.source, request.ingest, progress)
        if spec.get("draft_first") is True or _pays(request, reviews):
            _show_draft(request, reviews, place, progress)
    timed = drafts.SpeedProgress(progress)
    parts = analyze(request, reviews=reviews, progress=timed)
    timed.remember(str(parts.identity.get("name", "")), parts.points["text"].tolist())
    bundle = place.publish(request.name, parts)
    return {"analysis_id": place.analysis_id, "bundle": str(bundle)}


@dataclass
class _Place:
    """Where a job's bundles go: an analysis that is named after its job, unless the spec names another.

    Named so, a worker killed after publishing makes no second analysis when its job is resumed.
    """

    spec: Mapping[str, Any]

    def __post_init__(self) -> None:
        self.analysis_id = str(self.spec.get("analysis_id") or self.spec.get("job_id") or "")

    def is_empty(self) -> bool:
        """Whether there is no bundle yet. One that a crash kept from the journal is entered now: order counts."""
        folder = catalog.home() / self.analysis_id
        if not self.analysis_id or not folder.is_dir():
            return True
        for bundle_id in history.unpublished(folder):
            journal.append(folder, "published", {"bundle": bundle_id})
        return not library.bundles(self.analysis_id)

    def announce_draft(self) -> None:
        """Say again which draft there is: the worker may have been killed before it did."""
        latest = library.bundles(self.analysis_id)[-1]
        if latest.is_draft and self.spec.get("job_id"):
            path = library.bundle_path(self.analysis_id, latest.id)
            jobs.announce(str(self.spec["job_id"]), self.analysis_id, path)

    def publish(self, file_name: str, parts: BundleParts) -> Path:
        """Make the analysis where it is not there, and the bundle its newest; the bundle's folder."""
        self.analysis_id = library.create(
            str(self.spec["name"]),
            {"file": file_name, "roles": parts.summary["roles"]},
            sample=str(self.spec.get("sample") or ""),
            analysis_id=self.analysis_id or None,
        )
        return library.publish(self.analysis_id, parts).path


def _may_be_drafted(draft_first: object, request: Request) -> bool:
    # Nothing is quicker than vectors that are there.
    if request.config.draft or request.vectors is not None or draft_first is False:
        return False
    return draft_first is True or drafts.are_allowed()


def _pays(request: Request, reviews: Reviews) -> bool:
    try:
        return drafts.pays(request.config, split(reviews, request.config.unit))
    except ReviewscapeError as error:
        # An embedder that cannot be had: the analysis says so itself.
        _log.info("no draft is tried: %s", type(error).__name__)
        return False


def _show_draft(request: Request, reviews: Reviews, place: _Place, progress: Progress) -> None:
    """Publish a draft and say so; where it fails there is none, and the full map is made all the same."""
    quick = replace(request, config=drafts.quick(request.config), allow_paid=False)
    try:
        place.publish(request.name, analyze(quick, reviews=reviews, progress=drafts.DraftProgress(progress)))
        place.announce_draft()
    except Cancelled:
        raise
    except Exception as error:  # noqa: BLE001  (a quick look must not cost the analysis)
        _log.warning("no draft: %s", type(error).__name__)
