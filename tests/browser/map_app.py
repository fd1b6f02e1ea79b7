"""A page with nothing but the map, for the browser tests; run by Streamlit. SAMPLE_BUNDLE names the bundle's folder.

SAMPLE_MOST: from how many points on only so many are drawn, as of very large maps.
"""

import dataclasses
import functools
import json
import os

import streamlit as st

from pages.ui import map as review_map
from pages.ui import map_packed
from pipelines.map import sample
from pipelines.map.pack import periods_part
from pipelines.store.reader import open_bundle
from pipelines.trends.brush import brush_periods
from pipelines.view import Filter, View, mask


@st.cache_resource
def bundle():
    return open_bundle(os.environ["SAMPLE_BUNDLE"])


st.set_page_config(layout="wide")
if "SAMPLE_MOST" in os.environ:
    few = int(os.environ["SAMPLE_MOST"])
    map_packed.sample = functools.partial(sample.sample, limit=few, most=few)
found = bundle()
view = st.session_state.setdefault("view", View(colour=os.environ.get("SAMPLE_COLOUR", "topic")))
st.session_state["runs"] = st.session_state.get("runs", 0) + 1
colour = st.radio(
    "Colour", ["topic", "sentiment", "rating", "outlier", "row:<b>shop</b>", "row:price", "date"], horizontal=True
)
dims = st.radio("Dims", [2, 3], horizontal=True)
only = st.checkbox("Only positive")
dark = st.checkbox("Dark")
if st.button("Select first ten"):
    view = dataclasses.replace(view, selection=tuple(range(10)))
filters = (Filter("sentiment_label", "is", "positive"),) if only else ()
view = dataclasses.replace(view, colour=colour, dims=dims, filters=filters)
topics = found.summary["topics"]
event = review_map.show_map(
    found.points,
    topics,
    view,
    mask=mask(found.points, found.rows, filters),
    colour=review_map.colour_by(found.points, found.rows, colour, topics),
    key="map",
    height=520,
    dark=dark,
    words=review_map.default_words(),
    brush=periods_part(*brush_periods(found.points)),
)
if event is not None:
    if event.selection is not None:
        view = dataclasses.replace(view, selection=event.selection or None)
    if event.camera is not None:
        view = dataclasses.replace(view, camera=event.camera)
st.session_state["view"] = view
state = {
    "selection": view.selection,
    "camera": view.camera,
    "topic": event.topic if event else None,
    "period": event.period if event else None,
    "runs": st.session_state["runs"],
}
st.code(json.dumps(state), language=None)
