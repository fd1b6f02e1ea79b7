"""Archives unpacked in memory under limits: gzip, bzip2, xz and Zstandard streams, ZIP and TAR members.

Nothing is written to disk, so a member's name is only ever a name.
"""

from __future__ import annotations

import io
import zipfile
from typing import BinaryIO, cast

from pipelines import settings
from pipelines.errors import N_, UnusableInput
from pipelines.ingest.options import Source

COMPRESSED = ("gzip", "bzip2", "xz", "zstd")
_CHUNK_BYTES = 1 << 20
_XZ_MEMORY_BYTES = 256 << 20
_ENCRYPTED = 0x1
_UTF8_NAME = 0x800


class Budget:
    """Bytes that may still be unpacked, shared by all archives and members of an upload."""

    def __init__(self) -> None:
        self._limit_mb = settings.get_int("max_unpacked_mb")
        self._left = self._limit_mb * 1_000_000

    def take(self, count: int) -> None:
        """Count unpacked bytes; raises UnusableInput when the setting max_unpacked_mb is spent."""
        self._left -= count
        self.check(0)

    def check(self, announced: int) -> None:
        """Raise UnusableInput when so many announced bytes could not be taken."""
        if announced > self._left:
            raise UnusableInput(
                N_("The file unpacks to more than {limit} MB. Split it, or raise REVIEWSCAPE_MAX_UNPACKED_MB."),
                limit=self._limit_mb,
            )


def decompress(data: bytes, kind: str, budget: Budget) -> bytes:
    """The bytes inside a compressed stream, `kind` of COMPRESSED.

    Raises UnusableInput when it is damaged, cut short or too large.
    """
    try:
        with _opened(data, kind) as stream:
            return _read_all(stream, budget)
    except (UnusableInput, MemoryError):
        raise
    except Exception as error:  # noqa: BLE001  (EOFError, OSError, zlib.error, LZMAError, ArrowException …)
        raise _damaged(error) from None


def members(data: bytes, kind: str, budget: Budget) -> list[Source]:
    """The files of a "zip" or "tar" archive with their bytes, in the archive's order; folders and clutter left out.

    Raises UnusableInput when it is damaged, encrypted or empty, or holds more than the settings max_members and
    max_unpacked_mb allow.
    """
    try:
        found = _zip_members(data, budget) if kind == "zip" else _tar_members(data, budget)
    except (UnusableInput, MemoryError):
        raise
    except Exception as error:  # noqa: BLE001  (BadZipFile, zlib.error, struct.error, NotImplementedError, TarError …)
        raise _damaged(error) from None
    if not found:
        raise UnusableInput(N_("The archive holds no file. Put the reviews into it, or open them without it."))
    return found


def _zip_members(data: bytes, budget: Budget) -> list[Source]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        wanted = [(info, name) for info in archive.infolist() if not _is_clutter(name := _member_name(info))]
        _check_count(len(wanted))
        budget.check(sum(info.file_size for info, _ in wanted))
        if any(info.flag_bits & _ENCRYPTED for info, _ in wanted):
            raise UnusableInput(N_("The archive is protected by a password. Unpack it and open the file inside."))
        found = []
        for info, name in wanted:
            with archive.open(info) as stream:
                found.append(Source(_read_all(cast(BinaryIO, stream), budget), name))
        return found


def _tar_members(data: bytes, budget: Budget) -> list[Source]:
    import tarfile

    found: list[Source] = []
    with tarfile.open(fileobj=io.BytesIO(data), mode="r:") as archive:
        for info in archive:
            if not info.isfile() or _is_clutter(info.name):
                continue
            _check_count(len(found) + 1)
            stream = archive.extractfile(info)
            if stream is not None:
                found.append(Source(_read_all(cast(BinaryIO, stream), budget), info.name))
    return found


def _member_name(info: zipfile.ZipInfo) -> str:
    """A member's name; without the UTF-8 flag, Chinese Windows writes GBK and many a script plain UTF-8."""
    if info.flag_bits & _UTF8_NAME:
        return info.filename
    try:
        raw = info.filename.encode("cp437")
    except UnicodeEncodeError:
        return info.filename
    for codec in ("utf-8", "gb18030"):
        try:
            return raw.decode(codec)
        except UnicodeDecodeError:
            continue
    return info.filename


def _is_clutter(name: str) -> bool:
    """Folders, and what operating systems leave in archives."""
    parts = name.replace("\\", "/").split("/")
    last = parts[-1].lower()
    return not last or last.startswith("._") or "__MACOSX" in parts or last in {".ds_store", "thumbs.db", "desktop.ini"}


def _check_count(count: int) -> None:
    limit = settings.get_int("max_members")
    if count > limit:
        raise UnusableInput(
            N_("The archive holds more than {limit} files. Split it, or raise REVIEWSCAPE_MAX_MEMBERS."), limit=limit
        )


def _opened(data: bytes, kind: str) -> BinaryIO:
    if kind == "zstd":
        import pyarrow as pa

        return cast(BinaryIO, pa.CompressedInputStream(pa.BufferReader(data), "zstd"))
    raw = io.BytesIO(data)
    if kind == "gzip":
        import gzip

        return cast(BinaryIO, gzip.GzipFile(fileobj=raw))
    if kind == "bzip2":
        import bz2

        return cast(BinaryIO, bz2.BZ2File(raw))
    return cast(BinaryIO, _XzStream(raw))


class _XzStream(io.RawIOBase):
    """An xz stream with a limit of memory, which lzma.LZMAFile lacks: a stream may ask for 4 GB."""

    def __init__(self, raw: BinaryIO) -> None:
        import lzma

        self._raw = raw
        self._decoder = lzma.LZMADecompressor(lzma.FORMAT_XZ, memlimit=_XZ_MEMORY_BYTES)

    def read(self, size: int = -1) -> bytes:
        while not self._decoder.eof:
            fed = self._raw.read(_CHUNK_BYTES) if self._decoder.needs_input else b""
            if not fed and self._decoder.needs_input:
                raise EOFError("it ends too early")
            if chunk := self._decoder.decompress(fed, size):
                return chunk
        return b""


def _read_all(stream: BinaryIO, budget: Budget) -> bytes:
    out = io.BytesIO()  # its value is handed out without another copy
    while chunk := stream.read(_CHUNK_BYTES):
        budget.take(len(chunk))
        out.write(chunk)
    return out.getvalue()


def _damaged(error: Exception) -> UnusableInput:
    return UnusableInput(
        N_("The archive is damaged or of an unknown kind ({reason}). Unpack it and open the file inside."),
        reason=str(error)[:200] or type(error).__name__,
    )
