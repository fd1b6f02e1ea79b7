"""The real server and visitors over real websockets, no browser: nothing lost, no error, no upload left in memory."""

from __future__ import annotations

import asyncio
import re
import urllib.request

import pytest

from benchmarks import load
from benchmarks.browsing import server
from benchmarks.measure import resident_bytes
from benchmarks.visitor import Visitor, visiting
from pipelines.store import library
from tests import made_reviews, sample_bundle

MIB = 1 << 20


@pytest.fixture
def analysis(home) -> str:
    sample_bundle.stand_in(30)
    made = library.create("visited")
    library.publish(made, sample_bundle.parts(300))
    return made


def at_once(home, analysis: str, n: int, way: load.Walk) -> load.Seen:
    with server(home) as (url, process):
        seen, _held = asyncio.run(load.together(url, analysis, n, way, lambda: resident_bytes(process.pid)))
        assert "Traceback" not in (home / "server.log").read_text(errors="replace")
    return seen


def test_three_visitors_at_once_lose_nothing(home, analysis):
    seen = at_once(home, analysis, 3, load.Walk(clicks=8, think_s=(0.0, 0.05), seed=1))
    assert seen.errors == []
    assert load.lost(analysis, 3, seen) == []
    assert seen.acknowledged == {"view": {0, 1, 2}, "star": {0, 1, 2}}
    assert len(seen.clicks()) >= 3 * 8


@pytest.mark.torture
def test_fifty_visitors_at_once_lose_nothing(home, analysis):
    seen = at_once(home, analysis, 50, load.Walk(clicks=20, think_s=(0.0, 2.0), seed=2))
    assert seen.errors == []
    assert load.lost(analysis, 50, seen) == []
    assert len(seen.acknowledged["view"]) == len(seen.acknowledged["star"]) == 50


def upload_file(folder, size: int, seed: int) -> bytes:
    """A CSV of reviews of about `size` bytes."""
    texts = made_reviews.english(200, seed)
    few = made_reviews.write(folder / f"{seed}.csv", made_reviews.table(texts, seed)).read_bytes()
    header, _newline, rows = few.partition(b"\n")
    return header + b"\n" + rows * (size // len(rows) + 1)


def held_uploads(url: str) -> int:
    """Bytes of dropped files that the server has in memory, by its own count."""
    with urllib.request.urlopen(f"{url}/_stcore/metrics", timeout=30) as answer:
        told = answer.read().decode()
    counted = re.findall(r'\{cache_type="UploadedFileManager"[^}]*\} (\d+)', told)
    # It counts files that it knows of, empty ones too: without any line the question would be a wrong one.
    assert counted, told
    return sum(map(int, counted))


async def drop(url: str, contents: list[bytes], at_rest) -> list[tuple[int, str]]:
    """Each file dropped by a visitor of its own on the page Open; they all stay. What `at_rest` gave after each."""
    found = []

    async def one(number: int) -> None:
        if number == len(contents):
            return
        async with visiting(url) as visitor:
            await visitor.open("")
            await visitor.go("open")
            run = await visitor.upload("upload", f"{number}.csv", contents[number])
            assert run.exceptions == ()
            assert visitor.has("start"), sorted(visitor.widgets)
            await again(visitor)
            found.append(at_rest())
            await one(number + 1)

    await one(0)
    return found


async def again(visitor: Visitor) -> None:
    """Another run with the file still on the uploader: what was understood is still there."""
    run = await visitor.use("language_switch", ["English"])
    assert run.exceptions == ()
    assert visitor.has("start")


def test_a_dropped_file_leaves_memory_when_it_is_read(home, analysis, tmp_path):
    contents = [upload_file(tmp_path, MIB, seed) for seed in (1, 2)]
    with server(home) as (url, _process):
        held = asyncio.run(drop(url, contents, lambda: held_uploads(url)))
    assert held == [0, 0]
    assert len(list((home / "uploads").glob("*.upload"))) == 2


@pytest.mark.torture
def test_ten_dropped_files_of_20_mb_leave_memory(home, analysis, tmp_path):
    contents = [upload_file(tmp_path, 20 * MIB, seed) for seed in range(10)]
    with server(home) as (url, process):
        held = asyncio.run(drop(url, contents, lambda: (held_uploads(url), resident_bytes(process.pid))))
    assert [kept for kept, _resident in held] == [0] * 10
    # The first brings in what reading needs; nine more are 180 MB of files.
    assert held[-1][1] - held[0][1] < 60 * MIB
