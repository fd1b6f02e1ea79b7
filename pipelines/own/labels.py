"""A person's own topics, from a column of labels."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from pipelines.errors import N_, UnusableInput
from pipelines.ingest.meaning.values import is_missing
from pipelines.own.columns import cells
from pipelines.redact import column_kind, names_users
from pipelines.types import Clusters, FloatArray, Groups, NeighborGraph, Reviews, Topic, Units, Warning_

MOST_TOPICS = 500
"""More different labels than this nobody can look through."""
_FEW = 20
"""So few different labels are topics even where nearly every review has its own."""
_LONGEST_NAME = 80
_UNSHOWN = re.compile(r"[\s\x00-\x1f\x7f-\x9f]+")
_JOINER = "\u200d"
"""Makes one emoji of several; all other format characters turn a name's direction or hide in it."""


@dataclass(frozen=True)
class Labels:
    """by_row: the label of each data row, "" for none; the name of the column."""

    by_row: tuple[str, ...]
    column: str

    @classmethod
    def read(cls, reviews: Reviews, column: str) -> Labels:
        """The labels of a column.

        Raises UnusableInput for a column that is not there, is empty, has a value of its own for most reviews, or
        tells who people are: topics are named in every link and export, the redacted ones too.
        """
        given = cells(reviews, column)
        if column == reviews.roles.get("user") or names_users(column) or column_kind(column):
            raise UnusableInput(
                N_(
                    "Column “{column}” tells who people are. Topics are named in every link and export: "
                    "choose a column of categories."
                ),
                column=column,
            )
        label_of = {cell: cleaned(cell) for cell in dict.fromkeys(given)}
        by_row = tuple(label_of[cell] for cell in given)
        counts = Counter(label for label, kept in zip(by_row, reviews.kept.tolist(), strict=True) if kept and label)
        if not counts:
            raise UnusableInput(
                N_("Column “{column}” is empty where there is a review: choose another for the topics."), column=column
            )
        if len(counts) > MOST_TOPICS or len(counts) > max(_FEW, counts.total() // 2):
            raise UnusableInput(
                N_(
                    "Column “{column}” has {n} different values for {reviews} reviews; topics need at most {most}, and "
                    "two reviews or more each. Choose a column of categories, or leave topics to the clusters."
                ),
                column=column,
                n=len(counts),
                reviews=counts.total(),
                most=MOST_TOPICS,
            )
        return cls(by_row, column)

    def clusters(self, units: Units, groups: Groups, graph: NeighborGraph) -> tuple[Clusters, tuple[str, ...]]:
        """Clusters over the n units (not the distinct ones: equal texts can have different labels), and their labels.

        Most frequent first, ties by first appearance. strength is the share of a unit's neighbours whose label is its
        own (1 without neighbours): how much what a review says agrees with where it was put. Nothing has joined, and
        stability is NaN: it tells how well clusters are found again, and these were not found.
        """
        of_unit = [self.by_row[row] for row in units.row_id.tolist()]
        # most_common keeps the order of first appearance among equals.
        order = tuple(label for label, _ in Counter(filter(None, of_unit)).most_common())
        number = {"": -1, **{label: i for i, label in enumerate(order)}}
        labels = np.array([number[label] for label in of_unit], dtype=np.int32)
        return Clusters(
            labels=labels,
            joined=np.zeros(len(labels), dtype=bool),
            strength=_agreement(labels, groups, graph),
            stability=np.full(len(order), np.nan, dtype=np.float32),
            min_cluster_size=0,
        ), order

    def note(self, units: Units) -> Warning_:
        """What a person should know of these topics."""
        without = sum(not self.by_row[row] for row in np.unique(units.row_id).tolist())
        if without:
            template = N_(
                "Topics are the values of column “{column}”, not found by clustering; {n} reviews have none there."
            )
            return Warning_(template, {"column": self.column, "n": without}, column=self.column)
        template = N_("Topics are the values of column “{column}”, not found by clustering.")
        return Warning_(template, {"column": self.column}, column=self.column)


def named(topics: Sequence[Topic], labels: Sequence[str]) -> tuple[Topic, ...]:
    """The topics under their labels, cut where too long, told apart where that makes two alike."""
    taken: set[str] = set()
    found = []
    for topic, label in zip(topics, labels, strict=True):
        name, wanted, copies = "", _cut(label), 1
        while not name or name in taken:
            name = wanted if copies == 1 else f"{wanted} ({copies})"
            copies += 1
        taken.add(name)
        found.append(replace(topic, name=name))
    return tuple(found)


def cleaned(cell: str) -> str:
    """A label on one line, without what is not seen; "" where the cell says in a program's words that it is empty."""
    shown = "".join(
        char
        for char in _UNSHOWN.sub(" ", cell)
        if char == _JOINER or unicodedata.category(char) not in ("Cf", "Cs", "Co")
    )
    label = unicodedata.normalize("NFC", " ".join(shown.split()))
    return "" if is_missing(label) else label


def _cut(label: str) -> str:
    return label if len(label) <= _LONGEST_NAME else label[: _LONGEST_NAME - 1].rstrip() + "…"


def _agreement(labels: np.ndarray, groups: Groups, graph: NeighborGraph) -> FloatArray:
    """(n,) the share of a unit's neighbours in the graph whose commonest label is the unit's; 0 without a label."""
    strength = np.zeros(len(labels), dtype=np.float32)
    if graph.indices.shape[1] == 0:
        strength[labels >= 0] = 1.0
        return strength
    group = np.searchsorted(groups.representatives, groups.first)
    pairs, votes = np.unique(np.column_stack([group, labels]), axis=0, return_counts=True)
    # The last of each group wins: the one with most votes, the lower label (the larger topic) on a tie.
    order = np.lexsort((-pairs[:, 1], votes, pairs[:, 0]))
    commonest = np.empty(len(groups.representatives), dtype=np.int64)
    commonest[pairs[order, 0]] = pairs[order, 1]
    near = commonest[graph.indices[group]]
    strength[:] = (near == labels[:, None]).mean(axis=1)
    strength[labels < 0] = 0.0
    return strength
