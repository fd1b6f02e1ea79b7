"""`export --view`: what cannot be read of a view must not widen what leaves the computer."""

from __future__ import annotations

import csv
import json
import signal

import pytest

from pipelines.__main__ import main
from pipelines.store.bundle import write_bundle
from pipelines.view import Filter, View
from tests import sample_bundle


@pytest.fixture(scope="module")
def bundle(tmp_path_factory):
    return write_bundle(tmp_path_factory.mktemp("export") / "bundle", sample_bundle.parts(60))


@pytest.fixture
def export(home, bundle, capsys, monkeypatch, tmp_path):
    """export(view, *more) → exit code, stdout, stderr of an export as CSV to tmp_path/t.csv."""
    monkeypatch.setenv("LC_ALL", "C.UTF-8")
    before = signal.getsignal(signal.SIGTERM)

    def run(view: str, *more: str) -> tuple[int, str, str]:
        code = main(["export", str(bundle), "--csv", str(tmp_path / "t.csv"), "--view", view, *more])
        said = capsys.readouterr()
        return code, said.out, said.err

    yield run
    signal.signal(signal.SIGTERM, before)


def rows_of(path) -> int:
    with path.open(encoding="utf-8", newline="") as file:
        return sum(1 for _ in csv.reader(file)) - 1


def shops(*values: str) -> dict[str, object]:
    return {"filters": [{"column": "row:<b>shop</b>", "op": "in", "value": list(values)}]}


@pytest.mark.parametrize(
    ("view", "n"),
    [
        ({}, 60),
        ({"filters": None, "selection": None}, 60),
        (View().to_dict(), 60),
        (shops("north"), 20),
        ({"filters": [["row:<b>shop</b>", "is", "north"], ["language", "is", "en"]]}, 10),
        ({"selection": [5, 4, 4, 70]}, 2),
        ({"selection": []}, 0),
        (View(filters=(Filter("rating", "between", (1, None)),), selection=(1, 2, 3), note="look").to_dict(), 3),
    ],
)
def test_a_view_that_is_understood(export, tmp_path, view, n):
    code, out, err = export(json.dumps(view))
    assert code == 0, err
    assert json.loads(out) == {str(tmp_path / "t.csv"): (tmp_path / "t.csv").stat().st_size}
    assert rows_of(tmp_path / "t.csv") == n


@pytest.mark.parametrize(
    ("view", "said"),
    [
        ({"filters": [{"column": "row:<b>shop</b>", "op": "equals", "value": "north"}]}, "equals"),
        ({"filters": [["language", "is", "en"], ["row:<b>shop</b>", "is"]]}, "shop"),
        ({"filters": [["language", "is", ["en"]]]}, "language"),
        ({"filters": [["language", "is", "x" * 2000]]}, "language"),
        ({"filters": [["language", "not", ["en", {"zh": 1}]]]}, "language"),
        ({"filters": [["language", "not", ["zh"] * 501]]}, "language"),
        ({"filters": [["language", "is", "en"]] * 31}, "language"),
        ({"filters": {"column": "language", "op": "is", "value": "en"}}, "language"),
        ({"filters": "language"}, "language"),
        ({"filters": ["language"]}, "language"),
        ({"filter": [["language", "is", "en"]]}, "filter"),
        ({"filters": [["row:shop", "is", "north"]]}, "row:shop"),
        ({"filters": [["shop", "is", "north"]]}, "shop"),
        ({"filters": [["row:kept", "is", "true"]]}, "row:kept"),
        ({"selection": "1-5"}, "selection"),
        ({"selection": [1, "2"]}, "selection"),
        ({"selection": [1, [2]]}, "selection"),
        ({"selection": [1, -2]}, "selection"),
        ({"selection": [1, True]}, "selection"),
    ],
)
def test_a_view_that_is_not_understood_is_2_and_writes_nothing(export, tmp_path, view, said):
    code, out, err = export(json.dumps(view), "--html", str(tmp_path / "r.html"))
    assert (code, out) == (2, "")
    assert len(err.splitlines()) == 1
    assert said in err
    assert list(tmp_path.glob("*.csv")) + list(tmp_path.glob("*.html")) == []


def test_inline_json_may_be_longer_than_a_file_name(export, tmp_path):
    view = json.dumps({**shops("north", "south"), "note": "a long look " * 300})
    assert export(view)[0] == 0
    assert rows_of(tmp_path / "t.csv") == 40
    assert export("\n " + view)[0] == 0


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig"])
def test_a_view_from_a_file(export, tmp_path, encoding):
    file = tmp_path / "view.json"
    file.write_text(json.dumps(shops("<i>east</i>"), ensure_ascii=False), encoding=encoding)
    assert export(str(file))[0] == 0
    assert rows_of(tmp_path / "t.csv") == 20


@pytest.mark.parametrize("name", ["nothing.json", "", ".", "x" * 5000, "a\0b", "[1]"])
def test_a_view_that_is_no_file_is_2(export, name):
    code, out, err = export(name)
    assert (code, out) == (2, "")
    assert len(err.splitlines()) == 1
    assert "--view" in err


@pytest.mark.parametrize("content", [b"\xff\xfe{}", b"", b"[]", b"{", b'"{}"', b"[" * 100_000])
def test_a_file_that_holds_no_view_is_2(export, tmp_path, content):
    (tmp_path / "view.json").write_bytes(content)
    code, out, err = export(str(tmp_path / "view.json"))
    assert (code, out) == (2, "")
    assert len(err.splitlines()) == 1
    assert "--view" in err
