"""Which column plays which role, guessed from its name and its values."""

from __future__ import annotations

import re
import statistics
from collections.abc import Mapping
from dataclasses import dataclass

from pipelines.errors import N_, UnusableInput
from pipelines.ingest import names
from pipelines.ingest.dates import parse_dates
from pipelines.ingest.values import is_missing, parse_ratings
from pipelines.types import ROLES, Roles, Table

_SAMPLE_ROWS = 1000
_DATE_SAMPLE = 200
_NUMBER = re.compile(r"[-+]?\d[\d,]*(?:\.\d+)?%?|[-+]?\.\d+|nan", re.I)
_LINK = re.compile(r"(?:https?://|www\.)\S+|[\w.+-]+@[\w-]+\.\w+", re.I)
_WIDE = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
_LEAST_TEXT_SCORE = 0.2
_LEAST_SCORE = 0.35
_TIE = 0.03
_SELF_EVIDENT_RATING = 0.6
_SELF_EVIDENT_DATE = 0.45


@dataclass(frozen=True)
class _Profile:
    """What a column's filled values are like, on a sample; shares are 0…1."""

    values: list[str]
    distinct: float
    length: float
    numeric: float
    prose: float
    link: float
    dated: float


def guess_roles(table: Table, chosen: Mapping[str, str | None] | None = None) -> Roles:
    """Guess every role of types.ROLES; `chosen` (role → column, None or "" for no such role) overrides the guess.

    Raises UnusableInput when a chosen column or role does not exist.
    """
    columns = [str(name) for name in table.frame.columns]
    found: dict[str, str | None] = dict.fromkeys(ROLES)
    confidence = dict.fromkeys(ROLES, 0.0)
    for role, name in (chosen or {}).items():
        if role not in ROLES:
            raise UnusableInput(
                N_("There is no role “{role}”; the roles are {roles}."), role=role, roles=", ".join(ROLES)
            )
        found[role] = _named_column(name, columns) if name else None
        confidence[role] = 1.0
    free = [name for name in columns if name not in found.values()]
    profiles = {name: _profile(table.frame[name].tolist()) for name in free}
    strengths = {name: _strengths(name, profiles[name]) for name in free}
    if len(columns) == 1 and free and "text" not in (chosen or {}):
        found["text"] = columns[0]
        confidence["text"] = max(0.1, round(_score("text", strengths[columns[0]], profiles[columns[0]], columns[0]), 2))
    for role in ROLES:
        if found[role] or (chosen and role in chosen):
            continue
        least = _LEAST_TEXT_SCORE if role == "text" else _LEAST_SCORE
        scores = {
            name: _score(role, strengths[name], profiles[name], name) for name in free if name not in found.values()
        }
        # Of columns as good as equal the first wins: a file's order is its author's idea of importance.
        highest = max(scores.values(), default=0.0)
        best = next((name for name in scores if scores[name] >= highest - _TIE), None)
        if best is not None and scores[best] >= least:
            found[role] = best
            runner_up = max((score for name, score in scores.items() if name != best), default=0.0)
            margin = 1.0 if runner_up < 0.75 * scores[best] else 0.75
            confidence[role] = round(min(1.0, scores[best]) * margin, 2)
    return Roles(found, confidence)


def _named_column(name: str, columns: list[str]) -> str:
    if name in columns:
        return name
    loose = [column for column in columns if column.strip().casefold() == name.strip().casefold()]
    if len(loose) == 1:
        return loose[0]
    raise UnusableInput(
        N_("There is no column “{column}”. The columns are: {columns}."), column=name, columns=", ".join(columns[:50])
    )


