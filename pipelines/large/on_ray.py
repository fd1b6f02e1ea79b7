"""Parts done by actors of a Ray cluster, or of one started on this machine's cores and shut down at the end.

RAY_ADDRESS names a cluster; its machines have to see the cache folder under the same path, and run the same version.
An actor that dies is started again and its part given to another: what it had embedded is in the cache, parts that are
finished stay. Ray keeps its files under the system's folder for temporary ones, starts no dashboard, reports nothing
to anyone and prints nothing to stdout; a line of its C++ part on stderr is not to be turned off.
"""

from __future__ import annotations

import contextlib
import importlib.util
import itertools
import json
import logging
import os
import queue
import secrets
import shutil
import signal
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from pipelines import processes, settings
from pipelines.embed import hardware
from pipelines.errors import N_, ReviewscapeError, UnusableInput
from pipelines.large.work import Done, Work
from pipelines.progress import Progress

PACKAGE = "ray[data]==2.60.0"
_ACTOR_CPUS = 0.5
"""Of a core, as Ray counts: with whole ones two actors take both of two cores, and what hands out the parts gets none
and waits for ever."""
_STORE_BYTES = 128 * 2**20
"""Only part numbers go through Ray's object store: texts and vectors lie in files."""
_POLL_S = 0.2
_MOST_CHARS = 22
_PREFIX = "rs-ray-"
_ROOT = Path(__file__).resolve().parents[2]
_QUIET = {
    "RAY_USAGE_STATS_ENABLED": "0",
    "RAY_USAGE_STATS_PROMPT_ENABLED": "0",
    "RAY_DATA_DISABLE_PROGRESS_BARS": "1",
    "RAY_DEDUP_LOGS": "0",
    "RAY_ACCEL_ENV_VAR_OVERRIDE_ON_ZERO": "0",
}


def check_installed() -> None:
    """Raise UnusableInput, with the command that installs it, where Ray Data is missing."""
    if importlib.util.find_spec("ray") is None:
        raise UnusableInput(
            N_("--engine ray needs Ray Data, which is not installed: run `pip install '{package}'`."), package=PACKAGE
        )


def run(work: Work, parts: Sequence[int], progress: Progress, hear: Callable[[Done], None]) -> None:
    """Do the parts of a work; `hear` is told of each. Raises as the work does, and Cancelled, the actors ended."""
    if not parts:
        return
    count, done = work.made.count, itertools.count(work.made.count - len(parts))
    latest = next(done)

    def tick() -> None:
        progress(work.stage, latest, count)

    tick()
    with _cluster() as workers:
        for answer in _answers(work, parts, min(workers, len(parts)), tick):
            if "error" in answer:
                raise _raised(answer)
            hear(Done(**answer))
            latest = next(done)
            tick()


def _answers(work: Work, parts: Sequence[int], workers: int, tick: Callable[[], None]) -> Iterator[dict[str, Any]]:
    """What the actors say of each part, as it comes; meanwhile `tick` is called, which raises to stop."""
    said: queue.SimpleQueue[dict[str, Any] | BaseException | None] = queue.SimpleQueue()

    def listen() -> None:
        try:
            for row in _dataset(work, parts, workers).iter_rows():
                said.put(json.loads(row["answer"]))
            said.put(None)
        except BaseException as error:  # noqa: BLE001  (it is raised again in the thread that asked)
            said.put(error)

    threading.Thread(target=listen, daemon=True).start()
    while True:
        try:
            answer = said.get(timeout=_POLL_S)
        except queue.Empty:
            tick()
            continue
        if answer is None:
            return
        if isinstance(answer, BaseException):
            raise ReviewscapeError(
                N_("Ray gave up ({kind}). Parts that were done are kept: run it again, or without --engine."),
                kind=type(answer).__name__,
            ) from answer
        yield answer


