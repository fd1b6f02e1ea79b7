"""Parquet, Arrow and Feather files: every kind of value as text, under limits."""

import datetime
import decimal
import io

import pyarrow as pa
import pyarrow.feather as feather
import pyarrow.parquet as pq
import pytest

from pipelines.errors import UnusableInput
from pipelines.ingest import read_table
from tests.ingest.damage import refused_or_read

DAY = datetime.datetime.fromisoformat("2024-03-01")
MOMENT = datetime.datetime.fromisoformat("2024-03-01 09:05:00.250")
TEXTS = ["Warm soup, kind staff", None, "很好吃\n👍"]


def parquet(columns, **options):
    out = io.BytesIO()
    pq.write_table(pa.table(columns), out, **options)
    return out.getvalue()


def arrow(columns):
    table = pa.table(columns)
    out = io.BytesIO()
    with pa.ipc.new_file(out, table.schema) as writer:
        writer.write_table(table)
    return out.getvalue()


def cells(values, kind=None):
    return read_table(parquet({"value": pa.array(values, kind)})).frame["value"].tolist()


@pytest.mark.parametrize(
    "kind", [pa.string(), pa.large_string(), pa.string_view(), pa.dictionary(pa.int32(), pa.string())]
)
def test_texts_stay_as_they_are(kind):
    column = pa.array(TEXTS).dictionary_encode() if pa.types.is_dictionary(kind) else pa.array(TEXTS).cast(kind)
    for data in (parquet({"review": column}), arrow({"review": column})):
        table = read_table(data)
        assert table.frame["review"].tolist() == [text or "" for text in TEXTS]
        assert str(table.frame["review"].dtype) == "str"
        assert (table.encoding, table.delimiter, table.header, table.warnings) == ("", "", True, ())


@pytest.mark.parametrize(
    ("values", "kind", "texts"),
    [
        ([5, None], pa.int64(), ["5", ""]),
        ([570306133677760513], pa.int64(), ["570306133677760513"]),
        ([5.0, 4.5, None, float("nan"), 1e20], pa.float64(), ["5", "4.5", "", "", "100000000000000000000"]),
        ([True, False, None], pa.bool_(), ["true", "false", ""]),
        ([decimal.Decimal("4.50"), None], pa.decimal128(10, 2), ["4.50", ""]),
        ([DAY, MOMENT, None], pa.timestamp("us"), ["2024-03-01", "2024-03-01 09:05:00.25", ""]),
        ([DAY, None], pa.timestamp("ns"), ["2024-03-01", ""]),
        ([DAY.replace(tzinfo=datetime.UTC)], pa.timestamp("ms", "UTC"), ["2024-03-01T00:00:00+00:00"]),
        ([DAY.date(), None], pa.date32(), ["2024-03-01", ""]),
        ([MOMENT.time()], pa.time64("us"), ["09:05:00.250000"]),
        ([datetime.timedelta(hours=30)], pa.duration("s"), ["30:00:00"]),
        ([["warm", None, "kind"], [], None], pa.list_(pa.string()), ["warm, , kind", "", ""]),
        ([[[1], [2, 3]]], pa.list_(pa.list_(pa.int64())), ['[["1"],["2","3"]]']),
        ([[("a", 1)]], pa.map_(pa.string(), pa.int64()), ['{"a":"1"}']),
        ([b"warm", b"\xff"], pa.binary(), ["warm", "\ufffd"]),
    ],
)
def test_values_as_text(values, kind, texts):
    assert cells(values, kind) == texts


def test_structs_lie_flat():
    table = read_table(
        parquet({"author": pa.array([{"name": "Ann", "home": {"city": "Oslo"}}, None]), "stars": [5, 4]})
    )
    assert list(table.frame.columns) == ["author.name", "author.home.city", "stars"]
    assert table.frame.values.tolist() == [["Ann", "Oslo", "5"], ["", "", "4"]]


def test_many_row_groups_and_compressions():
    columns = {"review": [f"Soup number {number}" for number in range(100)]}
    for data in (parquet(columns, row_group_size=7), parquet(columns, compression="zstd", use_dictionary=False)):
        assert read_table(data).frame["review"].tolist() == columns["review"]
    out = io.BytesIO()
    feather.write_feather(pa.table(columns), out, compression="lz4", chunksize=9)
    table = read_table(out.getvalue())
    assert table.format == "arrow"
    assert table.frame["review"].tolist() == columns["review"]


@pytest.mark.parametrize("make", [parquet, arrow])
def test_no_rows_and_no_columns(make):
    table = read_table(make({"review": pa.array([], pa.string()), "stars": pa.array([], pa.int64())}))
    assert table.frame.shape == (0, 2)
    assert set(map(str, table.frame.dtypes)) == {"str"}
    with pytest.raises(UnusableInput, match="no columns"):
        read_table(make({}))


def test_names_that_repeat_or_lack():
    table = pa.Table.from_arrays([pa.array(["a"]), pa.array(["b"]), pa.array(["c"])], names=["x", "x", " "])
    out = io.BytesIO()
    pq.write_table(table, out)
    assert list(read_table(out.getvalue()).frame.columns) == ["x", "x (2)", "column 3"]


def test_limits(monkeypatch):
    data = parquet({"review": pa.nulls(2_000_000, pa.string())})
    assert len(data) < 50_000
    monkeypatch.setenv("REVIEWSCAPE_MAX_CELLS", "1000000")
    with pytest.raises(UnusableInput, match="REVIEWSCAPE_MAX_CELLS"):
        read_table(data)
    monkeypatch.setenv("REVIEWSCAPE_MAX_UNPACKED_MB", "1")
    repeated = pa.array(["x" * 2_000]).take(pa.array([0] * 1_000))
    for make in (parquet, arrow):
        with pytest.raises(UnusableInput, match="REVIEWSCAPE_MAX_UNPACKED_MB"):
            read_table(make({"review": repeated}))
    monkeypatch.setenv("REVIEWSCAPE_MAX_COLUMNS", "2")
    table = read_table(parquet({name: ["x"] for name in "abc"}))
    assert list(table.frame.columns) == ["a", "b"]
    assert [warning.values for warning in table.warnings] == [{"count": 3, "limit": 2}]


def test_a_progress_that_stops_is_heard():
    from pipelines.errors import Cancelled

    def stop(*_, **__):
        raise Cancelled

    with pytest.raises(Cancelled):
        read_table(parquet({"review": ["x"]}), progress=stop)


@pytest.mark.parametrize("make", [parquet, arrow])
def test_damage_never_raises_anything_else(make):
    columns = {
        "review": [f"Soup number {number} was warm" for number in range(60)],
        "stars": [number % 5 + 1 for number in range(60)],
        "shop": pa.array(["North", "South"] * 30).dictionary_encode(),
        "more": [{"tags": ["a", "b"], "day": DAY}] * 60,
    }
    assert refused_or_read(make(columns), count=300) > 0
