"""Damaged and hostile review files out of sound ones, each named by a number: `python -m tests.ingest.mutations 17`.

A case takes one shape of made_files and one to four mutators, all chosen by the case's number, so that the same number
is the same file everywhere. `FIRST-LAST` in place of a number reads that many cases and prints one JSON line for each.
"""

from __future__ import annotations

import gzip
import io
import random
import re
import struct
import sys
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from tests.ingest.hostile import TOKENS
from tests.ingest.made_files import Shape, shapes, zipped

LARGEST = 400_000  # bytes of a case: what is large is large enough to show, and 10,000 of them are still read
_FEW = (0.45, 0.75, 0.92)  # shares of cases with one, at most two and at most three mutators

_FIRST_BYTES = (
    *(
        b"PK\x03\x04",
        b"PK\x05\x06" + b"\x00" * 18,
        b"\x1f\x8b\x08" + b"\x00" * 7,
        b"BZh9",
        b"\xfd7zXZ\x00",
        b"\x28\xb5\x2f\xfd",
    ),
    *(b"PAR1", b"ARROW1\x00\x00", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"%PDF-1.4", b"<?xml "),
    b"\x28\xb5\x2f\xfd",
)

Mutator = Callable[[random.Random, bytes, Shape], bytes]


@dataclass(frozen=True)
class Case:
    """One file to read, and how it was made."""

    number: int
    shape: str
    mutators: tuple[str, ...]
    data: bytes
    file_name: str


def case(number: int) -> Case:
    """The case of a number; any len(shapes()) in a row hold every shape, any len(MUTATORS) every mutator."""
    # Numbers as seeds give streams that differ from the first draw on; the factor keeps neighbours apart.
    rng = random.Random(number * 1_000_003 + 17)
    made = shapes()[number % len(shapes())]
    names = list(MUTATORS)
    count = 1 + sum(rng.random() > share for share in _FEW)
    chosen = [names[number % len(names)], *(rng.choice(names) for _ in range(count - 1))]
    data = made.data
    for name in chosen:
        data = MUTATORS[name](rng, data, made)[:LARGEST]
    return Case(number, made.name, tuple(chosen), data, made.file_name)


def _span(rng: random.Random, data: bytes, longest: int = 200) -> tuple[int, int]:
    """Start and end of a part of the data; short parts are likelier."""
    start = rng.randrange(len(data) + 1)
    return start, min(len(data), start + int(longest ** rng.random()))


def _encoded(text: str, made: Shape) -> bytes:
    """Text as the file writes it; what its codec lacks, in UTF-8."""
    codec = {"utf-8-sig": "utf-8", "utf-16": "utf-16-le"}.get(made.encoding, made.encoding) or "utf-8"
    try:
        return text.encode(codec, "surrogatepass") if codec.startswith("utf") else text.encode(codec)
    except UnicodeEncodeError:
        return text.encode("utf-8", "surrogatepass")


def _row_starts(data: bytes) -> list[int]:
    return [0, *(match.end() for match in re.finditer(rb"\r\n|\r|\n", data))]


def flip_bits(rng: random.Random, data: bytes, made: Shape) -> bytes:
    out = bytearray(data)
    for _ in range(rng.choice((1, 1, 2, 8, 64))):
        if out:
            out[rng.randrange(len(out))] ^= 1 << rng.randrange(8)
    return bytes(out)


def random_bytes(rng: random.Random, data: bytes, made: Shape) -> bytes:
    start, end = _span(rng, data)
    return data[:start] + rng.randbytes(end - start) + data[end:]


def insert_bytes(rng: random.Random, data: bytes, made: Shape) -> bytes:
    start, end = _span(rng, data)
    return data[:start] + rng.randbytes(max(1, end - start)) + data[start:]


def delete_span(rng: random.Random, data: bytes, made: Shape) -> bytes:
    start, end = _span(rng, data, max(2, len(data)))
    return data[:start] + data[end:]


