"""`analyze` with the person's own vectors, places and labels, to the exports; hostile columns included."""

from __future__ import annotations

import csv
import json
import random
import signal
from pathlib import Path

import numpy as np
import openpyxl
import pandas as pd
import pytest

from pipelines.__main__ import main
from pipelines.store.reader import open_bundle
from tests import made_reviews
from tests.conftest import run_cli

N = 48
HOSTILE = (
    '=HYPERLINK("http://evil.test","x")',
    "<img src=x onerror=alert(1)>",
    "+1|cmd",
    "物流 慢 **bold**",
    "[x](javascript:1)",
    "no clear topic",
)
REPEATED = "The strap broke after one week of use."


def own_rows(language: str) -> list[dict[str, object]]:
    """Reviews with places of three kinds of writing and hostile labels; one text in rows 0, 1 and 2."""
    texts = made_reviews.mixed(N) if language == "zh" else made_reviews.english(N)
    texts = [text + f" ({i})" for i, text in enumerate(texts)]
    texts[:3] = [REPEATED] * 3
    chosen = random.Random(5)
    rows = made_reviews.table(texts)
    for i, row in enumerate(rows):
        row["横"] = f"{chosen.uniform(-9, 9):.4f}".replace(".", ",")
        row["纵"] = "" if i == 7 else f"{chosen.uniform(-9, 9):.4f}"
        row["=kind"] = "" if i == 9 else HOSTILE[i % len(HOSTILE)]
    return rows


@pytest.fixture(scope="module", params=["en", "zh"])
def made(request, tmp_path_factory) -> tuple[Path, list[dict[str, object]], str]:
    """(bundle, rows of the file, stderr) of one run with everything given."""
    folder = tmp_path_factory.mktemp(f"own_{request.param}")
    rows = own_rows(request.param)
    source = made_reviews.write(folder / "reviews.csv", rows)
    np.save(folder / "mine.npy", np.random.default_rng(1).normal(size=(N, 9)).astype(np.float16))
    given = ("--vectors", folder / "mine.npy", "--x-column", "横", "--y-column", "纵", "--label-column==kind")
    done = run_cli("analyze", source, "--out", folder / "bundle", *given, home=folder / "home")
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout.splitlines()[-1])["topics"] == len(HOSTILE)
    return folder / "bundle", rows, done.stderr


def test_points_are_where_and_what_the_columns_say(made):
    path, rows, said = made
    bundle = open_bundle(path)
    points = bundle.points
    wanted = [str(row["=kind"]) for row in rows]
    assert points["topic"].tolist() == wanted
    assert ((points["cluster"] < 0) == (points["topic"] == "")).all()
    assert not points["joined"].any()
    assert points["duplicate_of"].tolist()[1:3] == [0, 0]
    assert len(set(wanted[:3])) == 3
    x = [float(str(row["横"]).replace(",", ".")) for row in rows]
    placed = [i for i in range(N) if i != 7]
    np.testing.assert_allclose(points["x2"].to_numpy()[placed], np.array(x)[placed], rtol=1e-6)
    np.testing.assert_allclose(points["y2"][placed], [float(str(rows[i]["纵"])) for i in placed], rtol=1e-6)
    assert np.isfinite(points[["x2", "y2", "x3", "y3", "z3"]].to_numpy()).all()
    assert "1 reviews have no number in “横” or “纵”, the first in row 8" in said
    assert "Topics are the values of column “=kind”, not found by clustering; 1 reviews have none there." in said


def test_the_summary_tells_what_was_given(made):
    bundle = open_bundle(made[0])
    summary = bundle.summary
    assert summary["given"] == {"vectors": "mine.npy", "places": ["横", "纵"], "labels": "=kind"}
    assert bundle.identity["name"] == "own"
    assert bundle.state("trees") == {}
    assert summary["stability"] is None
    assert summary["min_cluster_size"] is None
    assert {topic["stability"] for topic in summary["topics"]} == {None}
    assert [topic["name"] for topic in summary["topics"]] == sorted(
        HOSTILE, key=lambda name: (-(bundle.points["topic"] == name).sum(), HOSTILE.index(name))
    )
    assert all(
        bundle.points.loc[unit, "cluster"] == topic["id"] for topic in summary["topics"] for unit in topic["exemplars"]
    )
    assert bundle.config["label_column"] == "=kind"


