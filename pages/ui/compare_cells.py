"""A grid's cells as they are drawn: their words, their colours, and what is said of one when it is pointed at."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from pages.ui.charts import escape
from pages.ui.i18n import _, n_
from pipelines import palette
from pipelines.compare import Grid

_PALE = 0.78
"""How far a cell of few reviews is drawn towards the page."""
_LEAST_SCALE = {"share": 0.05, "sentiment": 0.2, "rating": 0.3}
"""The colours' ends stand for at least so large a difference: noise is not painted as if it were much."""


def number(value: float, measure: str, *, signed: bool = False, places: int | None = None) -> str:
    """A value as a person reads it: a share in per cent, a mean with two decimals; "–" where there is none."""
    if not np.isfinite(value):
        return "–"
    places = _places(value, measure) if places is None else places
    scaled = round(float(value) * (100 if measure == "share" else 1), places) + 0.0
    sign = "+" if signed or measure == "sentiment" else ""
    # What is rounded to nothing has no direction.
    shown = f"±{0:.{places}f}" if sign and scaled == 0 else f"{scaled:{sign}.{places}f}".replace("-", "−")
    return shown if measure != "share" or signed else f"{shown}%"


def between(low: float, high: float, measure: str, *, signed: bool = False) -> str:
    """An interval, the unit once."""
    if not np.isfinite(low):
        return "–"
    places = _places(max(abs(low), abs(high)), measure)
    ends = [number(end, measure, signed=signed, places=places).removesuffix("%") for end in (low, high)]
    is_signed = signed or measure == "sentiment"
    return (" … " if is_signed else "–").join(ends) + ("%" if measure == "share" and not signed else "")


def _places(value: float, measure: str) -> int:
    """Decimals: per cents have one while they are small."""
    return 2 if measure != "share" else 1 if abs(value) < 0.0995 else 0


def mark(grid: Grid, s: int, t: int) -> str:
    """Which way a cell differs from the rest where it surely does; else ""."""
    if not grid.differs[s, t]:
        return ""
    return "▲" if grid.difference[s, t] > 0 else "▼"


def words(grid: Grid, s: int, t: int) -> str:
    """Two lines: the value and its difference to the rest; its interval and the number of reviews."""
    if not np.isfinite(grid.value[s, t]):
        return "–"
    difference = number(grid.difference[s, t], grid.measure, signed=True)
    value = number(grid.value[s, t], grid.measure)
    interval = between(grid.low[s, t], grid.high[s, t], grid.measure)
    return (
        f"<b>{value}</b>  {difference}{mark(grid, s, t)}<br>"
        f'<span style="font-size:10px">{interval} · n {_size(grid, s, t):,}</span>'
    )


def _size(grid: Grid, s: int, t: int) -> int:
    return int((grid.reviews if grid.measure == "share" else grid.n)[s, t])


def told(grid: Grid, s: int, t: int, segment: str, topic: str) -> str:
    """All that is known of a cell, for who points at it; names escaped."""
    lines = [f"<b>{escape(segment)}</b>", escape(topic), n_("{n} review", "{n} reviews", int(grid.reviews[s, t]))]
    if np.isfinite(grid.value[s, t]):
        lines.append(
            _("{value} here ({interval})").format(
                value=number(grid.value[s, t], grid.measure),
                interval=between(grid.low[s, t], grid.high[s, t], grid.measure),
            )
        )
    if np.isfinite(grid.difference[s, t]):
        lines.append(
            _("{value} elsewhere; difference {difference} ({interval})").format(
                value=number(grid.rest[s, t], grid.measure),
                difference=number(grid.difference[s, t], grid.measure, signed=True),
                interval=between(grid.difference_low[s, t], grid.difference_high[s, t], grid.measure, signed=True),
            )
        )
    lines.append(verdict(grid, s, t))
    return "<br>".join(lines)


def verdict(grid: Grid, s: int, t: int) -> str:
    """Whether a cell differs, in words, with its corrected p."""
    p = grid.corrected[s, t]
    if not np.isfinite(p):
        return _("too few reviews to say whether it differs")
    said = _("differs from the rest") if grid.differs[s, t] else _("no sure difference")
    return f"{said} ({p_value(p)})"


def p_value(p: float) -> str:
    """A p value as written in a sentence, small ones by their bound."""
    return f"p {p_figure(p)}" if p < 0.001 else f"p = {p_figure(p)}"


def p_figure(p: float) -> str:
    """A p value as written in a column of them."""
    return "< 0.001" if p < 0.001 else f"{p:.3f}"


def colours(grid: Grid, theme: palette.Theme) -> tuple[NDArray[np.str_], NDArray[np.str_]]:
    """(S, T) the colour of each cell, by its difference to the rest, and that of the words on it."""
    stops = palette.rgb(palette.DIVERGING[theme])
    page, dark_text = palette.rgb((palette.GREYS[theme]["page"], "#1b1d25"))
    difference = np.nan_to_num(grid.difference)
    sure = np.abs(difference[~grid.is_small])
    limit = max(float(sure.max(initial=0)), _LEAST_SCALE[grid.measure])
    place = (np.clip(difference / limit, -1, 1) + 1) / 2 * (len(stops) - 1)
    drawn = np.stack([np.interp(place, np.arange(len(stops)), stops[:, channel]) for channel in range(3)], axis=-1)
    drawn[grid.is_small] = _PALE * page + (1 - _PALE) * drawn[grid.is_small]
    # Whichever of the two has more contrast (WCAG 2 relative luminance).
    light = np.where(drawn <= 0.04045, drawn / 12.92, ((drawn + 0.055) / 1.055) ** 2.4) @ (0.2126, 0.7152, 0.0722)
    text = np.where(light > 0.179, _code(dark_text), "#ffffff")
    return np.apply_along_axis(_code, -1, drawn), text


def _code(colour: NDArray[np.float64]) -> str:
    return "#" + "".join(f"{round(float(channel) * 255):02x}" for channel in colour)


def wrapped(text: str, width: int, lines: int) -> str:
    """A label on at most so many lines of so many half-width columns (a Chinese character takes two), escaped."""
    parts = [""]
    for word in _pieces(text):
        if _width(parts[-1] + word.rstrip()) <= width:
            parts[-1] += word
        else:
            parts.append(word)
    parts = [part.strip(" ·") for part in parts if part.strip(" ·")]
    if len(parts) > lines:
        parts = [*parts[: lines - 1], parts[lines - 1].rstrip() + "…"]
    return "<br>".join(escape(part) for part in parts) or "–"


def _pieces(text: str) -> list[str]:
    """Where a line may break: after a space, and after each Chinese character; a long word is cut."""
    pieces: list[str] = []
    for char in " ".join(text.split()):
        if not pieces or pieces[-1][-1] == " " or _width(char) == 2 or _width(pieces[-1]) >= 14:
            pieces.append(char)
        else:
            pieces[-1] += char
    return pieces


def _width(text: str) -> int:
    from unicodedata import east_asian_width

    return sum(2 if east_asian_width(char) in "WF" else 1 for char in text)
