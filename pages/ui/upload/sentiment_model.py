"""A model that scores sentiment in place of what is built in, for experts: by its name or folder."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from pages.ui.i18n import _
from pages.ui.upload import remembered
from pipelines.embed import classifier, hub, keys

_KEY = "expert_sentiment"


def show() -> None:
    """The field, and what it means for this computer."""
    st.text_input(
        _("Model that scores sentiment: name on huggingface.co, or folder; empty = the built-in way"),
        **remembered.widget(_KEY),
        placeholder="lxyuan/distilbert-base-multilingual-cased-sentiments-student",
        help=_(
            "A transformer with a head for classes (text classification) whose weights are safetensors. It reads every "
            "review on this computer, which takes a while without a graphics card. Stars do not teach it."
        ),
    )
    name = remembered.text(_KEY)
    if name and hub.here(name) is None:
        st.caption(_("Not on this computer: it is fetched from huggingface.co before the analysis. No review is sent."))


def settings() -> dict[str, str]:
    """The choice as settings of the stage; empty where none is chosen.

    Raises UnusableInput for what is neither folder nor hub id, and for a folder here that holds no such model; whether
    it loads and works is tried before the analysis, in its own process.
    """
    name = remembered.text(_KEY)
    if not name:
        return {}
    keys.check_name(name)
    if Path(name).expanduser().is_dir() or hub.here(name) is not None:
        classifier.SentimentClassifier(name)
    else:
        hub.check_name(name)
    return {"sentiment.model": name}
