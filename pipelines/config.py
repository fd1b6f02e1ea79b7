"""What a person can choose for an analysis, one frozen record with the same defaults in dashboard and CLI."""

from __future__ import annotations

import math
import shlex
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from typing import Literal, TypeVar, get_args

from pipelines.errors import N_, UnusableInput

T = TypeVar("T")
MOST_SEED = 2**31 - 1
Unit = Literal["review", "sentence"]
Method = Literal["umap", "tsne", "pca"]
UNITS: tuple[Unit, ...] = get_args(Unit)
PROJECTIONS: tuple[Method, ...] = get_args(Method)
Purpose = Literal["retrieval", "clustering", "classification"]
PURPOSES: tuple[Purpose, ...] = get_args(Purpose)
LOCAL, RAY = ENGINES = ("local", "ray")
"""What embeds and places the parts of a large file: this process, or a Ray cluster (or one on this machine's cores)."""


@dataclass(frozen=True)
class AnalyzeConfig:
    """Choices of one analysis; every None means "chosen from the data".

    purpose: what reviews are embedded for; other than retrieval puts an instruction before them, where a model takes
    one. query_prompt, document_prompt: what stands before a question and a review instead of the model's own prompts.
    x_column, y_column: columns of the file that hold the places on the 2D map; label_column: each review's topic; they
    stand in for the projection's 2D part and for the clusters. extra: further settings as "stage.field" → value,
    checked by the stage's own config (`--set cluster.resamples=0`).
    """

    embedder: str = "auto"
    dim: int | None = None
    unit: Unit = "review"
    projection: Method = "umap"
    min_cluster_size: int | None = None
    seed: int = 42
    draft: bool = False
    purpose: Purpose = "retrieval"
    query_prompt: str | None = None
    document_prompt: str | None = None
    x_column: str | None = None
    y_column: str | None = None
    label_column: str | None = None
    extra: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Raise UnusableInput for a value outside its set, naming the set."""
        for name, allowed in (("unit", UNITS), ("projection", PROJECTIONS), ("purpose", PURPOSES)):
            value = getattr(self, name)
            if value not in allowed:
                raise UnusableInput(
                    N_("{name} cannot be “{value}”; choose one of: {allowed}."),
                    name=name,
                    value=value,
                    allowed=", ".join(allowed),
                )
        if (self.x_column is None) != (self.y_column is None):
            raise UnusableInput(N_("A place on the map needs both columns: give x_column and y_column, or neither."))
        for name, least, most in (("min_cluster_size", 2, 10**9), ("dim", 2, 10**6), ("seed", 0, MOST_SEED)):
            value = getattr(self, name)
            if value is not None and not least <= value <= most:
                raise UnusableInput(
                    N_("{name} must be {least} to {most}, not {value}."), name=name, least=least, most=most, value=value
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
        except (TypeError, ValueError) as error:
            raise UnusableInput(N_("The settings of {stage} do not fit: {error}"), stage=stage, error=error) from error

    def as_command(
        self,
        source: str,
        roles: Mapping[str, str | None] | None = None,
        *,
        encoding: str | None = None,
        delimiter: str | None = None,
    ) -> str:
        """The command line that makes the same analysis of `source`, every guess about the file written out."""
        parts = ["python", "-m", "pipelines", "analyze", f"./{source}" if source.startswith("-") else source]
        parts += [f"--encoding={encoding}"] if encoding else []
        parts += [f"--delimiter={delimiter}"] if delimiter else []
        for role in ("text", "rating", "date", "user", "item", "title"):
            if roles is not None:
                # With the equals sign a name may begin with a dash; an empty one says that there is no such column.
                parts.append(f"--{role}-column={roles.get(role) or ''}")
        default = AnalyzeConfig()
        for name in ("embedder", "dim", "unit", "projection", "min_cluster_size", "seed", "purpose"):
            value = getattr(self, name)
            if value != getattr(default, name):
                parts += [f"--{name.replace('_', '-')}", str(value)]
        for name in ("query_prompt", "document_prompt", "x_column", "y_column", "label_column"):
            value = getattr(self, name)
            parts += [] if value is None else [f"--{name.replace('_', '-')}={value}"]
        if self.draft:
            parts.append("--draft")
        for key, value in self.extra.items():
            parts.append(f"--set={key}={value}")
        return shlex.join(parts)


def _parse(key: str, raw: str, current: object) -> object:
    try:
        if isinstance(current, bool):
            return {"true": True, "1": True, "false": False, "0": False}[raw.lower()]
        if isinstance(current, int):
            return int(raw)
        if isinstance(current, float) or current is None:
            value = float(raw)
            if not math.isfinite(value):
                raise ValueError
            return int(value) if current is None and value.is_integer() else value
    except (ValueError, KeyError):
        raise UnusableInput(N_("{key}={value} does not parse as a number or true/false."), key=key, value=raw) from None
    return raw
