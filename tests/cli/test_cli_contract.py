"""DESIGN.md's command line as a contract: exit codes, one JSON line on stdout, one clear line on stderr."""

from __future__ import annotations

import csv
import json
import os
import random
import re
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import openpyxl
import pandas as pd
import pytest

from pipelines.__main__ import main
from pipelines.export.tables import ADDED
from pipelines.progress import STAGES
from pipelines.store import library
from pipelines.types import ROLES
from pipelines.words import catalogue
from tests import made_reviews
from tests.conftest import ROOT, cli_environment

# UMAP says at its import that TensorFlow, which its parametric variant wants, is not there.
pytestmark = pytest.mark.filterwarnings("ignore:Tensorflow not installed:ImportWarning")

COFFEE = ROOT / "sample_data" / "coffee_machines.csv"
FORMULA = re.compile(r"^\s*[=+\-@\t\r\n＝＋－＠]")


@pytest.fixture
def run(home, capsys, monkeypatch):
    """run(*arguments) → exit code, stdout, stderr of the command line in this process."""
    monkeypatch.setenv("LC_ALL", "C.UTF-8")
    before = {number: signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGINT)}

    def run_main(*arguments: object) -> tuple[int, str, str]:
        try:
            code = main([*map(str, arguments)])
        except SystemExit as stop:  # argparse
            code = int(stop.code or 0)
        said = capsys.readouterr()
        return code, said.out, said.err

    yield run_main
    for number, handler in before.items():
        signal.signal(number, handler)


@pytest.fixture
def few(tmp_path) -> Path:
    return made_reviews.write(tmp_path / "few.csv", made_reviews.table(made_reviews.english(12)))


def assert_refused(answer: tuple[int, str, str], *said: str) -> None:
    """Exit code 2, nothing on stdout, one line on stderr (after the stages begun) that says what."""
    code, out, err = answer
    assert code == 2, err
    assert out == ""
    lines = [line for line in err.splitlines() if not re.fullmatch(rf"({'|'.join(STAGES)}) …", line)]
    assert len(lines) == 1, err
    assert "Traceback" not in err
    for words in said:
        assert words in lines[0]


# ---- analyze


def test_analyze_ends_with_one_json_line_of_the_contracts_keys(analysed_sample):
    result = json.loads(analysed_sample.stdout.splitlines()[-1])
    assert list(result) == ["bundle", "rows", "topics", "coverage", "seconds"]
    assert result["bundle"] == str(analysed_sample.bundle)
    assert result["rows"] == 511
    assert result["topics"] >= 3
    assert 0.5 <= result["coverage"] <= 1
    assert set(STAGES) <= set(result["seconds"])
    assert all(isinstance(seconds, float) for seconds in result["seconds"].values())
    assert len(analysed_sample.stdout.splitlines()) == 1


def test_analyze_tells_its_stages_on_stderr(analysed_sample):
    told = [line.removesuffix(" …") for line in analysed_sample.stderr.splitlines() if line.endswith(" …")]
    assert told == list(STAGES)


def test_analyze_with_out_writes_nothing_else_but_caches(analysed_sample):
    assert {entry.name for entry in analysed_sample.home.iterdir()} <= {"vectors.db", "stages", "cache", "models"}
    assert {entry.name for entry in analysed_sample.bundle.parent.iterdir()} == {"bundle", "home"}


def test_analyze_without_out_joins_the_library(run, few):
    code, out, _ = run("analyze", few, "--draft")
    assert code == 0
    result = json.loads(out.splitlines()[-1])
    (info,) = library.list_analyses()
    assert (info.name, info.rows, info.is_draft) == ("few.csv", 12, True)
    assert str(info.bundle) == result["bundle"]


@pytest.mark.parametrize("what", ["folder", "file"])
def test_an_out_that_is_not_empty_is_refused_and_left_alone(run, few, tmp_path, what):
    out = tmp_path / "out"
    if what == "folder":
        out.mkdir()
        (out / "mine.txt").write_text("mine")
    else:
        out.write_text("mine")
    assert_refused(run("analyze", few, "--out", out, "--draft"), str(out))
    assert (out / "mine.txt" if what == "folder" else out).read_text() == "mine"


