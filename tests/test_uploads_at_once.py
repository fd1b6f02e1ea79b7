"""Many files uploaded at once: each job's answer is that of its own file, whatever its name, language and encoding."""

from __future__ import annotations

import csv
import io
import random
import sys
import threading
import time
from dataclasses import dataclass

import pytest

from pipelines import jobs, uploads
from pipelines.store import library
from pipelines.store.reader import open_bundle
from pipelines.store.verify import verify
from tests import made_reviews

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="signals and /proc")
ENCODINGS = {"english": ("utf-8", "cp1252", "utf-8-sig"), "mixed": ("gb18030", "utf-16", "utf-8")}
WORKERS = 2


@dataclass(frozen=True)
class Made:
    """A file as it is uploaded, and what must come out of it."""

    name: str
    content: bytes
    texts: list[str]
    users: list[str]


def made(number: int, chance: random.Random) -> Made:
    """File `number`: every second one half Chinese, every third one of the same name, each of its own texts."""
    language = ("english", "mixed")[number % 2]
    encoding = ENCODINGS[language][number // 2 % 3]
    mark = f"编号{number}" if language == "mixed" else f"no. {number} é" if encoding == "cp1252" else f"no. {number}"
    chosen = getattr(made_reviews, language)(chance.randint(15, 30), seed=number)
    texts = [f"{text} ({mark}-{i})" for i, text in enumerate(chosen)]
    users = [f"user{number}-{i}" for i in range(len(texts))]
    file = io.StringIO(newline="")
    writer = csv.writer(file)
    writer.writerow(["review", "stars", "user"])
    writer.writerows([text, 1 + i % 5, user] for i, (text, user) in enumerate(zip(texts, users, strict=True)))
    return Made("reviews.csv" if number % 3 == 0 else f"f{number}.csv", file.getvalue().encode(encoding), texts, users)


def submit(one: Made) -> str:
    path = uploads.keep(one.content)
    # Nearly nothing is computed: what is tried here is whose result is whose.
    config = {"embedder": "lexical", "projection": "pca", "draft": True}
    upload = {"path": str(path), "name": one.name}
    return jobs.submit({"uploads": [upload], "name": one.name, "config": config, "draft_first": False})


def upload_at_once(files: list[Made]) -> list[tuple[str, str]]:
    """Each file asked for by two threads, all at the same moment: both ids a file."""
    ids: dict[tuple[int, int], str] = {}
    gate = threading.Barrier(2 * len(files))

    def ask(number: int, who: int) -> None:
        gate.wait()
        ids[number, who] = submit(files[number])

    threads = [threading.Thread(target=ask, args=(n, who)) for n in range(len(files)) for who in (0, 1)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return [(ids[n, 0], ids[n, 1]) for n in range(len(files))]


def check(files: list[Made]) -> None:
    asked = upload_at_once(files)
    assert all(one == other for one, other in asked), "the same file and settings are one job"
    ids = [one for one, _ in asked]
    assert len({*ids}) == len(files)
    until = time.monotonic() + 3_600
    while active := jobs.list_active():
        assert sum(job.state == jobs.RUNNING for job in active) <= WORKERS
        assert time.monotonic() < until, "it hangs"
        time.sleep(0.1)
    assert len(jobs.list_recent(1_000)) == len(files)
    assert {info.id for info in library.list_analyses()} == {*ids}
    for job_id, one in zip(ids, files, strict=True):
        job = jobs.get(job_id)
        assert job is not None
        assert (job.state, job.attempt, job.error, job.spec["name"]) == (jobs.DONE, 1, None, one.name)
        path = library.latest_bundle(job_id)
        assert path is not None
        assert verify(path) == []
        bundle = open_bundle(path)
        assert bundle.rows["row_id"].tolist() == list(range(len(one.texts)))
        assert bundle.rows["review"].tolist() == one.texts
        assert bundle.rows["user"].tolist() == one.users
        assert bundle.points["unit_id"].tolist() == bundle.points["row_id"].tolist() == list(range(len(one.texts)))
        assert bundle.points["text"].tolist() == one.texts
        assert bundle.points["user"].tolist() == one.users
        assert len(bundle.vectors) == len(one.texts)
        assert library.info(job_id).name == one.name


@pytest.fixture(autouse=True)
def _bounded(home, monkeypatch):
    monkeypatch.setenv("REVIEWSCAPE_WORKERS", str(WORKERS))


def test_six_files_at_once_each_get_their_own_answer():
    chance = random.Random(8)
    check([made(number, chance) for number in range(6)])


@pytest.mark.torture
def test_twenty_four_files_at_once_each_get_their_own_answer():
    chance = random.Random(24)
    check([made(number, chance) for number in range(24)])
