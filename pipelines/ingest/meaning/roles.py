"""Which column plays which role, guessed from its name and its values."""

from __future__ import annotations

import re
import statistics
from collections.abc import Mapping
from dataclasses import dataclass

from pipelines.errors import N_, UnusableInput
from pipelines.ingest.meaning import names
from pipelines.ingest.meaning.dates import parse_dates
from pipelines.ingest.meaning.scores import LEAST_SHARE
from pipelines.ingest.meaning.values import is_missing, parse_ratings
from pipelines.types import ROLES, Roles, Table

DOUBTFUL = 0.5
"""Confidence below which a guess is told to the person as a doubt."""

_SAMPLE_ROWS = 1000
_FEWEST_FILLED = 100
_DATE_SAMPLE = 200
_NUMBER = re.compile(r"[-+]?\d[\d,]*(?:\.\d+)?%?|[-+]?\.\d+|nan", re.I)
_LINK = re.compile(r"(?:https?://|www\.)\S+|[\w.+-]+@[\w-]+\.\w+", re.I)
_WIDE = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
_LEAST_TEXT_SCORE = 0.15
_LEAST_SCORE = 0.35
_TIE = 0.03
_SELF_EVIDENT_RATING = 0.6
_UNNAMED_RATING = 0.4
_ASPECT_RATING = 0.36
_POLARITY_RATING = 0.45
_SELF_EVIDENT_DATE = 0.45
_SECONDHAND = 0.6
_SURE_BY_VALUES = 0.75
_MOST_SURE = 0.99


@dataclass(frozen=True)
class _Profile:
    """What a column's filled values are like, on a sample; shares are 0…1."""

    values: list[str]
    filled: float
    distinct: float
    length: float
    numeric: float
    prose: float
    link: float
    dated: float


@dataclass(frozen=True)
class _Column:
    name: str
    strengths: Mapping[str, float]
    profile: _Profile
    named: bool
    """Whether the file names its columns."""


def guess_roles(table: Table, chosen: Mapping[str, str | None] | None = None) -> Roles:
    """Guess every role of types.ROLES; `chosen` (role → column, None or "" for no such role) overrides the guess.

    Confidence is 1 for what was chosen, below 1 for a guess: how well name and values fit the role, less where another
    column fits nearly as well. Of scores the overall one is the rating; where a file has only scores of aspects
    (service, 卫生) the first serves, with low confidence. Raises UnusableInput when a chosen column or role does not
    exist.
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
    free = [_column(table, name) for name in columns if name not in found.values()]
    for role in ROLES:
        if chosen and role in chosen:
            continue
        scores = {column.name: _score(role, column) for column in free if column.name not in found.values()}
        # Of columns as good as equal the first wins: a file's order is its author's idea of importance.
        highest = max(scores.values(), default=0.0)
        best = next((column for column in free if scores.get(column.name, -1.0) >= highest - _TIE), None)
        if best is None or scores[best.name] < _least(role, len(columns)):
            continue
        if role == "text" and names.side(best.name):
            # Of two halves of a review neither is the main one.
            best = next(column for column in free if column is best or _is_half(column, scores))
        found[role] = best.name
        confidence[role] = _confidence(role, best, scores)
    return Roles(found, confidence)


def text_columns(table: Table, roles: Roles) -> list[str]:
    """The columns that hold the review together, in file order: the text, and its other half where a file asks apart.

    Two halves (Positive_Review and Negative_Review, 优点 and 缺点) belong together unless a person chose the text.
    """
    text = roles.get("text")
    half = names.side(text) if text is not None and roles.confidence.get("text", 0.0) < 1.0 else None
    if text is None or half is None:
        return [] if text is None else [text]
    taken = {name for role, name in roles.columns.items() if role != "text"}
    others = (str(name) for name in table.frame.columns if str(name) not in taken)
    others = (name for name in others if names.side(name) not in {None, half})
    other = next((name for name in others if _is_written(_column(table, name).profile)), None)
    return [str(name) for name in table.frame.columns if str(name) in {text, other}]


def _is_half(column: _Column, scores: Mapping[str, float]) -> bool:
    return bool(names.side(column.name)) and column.name in scores and _is_written(column.profile)


def _is_written(profile: _Profile) -> bool:
    return profile.numeric < 0.5 and profile.prose >= 0.2


def _least(role: str, columns: int) -> float:
    """The lowest score that a column may have for a role; the only column there is must be the text."""
    if role == "text":
        return _LEAST_TEXT_SCORE if columns > 1 else 0.0
    return _LEAST_SCORE


def _confidence(role: str, best: _Column, scores: Mapping[str, float]) -> float:
    """0.1…0.99: the best column's score, less where a rival comes near."""
    score = base = min(scores[best.name], 1.0)
    side = names.side(best.name) if role == "text" else None
    rivals = (value for name, value in scores.items() if name != best.name and not (side and names.side(name)))
    lead = 1.0 - min(max(rivals, default=0.0) / score, 1.0) if score > 0 else 1.0
    if role == "text" and not names.is_secondhand(best.name):
        base = max(score, _SURE_BY_VALUES * _prose_value(best.profile))
    # Of two columns for a user or an item (id and name) either is right.
    floor = 0.75 if role in {"user", "item"} else 0.6
    return round(min(_MOST_SURE, max(0.1, base * (floor + (1 - floor) * min(1.0, 2 * lead)))), 2)


def _named_column(name: str, columns: list[str]) -> str:
    if name in columns:
        return name
    loose = [column for column in columns if column.strip().casefold() == name.strip().casefold()]
    if len(loose) == 1:
        return loose[0]
    raise UnusableInput(
        N_("There is no column “{column}”. The columns are: {columns}."), column=name, columns=", ".join(columns[:50])
    )


