"""Archives: one table, several tables, what is no table, names, and bombs."""

import gzip
import io
import struct
import tarfile
import zipfile

import pytest

from pipelines.errors import UnusableInput
from pipelines.ingest import Source, read_table
from tests.ingest.damage import refused_or_read

CSV = b"review,stars\nWarm soup,5\nCold tea,2\n"


def zipped(members, compression=zipfile.ZIP_DEFLATED):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", compression) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return out.getvalue()


def tarred(members):
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as archive:
        for name, data in members.items():
            info = tarfile.TarInfo(name)
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))
    return out.getvalue()


def test_one_table_is_used_as_itself():
    table = read_table(
        zipped({"data/": b"", "data/reviews.csv": CSV, "__MACOSX/data/._reviews.csv": b"x", ".DS_Store": b"y"})
    )
    assert list(table.frame.columns) == ["review", "stars"]
    assert table.warnings == ()


def test_several_tables_are_stacked_and_the_rest_is_told_of():
    members = {
        "north.csv": CSV,
        "south.json": b'[{"review": "Fine bread", "city": "Turin"}]',
        "LICENCE.txt": b"These words are free.\nTake them along.\n",
        "shop.png": b"\x89PNG\r\n\x1a\n\x00\x00\x00\x00",
    }
    table = read_table(zipped(members))
    assert list(table.frame.columns) == ["review", "stars", "city", "source_file"]
    assert table.frame["source_file"].tolist() == ["north.csv", "north.csv", "south.json"]
    assert table.frame.iloc[2].tolist() == ["Fine bread", "", "Turin", "south.json"]
    told = [str(warning) for warning in table.warnings]
    assert "1 files in the archive are no tables and were left out: shop.png." in told
    assert "1 tables in the archive have other columns and were left out: LICENCE.txt." in told


def test_tables_of_something_else_are_left_out():
    members = {
        "products.csv": b"sku,price,colour\n1,5,red\n2,6,blue\n3,7,green\n",
        "reviews_may.csv": CSV,
        "reviews_june.csv": b"stars,review,shop\n4,Fine bread,North\n",
        "users.json": b'[{"login": "ann", "since": 2019}]',
    }
    table = read_table(zipped(members))
    assert table.frame["source_file"].unique().tolist() == ["reviews_may.csv", "reviews_june.csv"]
    assert str(table.warnings[0]).startswith("2 tables in the archive have other columns")


def test_a_tar_in_a_stream_and_one_nested_archive():
    assert len(read_table(gzip.compress(tarred({"a/reviews.csv": CSV}))).frame) == 2
    table = read_table(zipped({"may.zip": zipped({"a.csv": CSV}), "june.csv.gz": gzip.compress(CSV)}))
    assert table.frame["source_file"].unique().tolist() == ["may.zip/a.csv", "june.csv.gz"]
    data = CSV
    for _ in range(4):
        data = zipped({"inner.zip": data})
    with pytest.raises(UnusableInput, match="too deeply"):
        read_table(data)


@pytest.mark.parametrize("codec", ["gb18030", "utf-8"])
def test_names_without_the_utf8_flag(codec):
    # Python writes the flag for such names: a name of as many ASCII bytes is put in, and changed afterwards.
    raw = "评论.csv".encode(codec)
    stand_in = "x" * len(raw)
    data = zipped({stand_in: CSV, "b.csv": CSV}).replace(stand_in.encode(), raw)
    assert read_table(data).frame["source_file"].tolist() == ["评论.csv"] * 2 + ["b.csv"] * 2


def test_names_are_never_paths(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    table = read_table(zipped({"../../escape.csv": CSV, "/etc/reviews.csv": CSV}))
    assert set(table.frame["source_file"]) == {"../../escape.csv", "/etc/reviews.csv"}
    assert list(tmp_path.iterdir()) == []


def test_a_password_is_told():
    data = bytearray(zipped({"reviews.csv": CSV}))
    for signature, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        data[data.index(signature) + offset] |= 1
    with pytest.raises(UnusableInput, match="password"):
        read_table(bytes(data))


def test_an_archive_without_a_table():
    with pytest.raises(UnusableInput, match=r"no table, but: a\.png, b\.png"):
        read_table(zipped({"a.png": b"\x89PNG\r\n\x1a\n\x00", "b.png": b"\x89PNG\r\n\x1a\n\x00"}))
    with pytest.raises(UnusableInput, match="no file"):
        read_table(zipped({}))


def test_what_unpacks_to_too_much_is_refused(monkeypatch):
    monkeypatch.setenv("REVIEWSCAPE_MAX_UNPACKED_MB", "2")
    zeros = b"review,stars\n" + b"0" * 3_000_000
    bomb = zipped({"reviews.csv": zeros})
    liar = bytearray(bomb)
    at = liar.rindex(b"PK\x01\x02")
    liar[at + 24 : at + 28] = struct.pack("<I", 100)
    spread = zipped({f"{part}.csv": zeros[:900_000] for part in range(3)})
    for data in (bomb, spread, gzip.compress(zeros), gzip.compress(tarred({"a.csv": zeros})), zipped({"a.zip": bomb})):
        with pytest.raises(UnusableInput, match=r"REVIEWSCAPE_MAX_UNPACKED_MB|no table"):
            read_table(data)
    with pytest.raises(UnusableInput):
        read_table(bytes(liar))
    with pytest.raises(UnusableInput, match="None of the 2"):
        read_table([Source(bomb, "a.zip"), Source(spread, "b.zip")])


def test_too_many_members_are_refused(monkeypatch):
    monkeypatch.setenv("REVIEWSCAPE_MAX_MEMBERS", "3")
    with pytest.raises(UnusableInput, match="REVIEWSCAPE_MAX_MEMBERS"):
        read_table(zipped({f"{number}.csv": CSV for number in range(4)}))


@pytest.mark.parametrize("cut", [5, 40, 90])
def test_a_cut_archive_is_refused(cut):
    for data in (gzip.compress(CSV * 50), zipped({"a.csv": CSV * 50})):
        with pytest.raises(UnusableInput):
            read_table(data[: len(data) * cut // 100])


@pytest.mark.parametrize("make", [zipped, tarred], ids=["zip", "tar"])
def test_damaged_archives_never_raise_anything_else(make):
    refused_or_read(make({"a.csv": CSV, "b.csv": CSV + b"Fine,4\n"}))


def test_damaged_streams_never_raise_anything_else():
    refused_or_read(gzip.compress(CSV * 20))


def test_a_part_with_a_header_and_one_without():
    parts = {"1.csv": b"review,stars\nWarm soup was here,5\n", "2.csv": b"The tea was cold today,2\nFine old bread,4\n"}
    table = read_table(zipped(parts))
    assert table.header
    assert list(table.frame.columns)[:2] == ["review", "stars"]
    assert [warning.file for warning in table.warnings if "header" in str(warning)] == ["2.csv"]
    assert not any("numbered" in str(warning) for warning in table.warnings)
