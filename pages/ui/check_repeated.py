"""Equal and nearly equal texts: how often, by how many users, over how many days, and which came in a burst."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd
import streamlit as st

from pages.ui import state
from pages.ui.check_odd import snippet
from pages.ui.csv_button import csv_button
from pages.ui.i18n import _, n_
from pages.ui.reviews import by_ids, show_reviews
from pages.ui.table import table as show_table
from pipelines import collapse
from pipelines.bursts import SURE, repeated_groups
from pipelines.store.reader import Bundle


def show(bundle: Bundle, points: pd.DataFrame) -> None:
    """Draw the tab for the reviews in sight."""
    groups, kind_of = _grouped(state.digest(bundle), points)
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
    _by_kind(kind_of)
    _bursts_told(groups, points)
    groups = groups.assign(kind=[_kind_name(kind) for kind in groups["loosest"]])
    chosen = _table(groups)
    csv_button(saved(groups), "duplicates", key="save_repeated")
    if chosen is None:
        st.caption(_("Choose a row to read its reviews."))
        return
    group = groups.iloc[chosen].to_dict()
    if not pd.isna(group["burst"]):
        st.markdown(burst_said(group))
    show_reviews(by_ids(bundle.points, group["unit_ids"]), bundle, key="duplicate_reviews")


@st.cache_resource(max_entries=8, show_spinner=False)
def _grouped(digest: str, _points: pd.DataFrame) -> tuple[pd.DataFrame, pd.Series]:
    """The groups, each with the loosest kind among its members, and how many reviews repeat another in which way."""
    groups = repeated_groups(_points)
    if groups.empty:
        return groups, pd.Series(dtype=int)
    kind_of = collapse.kinds(_points)
    of_unit = dict(zip(_points["unit_id"].tolist(), kind_of.tolist(), strict=True))
    loosest = groups["unit_ids"].map(lambda units: max((of_unit[unit] for unit in units), key=_looseness))
    return groups.assign(loosest=loosest), kind_of.value_counts()


def _bursts_told(groups: pd.DataFrame, points: pd.DataFrame) -> None:
    """How many groups came in a burst, and how that is told; or why it cannot be."""
    if "date" not in points or points["date"].isna().all():
        st.caption(_("This file has no dates, so that bursts cannot be told."))
        return
    bursts = groups[groups["burst"].notna()]
    if bursts.empty:
        st.caption(_("None of these texts came more often within a week than the file's own rate explains."))
        return
    st.markdown(
        ":material/bolt: "
        + n_(
            "**{n} text** came in a burst: far more often within some days than chance explains.",
            "**{n} texts** came in bursts: far more often within some days than chance explains.",
            len(bursts),
        ),
        help=_(
            "Each text is compared with the file's own reviews per day, over windows of 1, 2, 3 and 7 days (binomial "
            "test of the least likely window, Bonferroni-corrected over all windows of all texts, p < {p})."
        ).format(p=SURE),
    )


def burst_said(group: Mapping[Any, Any]) -> str:
    """A burst as a sentence with its figures."""
    said = _(
        "**{k} of {n}** between {start} and {end}; by the file's own reviews per day {expected} would be expected "
        "(chance {p}, corrected)."
    ).format(
        k=f"{int(group['burst']):,}",
        n=f"{int(group['n']):,}",
        start=f"{group['start']:%Y-%m-%d}",
        end=f"{group['end']:%Y-%m-%d}",
        expected=f"{group['expected']:.2g}",
        p=_chance(float(group["p"])),
    )
    if pd.isna(group["burst_users"]):
        return said
    return f"{said} " + n_("Written by {n} user.", "Written by {n} users.", int(group["burst_users"]))


def _chance(p: float) -> str:
    return "< 0.0001" if p < 0.0001 else f"{p:.2g}"


def _mark(group: Mapping[Any, Any]) -> str:
    """A burst in a cell: "12 in 3 days"; "" where there is none."""
    if pd.isna(group["burst"]):
        return ""
    days = n_("{n} day", "{n} days", int((group["end"] - group["start"]).days) + 1)
    return _("{n} in {days}").format(n=f"{int(group['burst']):,}", days=days)


def _table(groups: pd.DataFrame) -> int | None:
    """The table of groups; the position of the chosen one."""
    shown = groups.assign(text=groups["text"].map(snippet), mark=[_mark(one) for one in groups.to_dict("records")])
    columns = {
        "mark": st.column_config.TextColumn(_("Burst"), width="small"),
        "kind": st.column_config.TextColumn(_("Kind")),
        "n": st.column_config.NumberColumn(_("Times"), format="localized"),
        "text": st.column_config.TextColumn(_("Text"), width="large"),
        "users": st.column_config.NumberColumn(_("Users"), format="localized"),
        "days": st.column_config.NumberColumn(_("Days apart"), format="localized"),
    }
    order = ["n", *(["mark"] if groups["burst"].notna().any() else []), "kind", "text"]
    order += [name for name in ("users", "days") if groups[name].notna().any()]
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
    return rows[0] if rows and rows[0] < len(groups) else None


def saved(groups: pd.DataFrame) -> pd.DataFrame:
    """The groups as a table to take along."""
    days = {name: groups[name].dt.strftime("%Y-%m-%d").astype("str").fillna("") for name in ("start", "end")}
    return pd.DataFrame(
        {
            _("times"): groups["n"],
            _("users"): groups["users"],
            _("days apart"): groups["days"],
            _("kind"): groups["kind"],
            _("in a burst"): groups["burst"],
            _("burst from"): days["start"],
            _("burst to"): days["end"],
            _("expected in it"): groups["expected"].round(3),
            _("chance"): groups["p"].where(groups["burst"].notna()),
            _("text"): groups["text"],
        }
    )


def _looseness(kind: str) -> int:
    return ("", *collapse.KINDS).index(kind)


def _kind_name(kind: str) -> str:
    return {
        collapse.EXACT: _("word for word"),
        collapse.FOLDED: _("same but for case and punctuation"),
        collapse.NEAR: _("nearly the same"),
    }.get(kind, "")


def _by_kind(counts: pd.Series) -> None:
    """How many reviews repeat another in which way."""
    parts = [f"{_kind_name(kind)}: {int(counts[kind]):,}" for kind in collapse.KINDS if kind in counts]
    st.caption(" · ".join(parts))
