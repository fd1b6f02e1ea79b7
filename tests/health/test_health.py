"""What doctor says of a machine that lacks something: what it is, and what mends it; never a key, never a hang."""

from __future__ import annotations

import json
import os
import shlex
import socket
import sqlite3
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from pipelines import health, jobs
from pipelines.health import machine, model, network, storage
from pipelines.store import durable
from tests.conftest import run_cli

pytestmark = pytest.mark.usefixtures("home")


def states(found: list[health.Finding]) -> list[str]:
    return [one.state for one in found]


def test_a_package_that_is_missing_or_of_another_version(tmp_path, monkeypatch):
    pins = tmp_path / "requirements.txt"
    monkeypatch.setattr(machine, "REQUIREMENTS", pins)
    pins.write_text("# comment\nnumpy==0.0.1\npandas>=2\n")
    (found,) = machine.packages(0)
    assert (found.state, "numpy" in found.says, "0.0.1" in found.says) == (health.NOTE, True, True)
    pins.write_text("no-such-package-of-ours==1.0\nnumpy==0.0.1\n")
    (found,) = machine.packages(0)
    assert (found.state, found.says) == (health.BAD, "missing: no-such-package-of-ours")
    assert found.fix == "pip install -r requirements.txt"


def test_the_packages_of_this_project_are_as_pinned():
    (found,) = machine.packages(0)
    assert "packages" in found.says


def test_settings_that_cannot_be_used_and_misspelt_ones(monkeypatch):
    monkeypatch.setenv("REVIEWSCAPE_WORKERS", "-1")
    monkeypatch.setenv("REVIEWSCAPE_KEEY", "zaubernuss")
    found = machine.settings_(0)
    assert [(one.state, one.fix) for one in found] == [
        (health.BAD, "unset REVIEWSCAPE_WORKERS"),
        (health.NOTE, "set REVIEWSCAPE_KEY in its place"),
    ]
    assert "zaubernuss" not in str(found)


def test_a_clock_behind_what_was_written(home, monkeypatch):
    assert states(machine.clock(0)) == [health.GOOD]
    (home / "later").write_text("")
    ahead = (home / "later").stat().st_mtime + 10 * 3600
    os.utime(home / "later", (ahead, ahead))
    (found,) = machine.clock(0)
    assert (found.state, "10 hours behind" in found.says) == (health.NOTE, True)
    monkeypatch.setattr("time.time", lambda: 1000.0)
    assert states(machine.clock(0)) == [health.BAD]


def test_a_folder_that_cannot_be_written_or_others_can_read(home, monkeypatch):
    home.chmod(0o755)
    assert states(storage.home(0)) == [health.GOOD, health.NOTE]
    home.chmod(0o700)
    assert states(storage.home(0)) == [health.GOOD]
    assert list(home.glob(".*.tmp")) == []

    def refuse(path, data):
        raise OSError(30, "Read-only file system")

    monkeypatch.setattr(durable, "write_file", refuse)
    (found,) = storage.home(0)
    assert (found.state, "Read-only file system" in found.says, "chown" in found.fix) == (health.BAD, True, True)


def test_too_little_space_names_what_can_go(monkeypatch):
    monkeypatch.setattr(storage, "LEAST_FREE_MB", 10**9)
    (found,) = storage.disk(0)
    assert found.state == health.BAD
    assert "stages" in found.fix


def test_a_command_can_be_copied_whatever_the_folder_is_called(tmp_path, monkeypatch):
    home = tmp_path / "Application Support" / "it's"
    home.mkdir(parents=True)
    monkeypatch.setenv("REVIEWSCAPE_HOME", str(home))
    monkeypatch.setattr(storage, "LEAST_FREE_MB", 10**9)
    (found,) = storage.disk(0)
    command = shlex.split(found.fix.partition(": ")[2])
    assert command == ["rm", "-rf", *(str(home / name) for name in ("stages", "large", "vectors.db"))]


def test_a_damaged_database_and_one_that_is_held(home, monkeypatch):
    assert states(storage.databases(0)) == [health.GOOD]
    jobs.list_active()
    assert states(storage.databases(0)) == [health.GOOD]
    monkeypatch.setattr(storage, "_PATIENCE_S", 0.05)
    with sqlite3.connect(home / "jobs.db", isolation_level=None) as holder:
        holder.execute("BEGIN EXCLUSIVE")
        assert states(storage.databases(0)) == [health.NOTE]
        holder.execute("ROLLBACK")
    holder.close()
    (home / "jobs.db").write_bytes(b"no database" * 500)
    (found,) = storage.databases(0)
    assert (found.state, found.fix.startswith("mv ")) == (health.BAD, True)


class Healthy(BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.end_headers()
        self.wfile.write(b"ok" if self.path == "/_stcore/health" else b"no")

    def log_message(self, *arguments):
        pass


def test_a_port_is_free_ours_or_somebody_elses():
    with socket.create_server(("127.0.0.1", 0)) as other:
        number = other.getsockname()[1]
        other.settimeout(0.1)
        (found,) = network.port(number)
        assert (found.state, f"make run PORT={number + 1}" in found.fix) == (health.NOTE, True)
        assert f"process {os.getpid()}" in found.fix
    assert states(network.port(number)) == [health.GOOD]
    server = HTTPServer(("127.0.0.1", 0), Healthy)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        (found,) = network.port(server.server_address[1])
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
    assert "a dashboard answers there already" in found.says


def test_hosts_are_asked_for_a_connection_and_none_is_waited_for(monkeypatch):
    with socket.create_server(("127.0.0.1", 0)) as there:
        monkeypatch.setenv("OLLAMA_HOST", f"127.0.0.1:{there.getsockname()[1]}")
        # An address set apart for documents: packets to it are lost, or refused.
        monkeypatch.setattr(network, "HOSTS", (("Lost", "192.0.2.1"),))
        monkeypatch.setenv("REVIEWSCAPE_PROBE_TIMEOUT_S", "0.5")
        monkeypatch.setenv("OPENAI_API_KEY", "sk-zaubernuss")
        (found,) = network.providers(0)
    assert found.says == "reachable: Ollama; not: Lost; keys set: OPENAI_API_KEY (none is needed)"


def test_a_model_that_computes_nonsense_is_found(monkeypatch):
    assert states(model.embeds(0)) == [health.GOOD]
    from pipelines.embed.bundled import BundledEmbedder

    right = BundledEmbedder.embed_documents
    monkeypatch.setattr(
        BundledEmbedder,
        "embed_documents",
        lambda self, texts: right(self, texts)[[0, 2, 1]] if len(texts) == 3 else None,
    )
    (found,) = model.embeds(0)
    assert (found.state, found.fix) == (health.BAD, "REVIEWSCAPE_ARITHMETIC=torch-fp32")


def test_a_check_that_breaks_is_told_and_the_others_go_on(home):
    (home / "analyses").write_text("no folder")
    done = run_cli("doctor", "--json", home=home, REVIEWSCAPE_KEY="zaubernuss", DASHSCOPE_API_KEY="sk-zaubernuss")
    told = {one["check"]: one for one in json.loads(done.stdout)}
    assert done.returncode == 2
    assert told["documents_"]["says"] == "the check of documents_ broke (UnusableInput)"
    assert told["network"]["state"] == "ok"
    assert "zaubernuss" not in done.stdout + done.stderr
