"""Models: what reads the reviews, how to try another model, what is stored of it, and how much of it is needed."""

import streamlit as st

from pages.ui.i18n import _
from pages.ui.models import cards, fewer, reads, stored

st.title(_("Models"))
st.markdown(
    _(
        "A model reads each review and turns it into a row of numbers (an embedding): reviews that mean alike get "
        "numbers alike. Nothing needs to be chosen here: without a choice, what fits best on this computer is taken."
    )
)
found = reads.show()
cards.show(found)
stored.show()
fewer.show()
