"""Share: one file first, then a link; and who can open it from where it stands."""

import streamlit as st

from pages.ui import chips, colleagues, shell, state
from pages.ui.i18n import _
from pages.ui.share_parts import link_maker, links, links_wait, one_file, tables

bundle = shell.current_bundle(takes_full_map=True)
chosen, points = state.in_focus(bundle)

st.title(_("Share"))
chips.bar(bundle)
st.caption(_("What you share is the current look: its filters, colour and selection."))
one_file(bundle)
if bundle.is_draft:
    links_wait()
else:
    link_maker(bundle)
    links()
    colleagues.switch()
tables(bundle)