def delete_byte(rng: random.Random, data: bytes, made: Shape) -> bytes:
    at = rng.randrange(len(data) + 1)
    return data[:at] + data[at + 1 :]


def duplicate_span(rng: random.Random, data: bytes, made: Shape) -> bytes:
    start, end = _span(rng, data, 1_000)
    at = rng.randrange(len(data) + 1)
    return data[:at] + data[start:end] + data[at:]


def swap_spans(rng: random.Random, data: bytes, made: Shape) -> bytes:
    a, b, c, d = sorted(rng.randrange(len(data) + 1) for _ in range(4))
    return data[:a] + data[c:d] + data[b:c] + data[a:b] + data[d:]


def truncate(rng: random.Random, data: bytes, made: Shape) -> bytes:
    return data[: rng.randrange(len(data) + 1)]


def behead(rng: random.Random, data: bytes, made: Shape) -> bytes:
    return data[rng.randrange(len(data) + 1) :]


def repeat_span(rng: random.Random, data: bytes, made: Shape) -> bytes:
    start, end = _span(rng, data, 60)
    times = int(2 * 5_000 ** rng.random())
    return data[:start] + (data[start:end] * times)[:LARGEST] + data[end:]


def repeat_row(rng: random.Random, data: bytes, made: Shape) -> bytes:
    starts = _row_starts(data)
    start = rng.choice(starts)
    end = min((other for other in starts if other > start), default=len(data))
    times = int(2 * 1_000 ** rng.random())
    return data[:end] + (data[start:end] * times)[:LARGEST] + data[end:]


def shuffle_rows(rng: random.Random, data: bytes, made: Shape) -> bytes:
    rows = re.split(rb"(?<=\n)", data)
    rng.shuffle(rows)
    return b"".join(rows)


def tear_rows(rng: random.Random, data: bytes, made: Shape) -> bytes:
    """Row ends inside rows, and rows without their end."""
    for _ in range(rng.choice((1, 3, 20))):
        at = rng.randrange(len(data) + 1)
        data = data[:at] + rng.choice((b"\n", b"\r", b"\r\n", b"\n\n\n")) + data[at:]
    ends = list(re.finditer(rb"\r\n|\r|\n", data))
    gone = rng.choice(ends) if ends else None
    return data[: gone.start()] + data[gone.end() :] if gone else data


def row_ends(rng: random.Random, data: bytes, made: Shape) -> bytes:
    """All row ends another, or each its own."""
    ends = (b"\n", b"\r", b"\r\n", b"\r\r\n", b"\n\r", b"\x0b", b"\x0c", b"\x85", b"\xe2\x80\xa8", b"\x1e")
    one = rng.choice(ends)
    mixed = rng.random() < 0.5
    return re.sub(rb"\r\n|\r|\n", lambda _: rng.choice(ends) if mixed else one, data)


def another_delimiter(rng: random.Random, data: bytes, made: Shape) -> bytes:
    start, end = _span(rng, data, max(2, len(data)))
    old, new = rng.choice(b",;\t|"), rng.choice(b",;\t|:^~\x01\x1f \x00\"'")
    return data[:start] + data[start:end].replace(bytes([old]), bytes([new])) + data[end:]


def _token(choices: tuple[str, ...]) -> Mutator:
    """A mutator that puts one of the tokens somewhere, sometimes at many places or at the start of cells."""

    def insert(rng: random.Random, data: bytes, made: Shape) -> bytes:
        token = _encoded(rng.choice(choices), made)
        times = rng.choice((1, 1, 1, 2, 20)) if len(token) < 1_000 else 1
        for _ in range(times):
            after = [match.end() for match in re.finditer(rb"[,;\t|\n>]", data)] if rng.random() < 0.5 else []
            at = rng.choice(after) if after else rng.randrange(len(data) + 1)
            data = data[:at] + token + data[at:]
        return data

    return insert


