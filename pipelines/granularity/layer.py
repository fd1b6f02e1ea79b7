"""Lays the chosen number of topics over a bundle: clusters from its kept tree, names by counting, themes anew."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Sequence
from threading import Lock
from typing import Any

import numpy as np

from pipelines.granularity.decision import Choice, chosen
from pipelines.granularity.steps import nearest, steps
from pipelines.granularity.tree import Of, Tree
from pipelines.relabel import described, entry, relabelled
from pipelines.store.journal import Entry
from pipelines.store.reader import Bundle
from pipelines.topics import themes

SAME = 0.8
"""Overlap (Jaccard) from which a topic keeps the name and the stability that it had at the run's own size."""
_MOST_KEPT = 16
_made: OrderedDict[tuple[str, str, int, float], Bundle] = OrderedDict()
_making: dict[tuple[str, str, int, float], Lock] = {}
_keeping = Lock()


def layer(bundle: Bundle, entries: Sequence[Entry], _find: Callable[[str], Bundle | None]) -> Bundle:
    """The bundle with as many topics as people last asked for; itself where nobody did, or where it has no tree.

    On a map whose tree is another (run again, made anew) the step with the nearest number of topics stands for the one
    that was chosen; summary["granularity"] says so. Sessions share what is made: it depends on bundle and choice alone.
    """
    stands = chosen(entries)
    if not stands or stands[-1].is_plain:
        return bundle
    tree = Tree.of(bundle)
    if tree is None:
        return bundle
    return made(bundle, tree, stands[-1])


def made(bundle: Bundle, tree: Tree, choice: Choice) -> Bundle:
    """The bundle with the topics of a choice; itself where these are its own. tree: the bundle's."""
    size, carried = carried_over(tree, choice)
    own = tree.config.join_threshold
    threshold = own if choice.threshold is None else choice.threshold
    if size == tree.size and threshold == own:
        return bundle
    key = (bundle.key, f"{bundle.id}:{int(carried)}:{choice.topics}", size, threshold)
    # Two who want the same wait for one making of it; who wants another number of topics does not wait.
    with _keeping:
        lock = _making.setdefault(key, Lock())
    with lock:
        try:
            found = _made.get(key)
            if found is None or found.path != bundle.path:
                found = _laid(bundle, tree, size, threshold, choice, carried=carried)
            _keep(key, found)
        finally:
            # Kept before it is let go of: who comes next finds it made, or makes it where this failed.
            with _keeping:
                if _making.get(key) is lock:
                    del _making[key]
    return found


def _keep(key: tuple[str, str, int, float], found: Bundle) -> None:
    with _keeping:
        _made[key] = found
        _made.move_to_end(key)
        while len(_made) > _MOST_KEPT:
            _made.popitem(last=False)


def carried_over(tree: Tree, choice: Choice) -> tuple[int, bool]:
    """The size that a choice means on this tree, and whether it was made on another one."""
    if choice.size is None:
        return tree.size, False
    if choice.tree == tree.digest:
        return choice.size, False
    return nearest(steps(tree), choice.topics).size, True


def _laid(bundle: Bundle, tree: Tree, size: int, threshold: float, choice: Choice, *, carried: bool) -> Bundle:
    found = tree.at(size, threshold)
    topics = _entries(bundle, found)
    centres = themes.centroids(np.asarray(bundle.vectors), found.cluster, range(found.topics))
    topics, above = themes.grouped(topics, centres)
    known = [topic["stability"] for topic in topics]
    return relabelled(
        bundle,
        ("granularity", size, threshold, carried, choice.topics),
        cluster=found.cluster,
        joined=found.joined,
        strength=found.strength,
        topics=topics,
        themes=above,
        min_cluster_size=size,
        stability=None if not known or None in known else float(np.mean(known)),
        granularity={
            "min_cluster_size": size,
            "join_threshold": threshold,
            "asked": choice.topics,
            "carried": carried,
            "from": choice.bundle,
        },
    )


def _entries(bundle: Bundle, found: Of) -> list[dict[str, Any]]:
    """The topics with words; what is still the same topic keeps its name and how sure it is."""
    counts = np.bincount(found.cluster[found.cluster >= 0], minlength=found.topics)
    before = bundle.points["cluster"].to_numpy(dtype=np.int64)
    old = {int(topic["id"]): topic for topic in bundle.summary["topics"]}
    same = _same(before, found.cluster, found.topics)
    kept = {new: old[one] for new, one in same.items() if one in old}
    taken = {str(topic["name"]) for topic in kept.values()}
    entries = []
    for topic in described(bundle, found.cluster, found.strength):
        told = entry(topic)
        if topic.id in kept:
            told |= {"name": str(kept[topic.id]["name"]), "stability": kept[topic.id].get("stability")}
        else:
            told["name"] = _free(topic.name, [str(word) for word, *_ in topic.keywords], taken)
            taken.add(told["name"])
        entries.append({**told, "units": int(counts[topic.id])})
    return entries


def _same(before: np.ndarray, after: np.ndarray, topics: int) -> dict[int, int]:
    """After's topics → before's of nearly the same units. At this overlap no topic has two partners."""
    both = (before >= 0) & (after >= 0)
    width = int(before.max(initial=-1)) + 1
    if not topics or not width:
        return {}
    shared = np.bincount(after[both] * np.int64(width) + before[both], minlength=topics * width).reshape(topics, width)
    ours = np.bincount(after[after >= 0], minlength=topics)[:, None]
    theirs = np.bincount(before[before >= 0], minlength=width)[None, :]
    overlap = shared / np.maximum(ours + theirs - shared, 1)
    best = overlap.argmax(axis=1)
    return {new: int(one) for new, one in enumerate(best.tolist()) if overlap[new, one] >= SAME}


def _free(name: str, words: Sequence[str], taken: set[str]) -> str:
    """A name that no topic has: with the next of its words, else a number."""
    more = iter([*(word for word in words if word not in name), *map(str, range(2, 10_000))])
    found = name
    while found in taken:
        found = f"{name} · {next(more)}"
    return found
