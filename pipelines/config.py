"""What a person can choose for an analysis, one frozen record with the same defaults in dashboard and CLI."""

from __future__ import annotations

import shlex
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from typing import Literal, TypeVar, get_args

from pipelines.errors import N_, UnusableInput

T = TypeVar("T")
Unit = Literal["review", "sentence"]
Method = Literal["umap", "tsne", "pca"]
UNITS: tuple[Unit, ...] = get_args(Unit)
PROJECTIONS: tuple[Method, ...] = get_args(Method)
STAGES_WITH_SETTINGS = ("neighbors", "project", "cluster", "topics", "sentiment", "outliers")


@dataclass(frozen=True)
class AnalyzeConfig:
    """Choices of one analysis; every None means "chosen from the data".

    extra: further settings as "stage.field" → value, checked by the stage's own config (`--set cluster.resamples=0`).
    """

    embedder: str = "auto"
    dim: int | None = None
    unit: Unit = "review"
    projection: Method = "umap"
    min_cluster_size: int | None = None
    seed: int = 42
    draft: bool = False
    extra: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Raise UnusableInput for a value outside its set, naming the set."""
        for name, allowed in (("unit", UNITS), ("projection", PROJECTIONS)):
            value = getattr(self, name)
            if value not in allowed:
                raise UnusableInput(
                    N_("{name} cannot be “{value}”; choose one of: {allowed}."),
                    name=name,
                    value=value,
                    allowed=", ".join(allowed),
                )
        for name, least in (("min_cluster_size", 2), ("dim", 2)):
            value = getattr(self, name)
            if value is not None and value < least:
                raise UnusableInput(
                    N_("{name} must be at least {least}, not {value}."), name=name, least=least, value=value
                )

    def as_dict(self) -> dict[str, object]:
        """Plain values, for the manifest and for job specs."""
        return {**asdict(self), "extra": dict(self.extra)}

    @classmethod
    def from_dict(cls, values: Mapping[str, object]) -> AnalyzeConfig:
        """The inverse of as_dict; unknown names are refused."""
        known = {f.name for f in fields(cls)}
        unknown = sorted(set(values) - known)
        if unknown:
            raise UnusableInput(N_("Unknown setting “{name}”."), name=unknown[0])
        return cls(**dict(values))  # type: ignore[arg-type]

    def stage_config(self, stage: str, default: T) -> T:
        """`default` (a stage's frozen config) with the values that `extra` gives for it."""
        changes: dict[str, object] = {}
        known = {f.name: getattr(default, f.name) for f in fields(default)}  # type: ignore[arg-type]
        for key, raw in self.extra.items():
            prefix, _, name = key.partition(".")
            if prefix != stage:
                continue
            if name not in known:
                raise UnusableInput(
                    N_("“{key}” is no setting; {stage} has: {allowed}."), key=key, stage=stage, allowed=", ".join(known)
                )
            changes[name] = _parse(key, raw, known[name])
        try:
            return type(default)(**{**known, **changes})
        except ValueError as error:
            raise UnusableInput(N_("--set {stage}: {error}"), stage=stage, error=error) from error

    def as_command(self, source: str, roles: Mapping[str, str | None] | None = None) -> str:
        """The command line that makes the same analysis of `source`."""
        parts = ["python", "-m", "pipelines", "analyze", source]
        for role in ("text", "rating", "date", "user", "item", "title"):
            column = (roles or {}).get(role)
            if column:
                parts += [f"--{role}-column", column]
        default = AnalyzeConfig()
        for name in ("embedder", "dim", "unit", "projection", "min_cluster_size", "seed"):
            value = getattr(self, name)
            if value != getattr(default, name):
                parts += [f"--{name.replace('_', '-')}", str(value)]
        if self.draft:
            parts.append("--draft")
        for key, value in self.extra.items():
            parts += ["--set", f"{key}={value}"]
        return shlex.join(parts)


def _parse(key: str, raw: str, current: object) -> object:
    try:
        if isinstance(current, bool):
            return {"true": True, "1": True, "false": False, "0": False}[raw.lower()]
        if isinstance(current, int) or current is None:
            return float(raw) if "." in raw else int(raw)
        if isinstance(current, float):
            return float(raw)
    except (ValueError, KeyError):
        raise UnusableInput(N_("{key}={value} does not parse as a number or true/false."), key=key, value=raw) from None
    return raw
