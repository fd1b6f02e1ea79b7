"""Map: every review as a point; what is clicked or lassoed is read beside it."""

import streamlit as st

from pages.ui import chips, map_page, map_table, map_trust, shell, state
from pages.ui.i18n import _

bundle = map_trust.known(shell.current_bundle())
chosen, points = state.filtered(bundle)

st.title(_("Map"))
chips.bar(bundle)
map_page.controls(bundle)
left, right = st.columns([5, 3], gap="medium")
with left:
    map_page.draw(bundle, chosen)
with right:
    map_page.side_panel(bundle, points, chosen)
map_table.show(bundle)
