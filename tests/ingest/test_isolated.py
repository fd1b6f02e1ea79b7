"""Reading in a child process: the same results as in this one, and nothing that a file does to its reader comes out."""

import contextlib
import gzip
import json
import logging
import os
import signal
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from pipelines.errors import Cancelled, UnusableInput
from pipelines.ingest import (
    IngestOptions,
    Source,
    guess_roles,
    ingest,
    isolated,
    read,
    read_table,
    understand,
    understanding,
)
from tests.ingest.made_files import delimited, rows_of, shape, shapes
from tests.ingest.soundness import check_reviews, same
from tests.made_reviews import english, mixed

ROOT = Path(__file__).resolve().parents[2]
ON_LINUX = pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")
# One shape for each way of opening a file: the others differ in what the child does alone, not in what it hands over.
HANDED_OVER = ("csv-gb18030", "csv-header-only", "wide", "xlsx-two", "zip-two")
ODD_TABLES = {
    "one row": "review,stars\nWarm soup and kind staff,5\n",
    "one cell": "Warm soup and kind staff.\n",
    "no usable text": "review,stars\n,5\n...,3\n",
    "stars, dates and text missing": "review,stars,day,user\nfine and warm,5,2026-01-02,a\n,,,\n"
    "NA,,,\nall good,4,2026-01-03,b\n",
    "odd names": "review,kept,cell 0,text,评论 🙂,a'b,row_id\nfine and warm,1,2,3,4,5,6\nall good here,1,2,3,4,5,6\n",
    "same names": "review,review,,\nfine and warm,1,2,3\nall good here,4,5,6\n",
    "not in latin": "评论,评分\n好吃\u2028真的🍜,5\n\U0010ffff 太吵了,1\n",
    "scores": "评论,评分,服务,位置\n房间很干净,5,4,3\n太吵了不会再来,1,2,\n早餐很好吃,4,5,5\n",
    "replies": "评论,评分\n房间很干净。酒店回复：谢谢您的光临,5\n太吵了不会再来,1\n早餐很好吃,4\n",
}


def children(of: int | None = None) -> set[int]:
    """Process ids of the running children of a process, threads' children included."""
    found = set()
    for task in Path(f"/proc/{of or os.getpid()}/task").iterdir():
        with contextlib.suppress(FileNotFoundError):  # a thread that ended meanwhile
            found |= {int(pid) for pid in (task / "children").read_text().split()}
    return found


def readers() -> set[int]:
    """Process ids of the readers that this process runs now."""
    return {pid for pid in children() if b"pipelines.ingest.child" in Path(f"/proc/{pid}/cmdline").read_bytes()}


def limited(pid: int) -> bool:
    """Whether a reader has set its limits already, which is the last that it does before it reads."""
    limits = Path(f"/proc/{pid}/limits").read_text()
    return "unlimited" not in next(line for line in limits.splitlines() if line.startswith("Max data size"))


@pytest.fixture
def stuck(tmp_path):
    """A file that never ends being opened: a pipe that nobody writes to."""
    path = tmp_path / "stuck.csv"
    os.mkfifo(path)
    return path


def acting(act):
    """A Progress that does something to the reader once it runs."""

    def progress(stage, done, total, *, rate=None, note=""):
        for pid in readers():
            act(pid)

    return progress


# --- the same results -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", HANDED_OVER)
def test_a_child_reads_what_this_process_reads(name):
    made = shape(name)
    source = Source(made.data, made.file_name)
    same(ingest(source), read(source))
    table = read_table(source)
    same(understanding(table, guess_roles(table)), understand(source))


def test_every_shape_is_handed_over_unchanged(tmp_path):
    # The child runs no other code than this, so that one process a shape would only take longer.
    for made in shapes():
        reviews = ingest(Source(made.data, made.file_name))
        check_reviews(reviews)
        folder = tmp_path / made.name
        folder.mkdir()
        isolated.handover.save(reviews, folder)
        same(reviews, isolated.handover.load(folder))


@pytest.mark.parametrize("name", ODD_TABLES)
def test_odd_tables_are_handed_over_unchanged(name, tmp_path):
    reviews = ingest(ODD_TABLES[name].encode())
    check_reviews(reviews)
    isolated.handover.save(reviews, tmp_path)
    loaded = isolated.handover.load(tmp_path)
    same(reviews, loaded)
    assert loaded.table.frame.columns.tolist() == reviews.table.frame.columns.tolist()


def test_what_was_read_can_be_written_to():
    reviews = read(ODD_TABLES["stars, dates and text missing"].encode())
    assert np.isnan(reviews.rating[1])
    assert np.isnat(reviews.date[1])
    for values in (reviews.kept, reviews.rating, reviews.date):
        values[0] = values[-1]


def test_several_files_are_stacked_as_in_this_process(tmp_path):
    sources = []
    for index, name in enumerate(("north.csv", 'süd\'s "best"\n.csv')):
        path = tmp_path / name
        path.write_text(delimited(rows_of(english(6, seed=index))), "utf-8")
        sources.append(Source(path, name))
    sources.append(Source(shape("jsonl").data, "given.jsonl"))
    same(ingest(sources), read(sources))


