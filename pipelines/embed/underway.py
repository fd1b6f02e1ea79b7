"""Several questions to a provider under way at once: no answer is lost, and a wish to stop is heard meanwhile."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, wait
from itertools import islice
from typing import TypeVar

from pipelines.store import acting

Job = TypeVar("Job")
Answer = TypeVar("Answer")

LISTEN_EVERY_S = 0.5


def answered(
    jobs: Iterable[Job], ask: Callable[[Job], Answer], at_once: int, listen: Callable[[], object]
) -> Iterator[tuple[Job, Answer]]:
    """Each job with its answer as it comes, `at_once` of them under way; the first goes alone, for it teaches most.

    After the first error no job is begun; answers still under way are given out, since they may be paid for, and then
    it is raised. `listen` is called while nothing comes and may raise to stop: what is under way is then left behind.
    Jobs are drawn, and answers given, in the caller's thread.
    """
    waiting = iter(jobs)
    running: dict[Future[Answer], Job] = {}
    failure: Exception | None = None
    room = 1
    while True:
        if failure is None:
            for job in islice(waiting, room - len(running)):
                running[_start(ask, job)] = job
        if not running:
            break
        done = wait(running, timeout=LISTEN_EVERY_S, return_when=FIRST_COMPLETED).done
        if not done:
            listen()
        for future in [future for future in running if future in done]:
            job = running.pop(future)
            error = future.exception()
            if error is None:
                yield job, future.result()
            elif isinstance(error, Exception):
                failure = failure or error
            else:
                raise error
        room = at_once
    if failure is not None:
        raise failure


def _start(ask: Callable[[Job], Answer], job: Job) -> Future[Answer]:
    """Ask in a daemon thread of its own: the interpreter must not wait at its end for a silent server."""
    future: Future[Answer] = Future()

    def run() -> None:
        try:
            future.set_result(ask(job))
        except BaseException as error:  # noqa: BLE001  (raised again in the caller's thread)
            future.set_exception(error)

    threading.Thread(target=acting.carried(run), name="embedding", daemon=True).start()
    return future
