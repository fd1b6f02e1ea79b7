"""Share: one file first, then a link; and who can open it from where it stands."""

import streamlit as st

from pages.ui import chips, colleagues, share_what, shell
from pages.ui.i18n import _
from pages.ui.share_parts import link_maker, links, links_wait, one_file, tables

bundle = shell.current_bundle(takes_full_map=True)

st.title(_("Share"))
chips.bar(bundle)
shared = share_what.choose(bundle)
if shared is not None:
    one_file(bundle, shared)
if bundle.is_draft:
    links_wait()
else:
    if shared is not None:
        link_maker(bundle, shared)
    links()
    colleagues.switch()
if shared is not None:
    tables(bundle, shared)
