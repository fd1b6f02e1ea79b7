"""One sentence by the button: which model will read the reviews, why that one, and whether anything leaves."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import streamlit as st

from pages.ui.escape import plain
from pages.ui.i18n import _
from pages.ui.models import names
from pages.ui.upload import own
from pages.ui.upload.choices import Upload
from pages.ui.upload.model_choice import is_remote
from pages.ui.upload.reading import Found
from pipelines import embed
from pipelines.config import AnalyzeConfig
from pipelines.embed import automatic
from pipelines.words import sentence

_KEPT = "upload_automatic"
_MOST_CHARS = 500


def show(found: Found, upload: Upload, config: AnalyzeConfig, provider: embed.Embedder | None) -> None:
    """The sentence; provider: the embedder where it runs behind HTTP, on this computer."""
    stays = _("Nothing leaves this computer.")
    if own.vectors():
        said = _("Your own vectors are used, no model reads the reviews.") + " " + stays
    elif provider is not None:
        said = _("Read by {model} at {address}.").format(
            model=plain(config.embedder.partition("@")[0]), address=plain(str(provider.identity()["endpoint"]))
        )
        said += " " + stays
    elif config.embedder == "auto":
        name, why = _automatic(found, upload)
        said = _("Chosen for this file: {why}").format(why=plain(sentence(_, why), _MOST_CHARS))
        said += "" if is_remote(name) else " " + stays
    else:
        said = _of_this_computer(config.embedder) + " " + stays
    st.caption(":material/psychology: " + said)


def _of_this_computer(name: str) -> str:
    if name == "lexical":
        return _("Compared by their letters alone (lexical).")
    source = name.partition(":")[2]
    said = _("Read by “{model}”.").format(model=plain(source or names.titles()[name]))
    if source and not Path(source).expanduser().is_dir():
        said += " " + _("If the model is not on this computer yet, it is fetched from huggingface.co first.")
    return said


def _automatic(found: Found, upload: Upload) -> tuple[str, Mapping[str, object]]:
    """What `auto` would take for this file now, and why; looked for once a file, since it may take seconds."""
    key = (upload.files, repr(upload.options))
    kept = st.session_state.get(_KEPT)
    if kept is None or kept[0] != key:
        codes = [code for code, count in found.languages.items() for _row in range(count)]
        with st.spinner(_("Looking for a model that fits")):
            name, why = automatic.choose(codes)
        kept = (key, name, {"template": why.template, "values": dict(why.values)})
        st.session_state[_KEPT] = kept
    return kept[1], kept[2]