def _column(table: Table, name: str) -> _Column:
    series = table.frame[name]
    step = max(1, len(series) // (2 * _SAMPLE_ROWS))
    cells = series.iloc[::step].tolist()
    filled = _filled(cells)
    if len(filled) < _FEWEST_FILLED and step > 1:
        cells = series.tolist()  # a sparse column: the sample may have missed its few values
        filled = _filled(cells)
    profile = _profile(filled, len(filled) / max(1, len(cells)))
    strengths = names.strengths(name)
    if len(strengths) > 1:
        # A bare "name" is the reviewer's where values differ, the product's where they repeat.
        repeats = len(profile.values) >= 30 and profile.distinct < 0.3
        strengths = {"item" if repeats else "user": 0.5}
    return _Column(name, strengths, profile, table.header)


def _filled(column: list[str]) -> list[str]:
    return [value.strip() for value in column if value and not value.isspace() and not is_missing(value)]


def _profile(filled: list[str], share_filled: float) -> _Profile:
    sample = filled[:: max(1, len(filled) // _SAMPLE_ROWS)][:_SAMPLE_ROWS]
    if not sample:
        return _Profile([], 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0)
    share = 1 / len(sample)
    few = sample[:: max(1, len(sample) // _DATE_SAMPLE)][:_DATE_SAMPLE]
    datelike = any(char.isdigit() or char == "年" for value in few[:5] for char in value[:40])
    return _Profile(
        values=sample,
        filled=share_filled,
        distinct=len(set(sample)) * share,
        length=statistics.median(map(_weighted_length, sample)),
        numeric=sum(bool(_NUMBER.fullmatch(value)) for value in sample) * share,
        prose=sum(_is_prose(value) for value in sample) * share,
        link=sum(bool(_LINK.fullmatch(value)) or value[0] in "[{" for value in sample) * share,
        dated=parse_dates(few).share if datelike else 0.0,
    )


def _weighted_length(text: str) -> int:
    """Characters, a Chinese, Japanese or Korean one as three: it says about as much."""
    return len(text) + 2 * len(_WIDE.findall(text[:200]))


def _is_prose(text: str) -> bool:
    return len(text.split(None, 3)) >= 3 or len(_WIDE.findall(text[:100])) >= 4


def _score(role: str, column: _Column) -> float:
    strength, profile = column.strengths.get(role, 0.0), column.profile
    if not profile.values:
        return 0.5 * strength  # a header only, or an empty column: the name is all there is
    if role == "text":
        return _text_score(strength, column)
    if role == "rating":
        return _rating_score(strength, column)
    if role == "date":
        return _date_score(strength, profile, column.name)
    if strength == 0.0 or profile.link > 0.5:
        return 0.0
    if role in {"user", "item"}:
        return _name_score(role, strength, profile, column.name)
    if role == "language":
        return strength if profile.length <= 20 and profile.numeric < 0.1 else 0.0
    return strength if profile.numeric < 0.8 else 0.0


def _text_score(strength: float, column: _Column) -> float:
    profile = column.profile
    if profile.link > 0.5 or profile.dated > 0.8:
        return 0.0
    if profile.numeric > 0.8:
        return 0.5 * strength  # a person may well call a column of numbers "comment"
    elsewhere = {role: other for role, other in column.strengths.items() if role != "text"}
    less = max((other * (0.3 if role == "title" else 0.5) for role, other in elsewhere.items()), default=0.0)
    score = 0.55 * strength + 0.45 * _prose_value(profile) * (1 - min(less, 0.5)) * (0.7 + 0.3 * profile.filled)
    return score * (_SECONDHAND if names.is_secondhand(column.name) else 1.0)


def _prose_value(profile: _Profile) -> float:
    """How much a column's values look like what people write, 0…1."""
    if profile.numeric > 0.8:
        return 0.0
    return 0.45 * profile.prose + 0.35 * min(1.0, profile.length / 60) + 0.2 * profile.distinct


def _rating_score(strength: float, column: _Column) -> float:
    profile = column.profile
    parsed = parse_ratings(profile.values, names.scale(column.name))
    if parsed.share < LEAST_SHARE or parsed.scale == "binary":
        return 0.0
    if parsed.scale == "polarity":
        # Thumbs up, 不推荐, negative: a rating only where the column is called one, and told as a doubt.
        return _POLARITY_RATING * strength if strength >= 0.8 else 0.0
    few = len(set(profile.values)) <= 11
    if not column.named and few and set(profile.values) <= set("12345") and len(set(profile.values)) >= 4:
        return _UNNAMED_RATING if len(profile.values) >= 20 else 0.0
    if names.is_aspect(column.name):
        return _ASPECT_RATING + (strength - names.DOUBTFUL) if parsed.scale != "0-100" else 0.0
    if parsed.scale in {"stars", "words"}:
        return max(strength, _SELF_EVIDENT_RATING) if few and profile.length <= 60 else strength
    return strength


def _date_score(strength: float, profile: _Profile, name: str) -> float:
    if profile.dated < 0.8 or "version" in name.lower() or "版本" in name:
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
    if names.is_aspect(name) and parse_ratings(profile.values).share >= LEAST_SHARE:
        return 0.0  # a column "location" of scores is no place
    by_id = bool(re.search(r"(?:[_ .-]|(?<=[a-z]))(?:id|ID|Id)$|编号$", name))
    # A user's id tells people apart where names repeat; an item's name is what people read.
    preferred = by_id if role == "user" else not by_id
    return strength + (0.05 if preferred else 0.0)
