"""The page that benchmarks.map measures, run by Streamlit: made points, drawn by our map or by st.plotly_chart.

Query: n points, side "ours" or "plotly". Both get the same places, colours and filter; the chart as it is usually
made with graph_objects: float32 places, one colour number a point, row ids as customdata, no text.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
import plotly.graph_objects as go
import streamlit as st

from pages.ui import map as review_map
from pipelines.map.colour import ColourSpec, colour_by
from pipelines.view import View

TOPICS = 24
COLOURS = ("topic", "sentiment", "rating")


@st.cache_resource
def made(n: int) -> tuple[pd.DataFrame, pd.DataFrame, list[dict[str, object]]]:
    """n points in TOPICS heaps: what the map needs of a bundle."""
    random = np.random.default_rng(0)
    cluster = random.integers(-1, TOPICS, n).astype(np.int32)
    centres = np.concatenate([random.normal(0, 8, (TOPICS, 3)), [[0, 0, 0]]])
    xyz = (centres[cluster] + random.normal(0, 1.2, (n, 3))).astype(np.float32)
    text = [f"Review {i}: the grinder is louder than I thought, but the coffee is good." for i in range(n)]
    points = pd.DataFrame(
        {
            "row_id": np.arange(n), "unit_id": np.arange(n), "text": pd.array(text, dtype="str"),
            "x2": xyz[:, 0], "y2": xyz[:, 1], "x3": xyz[:, 0], "y3": xyz[:, 1], "z3": xyz[:, 2],
            "cluster": cluster, "is_outlier": random.random(n) > 0.98,
            "sentiment": random.uniform(-1, 1, n).astype(np.float32),
            "rating": random.integers(1, 6, n).astype(np.float32),
        }
    )  # fmt: skip
    topics: list[dict[str, object]] = [{"id": i, "name": f"topic {i}"} for i in range(TOPICS)]
    return points, pd.DataFrame({"row_id": np.arange(n)}), topics


def chart(points: pd.DataFrame, spec: ColourSpec, chosen: np.ndarray) -> None:
    """The same by st.plotly_chart."""
    colour = np.where(chosen, spec.index.astype(np.float32), -1)
    figure = go.Figure(
        go.Scattergl(
            x=points["x2"].to_numpy(),
            y=points["y2"].to_numpy(),
            mode="markers",
            customdata=points["unit_id"].to_numpy(),
            hoverinfo="none",
            marker={"color": colour, "colorscale": "Turbo", "cmin": -1, "cmax": 255, "size": 4},
        )
    )
    figure.update_layout(height=640, margin={"l": 0, "r": 0, "t": 0, "b": 0}, dragmode="pan", uirevision="same")
    st.plotly_chart(figure, key="chart", on_select="rerun", selection_mode=("lasso",), config={"scrollZoom": True})


st.set_page_config(layout="wide")
wanted, side = int(st.query_params.get("n", "1000")), st.query_params.get("side", "ours")
points, rows, topics = made(wanted)
name = st.radio("Colour", COLOURS, horizontal=True, key="colour")
low = st.checkbox("Filter", key="filter")
found = colour_by(points, rows, str(name), topics)
inside = (points["sentiment"] > 0).to_numpy() if low else np.ones(len(points), dtype=bool)
if side == "ours":
    view = st.session_state.setdefault("view", View())
    event = review_map.show_map(
        points, topics, view, mask=inside, colour=found, key="map", height=640, dark=False,
        words=review_map.default_words(),
    )  # fmt: skip
    if event is not None and event.selection is not None:
        st.session_state["view"] = View(selection=event.selection or None)
else:
    chart(points, found, inside)
