"""What the next move of the slider will need, made before it is asked for: in one thread, while a person reads."""

from __future__ import annotations

import logging
import queue
import threading
from collections import OrderedDict

from pipelines.errors import DamagedBundle
from pipelines.granularity.decision import Choice
from pipelines.granularity.layer import made
from pipelines.granularity.steps import steps
from pipelines.granularity.tree import Tree, bottom
from pipelines.store.reader import Bundle

_MOST_KNOWN = 256
_wanted: queue.SimpleQueue[tuple[Bundle, int | None, float | None]] = queue.SimpleQueue()
_known: OrderedDict[tuple[str, int | None, float | None], None] = OrderedDict()
_starting = threading.Lock()
_log = logging.getLogger(__name__)


def look_ahead(bundle: Bundle, size: int | None = None, threshold: float | None = None) -> None:
    """Have the slider's steps made and, with a size that is on screen, the topics of the steps on either side of it.

    Returns at once; what was asked for before is not made again.
    """
    plain = bottom(bundle)
    key = (f"{plain.key}:{plain.path}", size, threshold)
    with _starting:
        if key in _known:
            return
        _known[key] = None
        while len(_known) > _MOST_KNOWN:
            _known.popitem(last=False)
        if not any(thread.name == __name__ for thread in threading.enumerate()):
            threading.Thread(target=_work, name=__name__, daemon=True).start()
    _wanted.put((plain, size, threshold))


def _work() -> None:
    while True:
        bundle, size, threshold = _wanted.get()
        try:
            _make(bundle, size, threshold)
        except (OSError, DamagedBundle) as error:
            # Deleted meanwhile, or damaged: who opens it is told.
            _log.info("nothing made ahead: %s", type(error).__name__)


def _make(bundle: Bundle, size: int | None, threshold: float | None) -> None:
    tree = Tree.of(bundle)
    if tree is None:
        return
    found = steps(tree)
    if size is None:
        return
    own = tree.config.join_threshold
    at = min(range(len(found)), key=lambda place: abs(found[place].size - size))
    # Fewer first: they take a quarter of the time.
    for place in (at - 1, at + 1):
        if 0 <= place < len(found) and not found[place].suggested:
            step = found[place]
            choice = Choice(
                bundle.id, step.size, None if threshold == own else threshold, tree.digest,
                tree.at(step.size, own if threshold is None else threshold).topics,
            )  # fmt: skip
            made(bundle, tree, choice)
