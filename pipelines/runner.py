"""What a worker runs: a job's spec becomes an analysis in the library, where it pays with a draft of it first."""

from __future__ import annotations

import logging
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from pipelines import add, drafts, ingest, jobs, large, pictures
from pipelines.analysis import Request, analyze
from pipelines.config import AnalyzeConfig
from pipelines.errors import N_, Cancelled, ReviewscapeError, UnusableInput
from pipelines.lab import runs as lab_runs
from pipelines.progress import Progress
from pipelines.store import acting, catalog, history, journal, library
from pipelines.store.bundle import BundleParts
from pipelines.store.reader import Bundle, open_bundle
from pipelines.types import Reviews
from pipelines.units import split

_log = logging.getLogger(__name__)


def run_job(spec: Mapping[str, Any], progress: Progress) -> dict[str, str]:
    """Analyse `spec["uploads"]` and publish the bundle; returns analysis_id and bundle.

    kind "add": put the uploads on the map of `bundle`, a bundle of `analysis_id` (skip_known: without the rows that it
    has); kind "refit": make that map anew with all its rows. Both publish a further bundle of the analysis.
    A kind of the lab (lab.runs) publishes none; "bundle" is then where its result lies.
    spec: uploads (a path and a name each), name; and where they differ from the default options (of reading), config,
    vectors (the person's own: a path and a name), pictures (column, model, from_web; zip: a path and a name),
    allow_paid, sample (key), owner (id of the person whose it will be),
    analysis_id (publish as a further bundle of that analysis), draft_first ("auto": where embedding is expected to take
    longer than the setting draft_first_s; true; false).
    """
    if spec.get("kind") in _FURTHER:
        return _further(spec, progress)
    if spec.get("kind") in lab_runs.KINDS:
        return lab_runs.run(spec, progress)
    request = _request(spec, str(spec["uploads"][0]["name"] if spec.get("sample") else spec["name"]))
    place = _Place(spec)
    reviews = None
    if not place.is_empty():
        done = place.finished()
        if done is not None:
            return {"analysis_id": place.analysis_id, "bundle": str(done)}
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
    large.clear(parts.vectors)
    return {"analysis_id": place.analysis_id, "bundle": str(bundle)}


def _request(spec: Mapping[str, Any], name: str) -> Request:
    vectors = spec.get("vectors")
    return Request(
        source=[ingest.Source(Path(upload["path"]), upload["name"]) for upload in spec["uploads"]],
        name=name,
        ingest=ingest.IngestOptions(**(spec.get("options") or {})),
        config=AnalyzeConfig.from_dict(spec.get("config") or {}),
        vectors=ingest.Source(Path(vectors["path"]), vectors["name"]) if vectors else None,
        pictures=_pictures(spec.get("pictures")),
        allow_paid=bool(spec.get("allow_paid")),
    )


def _pictures(wanted: Mapping[str, Any] | None) -> pictures.Wanted | None:
    if not wanted:
        return None
    zipped = wanted.get("zip")
    source = ingest.Source(Path(zipped["path"]), zipped["name"]) if zipped else None
    return pictures.Wanted(wanted["column"], wanted["model"], source, bool(wanted.get("from_web")))


def _further(spec: Mapping[str, Any], progress: Progress) -> dict[str, str]:
    """Publish a further bundle of an analysis; one that this job has published before it was killed is that bundle."""
    analysis_id, job = str(spec["analysis_id"]), str(spec.get("job_id", ""))
    _Place(spec).is_empty()
    done = library.find_bundle(analysis_id, lambda bundle: _made_by(bundle, job)) if job else None
    if done is not None:
        return {"analysis_id": analysis_id, "bundle": str(done)}
    # What another job has added since this one was asked for must not be lost; and what it adds while this one works
    # neither, so that the work is done again then (no text is embedded twice).
    while True:
        base = _base(analysis_id, str(spec["bundle"]))
        parts = _FURTHER[str(spec["kind"])](open_bundle(base), spec, job, progress)
        if _base(analysis_id, str(spec["bundle"])) == base:
            return {"analysis_id": analysis_id, "bundle": str(library.publish(analysis_id, parts).path)}


def _base(analysis_id: str, asked_for: str) -> Path:
    """The bundle to build on: the latest, as people see it now; the one asked for where that is a draft."""
    published = [info for info in library.bundles(analysis_id) if not info.is_draft]
    return library.bundle_path(analysis_id, published[-1].id if published else asked_for)


def _added(bundle: Bundle, spec: Mapping[str, Any], job: str, progress: Progress) -> BundleParts:
    names = [str(upload["name"]) for upload in spec["uploads"]]
    request = _request(spec, names[0] if len(names) == 1 else f"{names[0]} + {len(names) - 1}")
    return add.add(bundle, request, skip_known=bool(spec.get("skip_known")), progress=progress, job=job)


def _refitted(bundle: Bundle, spec: Mapping[str, Any], job: str, progress: Progress) -> BundleParts:
    if not large.can_refit(bundle):
        raise UnusableInput(
            N_("There are too many reviews to make this map anew as a whole: analyse the files again, all together.")
        )
    refit = add.Refit(bundle, job, progress)
    with tempfile.TemporaryDirectory(prefix="reviewscape-") as folder:
        request = refit.request(Path(folder), allow_paid=bool(spec.get("allow_paid")))
        parts = analyze(
            request, reviews=refit.reviews(), progress=progress, arrange=refit.arrange, embedded=refit.embedded
        )
        return refit.finish(parts)


_FURTHER: Mapping[str, Callable[[Bundle, Mapping[str, Any], str, Progress], BundleParts]] = {
    "add": _added,
    "refit": _refitted,
}


def _made_by(bundle: Bundle, job: str) -> bool:
    added = [entry for entry in bundle.summary.get("added", ()) if not entry["fitted"]]
    return job in {(bundle.summary.get("refit") or {}).get("job"), *(entry["job"] for entry in added[-1:])}


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
            journal.published(folder, bundle_id)
        return not library.bundles(self.analysis_id)

    def finished(self) -> Path | None:
        """The full bundle that this job published before its worker was killed: it is not made twice."""
        if self.analysis_id != self.spec.get("job_id"):
            return None
        full = [info for info in library.bundles(self.analysis_id) if not info.is_draft]
        return library.bundle_path(self.analysis_id, full[0].id) if full else None

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
            owner=str(self.spec.get("owner") or acting.MACHINE),
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
        parts = analyze(quick, reviews=reviews, progress=drafts.DraftProgress(progress))
        place.publish(request.name, parts)
        large.clear(parts.vectors)
        place.announce_draft()
    except Cancelled:
        raise
    except Exception as error:  # noqa: BLE001  (a quick look must not cost the analysis)
        _log.warning("no draft: %s", type(error).__name__)
