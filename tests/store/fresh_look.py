"""A new process opens the home that another was killed in: `python -m tests.store.fresh_look` with the keys on stdin.

It sweeps as a server does at its start, then prints {"facts": {key: value}, "problems": [...]} for the keys asked for.
"""

from __future__ import annotations

import json
import sqlite3
import sys
from typing import Any

from pipelines import jobs, quotes, settings, share, uploads
from pipelines.embed import VectorCache
from pipelines.store import catalog, journal, library, selections, sweeping
from pipelines.store.verify import verify
from tests.store.busy_child import IDENTITY


def problems() -> list[str]:
    """Everything that is not whole, and everything that a crash left."""
    home = settings.home()
    found = [str(path.relative_to(home)) for path in home.rglob("*.tmp") if path.parent.name != "uploads"]
    for analysis in catalog.analysis_ids():
        folder = catalog.home() / analysis
        found += journal.find_problems(folder)
        found += [problem for one in library.bundles(analysis) for problem in verify(folder / "bundles" / one.id)]
    for name in ("catalog.db", "jobs.db", "vectors.db"):
        if (home / name).exists():
            database = sqlite3.connect(home / name)
            found += [row[0] for row in database.execute("PRAGMA integrity_check") if row[0] != "ok"]
            database.close()
    return found + [path.name for path in home.glob("*.damaged")]


def fact(key: str) -> Any:
    """What the library says of a key of busy_child's."""
    kind, *rest = key.split(" ")
    if kind in ("name", "deleted", "bundles"):
        info = library.info(rest[0])
        return {"name": info.name, "deleted": bool(info.deleted)}.get(
            kind, [one.id for one in library.bundles(rest[0])]
        )
    if kind == "view":
        views = {one.id: one for one in library.list_views(rest[0], with_deleted=True)}
        one = views.get(rest[1])
        return None if one is None else [one.name, one.view.note, one.deleted]
    if kind == "link":
        found = catalog.link(share._link_id(rest[0]))
        return found is not None
    if kind == "revoked":
        return next((link.revoked for link in share.list_links(rest[0]) if link.id == rest[1]), None)
    if kind == "entry":
        entries = {one.seq: one for one in journal.replay(catalog.home() / rest[0])}
        one = entries.get(int(rest[1]))
        return None if one is None else [one.kind, one.payload.get("name")]
    if kind == "basket":
        return list(quotes.basket(journal.replay(catalog.home() / rest[0])))
    if kind == "upload":
        return (uploads.folder() / rest[0]).is_file()
    if kind == "selection":
        return list(selections.fetch(rest[0]) or ())
    if kind == "job":
        job = jobs.get(rest[0])
        return None if job is None else job.spec["name"]
    with VectorCache(settings.home() / "vectors.db") as cache:
        found = cache.get(IDENTITY, [key.removeprefix("vector ")])
    return found[0].tolist() if found else None


if __name__ == "__main__":
    keys = json.load(sys.stdin)
    swept = sweeping.sweep()
    told = {"facts": {key: fact(key) for key in keys}, "problems": problems(), "swept": swept}
    told["again"] = sweeping.sweep()
    sys.stdout.write(json.dumps(told))
