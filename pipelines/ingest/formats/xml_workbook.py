"""“XML Spreadsheet 2003” (Excel's XML, often saved as .xls) to a Table."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from xml.parsers import expat

from pipelines import settings
from pipelines.errors import N_, UnusableInput
from pipelines.ingest.encodings.encoding import Decoded
from pipelines.ingest.formats import written
from pipelines.ingest.formats.sheet_choice import Sheet, best_of, wanted
from pipelines.ingest.options import IngestOptions
from pipelines.ingest.tabular.cells import table_of
from pipelines.progress import Progress, silent
from pipelines.types import Table, Warning_

_NAMESPACE = "urn:schemas-microsoft-com:office:spreadsheet"
_FEED_CHARS = 1 << 18
_DECLARATION = re.compile(r"^\s*<\?xml\b[^>]*\?>")


def read_xml_workbook(decoded: Decoded, options: IngestOptions, progress: Progress = silent) -> Table:
    """Read one sheet, as workbook.read_workbook does.

    Raises UnusableInput when the XML is broken, defines entities, or holds more cells than the setting max_cells.
    """
    reader = _Reader()
    # The text is decoded already: what its declaration says of bytes no longer holds.
    text = _DECLARATION.sub("", decoded.text)
    try:
        for at in range(0, len(text), _FEED_CHARS):
            reader.parser.Parse(text[at : at + _FEED_CHARS].encode("utf-8", "replace"), False)
            progress("reading", at, len(text))
        reader.parser.Parse(b"", True)
    except expat.ExpatError as error:
        raise UnusableInput(
            N_("The XML workbook is broken at line {line}. Save the sheet as “CSV UTF-8” and open that file."),
            line=error.lineno,
        ) from None
    only = wanted(options.sheet, [sheet.name for sheet in reader.sheets])
    warnings: list[Warning_] = list(decoded.warnings)
    best = best_of(reader.sheets if only is None else [reader.sheets[only]], warnings)
    rows = [row for row in best.rows if any(map(str.strip, row))]
    table = table_of(rows, encoding=decoded.encoding, delimiter="", warnings=warnings)
    names = tuple(sheet.name for sheet in reader.sheets)
    return replace(table, format="xml", sheet=best.name, sheets=names, damaged=decoded.damaged)


@dataclass
class _Reader:
    """The sheets as the parser meets their rows and cells; cells and rows may name their own place from 1 on."""

    sheets: list[Sheet] = field(default_factory=list)
    row: list[str] | None = None
    text: list[str] | None = None
    kind: str = ""
    across: int = 0
    cells: int = 0

    def __post_init__(self) -> None:
        self.parser = expat.ParserCreate("utf-8", namespace_separator=" ")
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.CharacterDataHandler = self._data
        self.parser.EntityDeclHandler = self._refuse_entity
        self.parser.buffer_text = True
        self.limit = settings.get_int("max_cells")

    def _refuse_entity(self, *_: object) -> None:
        raise UnusableInput(N_("The XML workbook defines entities, which is not safe. Save it as CSV and open that."))

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        name = tag.removeprefix(_NAMESPACE + " ")
        if name == "Worksheet":
            self.sheets.append(Sheet(attributes.get(f"{_NAMESPACE} Name", "")))
        elif name == "Row" and self.sheets:
            at = _whole(attributes, "Index")
            missing = max(0, at - 1 - len(self.sheets[-1].rows)) if at else 0
            self._count(missing)
            self.sheets[-1].rows.extend([] for _ in range(missing))
            self.row = []
        elif name == "Cell" and self.row is not None:
            at = _whole(attributes, "Index")
            missing = max(0, at - 1 - len(self.row)) if at else 0
            self.across = _whole(attributes, "MergeAcross")
            self._count(missing + 1 + self.across)
            self.row.extend([""] * (missing + 1))
        elif name == "Data" and self.row:
            self.text, self.kind = [], attributes.get(f"{_NAMESPACE} Type", "String")

    def _data(self, text: str) -> None:
        if self.text is not None:
            self.text.append(text)

    def _end(self, tag: str) -> None:
        name = tag.removeprefix(_NAMESPACE + " ")
        if name == "Data" and self.row and self.text is not None:
            self.row[-1] = _cell("".join(self.text), self.kind)
            self.sheets[-1].filled += bool(self.row[-1])
            self.text = None
        elif name == "Cell" and self.row is not None:
            self.row.extend([""] * self.across)
            self.across = 0
        elif name == "Row" and self.row is not None and self.sheets:
            self.sheets[-1].rows.append(self.row)
            self.row = None

    def _count(self, cells: int) -> None:
        self.cells += cells
        if self.cells > self.limit:
            raise UnusableInput(
                N_("The table has more than {limit} cells. Split it, or raise REVIEWSCAPE_MAX_CELLS."),
                limit=self.limit,
            )


def _whole(attributes: dict[str, str], name: str) -> int:
    value = attributes.get(f"{_NAMESPACE} {name}", "")
    return int(value) if value.isdecimal() and len(value) < 10 else 0


def _cell(text: str, kind: str) -> str:
    if kind == "Boolean":
        return {"1": "TRUE", "0": "FALSE"}.get(text.strip(), text)
    if kind == "DateTime":
        return written.moment(text.strip().replace("T", " "))
    if kind == "Number" and "e" in text.lower():
        try:
            return written.number(float(text), 15)
        except ValueError:
            return text
    return text
