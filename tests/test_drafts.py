"""A draft first, then the full map of the same analysis: by real analyses of small files."""

from __future__ import annotations

import os
import random
import signal
import socket
import sys
import time
from pathlib import Path

import pytest

from pipelines import drafts, estimate, jobs, processes, samples, settings
from pipelines.config import AnalyzeConfig
from pipelines.embed import VectorCache, embed_texts, resolve
from pipelines.errors import Cancelled, ProviderFailed, ReviewscapeError, UnusableInput
from pipelines.progress import STAGES, silent
from pipelines.runner import run_job
from pipelines.store import catalog, history, library, sweeping
from pipelines.store.bundle import write_bundle
from pipelines.types import Units
from tests import made_reviews

pytestmark = [
    # UMAP says at its import that TensorFlow, which its parametric variant wants, is not there.
    pytest.mark.filterwarnings("ignore:Tensorflow not installed:ImportWarning"),
    pytest.mark.filterwarnings("ignore::DeprecationWarning:(jieba|snownlp|hdbscan|umap)"),
]

JOB = "0123456789abcdef"


def closed_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@pytest.fixture
def unreachable(monkeypatch):
    """An embedder that is real and cannot be had: an Ollama at which nobody answers."""
    monkeypatch.setenv("OLLAMA_HOST", f"http://127.0.0.1:{closed_port()}")
    monkeypatch.setenv("REVIEWSCAPE_PROVIDER_BUDGET_S", "0.1")
    return "ollama:qwen3-embedding:0.6b"


@pytest.fixture
def spec(home, tmp_path):
    """spec(n=40, embedder="lexical", **more): a job over a small file."""

    def make(n: int = 40, *, embedder: str = "lexical", config: dict[str, object] | None = None, **more: object):
        path = made_reviews.write(tmp_path / "wearers.csv", made_reviews.table(made_reviews.english(n)))
        uploads = [{"path": str(path), "name": path.name}]
        chosen = {"embedder": embedder, **(config or {})}
        return {"uploads": uploads, "name": path.name, "config": chosen, "job_id": JOB, **more}

    return make


class Told:
    """A Progress that keeps what it was told, and stops when a stage is reached."""

    def __init__(self, until: str = "") -> None:
        self.calls: list[tuple[str, float, float]] = []
        self.until = until

    def __call__(self, stage, done, total, *, rate=None, note=""):
        self.calls.append((stage, done, total))
        if stage == self.until:
            raise Cancelled

    @property
    def stages(self) -> list[str]:
        return list(dict.fromkeys(stage for stage, _, _ in self.calls))


def published(analysis_id: str = JOB) -> list[bool]:
    """Whether each bundle of an analysis is a draft."""
    return [info.is_draft for info in library.bundles(analysis_id)]


def test_the_draft_comes_first_and_the_full_map_after_it_in_one_analysis(spec):
    told = Told()
    made = run_job(spec(draft_first=True, config={"extra": {"cluster.resamples": "1"}}), told)
    assert made["analysis_id"] == JOB
    assert published() == [True, False]
    assert Path(made["bundle"]) == library.latest_bundle(JOB)
    draft, full = (library.bundle_path(JOB, info.id) for info in library.bundles(JOB))
    from pipelines.store.reader import open_bundle

    quick, whole = open_bundle(draft).config, open_bundle(full).config
    # What the person set holds for both, what makes a draft quick for the draft alone.
    assert whole["extra"] == {"cluster.resamples": "1"}
    assert quick["extra"] == {**drafts.QUICK, "cluster.resamples": "1"}
    assert (quick["draft"], whole["draft"]) == (True, False)
    assert not library.info(JOB).is_draft
    # The bar never falls, and the stages of the full analysis keep their names.
    assert told.stages == ["reading", estimate.DRAFT, *STAGES[1:]]
    shares = [estimate.percent(*call) for call in told.calls if call[0] == estimate.DRAFT]
    assert shares == sorted(shares)
    assert shares[-1] == estimate.DRAFT_SHARE


def test_a_draft_of_a_model_at_a_provider_sends_nothing_and_stays_when_it_fails(spec, unreachable):
    with pytest.raises(ProviderFailed):
        run_job(spec(embedder=unreachable, draft_first=True, config={"dim": 512}), silent)
    assert published() == [True]
    with pytest.raises(ProviderFailed):
        run_job(spec(embedder=unreachable, draft_first=True, config={"dim": 512}), silent)
    assert published() == [True], "a second draft says nothing new"


def test_stopped_in_the_draft_there_is_nothing_and_after_it_the_draft(spec):
    with pytest.raises(Cancelled):
        run_job(spec(draft_first=True), Told(until=estimate.DRAFT))
    assert not catalog.home().is_dir() or not (catalog.home() / JOB).is_dir()
    told = Told(until="projection")
    with pytest.raises(Cancelled):
        run_job(spec(draft_first=True), told)
    assert published() == [True]
    told = Told()
    run_job(spec(draft_first=True), told)
    assert estimate.DRAFT not in told.stages
    assert published() == [True, False]


def test_killed_before_the_journal_knew_of_the_draft_the_full_map_still_comes_last(spec, make_parts):
    library.create("wearers.csv", analysis_id=JOB)
    folder = catalog.home() / JOB / history.BUNDLES
    write_bundle(folder / ("f" * 32), make_parts(10, draft=True), bundle_id="f" * 32)
    run_job(spec(draft_first=True), silent)
    sweeping.sweep()
    assert published() == [True, False]


