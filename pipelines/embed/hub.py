"""Where a model's folder is: given by its path, kept by the hub's client, or fetched after a probe of bounded length.

A hub model may name a revision, `<hub id>@<revision>`; what was used is the commit that the hub's client keeps.
"""

from __future__ import annotations

import os
import re
from pathlib import Path

from pipelines import settings
from pipelines.embed.deadline import within
from pipelines.embed.model_files import is_whole
from pipelines.embed.retry import TransientError
from pipelines.errors import N_, ProviderFailed, UnusableInput

_WANTED = ["*.safetensors", "*.json", "*.txt", "*.model"]
_UNWANTED = ["onnx/*", "openvino/*"]
"""What is fetched of a model, in folders within it too, and what is not."""
_REVISION = re.compile(r"[A-Za-z0-9][A-Za-z0-9._/-]*")


def hub_id(source: str) -> str:
    """A source without its revision; a folder stays what it is."""
    return split(source)[0]


def split(source: str) -> tuple[str, str | None]:
    """Hub id and revision of a source, None where it names none. A folder's name may hold an @ itself."""
    if "@" not in source or Path(source).expanduser().is_dir():
        return source, None
    model, _, revision = source.rpartition("@")
    if not _REVISION.fullmatch(revision) or ".." in revision:
        raise UnusableInput(
            N_("“{name}” names no revision after the @: give a branch, a tag or a commit."), name=source
        )
    return model, revision


def find_folder(source: str) -> Path:
    """The folder of a model: itself, the hub's copy on disk, or a fresh download.

    Raises UnusableInput (no folder, no hub id, no such model or revision), ProviderFailed (not here, and not fetched).
    """
    folder = Path(source).expanduser()
    if folder.is_dir():
        return folder.resolve()
    model, revision = check_name(source)
    return on_disk(source, revision) or _download(source, model, revision)


def check_name(source: str) -> tuple[str, str | None]:
    """Hub id and revision of a source that is no folder here; raises UnusableInput for what can be no hub id."""
    model, revision = split(source)
    if model.count("/") != 1 or model.startswith((".", "/", "~")):
        raise UnusableInput(
            N_("“{name}” is neither a folder nor a hub id such as intfloat/multilingual-e5-small."), name=source
        )
    return model, revision


def here(source: str) -> Path | None:
    """The folder of a model that needs no download; None for any other, and for what is no model."""
    folder = Path(source).expanduser()
    if folder.is_dir():
        return folder.resolve()
    try:
        return on_disk(*split(source)) if source.count("/") == 1 else None
    except UnusableInput:
        return None


def on_disk(source: str, revision: str | None) -> Path | None:
    """The hub's copy on disk of a model at a revision (None: `main`); None where there is no whole one."""
    from huggingface_hub import snapshot_download
    from huggingface_hub.errors import HFValidationError, IncompleteSnapshotError, LocalEntryNotFoundError

    try:
        # The same files as in a download: the client takes a folder that lacks one of them for a cut download.
        return Path(
            snapshot_download(
                hub_id(source),
                revision=revision,
                local_files_only=True,
                allow_patterns=_WANTED,
                ignore_patterns=_UNWANTED,
            )
        )
    except HFValidationError as error:
        raise UnusableInput(N_("“{name}” is no valid hub id."), name=source) from error
    except IncompleteSnapshotError as error:
        # Fetched by another program, which left out what this one does not need either.
        kept = Path(error.snapshot_path or "")
        return kept if is_whole(kept) else None
    except LocalEntryNotFoundError:
        return None


def commit_of(folder: Path) -> str:
    """The commit that the hub's client keeps in this folder; "" for any other folder."""
    return folder.name if folder.parent.name == "snapshots" else ""


def _download(source: str, model: str, revision: str | None) -> Path:
    """A model from the hub into its usual cache."""
    from huggingface_hub import snapshot_download
    from huggingface_hub.errors import GatedRepoError, RepositoryNotFoundError, RevisionNotFoundError

    if os.environ.get("HF_HUB_OFFLINE", "").upper() in ("1", "TRUE", "YES", "ON") or not _hub_answers():
        raise ProviderFailed(
            N_(
                "The model “{name}” is not on this computer and the hub does not answer. "
                "Give a folder, or use “bundled”."
            ),
            name=source,
        )
    try:
        return Path(snapshot_download(model, revision=revision, allow_patterns=_WANTED, ignore_patterns=_UNWANTED))
    except (RepositoryNotFoundError, GatedRepoError) as error:
        raise UnusableInput(N_("The hub has no model “{name}” that is open to you."), name=source) from error
    except RevisionNotFoundError as error:
        raise UnusableInput(
            N_("The hub's model “{name}” has no revision “{revision}”."), name=model, revision=revision
        ) from error
    except Exception as error:
        # A connection that breaks is told as the client's own HTTP library tells it, which is another in each version.
        raise ProviderFailed(
            N_("The model “{name}” did not download ({kind}). Run it again, or give a folder."),
            name=source,
            kind=type(error).__name__,
        ) from error


def _hub_answers() -> bool:
    import requests

    wait_s = settings.get_float("probe_timeout_s")
    try:
        # The time-out of `requests` covers no name look-up.
        within(wait_s, lambda: requests.head(os.environ.get("HF_ENDPOINT", "https://huggingface.co"), timeout=wait_s))
    except (requests.exceptions.RequestException, TransientError):
        return False
    return True
