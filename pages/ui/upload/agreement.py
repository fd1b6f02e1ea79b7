"""Before texts go to another computer: how many, how much, where, what it may cost, a key, and the person's word."""

from __future__ import annotations

import streamlit as st

from pages.ui.escape import plain
from pages.ui.i18n import _, n_
from pages.ui.models import session_keys
from pages.ui.upload import sending
from pages.ui.upload.choices import Upload
from pages.ui.upload.reading import Found
from pipelines import embed
from pipelines.config import AnalyzeConfig
from pipelines.embed import keys
from pipelines.embed.preview import Preview
from pipelines.embed.remote import is_loopback
from pipelines.errors import ReviewscapeError
from pipelines.store import acting
from pipelines.words import sentence

_MOST_CHARS = 600


def leaves(embedder: embed.Embedder) -> bool:
    """Whether its texts go to another computer than this one."""
    return embedder.remote and not is_loopback(str(embedder.identity().get("endpoint", "")))


def key_variable(embedder: embed.Embedder) -> str:
    """The variable of the key that it takes; "" for one that takes none."""
    return str(getattr(embedder, "key_variable", ""))


def typed_keys(embedder: embed.Embedder | None) -> dict[str, str]:
    """Of the keys typed in this session the one that this embedder takes."""
    wanted = "" if embedder is None else key_variable(embedder)
    return {name: key for name, key in session_keys.keys().items() if name == wanted}


def show(found: Found, upload: Upload, config: AnalyzeConfig, embedder: embed.Embedder) -> str:
    """All of it; returns why the analysis cannot be started yet, "" when it can."""
    try:
        told = sending.counted(upload, config, embedder)
    except ReviewscapeError as error:
        return plain(error.translated(_), _MOST_CHARS)
    with st.container(border=True, key="before_sending"):
        _what(told)
        if not told.within_budget:
            return _budget(told)
        missing = _key(embedder) if embedder.paid else ""
        agreed = st.checkbox(_word(told), key=_agreement_key(found, upload, config, told))
    return missing or ("" if agreed else _("Nothing is sent before you tick the box."))


def _what(told: Preview) -> None:
    values = {name: f"{n:,}" if isinstance(n, int) else n for name, n in told.told().values.items()}
    said = plain(sentence(_, {"template": told.told().template, "values": values}), _MOST_CHARS)
    st.markdown(f":material/cloud_upload: **{said}**")
    if told.paid and told.within_budget:
        cost = _("This may cost money, by the provider’s prices.")
        if told.max_tokens:
            limit = _("It is within the {n} tokens that one run may send.").format(n=f"{told.max_tokens:,}")
            cost += " " + limit
        st.caption(cost)
    if told.cut_off:
        st.caption(
            n_(
                "{n} text is longer than the model reads: its end counts for nothing.",
                "{n} texts are longer than the model reads: their ends count for nothing.",
                told.cut_off,
            )
        )


def _budget(told: Preview) -> str:
    st.error(
        _(
            "That is more than the {n} tokens that one run may send. Take a smaller file or a model that costs "
            "nothing, or raise {variable}."
        ).format(n=f"{told.max_tokens:,}", variable="`REVIEWSCAPE_EMBED_MAX_PAID_TOKENS`")
    )
    return _("More would be sent than one run may send.")


def _key(embedder: embed.Embedder) -> str:
    """The key's field, unless the environment has it; returns what is wrong with the key, "" when nothing is."""
    variable = key_variable(embedder)
    # The field stays when it is filled, so that a wrong key can be corrected.
    if not session_keys.is_set(variable) or session_keys.keys().get(variable):
        session_keys.field(variable, key=f"start_key_{variable}")
    if not session_keys.is_set(variable) and not acting.is_machine():
        return _("A key is needed: give it above.")
    if not session_keys.is_set(variable):
        return _("A key is needed: give it above, or set {variable} before the program starts.").format(
            variable=f"`{variable}`"
        )
    try:
        with session_keys.in_use():
            keys.find(variable)
    except ReviewscapeError as error:
        return plain(error.translated(_), _MOST_CHARS)
    return ""


def _word(told: Preview) -> str:
    if told.to_embed:
        return n_("Send {n} text there", "Send {n} texts there", told.to_embed)
    return _("Go on: all texts are known already, none is sent")


def _agreement_key(found: Found, upload: Upload, config: AnalyzeConfig, told: Preview) -> str:
    """A word given for one file, column, model and number of texts is none for another."""
    given_for = (
        *(upload.files, repr(upload.options), str(found.told["roles"]["text"]), config.embedder, config.dim),
        *(config.unit, config.purpose, config.document_prompt, told.endpoint, told.to_embed),
    )
    return f"agree_paid_{abs(hash(given_for))}"
