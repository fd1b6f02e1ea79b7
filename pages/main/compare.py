"""Compare: who differs, and at what. The grid first; two groups side by side a click away."""

import streamlit as st

from pages.ui import chips, compare_choices, compare_grid, compare_pair, shell
from pages.ui.i18n import _

bundle = shell.current_bundle()

st.title(_("Compare"))
chips.bar(bundle)
keys = compare_choices.keys(bundle)
if not compare_choices.can_compare(bundle, keys):
    st.stop()
mode = st.segmented_control(
    _("How to compare"),
    ["grid", "pair"],
    default="grid",
    required=True,
    format_func=lambda name: {"grid": _("Who differs, at what"), "pair": _("Two groups side by side")}[name],
    key="compare_mode",
    label_visibility="collapsed",
)
if mode == "pair":
    compare_pair.show(bundle, keys)
else:
    compare_grid.show(bundle, keys)