def test_options_reach_the_child():
    text = "a;b;c\nsoup was warm;it was loud;1\nstaff was kind;it was cold;2\n"
    options = IngestOptions(encoding="utf-16-le", delimiter=";", roles={"text": "b", "rating": None, "title": "a"})
    reviews = read(text.encode("utf-16-le"), options)
    assert (reviews.table.encoding, reviews.roles.get("text"), reviews.roles.get("rating")) == ("utf-16-le", "b", None)
    assert reviews.text == ["it was loud", "it was cold"]
    joined = IngestOptions(encoding="utf-16-le", roles={"text": "b", "title": "a"}, join_title=True)
    same(ingest(text.encode("utf-16-le"), joined), read(text.encode("utf-16-le"), joined))
    assert understand(shape("xlsx-two").data, IngestOptions(sheet="Totals")).told["sheet"] == "Totals"
    with pytest.raises(UnusableInput, match="“nope”"):
        read(text.encode(), IngestOptions(roles={"text": "nope"}))


@pytest.mark.parametrize(
    "name", ["评论.csv", 'it\'s "mine".csv', "two\nlines.csv", "-rf.csv", " .csv", "caf\udce9.csv"]
)
def test_any_file_name_works_and_so_does_a_relative_path(name, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    Path(name).write_text(delimited(rows_of(english(3))), "utf-8")
    assert len(read(Path(name)).text) == 3
    missing = Path("no " + name)
    with pytest.raises(UnusableInput, match="cannot be opened") as caught:
        understand(missing)
    str(caught.value).encode("utf-8")


def test_a_loop_of_links_cannot_be_opened(tmp_path):
    (tmp_path / "a.csv").symlink_to(tmp_path / "b.csv")
    (tmp_path / "b.csv").symlink_to(tmp_path / "a.csv")
    with pytest.raises(UnusableInput, match="cannot be opened"):
        read(tmp_path / "a.csv")


@ON_LINUX
def test_a_pipe_of_this_process_is_read():
    done = subprocess.run(
        [sys.executable, "-c", "from pathlib import Path; from pipelines.ingest import read\n"
         "print(len(read(Path('/dev/stdin')).text))"],
        cwd=ROOT, input=delimited(rows_of(english(4))), capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert done.stdout.split() == ["4"]


# --- limits -----------------------------------------------------------------------------------------------------


@ON_LINUX
def test_memory_past_the_limit_is_refused(monkeypatch):
    # 400 MB out of a small upload: under the default limits it would be read.
    packed = gzip.compress(b"review,stars\n" + b"fine,5\n" * 700_000, compresslevel=1) * 80
    monkeypatch.setenv("REVIEWSCAPE_PARSE_MEMORY_MB", "300")
    with pytest.raises(UnusableInput, match="300 MB"):
        read(packed)
    assert len(read(b"review,stars\nfine and warm,5\n").text) == 1, "a small file fits"


@ON_LINUX
@pytest.mark.parametrize("limit", ["1", "60"])
def test_a_limit_below_what_python_needs_is_a_clear_message(limit, monkeypatch):
    monkeypatch.setenv("REVIEWSCAPE_PARSE_MEMORY_MB", limit)
    with pytest.raises(UnusableInput, match=f"the {limit} MB"):
        read(b"review,stars\n" + b"fine and warm,5\n" * 2_000_000)  # more than is free in what Python holds already
    assert not readers()


@ON_LINUX
def test_time_past_the_limit_is_refused_and_leaves_no_child(stuck, monkeypatch):
    for limit, source in (("0.01", shape("csv").data), ("1.5", stuck)):
        monkeypatch.setenv("REVIEWSCAPE_PARSE_TIMEOUT_S", limit)
        with pytest.raises(UnusableInput, match=f"within {limit} seconds"):
            understand(source)
        assert not readers()


@ON_LINUX
@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGABRT, signal.SIGSEGV])
def test_a_killed_reader_is_a_clear_message(number, stuck):
    with pytest.raises(UnusableInput, match=f"ended with code -{number.value}"):
        read(stuck, progress=acting(lambda pid: os.kill(pid, number)))
    assert not readers()


@ON_LINUX
def test_a_reader_that_closes_its_output_and_goes_on_is_ended(stuck, tmp_path, monkeypatch):
    (tmp_path / "sitecustomize.py").write_text("import os, time\nos.close(1)\ntime.sleep(600)\n")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    with pytest.raises(UnusableInput, match="ended with code"):
        read(stuck)
    assert not readers()


@ON_LINUX
def test_cancelling_ends_the_reader(stuck):
    seen = []

    def progress(stage, done, total, *, rate=None, note=""):
        seen.append((stage, readers()))
        raise Cancelled

    with pytest.raises(Cancelled):
        read(stuck, progress=progress)
    assert seen[0][0] == "reading"
    assert len(seen[0][1]) == 1
    assert not readers()