def _dataset(work: Work, parts: Sequence[int], workers: int) -> Any:
    import ray

    # A block for each part: one that is lost is done again alone.
    asked = ray.data.from_items([{"part": int(part)} for part in parts], override_num_blocks=len(parts))
    return asked.map_batches(
        _Actor,
        fn_constructor_args=(work,),
        batch_size=1,
        batch_format="numpy",
        compute=ray.data.ActorPoolStrategy(size=workers, max_tasks_in_flight_per_actor=1),
        num_cpus=_ACTOR_CPUS,
    )


class _Actor:
    """Does parts of a work; a fault of the input is an answer, so that it is not tried again."""

    def __init__(self, work: Work) -> None:
        self._work = work
        self._do: Callable[[int], Done] | None = None

    def __call__(self, batch: dict[str, Any]) -> dict[str, Any]:
        return {"answer": [self._answer(int(part)) for part in batch["part"]]}

    def _answer(self, part: int) -> str:
        try:
            if self._do is None:
                self._do = self._work.opened()
            return json.dumps(asdict(self._do(part)))
        except ReviewscapeError as error:
            values = {
                name: value if isinstance(value, int | float) else str(value) for name, value in error.values.items()
            }
            return json.dumps({"error": error.template, "values": values, "kind": type(error).__name__})


def _raised(answer: dict[str, Any]) -> ReviewscapeError:
    from pipelines import errors

    return getattr(errors, answer["kind"], ReviewscapeError)(answer["error"], **answer["values"])


@contextlib.contextmanager
def _cluster() -> Iterator[int]:
    """A cluster that is there (RAY_ADDRESS), or one on this machine's cores; how many actors it takes."""
    check_installed()
    address = os.environ.get("RAY_ADDRESS")
    for name, value in _QUIET.items():
        os.environ.setdefault(name, value)
    if not address:
        # Other people of this machine stay out of our cluster; without this Ray keeps a key in the home folder.
        os.environ.setdefault("RAY_AUTH_TOKEN", secrets.token_hex(32))
    import ray
    import ray.data

    # Only now: importing it sets these.
    for name in ("ray", "ray.data"):
        logging.getLogger(name).setLevel(logging.CRITICAL)
    folder: Path | None = None
    on_stop = {number: signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGINT)}
    quiet: dict[str, Any] = {"configure_logging": False, "logging_level": logging.CRITICAL, "log_to_driver": False}
    environment: dict[str, Any] = {"env_vars": {"PYTHONPATH": os.pathsep.join([str(_ROOT), *filter(None, sys.path)])}}
    try:
        if address:
            ray.init(address=address, runtime_env=environment, **quiet)
        else:
            folder = _short_folder()
            ray.init(
                num_cpus=settings.get_int("threads") or hardware.real_cores(),
                include_dashboard=False,
                object_store_memory=_STORE_BYTES,
                _temp_dir=str(folder),
                runtime_env=environment,
                **quiet,
            )
        if threading.current_thread() is threading.main_thread():
            # Ray would end the process itself, with an exit code of its own.
            for number, handler in on_stop.items():
                signal.signal(number, handler)
        context = ray.data.DataContext.get_current()
        context.enable_progress_bars = False
        context.print_on_execution_start = False
        yield max(1, int(ray.cluster_resources().get("CPU", 1)))
    finally:
        ray.shutdown()
        if folder is not None:
            shutil.rmtree(folder, ignore_errors=True)


def _short_folder() -> Path:
    """A new temporary folder; a socket's path may be 107 characters long, of which Ray's own part is 62.

    Those of runs that were killed, named by their process, are removed.
    """
    usual, short = tempfile.gettempdir(), "/tmp"  # noqa: S108  (mkdtemp makes a folder there that is ours alone)
    base = short if len(usual) > _MOST_CHARS and Path(short).is_dir() else usual
    for old in Path(base).glob(f"{_PREFIX}*-*"):
        pid = old.name.removeprefix(_PREFIX).partition("-")[0]
        if processes.can_tell() and pid.isdecimal() and not processes.started(int(pid)):
            shutil.rmtree(old, ignore_errors=True)
    return Path(tempfile.mkdtemp(prefix=f"{_PREFIX}{os.getpid()}-", dir=base))
