"""Pictures: what reviewers photographed, found by what it shows; in the menu where an analysis has some."""

import streamlit as st

from pages.ui import chips, pictures_page, shell
from pages.ui.i18n import _

bundle = shell.current_bundle()

st.title(_("Pictures"))
chips.bar(bundle)
pictures_page.show(bundle)
