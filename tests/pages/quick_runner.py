"""Stand-ins for the analysis of an uploaded file, run by real workers: they publish, refuse, or die first."""

from __future__ import annotations

import os
import signal

from pipelines import settings
from pipelines.errors import UnusableInput
from pipelines.store import library
from tests import sample_bundle


def publish(spec, progress):
    progress("embedding", 1, 2, rate=10.0)
    analysis = library.create(str(spec["name"]), analysis_id=spec["job_id"])
    return {"analysis_id": analysis, "bundle": library.publish(analysis, sample_bundle.parts(30)).path}


def refuse(spec, progress):
    progress("reading", 0, 1)
    raise UnusableInput("The column {column} is empty.", column="<b>review</b>")


def die_once(spec, progress):
    died = settings.home() / "died"
    progress("projection", 0, 2)
    if not died.exists():
        died.touch()
        os.kill(os.getpid(), signal.SIGKILL)
    return publish(spec, progress)
