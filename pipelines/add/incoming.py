"""A further file read as the analysis's own file was: its columns under the same names, in the same roles.

Stars and dates are read together with the rows that are there already: ten rows alone do not show that a scale goes
up to ten, or that the day comes before the month.
"""

from __future__ import annotations

import contextlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pandas as pd

from pipelines import ingest
from pipelines.add import columns as columns_
from pipelines.add.stars import are_apart
from pipelines.config import AnalyzeConfig
from pipelines.errors import N_, UnusableInput
from pipelines.ingest.options import sources_of
from pipelines.ingest.stack import SOURCE_COLUMN
from pipelines.progress import Progress, silent
from pipelines.store.reader import Bundle
from pipelines.types import BoolArray, IntArray, Reviews, Roles, Table, Warning_, name_in_rows
from pipelines.units import split

_TRIED_ROWS = 60
_SURE, _GUESSED = 1.0, 0.9
_WAYS = ((_SURE, False), (_GUESSED, False), (_SURE, True), (_GUESSED, True))
"""How sure the text column was (two halves of a review are joined where it is a guess), whether titles were joined."""


@dataclass(frozen=True)
class Incoming:
    """reviews: the new rows alone, their table under the columns of both. known: which rows the analysis has already.

    identified: whether rows are told apart by more than their text (a day or a user). names: role → column of the
    united rows. notes: what a person should know of how the file was read.
    """

    reviews: Reviews
    known: BoolArray
    identified: bool
    names: Mapping[str, str | None]
    notes: tuple[Warning_, ...]

    def without_known(self) -> Incoming:
        """Only the rows that are not there yet."""
        rows = np.flatnonzero(~self.known)
        return replace(self, reviews=part(self.reviews, rows), known=np.zeros(len(rows), dtype=bool))


def read(
    bundle: Bundle,
    source: Path | bytes | ingest.Source | Sequence[ingest.Source],
    options: ingest.IngestOptions | None = None,
    progress: Progress = silent,
) -> Incoming:
    """The rows of `source` in the columns and roles of `bundle`; `options` override what a role's column is.

    Raises UnusableInput as `ingest.read` does, and where no column can be the text.
    """
    options = options or ingest.IngestOptions()
    alone = _read_alone(bundle, source, options, progress)
    before: dict[str, str] = dict(bundle.summary["roles"])
    fitted = columns_.fit(alone.table, alone.roles, before, bundle.summary["columns"], options.roles or {})
    old = _old_rows(bundle)
    united = [*old.columns, *(name for name in fitted.frame.columns if name not in set(old.columns))]
    sure, titled = _way(bundle, old)
    roles = Roles(fitted.roles, dict.fromkeys(fitted.roles, _SURE) | {"text": sure})
    table = replace(alone.table, frame=_stacked(old, fitted.frame, united, roles, _files(bundle, source)), warnings=())
    both = ingest.to_reviews(table, roles, join_title=titled or options.join_title, progress=progress)
    both = replace(both, table=replace(table, frame=table.frame[united]))
    new = np.arange(len(old), len(both.text))
    reviews = part(both, new)
    known, identified = _known(old, both, fitted.roles, fitted.shared)
    file = alone.table.warnings[0].file if alone.table.warnings else None
    notes = [note if note.file or not file else replace(note, file=file) for note in alone.warnings]
    notes = [*_of_scales(notes, both.warnings, fitted.roles), *fitted.notes, *_of_dates(bundle, both, fitted.roles)]
    return Incoming(reviews, known, identified, fitted.roles, tuple(notes))


def _of_scales(alone: Sequence[Warning_], both: Sequence[Warning_], roles: Mapping[str, str | None]) -> list[Warning_]:
    """What was said of the file alone, but for the stars: on which scale they are is seen with the rows before."""
    stars = roles.get("rating")
    kept = [note for note in alone if "scale" not in note.values]
    return kept + [note for note in both if note.column == stars and note.values.keys() & {"scale", "scales"}]


