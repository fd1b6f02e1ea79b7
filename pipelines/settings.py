"""All settings as one table: name, default, environment variable and help; code, README and a test share it."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

import platformdirs

from pipelines.errors import N_, UnusableInput


@dataclass(frozen=True)
class Setting:
    """One setting; the environment variable is REVIEWSCAPE_ and the name in capitals; least: no value is below it."""

    name: str
    default: str | int | float
    help: str
    least: float | None = None

    @property
    def variable(self) -> str:
        """The environment variable's name."""
        return f"REVIEWSCAPE_{self.name.upper()}"


SETTINGS: tuple[Setting, ...] = (
    Setting("home", "", "folder that holds all state (default: the user's data folder)"),
    Setting("max_file_mb", 200, "largest upload in the browser, in MB; the command line has no such limit", least=1),
    Setting("max_rows", 200_000, "most data rows of a file analysed from the browser", least=1),
    Setting("max_columns", 500, "most columns of a file", least=1),
    Setting("max_cell_chars", 100_000, "longest cell kept whole; longer ones are cut, with a warning", least=1),
    Setting("max_unpacked_mb", 1024, "largest size that a compressed file may unpack to, in MB", least=1),
    Setting("max_members", 100, "most files in an archive, or opened together", least=1),
    Setting("max_cells", 20_000_000, "most cells of a workbook's sheet, an HTML or a Parquet table", least=1),
    Setting("parse_timeout_s", 300.0, "longest time that reading one upload may take", least=0.01),
    Setting(
        "parse_memory_mb",
        3072,
        "most memory that reading one upload may take, in MB (where the system can hold it)",
        least=1,
    ),
    Setting("embed_max_tokens", 256, "longest text given to a local model, in tokens; the rest is cut off"),
    Setting("batch_tokens", 4096, "tokens in one batch of a local model"),
    Setting(
        "arithmetic",
        "auto",
        "how a local model computes: auto, bf16 or fp32 (by OpenVINO where it can), torch-bf16, torch-fp32, cuda-fp16",
    ),
    Setting("draft_first_s", 20, "seconds of embedding from which a draft is shown first (0: never)"),
    Setting("threads", 0, "processor threads of one analysis (0: all cores; real ones for local models)"),
    Setting("workers", 0, "analyses that run at once (0: one per core)"),
    Setting("job_memory_mb", 0, "most memory that one analysis may take, in MB (0: three quarters of the computer's)"),
    Setting("job_timeout_s", 86_400.0, "longest time that one analysis may take (0: no limit)"),
    Setting("probe_timeout_s", 3.0, "longest wait for a local model server to answer"),
    Setting(
        "provider_timeout_s", 60.0, "longest wait for one answer of an embedding provider (five times that for Ollama)"
    ),
    Setting("provider_budget_s", 60.0, "longest time spent retrying one request of an embedding provider"),
    Setting("embed_max_paid_tokens", 5_000_000, "most tokens that one run may send to a paid embedder (0: no limit)"),
    Setting("cache_max_mb", 2048, "largest size of the embedding cache, in MB"),
    Setting("stage_cache_mb", 1024, "largest size of the kept stage results, in MB"),
    Setting("max_pictures", 20_000, "most pictures read of one file", least=1),
    Setting("max_picture_mb", 20, "largest picture, in MB", least=1),
    Setting("max_picture_mpx", 64, "largest picture, in million pixels", least=1),
    Setting("picture_timeout_s", 20.0, "longest time that fetching one picture from the web may take", least=0.01),
    Setting("link_days", 7, "days a share link stays open"),
    Setting("undo_days", 7, "days a deleted analysis can be brought back"),
    Setting(
        "sign_in_days", 7.0, "days after which a person who signed in has to sign in again (at most 30)", least=0.01
    ),
    Setting("public_url", "", "address under which others reach this server, for share links"),
    Setting("key", "", "start-up key for the owner's pages when bound wider than this computer (default: made anew)"),
)
_BY_NAME = {setting.name: setting for setting in SETTINGS}


def get(name: str) -> str | int | float:
    """A setting's value: its environment variable, else its default; of the default's type.

    Raises UnusableInput when the variable does not parse or is below the least that makes sense, naming it.
    """
    setting = _BY_NAME[name]
    raw = os.environ.get(setting.variable, "")
    if not raw:
        return setting.default
    try:
        value = type(setting.default)(raw)
    except ValueError:
        raise UnusableInput(
            N_("{variable}={value} does not parse as {kind}. It is: {help}."),
            variable=setting.variable,
            value=raw,
            kind=type(setting.default).__name__,
            help=setting.help,
        ) from None
    if setting.least is not None and not float(value) >= setting.least:  # NaN is no limit either
        raise UnusableInput(
            N_("{variable}={value} is less than {least}. It is: {help}."),
            variable=setting.variable,
            value=raw,
            least=setting.least,
            help=setting.help,
        )
    return value


def get_int(name: str) -> int:
    """A whole-number setting."""
    return int(get(name))


def get_float(name: str) -> float:
    """A number setting."""
    return float(get(name))


def home() -> Path:
    """The folder of all state; made on first use."""
    configured = str(get("home"))
    path = (
        Path(configured).expanduser()
        if configured
        else Path(platformdirs.user_data_dir("reviewscape", appauthor=False))
    )
    try:
        if not path.is_dir():
            # Reviews are other people's words: nobody else on this machine reads them.
            path.mkdir(parents=True, exist_ok=True, mode=0o700)
    except OSError as error:
        raise UnusableInput(N_("The folder {path} cannot be used: {error}"), path=path, error=error.strerror) from error
    return path


def cache_dir(override: str | Path | None = None) -> Path:
    """The folder of the embedding cache and of kept stage results: `override`, else home."""
    path = Path(override).expanduser() if override else home()
    try:
        path.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise UnusableInput(N_("The folder {path} cannot be used: {error}"), path=path, error=error.strerror) from error
    return path