def test_an_empty_out_folder_is_used(run, few, tmp_path):
    (tmp_path / "out").mkdir()
    assert run("analyze", few, "--out", tmp_path / "out", "--draft")[0] == 0
    assert run("verify", tmp_path / "out")[0] == 0


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--text-column", "nothing"], "nothing"),
        (["--min-cluster-size", "1"], "min_cluster_size"),
        (["--dim", "1"], "dim"),
        (["--embedder", "nonsense"], "nonsense"),
        (["--embedder", "dashscope:text-embedding-v4"], "dashscope"),
        (["--set", "cluster"], "cluster"),
        (["--set", "cluster.nothing=1", "--draft"], "nothing"),
        (["--set", "cluster.resamples=many", "--draft"], "many"),
        (["--set", "nostage.x=1", "--draft"], "nostage"),
        (["--set", "cluster.max_share=7", "--draft"], "max_share"),
        (["--encoding", "no-such-codec"], "no-such-codec"),
        (["--vectors", "nothing.npy"], "nothing.npy"),
    ],
)
def test_unusable_arguments_are_2_and_leave_nothing(run, few, tmp_path, monkeypatch, arguments, said):
    monkeypatch.delenv("DASHSCOPE_API_KEY", raising=False)
    out = tmp_path / "out"
    assert_refused(run("analyze", few, "--out", out, *arguments), said)
    assert not out.exists()
    assert [entry.name for entry in tmp_path.iterdir() if entry.name.startswith(".")] == []


@pytest.mark.parametrize("arguments", [["--unit", "word"], ["--projection", "map"], ["--seed", "x"], ["--nothing"]])
def test_arguments_that_do_not_parse_are_2(run, few, arguments):
    code, out, _ = run("analyze", few, *arguments)
    assert (code, out) == (2, "")


@pytest.mark.parametrize("content", [None, b"", b"review,stars\n", b"review,stars\n,5\n,4\n", b"\x00\x01\x02" * 50])
def test_unusable_files_are_2(run, tmp_path, content):
    path = tmp_path / "file.csv"
    if content is not None:
        path.write_bytes(content)
    assert_refused(run("analyze", path, "--out", tmp_path / "out", "--draft"))
    assert not (tmp_path / "out").exists()


def test_a_provider_that_does_not_answer_is_3(run, few, tmp_path, monkeypatch):
    monkeypatch.setenv("OPENAI_API_KEY", "made-up")
    monkeypatch.setenv("REVIEWSCAPE_PROVIDER_BUDGET_S", "0.5")
    answer = run("analyze", few, "--out", tmp_path / "out", "--embedder", "openai:x@http://127.0.0.1:9", "--yes")
    assert answer[0] == 3, answer[2]
    assert answer[1] == ""
    assert "made-up" not in answer[2]
    assert not (tmp_path / "out").exists()


def test_messages_are_in_the_persons_language(run, tmp_path, monkeypatch):
    monkeypatch.setenv("LC_ALL", "zh_CN.UTF-8")
    code, _, err = run("analyze", tmp_path / "nothing.csv")
    assert code == 2
    assert err == catalogue("zh").gettext("There is no file {path}.").format(path=tmp_path / "nothing.csv") + "\n"


