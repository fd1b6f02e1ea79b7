"""A key typed for a paid provider, through a whole real analysis at a bad server: it is found nowhere afterwards."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest

from pipelines import jobs
from pipelines.store import library
from tests import made_reviews
from tests.conftest import run_cli
from tests.embed.faults import FILTERED
from tests.embed.provider_server import ProviderServer, refuse_texts, status
from tests.test_jobs import wait_for

KEY, NAME = "sk-typed-0123456789-secret", "DASHSCOPE_API_KEY"


@pytest.fixture
def server():
    server = ProviderServer()
    yield server
    server.close()


def contents(folder: Path):
    """The bytes of every file, and of what lies in its archives."""
    for path in (path for path in folder.rglob("*") if path.is_file()):
        yield path, path.read_bytes()
        if zipfile.is_zipfile(path):
            with zipfile.ZipFile(path) as archive:
                for name in archive.namelist():
                    yield path / name, archive.read(name)


def test_a_typed_key_is_in_no_file_log_bundle_or_export(home, tmp_path, server, monkeypatch):
    monkeypatch.setenv("DASHSCOPE_HTTP_BASE_URL", server.url)
    monkeypatch.delenv(NAME, raising=False)
    source = made_reviews.write(tmp_path / "wearers.csv", made_reviews.table(made_reviews.english(40)))
    quoting = {"code": "Throttling", "message": f"slow down, {KEY}"}
    server.faults = [status(429, quoting, Retry_After="0"), status(500, quoting)]
    server.rules = [refuse_texts("sofa", *FILTERED["dashscope"])]
    spec = {
        "uploads": [{"path": str(source), "name": source.name}],
        "name": source.name,
        "config": {"embedder": "dashscope:text-embedding-v4", "dim": 64},
        "allow_paid": True,
        "keys": [NAME],
    }
    job_id = jobs.submit(spec, keys={NAME: KEY})
    wait_for(lambda: jobs.get(job_id).state not in ("queued", "running"), timeout_s=300)
    job = jobs.get(job_id)
    assert job.state == "done", job.error
    assert {headers["authorization"] for headers in server.headers} == {f"Bearer {KEY}"}
    path = library.latest_bundle(job.analysis_id)
    out = tmp_path / "out"
    out.mkdir()
    kinds = [part for kind in ("html", "csv", "parquet", "xlsx") for part in (f"--{kind}", out / f"x.{kind}")]
    done = run_cli("--verbose", "export", path, *kinds, home=home)
    assert done.returncode == 0, done.stderr
    assert len(list(out.iterdir())) == 4
    seen = [*contents(home), *contents(out)]
    assert {"jobs.db", "vectors.db", "manifest.json", "summary.json"} <= {path.name for path, _ in seen}
    assert any(path.suffix == ".log" for path, _ in seen)
    assert [path for path, content in seen if KEY.encode() in content] == []
    assert KEY not in done.stdout + done.stderr + str(job)
