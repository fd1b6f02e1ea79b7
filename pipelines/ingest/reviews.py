"""A Table and its roles to Reviews: text, rating, date, user, item, language, and which rows take part."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from pipelines.errors import N_, UnusableInput
from pipelines.ingest.dates import parse_dates
from pipelines.ingest.options import IngestOptions, Source
from pipelines.ingest.roles import guess_roles
from pipelines.ingest.table import read_table
from pipelines.ingest.values import is_missing, parse_ratings
from pipelines.progress import Progress, silent
from pipelines.types import FloatArray, Reviews, Roles, Table, Warning_

_DEFAULT_PRAISE = re.compile(
    r"(?:好评)?(?:[此该本]?(?:用户|买家|顾客|客户|评价方|会员)(?:没有|未|没)(?:有)?(?:及时)?(?:(?:填写|作出|做出|写|发表)(?:文字)?(?:评价|评论|内容)*|评价|评论)"
    r"|(?:系统|用户|平台|自动)*默认(?:给出|为)?(?:好评|评价|五星好评)*|(?:\d+天内)?买家未作?出?评价"
    r"|\d+天内(?:买家|用户)?未(?:及时)?[作做]出?评价|系统自动(?:好评|评价))+(?:系统默认好评)?"
)
_EMOJI_LIKE = {"So", "Sk", "Co"}
_LANGUAGE_NAMES = {
    "zh": "chinese 中文 简体中文 汉语 mandarin cn",
    "en": "english 英文 英语",
    "ja": "japanese 日语 日本語 jp",
    "ko": "korean 韩语 kr",
    "ru": "russian",
    "ar": "arabic",
    "de": "german deutsch",
    "fr": "french français",
    "es": "spanish español",
    "it": "italian",
    "pt": "portuguese",
    "hi": "hindi",
    "id": "indonesian",
    "ms": "malay",
    "nl": "dutch",
    "tr": "turkish",
    "pl": "polish",
    "th": "thai",
    "vi": "vietnamese",
}
_LANGUAGES = {name: code for code, names in _LANGUAGE_NAMES.items() for name in names.split()}


def ingest(
    source: Path | bytes | Source | Sequence[Source], options: IngestOptions | None = None, progress: Progress = silent
) -> Reviews:
    """Read a file (or stack several), guess its roles and understand its reviews; `options` override every guess.

    Raises UnusableInput when the file is no table, or no column can be the text.
    """
    options = options or IngestOptions()
    table = read_table(source, options, progress)
    return to_reviews(table, guess_roles(table, options.roles), join_title=options.join_title)


def to_reviews(table: Table, roles: Roles, *, join_title: bool = False) -> Reviews:
    """Read the columns of the roles; every data row stays, `kept` and `reason` say which take part.

    Raises UnusableInput when no column has the role text.
    """
    name = roles.get("text")
    columns = ", ".join(str(column) for column in table.frame.columns[:50])
    if name is None or name not in table.frame.columns:
        raise UnusableInput(
            N_("No column looks like review text. The columns are: {columns}. Name one with --text-column."),
            columns=columns,
        )
    warnings = list(table.warnings)
    text = [str(value).strip() for value in table.frame[name].tolist()]
    reason = [left_out_reason(value) for value in text]
    _warn_of_text(name, text, reason, warnings)
    return Reviews(
        table=table,
        roles=roles,
        text=text,
        kept=np.array([not why for why in reason], dtype=np.bool_),
        reason=reason,
        rating=_ratings(table, roles.get("rating"), warnings),
        date=_dates(table, roles.get("date"), warnings),
        user=_strings(table, roles.get("user")),
        item=_strings(table, roles.get("item")),
        language=_languages(table, roles.get("language"), text),
        warnings=tuple(warnings),
    )


def left_out_reason(text: str) -> str:
    """Why a review cannot take part: empty, symbols (no letter, digit or emoji), default_praise; "" when it can."""
    if not text.strip() or is_missing(text):
        return "empty"
    if not any(char.isalnum() or unicodedata.category(char) in _EMOJI_LIKE for char in text):
        return "symbols"
    if len(text) <= 60 and _DEFAULT_PRAISE.fullmatch(re.sub(r"[\W_]+", "", text)):
        return "default_praise"
    return ""


def _warn_of_text(name: str, text: list[str], reason: list[str], warnings: list[Warning_]) -> None:
    kept = [value for value, why in zip(text, reason, strict=True) if not why]
    if not kept:
        template = (
            N_("Column “{column}” holds no usable text.") if text else N_("The file has a header but no reviews.")
        )
        warnings.append(Warning_(template, {"column": name}, column=name))
    elif sum(not any(char.isalpha() for char in value) for value in kept) > 0.9 * len(kept):
        template = N_("Column “{column}” holds numbers, hardly any words. Is another column the review text?")
        warnings.append(Warning_(template, {"column": name}, column=name))
    elif len(kept) > 1 and len(set(kept)) == 1:
        warnings.append(Warning_(N_("All reviews have the same text."), column=name))


def _ratings(table: Table, name: str | None, warnings: list[Warning_]) -> FloatArray | None:
    if name is None:
        return None
    values = table.frame[name].tolist()
    parsed = parse_ratings(values)
    _warn_of_share(
        N_("{count} values of the rating column “{column}” are no rating."), name, values, parsed.share, warnings
    )
    if parsed.scale in {"0-5", "1-10", "0-10", "0-100"}:
        values_of = {"column": name, "scale": parsed.scale}
        warnings.append(Warning_(N_("Ratings in “{column}” were mapped from {scale} to 1–5."), values_of, column=name))
    return parsed.ratings


def _dates(table: Table, name: str | None, warnings: list[Warning_]) -> NDArray[np.datetime64] | None:
    if name is None:
        return None
    values = table.frame[name].tolist()
    parsed = parse_dates(values)
    _warn_of_share(
        N_("{count} values of the date column “{column}” are no date."), name, values, parsed.share, warnings
    )
    if not parsed.sure:
        template = N_("Dates in “{column}” were read as month/day/year; nothing in the file proves it.")
        if parsed.order == "dmy":
            template = N_("Dates in “{column}” were read as day/month/year; nothing in the file proves it.")
        warnings.append(Warning_(template, {"column": name}, column=name))
    return parsed.dates


def _warn_of_share(template: str, name: str, values: list[str], share: float, warnings: list[Warning_]) -> None:
    filled = sum(bool(value.strip()) for value in values)
    unread = round(filled * (1 - share))
    if unread:
        warnings.append(Warning_(template, {"count": unread, "column": name}, column=name))


def _strings(table: Table, name: str | None) -> list[str] | None:
    return None if name is None else [str(value).strip() for value in table.frame[name].tolist()]


def _languages(table: Table, name: str | None, text: list[str]) -> list[str]:
    """Language code per row: as the file says where it is clear, else detected."""
    detect = _detector()
    known: dict[str, str] = {}
    said = table.frame[name].tolist() if name is not None else [""] * len(text)
    codes = []
    for value, label in zip(text, said, strict=True):
        if label not in known:
            known[label] = _language_code(label)
        codes.append(known[label] or (detect(value) if value else "und"))
    return codes


def _language_code(label: str) -> str:
    word = label.strip().casefold()
    if word in _LANGUAGES:
        return _LANGUAGES[word]
    code = re.split(r"[-_]", word)[0]
    return _LANGUAGES.get(code, code) if re.fullmatch(r"[a-z]{2}", code) else ""


def _detector() -> Callable[[str], str]:
    from pipelines.text import detect_language

    return detect_language