@pytest.mark.parametrize(("number", "seed"), [(signal.SIGTERM, 4), (signal.SIGINT, 8)])
def test_a_signal_is_130_and_leaves_nothing(tmp_path, number, seed):
    """Sent when the seeded stage begins, as stderr tells it."""
    stage = random.Random(seed).choice(STAGES[1:6])
    rows = made_reviews.table(made_reviews.english(40))
    source, out = made_reviews.write(tmp_path / "reviews.csv", rows), tmp_path / "out"
    child = subprocess.Popen(
        [sys.executable, "-m", "pipelines", "analyze", str(source), "--out", str(out)],
        cwd=ROOT,
        env=cli_environment(tmp_path / "home"),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    told = ""
    for line in child.stderr:
        told += line
        if line.startswith(f"{stage} …"):
            os.kill(child.pid, number)
            break
    stdout, rest = child.communicate(timeout=120)
    assert child.returncode == 130, told + rest
    assert stdout == ""
    assert rest.strip().splitlines()[-1] == "Cancelled. Finished work is kept; run it again to go on."
    assert "Traceback" not in rest
    assert not out.exists()
    assert {entry.name for entry in tmp_path.iterdir()} == {"reviews.csv", "home"}


# ---- ingest, verify, doctor, samples


def test_ingest_tells_what_the_contract_names(run):
    code, out, err = run("ingest", ROOT / "sample_data" / "hotels_zh.csv", "--json")
    assert (code, err) == (0, "")
    told = json.loads(out)
    keys = ["encoding", "delimiter", "header", "rows", "columns", "roles", "confidence", "warnings"]
    assert list(told)[: len(keys)] == keys
    assert (told["encoding"], told["delimiter"], told["header"], told["rows"]) == ("gb18030", ",", True, 602)
    assert set(told["roles"]) == set(told["confidence"]) == set(ROLES)
    assert told["roles"]["text"] in told["columns"]
    assert all(0 <= value <= 1 for value in told["confidence"].values())


def test_ingest_refuses_what_is_not_there(run, tmp_path):
    assert_refused(run("ingest", tmp_path / "nothing.csv", "--json"), "nothing.csv")
    assert_refused(run("ingest", tmp_path, "--json"))


def test_verify(run, analysed_sample, tmp_path):
    code, _, err = run("verify", analysed_sample.bundle)
    assert (code, err) == (0, "")
    copy = shutil.copytree(analysed_sample.bundle, tmp_path / "copy")
    raw = bytearray((copy / "points.parquet").read_bytes())
    raw[len(raw) // 3] ^= 4
    (copy / "points.parquet").write_bytes(raw)
    assert_refused(run("verify", copy), "points.parquet")
    assert_refused(run("verify", tmp_path / "nothing"), "nothing")


def test_verify_without_a_folder_checks_all_analyses(run, home, make_parts):
    from pipelines.store import catalog, library

    made = library.create("mine")
    bundle = library.publish(made, make_parts(5))
    assert run("verify")[0] == 0
    (bundle.path / "vectors.npy").unlink()
    journal = catalog.home() / made / "journal.jsonl"
    journal.write_bytes(journal.read_bytes().replace(b"mine", b"mind"))
    code, _, err = run("verify")
    assert code == 2
    assert "vectors.npy is missing" in err
    assert "journal.jsonl: line 1 is damaged" in err


def test_doctor_finds_this_machine_good(run):
    code, out, err = run("doctor")
    assert (code, err) == (0, "")
    assert all(line.startswith(("ok ", "note", "     →")) for line in out.splitlines())
    code, out, err = run("doctor", "--json")
    assert (code, err) == (0, "")
    assert {one["state"] for one in json.loads(out)} <= {"ok", "note"}


def test_samples_that_are_there_are_not_made_again(run, home, make_parts):
    for key in ("hotels", "coffee", "app"):
        library.publish(library.create(key, sample=key), make_parts(6))
    assert run("samples") == (0, "", "")
    assert len(library.list_analyses()) == 3


# ---- export


@pytest.fixture
def upload() -> pd.DataFrame:
    with COFFEE.open(encoding="utf-8", newline="") as file:
        header, *rows = csv.reader(file)
    return pd.DataFrame(rows, columns=header, dtype="str")


def text_cells(table: pd.DataFrame) -> list[list[str]]:
    return [["" if value is None else str(value) for value in row] for row in table.itertuples(index=False)]


def defused(cell: str) -> str:
    return "'" + cell if FORMULA.match(cell) else cell


def test_csv_has_the_uploads_rows_and_columns_without_formulas(run, analysed_sample, upload, tmp_path):
    code, out, _ = run("export", analysed_sample.bundle, "--csv", tmp_path / "t.csv")
    assert code == 0
    assert json.loads(out) == {str(tmp_path / "t.csv"): (tmp_path / "t.csv").stat().st_size}
    table = pd.read_csv(tmp_path / "t.csv", dtype="str", keep_default_na=False)
    assert list(table.columns) == [*upload.columns, *ADDED]
    original = text_cells(upload)
    assert text_cells(table[upload.columns]) == [[defused(cell) for cell in row] for row in original]
    # The sample has such cells, or this would show nothing.
    assert {cell.strip()[0] for row in original for cell in row if FORMULA.match(cell)} >= set("=+-@")
    assert not table.map(lambda cell: bool(FORMULA.match(cell)) and not re.fullmatch(r"-?\d+(\.\d+)?", cell)).any(
        axis=None
    )


def test_xlsx_opens_and_holds_no_formula(run, analysed_sample, upload, tmp_path):
    assert run("export", analysed_sample.bundle, "--xlsx", tmp_path / "t.xlsx")[0] == 0
    sheet = openpyxl.load_workbook(tmp_path / "t.xlsx").active
    assert (sheet.max_row, sheet.max_column) == (len(upload) + 1, len(upload.columns) + len(ADDED))
    assert [cell.value for cell in sheet[1]][: len(upload.columns)] == list(upload.columns)
    assert {cell.data_type for row in sheet.iter_rows() for cell in row} <= {"s", "inlineStr", "n", "b"}


def test_parquet_is_verbatim(run, analysed_sample, upload, tmp_path):
    assert run("export", analysed_sample.bundle, "--parquet", tmp_path / "t.parquet")[0] == 0
    table = pd.read_parquet(tmp_path / "t.parquet")
    assert list(table.columns) == [*upload.columns, *ADDED]
    assert text_cells(table[upload.columns]) == text_cells(upload)


def test_redact_masks_in_every_kind(run, tmp_path, home):
    texts = made_reviews.english(12)
    texts[3] += " Mail me at anna.k@example.org or call 13800138000."
    few = made_reviews.write(tmp_path / "few.csv", made_reviews.table(texts))
    assert run("analyze", few, "--out", tmp_path / "bundle", "--draft")[0] == 0
    targets = {kind: tmp_path / f"t.{kind}" for kind in ("csv", "parquet", "xlsx", "html")}
    options = [part for kind, path in targets.items() for part in (f"--{kind}", path)]
    assert run("export", tmp_path / "bundle", *options, "--redact")[0] == 0
    cells = [str(cell.value) for row in openpyxl.load_workbook(targets["xlsx"]).active.iter_rows() for cell in row]
    contents = [
        targets["csv"].read_text("utf-8"),
        pd.read_parquet(targets["parquet"]).to_csv(),
        "\n".join(cells),
        targets["html"].read_text("utf-8"),
    ]
    for content in contents:
        assert "example.org" not in content
        assert "13800138000" not in content
    assert run("export", tmp_path / "bundle", "--csv", targets["csv"])[0] == 0
    assert "anna.k@example.org" in targets["csv"].read_text("utf-8")


def test_export_of_a_view_holds_its_rows_only(run, analysed_sample, tmp_path):
    view = json.dumps({"filters": [["rating", "between", [1, 2]]]})
    assert run("export", analysed_sample.bundle, "--csv", tmp_path / "t.csv", "--view", view)[0] == 0
    table = pd.read_csv(tmp_path / "t.csv", dtype="str", keep_default_na=False)
    assert set(table["rating"]) == {"1", "2"}


def test_export_refuses_what_it_cannot_do(run, analysed_sample, tmp_path):
    assert_refused(run("export", analysed_sample.bundle), "--html")
    assert_refused(run("export", tmp_path / "nothing", "--csv", tmp_path / "t.csv"), "nothing")
    assert_refused(run("export", analysed_sample.bundle, "--csv", tmp_path / "t.csv", "--view", "[1"), "--view")
    (tmp_path / "file").write_text("x")
    assert_refused(run("export", analysed_sample.bundle, "--csv", tmp_path / "file" / "t.csv"))
    assert not (tmp_path / "t.csv").exists()


def test_the_report_holds_the_analysis(run, analysed_sample, tmp_path):
    assert run("export", analysed_sample.bundle, "--html", tmp_path / "r.html", "--language", "zh")[0] == 0
    content = (tmp_path / "r.html").read_text("utf-8")
    assert 'lang="zh' in content
    assert "http://" not in re.sub(r"https?://www\.w3\.org/[\w/.#]*", "", content)[:2000]
