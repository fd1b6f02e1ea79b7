"""A Table and its roles to Reviews: text, rating, date, user, item, language, and which rows take part."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from pipelines.errors import N_, UnusableInput
from pipelines.ingest.meaning import names
from pipelines.ingest.meaning.date_words import offset_of
from pipelines.ingest.meaning.dates import parse_dates
from pipelines.ingest.meaning.default_praise import left_out_reason
from pipelines.ingest.meaning.joining import join_sentences, title_and_text
from pipelines.ingest.meaning.languages import languages_of
from pipelines.ingest.meaning.replies import split_reply
from pipelines.ingest.meaning.roles import DOUBTFUL, guess_roles, text_columns
from pipelines.ingest.meaning.scores import further_scores
from pipelines.ingest.meaning.values import is_missing, is_unrated, parse_by_file
from pipelines.ingest.options import IngestOptions, Source
from pipelines.ingest.stack import SOURCE_COLUMN
from pipelines.ingest.table import read_table
from pipelines.progress import Progress, silent
from pipelines.types import FloatArray, Reviews, Roles, Table, Warning_

_MAPPED_SCALES = frozenset(("0-5", "1-10", "0-10", "2.5-10", "0-100", "10-50"))
_SAMPLE_ROWS, _LEAST_DATED, _CLEARLY_NAMED = 1000, 0.8, 0.8
_MOST_FILES_TOLD = 5
_STEPS = 6
"""Parts that progress counts in understanding a table."""


def ingest(
    source: Path | bytes | Source | Sequence[Source], options: IngestOptions | None = None, progress: Progress = silent
) -> Reviews:
    """Read a file (or stack several), guess its roles and understand its reviews; `options` override every guess.

    Raises UnusableInput when the file is no table, or no column can be the text.
    """
    options = options or IngestOptions()
    table = read_table(source, options, progress)
    return to_reviews(table, guess_roles(table, options.roles), join_title=options.join_title)


def to_reviews(table: Table, roles: Roles, *, join_title: bool = False, progress: Progress = silent) -> Reviews:
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
    _warn_of_doubts(roles, warnings)
    joined = text_columns(table, roles)
    text = [cell.strip() for cell in table.frame[joined[0]].tolist()]
    if len(joined) > 1:
        text = [join_sentences([one, other]) for one, other in zip(text, table.frame[joined[1]].tolist(), strict=True)]
        told = {"one": joined[0], "other": joined[1]}
        warnings.append(
            Warning_(N_("“{one}” and “{other}” are halves of one review and were joined."), told, column=name)
        )
    progress("reading", 1, _STEPS)
    text, reply = _without_replies(text, name, warnings)
    title = roles.get("title")
    if title is not None and join_title:
        text = [title_and_text(one, other) for one, other in zip(table.frame[title].tolist(), text, strict=True)]
    progress("reading", 2, _STEPS)
    reason = list(map(left_out_reason, text))
    progress("reading", 3, _STEPS)
    _warn_of_text(name, text, reason, warnings)
    languages = languages_of(text, _strings(table, roles.get("language")))
    progress("reading", 4, _STEPS)
    rating = _ratings(table, roles, warnings)
    date = _dates(table, roles, _mostly_chinese(languages), warnings)
    progress("reading", 5, _STEPS)
    return Reviews(
        table=table,
        roles=roles,
        text=text,
        kept=np.array([not why for why in reason], dtype=np.bool_),
        reason=reason,
        rating=rating,
        date=date,
        user=_strings(table, roles.get("user")),
        item=_strings(table, roles.get("item")),
        language=languages,
        warnings=tuple(warnings),
        reply=reply,
        scores=further_scores(table, roles),
    )


def _without_replies(text: list[str], name: str, warnings: list[Warning_]) -> tuple[list[str], list[str] | None]:
    """Texts without a merchant's reply in the same cell, and the replies; None when no row has one."""
    replies = {}
    for row, cell in enumerate(text):
        review, reply = split_reply(cell)
        if reply:
            replies[row] = reply
            text[row] = review
    if replies:
        first = min(replies)
        template = N_("{count} merchant replies were split off from their reviews, the first in row {row}.")
        warnings.append(Warning_(template, {"count": len(replies), "row": first + 1}, row=first, column=name))
    return text, [replies.get(row, "") for row in range(len(text))] if replies else None


def _mostly_chinese(languages: list[str]) -> bool:
    counts = Counter(languages)
    return counts["zh"] > 0.5 * (len(languages) - counts["und"])


def _warn_of_doubts(roles: Roles, warnings: list[Warning_]) -> None:
    """Tell which guesses are hardly more than that, so that none is taken silently."""
    rating = roles.get("rating")
    if rating is not None and names.is_aspect(rating) and roles.confidence.get("rating", 1.0) < 1.0:
        template = N_("There is no overall score; “{column}” serves as the rating. Choose another if that is wrong.")
        warnings.append(Warning_(template, {"column": rating}, column=rating))
    templates = {
        "text": N_("“{column}” may not be the review text: choose another column if it is not."),
        "rating": N_("“{column}” may not be the rating: choose another column, or none, if it is not."),
        "date": N_("“{column}” may not be the date of the review: choose another column, or none, if it is not."),
    }
    for role, template in templates.items():
        column = roles.get(role)
        if column is None or roles.confidence.get(role, 1.0) >= DOUBTFUL:
            continue
        if role != "rating" or not names.is_aspect(column):
            warnings.append(Warning_(template, {"column": column}, column=column))


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


