"""The sample files that come with the project, and their analyses in the library: each person has their own."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from pipelines.errors import N_
from pipelines.progress import Progress, silent
from pipelines.store import acting

FOLDER = Path(__file__).resolve().parent.parent / "sample_data"


@dataclass(frozen=True)
class Sample:
    """A sample: key (kept with its analysis), file, language it is shown first for, translatable title."""

    key: str
    file: str
    language: str
    title: str

    @property
    def path(self) -> Path:
        """Where the file is."""
        return FOLDER / self.file


SAMPLES = (
    Sample("hotels", "hotels_zh.csv", "zh", N_("Hotel chain (Chinese)")),
    Sample("coffee", "coffee_machines.csv", "en", N_("Coffee machines (English)")),
    Sample("app", "travel_app_mixed.csv", "mixed", N_("Travel app (Chinese and English)")),
)


def for_language(language: str) -> Sample:
    """The sample that a person with this interface language sees first."""
    return next((sample for sample in SAMPLES if sample.language == language), SAMPLES[1])


def analysis_id(key: str) -> str | None:
    """The library's analysis of a sample, where it is there and finished."""
    from pipelines.store import library

    own = [info for info in library.list_analyses() if info.owner == acting.owner()]
    return next((info.id for info in own if info.sample == key and info.rows), None)


def missing() -> list[Sample]:
    """Samples without an analysis. One that a person deleted stays deleted while it can be brought back."""
    from pipelines.store import library

    both = (*library.list_analyses(), *library.deleted())
    known = {info.sample for info in both if info.owner == acting.owner()}
    return [sample for sample in SAMPLES if sample.key not in known]


def spec(sample: Sample) -> dict[str, object]:
    """The job that makes a sample's analysis; without a draft, since it is small."""
    uploads = [{"path": str(sample.path), "name": sample.path.name}]
    return {"uploads": uploads, "name": sample.title, "sample": sample.key, "config": {}, "draft_first": False}


def prepare(sample: Sample, progress: Progress = silent) -> str:
    """Make a sample's analysis here and now; returns the analysis id."""
    from pipelines.runner import run_job

    return str(run_job(spec(sample), progress)["analysis_id"])


def submit(sample: Sample) -> str:
    """Queue a sample's analysis, or go on with one that was interrupted; returns the job id."""
    from pipelines import job_owners, jobs

    for job in jobs.list_interrupted():
        if job.spec.get("sample") == sample.key and job_owners.owner(job.spec) == acting.owner():
            return jobs.resume(job.id)
    return jobs.submit(spec(sample))


def submit_missing() -> None:
    """Queue what is missing."""
    for sample in missing():
        submit(sample)
