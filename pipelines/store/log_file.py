"""A log file that the server and its workers write together: whole lines, and a new file when it is full."""

from __future__ import annotations

import contextlib
import logging
import os
from pathlib import Path

from pipelines.store import durable


class SharedFile(logging.Handler):
    """Appends lines to `path`; at `max_bytes` it becomes path.1, which becomes path.2, … up to `kept` of them.

    A line is one write to a file opened for appending, so lines of several processes do not mix; who finds it full
    takes the lock and looks again. Where it cannot be written (no space, no right) the line is lost, the work goes on.
    """

    def __init__(self, path: Path, max_bytes: int, kept: int) -> None:
        super().__init__()
        self.path, self.max_bytes, self.kept = path, max_bytes, kept

    def emit(self, record: logging.LogRecord) -> None:
        """Write one line."""
        line = (self.format(record) + "\n").encode("utf-8", "backslashreplace")
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            if self._is_full(len(line)):
                self._turn(len(line))
            # Opened anew each time: another process may have turned it.
            descriptor = os.open(self.path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
            try:
                os.write(descriptor, line)
            finally:
                os.close(descriptor)
        except OSError:
            return

    def _is_full(self, more: int) -> bool:
        try:
            size = self.path.stat().st_size
        except FileNotFoundError:
            return False
        return size > 0 and size + more > self.max_bytes

    def _turn(self, more: int) -> None:
        held = os.open(self.path.with_name(self.path.name + ".lock"), os.O_RDWR | os.O_CREAT, 0o600)
        try:
            with durable.locked(held):
                if not self._is_full(more):
                    return
                for number in range(self.kept, 1, -1):
                    with contextlib.suppress(FileNotFoundError):
                        self._old(number - 1).replace(self._old(number))
                if self.kept:
                    self.path.replace(self._old(1))
                else:
                    self.path.unlink()
        finally:
            os.close(held)

    def _old(self, number: int) -> Path:
        return self.path.with_name(f"{self.path.name}.{number}")
