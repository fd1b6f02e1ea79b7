"""Does what people do, one thing after another, and says of each when it begins and when it is acknowledged.

`python -m tests.store.busy_child SEED COUNT`: COUNT 0 goes on for ever; else the process kills itself at its COUNT-th
step on the disk (before or after it, as the seed has it). A line is ["begin", keys] or ["done", {key: value}].
"""

from __future__ import annotations

import json
import os
import random
import signal
import sys
from collections.abc import Callable
from typing import Any

import numpy as np

from pipelines import corrections, jobs, quotes, settings, share, shown, uploads
from pipelines.embed import VectorCache
from pipelines.errors import UnusableInput
from pipelines.store import catalog, journal, library, selections
from pipelines.store.reader import Bundle, open_bundle
from pipelines.view import View
from tests.sample_bundle import parts

IDENTITY = {"name": "made-up", "dim": 4}
STEPS = ("fsync", "rename", "replace", "mkdir", "rmdir", "unlink", "write", "ftruncate", "link")
Facts = dict[str, Any]


def say(*line: Any) -> None:
    """One line, at once."""
    sys.stdout.write(json.dumps(line) + "\n")
    sys.stdout.flush()


def die_at(count: int, *, after: bool) -> None:
    """Have the process killed at its `count`-th step on the disk."""
    done = 0

    def killing(real: Callable[..., Any]) -> Callable[..., Any]:
        def step(*args: Any, **kwargs: Any) -> Any:
            nonlocal done
            done += 1
            if done == count and not after:
                os.kill(os.getpid(), signal.SIGKILL)
            try:
                return real(*args, **kwargs)
            finally:
                if done >= count:
                    os.kill(os.getpid(), signal.SIGKILL)

        return step

    for name in STEPS:
        setattr(os, name, killing(getattr(os, name)))


def vector(text: str) -> np.ndarray:
    """The vector that the cache keeps for a text here."""
    found = np.random.default_rng(sum(text.encode())).normal(size=(1, 4)).astype(np.float32)
    return found / np.linalg.norm(found)


