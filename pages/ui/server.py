"""The server around the pages: what it does at its start and end, its own addresses, and what it says of an error."""

from __future__ import annotations

import contextlib
import hmac
import logging
import platform
import threading
import time
import webbrowser
from collections.abc import AsyncIterator

import streamlit as st
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.routing import Route
from streamlit import config
from streamlit.runtime.pages_manager import PagesManager
from streamlit.web.server import server_util

from pages.ui import access, counted, starting, told
from pages.ui.i18n import _
from pipelines import jobs, logs, metrics
from pipelines.errors import ReviewscapeError
from pipelines.store import acting, tenancy

METRICS = "/metrics"
METRICS_TYPE = "text/plain; version=0.0.4; charset=utf-8"
_BEARER = "bearer "
_log = logging.getLogger(__name__)


@contextlib.asynccontextmanager
async def lifespan(app: st.App) -> AsyncIterator[None]:
    """From the server's start to its end. What takes time is done beside it, so that the first page waits for nothing.

    Workers of analyses are processes of their own and go on after the server's end; the next start finds them.
    """
    # What st.navigation sets in the first run: before it, Streamlit looks for an address among the files of pages/, and
    # would greet the first visitor of /map with "Page not found".
    PagesManager.uses_pages_directory = False
    logs.set_up()
    logs.take_over()
    # Its tracebacks show each error's message and the lines around it, whatever the log leaves out.
    config.set_option("logger.enableRich", False)
    port = st.get_option("server.port")
    logs.event(_log, "server.started", port=port, version=st.__version__, python=platform.python_version())
    if not access.is_local_address():
        # Whoever starts it must find the key in the terminal, before anybody asks for it.
        access.startup_key()
    if not st.get_option("server.headless"):
        # As Streamlit does for a plain script. Beside: a browser of the terminal's own keeps who opens it.
        address = server_util.get_display_address(st.get_option("server.address") or "localhost")
        threading.Thread(target=webbrowser.open, args=(server_util.get_url(address),), daemon=True).start()
    threading.Thread(target=_make_ready, name="make-ready", daemon=True).start()
    started = time.monotonic()
    yield
    tenancy.leave()
    logs.event(_log, "server.stopped", seconds=time.monotonic() - started, running=_running())


def on_script_error(error: Exception) -> bool:
    """Say on the page that something went wrong, and in the log which error it was and where, without its message."""
    if isinstance(error, ReviewscapeError) and told.say(error):
        # Of a callback or a part of the page, which `told.run` is not around.
        return True
    logs.event(_log, "page.failed", level=logging.ERROR, error=error)
    st.error(
        _("Something went wrong on this page ({kind}). The server's log says where. Reload the page.").format(
            kind=type(error).__name__
        ),
        icon=":material/error:",
    )
    return True


def routes() -> list[Route]:
    """The server's own addresses, beside Streamlit's."""
    front = "/" + str(st.get_option("server.baseUrlPath") or "").strip("/")
    front = front.rstrip("/")
    return [
        Route(front + METRICS, _tell_metrics, methods=["GET"]),
        # The first page has no name of its own in an address: Streamlit says "Page not found" where one is written.
        Route(front + "/overview", _to_first_page, methods=["GET", "HEAD"]),
    ]


async def _tell_metrics(request: Request) -> Response:
    """The figures for Prometheus, for who shows the start-up key: nobody else, not on this computer either."""
    offered = request.headers.get("authorization", "")
    key = offered[len(_BEARER) :].strip() if offered.lower().startswith(_BEARER) else ""
    if not key or not hmac.compare_digest(key.encode(), access.startup_key().encode()):
        return PlainTextResponse(
            "Authorization: Bearer KEY is needed, with the start-up key of this server (REVIEWSCAPE_KEY).\n",
            status_code=401,
            headers={"WWW-Authenticate": "Bearer", "Cache-Control": "no-store"},
        )
    text = await run_in_threadpool(_metrics_text)
    return PlainTextResponse(text, media_type=METRICS_TYPE, headers={"Cache-Control": "no-store"})


def _metrics_text() -> str:
    with acting.acting_as(acting.ALL):
        return metrics.to_prometheus(metrics.gather(sessions=counted.sessions()))


async def _to_first_page(request: Request) -> Response:
    path = request.url.path[: -len("overview")]
    query = f"?{request.url.query}" if request.url.query else ""
    return RedirectResponse(path + query, status_code=307, headers={"Cache-Control": "no-cache"})


def _make_ready() -> None:
    try:
        starting.once()
    except (ReviewscapeError, OSError) as error:
        # The first page tries again, and tells the person.
        logs.event(_log, "server.not_ready", level=logging.ERROR, error=error)


def _running() -> int:
    try:
        with acting.acting_as(acting.ALL):
            return len(jobs.list_active())
    except (ReviewscapeError, OSError):
        return 0
