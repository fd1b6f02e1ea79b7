"""The Check page's tab "Stars against text": reviews whose stars contradict their text, and how often the two agree."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from pages.ui import go, slices, stars_agreement, state
from pages.ui.i18n import _, n_
from pages.ui.reviews import by_ids, show_reviews
from pipelines.export.contradictions import contradictions_csv
from pipelines.sentiment.contradictions import KIND_STARS, KIND_TEXT, of_points
from pipelines.store.reader import Bundle

_ALL = "all"
_FAINTEST = 0.6
"""What the faintest contradiction comes to, of two or four stars."""


def show(bundle: Bundle, points: pd.DataFrame) -> None:
    """The reviews in sight whose stars say the opposite of their text, clearest first, as a list and as a file."""
    if "rating" not in points or points["rating"].isna().all():
        st.info(_("This file has no star ratings to compare with."))
        return
    found = slices.reckoned("contradictions", state.digest(bundle), lambda: of_points(points))
    rated = points.loc[points["rating"].notna(), "row_id"].nunique()
    st.markdown(
        n_(
            "**{n} review** has stars that its text contradicts.",
            "**{n} reviews** have stars that their text contradicts.",
            len(found),
        )
        + " "
        + n_("{n} review in sight has stars.", "{n} reviews in sight have stars.", rated)
        + " "
        + _("The text's sentiment is an estimate: read before you judge.")
    )
    stars_agreement.show(bundle, points)
    if found.empty:
        return
    part = _chosen(found)
    if part.empty:
        st.caption(_("None contradicts itself that clearly. Move the slider to the left to see more."))
        return
    _save(bundle, points, part)
    shown = by_ids(bundle.points, part["unit_id"].tolist())
    opened = show_reviews(shown, bundle, key="contradictions", why=_why(part), clickable=True)
    if opened is not None:
        go.to("pages/main/map.py", lambda: state.change(selection=(opened,)))


def _chosen(found: pd.DataFrame) -> pd.DataFrame:
    """Those of the kind and the clearness that the person wants to see."""
    counts = found["kind"].value_counts()
    names = {
        _ALL: _("All"),
        KIND_STARS: _("Many stars, the text complains"),
        KIND_TEXT: _("Few stars, the text praises"),
    }
    sizes = {_ALL: len(found), **{kind: int(counts.get(kind, 0)) for kind in (KIND_STARS, KIND_TEXT)}}
    left, right = st.columns([3, 2], vertical_alignment="bottom")
    kind = left.segmented_control(
        _("Which"),
        list(names),
        default=_ALL,
        required=True,
        format_func=lambda one: f"{names[one]} ({sizes[one]:,})",
        key="contradiction_kind",
    )
    least = right.slider(
        _("How clearly (contradiction, up to 1)"),
        _FAINTEST,
        1.0,
        _FAINTEST,
        0.01,
        key="contradiction_least",
        help=_("1 = one star beside the warmest praise, or five stars beside the sharpest complaint."),
    )
    chosen = found["strength"] >= least
    return found[chosen] if kind == _ALL else found[chosen & (found["kind"] == kind)]


def _why(found: pd.DataFrame) -> dict[int, str]:
    said = _("{stars} stars, but the text reads {x} on a scale of −1 to 1")
    return {
        int(unit): said.format(stars=f"{stars:g}", x=f"{x:+.2f}".replace("-", "−"))
        for unit, stars, x in zip(found["unit_id"], found["rating"], found["sentiment"], strict=True)
    }


def _save(bundle: Bundle, points: pd.DataFrame, found: pd.DataFrame) -> None:
    """The list as a file, in its order."""
    with st.container(horizontal=True, vertical_alignment="center"):
        redact = st.toggle(_("Mask personal data"), value=True, key="contradictions_redact")

        def content() -> bytes:
            # With a byte-order mark: without it Excel garbles Chinese and emoji.
            return contradictions_csv(found, points, redact=redact, bom=True)

        st.download_button(
            n_("Save this list ({n} review, CSV)", "Save this list ({n} reviews, CSV)", len(found)),
            content,
            file_name="stars-against-text.csv",
            mime="text/csv",
            icon=":material/download:",
            on_click="ignore",
            key="save_contradictions",
        )
