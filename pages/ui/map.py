"""The one place that draws the map: a component around plotly.js, in which zoom, camera and selection stay.

What changes seldom goes apart from what changes often: places travel once, in a component that draws nothing, and
Streamlit sends a message it has sent before by its hash only. A recolour or a filter is about one byte a point; the
texts of what a person points at are fetched by a fragment (map_texts). What a person does comes back once, as a
trigger, and never as state that every rerun would send again.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
import streamlit as st

from pages.ui import map_packed, map_texts, state
from pages.ui.i18n import _
from pages.ui.map_component import carry, loader, nothing
from pipelines.map import pack
from pipelines.map.area import corners_of, inside, same_place
from pipelines.map.colour import ColourSpec, colour_by
from pipelines.map.words import map_words
from pipelines.types import BoolArray, IntArray
from pipelines.view import View

__all__ = ["ColourSpec", "MapEvent", "colour_by", "default_words", "read_event", "show_map"]

_EVENTS = ("selected", "moved", "topic", "period", "asked")
ASKED = ("value", "theme", "undo", "redo", "end_search")


@dataclass(frozen=True)
class MapEvent:
    """What a person did to the map since the last run; None where nothing changed.

    selection: unit_ids clicked, boxed or lassoed, () when cleared. camera: {"flat": [x low, x high, y low, y high],
    "eye", "center", "up"}, parts that were never moved missing, {} when reset. topic: the id of a clicked name.
    period: which of the brush's periods a person wants to keep. asked: one of ASKED with its value: a category of the
    legend (text or number), a theme's id, else None.
    """

    selection: tuple[int, ...] | None = None
    camera: dict[str, Any] | None = None
    topic: int | None = None
    period: int | None = None
    asked: tuple[str, str | int | None] | None = None


# The lasso needs Plotly's styles and events in the page itself, not in a shadow root.
_map = st.components.v2.component(
    "reviewscape_map",
    js=loader("map"),
    isolate_styles=False,
)


def read_event(key: str, points: pd.DataFrame, view: View, mask: BoolArray) -> MapEvent | None:
    """What was done to the map `key` since the last run. mask (points,): those inside the filters."""
    kept = st.session_state.get(key)
    done = {name: _new(key, _trigger(kept, name)) for name in _EVENTS}
    if not any(value is not None for value in done.values()):
        return None
    _note_sequence(key, done)
    moved, topic = done["moved"], done["topic"]
    camera = moved.get("camera") if moved else None
    clicked = topic.get("topic") if topic else None
    period = done["period"].get("period") if done["period"] else None
    return MapEvent(
        selection=None if done["selected"] is None else _selected(done["selected"], points, view, mask),
        camera=camera if isinstance(camera, dict) else None,
        topic=clicked if isinstance(clicked, int) else None,
        period=period if isinstance(period, int) else None,
        asked=_asked(done["asked"]),
    )


def show_map(
    points: pd.DataFrame,
    topics: Sequence[Mapping[str, Any]],
    view: View,
    *,
    mask: BoolArray,
    colour: ColourSpec,
    key: str,
    height: int,
    dark: bool,
    words: Mapping[str, str],
    compact: bool = False,
    with_text: bool = True,
    may_read: Callable[[], bool] | None = None,
    brush: tuple[str, bytes] | None = None,
    themes: Sequence[Mapping[str, Any]] = (),
    outlines: tuple[str, bytes] | None = None,
    hits: IntArray | None = None,
    fly: tuple[int, int] | None = None,
    search_box: str = "",
    undoes: bool = False,
    picks: bool = False,
) -> MapEvent | None:
    """Draw the map of `points` as `view` has it, and return what the person did to it since the last run.

    mask (points,): points inside the filters; the rest is grey. colour: by colour_by. words: default_words(). compact:
    a small overview without tools. with_text: whether beginnings of reviews may go to the browser, which asks for those
    of points that a person looks at; may_read: asked each time, where that right can end while the page is open. brush:
    the periods that the map can play (pack.periods_part). themes: as in summary["themes"], named when the whole map is
    in sight. outlines: lines around topics (pack.outlines_part). hits: positions of what a search found, best first;
    None: nothing is looked for. fly: a position to show, and a number that differs each time. search_box: CSS of the
    box in which Escape ends the search. undoes: whether undo and redo, by keys, mean the look. picks: whether a click
    on any category of the legend is told (MapEvent.asked), not only one on a topic. Give the event to the view before
    the next run: until then the map goes by the event, not by the view's older selection.
    """
    event = read_event(key, points, view, mask)
    chosen = view.selection if event is None or event.selection is None else event.selection
    selection = pack.positions_of(chosen or (), points).astype(np.int64)
    kept = map_packed.packed(points, with_text)
    drawn = map_packed.drawn(
        kept,
        mask=mask,
        colour=colour,
        dims=view.dims,
        camera=_seen(key, kept.digest, event, view),
        selection=selection,
        hits=hits,
        fly=None if fly is None else fly[0],
    )
    found = None if hits is None else pack.hits_part(drawn.places(hits))
    placed = map_packed.labels(points, topics)
    told = {"words": dict(words), "labels": placed, "themes": pack.theme_labels(placed, themes)}
    parts = {
        "told": pack.with_digest(told, {}),
        "points": (kept.digest, kept.places),
        "paint": pack.paint_part(drawn.of(colour.index)),
        "more": drawn.more,
        "density": drawn.density,
        "periods": brush,
        "outlines": outlines,
        "hits": found,
    }
    meta = {
        **pack.look_meta(colour, dims=view.dims, camera=view.camera, dark=dark),
        **{name: part[0] if part else None for name, part in parts.items()},
        "texts": kept.texts,
        "counts": drawn.counts,
        "fly": _flight(fly, drawn),
        "search_box": search_box,
        "undoes": undoes,
        "picks": picks,
        "height": height,
        "compact": compact,
        "placed": st.session_state.get(state.PLACED, 0),
        "seq": st.session_state.get(f"{key}:seq", 0),
    }
    look = pack.pack(meta, pack.look_arrays(drawn.of(mask), drawn.places(selection) if len(selection) else None))
    with st.container(key=f"{key}-frame", gap=None):
        for name, one in parts.items():
            if one:
                carry(key=f"{key}-{name}", data=one[1], height=1)
        if kept.texts:
            map_texts.carry(points, kept.texts, f"{key}-texts", may_read)
        _map(
            key=key,
            data=look,
            height=height,
            on_selected_change=nothing,
            on_moved_change=nothing,
            on_topic_change=nothing,
            on_period_change=nothing,
            on_asked_change=nothing,
        )
    return event


def default_words() -> dict[str, str]:
    """The map's words in the session's language."""
    return map_words(_)


def _seen(key: str, digest: str, event: MapEvent | None, view: View) -> Mapping[str, Any] | None:
    """Where a person last moved this map to: not every page keeps it in its view."""
    about = (digest, st.session_state.get(state.PLACED, 0))
    if event is not None and event.camera is not None:
        st.session_state[f"{key}:seen"] = (about, event.camera)
    moved = st.session_state.get(f"{key}:seen")
    return moved[1] if moved and moved[0] == about else view.camera


def _flight(fly: tuple[int, int] | None, drawn: map_packed.Drawn) -> dict[str, int] | None:
    place = drawn.places(np.array([fly[0]])).tolist() if fly else []
    return {"position": place[0], "turn": fly[1]} if fly and place else None


def _trigger(kept: Any, name: str) -> dict[str, Any] | None:
    value = kept.get(name) if isinstance(kept, Mapping) else None
    return value if isinstance(value, dict) else None


def _asked(sent: Mapping[str, Any] | None) -> tuple[str, str | int | None] | None:
    if not sent or sent.get("what") not in ASKED:
        return None
    value = sent.get("value")
    return str(sent["what"]), value if isinstance(value, str | int) and not isinstance(value, bool) else None


def _new(key: str, sent: dict[str, Any] | None) -> dict[str, Any] | None:
    """What was sent, unless it was taken before: the browser tells again what it thinks was lost."""
    number = sent.get("seq") if sent else None
    is_old = isinstance(number, int) and number <= st.session_state.get(f"{key}:seq", 0)
    return None if is_old else sent


def _note_sequence(key: str, done: Mapping[str, dict[str, Any] | None]) -> None:
    numbers = [value.get("seq") for value in done.values() if value]
    known = [number for number in numbers if isinstance(number, int)]
    st.session_state[f"{key}:seq"] = max([st.session_state.get(f"{key}:seq", 0), *known])


def _selected(sent: Mapping[str, Any], points: pd.DataFrame, view: View, mask: BoolArray) -> tuple[int, ...]:
    """The unit ids of a selection. Where not all points are drawn the browser sends what was done, not what follows.

    That is an area, or a point that was clicked, and whether it adds to what was selected before: meant are all points
    in the area, or on the same spot, that are inside the filters.
    """
    if "adds" not in sent:
        return _units(sent, points)
    corners = corners_of(sent.get("area"))
    if corners is not None:
        found = inside(points["x2"].to_numpy(), points["y2"].to_numpy(), corners) & mask
    else:
        clicked = np.isin(points["unit_id"].to_numpy(), _units(sent, points))
        found = same_place(points, clicked, view.dims) & mask
    units = points["unit_id"].to_numpy()[found].tolist()
    return tuple(sorted({*units, *(view.selection or ())})) if sent["adds"] is True else tuple(units)


def _units(selected: Mapping[str, Any], points: pd.DataFrame) -> tuple[int, ...]:
    """The unit ids of a selection that the browser sent, as positions or as one bit a point; nonsense is left out."""
    flags = np.zeros(len(points), dtype=bool)
    if isinstance(selected.get("bits"), str):
        try:
            raw = np.frombuffer(base64.b64decode(selected["bits"], validate=True), dtype=np.uint8)
        except (binascii.Error, ValueError):
            return ()
        bits = np.unpackbits(raw, bitorder="little")[: len(points)].astype(bool)
        flags[: len(bits)] = bits
    elif isinstance(selected.get("list"), list):
        listed = [i for i in selected["list"] if isinstance(i, int) and 0 <= i < len(points)]
        flags[listed] = True
    return tuple(int(unit) for unit in points["unit_id"].to_numpy()[flags])
