"""Ask: one box; the reviews that say it or mean it, and why each was found."""

import streamlit as st

from pages.ui import chips, search_box, search_from, search_like, search_results, shell
from pages.ui.i18n import _

bundle = shell.current_bundle()

st.title(_("Ask"))
chips.bar(bundle)
if search_from.chosen(bundle) is not None:
    search_like.show(bundle)
    st.stop()
search_box.show(bundle)
found = search_box.find(bundle)
if found is None:
    search_box.suggestions(bundle)
else:
    search_results.show(bundle, found)
