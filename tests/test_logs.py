"""Logs: whole JSON lines that say what happened, and never a word of a review, a key or the name of a file."""

from __future__ import annotations

import ast
import json
import logging
import subprocess
import sys
from pathlib import Path

import pytest

from pipelines import jobs, logs, share
from pipelines.errors import UnusableInput
from pipelines.store import library
from pipelines.store.log_file import SharedFile
from pipelines.view import View
from tests import hostile
from tests.conftest import ROOT, cli_environment, run_cli
from tests.test_jobs import wait_state

SECRET = "Zaubernuss"  # in every text and name below
KEY = "sk-zaubernusszaubernuss1234"


def written(record_of) -> dict[str, object]:
    """What one call logs, read back."""
    lines = []
    handler = logging.Handler()
    handler.setFormatter(logs.JsonFormatter())
    handler.emit = lambda record: lines.append(handler.format(record))
    log = logging.getLogger("pipelines.tried")
    log.addHandler(handler)
    log.setLevel(logging.DEBUG)
    try:
        record_of(log)
    finally:
        log.removeHandler(handler)
    (line,) = lines
    assert "\n" not in line
    return json.loads(line)


def test_an_event_has_its_name_and_its_fields():
    told = written(lambda log: logs.event(log, "job.stage", job="0123456789abcdef", stage="embedding", seconds=1.23456))
    assert {key: told[key] for key in ("level", "event", "job", "stage", "seconds")} == {
        **{"level": "info", "event": "job.stage", "job": "0123456789abcdef"},
        **{"stage": "embedding", "seconds": 1.235},
    }
    assert told["time"].endswith("+00:00")


@pytest.mark.parametrize("text", [*hostile.TEXTS, "a b", "a\nb", "x" * 65, "", "名前", "../x", KEY + " "])
def test_a_value_that_is_no_id_is_not_written(text):
    told = written(lambda log: logs.event(log, "x.y", stage=text, **{"file": text}))
    assert told["stage"] == "?"
    assert set(told) == {"time", "level", "event", "stage"}


def test_of_an_error_its_class_template_and_places_alone():
    def fail(log):
        try:
            try:
                raise ValueError(SECRET)
            except ValueError as error:
                raise UnusableInput("The column {column} is empty.", column=SECRET) from error
        except UnusableInput as error:
            logs.event(log, "x.failed", error=error)

    told = written(fail)
    assert SECRET not in json.dumps(told)
    assert told["error"]["class"] == "UnusableInput"
    assert told["error"]["template"] == "The column {column} is empty."
    assert told["error"]["causes"] == ["ValueError"]
    assert told["error"]["at"][-1].startswith("tests/test_logs.py:")


def test_of_a_plain_line_the_text_in_the_source_and_numbers():
    told = written(lambda log: log.warning("%d rows of %s", 7, SECRET))
    assert (told["message"], told["numbers"]) == ("%d rows of %s", [7])
    assert SECRET not in json.dumps(told)


def test_of_a_librarys_line_the_place_alone():
    formatter = logs.JsonFormatter()
    made = logging.LogRecord("urllib3.pool", logging.ERROR, "/x/pool.py", 3, f"bad {SECRET}", (), None)
    assert SECRET not in formatter.format(made)
    assert json.loads(formatter.format(made))["at"] == "pool.py:3"


def test_every_line_of_ours_is_logged_with_a_fixed_text():
    """What the formatter writes of our own lines is the first argument as it stands in the source."""
    found = 0
    for path in [*(ROOT / "pipelines").rglob("*.py"), *(ROOT / "pages").rglob("*.py")]:
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if (
                isinstance(node, ast.Call)
                and isinstance(node.func, ast.Attribute)
                and node.func.attr in ("debug", "info", "warning", "error", "exception", "critical")
                and isinstance(node.func.value, ast.Name)
                and node.func.value.id in ("log", "_log", "logger")
            ):
                found += 1
                assert isinstance(node.args[0], ast.Constant), f"{path}:{node.lineno}"
    assert found > 30


def test_every_event_is_logged_with_a_fixed_name_and_known_fields():
    names = set()
    for path in [*(ROOT / "pipelines").rglob("*.py"), *(ROOT / "pages").rglob("*.py")]:
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and ast.unparse(node.func) == "logs.event":
                names.add(ast.literal_eval(node.args[1]))
                assert {one.arg for one in node.keywords} <= logs.FIELDS | {"level", "error"}, f"{path}:{node.lineno}"
    assert {"job.started", "job.stage", "job.ended", "server.started", "link.created", "page.failed"} <= names


def _all_logs(home: Path) -> str:
    return "\n".join(path.read_text("utf-8") for path in [*home.glob("logs/*"), *home.glob("run.log*")])


@pytest.fixture
def hostile_file(tmp_path: Path) -> Path:
    texts = [f"{SECRET} {text} {n}" for n in range(2) for text in hostile.TEXTS]
    path = tmp_path / f"{SECRET}.csv"
    quoted = ('"' + text.replace('"', '""') + '"' for text in texts)
    path.write_bytes(("review\n" + "\n".join(quoted) + "\n").encode("utf-8", "replace"))
    return path


