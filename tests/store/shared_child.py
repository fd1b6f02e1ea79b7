"""What a server's start and a look do in a folder: `python -m tests.store.shared_child WHAT`; prints JSON.

WHAT: hold (take the folder, say so, wait for a line, end), look (as a process that may not write), second (take it
beside another, and do what a second server does).
"""

from __future__ import annotations

import json
import os
import sys
from typing import Any

from pipelines import jobs, settings, share
from pipelines.errors import UnusableInput
from pipelines.store import library, space, tenancy
from pipelines.store.reader import open_bundle
from pipelines.view import View


def say(**told: Any) -> None:
    sys.stdout.write(json.dumps(told) + "\n")
    sys.stdout.flush()


def refused(work: Any) -> str:
    try:
        work()
    except UnusableInput as error:
        return str(error)
    return ""


def look() -> dict[str, Any]:
    """Everything that only reads, and what is said of the rest."""
    infos = library.list_analyses()
    names, rows = [info.name for info in infos], [len(open_bundle(info.bundle).points) for info in infos if info.bundle]
    first = infos[0].id
    return {
        "names": names,
        "rows": rows,
        "views": [view.name for view in library.list_views(first)],
        "jobs": [job.spec["name"] for job in jobs.list_recent()],
        "links": len(share.list_links(first)),
        "read_only": space.is_read_only(),
        "role": tenancy.take().role,
        "refused": [
            refused(lambda: library.rename(first, "other")),
            refused(lambda: library.save_view(first, "new", View())),
            refused(lambda: library.create("new")),
            refused(lambda: jobs.submit({"name": "new"}, start=False)),
            refused(lambda: library.delete(first)),
        ],
    }


if __name__ == "__main__":
    if sys.argv[1] == "look":
        if len(sys.argv) > 2 and os.getuid() == 0:
            os.setgid(65534)
            os.setuid(65534)
        say(**look())
    else:
        tenant = tenancy.take()
        say(role=tenant.role, other=tenant.other, pid=os.getpid(), home=str(settings.home()))
        sys.stdin.readline()