def empty_cells(rng: random.Random, data: bytes, made: Shape) -> bytes:
    """Cells without content, here and there or in whole stretches."""
    start, end = _span(rng, data, max(2, len(data)))
    share = rng.choice((0.05, 0.5, 1.0))
    part = re.sub(rb"[^,;\t|\r\n]+", lambda cell: b"" if rng.random() < share else cell.group(), data[start:end])
    return data[:start] + part + data[end:]


def raw_token(rng: random.Random, data: bytes, made: Shape) -> bytes:
    """Bytes that no codec, or only another one, gives a meaning."""
    tokens = (
        *(b"\xff", b"\xff" * 50, b"\xc0\x80", b"\xed\xa0\x80", b"\xed\xa0\x80\xed\xb0\x80", b"\xf4\x90\x80\x80"),
        *(b"\xfe\xff", b"\xff\xfe", b"\xff\xfe\x00\x00", b"\x00\x00\xfe\xff", b"\xef\xbb\xbf", b"\x84\x31\x95\x33"),
        *(b"\x80", b"\x81", b"\x00", b"\x00" * 300, b"\x1a", b"\x1b$B", b"\x0e\x0f", b"+AGEAYg-", b"\xe3\x80"),
    )
    token = rng.choice(tokens)
    at = rng.choice((0, len(data), rng.randrange(len(data) + 1)))
    return data[:at] + token + data[at:]


def every_other_byte(rng: random.Random, data: bytes, made: Shape) -> bytes:
    """NULs between the bytes, in the whole or in a part: UTF-16 that is none."""
    start, end = rng.choice(((0, len(data)), _span(rng, data, max(2, len(data)))))
    return data[:start] + b"\x00".join(bytes([byte]) for byte in data[start:end]) + data[end:]


def double_encode(rng: random.Random, data: bytes, made: Shape) -> bytes:
    """Text taken for Latin text and written again: mojibake."""
    wrong = rng.choice(("cp1252", "latin-1", "gbk", "cp437", "mac_roman"))
    return data.decode(wrong, "replace").encode(rng.choice(("utf-8", "utf-8", "utf-16", "gb18030")), "replace")


def recode(rng: random.Random, data: bytes, made: Shape) -> bytes:
    """The same text in another codec, in the whole or from some place on."""
    codec = rng.choice(("utf-16", "utf-16-be", "utf-32", "utf-32-be", "utf-7", "gb18030", "iso2022_jp", "cp1252", "hz"))
    at = rng.choice((0, rng.randrange(len(data) + 1)))
    return data[:at] + data[at:].decode(made.encoding or "latin-1", "replace").encode(codec, "replace")


def change_case(rng: random.Random, data: bytes, made: Shape) -> bytes:
    """Upper, lower or reversed bytes in a part."""
    start, end = _span(rng, data, max(2, len(data)))
    part = rng.choice((data[start:end].upper(), data[start:end].lower(), data[start:end][::-1]))
    return data[:start] + part + data[end:]


def splice(rng: random.Random, data: bytes, made: Shape) -> bytes:
    other = rng.choice(shapes()).data
    return data[: rng.randrange(len(data) + 1)] + other[rng.randrange(len(other) + 1) :]


def interleave(rng: random.Random, data: bytes, made: Shape) -> bytes:
    """Rows of two files in turn, or their bytes in runs."""
    other = rng.choice(shapes()).data
    if rng.random() < 0.5:
        one, two = data.split(b"\n"), other.split(b"\n")
        return b"\n".join(row for pair in zip(one, two, strict=False) for row in pair)
    run = rng.choice((1, 2, 7, 100))
    pieces = (data[at : at + run] + other[at : at + run] for at in range(0, max(len(data), len(other)), run))
    return b"".join(pieces)


def another_content(rng: random.Random, data: bytes, made: Shape) -> bytes:
    """Another file under this one's name."""
    return rng.choice(shapes()).data


def tiny(rng: random.Random, data: bytes, made: Shape) -> bytes:
    starts = (b"\n", b"\r", b'"', b",", b"[", b"{}", b"PK\x03\x04", b"\xff\xfe")
    return rng.choice((b"", rng.randbytes(1), rng.randbytes(2), data[:1], *starts))


