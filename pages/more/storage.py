"""Storage and load: what the server keeps, what it is doing and what that takes; for the person who runs it."""

import streamlit as st

from pages.ui import load_figures
from pages.ui.i18n import _

st.title(_("Storage and load"))
load_figures.show()
