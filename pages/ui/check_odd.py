"""Odd reviews: far from every other one, each with the reasons, which can be chosen, dismissed and saved."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from functools import partial

import numpy as np
import pandas as pd
import streamlit as st

from pages.ui import check_dismissed, go, state
from pages.ui.csv_button import csv_button
from pages.ui.i18n import _, language, n_
from pages.ui.reviews import MOST, show_reviews
from pipelines import odd
from pipelines.errors import N_
from pipelines.figures import count_reviews
from pipelines.odd import Sign
from pipelines.store.reader import Bundle
from pipelines.view import Filter
from pipelines.words import catalogue

SNIPPET = 70
MOST_READ = 2_000
"""Odd reviews whose reasons are read at most: a slider that is moved far enough calls every review odd."""
_SCORE = "outlier_score"


def snippet(text: str) -> str:
    """The start of a text on one line."""
    line = " ".join(text.split())
    return line if len(line) <= SNIPPET else line[: SNIPPET - 1] + "…"


def show(bundle: Bundle, points: pd.DataFrame) -> None:
    """Draw the tab for the reviews in sight."""
    threshold, is_moved = _threshold(bundle)
    part = _far(points, threshold, is_moved=is_moved)
    st.markdown(
        n_("**{n} review** is unlike all others.", "**{n} reviews** are unlike all others.", count_reviews(part))
        + " "
        + _("Odd is not wrong: look for reviews of another product, spam, or a rare but serious problem.")
    )
    check_dismissed.last_and_list(bundle)
    if part.empty:
        st.info(_("Nothing is that odd. Move the slider to the left to see more."))
        return
    reader = _reader(bundle.key, bundle)
    if len(part) > MOST_READ:
        said = _("So many cannot be read at once: below are the {n} oddest of them, with their reasons.")
        st.caption(said.format(n=f"{MOST_READ:,}"))
    part = part.head(MOST_READ)
    signs = {unit: reader.of(unit) for unit in part["unit_id"].tolist()}
    kind = _pick(bundle, signs)
    if kind is not None:
        part = part[[kind in odd.kinds_of(signs[unit]) for unit in part["unit_id"].tolist()]]
    _actions(bundle, part, threshold, is_moved=is_moved)
    units, spoken = part["unit_id"].tolist(), catalogue(language()).gettext
    csv_button(lambda: table(reader, units, spoken), "odd-reviews", key="save_odd")
    why = {unit: _why(reader, unit, signs[unit]) for unit in part["unit_id"].head(MOST).tolist()}
    opened = show_reviews(
        part,
        bundle,
        key="odd_reviews",
        why=why,
        clickable=True,
        on_move=None if bundle.is_draft else partial(check_dismissed.one, bundle),
        move_label=_("Not odd"),
    )
    if opened is not None:
        go.to("pages/main/map.py", lambda: state.change(selection=(opened,)))


def _threshold(bundle: Bundle) -> tuple[float, bool]:
    """The score from which a review is odd, and whether a person moved it."""
    usual = float(bundle.summary["outliers"]["threshold"])
    threshold = st.slider(
        _("How odd a review must be (outlier score)"),
        0.0,
        1.0,
        round(usual, 2),
        0.01,
        key=f"odd_threshold_{bundle.id}",
        help=_(
            "From how far a review is from its ten nearest neighbours. {n} was chosen from the data: at most one in "
            "twenty is odd, and fewer where the farthest stand out little."
        ).format(n=f"{usual:.2f}"),
    )
    # Where nobody moved the slider the analysis's own verdict counts: rounding the threshold would lose some.
    return float(threshold), threshold != round(usual, 2)


def _far(points: pd.DataFrame, threshold: float, *, is_moved: bool) -> pd.DataFrame:
    """Distinct units that are odd and not dismissed, oddest first."""
    distinct = points[points["duplicate_of"].isna()]
    if odd_dismissed := check_dismissed.among(distinct):
        distinct = distinct[~distinct["unit_id"].isin(odd_dismissed)]
    chosen = distinct[_SCORE] >= threshold if is_moved else distinct["is_outlier"]
    return distinct[chosen].sort_values(_SCORE, ascending=False, kind="stable")


@st.cache_resource(max_entries=8, show_spinner=False)
def _reader(key: str, _bundle: Bundle) -> odd.Signs:
    return odd.of(_bundle)


KIND_NAMES = {
    odd.MACHINE: N_("machine-made"),
    odd.LANGUAGE: N_("another language"),
    odd.SHORT: N_("too short"),
    odd.LONG: N_("too long"),
    odd.SUBJECT: N_("another subject"),
    odd.FAR: N_("merely far"),
}
"""Kinds of signs in a few words."""


def _pick(bundle: Bundle, signs: Mapping[int, Sequence[Sign]]) -> str | None:
    """The kind of sign to look at; None for all. A review can bear several."""
    counts = Counter(kind for one in signs.values() for kind in odd.kinds_of(one))
    present = [kind for kind in odd.KINDS if counts[kind]]
    return st.pills(
        _("Why"),
        present,
        format_func=lambda kind: f"{_(KIND_NAMES[kind])} · {counts[kind]:,}",
        # A choice that is no longer offered would stay chosen under the same key.
        key=f"odd_why_{bundle.id}_{'_'.join(present)}",
        help=_("Signs that a review bears, each from plain figures; one that bears several stands under each."),
    )


def _why(reader: odd.Signs, unit_id: int, signs: Sequence[Sign]) -> str:
    lines = []
    for sign in signs:
        words = _("Such words: {words}.").format(words=", ".join(sign.words)) if sign.words else ""
        lines.append(f"{odd.say(sign, _)} {words}".strip())
    score = float(reader.bundle.points[_SCORE].iloc[unit_id])
    lines.append(_("Outlier score {score}.").format(score=f"{score:.2f}"))
    if near := _nearest_said(reader, unit_id):
        lines.append(_("Nearest reviews, and how alike: {quotes}").format(quotes=near))
    return " ".join(lines)


def _nearest_said(reader: odd.Signs, unit_id: int) -> str:
    texts = reader.bundle.points["text"]
    found = reader.nearest(unit_id)
    return " | ".join(f"“{snippet(str(texts.iloc[i]))}” ({similarity:.0%})" for i, similarity in found)


def _actions(bundle: Bundle, part: pd.DataFrame, threshold: float, *, is_moved: bool) -> None:
    """Filter every page by these, dismiss them."""
    item = Filter(_SCORE, "between", (threshold, 1.0)) if is_moved else Filter("is_outlier", "is", True)
    with st.container(horizontal=True, gap="small", key="odd_actions"):
        st.button(
            _("Filter by the odd ones"),
            key="filter_odd",
            icon=":material/filter_alt:",
            on_click=state.add_filter,
            args=(item,),
            disabled=state.has_filter(item),
        )
        if not bundle.is_draft:
            st.button(
                n_("Dismiss this {n}", "Dismiss these {n}", len(part)),
                key="dismiss_all",
                icon=":material/visibility_off:",
                help=_(
                    "They are looked at and in order: out of this list and of every count of odd reviews, with Undo."
                ),
                on_click=check_dismissed.several,
                args=(bundle, part["unit_id"].tolist()),
            )


def table(reader: odd.Signs, units: Sequence[int], gettext: Callable[[str], str]) -> pd.DataFrame:
    """The list as a table to take along, a row for each of `units` (unit ids).

    gettext: of who asked, since a file is written outside of any session.
    """
    points = reader.bundle.points
    part, signs = points.iloc[points.index.get_indexer(pd.Index(units))], [reader.of(unit) for unit in units]
    kinds = [", ".join(gettext(KIND_NAMES[kind]) for kind in odd.kinds_of(one)) for one in signs]
    columns = {
        N_("row"): part["row_id"].to_numpy() + 1,
        N_("outlier score"): part[_SCORE].to_numpy(dtype=np.float64).round(4),
        N_("why"): pd.array(kinds, dtype="str"),
        N_("explained"): pd.array([" ".join(odd.say(sign, gettext) for sign in one) for one in signs], dtype="str"),
        N_("nearest"): pd.array([_nearest_said(reader, unit) for unit in units], dtype="str"),
        N_("topic"): part["topic"].to_numpy(),
        N_("text"): part["text"].to_numpy(),
    }
    return pd.DataFrame({gettext(name): values for name, values in columns.items()})