def _of_dates(bundle: Bundle, both: Reviews, roles: Mapping[str, str | None]) -> list[Warning_]:
    """A word where the new rows show that day and month stand the other way round than the old ones were read."""
    points = bundle.points
    if both.date is None or "date" not in points:
        return []
    rows = points["row_id"].to_numpy()
    was, now = points["date"].to_numpy().astype("datetime64[s]"), both.date[rows].astype("datetime64[s]")
    if ((was == now) | np.isnat(was) | np.isnat(now)).all():
        return []
    told = N_(
        "The dates in “{column}” are written in another order of day and month than was taken for the rows before, "
        "whose dates stay as they are."
    )
    return [Warning_(told, {"column": roles["date"]}, column=roles["date"])]


def part(reviews: Reviews, rows: IntArray) -> Reviews:
    """Some data rows of an upload, counted anew."""

    def some(values: list[str] | None) -> list[str] | None:
        return None if values is None else [values[row] for row in rows]

    return replace(
        reviews,
        table=replace(reviews.table, frame=reviews.table.frame.iloc[rows].reset_index(drop=True)),
        text=[reviews.text[row] for row in rows],
        kept=reviews.kept[rows],
        reason=[reviews.reason[row] for row in rows],
        rating=None if reviews.rating is None else reviews.rating[rows],
        date=None if reviews.date is None else reviews.date[rows],
        user=some(reviews.user),
        item=some(reviews.item),
        language=[reviews.language[row] for row in rows],
        reply=some(reviews.reply),
        scores={name: values[rows] for name, values in reviews.scores.items()},
    )


def whole(bundle: Bundle) -> Reviews:
    """All rows of a bundle understood again, as its own files were, for a new map of them.

    Stars and dates stay as they are: each file's were read on its own scale, which all rows together do not show. So do
    rows that were left out, those that a provider refused among them.
    """
    old = _old_rows(bundle)
    sure, titled = _way(bundle, old)
    roles: dict[str, str | None] = dict(bundle.summary["roles"])
    found = ingest.to_reviews(
        _as_table(bundle, old), Roles(roles, dict.fromkeys(roles, _SURE) | {"text": sure}), join_title=titled
    )
    return replace(
        found,
        kept=bundle.rows["kept"].to_numpy(dtype=np.bool_),
        reason=bundle.rows["reason"].fillna("").astype("str").tolist(),
        rating=_of_rows(bundle, "rating", np.full(len(old), np.nan, dtype=np.float32)),
        date=_of_rows(bundle, "date", np.full(len(old), "NaT", dtype="datetime64[us]")),
    )


def _of_rows(bundle: Bundle, column: str, blank: np.ndarray) -> np.ndarray | None:
    """(rows,) a column of the points by data row, `blank` where a row has no review; None where there is none."""
    if column not in bundle.points:
        return None
    blank[bundle.points["row_id"].to_numpy()] = bundle.points[column].to_numpy()
    return blank


def _read_alone(
    bundle: Bundle,
    source: Path | bytes | ingest.Source | Sequence[ingest.Source],
    options: ingest.IngestOptions,
    progress: Progress,
) -> Reviews:
    """The file by itself, in the roles of the bundle where it has columns of these names."""
    chosen, before = dict(options.roles or {}), dict(bundle.summary["roles"])
    # The usual file has the same columns; of one with others the text is looked for alone, then guessed like the rest.
    for usual in (before, {"text": before["text"]}):
        # A file without such a column, or one that cannot be read at all: then the last try says so.
        with contextlib.suppress(UnusableInput):
            return ingest.read(source, replace(options, roles={**usual, **chosen}), progress)
    return ingest.read(source, options, progress)


def _old_rows(bundle: Bundle) -> pd.DataFrame:
    """The bundle's upload, its columns called as in the file."""
    names = list(bundle.summary["columns"])
    frame = bundle.rows[[name_in_rows(name) for name in names]].set_axis(names, axis="columns")
    return frame.fillna("").astype("str").reset_index(drop=True)


