"""Who reads what is typed on the Lab page, said where it is typed; and its vectors, kept while the session lasts."""

from __future__ import annotations

import hashlib

import numpy as np
import streamlit as st

from pages.ui.escape import plain
from pages.ui.i18n import _
from pages.ui.models import session_keys
from pipelines.errors import ReviewscapeError
from pipelines.lab import reading
from pipelines.store.reader import Bundle
from pipelines.types import FloatArray


def _send_key(bundle: Bundle) -> str:
    """The switch's key, one a service: what may go to one may not go to that of the next analysis too."""
    return "lab_send_" + hashlib.sha256(str(bundle.identity.get("name", "")).encode()).hexdigest()[:12]


def may_send(bundle: Bundle) -> bool:
    """Whether the person said that the service that read this bundle's reviews may have what is typed."""
    return bool(st.session_state.get(_send_key(bundle)))


def name_of(bundle: Bundle) -> str:
    """The embedder's name, as the registry knows it."""
    name = str(bundle.identity.get("name", ""))
    return _("your own vectors") if name in ("", "own") else name


def can_read(bundle: Bundle) -> bool:
    """Say where typed texts are read, or why they cannot be; whether they can."""
    with st.spinner(_("Loading the model …"), show_time=False):
        place = reading.how(bundle)
    name = plain(name_of(bundle))
    if place == "here":
        st.caption(
            ":material/computer: "
            + _("What you type is read on this computer, by the model that read the reviews ({model}).").format(
                model=name
            )
        )
        return True
    if place == "remote":
        st.caption(
            ":material/cloud_upload: "
            + _(
                "The reviews were read by a service ({model}). What you type here can be read by it too: the words in "
                "the boxes and this page's own examples are then sent there, and the topics' keywords where you ask "
                "for every topic; nothing else."
            ).format(model=name)
        )
        return st.toggle(_("Send what I type to this service"), key=_send_key(bundle))
    if place == "own":
        st.info(
            _(
                "This analysis has vectors of your own: no model here can read a typed text as your reviews were read. "
                "Open an analysis that a model on this computer read."
            )
        )
    else:
        st.info(
            _(
                "The model that read these reviews ({model}) is not on this computer as it was then. Run the analysis "
                "again, or open another one."
            ).format(model=name)
        )
    return False


def vectors(bundle: Bundle, *texts: str) -> FloatArray | None:
    """(n, dim) rows of length 1 of typed texts, after `can_read`; says what went wrong where there are none."""
    send = may_send(bundle)
    try:
        with st.spinner(_("Reading …"), show_time=False), session_keys.in_use():
            return _vectors(bundle.path.as_posix(), texts, send, bundle)
    except ReviewscapeError as error:
        st.error(plain(error.translated(_), 500), icon=":material/error:")
        return None


def raw(bundle: Bundle, *texts: str) -> FloatArray | None:
    """(n, d) their vectors before they are scaled to length 1; None where the model does not give them out."""
    return _raw(bundle.path.as_posix(), texts, bundle)


@st.cache_data(max_entries=256, show_spinner=False)
def _vectors(path: str, texts: tuple[str, ...], send: bool, _bundle: Bundle) -> FloatArray | None:
    return reading.read(_bundle, texts, send=send)


@st.cache_data(max_entries=64, show_spinner=False)
def _raw(path: str, texts: tuple[str, ...], _bundle: Bundle) -> FloatArray | None:
    embedder = reading.embedder_of(_bundle)
    return None if embedder is None else reading.raw(embedder, texts)


def reads_noise(bundle: Bundle, *texts: str) -> bool:
    """Whether a text is in Chinese and the model reads English alone: each unknown sign is the same to it."""
    is_han = any("\u3400" <= sign <= "\u9fff" for text in texts for sign in text)
    return is_han and str(bundle.identity.get("name", "")) == "bundled"


def number(value: float, places: int = 2) -> str:
    """A number as the page writes it: a true minus, none before zero."""
    shown = round(float(value), places) + 0.0 if np.isfinite(value) else float("nan")
    return "–" if np.isnan(shown) else f"{shown:.{places}f}".replace("-", "−")


def percent(share: float) -> str:
    """A share in per cent: whole ones, with a decimal near the ends, and never a whole 0 or 100 that is not one."""
    if share in (0.0, 1.0):
        return f"{share:.0%}"
    if share > 0.999:
        return "> 99.9%"
    if share < 0.001:
        return "< 0.1%"
    return f"{share:.1%}" if share > 0.99 or share < 0.01 else f"{share:.0%}"
