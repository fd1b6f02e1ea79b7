"""A trial of a model in a process of its own: it ends in time whatever hangs, and takes its memory with it.

`python -m pipelines.embed.trial_run NAME LANGUAGE SECONDS` reads the session's keys as JSON from its standard input and
writes one line of JSON: a trial, or what went wrong.
"""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import sys
import threading
import time
from dataclasses import asdict
from pathlib import Path
from typing import Literal

from pipelines import settings
from pipelines.embed import keys
from pipelines.embed.trial import ModelTest, test_model
from pipelines.errors import N_, ReviewscapeError
from pipelines.types import Warning_

LONGEST_S = 180.0
"""A model of a gigabyte loads from a slow disk in less, the first test of its arithmetic included."""

_ROOT = Path(__file__).resolve().parents[2]


class Trial:
    """A trial under way or done; `outcome` is None until it is. Told in `language` (en or zh)."""

    def __init__(self, name: str, language: str, *, timeout_s: float = LONGEST_S) -> None:
        self.name = name
        self._timeout_s = timeout_s
        self._started = time.monotonic()
        self._outcome: ModelTest | Warning_ | None = None
        paths = [str(_ROOT), *filter(None, [os.environ.get("PYTHONPATH")])]
        environment = {
            **keys.environment(),
            "REVIEWSCAPE_HOME": str(settings.home()),
            "PYTHONPATH": os.pathsep.join(paths),
        }
        self._process = subprocess.Popen(  # noqa: S603  (our own interpreter and module; the name is one argument)
            [sys.executable, "-m", "pipelines.embed.trial_run", name, language, str(timeout_s)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=environment,
            start_new_session=True,
        )
        assert self._process.stdin is not None
        # Not by the environment, which others of the same user can read and what it starts inherits.
        with contextlib.suppress(OSError), self._process.stdin as pipe:
            pipe.write(json.dumps(keys.current()).encode("ascii"))
        self._process.stdin = None

    @property
    def seconds(self) -> float:
        """Seconds since it began."""
        return time.monotonic() - self._started

    @property
    def outcome(self) -> ModelTest | Warning_ | None:
        """The figures, or in words why there are none; None while it is under way. Ends a trial whose time is over."""
        if self._outcome is None:
            if self._process.poll() is not None:
                self._outcome = self._read()
            elif self.seconds > self._timeout_s:
                self.stop()
        return self._outcome

    def stop(self) -> None:
        """End it now, if it has not ended."""
        if self._outcome is None:
            self._process.kill()
            self._process.communicate()
            self._outcome = _too_long(self.name, self._timeout_s)

    def _read(self) -> ModelTest | Warning_:
        told, _ = self._process.communicate()
        lines = told.decode("utf-8", "replace").splitlines()
        with contextlib.suppress(ValueError, TypeError, KeyError):
            answer = json.loads(lines[-1] if lines else "")
            return Warning_(**answer["error"]) if "error" in answer else _trial(answer)
        if self._process.returncode == _EXIT_TOO_LONG:
            return _too_long(self.name, self._timeout_s)
        # Not even an error of Python's: out of memory, as a rule.
        told_so = N_("“{name}” broke off (exit {code}): this computer may have too little memory for it.")
        return Warning_(told_so, {"name": self.name, "code": self._process.returncode})


def main(name: str, language: str, timeout_s: float) -> int:
    """The child's part: try the model and tell, within the time."""
    timer = threading.Timer(timeout_s, os._exit, [_EXIT_TOO_LONG])
    timer.daemon = True
    timer.start()
    from pipelines.embed.registry import resolve

    try:
        with keys.given(json.loads(sys.stdin.buffer.read())):
            answer = asdict(test_model(resolve(name).embedder, language))
    except ReviewscapeError as error:
        answer = {"error": {"template": error.template, "values": dict(error.values)}}
    except MemoryError:
        told = N_("“{name}” does not fit into this computer’s memory.")
        answer = {"error": {"template": told, "values": {"name": name}}}
    except Exception as error:  # noqa: BLE001  (libraries raise anything; the dashboard must hear of it in words)
        told = N_("“{name}” could not be tried ({kind}).")
        answer = {"error": {"template": told, "values": {"name": name, "kind": type(error).__name__}}}
    sys.stdout.write("\n" + json.dumps(answer, default=str) + "\n")
    return 0


_EXIT_TOO_LONG: Literal[75] = 75


def _too_long(name: str, timeout_s: float) -> Warning_:
    told = N_("“{name}” gave no answer within {seconds:.0f} seconds. It may be loading: try again, or choose another.")
    return Warning_(told, {"name": name, "seconds": timeout_s})


def _trial(answer: dict[str, object]) -> ModelTest:
    told = answer.pop("told")
    fields = {name: tuple(value) if isinstance(value, list) else value for name, value in answer.items()}
    return ModelTest(**fields, told=Warning_(**told))  # type: ignore[arg-type]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2], float(sys.argv[3])))
