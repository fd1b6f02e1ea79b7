"""Pictures in a zip, found by the names that the table gives; nothing is unpacked to the disk."""

from __future__ import annotations

import io
import zipfile
from collections import defaultdict
from contextlib import suppress
from pathlib import Path
from types import TracebackType

from pipelines.errors import N_, UnusableInput
from pipelines.ingest import Source
from pipelines.pictures.names import key
from pipelines.pictures.refused import NotTaken

MOST_MEMBERS = 200_000
_ENCRYPTED = 0x1
_UTF8_NAME = 0x800
_TAKEN = frozenset({zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED})
"""How a picture may be packed: zipfile unpacks the other ways without a limit, gigabytes out of some kilobytes."""


class PictureZip:
    """The zip of a Source as a context. Raises UnusableInput where it is none, or is locked by a password."""

    def __init__(self, source: Source) -> None:
        self.name = source.name
        content = source.content
        try:
            self._archive = zipfile.ZipFile(io.BytesIO(content) if isinstance(content, bytes) else Path(content))
        except (OSError, zipfile.BadZipFile, ValueError, NotImplementedError) as error:
            raise UnusableInput(
                N_("{name} does not read as a zip: put the pictures into one .zip file."), name=self.name
            ) from error
        infos = [info for info in self._archive.infolist() if not info.is_dir()]
        if len(infos) > MOST_MEMBERS:
            raise UnusableInput(
                N_("{name} holds {n} files, more than {limit}."), name=self.name, n=len(infos), limit=MOST_MEMBERS
            )
        if any(info.flag_bits & _ENCRYPTED for info in infos):
            raise UnusableInput(N_("The archive is protected by a password. Unpack it and open the file inside."))
        self._count = len(infos)
        self._by_path: dict[str, zipfile.ZipInfo] = {}
        self._by_name: defaultdict[str, list[zipfile.ZipInfo]] = defaultdict(list)
        for info in infos:
            for name in _names(info):
                self._by_path[_path(name)] = info
                self._by_name[key(name)].append(info)

    def __enter__(self) -> PictureZip:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._archive.close()

    def __len__(self) -> int:
        return self._count

    def read(self, reference: str, most_bytes: int) -> bytes:
        """The file that a cell names: by its whole path, else by its name alone. Raises NotTaken."""
        info = self._by_path.get(_path(reference))
        if info is None:
            named = self._by_name.get(key(reference), [])
            if len(named) != 1:
                raise NotTaken("ambiguous" if named else "missing")
            info = named[0]
        if info.file_size > most_bytes:
            raise NotTaken("large")
        if info.compress_type not in _TAKEN:
            raise NotTaken("damaged")
        try:
            with self._archive.open(info) as stream:
                # What a zip says of a size is only what it says.
                content = stream.read(most_bytes + 1)
        except Exception as error:  # zlib.error, BadZipFile, EOFError, NotImplementedError, …
            raise NotTaken("damaged") from error
        if len(content) > most_bytes:
            raise NotTaken("large")
        return content


def _names(info: zipfile.ZipInfo) -> set[str]:
    """A member's name in each way that its bytes read: Windows in China writes GBK where zipfile reads cp437, some
    programs UTF-8 without saying so, and a short name can be either."""
    if info.flag_bits & _UTF8_NAME or info.filename.isascii():
        return {info.filename}
    found = {info.filename}
    for codec in ("utf-8", "gb18030"):
        with suppress(UnicodeError):
            found.add(info.filename.encode("cp437").decode(codec))
    return found


def _path(name: str) -> str:
    folders = [part for part in name.replace("\\", "/").split("/") if part not in ("", ".")]
    return "/".join(map(key, folders))
