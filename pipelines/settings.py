"""All settings as one table: name, default, environment variable and help; code, README and a test share it."""

from __future__ import annotations

import difflib
import os
from dataclasses import dataclass
from pathlib import Path

import platformdirs

from pipelines.errors import N_, UnusableInput


@dataclass(frozen=True)
class Setting:
    """One setting; the environment variable is REVIEWSCAPE_ and the name in capitals; least: no value is below it.

    one_of: no other value is taken. is_secret: its value is shown nowhere.
    """

    name: str
    default: str | int | float
    help: str
    least: float | None = None
    one_of: tuple[str, ...] = ()
    is_secret: bool = False

    @property
    def variable(self) -> str:
        """The environment variable's name."""
        return f"{PREFIX}{self.name.upper()}"


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
    Setting("embed_max_tokens", 256, "longest text given to a local model, in tokens; the rest is cut off", least=1),
    Setting("batch_tokens", 4096, "tokens in one batch of a local model", least=1),
    Setting(
        "arithmetic",
        "auto",
        "how a local model computes: auto, bf16 or fp32 (by OpenVINO where it can), torch-bf16, torch-fp32, cuda-fp16",
    ),
    Setting("draft_first_s", 20, "seconds of embedding from which a draft is shown first (0: never)", least=0),
    Setting("threads", 0, "processor threads of one analysis (0: all cores; real ones for local models)", least=0),
    Setting("workers", 0, "analyses that run at once (0: one per real core)", least=0),
    Setting(
        "job_memory_mb",
        0,
        "most memory of one analysis, in MB (0: three quarters of the computer's)",
        least=0,
    ),
    Setting("job_timeout_s", 86_400.0, "longest time that one analysis may take, in seconds (0: no limit)", least=0),
    Setting("probe_timeout_s", 3.0, "longest wait for a local model server to answer", least=0.01),
    Setting(
        "provider_timeout_s",
        60.0,
        "longest wait for one answer of an embedding provider (five times that for Ollama)",
        least=0.01,
    ),
    Setting("provider_budget_s", 60.0, "longest time spent retrying one request of an embedding provider", least=0),
    Setting(
        "embed_max_paid_tokens",
        5_000_000,
        "most tokens that one run may send to a paid embedder (0: no limit)",
        least=0,
    ),
    Setting("cache_max_mb", 2048, "largest size of the embedding cache, in MB", least=0),
    Setting("stage_cache_mb", 1024, "largest size of the kept stage results, in MB", least=0),
    Setting("max_pictures", 20_000, "most pictures read of one file", least=1),
    Setting("max_picture_mb", 20, "largest picture, in MB", least=1),
    Setting("max_picture_mpx", 64, "largest picture, in million pixels", least=1),
    Setting("picture_timeout_s", 20.0, "longest time that fetching one picture from the web may take", least=0.01),
    Setting("link_days", 7, "days a share link stays open", least=0),
    Setting("undo_days", 7, "days a deleted analysis can be brought back", least=0),
    Setting(
        "sign_in_days", 7.0, "days after which a person who signed in has to sign in again (at most 30)", least=0.01
    ),
    Setting("public_url", "", "address under which others reach this server, for share links"),
    Setting(
        "key",
        "",
        "start-up key for the owner's pages when bound wider than this computer (default: made anew)",
        is_secret=True,
    ),
    Setting("warm_up", 1, "whether the server makes models ready in the background when it starts (0: no)", least=0),
    Setting(
        "log_level",
        "info",
        "least level of what is logged: debug, info, warning or error",
        one_of=("debug", "info", "warning", "error"),
    ),
    Setting("log_file", "", "file that the server and its workers log to, beside the terminal; one JSON object a line"),
    Setting("log_file_mb", 10, "size at which a log file is put aside and a new one begun, in MB", least=1),
    Setting("log_files", 5, "log files put aside that are kept", least=0),
    Setting(
        "people_addresses",
        "",
        "hosts of this network whose model servers people who sign in may name, with commas between (public ones: any)",
    ),
)
OTHER_VARIABLES = ("REVIEWSCAPE_JOB_RUNNER",)
"""Variables of ours that are no settings: for tests."""
SECRET = "(set)"  # noqa: S105  (what is shown instead of one)
PREFIX = "REVIEWSCAPE_"
_BY_NAME = {setting.name: setting for setting in SETTINGS}


def get(name: str) -> str | int | float:
    """A setting's value: its environment variable, else its default; of the default's type.

    Raises UnusableInput when the variable does not parse, is below the least that makes sense or none of the values
    that it may have, naming it.
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
    if setting.one_of and value not in setting.one_of:
        raise UnusableInput(
            N_("{variable}={value} is none of: {allowed}."),
            variable=setting.variable,
            value=raw,
            allowed=", ".join(setting.one_of),
        )
    return value


@dataclass(frozen=True)
class Standing:
    """A setting as it stands: value as shown (a secret's is not), where it comes from, what is wrong with it."""

    setting: Setting
    value: str | int | float
    source: str
    problem: str


def standing() -> list[Standing]:
    """Every setting as this process would have it, in the table's order."""
    return [_standing(setting) for setting in SETTINGS]


def _standing(setting: Setting) -> Standing:
    is_set = bool(os.environ.get(setting.variable))
    try:
        value, problem = get(setting.name), ""
    except UnusableInput as error:
        value, problem = os.environ[setting.variable], str(error)
    if setting.is_secret:
        value, problem = SECRET if is_set else "", ""
    return Standing(setting, value, setting.variable if is_set else "default", problem)


def unknown() -> list[tuple[str, str]]:
    """Variables that begin as ours do and are none of ours, each with the nearest that is, "" where none is near."""
    known = [*(setting.variable for setting in SETTINGS), *OTHER_VARIABLES]
    found = sorted(name for name in os.environ if name.upper().startswith(PREFIX) and name not in known)
    return [(name, next(iter(difflib.get_close_matches(name.upper(), known, 1, 0.75)), "")) for name in found]


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