@ON_LINUX
def test_a_key_that_cancels_is_not_told_as_a_broken_file(stuck):
    asked = threading.Event()

    def progress(stage, done, total, *, rate=None, note=""):
        if asked.is_set():
            raise Cancelled
        for pid in readers():
            os.kill(pid, signal.SIGKILL)
            asked.set()

    with pytest.raises(Cancelled):
        read(stuck, progress=progress)


@ON_LINUX
def test_a_killed_parent_leaves_no_reader(stuck):
    script = (
        "import os, signal, sys, time\n"
        "from pathlib import Path\n"
        "from tests.ingest.test_isolated import limited, read, readers\n"
        "def progress(stage, done, total, *, rate=None, note=''):\n"
        "    for pid in readers():\n"
        "        if limited(pid):\n"
        "            os.kill(pid, signal.SIGSTOP)\n"  # a reader that cannot even notice that its pipes are closed
        "            print(pid, flush=True)\n"
        "            time.sleep(600)\n"
        "read(Path(sys.argv[1]), progress=progress)\n"
    )
    parent = subprocess.Popen([sys.executable, "-c", script, stuck], cwd=ROOT, stdout=subprocess.PIPE, text=True)
    try:
        assert parent.stdout is not None
        reader = int(parent.stdout.readline())
        assert b"pipelines.ingest.child" in Path(f"/proc/{reader}/cmdline").read_bytes()
    finally:
        parent.kill()
        parent.wait()
        assert parent.stdout is not None
        parent.stdout.close()
    gone = Path(f"/proc/{reader}/cmdline")
    for _ in range(600):  # the kernel needs a moment; a reader that stays fails the test after a minute
        if not gone.exists() or not gone.read_bytes():
            return
        time.sleep(0.1)
    os.kill(reader, signal.SIGKILL)
    pytest.fail("the reader outlived its parent")


# --- what is said, and to whom ------------------------------------------------------------------------------------


def test_what_a_library_prints_is_ignored(tmp_path, monkeypatch):
    (tmp_path / "sitecustomize.py").write_text(
        "import atexit, os, sys\n"
        'os.write(1, b"garbage\\n{}\\n[1]\\n17\\nnull\\n\\xff\\xfe\\n{\\"told\\": 1}\\n" + b"[" * 99999 + b"\\n")\n'
        'atexit.register(print, "more garbage")\n'
    )
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    made = shape("csv")
    same(ingest(made.data), read(made.data))
    with pytest.raises(UnusableInput, match="empty"):
        read(b"")


@ON_LINUX
def test_several_at_once_do_not_mix():
    wanted = {index: mixed(20 + index, seed=index) for index in range(8)}
    files = {index: delimited(rows_of(texts)).encode() for index, texts in wanted.items()}
    files[3] = b""

    def one(index):
        try:
            return read(files[index]).text if index % 2 == 0 else understand(files[index]).preview[0][0]
        except UnusableInput as error:
            return str(error)

    with ThreadPoolExecutor(8) as pool:
        found = dict(zip(files, pool.map(one, files), strict=True))
    for index, texts in wanted.items():
        if index == 3:
            assert "empty" in found[index]
        else:
            assert found[index] == (texts if index % 2 == 0 else texts[0])
    assert not readers()


def test_no_review_text_reaches_the_logs(caplog):
    caplog.set_level(logging.DEBUG)
    secret = "the-secret-of-the-soup"
    read(f"review,stars\n{secret} was warm and kind,5\n".encode())
    understand(f'[{{"review": "{secret} was warm and kind"}}]'.encode())
    with pytest.raises(UnusableInput) as caught:
        read(f'[{{"review": "{secret} was warm and kind"'.encode() + b"\xff" * 90)
    assert secret not in caplog.text
    assert secret not in str(caught.value)


def test_progress_moves_and_ends_within_its_total(monkeypatch):
    monkeypatch.setattr(isolated, "_POLL_S", 0.02)
    seen = []
    data = ("review,stars\n" + "warm soup and kind staff,5\n" * 120_000).encode()
    reviews = read(data, progress=lambda stage, done, total, **_: seen.append((stage, done, total)))
    assert len(reviews.text) == 120_000
    assert {stage for stage, _, _ in seen} == {"reading"}
    assert all(0 <= done <= total for _, done, total in seen)


def test_an_understanding_holds_no_row_beyond_its_preview():
    texts = english(40)
    understood = understand(delimited(rows_of([f"{text} #{i}" for i, text in enumerate(texts)])).encode())
    told = json.dumps(understood.as_json())
    assert all(f"#{index}" not in told for index in range(5, 40))
    assert understood.told["rows"] == 40


@ON_LINUX
def test_what_a_killed_reading_left_is_removed_by_a_later_one(home):
    left = home / "reading" / "left"
    left.mkdir(parents=True)
    (left / "reviews.arrow").write_bytes(b"x")
    kept = home / "reading" / "now"
    kept.mkdir()
    os.utime(left, (0, 0))
    assert read(b"review,stars\nfine and warm,5\n").text == ["fine and warm"]
    assert not left.exists()
    assert kept.exists()
    kept.rmdir()
    read(b"review,stars\nfine and warm,5\n")
    assert not (home / "reading").exists()