def test_it_is_sound_and_every_export_holds_it_as_text(made, tmp_path):
    path, rows, _ = made
    home = tmp_path / "home"
    assert run_cli("verify", path, home=home).returncode == 0
    files = {kind: tmp_path / f"out.{kind}" for kind in ("html", "csv", "xlsx", "parquet")}
    done = run_cli("export", path, *(part for kind, file in files.items() for part in (f"--{kind}", file)), home=home)
    assert done.returncode == 0, done.stderr
    wanted = [str(row["=kind"]) for row in rows]
    with files["csv"].open(encoding="utf-8", newline="") as file:
        written = [row["topic"] for row in csv.DictReader(file)]
    assert [cell.removeprefix("'") for cell in written] == wanted
    assert not any(cell.startswith(("=", "+")) for cell in written)
    assert pd.read_parquet(files["parquet"])["topic"].tolist() == wanted
    sheet = openpyxl.load_workbook(files["xlsx"]).worksheets[0]
    assert not any(cell.data_type == "f" for row in sheet.iter_rows() for cell in row)
    page = files["html"].read_text("utf-8")
    assert "<img src=x onerror" not in page


def test_only_labels_leave_the_map_to_the_projection(tmp_path):
    source = made_reviews.write(tmp_path / "few.csv", made_reviews.table(made_reviews.english(12)))
    done = run_cli(
        "analyze",
        source,
        "--out",
        tmp_path / "b",
        "--draft",
        "--label-column",
        "shop",
        "--unit",
        "sentence",
        home=tmp_path,
    )
    assert done.returncode == 0, done.stderr
    bundle = open_bundle(tmp_path / "b")
    assert {topic["name"] for topic in bundle.summary["topics"]} == set(made_reviews.SHOPS)
    shops = bundle.rows["shop"].loc[bundle.points["row_id"]]
    assert bundle.points["topic"].tolist() == shops.tolist()
    assert bundle.summary["given"] == {"vectors": None, "places": None, "labels": "shop"}


def test_a_draft_with_own_vectors_is_the_full_map(tmp_path):
    source = made_reviews.write(tmp_path / "few.csv", made_reviews.table(made_reviews.english(12)))
    np.save(tmp_path / "v.npy", np.random.default_rng(1).normal(size=(12, 4)))
    done = run_cli(
        "analyze", source, "--out", tmp_path / "b", "--draft", "--vectors", tmp_path / "v.npy", home=tmp_path
    )
    assert done.returncode == 0, done.stderr
    assert not open_bundle(tmp_path / "b").is_draft


@pytest.fixture
def refused(home, tmp_path, capsys, monkeypatch):
    """refused(*arguments) → stderr of an `analyze` in this process that ends with code 2 and leaves no bundle."""
    monkeypatch.setenv("LC_ALL", "C.UTF-8")
    before = {number: signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGINT)}

    def run(*arguments: object) -> str:
        assert main(["analyze", *map(str, arguments), "--out", str(tmp_path / "b")]) == 2
        assert not (tmp_path / "b").exists()
        said = capsys.readouterr()
        assert said.out == ""
        return said.err

    yield run
    for number, handler in before.items():
        signal.signal(number, handler)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--x-column", "stars"], "needs both columns"),
        (["--x-column", "stars", "--y-column", "nowhere"], "no column “nowhere”; it has: review, stars"),
        (["--x-column", "stars", "--y-column", "shop"], "Column “shop” holds no numbers"),
        (["--label-column", "review"], "different values for"),
        (["--label-column", "user"], "tells who people are"),
        (["--label-column", "nowhere"], "no column “nowhere”"),
        (["--vectors", "v.npy", "--unit", "sentence"], "choose whole reviews"),
        (["--vectors", "v.npy"], "24 vectors of 2 numbers or more"),
        (["--vectors", "reviews.csv"], "no .npy file of numbers"),
    ],
)
def test_what_cannot_stand_in_is_refused_before_anything_is_embedded(refused, tmp_path, arguments, said):
    texts = [f"{text} {i}" for i, text in enumerate(made_reviews.english(24))]
    source = made_reviews.write(tmp_path / "reviews.csv", made_reviews.table(texts))
    np.save(tmp_path / "v.npy", np.ones((23, 4)))
    told = refused(source, *(tmp_path / part if part.endswith((".npy", ".csv")) else part for part in arguments))
    assert said in told.splitlines()[-1]
    assert "neighbors" not in told


def test_ten_thousand_labels_are_refused(refused, tmp_path):
    rows = [{"review": f"The strap broke after {i} days of use.", "code": f"c{i}"} for i in range(10_000)]
    told = refused(made_reviews.write(tmp_path / "reviews.csv", rows), "--label-column", "code")
    assert "“code” has 10000 different values for 10000 reviews" in told.splitlines()[-1]
