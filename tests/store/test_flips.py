"""One flipped bit anywhere in the state folder: never a wrong number, always named, and made anew where it can be."""

from __future__ import annotations

import hashlib
import os
import random
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from pipelines import corrections, job_damage, jobs, settings, share, shown
from pipelines.checkpoints import Checkpoints
from pipelines.embed import VectorCache
from pipelines.errors import DamagedBundle, ReviewscapeError
from pipelines.store import catalog, journal, library, standin
from pipelines.store.reader import Bundle, open_bundle
from pipelines.store.verify import verify
from pipelines.view import View
from tests.sample_bundle import parts

FLIPS = int(os.environ.get("REVIEWSCAPE_TORTURE_FLIPS", "200"))
KINDS = ("bundle", "vectors.db", "catalog.db", "jobs.db", "journal", "stages")
IDENTITY = {"name": "made-up", "dim": 16}
TEXTS = [f"text {i} 好" for i in range(60)]
STAGE = "0" * 64


def vectors() -> np.ndarray:
    return np.random.default_rng(3).normal(size=(len(TEXTS), 16)).astype(np.float32)


@dataclass
class Seen:
    """What a person would be shown, by what it is; and what was named as damaged, by where."""

    values: dict[str, Any] = field(default_factory=dict)
    named: set[str] = field(default_factory=set)


@pytest.fixture
def full(home: Path) -> Path:
    """A home with something of everything."""
    made = library.create("酒店.csv")
    library.publish(made, parts(24, seed=1))
    bundle = library.publish(made, parts(24, seed=2))
    library.save_view(made, "look", View(note="as we saw it"))
    share.create_link(made, View())
    corrections.rename(made, bundle, 0, "another name")
    corrections.hide(made, layered(made, bundle.path), 1)
    library.publish(library.create("other"), parts(12, seed=4))
    for number in range(3):
        jobs.submit({"uploads": [], "name": f"job {number}"}, start=False)
    with VectorCache(home / "vectors.db") as cache:
        cache.put(IDENTITY, TEXTS, vectors())
    Checkpoints(home / "stages", 10).save("neighbors", STAGE, {"indices": np.arange(300)})
    library.list_analyses()
    return home


def layered(analysis: str, path: Path) -> Bundle:
    return shown.shown(open_bundle(path), journal.replay(catalog.home() / analysis), lambda _: None)


def digest(value: object) -> str:
    return hashlib.sha256(repr(value).encode()).hexdigest()


def see(home: Path) -> Seen:
    """Look at everything, as a server that has just been started does."""
    job_damage._checked.clear()
    standin.forget(home / "catalog.db")
    seen = Seen()
    catalog.check()
    for info in library.list_analyses(with_pending=True):
        _see_analysis(seen, info)
    try:
        for job in jobs.list_recent():
            if job.error is not None:
                seen.named.add("jobs")
            else:
                seen.values[f"job {job.id}"] = (dict(job.spec), job.state)
    except ReviewscapeError:
        seen.named.add("jobs")
    with VectorCache(home / "vectors.db") as cache:
        found = cache.get(IDENTITY, TEXTS)
        seen.values |= {f"vector {i}": vector.tobytes() for i, vector in found.items()}
    kept = Checkpoints(home / "stages", 10).load("neighbors", STAGE)
    if kept is not None:
        seen.values["stage"] = kept["indices"].tobytes()
    return seen


def _see_analysis(seen: Seen, info: library.AnalysisInfo) -> None:
    folder = catalog.home() / info.id
    if journal.find_problems(folder):
        seen.named.add(info.id)
    if info.is_damaged:
        seen.named.add(info.id)
    else:
        seen.values[f"{info.id} list"] = (info.name, info.rows, info.units, info.topics, info.is_draft, info.deleted)
    for view in library.list_views(info.id, with_deleted=True):
        seen.values[f"{info.id} view {view.id}"] = (view.name, view.view, view.deleted)
    for link in share.list_links(info.id):
        seen.values[f"{info.id} link {link.id}"] = (link.expires, link.bundle, share.is_open(link))
    for one in library.bundles(info.id):
        _see_bundle(seen, info.id, folder / "bundles" / one.id)