def _profile(column: list[str]) -> _Profile:
    filled = [value.strip() for value in column if value.strip() and not is_missing(value)]
    sample = filled[:: max(1, len(filled) // _SAMPLE_ROWS)][:_SAMPLE_ROWS]
    if not sample:
        return _Profile([], 0.0, 0.0, 0.0, 0.0, 0.0, 0.0)
    share = 1 / len(sample)
    numeric = sum(bool(_NUMBER.fullmatch(value)) for value in sample) * share
    few = sample[:: max(1, len(sample) // _DATE_SAMPLE)][:_DATE_SAMPLE]
    return _Profile(
        values=sample,
        distinct=len(set(sample)) * share,
        length=statistics.median(map(_weighted_length, sample)),
        numeric=numeric,
        prose=sum(_is_prose(value) for value in sample) * share,
        link=sum(bool(_LINK.fullmatch(value)) or value[0] in "[{" for value in sample) * share,
        dated=parse_dates(few).share if any(char.isdigit() for char in few[0]) else 0.0,
    )


def _weighted_length(text: str) -> int:
    """Characters, a Chinese, Japanese or Korean one as three: it says about as much."""
    return len(text) + 2 * len(_WIDE.findall(text[:200]))


def _is_prose(text: str) -> bool:
    return len(text.split()) >= 3 or len(_WIDE.findall(text[:100])) >= 4


def _strengths(name: str, profile: _Profile) -> dict[str, float]:
    """The name's strengths; a bare "name" is the reviewer's where values differ, the product's where they repeat."""
    strengths = names.strengths(name)
    if len(strengths) > 1:
        repeats = len(profile.values) >= 30 and profile.distinct < 0.3
        return {"item" if repeats else "user": 0.5}
    return strengths


def _score(role: str, strengths: Mapping[str, float], profile: _Profile, name: str) -> float:
    strength = strengths.get(role, 0.0)
    if not profile.values:
        return 0.5 * strength  # a header only, or an empty column: the name is all there is
    if role == "text":
        return _text_score(strength, strengths, profile)
    if role == "rating":
        return _rating_score(strength, profile)
    if role == "date":
        return _date_score(strength, profile, name)
    if strength == 0.0 or profile.link > 0.5:
        return 0.0
    if role in {"user", "item"}:
        return _name_score(role, strength, profile, name)
    if role == "language":
        return strength if profile.length <= 20 and profile.numeric < 0.1 else 0.0
    return strength if profile.numeric < 0.8 else 0.0


def _text_score(strength: float, strengths: Mapping[str, float], profile: _Profile) -> float:
    if profile.link > 0.5 or profile.dated > 0.8:
        return 0.0
    if profile.numeric > 0.8:
        return 0.5 * strength  # a person may well call a column of numbers "comment"
    length = min(1.0, profile.length / 60)
    value = 0.45 * profile.prose + 0.35 * length + 0.2 * profile.distinct
    elsewhere = max((other for role, other in strengths.items() if role != "text"), default=0.0)
    return 0.55 * strength + 0.45 * value * (1 - 0.3 * elsewhere)


def _rating_score(strength: float, profile: _Profile) -> float:
    parsed = parse_ratings(profile.values)
    if parsed.share < 0.8 or parsed.scale in {"binary", "polarity"}:
        return 0.0
    if parsed.scale in {"stars", "words"}:
        distinct = len(set(profile.values)) <= 11 or strength > 0
        return max(strength, _SELF_EVIDENT_RATING) if distinct and profile.length <= 60 else strength
    return strength


def _date_score(strength: float, profile: _Profile, name: str) -> float:
    if profile.dated < 0.8:
        return 0.0
    if strength == 0.0:
        # Bare digits can be anything; a written date cannot.
        return _SELF_EVIDENT_DATE * profile.dated if profile.numeric < 0.2 else 0.0
    exact_instant = 0.05 if "unix" in name.lower() or "timestamp" in name.lower() else 0.0
    return max(strength * profile.dated + exact_instant, _SELF_EVIDENT_DATE - 0.1 if profile.numeric < 0.2 else 0.0)


def _name_score(role: str, strength: float, profile: _Profile, name: str) -> float:
    decimals = sum("." in value for value in profile.values) > 0.5 * len(profile.values)
    if profile.length > 150 or (profile.numeric > 0.8 and decimals):
        return 0.0
    by_id = bool(re.search(r"(?:[_ .-]|(?<=[a-z]))(?:id|ID|Id)$|编号$", name))
    # A user's id tells people apart where names repeat; an item's name is what people read.
    preferred = by_id if role == "user" else not by_id
    return strength + (0.05 if preferred else 0.0)
