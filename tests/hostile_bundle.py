"""An analysis in which every field that a file can bring holds each of the hostile texts, and a home full of them."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd

from pipelines import quotes
from pipelines.corrections import places, record
from pipelines.store import catalog, journal, library
from pipelines.store.bundle import BundleParts
from pipelines.store.reader import Bundle
from pipelines.tracked import definition
from pipelines.types import name_in_rows
from pipelines.view import Filter, View
from tests import sample_bundle
from tests.hostile import FILE_NAME, MARKED, PLAIN, TEXTS

EACH = 6
N = EACH * len(TEXTS)
HALF = len(TEXTS) // 3


def parts() -> BundleParts:
    """N reviews: each text is a topic, a user, an item, a title and a column's name as well, six times or more."""
    made = sample_bundle.parts(N)
    n = len(TEXTS)
    random = np.random.default_rng(3)
    cluster = (np.arange(N) % n).astype(np.int32)
    cluster[random.random(N) < 0.05] = -1
    angle = 2 * np.pi * np.maximum(cluster, 0) / n
    text = pd.array([TEXTS[(i * 7 + i // n) % n] + ("" if i < n else f" review {i}") for i in range(N)], dtype="str")
    names = np.array([*TEXTS, ""], dtype=object)[cluster]
    say = pd.array([TEXTS[i % n] for i in range(N)], dtype="str")
    points = made.points.assign(
        text=text, cluster=cluster, topic=pd.array(names, dtype="str"), user=say, item=pd.array(say[::-1], dtype="str"),
        x2=(12 * np.cos(angle) + random.normal(0, 0.4, N)).astype(np.float32),
        y2=(12 * np.sin(angle) + random.normal(0, 0.4, N)).astype(np.float32),
        duplicate_of=pd.array([None] * N, dtype="Int64"),
    )  # fmt: skip
    columns: dict[str, object] = {"review": text, "title": say, "user": say, "item": points["item"]}
    # Some columns slice the reviews, by texts of their own; of the others the name is what matters.
    for i, name in enumerate(TEXTS):
        values = [TEXTS[(i * HALF + j % HALF) % n] for j in range(N)] if i % 9 == 0 else [str(j) for j in range(N)]
        columns[name_in_rows(name)] = pd.array(values, dtype="str")
    rows = made.rows[["row_id", "kept", "reason"]].assign(**columns)
    topics = [
        {"id": i, "name": name, "keywords": [[TEXTS[(i + k) % n][:60], 0.5, 3] for k in (1, 2)],
         "exemplars": np.flatnonzero(cluster == i)[:3].tolist(), "stability": 0.7}
        for i, name in enumerate(TEXTS)
    ]  # fmt: skip
    summary = {
        **made.summary,
        "topics": topics,
        "roles": {"text": "review", "title": "title", "user": "user", "item": "item"},
        "columns": ["review", "title", "user", "item", *TEXTS],
        "source": {**made.summary["source"], "name": FILE_NAME},
    }
    return replace(made, rows=rows, points=points, summary=summary, identity={**made.identity, "name": "own"})


def furnish(analysis: str, bundle: Bundle) -> View:
    """Let people have filled every field of their own: views, notes, quotes, tracked topics, labels, names; their view.

    Entries go straight into the journal, as the library writes them: a hundred calls would read it a hundred times.
    """
    n = len(TEXTS)
    folder = catalog.home() / analysis
    quotes.put(analysis, places.keys_of(bundle.points, range(n)))
    filters = (
        Filter("item", "not", TEXTS[20]),
        Filter("text", "not", TEXTS[22]),
        Filter("topic", "not", TEXTS[30][:300]),
    )
    view = View(analysis=analysis, note=TEXTS[15], quotes=tuple(range(n)), filters=filters, search=TEXTS[16])
    for i, name in enumerate(TEXTS):
        own = replace(view, note=TEXTS[(i + 1) % n], search=TEXTS[(i + 2) % n][:200], selection=(i, i + n))
        payload = {"view_id": f"{i:016x}", "name": _as_name(name), "view": own.to_dict(), "bundle": bundle.id}
        journal.append(folder, "view_saved", payload)
    topics = [
        {"id": f"{i:08x}", "name": _as_name(name), "phrases": [name[:120]], "meanings": [None]}
        for i, name in enumerate(TEXTS)
    ]
    journal.append(folder, definition.CREATED, {"bundle": bundle.id, "topics": topics})
    for i in range(20, 24):
        record.rename(analysis, bundle, i, f"{TEXTS[i]} renamed")
    catalog.refresh(analysis)
    return view


def neighbours() -> None:
    """Further analyses, called like the texts: by itself what acts at the beginning of a line, the others together."""
    small = sample_bundle.parts(5)
    alone = [text for text in MARKED if text[0] in "#>-=+|@\t＝:"]
    names, line = alone[:], ""
    for text in (*PLAIN, *MARKED):
        if len(line) + len(text) > library.MAX_NAME_CHARS:
            names.append(line)
            line = ""
        line += text[: library.MAX_NAME_CHARS] + " "
    for name in [*names, line]:
        library.publish(library.create(name), small)


def _as_name(text: str) -> str:
    """As every field for a name takes it."""
    return " ".join("".join(char if char.isprintable() else " " for char in text).split())[:120]
