"""From a column of a file to its pictures: read, checked, embedded, made small; and what was left out, in words."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from pipelines import checkpoints, settings
from pipelines.embed.clip import ClipModel
from pipelines.embed.weights import sha256
from pipelines.errors import N_, UnusableInput
from pipelines.ingest import Source
from pipelines.pictures import decoding
from pipelines.pictures.fetched import Fetcher
from pipelines.pictures.kept import Pictures
from pipelines.pictures.names import is_address, references
from pipelines.pictures.refused import WHY, NotTaken
from pipelines.pictures.zipped import PictureZip
from pipelines.progress import Progress, silent
from pipelines.types import Reviews, Warning_

STAGE = "pictures"
_BATCH = 16


@dataclass(frozen=True)
class Wanted:
    """What a person asked for: the column that names pictures, the zip they are in, the model, the web or not."""

    column: str
    model: str
    zipped: Source | None = None
    from_web: bool = False

    def as_dict(self) -> dict[str, object]:
        """Plain values, for summary.json."""
        name = None if self.zipped is None else self.zipped.name
        return {"column": self.column, "model": self.model, "zip": name, "from_web": self.from_web}


@dataclass(frozen=True)
class _Reference:
    row_id: int
    written: str


def read(
    wanted: Wanted, reviews: Reviews, progress: Progress = silent, *, fetcher: Fetcher | None = None
) -> tuple[Pictures, tuple[Warning_, ...]]:
    """The pictures of the reviews that take part, in their order, and what to tell of those that were left out.

    fetcher: in place of the usual one. Raises UnusableInput (no such column, no zip, no such model, no picture at all),
    ProviderFailed (a hub model that cannot be fetched), Cancelled.
    """
    cells = _column(wanted, reviews)
    if wanted.zipped is None and not wanted.from_web:
        raise UnusableInput(N_("Say where the pictures are: a zip with --pictures, or the web with --fetch-pictures."))
    model = ClipModel(wanted.model)
    asked = [
        _Reference(row, reference)
        for row in np.flatnonzero(reviews.kept).tolist()
        for reference in references(cells[row])
    ]
    left_out: Counter[str] = Counter()
    most = settings.get_int("max_pictures")
    if len(asked) > most:
        left_out["too_many"] = len(asked) - most
    made = _embedded(_contents(wanted, asked[:most], fetcher or _usual()), model, len(asked[:most]), left_out, progress)
    if not len(made):
        raise UnusableInput(
            N_("No picture could be read of the {n} in column “{column}”: {why}"),
            n=len(asked),
            column=wanted.column,
            why=" ".join(str(note) for note in _notes(left_out, wanted)) or N_("its cells are empty."),
        )
    return made, _notes(left_out, wanted)


def digest(wanted: Wanted, reviews: Reviews) -> str:
    """What the pictures of a file are known by: cells, rows that take part, the zip's bytes, the model's weights."""
    content = b"" if wanted.zipped is None else wanted.zipped.content
    zipped = hashlib.sha256(content).hexdigest() if isinstance(content, bytes) else sha256([Path(content)])
    column = _column(wanted, reviews)
    identity = json.dumps(ClipModel(wanted.model).identity(), sort_keys=True)
    limits = [settings.get_int(name) for name in ("max_pictures", "max_picture_mb", "max_picture_mpx")]
    return checkpoints.digest(column, reviews.kept, zipped, identity, wanted.from_web, limits)


def _column(wanted: Wanted, reviews: Reviews) -> list[str]:
    frame = reviews.table.frame
    if wanted.column not in frame.columns:
        raise UnusableInput(
            N_("There is no column “{column}” for pictures; the file has: {columns}."),
            column=wanted.column,
            columns=", ".join(map(str, frame.columns)),
        )
    return frame[wanted.column].astype(str).tolist()


def _usual() -> Fetcher:
    return Fetcher(settings.get_int("max_picture_mb") * 1_000_000, settings.get_float("picture_timeout_s"))


def _contents(
    wanted: Wanted, asked: Sequence[_Reference], fetcher: Fetcher
) -> Iterator[tuple[_Reference, bytes | NotTaken]]:
    """Each reference with its bytes, or why there are none; in the order of rows."""
    addresses = [one.written for one in asked if is_address(one.written)]
    from_web = fetcher.fetch_all(addresses) if wanted.from_web else None
    with nullcontext() if wanted.zipped is None else PictureZip(wanted.zipped) as archive:
        for one in asked:
            if not is_address(one.written):
                yield one, _unzipped(archive, one.written)
            elif from_web is not None:
                yield one, next(from_web)
            else:
                # An export names its own shop's address; the zip holds the file under the last part of it.
                found = _unzipped(archive, one.written.partition("?")[0])
                yield one, NotTaken("not_allowed") if isinstance(found, NotTaken) else found


def _unzipped(archive: PictureZip | None, name: str) -> bytes | NotTaken:
    if archive is None:
        return NotTaken("missing")
    try:
        return archive.read(name, settings.get_int("max_picture_mb") * 1_000_000)
    except NotTaken as error:
        return error


def _embedded(
    contents: Iterator[tuple[_Reference, bytes | NotTaken]],
    model: ClipModel,
    total: int,
    left_out: Counter[str],
    progress: Progress,
) -> Pictures:
    most_pixels = settings.get_int("max_picture_mpx") * 1_000_000
    rows: list[int] = []
    jpegs: list[bytes] = []
    vectors: list[np.ndarray] = []
    batch = []
    for done, (one, content) in enumerate(contents):
        progress(STAGE, done, total)
        try:
            if isinstance(content, NotTaken):
                raise content
            picture = decoding.decoded(content, most_pixels)
        except NotTaken as error:
            left_out[error.kind] += 1
            continue
        rows.append(one.row_id)
        jpegs.append(decoding.thumbnail(picture))
        batch.append(picture)
        if len(batch) == _BATCH:
            vectors.append(model.embed_pictures(batch))
            batch = []
    if batch:
        vectors.append(model.embed_pictures(batch))
    return Pictures(
        row_id=np.array(rows, np.int64),
        vectors=np.concatenate(vectors) if vectors else np.zeros((0, 0), np.float32),
        jpeg=np.frombuffer(b"".join(jpegs), np.uint8),
        ends=np.cumsum([len(one) for one in jpegs], dtype=np.int64),
        identity=model.identity(),
    )


def _notes(left_out: Counter[str], wanted: Wanted) -> tuple[Warning_, ...]:
    values: dict[str, object] = {
        "source": wanted.zipped.name if wanted.zipped is not None else "—",
        "limit_mb": settings.get_int("max_picture_mb"),
        "limit_mpx": settings.get_int("max_picture_mpx"),
        "limit_s": f"{settings.get_float('picture_timeout_s'):g}",
        "limit": settings.get_int("max_pictures"),
    }
    return tuple(
        Warning_(WHY[kind], {"n": n, **{name: value for name, value in values.items() if f"{{{name}}}" in WHY[kind]}})
        for kind, n in sorted(left_out.items())
        if n
    )
