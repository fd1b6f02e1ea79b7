"""What this session is about to analyse: its files, and what the person corrected of the guesses.

It is kept beside the widgets, which forget what they hold as soon as another page is shown.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import streamlit as st

from pipelines.ingest import IngestOptions, Source

_KEY = "upload_now"


@dataclass
class Upload:
    """files: (path in the state folder, name that people know it by), in the order they were dropped.

    options: the corrections so far, none of them at first. worked: the last options that the files were read with.
    """

    files: tuple[tuple[str, str], ...]
    options: IngestOptions = field(default_factory=IngestOptions)
    worked: IngestOptions | None = None

    @property
    def sources(self) -> list[Source]:
        """The files as the reader takes them."""
        return [Source(Path(path), name) for path, name in self.files]

    @property
    def name(self) -> str:
        """The first file's name, and how many more there are."""
        first, more = self.files[0][1], len(self.files) - 1
        return f"{first} + {more}" if more else first

    @property
    def is_corrected(self) -> bool:
        """Whether any guess was overridden."""
        return self.options != IngestOptions()

    def chose(self, role: str) -> bool:
        """Whether the person said which column has this role."""
        return role in (self.options.roles or {})


def current() -> Upload | None:
    """The session's files; None when there are none, or they were swept meanwhile."""
    upload = st.session_state.get(_KEY)
    if not isinstance(upload, Upload):
        return None
    if not all(Path(path).exists() for path, _name in upload.files):
        forget()
        return None
    return upload


def is_kept() -> bool:
    """Whether the session has files that can be looked at again."""
    return current() is not None


def begin(files: Sequence[tuple[str, str]]) -> Upload:
    """Look at these files; corrections made to others are forgotten."""
    upload = current()
    if upload is None or upload.files != tuple(files):
        upload = Upload(tuple(files))
        st.session_state[_KEY] = upload
    return upload


def forget() -> None:
    """Let go of the files."""
    st.session_state.pop(_KEY, None)


def correct(**changes: str | bool | None) -> None:
    """Override guesses of how the files are read; columns that would be called otherwise lose their chosen role."""
    upload = current()
    if upload is None:
        return
    options: IngestOptions = replace(upload.options, **changes)  # type: ignore[arg-type]
    roles = dict(options.roles or {})
    if "delimiter" in changes or "sheet" in changes:
        roles = {}
    elif "encoding" in changes:
        roles = {role: name for role, name in roles.items() if name is None or name.isascii()}
    upload.options = replace(options, roles=roles or None)


def correct_role(role: str, column: str | None) -> None:
    """Say which column has a role (None: no column has it); a column has one role only."""
    upload = current()
    if upload is None:
        return
    roles = {r: name for r, name in (upload.options.roles or {}).items() if name is None or name != column}
    upload.options = replace(upload.options, roles={**roles, role: column})


def guess_role(role: str) -> None:
    """Leave a role to the guess again."""
    upload = current()
    if upload is not None:
        roles = {r: name for r, name in (upload.options.roles or {}).items() if r != role}
        upload.options = replace(upload.options, roles=roles or None)


def undo() -> None:
    """Go back to the last corrections with which the files could be read."""
    upload = current()
    if upload is not None:
        upload.options = upload.worked or IngestOptions()


def reset() -> None:
    """Forget all corrections."""
    upload = current()
    if upload is not None:
        upload.options = IngestOptions()