def _as_table(bundle: Bundle, frame: pd.DataFrame) -> Table:
    source = bundle.summary["source"]
    return Table(frame, str(source.get("encoding", "")), str(source.get("delimiter", "")), bool(source.get("header")))


def _way(bundle: Bundle, old: pd.DataFrame) -> tuple[float, bool]:
    """How the bundle's texts were made from its cells (one of _WAYS): nothing says so, but the rows show it."""
    unit = AnalyzeConfig.from_dict(dict(bundle.config)).unit
    points = bundle.points
    sample = old.head(_TRIED_ROWS)
    wanted = points["text"][points["row_id"] < len(sample)].tolist()
    table = _as_table(bundle, sample)
    roles: dict[str, str | None] = dict(bundle.summary["roles"])

    def met(way: tuple[float, bool]) -> int:
        read_so = ingest.to_reviews(
            table, Roles(roles, dict.fromkeys(roles, _SURE) | {"text": way[0]}), join_title=way[1]
        )
        found = split(read_so, unit).text
        return sum(one == other for one, other in zip(found, wanted, strict=False))

    return max(_WAYS, key=met)


def _stacked(old: pd.DataFrame, new: pd.DataFrame, united: list[str], roles: Roles, files: list[str]) -> pd.DataFrame:
    """Old rows above new ones under the united columns; old texts are left away: nobody understands them again.

    files: what both sides are called. A last column tells which a row is of, as in a stack of files, where the new rows
    rate on a scale of their own; else it tells nothing apart.
    """
    unread = [name for role in ("text", "title") if (name := roles.get(role)) is not None and name in old.columns]
    blank = old.copy()
    for name in unread:
        blank[name] = ""
    parts = [frame.reindex(columns=united, fill_value="").astype("str") for frame in (blank, new)]
    stars = roles.get("rating")
    apart = False
    if stars is not None and stars in old.columns and stars in new.columns:
        apart = are_apart(stars, old[stars].tolist(), new[stars].tolist())
    for frame, file in zip(parts, files, strict=True):
        frame[f"{SOURCE_COLUMN}\0"] = file if apart else ""
    return pd.concat(parts, ignore_index=True)


def _files(bundle: Bundle, source: Path | bytes | ingest.Source | Sequence[ingest.Source]) -> list[str]:
    """What the rows before and the new ones are called, each its own name."""
    before = str(bundle.summary["source"]["name"])
    new = " + ".join(one.name for one in sources_of(source))
    return [before, new if new != before else f"{new} (2)"]


def _known(
    old: pd.DataFrame, both: Reviews, roles: Mapping[str, str | None], shared: Sequence[str]
) -> tuple[BoolArray, bool]:
    """Rows that repeat an old one: in every shared column, or in text, day and user where one of the two is there.

    Days count as they are understood: the same export may write them otherwise this week.
    """
    n, new = len(old), both.table.frame.iloc[len(old) :].reset_index(drop=True)
    known = np.zeros(len(new), dtype=bool)
    if len(shared):
        known = _repeated(old[list(shared)], new[list(shared)])
    text = roles.get("text")
    who = [name for role in ("date", "user") if (name := roles.get(role)) in shared and name is not None]
    if not who or text not in shared or text is None:
        return known, bool(who)
    keys = []
    for frame, rows in ((old, slice(0, n)), (new, slice(n, None))):
        key = pd.DataFrame({name: frame[name].str.strip() for name in (text, *who)})
        if both.date is not None and roles.get("date") in who:
            days = pd.Series(both.date[rows])
            key[roles["date"]] = days.astype("str").where(days.notna(), key[roles["date"]])
        keys.append(key)
    told = (keys[1][who] != "").any(axis=1) & (keys[1][text] != "")
    return known | (told.to_numpy() & _repeated(*keys)), True


def _repeated(old: pd.DataFrame, new: pd.DataFrame) -> BoolArray:
    hashed = [pd.util.hash_pandas_object(frame.astype("str"), index=False) for frame in (old, new)]
    return hashed[1].isin(hashed[0]).to_numpy()
