"""Pictures in a zip: names as any computer writes them, sizes that lie, and what is no zip."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest

from pipelines.errors import UnusableInput
from pipelines.ingest import Source
from pipelines.pictures.refused import NotTaken
from pipelines.pictures.zipped import PictureZip


def zipped(members: dict[str, bytes], method: int = zipfile.ZIP_STORED) -> Source:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return Source(out.getvalue(), "photos.zip")


def kind_of(archive: PictureZip, reference: str, most: int = 1000) -> str:
    with pytest.raises(NotTaken) as caught:
        archive.read(reference, most)
    return caught.value.kind


def test_found_by_path_or_by_name() -> None:
    with PictureZip(zipped({"A/one.JPG": b"1", "B/one.jpg": b"2", "B/two.jpg": b"3", "folder/": b""})) as archive:
        assert len(archive) == 3
        assert archive.read("a/ONE.jpg", 10) == b"1"
        assert archive.read("./B\\one.jpg", 10) == b"2"
        assert archive.read("anything/two.jpg", 10) == b"3"
        assert kind_of(archive, "one.jpg") == "ambiguous"
        assert kind_of(archive, "three.jpg") == "missing"
        assert kind_of(archive, "") == "missing"


def test_a_path_out_of_the_zip_is_only_a_name() -> None:
    with PictureZip(zipped({"../../etc/passwd": b"no", "a.jpg": b"1"})) as archive:
        assert archive.read("../../etc/passwd", 10) == b"no"
        assert kind_of(archive, "/etc/hostname") == "missing"


@pytest.mark.parametrize(
    ("codec", "name"), [("gb18030", "晒图一.jpg"), ("gb18030", "好评返图.jpg"), ("utf-8", "晒图一.jpg")]
)
def test_names_without_the_utf8_mark(codec: str, name: str) -> None:
    written = name.encode(codec)
    stand_in = b"X" * len(written)
    source = zipped({stand_in.decode(): b"1"})
    assert isinstance(source.content, bytes)
    with PictureZip(Source(source.content.replace(stand_in, written), "z.zip")) as archive:
        assert archive.read(name, 10) == b"1"
        assert len(archive) == 1


def test_too_large_as_told_and_as_found() -> None:
    honest = zipped({"a.jpg": b"x" * 5000}, zipfile.ZIP_DEFLATED)
    with PictureZip(honest) as archive:
        assert kind_of(archive, "a.jpg") == "large"
    assert isinstance(honest.content, bytes)
    # The directory says 500 bytes; the data unpack to 5,000.
    lying = honest.content.replace((5000).to_bytes(4, "little"), (500).to_bytes(4, "little"))
    with PictureZip(Source(lying, "photos.zip")) as archive:
        assert kind_of(archive, "a.jpg") in ("large", "damaged")


def test_damage_is_told_of_one_picture() -> None:
    source = zipped({"a.jpg": b"picture one", "b.jpg": b"picture two"})
    assert isinstance(source.content, bytes)
    with PictureZip(Source(source.content.replace(b"picture one", b"pictura one"), "z.zip")) as archive:
        assert kind_of(archive, "a.jpg") == "damaged"
        assert archive.read("b.jpg", 100) == b"picture two"


def test_no_zip(tmp_path: Path) -> None:
    (tmp_path / "a.zip").write_bytes(b"no zip at all")
    for source in (Source(tmp_path / "a.zip", "a.zip"), Source(b"", "b.zip"), Source(tmp_path / "none.zip", "c.zip")):
        with pytest.raises(UnusableInput, match="zip"):
            PictureZip(source)


def test_a_locked_zip_is_refused() -> None:
    source = zipped({"a.jpg": b"1"})
    assert isinstance(source.content, bytes)
    locked = bytearray(source.content)
    locked[locked.index(b"PK\x01\x02") + 8] |= 1
    with pytest.raises(UnusableInput, match="password"):
        PictureZip(Source(bytes(locked), "photos.zip"))


@pytest.mark.parametrize("method", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_packings_that_are_unpacked_without_a_limit_are_not(method: int) -> None:
    source = zipped({"a.jpg": bytes(5_000_000)}, method)
    # The size that it tells is a small one, as a bomb's would be.
    archive = PictureZip(source)
    for info in archive._by_path.values():
        info.file_size = 100
    with archive:
        assert kind_of(archive, "a.jpg") == "damaged"
