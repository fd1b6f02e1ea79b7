"""A file, or several stacked, to one Table: what it is by its content, then its reader."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from pipelines import settings
from pipelines.errors import N_, UnusableInput
from pipelines.ingest.aligned import align
from pipelines.ingest.defused import undo_defusing
from pipelines.ingest.encodings.encoding import decode
from pipelines.ingest.formats import archive, contents
from pipelines.ingest.formats.archive import Budget
from pipelines.ingest.formats.html_table import declared_charset, page_of, read_html
from pipelines.ingest.formats.json_rows import read_json
from pipelines.ingest.formats.parquet import read_parquet
from pipelines.ingest.formats.workbook import read_workbook
from pipelines.ingest.formats.xml_workbook import read_xml_workbook
from pipelines.ingest.options import IngestOptions, Source, sources_of
from pipelines.ingest.stack import alike, stack
from pipelines.ingest.tabular.delimited import read_delimited
from pipelines.progress import Progress, silent
from pipelines.types import Table, Warning_

_DEEPEST_ARCHIVE = 3  # an archive in an archive, and a stream around one of them
_MOST_NAMED = 10
Named = tuple[str, Table]


def read_table(
    source: Path | bytes | Source | Sequence[Source], options: IngestOptions | None = None, progress: Progress = silent
) -> Table:
    """Read a file whatever its format, or several (an archive's members as well) stacked into one table.

    Raises UnusableInput when a file cannot be opened, is empty, is no table or goes beyond a limit of the settings;
    of several, only when none can be read.
    """
    options = options or IngestOptions()
    sources = sources_of(source)
    if not sources:
        raise UnusableInput(N_("No file was given. Choose one with one review per row."))
    limit = settings.get_int("max_members")
    if len(sources) > limit:
        raise UnusableInput(
            N_("{count} files are more than {limit}. Choose fewer, or raise REVIEWSCAPE_MAX_MEMBERS."),
            count=len(sources),
            limit=limit,
        )
    budget = Budget()
    if len(sources) == 1:
        named, notes = _tables_in(_bytes_of(sources[0].content), "", options, budget, progress)
    else:
        named, notes = _tables_of(sources, options, budget, progress)
    table = named[0][1] if len(named) == 1 and len(sources) == 1 else stack(align(named))
    if options.sheet and not any(each.sheets for _, each in named):
        told = N_("The sheet “{sheet}” was not looked for: this format has no sheets.")
        notes = [*notes, Warning_(told, {"sheet": options.sheet})]
    return replace(table, warnings=(*notes, *table.warnings))


def _tables_of(
    sources: Sequence[Source], options: IngestOptions, budget: Budget, progress: Progress
) -> tuple[list[Named], list[Warning_]]:
    """The tables of several files; those that cannot be read are told of, unless none can."""
    named: list[Named] = []
    notes: list[Warning_] = []
    failed: list[tuple[str, UnusableInput]] = []
    seen: dict[bytes, str] = {}
    for index, source in enumerate(sources):
        try:
            data = _bytes_of(source.content)
            digest = hashlib.sha256(data).digest()
            if digest in seen:
                values = {"name": source.name, "other": seen[digest]}
                notes.append(Warning_(N_("{name} holds the same as {other} and was left out."), values))
                continue
            seen[digest] = source.name
            found, inner = _tables_in(data, source.name, options, budget, _part(progress, index, len(sources)))
        except UnusableInput as error:
            failed.append((source.name, error))
            continue
        named += found
        notes += [note if note.file else replace(note, file=source.name) for note in inner]
    if not named:
        name, first = failed[0]
        raise UnusableInput(
            N_("None of the {count} files can be read. {name}: {reason}"), count=len(sources), name=name, reason=first
        )
    if failed:
        notes.insert(0, Warning_(N_("{count} files were left out: {names}."), _listed([name for name, _ in failed])))
        notes += [
            Warning_(refusal.template, {key: _plain(value) for key, value in refusal.values.items()}, file=name)
            for name, refusal in failed
        ]
    return named, notes


def _tables_in(
    data: bytes, name: str, options: IngestOptions, budget: Budget, progress: Progress, depth: int = 0
) -> tuple[list[Named], list[Warning_]]:
    """The tables in one file's bytes: one, or an archive's several; and what is to be said of the archive."""
    kind = contents.kind_of_bytes(data)
    contents.refuse_document(kind)
    if kind in archive.COMPRESSED or kind in {"zip", "tar"}:
        if depth >= _DEEPEST_ARCHIVE:
            raise UnusableInput(N_("Archives lie inside archives too deeply. Unpack them and open the file inside."))
        if kind in archive.COMPRESSED:
            inside = archive.decompress(data, kind, budget)
            return _tables_in(inside, name, options, budget, progress, depth + 1)
        return _tables_of_members(archive.members(data, kind, budget), name, options, budget, progress, depth + 1)
    if kind != "text":
        return [(name, undo_defusing(_read_binary(data, kind, options, budget, progress)))], []
    held = [data]
    del data
    return [(name, undo_defusing(_read_text(held, options, progress)))], []


def _tables_of_members(
    members: Sequence[Source], name: str, options: IngestOptions, budget: Budget, progress: Progress, depth: int
) -> tuple[list[Named], list[Warning_]]:
    named: list[Named] = []
    notes: list[Warning_] = []
    left_out: list[str] = []
    error: UnusableInput | None = None
    for index, member in enumerate(members):
        full = f"{name}/{member.name}" if name else member.name
        part = _part(progress, index, len(members))
        try:
            found, inner = _tables_in(_bytes_of(member.content), full, options, budget, part, depth)
        except UnusableInput as refused:
            error = error or refused
            left_out.append(member.name)
            continue
        named += found
        notes += inner
    if not named:
        if len(members) == 1 and error is not None:
            raise error
        raise UnusableInput(N_("The archive holds no table, but: {names}."), **_listed([each.name for each in members]))
    # A licence or a note beside the data reads as a table of one nameless column.
    tables = [(full, table) for full, table in named if table.frame.shape[1] > 1 or table.header]
    tables = alike(tables or named)
    kept = {full for full, _ in tables}
    apart = [full for full, _ in named if full not in kept]
    if apart:
        template = N_("{count} tables in the archive have other columns and were left out: {names}.")
        notes.append(Warning_(template, _listed(apart)))
        notes = [note for note in notes if note.file not in apart]
    if left_out:
        template = N_("{count} files in the archive are no tables and were left out: {names}.")
        notes.append(Warning_(template, _listed(left_out)))
    return tables, notes


def _read_binary(data: bytes, kind: str, options: IngestOptions, budget: Budget, progress: Progress) -> Table:
    if kind in {"parquet", "arrow"}:
        return read_parquet(data, kind, budget, progress)
    return read_workbook(data, kind, options, budget, progress)


def _read_text(held: list[bytes], options: IngestOptions, progress: Progress) -> Table:
    """Read a text, taking its bytes out of `held`: those of a large file are let go of once they are decoded."""
    data = held.pop()
    marked_up = data[:200].lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<")
    encoding = options.encoding or (declared_charset(data) if marked_up else None)
    decoded = decode(data, encoding)
    form = "delimited" if options.delimiter else contents.kind_of_text(decoded.text)
    if form == "mhtml":
        page = page_of(data)
        decoded, form = decode(page, options.encoding or declared_charset(page)), "html"
    del data
    if form == "html":
        return read_html(decoded, progress)
    if form == "xml_workbook":
        return read_xml_workbook(decoded, options, progress)
    if form == "xml":
        raise UnusableInput(N_("This is an XML file, not a table. Export the reviews as CSV and open that file."))
    table = read_json(decoded, progress) if form == "json" else None
    return table or read_delimited(decoded, options, progress)


def _bytes_of(source: Path | bytes) -> bytes:
    if isinstance(source, bytes):
        return source
    path = Path(source)
    try:
        if path.is_dir():
            raise UnusableInput(N_("{path} cannot be opened: it is a folder. Name a file inside it."), path=source)
        if path.is_char_device() or path.is_block_device():
            raise UnusableInput(N_("{path} cannot be opened: it is no file."), path=source)
        return path.read_bytes()
    except (OSError, ValueError) as error:  # ValueError: a NUL in the name
        reason = getattr(error, "strerror", None) or type(error).__name__
        raise UnusableInput(
            N_("{path} cannot be opened: {reason}. Check the name."), path=source, reason=reason
        ) from None


def _plain(value: object) -> object:
    """A message's value as it goes through JSON."""
    return value if isinstance(value, int | float) else str(value)


def _listed(names: Sequence[str]) -> dict[str, object]:
    """How many, and the first of them."""
    more = " …" if len(names) > _MOST_NAMED else ""
    return {"count": len(names), "names": ", ".join(names[:_MOST_NAMED]) + more}


def _part(progress: Progress, index: int, count: int) -> Progress:
    """A file's own progress as a part of the whole."""

    def tell(stage: str, done: float, total: float, *, rate: float | None = None, note: str = "") -> None:
        progress(stage, index + (done / total if total else 0.0), count, rate=rate, note=note)

    return tell