def _ratings(table: Table, roles: Roles, warnings: list[Warning_]) -> FloatArray | None:
    name = roles.get("rating")
    if (name is None or names.is_aspect(name)) and roles.confidence.get("rating", 0.0) < 1.0:
        _warn_of_unreadable_ratings(table, roles, warnings)
    if name is None:
        return None
    values = table.frame[name].tolist()
    source = next((column for column in reversed(table.frame.columns) if str(column).startswith(SOURCE_COLUMN)), None)
    files = table.frame[source].tolist() if source is not None else []
    parsed, scales = parse_by_file(values, files, names.scale(name))
    template = N_("{count} values of the rating column “{column}” are no rating, the first in row {row}.")
    _warn_of_unread(template, name, parsed.unread, warnings)
    if scales:
        told = "; ".join(f"{file}: {scale}" for file, scale in list(scales.items())[:_MOST_FILES_TOLD])
        told += " …" if len(scales) > _MOST_FILES_TOLD else ""
        template = N_("The files rate on different scales in “{column}” ({scales}); each was mapped to 1–5 on its own.")
        warnings.append(Warning_(template, {"column": name, "scales": told}, column=name))
    elif parsed.scale in _MAPPED_SCALES:
        values_of = {"column": name, "scale": parsed.scale}
        warnings.append(Warning_(N_("Ratings in “{column}” were mapped from {scale} to 1–5."), values_of, column=name))
    return parsed.ratings


def _warn_of_unreadable_ratings(table: Table, roles: Roles, warnings: list[Warning_]) -> None:
    """A column that is called a rating and was not taken because of its values would else be passed over in silence."""
    for name in _called("rating", table, roles):
        if names.is_aspect(name) or names.is_no_score(name):
            continue
        if any(value.strip() and not is_unrated(value) for value in table.frame[name].head(_SAMPLE_ROWS).tolist()):
            template = N_(
                "“{column}” is named like a rating, but its values are not on a scale of scores that is known, so it "
                "was not taken. Choose it as the rating if it is one."
            )
            warnings.append(Warning_(template, {"column": name}, column=name))
            return


def _dates(table: Table, roles: Roles, chinese: bool, warnings: list[Warning_]) -> NDArray[np.datetime64] | None:
    name = roles.get("date")
    if name is None:
        if roles.confidence.get("date", 0.0) < 1.0:
            _warn_of_unreadable_dates(table, roles, warnings)
        return None
    values = table.frame[name].tolist()
    parsed = parse_dates(values, chinese=chinese)
    template = N_("{count} values of the date column “{column}” are no date, the first in row {row}.")
    if parsed.relative:
        template = N_(
            "{count} dates in “{column}” were not read, the first in row {row}: a date without a year, or one such as "
            "“3 days ago”, names no day."
        )
    filled = np.array([bool(value.strip()) and not is_missing(value) for value in values], dtype=np.bool_)
    _warn_of_unread(template, name, np.isnat(parsed.dates) & filled, warnings)
    if not parsed.sure:
        template = N_("Dates in “{column}” were read as month/day/year; nothing in the file proves it.")
        if parsed.order == "dmy":
            template = N_("Dates in “{column}” were read as day/month/year; nothing in the file proves it.")
        elif parsed.order == "ymd":
            template = N_("Dates in “{column}” were read as year/month/day; nothing in the file proves it.")
        warnings.append(Warning_(template, {"column": name}, column=name))
    if parsed.zone:
        offset = offset_of(parsed.zone, chinese=chinese).total_seconds() / 3600
        told = {"column": name, "zone": parsed.zone, "offset": f"UTC{offset:+g}"}
        template = N_("Times in “{column}” name the zone {zone}, which has several meanings; it was read as {offset}.")
        warnings.append(Warning_(template, told, column=name))
    return parsed.dates


def _warn_of_unreadable_dates(table: Table, roles: Roles, warnings: list[Warning_]) -> None:
    """A column that is called a date and has none that can be read would else be passed over in silence."""
    for name in _called("date", table, roles):
        sample = [value for value in table.frame[name].head(_SAMPLE_ROWS).tolist() if value and not value.isspace()]
        sample = [value for value in sample if not is_missing(value)]
        parsed = parse_dates(sample)
        if not sample or parsed.share >= _LEAST_DATED:
            continue
        template = N_(
            "“{column}” is named like a date, but most of its values are none that can be read (a year alone or a "
            "number that a spreadsheet cut short names no day)."
        )
        if parsed.relative:
            template = N_(
                "“{column}” is named like a date, but most of its values name no day (no year, “3 days ago”)."
            )
        warnings.append(Warning_(template, {"column": name}, column=name))
        return


def _called(role: str, table: Table, roles: Roles) -> Iterator[str]:
    """Columns whose name points clearly to a role and that no role has taken, in file order."""
    taken = set(filter(None, roles.columns.values()))
    for name in map(str, table.frame.columns):
        if name not in taken and names.strengths(name).get(role, 0.0) >= _CLEARLY_NAMED:
            yield name


def _warn_of_unread(template: str, name: str, unread: NDArray[np.bool_], warnings: list[Warning_]) -> None:
    rows = np.flatnonzero(unread).tolist()
    if rows:
        told = {"count": len(rows), "column": name, "row": rows[0] + 1}
        warnings.append(Warning_(template, told, row=rows[0], column=name))


def _strings(table: Table, name: str | None) -> list[str] | None:
    return None if name is None else [value.strip() for value in table.frame[name].tolist()]