def headers(rng: random.Random, data: bytes, made: Shape) -> bytes:
    """A format's first bytes before something else, or wrong lengths where ZIP, gzip and Parquet keep theirs."""
    kind = rng.randrange(4)
    if kind == 0:
        return rng.choice(_FIRST_BYTES) + data[rng.choice((0, 8)) :]
    number = struct.pack("<I", rng.choice((0, 1, 0x7FFFFFFF, 0xFFFFFFFF, 0x80000000, rng.getrandbits(32))))
    if kind == 1:
        at = rng.choice([match.start() for match in re.finditer(rb"PK..|PAR1|ARROW1", data, re.S)] or [len(data)])
        at = max(0, at + rng.choice((-8, -4, 6, 14, 18, 20, 22, 24, 26, 28, 30, 42)))
        return data[:at] + number + data[at + 4 :]
    return data[:-4] + number if kind == 2 else data[:8] + number + data[12:]


def inside(rng: random.Random, data: bytes, made: Shape) -> bytes:
    """Another mutator on what an archive or a workbook holds, packed again soundly; else packed as it is."""
    name = rng.choice([name for name in MUTATORS if name != "inside"])
    try:
        if data.startswith(b"\x1f\x8b"):
            return gzip.compress(MUTATORS[name](rng, gzip.decompress(data), made), mtime=0)
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            parts = {part: archive.read(part) for part in archive.namelist()}
        for part in rng.sample(sorted(parts), min(len(parts), rng.choice((1, 1, 3)))):
            parts[part] = MUTATORS[name](rng, parts[part], made)
        return zipped(parts)
    except Exception:  # whatever an earlier mutator left of the archive
        packed = MUTATORS[name](rng, data, made)
        return gzip.compress(packed, mtime=0) if rng.random() < 0.5 else zipped({made.file_name: packed})


@cache
def _large() -> bytes:
    """4 MB that pack to next to nothing; gzip streams can stand one behind another."""
    return gzip.compress(b" " * 4_000_000, mtime=0)


def bomb(rng: random.Random, data: bytes, made: Shape) -> bytes:
    """A small archive that is large when it is opened, or holds many members, or itself again."""
    kind = rng.randrange(5)
    if kind == 0:
        return gzip.compress(rng.choice((b"\n", b",", b"\x00", b"a", b"a,b\n", data[:40])) * 50_000, mtime=0)
    if kind == 1:
        for _ in range(rng.choice((2, 5, 40))):
            data = gzip.compress(data, mtime=0)
        return data
    if kind == 2:
        return _large() * rng.choice((1, 30))
    if kind == 3:
        return zipped({f"{index}/../{made.file_name}": data[:200] for index in range(150)})
    for depth in range(rng.choice((2, 5))):
        data = zipped({f"{depth}.zip": data})
    return data


_OWN = (
    *(flip_bits, random_bytes, insert_bytes, delete_span, delete_byte, duplicate_span, swap_spans, truncate, behead),
    *(repeat_span, repeat_row, shuffle_rows, tear_rows, row_ends, another_delimiter, empty_cells, raw_token),
    *(every_other_byte, double_encode, recode, change_case, splice, interleave, another_content, tiny, headers),
    *(inside, bomb),
)
MUTATORS: dict[str, Mutator] = {
    **{mutator.__name__: mutator for mutator in _OWN},
    **{name: _token(choices) for name, choices in TOKENS.items()},
}


def main(wish: str) -> int:
    """Replay one case and print what comes of it, or read a range of cases for the tests."""
    from tests.ingest import fuzzing

    if "-" in wish:
        first, last = map(int, wish.split("-"))
        return fuzzing.read_range(first, last)
    made = case(int(wish))
    path = Path(f"case-{made.number}-{made.file_name}")
    path.write_bytes(made.data)
    sys.stdout.write(f"{made.shape} | {' | '.join(made.mutators)} | {len(made.data)} bytes, written to {path}\n")
    sys.stdout.write(fuzzing.outcome(made) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