def test_what_keeps_a_draft_from_being_made_is_told_by_the_analysis_itself(spec):
    with pytest.raises(UnusableInput):
        run_job(spec(draft_first=True, job_id="f" * 16, config={"extra": {"cluster.nothing": "1"}}), silent)
    with pytest.raises(UnusableInput):
        library.info("f" * 16)


def test_only_slow_files_get_a_draft_by_themselves(spec, unreachable, monkeypatch):
    for first in ("auto", False):
        with pytest.raises(ReviewscapeError):
            run_job(spec(embedder=unreachable, draft_first=first), silent)
        assert not (catalog.home() / JOB).is_dir()
    # Some 700 tokens at 500 a second.
    monkeypatch.setenv("REVIEWSCAPE_DRAFT_FIRST_S", "1")
    with pytest.raises(ReviewscapeError):
        run_job(spec(embedder=unreachable), silent)
    assert published() == [True]
    monkeypatch.setenv("REVIEWSCAPE_DRAFT_FIRST_S", "0")
    with pytest.raises(ReviewscapeError):
        run_job(spec(embedder=unreachable, job_id="f" * 16), silent)
    assert not (catalog.home() / ("f" * 16)).is_dir()


def units_of(texts: list[str]) -> Units:
    import numpy as np

    return Units(row_id=np.arange(len(texts)), text=texts, clean=texts, language=["en"] * len(texts))


def test_what_the_cache_holds_takes_no_time(home):
    texts = list(dict.fromkeys(made_reviews.english(60)))
    config = AnalyzeConfig(embedder="bundled")
    (home / "rates.json").write_text('{"bundled": 5}')
    before = drafts.seconds_of_embedding(config, units_of(texts))
    assert before == pytest.approx(drafts.seconds_of_embedding(config, units_of(texts * 3)))
    with VectorCache(settings.home() / "vectors.db") as cache:
        embed_texts(resolve("bundled").embedder, texts, cache)
    assert before > settings.get_int("draft_first_s")
    assert drafts.seconds_of_embedding(config, units_of(texts)) == 0
    assert drafts.seconds_of_embedding(AnalyzeConfig(embedder="lexical"), units_of(texts)) == 0


def test_the_speed_of_this_computer_is_remembered(home, monkeypatch):
    texts = made_reviews.english(400)
    config = AnalyzeConfig(embedder="bundled")
    before = drafts.seconds_of_embedding(config, units_of(texts))
    clock = iter((10.0, 11.0, 12.0))
    monkeypatch.setattr(drafts.time, "monotonic", lambda: next(clock))
    timed = drafts.SpeedProgress(silent)
    timed("embedding", 50, 400)  # from the cache: no rate
    for done in (100, 200, 400):
        timed("embedding", done, 400, rate=77.0)
    timed.remember("bundled", texts)
    kept = drafts._rates()["bundled"]
    after = drafts.seconds_of_embedding(config, units_of(texts))
    assert after == pytest.approx(before * drafts.USUAL_TOKENS_PER_S["bundled"] / kept)
    # 150 texts a second, of some twelve tokens each.
    assert 1000 < kept < 4000
    for damage in (b"{", b"[1]", b'{"bundled": "fast", "x": -1}', b'{"bundled": 0}'):
        (settings.home() / "rates.json").write_bytes(damage)
        assert drafts.seconds_of_embedding(config, units_of(texts)) == before
    too_little = drafts.SpeedProgress(silent)
    too_little("embedding", 1, 2)
    too_little.remember("bundled", texts)
    assert drafts._rates() == {}


def test_own_vectors_need_no_draft(spec, tmp_path):
    import numpy as np

    np.save(tmp_path / "own.npy", np.random.default_rng(3).normal(size=(40, 6)))
    own = {"path": str(tmp_path / "own.npy"), "name": "own.npy"}
    run_job(spec(draft_first=True, vectors=own), silent)
    assert published() == [False]


def test_samples_are_made_without_a_draft():
    assert all(samples.spec(sample)["draft_first"] is False for sample in samples.SAMPLES)


def wait_for(condition, timeout_s=120.0):
    until = time.monotonic() + timeout_s
    while not (found := condition()):
        assert time.monotonic() < until, f"waited {timeout_s} s in vain"
        time.sleep(0.02)
    return found


@pytest.mark.skipif(sys.platform == "win32", reason="signals and /proc")
def test_a_worker_killed_after_the_draft_goes_on_with_the_full_map(spec):
    # Long enough to be met between the two, and made up: no theme to find.
    words = random.Random(4)
    texts = [" ".join(words.choices(["strap", "steps", "bill", "north", "glue", "tin"], k=9)) for _ in range(900)]
    path = Path(spec()["uploads"][0]["path"])
    made_reviews.write(path, made_reviews.table(texts))
    plain = {"uploads": [{"path": str(path), "name": path.name}], "name": path.name, "config": {"embedder": "lexical"}}
    job_id = jobs.submit({**plain, "draft_first": True})
    job = wait_for(lambda: (job := jobs.get(job_id)) and job.bundle and job)
    assert job.analysis_id == job_id
    assert published(job_id) == [True]
    row = jobs.use(lambda c: c.execute("SELECT pid, pid_start FROM jobs WHERE id = ?", (job_id,)).fetchone())
    os.kill(row["pid"], signal.SIGKILL)
    wait_for(lambda: processes.started(row["pid"]) != row["pid_start"])
    assert wait_for(lambda: jobs.get(job_id).state == jobs.INTERRUPTED)
    jobs.resume(job_id)
    job = wait_for(lambda: (job := jobs.get(job_id)) and not job.is_active and job)
    assert job.state == jobs.DONE, job.error
    assert published(job_id) == [True, False]
    assert job.bundle == str(library.latest_bundle(job_id))