class Person:
    """Chooses what to do by a seed; each thing says which keys it may change, and after it what they are."""

    def __init__(self, seed: int) -> None:
        self.chance = random.Random(seed)
        self.turn = 0

    def act(self) -> None:
        """One thing."""
        self.turn += 1
        there = [info.id for info in library.list_analyses()]
        if not there:
            self.publish_first()
            return
        name = self.chance.choice(
            [
                "publish_first",
                "publish_more",
                "copy",
                "rename",
                "delete",
                "undelete",
                "view",
                "view",
                "overwrite",
                "drop_view",
                "link",
                "revoke",
                "correct",
                "correct",
                "take_back",
                "star",
                "cache",
                "upload",
                "job",
                "select",
            ]
        )
        getattr(self, name)(*([] if name in _ALONE else [self.chance.choice(there)]))

    def name(self) -> str:
        return f"名 {self.turn} {self.chance.randrange(10**9)}"

    def bundle(self, analysis: str) -> Bundle:
        path = library.latest_bundle(analysis)
        assert path is not None
        return shown.shown(open_bundle(path), journal.replay(catalog.home() / analysis), lambda _: None)

    def publish_first(self) -> None:
        say("begin", [])
        name = self.name()
        made = library.create(name)
        say("done", {f"name {made}": name})
        self.publish_more(made)

    def publish_more(self, analysis: str) -> None:
        say("begin", [f"bundles {analysis}"])
        library.publish(analysis, parts(24, seed=self.chance.randrange(99)))
        say("done", {f"bundles {analysis}": [one.id for one in library.bundles(analysis)]})

    def copy(self, analysis: str) -> None:
        say("begin", [])
        source = library.latest_bundle(analysis)
        assert source is not None
        made = library.create(self.name())
        library.publish_copy(made, source)
        say("done", {f"bundles {made}": [source.name]})

    def rename(self, analysis: str) -> None:
        say("begin", [f"name {analysis}"])
        name = self.name()
        library.rename(analysis, name)
        say("done", {f"name {analysis}": name})

    def delete(self, analysis: str) -> None:
        say("begin", [f"deleted {analysis}"])
        library.delete(analysis)
        say("done", {f"deleted {analysis}": True})

    def undelete(self) -> None:
        for info in library.deleted()[:1]:
            say("begin", [f"deleted {info.id}"])
            library.undelete(info.id)
            say("done", {f"deleted {info.id}": False})

    def view(self, analysis: str) -> None:
        say("begin", [])
        name, note = self.name(), self.name()
        made = library.save_view(analysis, name, View(note=note))
        say("done", {f"view {analysis} {made}": [name, note, False]})

    def overwrite(self, analysis: str) -> None:
        for one in library.list_views(analysis)[:1]:
            say("begin", [f"view {analysis} {one.id}"])
            note = self.name()
            library.overwrite_view(analysis, one.id, View(note=note))
            say("done", {f"view {analysis} {one.id}": [one.name, note, False]})

    def drop_view(self, analysis: str) -> None:
        for one in library.list_views(analysis)[:1]:
            say("begin", [f"view {analysis} {one.id}"])
            library.delete_view(analysis, one.id)
            say("done", {f"view {analysis} {one.id}": [one.name, one.view.note, True]})

    def link(self, analysis: str) -> None:
        say("begin", [])
        token = share.create_link(analysis, View())
        say("done", {f"link {token}": True})

    def revoke(self, analysis: str) -> None:
        for one in share.list_links(analysis)[:1]:
            say("begin", [f"revoked {analysis} {one.id}"])
            share.revoke(analysis, one.id)
            say("done", {f"revoked {analysis} {one.id}": True})

    def correct(self, analysis: str) -> None:
        bundle = self.bundle(analysis)
        topic = self.chance.choice(bundle.summary["topics"])
        say("begin", [])
        entry = corrections.rename(analysis, bundle, int(topic["id"]), self.name()[:60])
        say("done", {f"entry {analysis} {entry.seq}": [entry.kind, entry.payload["name"]]})

    def take_back(self, analysis: str) -> None:
        done = [one for one in journal.replay(catalog.home() / analysis) if one.kind in corrections.KINDS]
        for one in [one for one in done if "name" in one.payload][:1]:
            say("begin", [])
            entry = corrections.undo(analysis, one.seq)
            say("done", {f"entry {analysis} {entry.seq}": [entry.kind, None]})

    def star(self, analysis: str) -> None:
        say("begin", [f"basket {analysis}"])
        quotes.star(analysis, self.bundle(analysis), self.chance.randrange(20), on=True)
        say("done", {f"basket {analysis}": list(quotes.basket(journal.replay(catalog.home() / analysis)))})

    def cache(self) -> None:
        text = self.name()
        say("begin", [])
        with VectorCache(settings.home() / "vectors.db") as cache:
            cache.put(IDENTITY, [text], vector(text))
        say("done", {f"vector {text}": vector(text).ravel().tolist()})

    def upload(self) -> None:
        say("begin", [])
        path = uploads.keep(self.name().encode() * 2000)
        say("done", {f"upload {path.name}": True})

    def job(self) -> None:
        say("begin", [])
        spec = {"uploads": [], "name": self.name()}
        made = jobs.submit(spec, start=False)
        say("done", {f"job {made}": spec["name"]})

    def select(self) -> None:
        say("begin", [])
        chosen = tuple(sorted(self.chance.sample(range(500), 60)))
        say("done", {f"selection {selections.keep(chosen)}": list(chosen)})


_ALONE = ("publish_first", "undelete", "cache", "upload", "job", "select")


def main(seed: int, count: int) -> None:
    person = Person(seed)
    if count:
        die_at(count, after=bool(seed % 2))
    while True:
        try:
            person.act()
        except UnusableInput:
            continue


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]))
