"""Fewer or more topics on the Map page: one slider, how sure a review must be to join a topic, and the way back."""

from __future__ import annotations

import numpy as np
import streamlit as st

from pages.ui import data, state, told
from pages.ui.escape import plain
from pages.ui.i18n import _, n_
from pipelines import granularity
from pipelines.add.matching import match
from pipelines.granularity import Choice, Level, Step, Tree
from pipelines.granularity.layer import carried_over
from pipelines.store.reader import Bundle
from pipelines.view import Filter

_SIZE, _SURE, _LEVELS = "granularity", "granularity_sure", "granularity_levels"


def show(bundle: Bundle) -> None:
    """The slider with what is beside it; nothing for a map whose topics were not found by clustering."""
    if bundle.is_draft:
        return
    stands = granularity.chosen(data.entries(state.current().analysis))
    tree = Tree.of(bundle)
    if tree is None:
        if stands and not stands[-1].is_plain:
            st.caption(_("Your choice of fewer or more topics does not apply to this map."))
        return
    found = granularity.steps(tree)
    if len(found) < 2:
        return
    size, threshold, carried = _now(tree, stands[-1] if stands else None)
    at = min(found, key=lambda step: abs(step.size - size))
    with st.container(key="granularity_bar", gap="xsmall"):
        _slider(bundle, tree, found, at, threshold)
        with st.container(horizontal=True, vertical_alignment="center", gap="small", key="granularity_more"):
            _how_sure(bundle, tree, at, threshold)
            if stands:
                st.button(
                    _("Undo"),
                    key="granularity_undo",
                    type="tertiary",
                    icon=":material/undo:",
                    help=_("Back to the topics before"),
                    on_click=_undo,
                    args=(bundle,),
                )
        if carried:
            asked = n_("{n} topic", "{n} topics", stands[-1].topics)
            st.caption(_("You chose {asked} on an earlier map. This is the nearest here.").format(asked=asked))
    granularity.look_ahead(bundle, at.size, threshold)


def _now(tree: Tree, choice: Choice | None) -> tuple[int, float, bool]:
    if choice is None:
        return tree.size, tree.config.join_threshold, False
    size, carried = carried_over(tree, choice)
    return size, tree.config.join_threshold if choice.threshold is None else choice.threshold, carried


def _slider(bundle: Bundle, tree: Tree, found: list[Step], at: Step, threshold: float) -> None:
    labels = {step.size: _label(tree, step, threshold) for step in found}
    st.session_state[_SIZE] = at.size
    st.select_slider(
        _("Fewer topics ↔ more topics"),
        [step.size for step in found],
        format_func=labels.__getitem__,
        key=_SIZE,
        on_change=lambda: _choose(bundle, st.session_state[_SIZE], threshold),
        help=_(
            "The map stays as it is; only the grouping changes, for everyone who opens this analysis. Topics that stay "
            "the same keep their names. “How sure” is measured at the suggested number only; topics that "
            "differ from those show “–”. (Smallest cluster size of HDBSCAN.)"
        ),
    )


def _label(tree: Tree, step: Step, threshold: float) -> str:
    label = n_("{n} topic", "{n} topics", step.topics) + f" · {tree.at(step.size, threshold).coverage:.0%}"
    return _("{topics} (suggested)").format(topics=label) if step.suggested else label


def _how_sure(bundle: Bundle, tree: Tree, at: Step, threshold: float) -> None:
    covered = _("{share} of the reviews have a topic").format(share=f"{tree.at(at.size, threshold).coverage:.0%}")
    levels = st.popover(covered, type="tertiary", icon=":material/tune:", key=_LEVELS, on_change="rerun")
    # Each level is a vote of its own: a new number of topics does not wait for levels that nobody looks at.
    if not levels.open:
        return
    with levels:
        found = {level.threshold: level for level in granularity.levels(tree, at.size)}
        if threshold not in found:
            found[threshold] = Level(threshold, tree.at(at.size, threshold).coverage, False)
        st.session_state[_SURE] = threshold
        st.radio(
            _("How sure must a review be to join a topic?"),
            sorted(found),
            format_func=lambda one: _level(found[one]),
            key=_SURE,
            on_change=lambda: _choose(bundle, at.size, st.session_state[_SURE]),
            help=_(
                "Reviews between topics join the one that most of their nearest neighbours are in. The stricter, the "
                "fewer join; the rest shows as “no clear topic”. (Least share of the neighbours' vote.)"
            ),
        )


def _level(level: Level) -> str:
    if level.threshold > 1:
        words = _("only the clearest reviews")
    elif level.threshold <= 0:
        words = _("any likeness is enough")
    else:
        words = _("{share} of its neighbours agree").format(share=f"{level.threshold:.0%}")
    said = _("{words} → {share} have a topic").format(words=words, share=f"{level.coverage:.0%}")
    return plain(_("{topics} (suggested)").format(topics=said) if level.usual else said)


def _choose(bundle: Bundle, size: int, threshold: float) -> None:
    if not told.attempt(lambda: granularity.choose(state.current().analysis, bundle, size, threshold)):
        return
    _follow(bundle)


def _undo(bundle: Bundle) -> None:
    if not told.attempt(lambda: granularity.undo(state.current().analysis)):
        return
    _follow(bundle)


def _follow(before: Bundle) -> None:
    """Filters by topic go on meaning the same topics; one whose topic is there no longer is taken away."""
    filters = state.current().filters
    if not any(item.column == "cluster" for item in filters):
        return
    after = data.shown(state.current().analysis, granularity.bottom(before).path)
    found = match(*(np.asarray(one.points["cluster"], dtype=np.int32) for one in (before, after)))
    now = {old: new for new, (old, _overlap) in found.items()} | {-1: -1}
    state.change(filters=tuple(item for one in filters if (item := _moved(one, now)) is not None))


def _moved(item: Filter, now: dict[int, int]) -> Filter | None:
    if item.column != "cluster":
        return item
    if isinstance(item.value, tuple):
        values = tuple(now[one] for one in item.value if one in now)
        return Filter(item.column, item.op, values) if values else None
    return Filter(item.column, item.op, now[int(item.value)]) if item.value in now else None
