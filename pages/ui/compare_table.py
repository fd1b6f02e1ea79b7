"""The tables behind Compare's charts, each with its download."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
import streamlit as st

from pages.ui import compare_cells
from pages.ui.behind import Figures, behind
from pages.ui.i18n import _
from pipelines.compare import Grid, Pair


def behind_grid(
    found: Grid,
    topics: np.ndarray,
    segments: np.ndarray,
    labels: Sequence[str],
    names: dict[int, str],
    by: str,
) -> tuple[int, int] | None:
    """Every cell as a row, the surest difference first; returns the places (segment, topic) of a chosen one."""
    s, t = (places.ravel() for places in np.meshgrid(segments, topics, indexing="ij"))
    order = np.lexsort((-np.abs(np.nan_to_num(found.difference[s, t])), np.nan_to_num(found.p[s, t], nan=2.0)))
    cells = list(zip(s[order].tolist(), t[order].tolist(), strict=True))
    picked = behind(
        "compare-grid", lambda: _of_cells(found, cells, labels, names, by), key="compare_grid_cells", picks=True
    )
    return None if picked is None else cells[picked]


def _of_cells(
    found: Grid, cells: list[tuple[int, int]], labels: Sequence[str], names: dict[int, str], by: str
) -> Figures:
    s, t = np.array(cells).T
    frame = pd.DataFrame(
        {
            "group": [labels[place] for place in s],
            "topic": [names[found.topics[place]] for place in t],
            "of_group": found.of_segment[s],
            **{
                name: getattr(found, name)[s, t]
                for name in (
                    "reviews", "n", "value", "low", "high", "rest", "difference", "difference_low", "difference_high",
                    "p", "corrected", "differs",
                )
            },
        }
    )  # fmt: skip
    measure = found.measure
    shown = frame[["group", "topic"]].assign(
        mark=[compare_cells.mark(found, *c) for c in cells],
        reviews=frame["reviews"],
        value=[
            f"{compare_cells.number(found.value[cell], measure)} "
            f"({compare_cells.between(found.low[cell], found.high[cell], measure)})"
            for cell in cells
        ],
        rest=[compare_cells.number(found.rest[c], measure) for c in cells],
        difference=[
            f"{compare_cells.number(found.difference[c], measure, signed=True)} "
            f"({compare_cells.between(found.difference_low[c], found.difference_high[c], measure, signed=True)})"
            for c in cells
        ],
        corrected=frame["corrected"],
    )
    return Figures(
        shown,
        saved=frame.rename(columns={"value": measure}),
        columns={
            "group": st.column_config.TextColumn(by, width=120),
            "topic": st.column_config.TextColumn(_("Topic"), width=150),
            "mark": st.column_config.TextColumn("", width=28),
            "reviews": st.column_config.NumberColumn(_("Reviews"), format="localized", width=62),
            "value": st.column_config.TextColumn(_("Here"), width=160, help=_("With its 95 % interval")),
            "rest": st.column_config.TextColumn(_("Elsewhere"), width=68),
            "difference": st.column_config.TextColumn(
                _("Difference"), width=160, help=_("With its 95 % interval, not corrected")
            ),
            "corrected": st.column_config.NumberColumn(
                _("p, corrected"), format="%.2g", width=76, help=_("Benjamini–Hochberg over the whole grid")
            ),
        },
    )


def behind_pair(found: Pair, names: dict[int, str], label_a: str, label_b: str) -> int | None:
    """Every topic as a row; returns the id of one that was chosen."""
    picked = behind(
        "compare-groups",
        lambda: _of_topics(found, names, label_a, label_b),
        key="compare_pair_topics",
        picks=True,
    )
    return None if picked is None else int(found.topics["id"].iloc[picked])


def _of_topics(found: Pair, names: dict[int, str], label_a: str, label_b: str) -> Figures:
    table = found.topics
    told = table.to_dict("records")
    topic = [names[i] for i in table["id"]]
    shown = pd.DataFrame(
        {
            "topic": topic,
            "mark": np.where(found.differs, np.where(table["log_odds"] > 0, "A", "B"), ""),
            "a": table["a"],
            "share_a": [share(row, "a") for row in told],
            "b": table["b"],
            "share_b": [share(row, "b") for row in told],
            "odds": list(map(odds, table["log_odds"], table["low"], table["high"])),
            "corrected": table["corrected"],
        }
    )
    saved = table.assign(group_a=label_a, group_b=label_b, topic=topic, differs=found.differs)
    first = ["group_a", "group_b", "topic"]
    return Figures(
        shown,
        saved=saved[[*first, *(c for c in saved if c not in first)]],
        columns={
            "topic": st.column_config.TextColumn(_("Topic"), width=150, pinned=True),
            "mark": st.column_config.TextColumn(
                _("More in"), width=60, help=_("Where the difference holds at 5 % after the correction")
            ),
            "a": st.column_config.NumberColumn(_("A: reviews"), format="localized", width=68),
            "share_a": st.column_config.TextColumn(_("A: share"), width=108),
            "b": st.column_config.NumberColumn(_("B: reviews"), format="localized", width=68),
            "share_b": st.column_config.TextColumn(_("B: share"), width=108),
            "odds": st.column_config.TextColumn(
                _("Odds, A against B"),
                width=150,
                help=_("How many times the odds of speaking of it in A are those in B, with the 95 % interval"),
            ),
            "corrected": st.column_config.NumberColumn(
                _("p, corrected"), format="%.2g", width=76, help=_("Benjamini–Hochberg over all topics")
            ),
        },
    )


def share(row: Mapping[Any, Any], side: str) -> str:
    """A row's share of either side with its interval: "24% (19–30%)"."""
    ends = compare_cells.between(row[f"low_{side}"], row[f"high_{side}"], "share")
    return f"{compare_cells.number(row[f'share_{side}'], 'share')} ({ends})"


def odds(log_odds: float, low: float, high: float) -> str:
    """A log-odds ratio as a factor with its interval: "×2.3 (1.5 … 3.4)"."""
    return f"×{_factor(log_odds)} ({_factor(low)} … {_factor(high)})"


def _factor(log_odds: float) -> str:
    value = float(np.exp(min(log_odds, 12.0)))
    return f"{value:.2f}" if value < 10 else f"{value:,.0f}"