def test_real_runs_leave_no_text_key_or_name_in_any_log(home, tmp_path, hostile_file, monkeypatch):
    """analyze, ask, search, share, a job that breaks, and refusals that name what they refuse."""
    log = {"REVIEWSCAPE_LOG_FILE": str(home / "run.log"), "OPENAI_API_KEY": KEY, "REVIEWSCAPE_KEY": KEY}
    bundle, model = tmp_path / "bundle", f"openai:{SECRET}@http://127.0.0.1:9/v1"
    runs = [
        ("analyze", hostile_file, "--out", bundle, "--text-column", "review"),
        ("ask", bundle, f"how many complain about {SECRET}?", "--json"),
        ("search", bundle, SECRET, "--json"),
        ("analyze", hostile_file, "--text-column", SECRET, "--out", tmp_path / "none"),
        ("analyze", tmp_path / f"{SECRET}-missing.csv", "--out", tmp_path / "none"),
        ("analyze", hostile_file, "--out", tmp_path / "none", "--embedder", model, "--yes"),
        ("ask", bundle, f"why {SECRET}?", "--model", model, "--json"),
        ("verify", tmp_path / SECRET),
    ]  # fmt: skip
    codes = []
    for run in runs:
        done = run_cli("--verbose", *run, home=home, REVIEWSCAPE_PROVIDER_BUDGET_S="1", **log)
        codes.append(done.returncode)
        told = [line for line in done.stderr.splitlines() if line.startswith("{")]
        assert SECRET.lower() not in "\n".join(told).lower()
        assert all("event" in json.loads(line) for line in told)
    assert codes == [0, 0, 0, 2, 2, 3, 3, 2]
    for name, value in log.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("REVIEWSCAPE_JOB_RUNNER", "tests.job_runners:run")
    # Its runner raises an error whose message is a review.
    wait_state(jobs.submit({"do": "break_down", "name": SECRET}), "failed")
    analysis = library.create(SECRET)
    library.publish_copy(analysis, bundle)
    token = share.create_link(analysis, View(analysis=analysis, search=SECRET), name=SECRET)
    text = _all_logs(home)
    lines = [json.loads(line) for line in text.splitlines() if line]
    assert {"command.ended", "command.failed", "ask.answered", "ask.failed", "job.ended"} <= {
        line["event"] for line in lines
    }
    for private in (SECRET, KEY, token, str(tmp_path), "secret review text"):
        assert private.lower() not in text.lower(), private


FAILS = """
import logging, threading, warnings
from pipelines import logs
logs.set_up()
def fail(): raise ValueError("Zaubernuss")
thread = threading.Thread(target=fail); thread.start(); thread.join()
warnings.warn("Zaubernuss")
library = logging.getLogger("elsewhere"); library.propagate = False
library.addHandler(logging.StreamHandler())
try: fail()
except ValueError: library.exception("failed")
fail()
"""


def test_tracebacks_that_python_and_libraries_print_have_no_message_either(home):
    done = subprocess.run(
        [sys.executable, "-c", FAILS], cwd=ROOT, env=cli_environment(home), capture_output=True, text=True, check=False
    )
    assert done.returncode == 1
    assert "Zaubernuss" not in done.stdout + done.stderr
    events = [json.loads(line)["event"] for line in done.stderr.splitlines() if line.startswith('{"time"')]
    assert events == ["process.failed", "log", "process.failed"]
    assert '{"class": "ValueError"' in done.stderr


WRITES = """
import logging, sys
from pathlib import Path
from pipelines.store.log_file import SharedFile
handler = SharedFile(Path(sys.argv[1]), 2_000, 400)
for n in range(200):
    handler.emit(logging.LogRecord("x", logging.INFO, "", 0, f"{sys.argv[2]}-{n} " + "x" * 30, (), None))
"""


def test_several_processes_write_one_file_and_turn_it_without_losing_a_line(tmp_path):
    path = tmp_path / "log" / "shared.log"
    writers = [subprocess.Popen([sys.executable, "-c", WRITES, path, str(n)], cwd=ROOT) for n in range(3)]
    assert [writer.wait() for writer in writers] == [0, 0, 0]
    files = [one for one in path.parent.iterdir() if one.suffix != ".lock"]
    lines = [line for one in files for line in one.read_text().splitlines()]
    assert sorted(line.split()[0] for line in lines) == sorted(f"{w}-{n}" for w in range(3) for n in range(200))
    assert len(files) > 5


def test_so_many_old_files_are_kept_and_no_more(tmp_path):
    handler = SharedFile(tmp_path / "a.log", 100, 2)
    for n in range(30):
        handler.emit(logging.LogRecord("x", logging.INFO, "", 0, f"{n} " + "x" * 30, (), None))
    assert {one.name for one in tmp_path.iterdir()} == {"a.log", "a.log.1", "a.log.2", "a.log.lock"}
    assert (tmp_path / "a.log").read_text().split()[-2] == "29"


def test_a_disk_that_takes_nothing_stops_nothing(tmp_path):
    (tmp_path / "file").write_text("")
    SharedFile(tmp_path / "file" / "a.log", 100, 2).emit(logging.LogRecord("x", 20, "", 0, "line", (), None))
