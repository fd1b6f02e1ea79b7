"""Logs: one JSON object a line of times, ids, numbers and our own words; never review text, a key or a file's name.

What could carry such a thing is left out by construction rather than searched for: of an error its class, our own
template and the places in the code, never its message; of our own lines the text in the source, never what was filled
in; of a library's line its place alone. A value is written where it is a number or looks like an id.
"""

from __future__ import annotations

import contextlib
import json
import logging
import re
import sys
import threading
import traceback
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType

from pipelines import settings
from pipelines.errors import ReviewscapeError
from pipelines.store.log_file import SharedFile

FIELDS = frozenset(
    {
        *("job", "analysis", "bundle", "stage", "state", "kind", "seconds", "attempt", "running"),
        *("command", "code", "version", "python", "port", "count"),
    }
)
"""What an event may say beside its name; a test reads this table."""
_OURS = ("pipelines", "pages", "__main__", "app")
_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.:-]{0,63}", re.ASCII)
_FRAMES = 12
_CAUSES = 4
_context: dict[str, str] = {}


def event(
    log: logging.Logger,
    name: str,
    *,
    level: int = logging.INFO,
    error: BaseException | None = None,
    **fields: str | int | float | bool | None,
) -> None:
    """Log that something happened: `name` is ours ("job.ended"), each field one of FIELDS, its value a number or an id.

    A value that is neither is written as "?".
    """
    told = {key: _safe(value) for key, value in fields.items() if value is not None and key in FIELDS}
    log.log(level, name, extra={"reviewscape_event": name, "reviewscape_fields": told}, exc_info=error)


class JsonFormatter(logging.Formatter):
    """One line of JSON a record."""

    def format(self, record: logging.LogRecord) -> str:
        """The record as JSON, without anything that a person wrote."""
        entry: dict[str, object] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "event": getattr(record, "reviewscape_event", "log"),
            **_context,
            **getattr(record, "reviewscape_fields", {}),
        }
        if entry["event"] == "log":
            entry |= _plain_record(record)
        error = record.exc_info[1] if isinstance(record.exc_info, tuple) else None
        if error is not None:
            entry["error"] = told(error)
        return json.dumps(entry, ensure_ascii=True)


class _Terminal(logging.Handler):
    """Writes to what stderr is at the moment; a terminal that went away ends nothing."""

    def emit(self, record: logging.LogRecord) -> None:
        with contextlib.suppress(OSError, ValueError):
            sys.stderr.write(self.format(record) + "\n")


def told(error: BaseException) -> dict[str, object]:
    """An error without its message: its class, our template (where it is ours), its causes' classes, its places."""
    fields: dict[str, object] = {"class": type(error).__name__}
    if isinstance(error, ReviewscapeError):
        fields["template"] = error.template
    causes: list[str] = []
    cause = error.__cause__ or error.__context__
    while cause is not None and len(causes) < _CAUSES:
        causes.append(type(cause).__name__)
        cause = cause.__cause__ or cause.__context__
    if causes:
        fields["causes"] = causes
    return {**fields, "at": _places(error.__traceback__)}


def set_up(level: str | None = None, *, job: str = "") -> None:
    """Send this process's log to stderr and, where the setting says so, to a file; job: said in every line.

    level: of stderr; the file and, without it, stderr too have the setting's. Raises as settings.get does.
    """
    _context.clear()
    if job:
        _context["job"] = str(_safe(job))
    handlers: list[logging.Handler] = [_Terminal()]
    handlers[0].setLevel((level or str(settings.get("log_level"))).upper())
    path = str(settings.get("log_file"))
    if path:
        handlers.append(
            SharedFile(Path(path).expanduser(), settings.get_int("log_file_mb") * 2**20, settings.get_int("log_files"))
        )
        handlers[1].setLevel(str(settings.get("log_level")).upper())
    root = logging.getLogger()
    for old in [one for one in root.handlers if isinstance(one.formatter, JsonFormatter)]:
        root.removeHandler(old)
        old.close()
    for handler in handlers:
        handler.setFormatter(JsonFormatter())
        root.addHandler(handler)
    root.setLevel(min(handler.level for handler in handlers))
    _leave_messages_out()


def take_over() -> None:
    """Have the handlers of libraries that write to the terminal by themselves write JSON too."""
    for name in list(logging.root.manager.loggerDict):
        for handler in logging.getLogger(name).handlers:
            if isinstance(handler, logging.StreamHandler) and not isinstance(handler.formatter, JsonFormatter):
                handler.setFormatter(JsonFormatter())


def _leave_messages_out() -> None:
    """Tracebacks that others print, and warnings, carry no message either."""
    logging.setLogRecordFactory(_record)
    logging.captureWarnings(True)
    sys.excepthook = _uncaught
    sys.unraisablehook = lambda left: _uncaught(left.exc_type, left.exc_value, left.exc_traceback)
    threading.excepthook = lambda arguments: _uncaught(arguments.exc_type, arguments.exc_value, arguments.exc_traceback)


def _record(*arguments: object, **more: object) -> logging.LogRecord:
    record = logging.LogRecord(*arguments, **more)  # type: ignore[arg-type]
    if isinstance(record.exc_info, tuple) and record.exc_info[1] is not None:
        # A formatter that finds this writes it instead of the traceback with its message.
        record.exc_text = json.dumps(told(record.exc_info[1]))
    return record


def _uncaught(_kind: type[BaseException], error: BaseException | None, trace: TracebackType | None) -> None:
    if error is None or isinstance(error, SystemExit):
        return
    event(logging.getLogger(__name__), "process.failed", level=logging.ERROR, error=error.with_traceback(trace))


def _plain_record(record: logging.LogRecord) -> Mapping[str, object]:
    """Of our own lines the text in the source and the numbers in it, of others' the place."""
    said: dict[str, object] = {"logger": record.name, "at": f"{record.filename}:{record.lineno}"}
    arguments = record.args if isinstance(record.args, tuple) else ()
    # Where a library fills nothing in, its text may be made of anything.
    if isinstance(record.msg, str) and (record.name.split(".")[0] in _OURS or arguments):
        said["message"] = record.msg
    numbers = [one for one in arguments if isinstance(one, int | float)]
    if numbers:
        said["numbers"] = numbers
    return said


def _places(trace: TracebackType | None) -> list[str]:
    frames = traceback.extract_tb(trace, limit=-_FRAMES)
    return [f"{'/'.join(Path(frame.filename).parts[-2:])}:{frame.lineno} {frame.name}" for frame in frames]


def _safe(value: object) -> object:
    if isinstance(value, bool | int):
        return value
    if isinstance(value, float):
        return round(value, 3) if value == value and abs(value) != float("inf") else None
    return value if isinstance(value, str) and _ID.fullmatch(value) else "?"
