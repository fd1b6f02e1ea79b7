"""What became of the reviews added last, on the Overview: read them, make the map anew with all, or go back."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd
import streamlit as st

from pages.ui import add_start, go, state
from pages.ui.escape import plain
from pages.ui.i18n import _, n_
from pages.ui.reviews import by_ids, reviews_dialog, strongest_first
from pages.ui.told import attempt
from pipelines import large
from pipelines.add import told, undo
from pipelines.figures import count_reviews
from pipelines.store.reader import Bundle

_JUST, _TAKEN_BACK = "just_added", "taken_back"
_MOST_FORMING, _MOST_NAMED = 3, 4


def just_made(bundle_path: str) -> None:
    """Open what became of it when the Overview is shown next."""
    st.session_state[_JUST] = bundle_path
    st.session_state.pop(_TAKEN_BACK, None)


def show(bundle: Bundle) -> None:
    """The door to adding reviews; and where some were added, or the map was made anew since, what came of it."""
    _taken_back()
    if bundle.is_draft:
        return
    entry: Mapping[str, Any] | None = told.latest(bundle.summary)
    refit: Mapping[str, Any] = bundle.summary.get("refit") or {}
    if entry is not None or refit:
        sentence = _added_sentence(bundle, entry) if entry is not None else _refit_sentence(refit)
        fresh = st.session_state.get(_JUST) == str(bundle.path)
        with st.expander(sentence, expanded=fresh, icon=":material/playlist_add_check:", key="last_change"):
            if entry is not None:
                _of_added(bundle, entry)
            else:
                _of_refit(refit)
            with st.container(horizontal=True, key="after_change"):
                # A map of a sample is made anew from the files, and not by laying a whole one over it.
                if (
                    entry is not None
                    and large.can_refit(bundle)
                    and st.button(
                        _("Make the map anew with all"),
                        key="refit",
                        icon=":material/refresh:",
                        help=_(
                            "Topics are looked for again among old and new reviews together. Places start from "
                            "this map, and topics that stay the same keep their names. You can go back."
                        ),
                    )
                ):
                    add_start.refit(bundle, state.current().analysis)
                    go.to("pages/main/add.py")
                _add_button()
                st.button(
                    _("Go back to the map before"),
                    key="take_back",
                    type="tertiary",
                    icon=":material/undo:",
                    on_click=_take_back,
                    args=(state.current().analysis, bundle.path.name),
                )
    else:
        _add_button()


def _add_button() -> None:
    if st.button(_("Add reviews"), key="add_reviews", type="tertiary", icon=":material/playlist_add:"):
        go.to("pages/main/add.py")


def _new(bundle: Bundle, entry: Mapping[str, Any]) -> pd.DataFrame:
    """The points of the reviews added last."""
    points = bundle.points
    return points[points["row_id"] >= int(entry["first_row"])]


def _added_sentence(bundle: Bundle, entry: Mapping[str, Any]) -> str:
    new = _new(bundle, entry)
    nowhere = _nowhere(new)
    total = count_reviews(new)
    parts = [
        n_("{n} review added", "{n} reviews added", total),
        n_("{n} into existing topics", "{n} into existing topics", total - count_reviews(nowhere)),
    ]
    if len(nowhere):
        parts.append(n_("{n} fits nowhere", "{n} fit nowhere", count_reviews(nowhere)))
    if entry["forming"]:
        parts.append(_("a new topic may be forming"))
    return plain(" · ".join(parts), 400)


def _nowhere(new: pd.DataFrame) -> pd.DataFrame:
    inside = set(new.loc[new["cluster"] >= 0, "row_id"])
    return new[~new["row_id"].isin(inside)]


def _of_added(bundle: Bundle, entry: Mapping[str, Any]) -> None:
    new = _new(bundle, entry)
    if entry["skipped"]:
        n = int(entry["skipped"])
        st.caption(
            n_(
                "{n} row was in the analysis already and was left out.",
                "{n} rows were in the analysis already and were left out.",
                n,
            )
        )
    if entry["repeated"]:
        n = int(entry["repeated"])
        said = n_("{n} says what an earlier one says word for word, or nearly.",
                  "{n} say what an earlier one says word for word, or nearly.", n)  # fmt: skip
        st.caption(said)
    for number, group in enumerate(entry["forming"][:_MOST_FORMING]):
        with st.container(horizontal=True, vertical_alignment="center", key=f"forming_{number}"):
            words = ", ".join(group["words"]) or group["name"]
            said = _("A new topic may be forming: {words}").format(words=words)
            st.markdown(plain(said, 300), width="stretch")
            _read(bundle, by_ids(bundle.points, group["units"]), _("A new topic may be forming"), f"forming_{number}")
    nowhere = _nowhere(new)
    with st.container(horizontal=True, vertical_alignment="center", key="new_reviews"):
        st.markdown(_("The added reviews"), width="stretch")
        _read(bundle, strongest_first(new), _("The added reviews"), "new")
    if len(nowhere):
        with st.container(horizontal=True, vertical_alignment="center", key="new_nowhere"):
            st.markdown(_("Those that fit nowhere"), width="stretch")
            farthest = nowhere.sort_values("outlier_score", ascending=False, kind="stable")
            _read(bundle, farthest, _("Those that fit nowhere"), "nowhere")


def _read(bundle: Bundle, points: pd.DataFrame, title: str, key: str) -> None:
    label = n_("{n} review", "{n} reviews", count_reviews(points))
    if st.button(label, key=f"read_{key}", type="tertiary", icon=":material/format_quote:"):
        reviews_dialog(points, bundle, title, f"cards_{key}")


def _refit_sentence(refit: Mapping[str, Any]) -> str:
    parts = [_("The map was made anew with all reviews")]
    if refit["new"]:
        parts.append(n_("{n} topic is new", "{n} topics are new", len(refit["new"])))
    if refit["gone"]:
        parts.append(n_("{n} is gone", "{n} are gone", len(refit["gone"])))
    if refit["stay"] is not None:
        parts.append(_("{share} of the reviews stay in their topic").format(share=f"{refit['stay']:.0%}"))
    return plain(" · ".join(parts), 400)


def _of_refit(refit: Mapping[str, Any]) -> None:
    for title, topics in ((_("New: {names}"), refit["new"]), (_("Gone: {names}"), refit["gone"])):
        if topics:
            names = "; ".join(str(topic["name"]) for topic in topics[:_MOST_NAMED])
            names += " …" if len(topics) > _MOST_NAMED else ""
            st.markdown(plain(title.format(names=names), 500))
    if refit.get("moved") is not None:
        said = _("Half of the reviews moved by less than {share} of the map's width.")
        st.caption(said.format(share=f"{max(refit['moved'], 0.01):.0%}"))


def _take_back(analysis: str, bundle_id: str) -> None:
    if not attempt(lambda: undo.withdraw(analysis, bundle_id)):
        return
    st.session_state[_TAKEN_BACK] = (analysis, bundle_id)
    # Filters and selections belong to the map that is no longer shown.
    state.open_analysis(analysis)


def _bring_back(analysis: str, bundle_id: str) -> None:
    undo.reinstate(analysis, bundle_id)
    st.session_state.pop(_TAKEN_BACK, None)
    state.open_analysis(analysis)


def _taken_back() -> None:
    """A line with the way forward again, after going back."""
    analysis, bundle_id = st.session_state.get(_TAKEN_BACK, ("", ""))
    if not bundle_id or analysis != state.current().analysis:
        return
    with st.container(border=True, horizontal=True, vertical_alignment="center", key="taken_back"):
        st.markdown(_("This is the map as it was before. Nothing was deleted."), width="stretch")
        st.button(
            _("Show the later one again"),
            key="bring_back",
            icon=":material/redo:",
            on_click=_bring_back,
            args=(analysis, bundle_id),
        )
