"""What a share link opens: one view, read-only. Every failure looks the same."""

import streamlit as st

from pages.ui import shared_view
from pages.ui.i18n import _
from pipelines import share
from pipelines.errors import DamagedBundle

token = st.session_state["link_token"]
is_first_look = "link_seen" not in st.session_state
shared = share.open_link(token, count=is_first_look)
st.session_state["link_seen"] = True
if shared is None:
    shared_view.not_found()
else:
    try:
        shared_view.show(shared)
    except DamagedBundle:
        shared_view.not_found()
st.caption(_("Made with Reviewscape. This page is read-only."))