def _see_bundle(seen: Seen, analysis: str, path: Path) -> None:
    if verify(path):
        seen.named.add(analysis)
    readers = {
        "points": lambda bundle: bundle.points.to_csv(),
        "rows": lambda bundle: bundle.rows.to_csv(),
        "vectors": lambda bundle: np.array(bundle.vectors).tobytes(),
        "summary": lambda bundle: bundle.summary,
        "graph": lambda bundle: sorted((name, array.tobytes()) for name, array in bundle.state("graph").items()),
        "topics": lambda bundle: layered(analysis, path).summary["topics"],
    }
    for name, read in readers.items():
        try:
            seen.values[f"{analysis} {path.name} {name}"] = digest(read(open_bundle(path)))
        except DamagedBundle:
            assert analysis in seen.named, "what is refused is named by verify too"


def files(home: Path, kind: str) -> list[Path]:
    if kind == "bundle":
        return sorted(path for path in home.glob("analyses/*/bundles/**/*") if path.is_file())
    pattern = {"journal": "analyses/*/journal.jsonl", "stages": "stages/*"}.get(kind, kind)
    return sorted(home.glob(pattern))


def flip(path: Path, bit: int) -> None:
    damaged = bytearray(path.read_bytes())
    damaged[bit // 8] ^= 1 << bit % 8
    path.write_bytes(damaged)


def bear(home: Path, kind: str, seed: int, before: Seen) -> str:
    """One flip; everything that is shown is as before, or what it belongs to is named. Then the home is as it was."""
    chance = random.Random(seed)
    path = chance.choice(files(home, kind))
    sound = {one: one.read_bytes() for one in home.rglob("*") if one.is_file() and "models" not in one.parts}
    bit = chance.randrange(len(sound[path]) * 8)
    flip(path, bit)
    seen = see(home)
    outcome = "named" if seen.named else "as before"
    for key, value in before.values.items():
        if seen.values.get(key) == value:
            continue
        owner = key.split(" ")[0]
        if owner in ("vector", "stage"):
            assert key not in seen.values, f"{path.name} bit {bit}: {key} is wrong"
            outcome = "computed anew"
        else:
            where = "jobs" if owner == "job" else owner
            assert where in seen.named, f"{path.name} bit {bit}: {key} is {seen.values.get(key)}, was {value}"
            outcome = "named"
    assert set(seen.values) <= set(before.values), f"{path.name} bit {bit}"
    assert kind != "catalog.db" or seen.values == before.values, "the catalog is rebuilt whole"
    end_of_journal = kind == "journal" and bit // 8 == len(sound[path]) - 1
    assert kind not in ("bundle", "journal") or seen.named or end_of_journal, f"{path.name} bit {bit} goes unseen"
    if kind == "vectors.db":
        with VectorCache(path) as cache:
            cache.put(IDENTITY, TEXTS, vectors())
            assert len(cache.get(IDENTITY, TEXTS)) in (len(TEXTS), 0), "embedded again, and kept where it can be"
    for one in home.rglob("*"):
        if one.is_file() and one not in sound and "models" not in one.parts:
            one.unlink()
    for one, content in sound.items():
        one.write_bytes(content)
    return outcome


def test_a_flipped_bit_is_never_a_wrong_number(full: Path) -> None:
    before = see(full)
    assert not before.named
    for kind in KINDS:
        for seed in range(3):
            bear(full, kind, seed, before)


@pytest.mark.torture
@pytest.mark.parametrize("kind", KINDS)
def test_many_flipped_bits(kind: str, full: Path) -> None:
    before = see(full)
    share_of = [one for number, one in enumerate(range(FLIPS)) if KINDS[number % len(KINDS)] == kind]
    outcomes = [bear(full, kind, 10_000 + seed, before) for seed in share_of]
    told = {outcome: outcomes.count(outcome) for outcome in sorted(set(outcomes))}
    print(kind, told)  # noqa: T201


def test_a_damaged_index_never_leads_to_another_texts_vector(tmp_path: Path) -> None:
    """Each bit of the pages of SQLite's index over keys: a row is found under its own key, or not at all."""
    path = tmp_path / "vectors.db"
    with VectorCache(path) as cache:
        cache.put(IDENTITY, TEXTS, vectors())
    sound, expected = path.read_bytes(), vectors()
    assert settings.get_int("cache_max_mb")
    chance = random.Random(5)
    for bit in chance.sample(range(len(sound) * 8), 150):
        path.write_bytes(sound)
        flip(path, bit)
        with VectorCache(path) as cache:
            for i, vector in cache.get(IDENTITY, TEXTS).items():
                assert vector.tobytes() == expected[i].tobytes(), bit
