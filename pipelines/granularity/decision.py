"""What people decided about how fine the topics are: written to the journal, and read from it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from pipelines.errors import N_, UnusableInput
from pipelines.granularity.steps import steps, suggested
from pipelines.granularity.tree import Tree, bottom
from pipelines.store import catalog, journal, library
from pipelines.store.journal import Entry
from pipelines.store.reader import Bundle

SET, UNDONE = "granularity_set", "granularity_undone"
KINDS = frozenset((SET, UNDONE))


@dataclass(frozen=True)
class Choice:
    """One decision: size (None: what the run suggested), threshold (None: as the run joined), made on which bundle.

    tree: digest of that bundle's tree, topics: how many it gave there.
    """

    bundle: str
    size: int | None
    threshold: float | None
    tree: str
    topics: int

    @property
    def is_plain(self) -> bool:
        """Whether this asks for the map as it was found."""
        return self.size is None and self.threshold is None

    def as_payload(self) -> dict[str, object]:
        """As the journal keeps it."""
        return {
            "bundle": self.bundle,
            "min_cluster_size": self.size,
            "join_threshold": self.threshold,
            "tree": self.tree,
            "topics": self.topics,
        }


def chosen(entries: Sequence[Entry]) -> list[Choice]:
    """The decisions that stand, oldest first: each undoing takes the last one back."""
    found: list[Choice] = []
    for entry in entries:
        if entry.kind == SET and (choice := _read(entry.payload)) is not None:
            found.append(choice)
        elif entry.kind == UNDONE and found:
            found.pop()
    return found


def choose(analysis_id: str, bundle: Bundle, size: int, threshold: float) -> Choice:
    """Decide on topics of at least `size` units and `threshold` of the vote, for the bundle on screen.

    Raises UnusableInput for a bundle that keeps no tree.
    """
    tree = Tree.of(bundle)
    if tree is None:
        raise UnusableInput(N_("This map has no other number of topics: nothing was kept to find them with."))
    is_own = size == suggested(steps(tree)).size
    choice = Choice(
        bundle=bottom(bundle).id,
        size=None if is_own else size,
        threshold=None if threshold == tree.config.join_threshold else threshold,
        tree=tree.digest,
        topics=tree.topics if is_own else tree.at(size, threshold).topics,
    )
    _append(analysis_id, SET, choice.as_payload())
    return choice


def undo(analysis_id: str) -> None:
    """Take the last decision back; the one before it holds again."""
    _append(analysis_id, UNDONE, {})


def _append(analysis_id: str, kind: str, payload: dict[str, object]) -> None:
    library.info(analysis_id)  # refuses an analysis that is not there
    journal.append(catalog.home() / analysis_id, kind, payload)
    catalog.refresh(analysis_id)


def _read(payload: Any) -> Choice | None:
    """A decision as written; None for one that makes no sense."""
    size, threshold = payload.get("min_cluster_size"), payload.get("join_threshold")
    if size is not None and (not isinstance(size, int) or size < 2):
        return None
    if threshold is not None and (not isinstance(threshold, int | float) or not 0 <= threshold <= 2):
        return None
    topics = payload.get("topics")
    return Choice(
        str(payload.get("bundle", "")),
        size,
        None if threshold is None else float(threshold),
        str(payload.get("tree", "")),
        topics if isinstance(topics, int) else 0,
    )
