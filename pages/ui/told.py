"""A change that cannot be saved is said where it was asked for, and nothing else of the page is lost."""

from __future__ import annotations

import logging
from collections.abc import Callable
from functools import wraps
from typing import ParamSpec

import streamlit as st

from pages.ui.escape import plain
from pages.ui.i18n import _
from pipelines import logs
from pipelines.errors import ReviewscapeError
from pipelines.store import acting

P = ParamSpec("P")
_log = logging.getLogger(__name__)


def attempt(change: Callable[[], object]) -> bool:
    """Make a change, or say why it could not be made; whether it was."""
    try:
        change()
    except ReviewscapeError as error:
        toast(error)
        return False
    return True


def toast(error: ReviewscapeError) -> None:
    """Say beside the page, which stays as it is, why something could not be done."""
    st.toast(plain(error.translated(_), 600), icon=":material/error:", duration="long")


def plainly(change: Callable[P, object]) -> Callable[P, None]:
    """`change` as a callback of a button, which says why it could not be made."""

    @wraps(change)
    def made(*args: P.args, **kwargs: P.kwargs) -> None:
        attempt(lambda: change(*args, **kwargs))

    return made


def run(draw: Callable[[], object]) -> None:
    """Draw a page; what it cannot show it says in words, instead of a number that may be wrong.

    Callbacks and fragments run without it: what escapes there comes to `server.on_script_error`, which says the same.
    """
    try:
        draw()
    except ReviewscapeError as error:
        if not say(error):
            raise


def say(error: ReviewscapeError) -> bool:
    """Say an error in its own words, and in the log where it was; whether it did.

    Not to who came by a link, since it can tell where the server keeps things.
    """
    if acting.who() == acting.NOBODY:
        return False
    logs.event(_log, "page.failed", level=logging.ERROR, error=error)
    st.error(plain(error.translated(_), 1000), icon=":material/error:")
    return True
