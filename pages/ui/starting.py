"""What a server does once, at its start: sweep what a crash left, begin what is missing, have models made ready."""

from __future__ import annotations

import contextlib
import gc
import logging
import threading
import time

from pages.ui import sign_in
from pipelines import documents, jobs, logs, samples, settings, uploads, warming
from pipelines.store import acting, database, sweeping, tenancy

_log = logging.getLogger(__name__)
# Not st.cache_resource: any visitor may ask Streamlit to clear its caches.
_lock = threading.Lock()
_done = threading.Event()


def once() -> None:
    """Do it unless it is done; a page that comes meanwhile waits. What fails is tried again by the next page."""
    if _done.is_set():
        return
    with _lock:
        if not _done.is_set():
            started = time.perf_counter()
            swept = _begin()
            _done.set()
            logs.event(_log, "server.ready", seconds=time.perf_counter() - started, count=swept)


@acting.acting_as(acting.ALL)
def _begin() -> int:
    """Returns how many things were swept.

    A second server of the same folder leaves order and samples to the first; a read-only folder is left as it is.
    """
    tenant = tenancy.take()
    if tenant.role == "looker":
        return 0
    swept = []
    if tenant.role == "holder":
        swept = [*sweeping.sweep(), *uploads.sweep()]
        documents.sweep()
    # On a full disk nothing can be started, and what is there can be looked at.
    with contextlib.suppress(database.CannotWrite):
        jobs.pump()
    for job in jobs.list_interrupted():
        logs.event(_log, "job.interrupted", job=job.id, stage=job.stage)
    if tenant.role == "holder" and not sign_in.is_on():
        with contextlib.suppress(database.CannotWrite):
            samples.submit_missing()
    if settings.get_int("warm_up") and not jobs.list_active():
        # A job that runs, such as the first sample's, compiles the same things for itself.
        warming.start()
    # The libraries, most of all objects, need no looking through when garbage is collected.
    gc.collect()
    gc.freeze()
    return len(swept)
