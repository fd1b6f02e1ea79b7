"""How often a file's encoding is found: ours and the libraries, on the same slices of labelled texts, in one run.

`python -m benchmarks.encodings FILE --text C --language C` or `python -m benchmarks.encodings FOLDER` (one text a line
in <language>.txt). Slices of 5, 50 and 1,000 rows, with ASCII columns beside the text, are encoded in every codec that
can write the language; a slice counts when exactly its text comes back. chardet and cchardet take part when installed
(`pip install --target DIR chardet faust-cchardet`, then `PYTHONPATH=DIR`). A table for people, then one JSON line.
"""

from __future__ import annotations

import argparse
import csv
import io
import json
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from importlib import import_module
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path

from pipelines.errors import UnusableInput
from pipelines.ingest.encodings.encoding import decode

SIZES = (5, 50, 1000)
SLICES = 8
"""At most so many slices of each size, from disjoint rows."""
_EVERY = ("utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "gb18030")
_WEST = ("cp1252", "mac_roman", "cp850")
_MIDDLE = ("cp1250", "iso8859_2")
_CYRILLIC = ("cp1251", "koi8_r", "cp866", "mac_cyrillic")
_NAMES = {"arabic": "ar", "chinese": "zh", "english": "en", "french": "fr", "german": "de", "italian": "it"} | {
    "japanese": "ja",
    "portuguese": "pt",
    "spanish": "es",
}
CODECS = (
    dict.fromkeys(("de", "en", "es", "fr", "it", "pt", "nl", "sv", "da", "fi", "nb"), _WEST)
    | dict.fromkeys(("pl", "cs", "hu", "hr", "sk", "sl", "ro"), _MIDDLE)
    | dict.fromkeys(("ru", "bg", "uk"), _CYRILLIC)
    | dict.fromkeys(("lt", "lv", "et"), ("cp1257",))
    | {
        "zh": ("gbk",),
        "zh-hant": ("big5", "cp950", "big5hkscs"),
        "ja": ("cp932", "euc_jp", "iso2022_jp"),
        "ko": ("cp949", "euc_kr"),
        "ar": ("cp1256",),
        "el": ("cp1253", "iso8859_7"),
        "he": ("cp1255",),
        "th": ("cp874",),
        "tr": ("cp1254",),
        "vi": ("cp1258",),
    }
)
"""Codecs that shop systems write a language in, beside Unicode's own and GB18030, which write every language."""


def texts_of(path: Path, text: str | None, language: str | None) -> dict[str, list[str]]:
    """Texts by language code; raises UnusableInput when a column is missing or no language is known."""
    found: dict[str, list[str]] = defaultdict(list)
    if path.is_dir():
        for file in sorted(path.glob("*.txt")):
            found[file.stem] = file.read_text(encoding="utf-8").splitlines()
    else:
        with path.open(encoding="utf-8-sig", newline="") as lines:
            for row in csv.DictReader(lines):
                if text not in row or language not in row:
                    raise UnusableInput(
                        "{path} has no columns “{text}” and “{language}”.", path=path, text=text, language=language
                    )
                found[_NAMES.get(row[language], row[language])].append(row[text])
    known = {code: rows for code, rows in found.items() if code in CODECS}
    if not known:
        raise UnusableInput("{path} has no texts of a known language: {known}.", path=path, known=", ".join(CODECS))
    return known


def slices(texts: list[str], codec: str, size: int) -> Iterator[str]:
    """CSV texts of `size` rows that the codec can write, those without any character above ASCII left out."""
    rows = [text for text in texts if _writable(text, codec)]
    # Every language gives slices all over its file, not only of its first rows.
    starts = range(0, len(rows) - size + 1, max(size, (len(rows) - size) // SLICES + 1))
    for start in starts:
        out = io.StringIO()
        writer = csv.writer(out)
        writer.writerow(("id", "date", "stars", "text"))
        for number, text in enumerate(rows[start : start + size]):
            writer.writerow((10_000 + number, f"2024-05-{number % 28 + 1:02d}", number % 5 + 1, text))
        if not (made := out.getvalue()).isascii():
            yield made


def _writable(text: str, codec: str) -> bool:
    try:
        return text.encode(codec).decode(codec) == text
    except UnicodeError:
        return False


def ours(data: bytes) -> str:
    """Our own decoding."""
    return decode(data).text


def charset_normalizer(data: bytes) -> str:
    """`charset_normalizer.from_bytes`, at its defaults."""
    best = import_module("charset_normalizer").from_bytes(data).best()
    return str(best) if best else ""


def chardet(data: bytes) -> str:
    """`chardet.detect` over the whole file, supersets preferred, as its documentation advises for decoding."""
    found = import_module("chardet").detect(data, max_bytes=len(data), prefer_superset=True)["encoding"]
    return data.decode(found or "utf-8")


def cchardet(data: bytes) -> str:
    """`cchardet.detect`, at its defaults."""
    return data.decode(import_module("cchardet").detect(data)["encoding"] or "utf-8")


PACKAGES = {"charset_normalizer": "charset-normalizer", "chardet": "chardet", "cchardet": "faust-cchardet"}


def sides() -> dict[str, Callable[[bytes], str]]:
    """What is compared: ours, and each library that is installed."""
    every: dict[str, Callable[[bytes], str]] = {
        "charset_normalizer": charset_normalizer,
        "chardet": chardet,
        "cchardet": cchardet,
    }
    return {"ours": ours} | {name: side for name, side in every.items() if find_spec(name)}


def _returns(side: Callable[[bytes], str], data: bytes, text: str) -> bool:
    try:
        # A byte order mark is none of the text.
        return side(data).removeprefix("\ufeff") == text
    except (UnicodeError, LookupError, UnusableInput):
        return False


def measure(by_language: dict[str, list[str]], sizes: tuple[int, ...] = SIZES) -> dict[str, object]:
    """Right and tried slices by codec and size and side, the misses of ours, and seconds by side."""
    compared = sides()
    right: dict[tuple[str, int], dict[str, int]] = defaultdict(lambda: dict.fromkeys((*compared, "tried"), 0))
    seconds = dict.fromkeys(compared, 0.0)
    missed: dict[str, int] = defaultdict(int)
    for language, texts in by_language.items():
        for codec in (*_EVERY, *CODECS[language]):
            for size in sizes:
                for text in slices(texts, codec, size):
                    data, counts = text.encode(codec), right[codec, size]
                    counts["tried"] += 1
                    for name, side in compared.items():
                        start = time.perf_counter()
                        hit = _returns(side, data, text)
                        seconds[name] += time.perf_counter() - start
                        counts[name] += hit
                        missed[f"{codec} {language} {size}"] += name == "ours" and not hit
    table = [{"codec": codec, "rows": size, **counts} for (codec, size), counts in right.items()]
    return {"table": table, "seconds": seconds, "missed": {key: n for key, n in missed.items() if n}}


def printed(result: dict) -> str:
    """The table for people: per codec the share right at each size, sides beside each other."""
    names = list(result["seconds"])
    order = list(dict.fromkeys(row["codec"] for row in result["table"]))
    lines = ["codec         " + "".join(f"{name:>24}" for name in names), ""]
    total: dict[str, int] = defaultdict(int)
    for codec in order:
        rows = sorted((row for row in result["table"] if row["codec"] == codec), key=lambda row: row["rows"])
        cells = [" ".join(f"{row[name] / row['tried']:5.2f}" for row in rows) for name in names]
        tried = "+".join(str(row["tried"]) for row in rows)
        lines.append(f"{codec:14}" + "".join(f"{cell:>24}" for cell in cells) + f"   of {tried}")
        for row in rows:
            for name in (*names, "tried"):
                total[name] += row[name]
    lines.append("all           " + "".join(f"{total[n] / max(1, total['tried']):>24.3f}" for n in names))
    lines.append("seconds       " + "".join(f"{result['seconds'][name]:>24.1f}" for name in names))
    return "\n".join(lines)


def main(arguments: list[str] | None = None) -> int:
    """Run from the command line; exit 2 when the input is unusable."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.encodings", description=__doc__)
    parser.add_argument("path", type=Path, metavar="FILE_OR_FOLDER")
    parser.add_argument("--text", metavar="COLUMN", default="text")
    parser.add_argument("--language", metavar="COLUMN", default="language")
    parser.add_argument("--rows", type=int, nargs="+", default=list(SIZES), metavar="N", help="rows of a slice")
    args = parser.parse_args(arguments)
    try:
        by_language = texts_of(args.path, args.text, args.language)
    except (OSError, UnusableInput) as error:
        print(error, file=sys.stderr)
        return 2
    result = measure(by_language, tuple(args.rows))
    result["versions"] = {name: version(PACKAGES[name]) for name in sides() if name in PACKAGES}
    print(f"share of slices that came back exactly, slices of {', '.join(map(str, args.rows))} rows")
    print(printed(result))
    print("missed by ours:", ", ".join(f"{key}: {n}" for key, n in result["missed"].items()) or "none")  # type: ignore[attr-defined]
    print(json.dumps(result))
    return 0


if __name__ == "__main__":
    sys.exit(main())
