"""Overview: what matters, in words and one table, with a small map and the sentiment panel."""

import streamlit as st

from pages.ui import (
    added,
    check_spot,
    chips,
    edit_history,
    go,
    headline,
    impact_chart,
    mini_map,
    panels,
    shell,
    state,
    suggested,
    topic_list,
    tracked,
)
from pages.ui.escape import plain
from pages.ui.i18n import _
from pages.ui.made import how_made
from pipelines import granularity

bundle = shell.current_bundle(takes_full_map=True)
chosen, points = state.in_focus(bundle)

title, action = st.columns([3, 1], vertical_alignment="bottom")
title.title(plain(shell.analysis_name()))
if action.button(_("Use my file"), icon=":material/upload_file:", type="primary", width="stretch"):
    go.to("pages/main/open.py")

added.show(bundle)
chips.bar(bundle)
if points.empty:
    st.info(_("No review passes these filters. Remove one of them above."))
    st.stop()

headline.figures(bundle, points)
check_spot.line(bundle)
left, right = st.columns([3, 2], gap="large")
with left:
    headline.findings_list(bundle, points)
with right:
    mini_map.show(bundle, chosen)
topic_list.show(bundle)
impact_chart.show(bundle)
edit_history.show(bundle)
suggested.show(bundle)
tracked.show(bundle)
panels.sentiment(bundle, points)
headline.quality_notes(bundle)
how_made(bundle)
granularity.look_ahead(bundle)
