"""What takes a while, made once for a bundle in one thread while a person reads: the measurement and the groups."""

from __future__ import annotations

import logging
import threading
from collections import OrderedDict
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from functools import lru_cache

import numpy as np

from pipelines.recommend import groups
from pipelines.recommend.evaluation import Measured, measure
from pipelines.recommend.groups import Groups
from pipelines.recommend.history import History, whole
from pipelines.recommend.tastes import Tastes, read
from pipelines.store.reader import Bundle

_MOST_KNOWN = 16
_log = logging.getLogger(__name__)
_lock = threading.Lock()
_known: OrderedDict[tuple[str, str], Future] = OrderedDict()


@lru_cache(maxsize=1)
def _worker() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(1, thread_name_prefix=__name__)


def measured(bundle: Bundle, tastes: Tastes) -> Future[Measured]:
    """How well each ranker does on this bundle, as soon as it is known; asked for again, the same."""
    return _asked("measured", bundle, lambda: measure(tastes, bundle.vectors))


def grouped(bundle: Bundle, history: History) -> Future[Groups | None]:
    """The groups of people and their map, likewise."""
    return _asked("grouped", bundle, lambda: groups.find(history))


def _asked(what: str, bundle: Bundle, work: Callable[[], object]) -> Future:
    # Corrections of people change topics, never who wrote what.
    key = (what, str(bundle.path))
    with _lock:
        found = _known.get(key)
        if found is None or (found.done() and found.exception() is not None):
            found = _known[key] = _worker().submit(work)
            found.add_done_callback(_note)
        _known.move_to_end(key)
        while len(_known) > _MOST_KNOWN:
            _known.popitem(last=False)
    return found


def _note(done: Future) -> None:
    error = done.exception()
    if error is not None:
        _log.warning("not measured: %s", type(error).__name__)


def of(bundle: Bundle) -> tuple[Tastes, History]:
    """The tastes of a bundle and the whole history; raises UnusableInput where it has no users or items."""
    tastes = read(bundle)
    return tastes, whole(tastes, np.asarray(bundle.vectors))
