"""What was understood of a file, as plain values: what a person confirms before anything is analysed."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from itertools import compress
from typing import Any

from pipelines.errors import N_
from pipelines.ingest.reviews import to_reviews
from pipelines.ingest.summary import summary
from pipelines.progress import Progress, silent
from pipelines.types import Reviews, Roles, Table, Warning_

PREVIEW_ROWS = 5
EXAMPLES = 3
_PREVIEW_CHARS = 2_000
_EXAMPLE_CHARS = 120


@dataclass(frozen=True)
class Understanding:
    """told: what `ingest --json` prints. preview: the first data rows, cells in the order of told["columns"].

    warnings: as types.Warning_, for the reader's language. examples: reason → rows left out for it, as (data row
    counted from 1, the cell). texts: distinct usable texts; characters: theirs together. languages: code → usable rows.
    has_text: whether a column can be the review text; without one there are no reviews to tell of.
    """

    told: Mapping[str, Any]
    preview: Sequence[Sequence[str]]
    warnings: tuple[Warning_, ...] = ()
    examples: Mapping[str, Sequence[tuple[int, str]]] = field(default_factory=dict)
    texts: int = 0
    characters: int = 0
    languages: Mapping[str, int] = field(default_factory=dict)
    has_text: bool = True

    def as_json(self) -> str:
        """One line; `from_json` reads it back."""
        return json.dumps(asdict(self), ensure_ascii=False)

    @classmethod
    def from_json(cls, line: str) -> Understanding:
        """The inverse of as_json."""
        values = json.loads(line)
        values["warnings"] = tuple(Warning_(**warning) for warning in values["warnings"])
        values["examples"] = {why: [(row, cell) for row, cell in found] for why, found in values["examples"].items()}
        return cls(**values)


def understanding(
    table: Table, roles: Roles, *, join_title: bool = False, progress: Progress = silent
) -> Understanding:
    """What to tell of a table before it is analysed; a table without review text is told of as well."""
    preview = [
        [cell[:_PREVIEW_CHARS] for cell in row] for row in table.frame.head(PREVIEW_ROWS).itertuples(index=False)
    ]
    if roles.get("text") is None:
        note = Warning_(N_("No column looks like review text. Say which one is."))
        table = replace(table, warnings=(*table.warnings, note))
        return Understanding(summary(table, roles), preview, table.warnings, has_text=False)
    reviews = to_reviews(table, roles, join_title=join_title, progress=progress)
    usable = {text for text, kept in zip(reviews.text, reviews.kept, strict=True) if kept}
    return Understanding(
        told=summary(table, roles, reviews),
        preview=preview,
        warnings=reviews.warnings,
        examples=_examples(reviews),
        texts=len(usable),
        characters=sum(map(len, usable)),
        languages=dict(Counter(compress(reviews.language, reviews.kept))),
    )


def _examples(reviews: Reviews) -> dict[str, list[tuple[int, str]]]:
    """The first rows left out for each reason."""
    text = reviews.table.frame[reviews.roles.get("text")]
    found: dict[str, list[tuple[int, str]]] = {why: [] for why in Counter(filter(None, reviews.reason))}
    for row, why in enumerate(reviews.reason):
        if why and len(found[why]) < EXAMPLES:
            found[why].append((row + 1, text.iloc[row][:_EXAMPLE_CHARS]))
    return found
