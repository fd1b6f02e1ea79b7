"""The Check page's tabs."""

from __future__ import annotations

import numpy as np
import pandas as pd
import streamlit as st

from pages.ui import go, state
from pages.ui.i18n import _, n_
from pages.ui.reviews import by_ids, show_reviews
from pages.ui.table import table as show_table
from pipelines import collapse
from pipelines.figures import duplicate_groups
from pipelines.store.reader import Bundle
from pipelines.view import Filter

SNIPPET = 70
NEIGHBOURS = 3


def nearest(bundle: Bundle, unit_id: int, k: int = NEIGHBOURS) -> list[tuple[int, float]]:
    """The k most similar distinct units of a unit and their cosine similarity; empty where the graph lacks it."""
    graph = bundle.state("graph")
    representatives = graph["representatives"]
    at = int(np.searchsorted(representatives, unit_id))
    if at >= len(representatives) or representatives[at] != unit_id:
        return []
    found = zip(graph["indices"][at][:k], graph["similarity"][at][:k], strict=True)
    return [(int(representatives[i]), float(similarity)) for i, similarity in found]


def odd(bundle: Bundle, points: pd.DataFrame) -> None:
    """Reviews far from every other one, oddest first, with the reason."""
    distinct = points[points["duplicate_of"].isna()]
    usual = float(bundle.summary["outliers"]["threshold"])
    threshold = st.slider(
        _("How odd a review must be (outlier score)"),
        0.0,
        1.0,
        round(usual, 2),
        0.01,
        key=f"odd_threshold_{bundle.id}",
        help=_("From how far a review is from its ten nearest neighbours. {n} was chosen from the data.").format(
            n=f"{usual:.2f}"
        ),
    )
    # Where nobody moved the slider the analysis's own verdict counts: rounding the threshold would lose some.
    is_moved = threshold != round(usual, 2)
    chosen = distinct["outlier_score"] >= threshold if is_moved else distinct["is_outlier"]
    part = distinct[chosen].sort_values("outlier_score", ascending=False, kind="stable")
    st.markdown(
        n_("**{n} review** is unlike all others.", "**{n} reviews** are unlike all others.", len(part))
        + " "
        + _("Odd is not wrong: look for reviews of another product, spam, or a rare but serious problem.")
    )
    why = {
        int(unit): _why_odd(bundle, int(unit), float(score))
        for unit, score in zip(part["unit_id"].head(200), part["outlier_score"].head(200), strict=True)
    }
    if part.empty:
        st.info(_("Nothing is that odd. Move the slider to the left to see more."))
        return
    opened = show_reviews(part, bundle, key="odd_reviews", why=why, clickable=True)
    _to_map(opened)


def _why_odd(bundle: Bundle, unit_id: int, score: float) -> str:
    near = nearest(bundle, unit_id)
    if not near:
        return _("score {score}").format(score=f"{score:.2f}")
    texts = bundle.points["text"]
    quotes = " | ".join(f"“{_snippet(str(texts.iloc[i]))}” ({similarity:.2f})" for i, similarity in near)
    return _("Far from every other review (score {score}). Nearest, with similarity: {quotes}").format(
        score=f"{score:.2f}", quotes=quotes
    )


def _snippet(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= SNIPPET else line[: SNIPPET - 1] + "…"


def _to_map(unit_id: int | None) -> None:
    if unit_id is not None:
        go.to("pages/main/map.py", lambda: state.change(selection=(unit_id,)))


def repeated(bundle: Bundle, points: pd.DataFrame) -> None:
    """Groups of equal or nearly equal texts: who wrote them, over how many days."""
    groups = duplicate_groups(points)
    if groups.empty:
        st.info(_("No review repeats another."))
        return
    st.markdown(
        n_(
            "**{n} review** repeats another word for word or nearly so.",
            "**{n} reviews** repeat another word for word or nearly so.",
            int(points["duplicate_of"].notna().sum()),
        )
        + " "
        + _(
            "They count in every figure, but were placed and grouped as one. Equal praise by many "
            "users in few days is worth a look."
        )
    )
    kind_of = collapse.kinds(points)
    _by_kind(kind_of)
    of_unit = dict(zip(points["unit_id"].tolist(), kind_of.tolist(), strict=True))
    # The loosest kind among its members is a group's.
    loosest = groups["unit_ids"].map(lambda units: max((of_unit[unit] for unit in units), key=_looseness))
    shown = groups.assign(text=groups["text"].map(_snippet), kind=[_kind_name(kind) for kind in loosest])
    columns = {
        "kind": st.column_config.TextColumn(_("Kind")),
        "n": st.column_config.NumberColumn(_("Times")),
        "text": st.column_config.TextColumn(_("Text"), width="large"),
        "users": st.column_config.NumberColumn(_("Users")),
        "days": st.column_config.NumberColumn(_("Days apart")),
    }
    order = ["n", "kind", "text", *(c for c in ("users", "days") if groups[c].notna().any())]
    chosen = show_table(
        shown,
        column_order=order,
        column_config=columns,
        hide_index=True,
        on_select="rerun",
        selection_mode="single-row",
        height="content" if len(shown) <= 12 else 460,
        key=f"duplicate_groups_{hash(tuple(groups['first']))}",
    )
    rows = chosen["selection"]["rows"]
    if rows and rows[0] < len(groups):
        show_reviews(by_ids(bundle.points, groups["unit_ids"].iloc[rows[0]]), bundle, key="duplicate_reviews")
    else:
        st.caption(_("Choose a row to read its reviews."))


def _looseness(kind: str) -> int:
    return ("", *collapse.KINDS).index(kind)


def _kind_name(kind: str) -> str:
    return {
        collapse.EXACT: _("word for word"),
        collapse.FOLDED: _("same but for case and punctuation"),
        collapse.NEAR: _("nearly the same"),
    }.get(kind, "")


def _by_kind(kinds: pd.Series) -> None:
    """How many reviews repeat another in which way."""
    counts = kinds.value_counts()
    parts = [f"{_kind_name(kind)}: {int(counts[kind]):,}" for kind in collapse.KINDS if kind in counts]
    st.caption(" · ".join(parts))


def left_out(bundle: Bundle) -> None:
    """Rows that took no part, and reviews without a clear topic."""
    rows = bundle.rows[~bundle.rows["kept"]]
    unclear = bundle.points[bundle.points["cluster"] < 0]
    st.markdown(n_("**{n} row** has no usable text.", "**{n} rows** have no usable text.", len(rows)))
    if len(rows):
        show_table(
            rows.drop(columns="kept"), hide_index=True, key="left_out_rows", height="content" if len(rows) < 10 else 320
        )
    st.markdown(
        n_("**{n} review** has no clear topic.", "**{n} reviews** have no clear topic.", unclear["row_id"].nunique())
    )
    if len(unclear):
        item = Filter("cluster", "is", -1)
        st.button(
            _("Filter by these"),
            key="filter_unclear",
            on_click=state.add_filter,
            args=(item,),
            disabled=state.has_filter(item),
        )
        show_reviews(unclear, bundle, key="unclear_reviews", page=5)
