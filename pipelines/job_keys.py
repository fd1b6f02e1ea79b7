"""Keys typed into a session, on their way to the job that needs them: in this process's memory alone, by job.

A job's spec names the variables (spec["keys"]), never their values. The process that was given the values hands them
to the job's worker through a pipe; whoever was not given them leaves the job alone. A key of the environment does not
stand in for one that was typed: it may belong to another account.
"""

from __future__ import annotations

import contextlib
import json
import threading
from collections.abc import Mapping
from typing import IO, Any

_held: dict[str, dict[str, str]] = {}
_lock = threading.Lock()


def named(spec: Mapping[str, Any]) -> tuple[str, ...]:
    """The variables whose typed keys a job needs."""
    return tuple(str(name) for name in spec.get("keys") or ())


def lacking(job_id: str, spec: Mapping[str, Any]) -> tuple[str, ...]:
    """Those of them that this process was not given for this job."""
    held = _held.get(job_id, {})
    return tuple(name for name in named(spec) if name not in held)


def hold(job_id: str, spec: Mapping[str, Any], keys: Mapping[str, str]) -> None:
    """Keep for a job those of `keys` that it names; earlier ones of the same name are replaced."""
    wanted = {name: keys[name].strip() for name in named(spec) if keys.get(name, "").strip()}
    if wanted:
        with _lock:
            # A new mapping each time: `forget` can tell it from the one that a finished worker had.
            _held[job_id] = {**_held.get(job_id, {}), **wanted}


def held(job_id: str) -> dict[str, str]:
    """The keys kept for a job, as an object of its own until `hold` is called again."""
    return _held.get(job_id, {})


def ids() -> set[str]:
    """The jobs for which this process keeps keys."""
    with _lock:
        return set(_held)


def forget(job_id: str, only: Mapping[str, str] | None = None) -> None:
    """Let go of a job's keys; with `only`, of no others than these very ones."""
    with _lock:
        if only is None or _held.get(job_id) is only:
            _held.pop(job_id, None)


def send(keys: Mapping[str, str], pipe: IO[bytes]) -> None:
    """Write keys into a worker's standard input and close it; a worker that is gone already is no fault here."""
    with contextlib.suppress(OSError):
        pipe.write(json.dumps(dict(keys)).encode("ascii"))
    with contextlib.suppress(OSError):
        pipe.close()


def receive(spec: Mapping[str, Any], pipe: IO[str]) -> dict[str, str]:
    """In the worker: the keys that its job names, out of its standard input; a job that names none reads nothing."""
    names = named(spec)
    if not names:
        return {}
    try:
        sent = json.loads(pipe.read())
    except ValueError:
        return {}
    return {name: str(sent[name]) for name in names if name in sent} if isinstance(sent, dict) else {}
