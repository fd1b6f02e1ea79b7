"""The state folder: writable, with space, its databases sound and free, its documents as they were added."""

from __future__ import annotations

import contextlib
import os
import shlex
import shutil
import sqlite3
import stat

from pipelines import documents, settings
from pipelines.health.finding import BAD, GOOD, NOTE, Finding
from pipelines.store import catalog, durable, space, tenancy

LEAST_FREE_MB = 1024
DATABASES = ("catalog.db", "jobs.db", "vectors.db")
_PATIENCE_S = 2.0


def home(_port: int) -> list[Finding]:
    """Whether the folder can be written, by nobody else."""
    folder = settings.home()
    probe = durable.temp_beside(folder / "doctor")
    try:
        durable.write_file(probe, b"x")
    except OSError as error:
        reason = error.strerror or type(error).__name__
        return [
            Finding(
                "home",
                BAD,
                f"{folder} cannot be written ({reason})",
                f'chown -R "$(id -u)" {shlex.quote(str(folder))}, or set REVIEWSCAPE_HOME',
            )
        ]
    finally:
        with contextlib.suppress(OSError):
            probe.unlink(missing_ok=True)
    held = ", in use by a server" if tenancy.is_held(folder) else ""
    found = [Finding("home", GOOD, f"state folder {folder}, writable{held}")]
    if os.name == "posix" and stat.S_IMODE(folder.stat().st_mode) & 0o077:
        found.append(
            Finding("home", NOTE, f"others on this machine can read {folder}", _command("chmod", "700", folder))
        )
    return found


def disk(_port: int) -> list[Finding]:
    """Free space, and what the caches take."""
    folder = settings.home()
    free = shutil.disk_usage(folder).free // 2**20
    is_enough = free >= LEAST_FREE_MB
    caches = [folder / name for name in ("stages", "large", "vectors.db")]
    taken = sum(map(space.bytes_of, caches)) // 2**20
    says = f"{free:,} MB free for {folder} ({LEAST_FREE_MB:,} MB are wanted); caches: {taken:,} MB"
    fix = f"free space, or give up what only saves time: {_command('rm', '-rf', *caches)}"
    return [Finding("disk", GOOD if is_enough else BAD, says, "" if is_enough else fix)]


def databases(_port: int) -> list[Finding]:
    """Whether each opens, is whole, and is held by nobody."""
    found = []
    for name in DATABASES:
        path = settings.home() / name
        if not path.is_file():
            continue
        try:
            with contextlib.closing(sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True, timeout=_PATIENCE_S)) as db:
                # The cache has sums of its own, and can be large.
                said = "ok" if name == "vectors.db" else db.execute("PRAGMA quick_check(1)").fetchone()[0]
                db.execute("SELECT count(*) FROM sqlite_master").fetchone()
        except sqlite3.OperationalError as error:
            if "locked" not in str(error):
                # No damage: rights, or a read-only folder.
                found.append(
                    Finding("databases", NOTE, f"{name} cannot be read by this user here", _command("ls", "-l", path))
                )
                continue
            found.append(Finding("databases", NOTE, f"{name} is being written by another process", ""))
            continue
        except sqlite3.DatabaseError:
            said = "damaged"
        if said != "ok":
            found.append(
                Finding(
                    "databases",
                    BAD,
                    f"{name} is damaged",
                    f"{_command('mv', path, f'{path}.damaged')} (it is made anew)",
                )
            )
    return found or [Finding("databases", GOOD, "databases open and are whole")]


def _command(*parts: object) -> str:
    """A command that can be copied into a shell, whatever its paths hold."""
    return shlex.join(map(str, parts))


def documents_(_port: int) -> list[Finding]:
    """Whether the documents kept with the analyses are as they were added."""
    damaged = [
        f"{one}: {problem}"
        for one in catalog.analysis_ids()
        for problem in documents.find_problems(catalog.home() / one)
    ]
    if damaged:
        return [Finding("documents", BAD, f"documents of analyses: {'; '.join(damaged)}", "add those files again")]
    return [Finding("documents", GOOD, "documents of analyses: all as they were added")]
