"""Collect the interface's strings, merge them into the Chinese catalogue and compile it: `make words`."""

from __future__ import annotations

import ast
import sys
from collections.abc import Collection, Iterator
from pathlib import Path
from typing import IO

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent
PO = HERE / "zh_CN" / "LC_MESSAGES" / "reviewscape.po"
KEYWORDS: dict[str, object] = {"_": None, "N_": None, "n_": (1, 2), "gettext": None, "ngettext": (1, 2)}
_READ = "locales.update:from_tree"
SOURCES = [("pipelines/**.py", _READ), ("pages/**.py", _READ), ("app.py", _READ)]


def from_tree(
    file: IO[bytes], keywords: Collection[str], _comment_tags: object, options: object
) -> Iterator[tuple[int, str, tuple[str | None, ...], list[str]]]:
    """The marked strings of one Python file, as Babel asks for them: line, function, arguments, comments.

    Babel's own reader goes by tokens and, before Python 3.12, passes over what stands inside an f-string.
    """
    calls = [node for node in ast.walk(ast.parse(file.read())) if isinstance(node, ast.Call)]
    for node in sorted(calls, key=lambda node: (node.lineno, node.col_offset)):
        name = getattr(node.func, "id", None) or getattr(node.func, "attr", None)
        if name in keywords:
            said = tuple(
                arg.value if isinstance(arg, ast.Constant) and isinstance(arg.value, str) else None for arg in node.args
            )
            yield node.lineno, name, said, []


def collected() -> Catalog:
    """Every marked string of the code."""
    catalogue = Catalog(project="Reviewscape", charset="utf-8")
    for name, line, message, comments, context in extract_from_dir(
        str(ROOT),
        method_map=SOURCES,
        keywords=KEYWORDS,
        directory_filter=lambda d: not Path(d).name.startswith((".", "tests")),
    ):
        catalogue.add(message, None, [(name, line)], auto_comments=comments, context=context)
    return catalogue


def chinese() -> Catalog:
    """The Chinese catalogue as it is on disk; an empty one when there is none."""
    if not PO.exists():
        return Catalog(locale="zh_CN", project="Reviewscape", charset="utf-8")
    with PO.open("rb") as file:
        return read_po(file, locale="zh_CN")


def missing(catalogue: Catalog) -> list[str]:
    """Strings of the code without a finished translation."""
    lacking = []
    for message in collected():
        if not message.id:
            continue
        found = catalogue.get(message.id)
        text = found.string if found else ""
        texts = text if isinstance(text, tuple | list) else (text,)
        if found is None or found.fuzzy or not all(texts):
            lacking.append(message.id if isinstance(message.id, str) else message.id[0])
    return lacking


def main() -> int:
    """Merge and compile; tells which strings still lack Chinese."""
    catalogue = chinese()
    catalogue.update(collected(), no_fuzzy_matching=True)
    catalogue.obsolete.clear()
    PO.parent.mkdir(parents=True, exist_ok=True)
    with PO.open("wb") as file:
        # Without line numbers: they would change the file with every edit of the code.
        write_po(file, catalogue, width=120, sort_output=True, no_location=True, omit_header=False)
    with PO.with_suffix(".mo").open("wb") as file:
        write_mo(file, catalogue)
    lacking = missing(catalogue)
    sys.stdout.write(f"{len(catalogue)} strings, {len(lacking)} without Chinese\n")
    for message in lacking:
        sys.stdout.write(f"  {message}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
