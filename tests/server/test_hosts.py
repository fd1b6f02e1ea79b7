"""Bound wider, as `make run ADDRESS=…` and the container do it, the server lets in a browser that comes by any name."""

from __future__ import annotations

import http.client
import os
import re
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests import sample_bundle

ROOT = Path(__file__).resolve().parents[2]
VARIABLE = "STREAMLIT_SERVER_ALLOWED_HOSTS"
START_S = 120.0


def allowed(file: str) -> str:
    """What a file sets the variable to, as a shell or Docker reads it."""
    (found,) = set(re.findall(rf"{VARIABLE}=(\S+)", (ROOT / file).read_text("utf-8")))
    if file == "Dockerfile":
        return found
    command = f"printf %s {found.replace('$$', '$')}"
    bare = {name: value for name, value in os.environ.items() if name != VARIABLE}
    return subprocess.run(["sh", "-c", command], env=bare, capture_output=True, text=True, check=True).stdout


def handshake(port: int, host: str) -> int:
    """The answer to a browser that opens its websocket at this name."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
    headers = {
        **{
            "Host": f"{host}:{port}",
            "Origin": f"http://{host}:{port}",
            "Connection": "Upgrade",
            "Upgrade": "websocket",
        },
        **{"Sec-WebSocket-Version": "13", "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ=="},
    }
    try:
        connection.request("GET", "/_stcore/stream", headers=headers)
        return connection.getresponse().status
    finally:
        connection.close()


@pytest.mark.parametrize("file", ["Makefile", "Dockerfile"])
def test_a_browser_is_let_in_under_any_name(file, home, tmp_path):
    # Without its samples the server would begin analyses, which go on after it.
    sample_bundle.stand_in(30)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "streamlit", "run", "app.py", "--server.port", str(port), "--server.headless"]
    command += ["true", "--server.address", "0.0.0.0", "--server.fileWatcherType", "none"]
    environment = {**os.environ, "REVIEWSCAPE_KEY": "zaubernuss", VARIABLE: allowed(file)}
    with (tmp_path / "server.log").open("wb") as log:
        process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=log, stderr=subprocess.STDOUT)
    try:
        end = time.monotonic() + START_S
        while True:
            assert process.poll() is None and time.monotonic() < end, (tmp_path / "server.log").read_text()
            try:
                found = [handshake(port, host) for host in ("localhost", "192.168.1.5", "reviews.example")]
                break
            except OSError:
                time.sleep(0.2)
        assert found == [101, 101, 101]
    finally:
        process.terminate()
        try:
            process.wait(timeout=30)
        except subprocess.TimeoutExpired:
            process.kill()
