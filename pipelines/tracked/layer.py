"""Tracked topics laid over a bundle: a column each among the points, and what they are in the summary."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import pandas as pd

from pipelines.figures import count_reviews
from pipelines.store.journal import Entry
from pipelines.store.overlay import Overlay
from pipelines.store.reader import Bundle
from pipelines.tracked.definition import Tracked, fold
from pipelines.tracked.judge import Judged, judge


def lay(bundle: Bundle, entries: Sequence[Entry], find: Callable[[str], Bundle | None]) -> Bundle:
    """The bundle with the tracked topics of the journal; itself where there are none, and for a draft.

    Points get a column `tracked:<id>` each, holding the topic's name where a unit belongs to it and missing elsewhere;
    summary["tracked"] lists them in the order they were made (`entry`).
    """
    topics = fold(entries)
    if not topics or bundle.is_draft:
        return bundle
    columns, listed = {}, []
    for topic in topics:
        judged = judge(bundle, topic)
        names = [topic.name if belongs else None for belongs in judged.belongs.tolist()]
        columns[topic.column] = pd.array(names, dtype="str")
        listed.append(entry(bundle.points, topic, judged))
    points = pd.concat([bundle.points, pd.DataFrame(columns, index=bundle.points.index)], axis=1)
    return Overlay(bundle, topics, points=points, summary={**bundle.summary, "tracked": listed})


def entry(points: pd.DataFrame, topic: Tracked, judged: Judged) -> dict[str, Any]:
    """What a list shows: id, name, column, definition, units, reviews, mean sentiment, how it was found, how sure."""
    part = points[judged.belongs]
    return {
        "id": topic.id,
        "name": topic.name,
        "column": topic.column,
        "definition": {
            "phrases": list(topic.phrases),
            "examples": len(topic.examples),
            "answers": len(topic.answers),
            "threshold": topic.threshold,
        },
        "units": len(part),
        "reviews": count_reviews(part),
        "sentiment": float(part["sentiment"].mean()) if len(part) else None,
        "how": judged.how,
        "sure": float(judged.probability[judged.belongs].mean()) if len(part) else None,
        "lost": judged.lost,
    }
