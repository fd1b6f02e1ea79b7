"""A list of hits: which of them are shown, with the asked words marked and the reason why each was found."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd
import streamlit as st

from pages.ui import go, state
from pages.ui.escape import plain
from pages.ui.i18n import _
from pages.ui.reviews import MOST_CHARS, show_reviews
from pipelines import search
from pipelines.figures import heads
from pipelines.store.reader import Bundle
from pipelines.types import BoolArray, IntArray
from pipelines.view import Filter

NEAREST = 10
"""Reviews shown at least: after those that say it or mean it the next nearest."""
_TOPICS = 5


def shown(bundle: Bundle, found: search.Found) -> IntArray:
    """Which hits to list: those that are clear or hold one of the words, NEAREST at least; of equal reviews one."""
    reasons = found.clear | np.array([bool(words) for words in found.words], dtype=bool)
    first = distinct(bundle, found)
    kept = first & reasons
    more = np.flatnonzero(first & ~reasons)[: max(NEAREST - int(kept.sum()), 0)]
    kept[more] = True
    return np.flatnonzero(kept).astype(np.int64)


def distinct(bundle: Bundle, found: search.Found) -> BoolArray:
    """(m,) which hits are the first to say what they say: of equal reviews one is enough."""
    standing = heads(bundle.points)[found.positions]
    first = np.zeros(len(found), dtype=bool)
    first[np.unique(standing, return_index=True)[1]] = True
    return first


def listed(bundle: Bundle, found: search.Found, which: IntArray, *, key: str) -> None:
    """The hits `which` of a search: their words marked, why each was found, and the ways on from it."""
    part = bundle.points.iloc[found.positions[which]]
    marks = {
        int(unit): search.marked(text[:MOST_CHARS], found.terms)
        for unit, text, hit in zip(part["unit_id"].tolist(), part["text"].tolist(), which.tolist(), strict=True)
        if found.words[hit]
    }
    opened = show_reviews(
        part,
        bundle,
        key=key,
        why=_why(bundle, found, which),
        marks=marks,
        clickable=True,
    )
    if opened is not None:
        go.to("pages/main/map.py", lambda: state.change(selection=(opened,)))


def topic_doors(part: pd.DataFrame, *, key: str) -> None:
    """The topics that most of the reviews found are of, as buttons that make a filter."""
    in_topics = part[part["topic"] != ""]
    counts = in_topics.groupby("cluster")["row_id"].nunique().sort_values(ascending=False, kind="stable")
    names = dict(zip(in_topics["cluster"].tolist(), in_topics["topic"].tolist(), strict=True))
    for topic, n in zip(counts.index.tolist()[:_TOPICS], counts.tolist()[:_TOPICS], strict=True):
        st.button(
            f"{plain(str(names[topic]), 40)} · {n:,}",
            key=f"{key}_{topic}",
            type="tertiary",
            on_click=state.add_filter,
            args=(Filter("cluster", "is", int(topic)),),
            help=_("Only this topic"),
        )


def _why(bundle: Bundle, found: search.Found, which: IntArray) -> Mapping[int, str]:
    standing = heads(bundle.points)
    places = found.positions[which]
    ids, sizes = np.unique(standing, return_counts=True)
    times = sizes[np.searchsorted(ids, standing[places])]
    units = bundle.points["unit_id"].to_numpy()[places]
    return {int(unit): reason(found, hit, int(n)) for unit, hit, n in zip(units, which.tolist(), times, strict=True)}


def reason(found: search.Found, hit: int, times: int = 1) -> str:
    """Why a hit was found, in words: what it holds, how near it is in meaning, how often it is said."""
    parts = []
    if found.words[hit]:
        parts.append(_("has: {words}").format(words=" · ".join(found.words[hit])))
    similarity = float(found.similarity[hit])
    if not np.isnan(similarity):
        likeness = f"{similarity:.2f}".replace("-", "−")
        if np.isnan(found.cut):
            parts.append(_("likeness {x}").format(x=likeness))
        elif similarity >= found.cut:
            parts.append(_("close in meaning (likeness {x})").format(x=likeness))
        else:
            parts.append(_("less close in meaning (likeness {x})").format(x=likeness))
    if times > 1:
        parts.append(_("said {n} times").format(n=f"{times:,}"))
    return " | ".join(parts)
